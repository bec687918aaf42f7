"""The sites' own search: its pages, from the first to the last."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from scrapy import Request

from biorxivist import identifiers
from biorxivist.arguments import SearchArguments
from biorxivist.items import Attempt
from biorxivist.readers.search_page import SearchPage, read_search_page
from biorxivist.readers.strict import MalformedDocument
from biorxivist.spiders.intervals import BEGAN
from biorxivist.spiders.paper import PaperSpider, Unanswered

ADVICE = {
    "disallowed": "without source=site Europe PMC is asked; robots.txt is yours to disobey with -s ROBOTSTXT_OBEY=False",
    "refused": "without source=site Europe PMC is asked",
}


def with_advice(attempt: Attempt) -> str:
    """Why a search failed, and what a user of `scrapy crawl search` can do."""
    return "; ".join(filter(None, (attempt.detail, ADVICE.get(attempt.outcome))))


class SiteSearch:
    """A query at the search of one site."""

    def __init__(self, spider: PaperSpider, server: str, args: SearchArguments):
        self.spider = spider
        self.base = spider.addresses.sites[server]
        self.terms = args.q
        self.options = {"jcode": server}
        if args.since or args.until:
            self.options["limit_from"] = str(args.since or BEGAN[server])
            self.options["limit_to"] = str(args.until or datetime.now(UTC).date())

    def url(self, number: int) -> str:
        """The address of a page of results, counted from 0."""
        return identifiers.search_url(self.base, self.terms, page=number, **self.options)

    async def page(self, number: int = 0) -> SearchPage:
        """A page of results, counted from 0; raises `Unanswered`."""
        url = self.url(number)
        try:
            response = await self.spider.fetched(Request(url, meta={"source": "site-search"}))
            found = read_search_page(response.body)
        except MalformedDocument as error:
            self.spider.judge(response, "malformed")
            raise Unanswered(Attempt("site-search", url, "malformed", response.status, str(error))) from None
        self.spider.judge(response, "ok")
        return found

    async def pages(self, first: SearchPage) -> AsyncIterator[SearchPage]:
        """The first page and those behind it; raises `Unanswered`."""
        page, number = first, 0
        yield page
        while page.next_page is not None and page.next_page > number:
            number = page.next_page
            page = await self.page(number)
            yield page
