"""Scrapy's list of spiders, as `scrapy list`, Scrapyd and messages show it."""

from scrapy.spiderloader import SpiderLoader


class Offered(SpiderLoader):
    """Lists the spiders that people run; those that serve the program itself are loaded by name all the same."""

    def list(self) -> list[str]:
        return [name for name in super().list() if not getattr(self.load(name), "internal", False)]
