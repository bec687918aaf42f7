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
from scrapy.settings import BaseSettings

from biorxivist import arguments
from biorxivist.feed import to_json
from biorxivist.identifiers import Preprint, parse_preprint
from biorxivist.items import Attempt, Paper
from biorxivist.readers.results import EmptyAnswer, Hit, read_results
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.draft import Draft
from biorxivist.spiders.ladder import REFUSALS
from biorxivist.spiders.paper import EMPTY_ANSWERS, PaperSpider, Unanswered
from biorxivist.spiders.search import europepmc_query
from biorxivist.spiders.site_search import SiteSearch
from biorxivist.text import clean_paper

LONGEST_QUESTION = 1 << 20
# as many as a page of the site's own search
PAGE_SIZE = 75


class SessionSpider(PaperSpider):
    """Answers to questions on standard input, as lines of JSON on standard output."""

    name = "session"
    internal = True
    accepts = arguments.Arguments

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # answers to questions are no run that could be complete
        runs = ("biorxivist.extensions.record.Record", "biorxivist.extensions.progress.Progress")
        extensions = {**settings.getdict("EXTENSIONS"), **dict.fromkeys(runs)}
        settings.set("EXTENSIONS", extensions, priority="spider")
        # a paper may be asked for twice
        pipelines = {**settings.getdict("ITEM_PIPELINES"), "biorxivist.pipelines.Unique": None}
        settings.set("ITEM_PIPELINES", pipelines, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.hits: dict[str, Hit] = {}
        spider.searching: set[asyncio.Task[None]] = set()
        spider.asking: defaultdict[str, list[int]] = defaultdict(list)
        spider.delivering: defaultdict[str, list[int]] = defaultdict(list)
        crawler.signals.connect(spider.item_scraped, signal=signals.item_scraped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each question, as long as questions come."""
        self.answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        # whatever prints must not come between two answers
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        lines = asyncio.StreamReader(limit=LONGEST_QUESTION)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            question = json.loads(line)
            if "search" in question:
                task = asyncio.create_task(self.results_question(**question))
                self.searching.add(task)
                task.add_done_callback(self.searching.discard)
                continue
            for request in self.paper_question(**question):
                yield request

    def answer(self, ids: list[int], **content: Any) -> None:
        """Write one answer to each of the questions."""
        for id in ids:
            self.answers.write(json.dumps({"id": id, **content}).encode() + b"\n")
        self.answers.flush()

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

    async def results_question(self, id: int, source: str, search: dict[str, str], next: str | int) -> None:
        """Answer with a page of results of Europe PMC, or of the site's own search, and where the next page begins."""
        args = arguments.parse(arguments.SearchArguments, {**search, "source": source})
        try:
            page = await (self.site_page if source == "site" else self.europepmc_page)(args, next)
        except Unanswered as error:
            self.answer([id], outcome=error.attempt.outcome, detail=error.attempt.detail)
        else:
            papers = [to_json(clean_paper(paper)).decode() for paper in page.pop("papers")]
            self.answer([id], status=200, papers=papers, **page)

    async def site_page(self, args: arguments.SearchArguments, number: int) -> dict[str, Any]:
        """A page of the site's own search, at the address that a person would type."""
        search = SiteSearch(self, args.server, args)
        del search.options["jcode"]
        page = await search.page(number)
        papers = [entry.paper() for entry in page.entries]
        return {"url": search.url(number), "papers": papers, "total": page.total, "next": page.next_page}

    async def europepmc_page(self, args: arguments.SearchArguments, cursor: str) -> dict[str, Any]:
        """A page of Europe PMC's results; its empty answers are asked again."""
        url = self.addresses.search(europepmc_query(args), cursor, PAGE_SIZE)
        for _ in range(EMPTY_ANSWERS + 1):
            response = await self.fetched(Request(url, meta={"source": "search"} | self.patience("search")))
            try:
                results = read_results(json_object(response.body))
            except MalformedDocument as error:
                outcome = "unavailable" if isinstance(error, EmptyAnswer) else "malformed"
                self.judge(response, outcome)
                failed = Attempt("search", url, outcome, response.status, str(error))
                continue
            self.judge(response, "ok")
            self.hits |= {hit.doi: hit for hit in results.hits}
            more = results.listed and results.next_cursor not in ("", cursor)
            papers = [hit.paper for hit in results.hits]
            return {"url": url, "papers": papers, "total": results.total, "next": results.next_cursor if more else None}
        raise Unanswered(failed)
