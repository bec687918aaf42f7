"""`scrapy crawl session`: a crawl that answers questions, a line each, until its input ends. `biorxivist.session` holds the other end."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from biorxivist import arguments, identifiers
from biorxivist.feed import to_json
from biorxivist.identifiers import Preprint, parse_preprint
from biorxivist.items import Paper
from biorxivist.readers.results import EmptyAnswer, Hit, read_results
from biorxivist.readers.search_page import read_search_page
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.attempts import failed_attempt
from biorxivist.spiders.draft import Draft
from biorxivist.spiders.ladder import REFUSALS
from biorxivist.spiders.paper import EMPTY_ANSWERS, PaperSpider
from biorxivist.spiders.search import europepmc_query
from biorxivist.text import clean_paper

LONGEST_QUESTION = 1 << 20
# as many as a page of the site's own search
PAGE_SIZE = 75


class SessionSpider(PaperSpider):
    """Answers to questions on standard input, as lines of JSON on standard output."""

    name = "session"
    accepts = arguments.Arguments

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # a paper may be asked for twice
        pipelines = {**settings.getdict("ITEM_PIPELINES"), "biorxivist.pipelines.Unique": None}
        settings.set("ITEM_PIPELINES", pipelines, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.hits: dict[str, Hit] = {}
        spider.asking: defaultdict[str, list[int]] = defaultdict(list)
        spider.delivering: defaultdict[str, list[int]] = defaultdict(list)
        crawler.signals.connect(spider.item_scraped, signal=signals.item_scraped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each question, as long as questions come."""
        self.answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
        # whatever prints must not come between two answers
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        lines = asyncio.StreamReader(limit=LONGEST_QUESTION)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            question = json.loads(line)
            for request in self.paper_question(**question) if "doi" in question else self.results_question(**question):
                yield request

    def answer(self, ids: list[int], **content: Any) -> None:
        """Write one answer to each of the questions."""
        for id in ids:
            self.answers.write(json.dumps({"id": id, **content}).encode() + b"\n")

    # --- papers -------------------------------------------------------------------------------------------------------

    def paper_question(self, id: int, doi: str) -> Iterator[Request]:
        """The first request for a paper."""
        wanted = parse_preprint(doi)
        self.asked.discard(Preprint(wanted.doi, wanted.version))
        self.asking[doi].append(id)
        yield from self.paper_requests(wanted, self.hits.get(wanted.doi))

    def deliver(self, draft: Draft) -> Iterator[Paper]:
        """The paper; without one the questions for it are answered here."""
        ids = self.asking.pop(draft.label, [])
        papers = list(super().deliver(draft))
        for paper in papers:
            self.delivering[str(paper)] += ids
        if not papers:
            worst = next((a for a in draft.attempts if a.outcome in REFUSALS), draft.attempts[0])
            self.answer(ids, outcome=worst.outcome, detail=f"{worst.source}: {worst.detail}")
        yield from papers

    def item_scraped(self, item: Paper) -> None:
        """Answer the questions for a paper that came through the pipelines."""
        self.answer(self.delivering.pop(str(item), []), paper=to_json(item).decode())

    # --- results ------------------------------------------------------------------------------------------------------

    def results_question(self, id: int, source: str, search: dict[str, str], next: str | int) -> Iterator[Request]:
        """The request for a page of results of Europe PMC, or of the site's own search."""
        args = arguments.parse(arguments.SearchArguments, search)
        if source == "site":
            base = self.addresses.sites[args.server]
            yield self.results_request(id, "site-search", identifiers.search_url(base, args.q, PAGE_SIZE, next))
        else:
            query = europepmc_query(args)
            yield self.results_request(id, "search", self.addresses.search(query, next, PAGE_SIZE), cursor=next)

    def results_request(self, id: int, source: str, url: str, tries: int = 0, cursor: str = "") -> Request:
        """A page of results, tried so often before."""
        callback = self.parse_site_page if source == "site-search" else self.parse_results
        given = {"id": id, "tries": tries, "cursor": cursor}
        return Request(url, callback, errback=self.parse_results_failure, cb_kwargs=given, meta={"source": source})

    def parse_results(self, response: Response, id: int, tries: int, cursor: str) -> Iterator[Request]:
        """Answer with the papers of a page of Europe PMC."""
        try:
            results = read_results(json_object(response.body))
        except EmptyAnswer as error:
            self.judge(response, "unavailable")
            if tries < EMPTY_ANSWERS:
                yield self.results_request(id, "search", response.request.url, tries + 1, cursor)
                return
            self.answer([id], outcome="unavailable", detail=str(error))
        except MalformedDocument as error:
            self.judge(response, "malformed")
            self.answer([id], outcome="malformed", detail=str(error))
        else:
            self.judge(response, "ok")
            self.hits |= {hit.doi: hit for hit in results.hits}
            more = results.listed and results.next_cursor not in ("", cursor)
            papers = [hit.paper for hit in results.hits]
            self.answer_page(id, response, papers, results.total, results.next_cursor if more else None)

    def parse_site_page(self, response: Response, id: int, **_: Any) -> None:
        """Answer with the papers of a page of the site's own search."""
        try:
            page = read_search_page(response.body)
        except MalformedDocument as error:
            self.judge(response, "malformed")
            self.answer([id], outcome="malformed", detail=str(error))
        else:
            self.judge(response, "ok")
            self.answer_page(id, response, [e.paper() for e in page.entries], page.total, page.next_page)

    def answer_page(self, id: int, response: Response, papers: list[Paper], total: int, next: str | int | None) -> None:
        """Answer with one page of papers and where the next begins, None behind the last."""
        lines = [to_json(clean_paper(paper)).decode() for paper in papers]
        self.answer([id], url=response.request.url, status=response.status, total=total, papers=lines, next=next)

    def parse_results_failure(self, failure: Failure) -> None:
        """Answer why there are no results."""
        attempt = failed_attempt("search", failure.request.url, failure)
        self.answer([failure.request.cb_kwargs["id"]], outcome=attempt.outcome, detail=attempt.detail)
