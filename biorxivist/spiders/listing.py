"""`scrapy crawl listing -a since=…`: what the servers posted in an interval, as the API lists it."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from itertools import chain, zip_longest
from pathlib import Path

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import sleep

from biorxivist import arguments, signals
from biorxivist.categories import CATEGORIES
from biorxivist.data import data_folder
from biorxivist.errors import UserError
from biorxivist.identifiers import Preprint
from biorxivist.items import Attempt, Paper
from biorxivist.readers.record import Interval, read_interval, record_of
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.remembered import LAG, Remembered
from biorxivist.spiders.intervals import CategoryIgnored, Listing, Posting
from biorxivist.spiders.paper import SHOWN, PaperSpider, Unanswered

logger = logging.getLogger(__name__)

# an answer of the last days is good enough for a run that goes on after a crash, not for the next one
MAX_AGE_OF_THE_LAST_DAYS = 600
# of the API, for an estimate
PAGE_SIZE = 30


class ListingFailed(Exception):
    """A page of a listing cannot be had. The message is an attempt's detail."""


class ListingSpider(PaperSpider):
    """Papers of an interval."""

    name = "listing"
    accepts = arguments.ListingArguments

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each paper that was posted in the interval and is not known yet."""
        self.today = datetime.now(UTC).date()
        self.until = min(self.arguments.until or self.today, self.today)
        self.listings: dict[str, Listing] = {}
        self.known: set[str] = set()
        wanted = [await self.listed_by(server) for server in self.servers()]
        if not self.listings:
            raise CloseSpider("listing_failed")
        papers = limited([*filter(None, chain(*zip_longest(*wanted)))], self.arguments.limit)
        if self.announce_postings(papers):
            self.want(Preprint(posting.doi, posting.version) for posting in papers)
            async for request in self.paced(chain.from_iterable(map(self.posting_requests, papers))):
                yield request

    def servers(self) -> list[str]:
        """Servers to list: those that have the category."""
        named = list(CATEGORIES) if self.arguments.server == "both" else [self.arguments.server]
        having = [s for s in named if not self.arguments.category or self.arguments.category in CATEGORIES[s]]
        for server in set(named) - set(having):
            logger.info("%s has no category %s", server, self.arguments.category)
        return having

    # --- reading ------------------------------------------------------------------------------------------------------

    async def listed_by(self, server: str) -> list[Posting]:
        """The wanted postings of a server; a listing that breaks off is missing, what it gave so far is taken."""
        try:
            memory = Remembered.load(self.memory_path(server))
        except UserError as error:
            logger.error("%s", error)
            raise CloseSpider("memory_failed") from None
        since = self.since(server, memory)
        listing = Listing(server, self.arguments.category, self.addresses.listing, self.ask)
        failed = ""
        try:
            await (listing.glance if self.arguments.preview else listing.read)(since, self.until)
        except CategoryIgnored as error:
            logger.error("%s", error)
            raise CloseSpider("category_ignored") from None
        except (ListingFailed, MalformedDocument) as error:
            failed = str(error)
            self.missing(f"{server} from {listing.reading} to {self.until}", "unavailable", failed)
        for place, numbers in listing.short:
            self.missing(place, "unlisted", numbers)
        if listing.papers or not failed:
            self.listings[server] = listing
            self.remember(server, memory, listing, since, not failed)
        return self.chosen(listing, memory)

    def since(self, server: str, memory: Remembered) -> date:
        """The first day of the interval."""
        if self.arguments.since != "last":
            return self.arguments.since
        since = memory.since(self.today)
        if memory.reached:
            logger.info(
                "%s was taken up to %s: reading on from %s, since texts and records lag", server, memory.reached, since
            )
        else:
            logger.info(
                "Nothing is remembered of %s: reading the last %d days, since=DATE begins earlier", server, LAG.days
            )
        return since

    async def ask(self, url: str, end: date, again: bool) -> Interval:
        """One page of a listing; a garbled one is asked for again as often and as slowly as a host that asks to wait."""
        waits = self.settings.getint("RETRY_AFTER_TIMES")
        for tries in range(waits + 1):
            request = Request(url, meta={"source": "listing", **self.max_age(end, again or tries > 0)})
            try:
                page = read_interval(json_object((response := await self.fetched(request)).body))
                self.judge(response, "ok")
                return page
            except MalformedDocument as error:
                self.judge(response, "unavailable")
                reason = f"{url}: {error}"
            except Unanswered as error:
                raise ListingFailed(str(error)) from None
            if tries < waits:
                wait = self.settings.getfloat("RETRY_AFTER_DEFAULT") * 2**tries
                logger.info("The API answers %s: asking again in %.0f s", reason, wait)
                await sleep(wait)
        raise ListingFailed(reason)

    def max_age(self, end: date, again: bool) -> dict[str, float]:
        """How old an answer of the archive may be, in seconds, where it is not the archive's own limit."""
        if again:
            return {"max_age": 0.001}
        return {"max_age": MAX_AGE_OF_THE_LAST_DAYS} if end > self.today - LAG else {}

    # --- choosing -----------------------------------------------------------------------------------------------------

    def chosen(self, listing: Listing, memory: Remembered) -> list[Posting]:
        """The postings to take, oldest first: of a paper the latest in the interval, or every one; with `since=last` what is new."""
        postings = sorted(listing.postings(), key=lambda p: (p.posted, p.doi, p.version))
        if self.arguments.versions == "latest":
            latest = {p.doi: p.version for p in sorted(postings, key=lambda p: p.version)}
            postings = [p for p in postings if p.version == latest[p.doi]]
        if self.arguments.since != "last":
            return postings
        if self.arguments.preview:
            return postings
        self.known |= {p.key for p in postings if memory.knows(p.key, p.digest)}
        new = [p for p in postings if p.key not in self.known or (self.arguments.fulltext and memory.lacks_text(p.key))]
        logger.info(
            "%s: %d of %d were taken before and have not changed",
            listing.server,
            len(postings) - len(new),
            len(postings),
        )
        return new

    def announce_postings(self, papers: list[Posting]) -> bool:
        """Tell how many papers there are and how many of them are asked for; whether they are to be fetched."""
        listings, first = self.listings.values(), [p.paper for p in papers[:SHOWN]]
        if not self.arguments.preview:
            # the servers are asked side by side
            busiest = max(sum(p.server == server for p in papers) for server in self.listings)
            return self.announce(sum(len(each.papers) for each in listings), len(papers), first, busiest, 0)
        total = sum(each.total for each in listings)
        wanted = min(total, self.arguments.limit or total)
        busiest = min(wanted, max(each.total for each in listings))
        return self.announce(total, wanted, first, busiest, total // PAGE_SIZE + 1, exact=False)

    def posting_requests(self, posting: Posting) -> Iterator[Request | Paper]:
        """The first request for a posting.

        Its paper's record is asked for only where the listing does not show its whole history: what was posted before the
        interval, or may have been after it.
        """
        listing = self.listings[posting.server]
        shown = listing.papers[posting.doi].values()
        draft = self.draft(Preprint(posting.doi, posting.version, posting.server))
        draft.record = record_of([p.paper for p in shown], {p.version: p.jatsxml for p in shown if p.jatsxml})
        draft.partial = self.until < self.today or len(shown) < max(p.version for p in shown)
        draft.known = posting.key in self.known
        draft.attempts.append(Attempt("listing", posting.url, status=200, detail=f"posted {posting.posted}"))
        yield from self.begin(draft)

    # --- remembering --------------------------------------------------------------------------------------------------

    def memory_path(self, server: str) -> Path:
        """The file of this kind of listing: what asks for something else remembers something else."""
        args = self.arguments
        words = [server, args.category.replace(" ", "-") or "all"]
        words += [f"{name}={value}" for name, value in args.kind().items()]
        return data_folder(self.settings["BIORXIVIST_DATA"]) / "listings" / f"{'.'.join(words)}.json"

    def remember(self, server: str, memory: Remembered, listing: Listing, since: date, whole: bool) -> None:
        """Have what is delivered remembered, if this listing reaches up to today and leaves no gap."""
        if self.until < self.today or self.arguments.preview:
            return
        if not memory.follows(since):
            logger.info(
                "Not remembered: %s was taken up to %s only, and since=last goes on from there", server, memory.reached
            )
            return
        self.crawler.signals.send_catch_log(
            signals.listing_read,
            server=server,
            memory=memory,
            digests={p.key: p.digest for p in listing.postings()},
            reached=self.until if whole and not self.arguments.limit else None,
        )


def limited(papers: list[Posting], limit: int | None) -> list[Posting]:
    """The postings of the first so many papers."""
    dois = list(dict.fromkeys(p.doi for p in papers))
    kept = set(dois[:limit])
    return [p for p in papers if p.doi in kept]
