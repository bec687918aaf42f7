"""Remember how far a listing came."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler

from biorxivist import signals
from biorxivist.errors import UserError
from biorxivist.items import Paper

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Read:
    """What `signals.listing_read` tells."""

    memory: Any
    digests: dict[str, str]
    reached: date | None


class Remember:
    """Note the papers that a listing delivers, and when everything is in its feed, how far it came.

    A paper that is delivered is noted by any run whose feed was written, so that the next one does not deliver it again; the day
    that was reached moves only when all that was listed was delivered.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.listings: dict[str, Read] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        for handler, signal in (
            (extension.listing_read, signals.listing_read),
            (extension.item_scraped, scrapy_signals.item_scraped),
            (extension.engine_stopped, scrapy_signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal=signal)
        return extension

    def listing_read(self, server: str, memory: Any, digests: dict[str, str], reached: date | None) -> None:
        if not self.crawler.settings.getdict("FEEDS"):
            logger.warning("Not remembered: this run of %s writes no feed, which -o FILE gives it", server)
            return
        self.listings[server] = Read(memory, digests, reached)

    def item_scraped(self, item: Paper) -> None:
        listing = self.listings.get(item.server)
        if listing and (digest := listing.digests.get(str(item))):
            settled = item.coverage == "full_text" or any(a.outcome == "unwanted" for a in item.attempts)
            listing.memory.take(str(item), item.posted, digest, settled)

    def engine_stopped(self) -> None:
        stats = self.crawler.stats.get_stats()
        if any(name.startswith("feedexport/failed_count") for name in stats):
            return
        for server, listing in self.listings.items():
            reached = listing.reached if all_delivered(stats) else None
            try:
                listing.memory.save(reached)
            except UserError as error:
                logger.error("cannot remember the listing of %s: %s", server, error)
            else:
                until = listing.memory.reached
                logger.info("Remembered: since=last of %s goes on from %s", server, until or "where this run began")


def all_delivered(stats: dict[str, Any]) -> bool:
    """Whether a run delivered all that it listed; what the API counts without listing it is no reason to read from the same day for ever."""
    missing = stats.get("biorxivist/papers/missing", 0) - stats.get("biorxivist/papers/missing/unlisted", 0)
    return stats.get("finish_reason") == "finished" and not missing and not stats.get("spider_exceptions/count")
