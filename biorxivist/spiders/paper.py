"""`scrapy crawl paper -a doi=…`: papers by DOI, each by the ladder of its sources."""

import logging
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from time import time
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.signals import scheduler_empty
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from biorxivist import arguments, signals
from biorxivist.identifiers import Preprint
from biorxivist.items import Attempt, Paper
from biorxivist.readers.results import EmptyAnswer, Hit
from biorxivist.readers.strict import MalformedDocument
from biorxivist.secrets import redact
from biorxivist.spiders.addresses import Addresses
from biorxivist.spiders.attempts import failed_attempt
from biorxivist.spiders.draft import Draft
from biorxivist.spiders.ladder import LADDER, REFUSALS, NotThere, lost_record, lost_text
from biorxivist.text import holds_text

logger = logging.getLogger(__name__)

# about 1 in 5 valid searches of Europe PMC comes empty: 9 tries leave 1 in 2 million
EMPTY_ANSWERS = 8
# seconds after which a paper that had no text is asked for one again
AGE_OF_AN_ABSENCE = 3600
# papers of a preview, and entries of a library that are named in the log though nothing is wrong with them
SHOWN = 10


class Unanswered(Exception):
    """A request on the way to papers has no answer: `attempt` tells why. Raised by `PaperSpider.fetched`."""

    def __init__(self, attempt: Attempt):
        super().__init__(f"{attempt.url}: {attempt.detail}")
        self.attempt = attempt


