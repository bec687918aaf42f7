"""What the papers of a run will cost."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

# what a paper costs at its site: its JATS, and for one in ten a page with its landing page as well
REQUESTS_A_PAPER = 1.2
# bytes of a paper over 124 recorded ones: its line in a JSON Lines feed, its documents in the archive
FEED, ARCHIVE = {True: 127_000, False: 6_200}, {True: 30_000, False: 2_000}


@dataclass(frozen=True, slots=True)
class Cost:
    """Time and disk, roughly."""

    seconds: float
    feed: int
    """Bytes of a JSON Lines feed."""
    archive: int
    """Bytes of the archive."""


def cost(settings: BaseSettings, papers: int, fulltext: bool, site: int, api: int) -> Cost:
    """What so many papers cost, if `site` texts are asked of the busiest site and `api` requests made to the API beside it."""
    seconds = max(
        site * delay(settings, "BIORXIV_URL", "MEDRXIV_URL") * REQUESTS_A_PAPER,
        api * delay(settings, "BIORXIV_API_URL"),
    )
    return Cost(seconds, papers * FEED[fulltext], papers * ARCHIVE[fulltext])


def delay(settings: BaseSettings, *hosts: str) -> float:
    """Seconds between two requests to a host, as far as is known before its robots.txt is read; of several hosts the longest."""
    slots = settings.getdict("DOWNLOAD_SLOTS")
    names = [urlsplit(settings[host]).netloc for host in hosts]
    return max(slots.get(name, {}).get("delay", settings.getfloat("DOWNLOAD_DELAY")) for name in names)
