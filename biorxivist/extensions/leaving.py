"""Leave soon when a run is asked to end."""

from typing import Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from biorxivist import signals

EVERY = 0.25
"""Seconds between two looks."""


class Leaving:
    """Tell the rest of a run that it is ending, by Ctrl-C, SIGTERM, a full disk or a setting.

    Scrapy tells only when all is over that waits, which may be an hour of delays.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.clock = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=scrapy_signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=scrapy_signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self.clock.start(EVERY, now=False)

    def look(self) -> None:
        """See whether Scrapy's engine takes nothing more."""
        slot = self.crawler.engine._slot
        if slot is not None and slot.closing is not None:
            self.clock.stop()
            self.crawler.signals.send_catch_log(signals.run_ends)

    def spider_closed(self) -> None:
        if self.clock.running:
            self.clock.stop()