class PaperSpider(Spider):
    """Papers by DOI."""

    name = "paper"
    accepts: type[arguments.BaseArguments] = arguments.PaperArguments

    def __init__(self, name: str | None = None, **given: Any):
        super().__init__(name)
        self.given = given
        try:
            self.arguments = arguments.parse(self.accepts, given)
        except arguments.ArgumentError as error:
            # an exception would reach the user as a traceback
            print(f"scrapy crawl {self.name}: {error}", file=sys.stderr)
            raise SystemExit(2) from None
        self.asked: set[Preprint] = set()
        self.dois: set[str] = set()
        self.ending = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.run_ends, signal=signals.run_ends)
        if spider.arguments.preview:
            # feeds are opened after this, and a file would be emptied
            crawler.settings.set("FEEDS", {}, priority="cmdline")
        return spider

    def run_ends(self) -> None:
        """Let no paper go without what it was not asked for."""
        self.ending = True

    @property
    def addresses(self) -> Addresses:
        """Where the sources are."""
        return Addresses.from_settings(self.settings)

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each paper that the arguments name."""
        papers = self.arguments.doi or self.listed()
        first = [Paper(doi=p.doi, version=p.version or 0) for p in papers[:SHOWN]]
        if self.announce(len(papers), len(papers), first):
            self.want(papers)
            async for request in self.paced(chain.from_iterable(map(self.paper_requests, papers))):
                yield request

    def announce(
        self,
        total: int,
        wanted: int,
        first: list[Paper],
        site: int | None = None,
        api: int | None = None,
        exact: bool = True,
    ) -> bool:
        """Tell how many papers there are and what they will cost; whether they are to be fetched, which a preview does not."""
        told = {"total": total, "wanted": wanted, "first": first, "exact": exact, "fulltext": self.arguments.fulltext}
        told["site"] = (wanted if site is None else site) if self.arguments.fulltext else 0
        told["api"] = wanted if api is None else api
        self.crawler.signals.send_catch_log(signals.papers_found, preview=self.arguments.preview, **told)
        return not self.arguments.preview

    def want(self, papers: Iterable[Preprint]) -> None:
        """Tell which papers the run should deliver, before the first of them is asked for."""
        for paper in papers:
            self.crawler.signals.send_catch_log(signals.paper_wanted, doi=paper.label)

    async def paced(self, requests: Iterable[Request | Paper]) -> AsyncIterator[Request | Paper]:
        """The requests of a long list, each as soon as there is work for it: those that wait are not in memory."""
        for request in requests:
            await self.room()
            yield request

    async def room(self) -> None:
        """Wait until there is work for another request."""
        if self.crawler.engine.needs_backout():
            await self.crawler.signals.wait_for(scheduler_empty)

    def listed(self) -> list[Preprint]:
        """The preprints of `file=`; an unreadable entry is missing, one of another publisher is only told of."""
        listed = self.arguments.file
        for place, reason in listed.unreadable:
            self.missing(f"{listed.name} {place}", "malformed", reason)
        if others := listed.others:
            shown = "; ".join(others[:SHOWN]) + ("; …" if len(others) > SHOWN else "")
            logger.info("%s: %d entries are no preprints of bioRxiv or medRxiv: %s", listed.name, len(others), shown)
            for other in others[SHOWN:]:
                logger.debug("%s: %s is no preprint of bioRxiv or medRxiv", listed.name, other)
        return listed.preprints

    def paper_requests(self, wanted: Preprint, hit: Hit | None = None) -> Iterator[Request | Paper]:
        """The first request for a paper that a user or a search names."""
        draft = self.draft(wanted)
        draft.hit = hit
        yield from self.begin(draft)

    def draft(self, wanted: Preprint) -> Draft:
        """A paper of which nothing is known yet but its name."""
        every = self.arguments.versions == "all" and not wanted.version
        return Draft(wanted, self.addresses, self.arguments.fulltext, self.arguments.license, every)

    def begin(self, draft: Draft) -> Iterator[Request | Paper]:
        """The first request for a paper; nothing if it was asked for before."""
        key = Preprint(draft.wanted.doi, draft.wanted.version)
        if key in self.asked:
            return
        self.asked.add(key)
        self.dois.add(draft.wanted.doi)
        self.want([draft.wanted])
        yield from self.next_step(draft, 0)

    def next_step(self, draft: Draft, step: int) -> Iterator[Request | Paper]:
        """The request to the next source that may have what the draft lacks, or the paper if there is none."""
        for index, source in enumerate(LADDER[step:], step):
            if url := source.url(draft):
                yield self.document_request(url, draft, index)
                return
        yield from self.deliver(draft)

    def document_request(self, url: str, draft: Draft, step: int, tries: int = 0) -> Request:
        """The request of one rung, tried so often before."""
        source = LADDER[step]
        version = source.edition(draft)
        # a text that was not there yesterday may be there today
        age = {"max_age": AGE_OF_AN_ABSENCE} if draft.known else {}
        return Request(
            url,
            callback=self.parse_document,
            errback=self.parse_failure,
            cb_kwargs={"draft": draft, "step": step, "tries": tries},
            meta={
                "source": source.name,
                "version": version,
                "lasting": version > 0,
                **age,
                **source.meta(draft),
                **self.patience(source.name),
            },
        )

    def patience(self, source: str) -> dict[str, int]:
        """How often a source is asked again: an API that nothing can stand in for, twice as often as RETRY_TIMES says."""
        times = self.settings.getint("RETRY_TIMES")
        return {"max_retry_times": times * 2 if source in ("record", "search") else times}

    def parse_document(self, response: Response, draft: Draft, step: int, tries: int) -> Iterator[Request | Paper]:
        """Read what a source answered; what it lacks, the next one is asked for."""
        source = LADDER[step]
        attempt = Attempt(source.name, response.url, status=response.status)
        before = draft.document
        try:
            attempt.detail = source.read(response.body, draft)
        except NotThere as answer:
            attempt.outcome, attempt.detail = answer.outcome, str(answer)
        except EmptyAnswer as error:
            if tries < EMPTY_ANSWERS:
                self.judge(response, "unavailable")
                yield self.document_request(response.request.url, draft, step, tries + 1)
                return
            attempt.outcome, attempt.detail = "unavailable", str(error)
        except MalformedDocument as error:
            attempt.outcome, attempt.detail = "malformed", str(error)
        self.judge(response, attempt.outcome)
        if again := self.again(response.request, attempt.outcome):
            yield again
            return
        if draft.document is not before and draft.document.source == source.name:
            # from the archive as on the day when it was fetched
            fetched = datetime.fromtimestamp(response.meta.get("cache_timestamp", time()), UTC)
            draft.document = replace(draft.document, fetched=fetched.isoformat(timespec="seconds"))
        yield from self.after(attempt, draft, step)

    def judge(self, response: Response, outcome: str) -> None:
        """Tell the archive what an answer is worth."""
        self.crawler.signals.send_catch_log(signals.document_read, response=response, outcome=outcome)

    def parse_failure(self, failure: Failure) -> Iterator[Request | Paper]:
        """Note why a source did not answer, and ask the next one."""
        if self.ending:
            return
        request = failure.request
        draft, step = request.cb_kwargs["draft"], request.cb_kwargs["step"]
        attempt = failed_attempt(LADDER[step].name, request.url, failure)
        if again := self.again(request, attempt.outcome):
            yield again
        else:
            yield from self.after(attempt, draft, step)

    def again(self, request: Request, outcome: str) -> Request | None:
        """The request once more, up to RETRY_TIMES, if its answer was unreadable: what was damaged on its way may come whole."""
        if outcome not in ("malformed", "too_large"):
            return None
        return get_retry_request(request, spider=self, reason=outcome)

    def after(self, attempt: Attempt, draft: Draft, step: int) -> Iterator[Request | Paper]:
        """The next step after an attempt."""
        attempt.url = redact(attempt.url)
        draft.attempts.append(attempt)
        self.crawler.stats.inc_value(f"biorxivist/attempts/{attempt.source}/{attempt.outcome}")
        level = logging.WARNING if attempt.outcome == "malformed" else logging.DEBUG
        logger.log(level, "%s: %s is %s: %s", draft.label, attempt.url, attempt.outcome, attempt.detail)
        if draft.every and draft.record:
            yield from self.older_versions(draft, step + 1)
        yield from self.next_step(draft, step + 1)

    def older_versions(self, draft: Draft, step: int) -> Iterator[Request | Paper]:
        """The next request for each version before the latest, which share the record."""
        draft.every = False
        for paper in draft.record.papers[:-1]:
            wanted = Preprint(paper.doi, paper.version, paper.server)
            key = Preprint(paper.doi, paper.version)
            if key not in self.asked:
                self.asked.add(key)
                older = replace(draft, wanted=wanted, attempts=list(draft.attempts))
                self.want([older.wanted])
                yield from self.next_step(older, step)

    def deliver(self, draft: Draft) -> Iterator[Paper]:
        """The paper, as far as its sources gave it."""
        paper = draft.paper()
        if paper is None:
            cause = next((a for a in draft.attempts if a.outcome in REFUSALS), draft.attempts[0])
            self.missing(draft.label, cause.outcome, f"{cause.source}: {cause.detail}")
            return
        if lost := lost_text(draft, paper) or lost_record(draft):
            self.missing(draft.label, lost.outcome, f"{lost.source}: {lost.detail}")
        if draft.known and not any(map(holds_text, paper.sections)):
            self.crawler.signals.send_catch_log(signals.paper_unchanged, doi=draft.label)
            return
        if draft.every:
            cause = draft.attempts[0]
            self.missing(f"{draft.label} (older versions)", cause.outcome, f"{cause.source}: {cause.detail}")
        yield paper

    async def fetched(self, request: Request) -> Response:
        """The answer to a request on the way to papers; raises `Unanswered`."""
        try:
            response = await self.crawler.engine.download_async(request)
            if response.status != 200:
                raise HttpError(response)
        except Exception as error:
            raise Unanswered(failed_attempt(request.meta["source"], request.url, Failure(error))) from None
        return response

    def missing(self, label: str, reason: str, detail: str) -> None:
        """Report a paper, or the text of one, that this run cannot deliver."""
        logger.warning("%s: %s (%s)", label, detail, reason)
        self.crawler.signals.send_catch_log(signals.paper_missing, doi=label, reason=reason, detail=detail)
