"""Feeds that grow paper by paper and can be gone on with."""

import asyncio
import logging
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from biorxivist.items import Paper
from biorxivist.resume import Written

logger = logging.getLogger(__name__)


class Flushed:
    """Papers in the file as soon as they are scraped. Into a feed that exists go those that are new or have changed."""

    crawler: Crawler | None = None
    before = Written()
    ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        exporter = cls(*args, **kwargs)
        exporter.crawler = crawler
        return exporter

    @classmethod
    def mend(cls, path: Path, fields: list[str] | None = None) -> None:
        """Make a feed that exists ready to be gone on with; raises `UserError`."""
        raise NotImplementedError

    def write(self, item: Paper, content: bytes, write: Callable[[], Any]) -> None:
        """Write a paper, unless the feed has it with the same content."""
        if not self.before.needs(item, content):
            if self.crawler:
                self.crawler.stats.inc_value("biorxivist/feed/unchanged")
            return
        try:
            write()
        except OSError as error:
            if not self.crawler:
                raise
            self.stop(error)

    def stop(self, error: OSError) -> None:
        """End the crawl: what it delivers cannot be written."""
        if self.ending is None:
            logger.error(
                "cannot write the feed: %s. The crawl ends here; run the command again with -o", error.strerror
            )
            self.crawler.stats.inc_value("feedexport/failed_count/write")
            self.ending = asyncio.create_task(self.crawler.engine.close_spider_async(reason="feed_failed"))


def continued(file: BytesIO) -> Path | None:
    """The feed that is gone on with; None for a new one or one that cannot be read, such as standard output."""
    appended = str(getattr(file, "mode", "")).startswith("a") and not isinstance(file.name, int)
    return Path(os.fspath(file.name)) if appended and file.tell() else None
