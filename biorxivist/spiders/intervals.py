"""What a server posted in an interval, as the API lists it: a record for each version."""

import logging
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import chain

from biorxivist.feed import from_json, to_json
from biorxivist.items import Paper
from biorxivist.readers.record import Interval
from biorxivist.readers.strict import MalformedDocument

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)
# first postings of the servers
BEGAN = {"biorxiv": date(2013, 11, 1), "medrxiv": date(2019, 6, 1)}


class CategoryIgnored(Exception):
    """The API lists the whole server, whatever category was asked for. Raised by `Listing.read`."""


@dataclass(slots=True)
class Posting:
    """One version in a listing, its metadata packed: a year of both servers stands in memory before its first paper is asked for."""

    doi: str
    version: int
    server: str
    posted: str
    digest: str
    """Changes with what may change in a record after posting."""
    jatsxml: str
    url: str
    """Address of the page that lists it."""
    packed: bytes

    @property
    def paper(self) -> Paper:
        """The metadata."""
        return from_json(zlib.decompress(self.packed))

    @property
    def key(self) -> str:
        """DOI and version, as `str(Paper)`."""
        return f"{self.doi}v{self.version}"


class Listing:
    """The postings of one server, read page by page and counted against the API's totals."""

    def __init__(
        self, server: str, category: str, address: Callable[..., str], ask: Callable[..., Awaitable[Interval]]
    ):
        self.server = server
        self.category = category
        self.address = address
        self.ask = ask
        self.papers: dict[str, dict[int, Posting]] = {}
        """Postings by DOI and version."""
        self.days: Counter[str] = Counter()
        self.total = 0
        """Sum of the API's totals."""
        self.reading = date.min
        """First day that is not read yet."""
        self.short: list[tuple[str, str]] = []
        """Days of which the API counts more than it lists, with the numbers."""

    async def read(self, first: date, last: date) -> None:
        """Read all postings of an interval; raises `CategoryIgnored` and what `ask` raises."""
        for start, end in months(max(first, BEGAN[self.server]), last):
            self.reading = start
            total = await self.pages(start, end)
            self.total += total
            if self.count(start, end) < total:
                await self.day_by_day(start, end, total)

    async def glance(self, first: date, last: date) -> None:
        """Read the totals of an interval, and the first page of each month."""
        for start, end in months(max(first, BEGAN[self.server]), last):
            self.reading = start
            url = self.address(self.server, start, end, 0, self.category)
            page = await self.ask(url, end, again=False)
            self.take(page, 0, url)
            self.total += page.total

    async def pages(self, start: date, end: date, again: bool = False) -> int:
        """Read all pages of an interval and give the API's total of it; `again` asks for them anew."""
        cursor = total = 0
        while True:
            url = self.address(self.server, start, end, cursor, self.category)
            page = await self.ask(url, end, again)
            if not page.papers:
                return total
            self.take(page, cursor, url)
            # the page size was 100 and is 30, the documented one is neither here nor there
            cursor += len(page.papers)
            total = page.total
            logger.info("%s, %s to %s: %d of %d records", self.server, start, end, min(cursor, total), total)
            if total and (cursor >= total or self.count(start, end) >= total):
                return total

    async def day_by_day(self, start: date, end: date, total: int) -> None:
        """Find what the pages of an interval lack: a row that moved to an earlier page while they were read stands in its day."""
        lacking = len(self.short)
        for day in dates(start, end):
            counted = await self.pages(day, day, again=True)
            if (listed := self.days[day.isoformat()]) < counted:
                self.short.append((f"{self.server} {day}", f"the API counts {counted} records and lists {listed}"))
        if (got := self.count(start, end)) < total and len(self.short) == lacking:
            logger.info(
                "%s, %s to %s: the API's total of %d is too high, its days have %d", self.server, start, end, total, got
            )

    def take(self, page: Interval, cursor: int, url: str) -> None:
        """Take note of a page; one that is not the one asked for must not be counted as it."""
        if page.papers and self.category and page.category not in ("", self.category):
            raise CategoryIgnored(
                f"the API ignores the category {self.category!r} and lists the whole of {self.server}"
            )
        if page.cursor != cursor:
            raise MalformedDocument("messages[0].cursor", f"found {page.cursor}, asked for {cursor}")
        for paper in page.papers:
            self.add(paper, page.jatsxml.get((paper.doi, paper.version), ""), url)

    def add(self, paper: Paper, jatsxml: str, url: str) -> None:
        """Take note of a row; where a version is there twice, the later row is the newer one."""
        versions = self.papers.setdefault(paper.doi, {})
        if paper.version not in versions:
            self.days[paper.posted] += 1
        packed = zlib.compress(to_json(paper), level=1)
        versions[paper.version] = Posting(
            paper.doi, paper.version, self.server, paper.posted, digest(paper), jatsxml, url, packed
        )

    def postings(self) -> Iterator[Posting]:
        """All that was read."""
        return chain.from_iterable(versions.values() for versions in self.papers.values())

    def count(self, start: date, end: date) -> int:
        """Number of postings read so far of an interval."""
        return sum(self.days[day.isoformat()] for day in dates(start, end))


def digest(paper: Paper) -> str:
    """What a record says that may change after posting, as 16 hexadecimal digits."""
    told = (paper.title, paper.abstract, paper.license, paper.category, paper.article_type, paper.published_doi)
    names = [author.name for author in paper.authors]
    return blake2b(repr((told, names)).encode(), digest_size=8).hexdigest()


def dates(first: date, last: date) -> Iterator[date]:
    """The days of an interval."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """An interval in calendar months: the API answers a very wide one with nothing."""
    while first <= last:
        end = min(last, (first.replace(day=1) + 31 * DAY).replace(day=1) - DAY)
        yield first, end
        first = end + DAY
