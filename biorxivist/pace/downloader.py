"""Scrapy's downloader, which sends a request when it is this crawl's turn at the host."""

import asyncio
import logging
import sqlite3
from contextlib import suppress
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from biorxivist import signals
from biorxivist.errors import UserError
from biorxivist.exceptions import NotFetched
from biorxivist.pace.turns import Turns

logger = logging.getLogger(__name__)


class Paced(Downloader):
    """A downloader whose hosts are shared with the other crawls of the data folder. A host without a delay is shared with nobody.

    When the run ends, what waits is not sent.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        # within the slot's own delay and concurrency: what waits there can still be taken back
        self.handlers = InTurn(self.handlers, self)
        self.longest = self.settings.getfloat("RETRY_AFTER_MAX")
        self.turns: Turns | None = None
        self.unshared = False
        self.told: set[str] = set()
        self.ending = asyncio.Event()
        self.signals.connect(self.host_waits, signal=signals.host_waits)
        self.signals.connect(self.run_ends, signal=signals.run_ends)

    async def _enqueue_request(self, request: Request) -> Response:
        if self.ending.is_set():
            raise not_asked()
        return await super()._enqueue_request(request)

    def run_ends(self) -> None:
        """Take back all that waits, in whatever slot."""
        self.ending.set()
        for slot in self.slots.values():
            while slot.queue:
                _, result = slot.queue.popleft()
                result.errback(Failure(not_asked()))

    async def turn(self, request: Request) -> None:
        """Wait until a request may be sent; raises `NotFetched` for a host that wants to be left alone for long."""
        host, slot = self._get_slot(request)
        if not slot.delay or not self.shared():
            return
        try:
            while not await self.waited(host, slot.delay):
                pass
        except sqlite3.Error as error:
            self.alone(error)

    async def waited(self, host: str, delay: float) -> bool:
        """Wait for one turn; whether it may be used, or the host has asked another crawl to wait meanwhile."""
        held = self.turns.held(host)
        if held > self.longest:
            raise NotFetched("throttled", f"not asked: {host} has asked another crawl to wait {held:.0f} s more")
        wait = self.turns.take(host, delay)
        others = self.turns.others
        if others:
            self.tell(host, wait, held)
        began = monotonic()
        if wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), wait)
        if others:
            self.count(host, monotonic() - began)
        if self.ending.is_set():
            raise not_asked()
        return not self.turns.held(host)

    def tell(self, host: str, wait: float, held: float) -> None:
        """Say once for each host why nothing happens."""
        if host not in self.told:
            self.told.add(host)
            why = "has asked another crawl to wait" if held else "is asked by another crawl too, they take turns"
            logger.info("%s %s: next request there in %.0f s", host, why, wait)

    def count(self, host: str, seconds: float) -> None:
        """Take note of time that belonged to others."""
        self.crawler.stats.inc_value("biorxivist/pace/seconds", seconds)
        self.crawler.stats.inc_value(f"biorxivist/pace/seconds/{host}", seconds)

    def shared(self) -> bool:
        """Whether the pace can be shared."""
        if self.turns is None and not self.unshared:
            try:
                self.turns = Turns(self.settings["BIORXIVIST_DATA"])
            except (sqlite3.Error, OSError, UserError) as error:
                self.alone(error)
        return self.turns is not None

    def alone(self, error: Exception) -> None:
        """Go on at this crawl's own pace."""
        self.turns, self.unshared = None, True
        logger.warning("The pace is not shared with other crawls, which may ask at the same time: %s", error)

    def host_waits(self, host: str, seconds: float) -> None:
        """Let the other crawls wait as well."""
        if self.shared():
            try:
                self.turns.hold(host, seconds)
            except sqlite3.Error as error:
                self.alone(error)

    def close(self) -> None:
        super().close()
        if self.turns:
            self.turns.close()


def not_asked() -> NotFetched:
    """What becomes of a request that the end of the run comes before."""
    return NotFetched("not_asked", "not asked: the run ended before")


class InTurn:
    """Download handlers that are asked in turn."""

    def __init__(self, handlers: DownloadHandlers, downloader: Paced):
        self.handlers = handlers
        self.downloader = downloader

    async def download_request_async(self, request: Request) -> Response:
        """Wait for the turn, then download."""
        await self.downloader.turn(request)
        return await self.handlers.download_request_async(request)
