"""Follow the crawl delay that the sites' robots.txt asks for."""

import logging
from typing import Self

from scrapy import Request
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)


class CrawlDelay:
    """Raise a host's delay to the one that its robots.txt asks for; it is never lowered."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=scrapy_signals.spider_opened)
        crawler.signals.connect(extension.robots_parsed, signal=scrapy_signals.robots_parsed)
        return extension

    def spider_opened(self) -> None:
        if not self.crawler.settings.getbool("ROBOTSTXT_OBEY"):
            logger.warning("robots.txt is not obeyed in this run, as ROBOTSTXT_OBEY=False asks; the delays stay")

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        settings = self.crawler.settings
        asked = robotparser.crawl_delay(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        host = request.meta["download_slot"]
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(host)
        kept = downloader.per_slot_settings.get(host, {})
        if not asked or asked <= kept.get("delay", settings.getfloat("DOWNLOAD_DELAY")):
            return
        logger.info("%s asks for %g s between requests", host, asked)
        if slot:
            slot.delay = max(slot.delay, asked)
        # an idle slot is thrown away after a minute and made anew from these
        downloader.per_slot_settings[host] = {"concurrency": 1, "jitter": 0, **kept, "delay": asked}
