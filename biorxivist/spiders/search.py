"""`scrapy crawl search -a q="…"`: papers that Europe PMC finds for a query."""

import logging
from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from biorxivist import arguments
from biorxivist.identifiers import Preprint, parse_preprint
from biorxivist.items import Paper
from biorxivist.readers.results import EmptyAnswer, Results, read_results
from biorxivist.readers.search_page import SearchPage
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.attempts import failed_attempt
from biorxivist.spiders.paper import EMPTY_ANSWERS, PaperSpider, Unanswered
from biorxivist.spiders.site_search import SiteSearch, with_advice

logger = logging.getLogger(__name__)

PUBLISHERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
PAGE_SIZE = 100


def europepmc_query(args: arguments.SearchArguments) -> str:
    """The query in Europe PMC's language: the user's in parentheses, then server and dates."""
    servers = PUBLISHERS if args.server == "both" else [args.server]
    publishers = " OR ".join(f'PUBLISHER:"{PUBLISHERS[s]}"' for s in servers)
    query = f"({args.q}) AND SRC:PPR AND ({publishers})"
    if args.since or args.until:
        query += f" AND FIRST_PDATE:[{args.since or '2013-01-01'} TO {args.until or '2100-01-01'}]"
    return query


class SearchSpider(PaperSpider):
    """Papers of a query."""

    name = "search"
    accepts = arguments.SearchArguments

    async def start(self) -> AsyncIterator[Request]:
        """The first page of results, or the papers of the site's own search."""
        self.listed = 0
        if self.arguments.source == "site":
            async for request in self.site_papers():
                yield request
            return
        self.query = europepmc_query(self.arguments)
        logger.info("Searching Europe PMC for %s", self.query)
        yield self.results_request("*")

    def results_request(self, cursor: str, tries: int = 0) -> Request:
        """A page of results, tried so often before, behind the papers found so far: no more of them wait in memory than are worked on."""
        return Request(
            self.addresses.search(self.query, cursor, min(PAGE_SIZE, self.arguments.limit or PAGE_SIZE)),
            callback=self.parse_results,
            errback=self.parse_results_failure,
            cb_kwargs={"cursor": cursor, "tries": tries},
            meta={"source": "search"} | self.patience("search"),
            priority=-1,
        )

    def parse_results(self, response: Response, cursor: str, tries: int) -> Iterator[Request | Paper]:
        """Requests for the papers of a page, and for the next page."""
        try:
            results = read_results(json_object(response.body))
        except EmptyAnswer as error:
            self.crawler.stats.inc_value("biorxivist/search/empty_answers")
            self.judge(response, "unavailable")
            if tries < EMPTY_ANSWERS:
                yield self.results_request(cursor, tries + 1)
            else:
                self.stop_search(cursor, f"Europe PMC gave no results in {tries + 1} tries: {error}")
            return
        except MalformedDocument as error:
            self.judge(response, "malformed")
            if again := self.again(response.request, "malformed"):
                yield again
            else:
                self.stop_search(cursor, f"Europe PMC did not answer the query: {error}")
            return
        self.judge(response, "ok")
        if cursor == "*" and not self.announce_query(results.total, [hit.paper for hit in results.hits]):
            return
        self.listed += results.listed
        yield from self.papers(results)
        yield from self.more(results, cursor)

    def parse_results_failure(self, failure: Failure) -> Iterator[Request]:
        """Say why a page of results is missing."""
        if self.ending:
            return
        attempt = failed_attempt("search", failure.request.url, failure)
        if again := self.again(failure.request, attempt.outcome):
            yield again
            return
        detail = f"Europe PMC did not answer: {attempt.detail}"
        self.stop_search(failure.request.cb_kwargs["cursor"], detail, attempt.outcome)

    def announce_query(self, total: int, first: list[Paper]) -> bool:
        """Tell how many papers the query has and how many of them are asked for; whether they are to be fetched."""
        return self.announce(total, min(total, self.arguments.limit or total), first)

    def papers(self, results: Results) -> Iterator[Request | Paper]:
        """The first request of each paper of a page, up to the limit."""
        for hit in results.hits:
            if self.enough():
                return
            try:
                wanted = parse_preprint(hit.doi)
            except ValueError as error:
                self.missing(hit.id, "malformed", str(error))
            else:
                yield from self.paper_requests(Preprint(wanted.doi, None, hit.server), hit)

    def more(self, results: Results, cursor: str) -> Iterator[Request]:
        """The next page, unless this one was the last; a search that ends before its total is incomplete."""
        if self.enough() or self.listed >= results.total:
            return
        if results.listed and results.next_cursor not in ("", cursor):
            yield self.results_request(results.next_cursor)
        else:
            self.missing("search", "unavailable", f"Europe PMC counts {results.total} papers and listed {self.listed}")

    async def site_papers(self) -> AsyncIterator[Request | Paper]:
        """The first request of each paper that the site's own search finds."""
        servers = PUBLISHERS if self.arguments.server == "both" else [self.arguments.server]
        searches = {server: SiteSearch(self, server, self.arguments) for server in servers}
        try:
            first = {server: await search.page() for server, search in searches.items()}
        except Unanswered as error:
            self.stop_search("*", with_advice(error.attempt), error.attempt.outcome)
        entries = [entry.paper() for page in first.values() for entry in page.entries]
        if not self.announce_query(sum(page.total for page in first.values()), entries):
            return
        for server, search in searches.items():
            listed = 0
            try:
                async for page in search.pages(first[server]):
                    listed += len(page.entries)
                    for request in self.entry_requests(page, server):
                        await self.room()
                        yield request
                    if self.enough():
                        return
            except Unanswered as error:
                self.stop_search(server, str(error), error.attempt.outcome)
            else:
                if listed < first[server].total:
                    self.missing(
                        "search", "unavailable", f"{server} counts {first[server].total} papers and listed {listed}"
                    )

    def entry_requests(self, page: SearchPage, server: str) -> Iterator[Request | Paper]:
        """The first request of each paper of a page of the site, up to the limit."""
        for entry in page.entries:
            if not self.enough():
                yield from self.paper_requests(Preprint(entry.doi, None, entry.server or server))

    def enough(self) -> bool:
        """Whether as many papers as the user wants are asked for."""
        return bool(self.arguments.limit) and len(self.dois) >= self.arguments.limit

    def stop_search(self, cursor: str, detail: str, reason: str = "unavailable") -> None:
        """End the search: papers found so far are still delivered, without any the run has failed."""
        self.missing("search", reason, detail)
        if cursor == "*":
            raise CloseSpider("search_failed")
