"""A spider that fetches what a crawl fetched, in the same order, and reads none of it."""

from scrapy import Spider


class FetchOnly(Spider):
    """`scrapy runspider fetch_only.py -a urls=FILE`: one request a line."""

    name = "fetch_only"

    def __init__(self, urls, **kwargs):
        super().__init__(**kwargs)
        with open(urls) as lines:
            self.start_urls = lines.read().split()

    def parse(self, response):
        pass
