"""Scrapy's HTTP download handler, with an end to the headers that it takes."""

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web._newclient import Request as TwistedRequest
from twisted.web.iweb import IResponse

from biorxivist.exceptions import NotFetched

LONGEST = 64 * 1024
"""Bytes of all headers of an answer; the sites send less than 5 KB. Twisted bounds a single line alone."""


class HeadersTooLong(Exception):
    """An answer begins with more than a client should listen to."""


class BoundedParser(_LenientHTTPClientParser):
    """Reads an answer; raises `HeadersTooLong`."""

    MAX_LENGTH = LONGEST
    received = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        # interim answers (status 1xx) count as well: nothing bounds their number
        if self.state in (STATUS, HEADER):
            self.received += len(data)
        super().dataReceived(data)
        if self.received > LONGEST and self.state in (STATUS, HEADER):
            raise HeadersTooLong

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadersTooLong


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is broken off when headers do not end."""

    def request(self, request: TwistedRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        # as Scrapy puts its own parser there, since Twisted leaves no choice
        self._parser.__class__ = BoundedParser
        return answer

    def _giveUp(self, reason: Failure) -> None:  # noqa: N802
        if reason.check(HeadersTooLong):
            # a TLS connection that is closed politely waits for the other end to have sent all
            self.transport.abortConnection()
        super()._giveUp(reason)


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes the connections of a pool."""

    def buildProtocol(self, addr: IAddress | None) -> BoundedProtocol:  # noqa: N802
        return BoundedProtocol(self._quiescentCallback)


class Http(HTTP11DownloadHandler):
    """Scrapy's, which bounds bodies alone."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._pool._factory = BoundedFactory

    async def download_request(self, request: Request) -> Response:
        """Download; raises `NotFetched` for headers without end."""
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if any(reason.check(HeadersTooLong) for reason in getattr(error.__cause__, "reasons", ())):
                raise NotFetched("too_large", f"its headers have more than {LONGEST // 1024} KB") from None
            raise
