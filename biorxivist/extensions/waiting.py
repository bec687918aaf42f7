"""Measure for how long a host could have been asked and was left alone."""

from collections import defaultdict
from time import monotonic
from typing import Self

from scrapy import Request
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.http import Response


class Waiting:
    """Count the seconds in which a request waited for its turn at a host that was answering nothing else: `biorxivist/waited/HOST`."""

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats
        self.reached: dict[int, float] = {}
        self.free: defaultdict[str, float] = defaultdict(float)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.request_reached, signal=scrapy_signals.request_reached_downloader)
        crawler.signals.connect(extension.response_downloaded, signal=scrapy_signals.response_downloaded)
        crawler.signals.connect(extension.request_left, signal=scrapy_signals.request_left_downloader)
        return extension

    def request_reached(self, request: Request) -> None:
        self.reached[id(request)] = monotonic()

    def response_downloaded(self, response: Response, request: Request) -> None:
        host = request.meta["download_slot"]
        sent = monotonic() - request.meta.get("download_latency", 0)
        waited = sent - max(self.reached.get(id(request), sent), self.free[host])
        self.stats.inc_value(f"biorxivist/waited/{host}", max(0.0, waited))
        self.stats.inc_value(f"biorxivist/answers/{host}")

    def request_left(self, request: Request) -> None:
        self.reached.pop(id(request), None)
        self.free[request.meta["download_slot"]] = monotonic()
