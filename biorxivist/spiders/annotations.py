"""`scrapy crawl annotations -a file=papers.jsonl`: what Europe PMC's text mining found in the papers of a feed."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import islice
from time import time
from typing import Any, ClassVar, TypeVar

from scrapy import Request
from scrapy.exceptions import CloseSpider

from biorxivist import arguments, signals
from biorxivist.errors import UserError
from biorxivist.feed import read_feed
from biorxivist.items import AnnotatedPaper, Annotation, Attempt, Paper
from biorxivist.placing import place_annotations
from biorxivist.readers.annotations import read_annotations
from biorxivist.readers.results import EmptyAnswer, read_results
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.paper import EMPTY_ANSWERS, PaperSpider, Unanswered

logger = logging.getLogger(__name__)

# articles in one request: as many as the annotations API takes
BATCH = 8
# what of a batch may be the fault of one paper: each is asked for alone then
PARTIAL = frozenset({400, 404, 413, 414})
QUOTE = '"'
T = TypeVar("T")


class AnnotationsSpider(PaperSpider):
    """Annotations of the newest version of each paper of a feed."""

    name = "annotations"
    accepts = arguments.AnnotationsArguments
    splits = True
    """Whether a batch that cannot be had is asked for paper by paper."""
    formats = ("jsonl", "jsonlines", "jl")
    """Those of feeds; the others are made of papers."""
    custom_settings: ClassVar[dict[str, Any]] = {"ITEM_PIPELINES": {}}  # those are about papers

    async def start(self) -> AsyncIterator[AnnotatedPaper]:
        """The annotated papers of the feed, in its order."""
        try:
            total = sum(1 for _ in read_feed(self.arguments.file, newest=True))
            self.crawler.signals.send_catch_log(signals.papers_found, total=total, wanted=total, first=[], exact=True, fulltext=False, site=0, api=0, preview=False)  # fmt: skip
            papers = read_feed(self.arguments.file, newest=True)
            while batch := list(islice(papers, BATCH)):
                for paper in batch:
                    self.crawler.signals.send_catch_log(signals.paper_wanted, doi=str(paper))
                async for annotated in self.annotated(batch):
                    yield annotated
        except UserError as error:
            logger.error("%s", error)
            raise CloseSpider("feed_failed") from None

    async def annotated(self, papers: list[Paper]) -> AsyncIterator[AnnotatedPaper]:
        """A few papers with their annotations; one by one where they cannot be had together."""
        try:
            ids = await self.ids(papers)
            found, fetched = await self.mined(sorted(ids.values())) if ids else ({}, time())
        except Unanswered as error:
            attempt = error.attempt
            partial = attempt.status in PARTIAL or attempt.outcome in ("malformed", "too_large")
            if len(papers) > 1 and partial and self.splits:
                # where none of them can be had alone either, it is the host: later batches are not taken apart
                self.splits = False
                for paper in papers:
                    async for annotated in self.annotated([paper]):
                        yield annotated
            else:
                for paper in papers:
                    self.missing(str(paper), attempt.outcome, f"{attempt.source}: {attempt.detail}")
            return
        self.splits = True
        moment = datetime.fromtimestamp(fetched, UTC).isoformat(timespec="seconds")
        for paper in papers:
            id = ids.get(paper.doi, "")
            annotations = place_annotations(paper, found.get(id, ()))
            yield AnnotatedPaper(paper.schema, paper.doi, paper.version, paper.server, "europepmc", id, annotations, moment)  # fmt: skip

    async def ids(self, papers: list[Paper]) -> dict[str, str]:
        """Europe PMC's ids of papers, by DOI, as far as it knows them."""
        dois = " OR ".join(f'DOI:"{paper.doi.replace(QUOTE, "")}"' for paper in papers)
        url = self.addresses.search(f"({dois}) AND SRC:PPR")
        results, _ = await self.read("search", url, lambda body: read_results(json_object(body)))
        return {hit.doi: hit.id.upper() for hit in results.hits}

    async def mined(self, ids: list[str]) -> tuple[dict[str, list[Annotation]], float]:
        """Annotations by id, and when they were fetched."""
        try:
            return await self.read("annotations", self.addresses.annotations_of(ids), read_annotations)
        except Unanswered as error:
            if len(ids) > 1 or error.attempt.outcome != "not_found":
                raise
            return {}, time()

    async def read(self, source: str, url: str, reader: Callable[[bytes], T]) -> tuple[T, float]:
        """What a source answers and when it did, a garbled or empty answer being asked for again; raises `Unanswered`."""
        attempt = Attempt(source, url)
        tries = {"malformed": self.settings.getint("RETRY_TIMES"), "unavailable": EMPTY_ANSWERS}
        while True:
            response = await self.fetched(Request(url, meta={"source": source} | self.patience(source)))
            try:
                found = reader(response.body)
            except MalformedDocument as error:
                attempt.outcome = "unavailable" if isinstance(error, EmptyAnswer) else "malformed"
                attempt.detail = str(error)
            else:
                self.judge(response, "ok")
                return found, response.meta.get("cache_timestamp", time())
            self.judge(response, attempt.outcome)
            tries[attempt.outcome] -= 1
            if tries[attempt.outcome] < 0:
                raise Unanswered(attempt)
