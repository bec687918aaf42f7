"""Bodies unpacked in full and within DOWNLOAD_MAXSIZE, or an outcome that says why not."""

import gzip
import zlib
from collections.abc import Callable

import brotli
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from biorxivist.exceptions import NotFetched

# Scrapy unpacks as much as it can of a body that is cut off or damaged; these raise an error
STRICT: dict[bytes, Callable[[bytes], bytes]] = {
    b"gzip": gzip.decompress,
    b"x-gzip": gzip.decompress,
    b"br": brotli.decompress,
}
DAMAGED = (OSError, EOFError, zlib.error, brotli.error)


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, which stops at DOWNLOAD_MAXSIZE; a damaged body is no document, and a crawl says so."""

    def process_request(self, request: Request) -> None:
        # what can be checked; only Scrapy's default names zstd and deflate
        request.headers.setdefault("Accept-Encoding", b"gzip, br")

    def process_response(self, request: Request, response: Response) -> Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest:
            fault = NotFetched("too_large", "unpacked, the document is larger than DOWNLOAD_MAXSIZE")
        except DAMAGED as error:
            fault = NotFetched("malformed", f"cannot be unpacked: {error}", response.status)
        # raised out here, it does not hold on to the frame in which 64 MB are unpacked
        raise fault

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        # bounded, so the second time is safe
        unpacked = HttpCompressionMiddleware._decode(body, encoding, max_size)
        if encoding in STRICT and body:
            STRICT[encoding](body)
        return unpacked
