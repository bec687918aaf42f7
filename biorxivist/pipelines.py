"""What happens to a paper between its reader and the feed."""

import logging
from typing import Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from biorxivist.items import Paper
from biorxivist.text import clean_paper

logger = logging.getLogger(__name__)


class Clean:
    """Clean every string of a paper and make its text."""

    def process_item(self, item: Paper) -> Paper:
        return clean_paper(item)


class Check:
    """Drop what is not a paper; warn of a paper that lacks what every paper has. Both are counted by field."""

    required = ("doi", "server", "title")
    expected = ("version", "authors", "posted", "abstract", "url")

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Paper) -> Paper:
        paper = ItemAdapter(item)
        if lacking := [name for name in self.required if not paper.get(name)]:
            self.stats.inc_value(f"biorxivist/check/dropped/{lacking[0]}")
            raise DropItem(f"no paper without {' and '.join(lacking)}")
        for name in self.expected:
            if not paper.get(name):
                self.stats.inc_value(f"biorxivist/check/missing/{name}")
                logger.warning("%s has no %s", item, name)
        if "\ufffd" in paper["text"]:
            self.stats.inc_value("biorxivist/check/replaced_characters")
            logger.warning("%s has characters that its charset does not explain", item)
        if paper["coverage"] == "full_text" and not paper["references"]:
            self.stats.inc_value("biorxivist/check/missing/references")
        return item


class Unique:
    """Drop a version of a paper that this run has delivered."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()

    def process_item(self, item: Paper) -> Paper:
        paper = ItemAdapter(item)
        key = (paper["doi"], paper["version"])
        if key in self.seen:
            raise DropItem(f"{key[0]} version {key[1]} is in the feed already", log_level="INFO")
        self.seen.add(key)
        return item
