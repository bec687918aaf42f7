"""Politeness on the way to a document: known hosts only, robots.txt, refusals taken as such, `Retry-After` waited for."""

import asyncio
import logging
import re
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from biorxivist import signals
from biorxivist.exceptions import NotFetched

logger = logging.getLogger(__name__)

SITES = ("BIORXIV_URL", "MEDRXIV_URL")
APIS = ("BIORXIV_API_URL", "EUROPEPMC_URL", "EUROPEPMC_ANNOTATIONS_URL")


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc.lower().rpartition("@")[2]


class Hosts:
    """Let only the configured hosts be asked, redirects included, and give each a download slot of its own."""

    def __init__(self, hosts: set[str]):
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls({host_of(crawler.settings[name]) for name in SITES + APIS})

    def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        if host not in self.hosts:
            raise NotFetched("off_host", f"leads to {host}, which is none of the sources")
        # Scrapy's own key leaves out the port, which is all that tells the hosts of the local site apart
        request.meta["download_slot"] = host


def is_robots_txt(body: bytes) -> bool:
    """Whether a file names a robot, or says nothing beside comments."""
    lines = [line.strip().lower() for line in body.removeprefix(b"\xef\xbb\xbf").splitlines()]
    said = [line for line in lines if line and not line.startswith(b"#")]
    return not said or any(line.startswith(b"user-agent") for line in said)


class Robots(RobotsTxtMiddleware):
    """Obey robots.txt of the sites; the documented APIs are asked without it."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.sites = {host_of(crawler.settings[name]) for name in SITES}
        self.unreadable: dict[str, str] = {}
        # Scrapy 2.14 to 2.19 lets all but the first two requests pass that wait for one robots.txt
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        if host in self.sites and not request.meta.get("dont_obey_robotstxt"):
            parser = await self.robot_parser(request)
            if host in self.unreadable:
                raise NotFetched("disallowed", f"robots.txt of {host} could not be read: {self.unreadable[host]}")
            try:
                self.process_request_2(parser, request)
            except IgnoreRequest:
                raise NotFetched("disallowed", f"robots.txt of {host} disallows {urlsplit(request.url).path}") from None

    async def robot_parser(self, request: Request) -> RobotParser | None:
        async with self.locks[host_of(request.url)]:
            return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status in (404, 410):
            response = response.replace(body=b"")
        elif response.status != 200:
            raise NotFetched("disallowed", f"HTTP status {response.status}", response.status)
        elif not is_robots_txt(response.body):
            raise NotFetched("disallowed", "it is something else than a robots.txt")
        await super()._parse_robots(response, netloc, request)
        self.crawler.signals.send_catch_log(signals.document_read, response=response, outcome="ok")

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.unreadable[netloc] = str(exc) or type(exc).__name__
        if getattr(exc, "outcome", "") != "not_asked":
            logger.warning(
                "%s: robots.txt could not be read (%s), so nothing is fetched from there",
                netloc,
                self.unreadable[netloc],
            )
        super()._robots_error(exc, netloc)


TITLE = re.compile(rb"<title>\s*(?:Just a moment\.\.\.|Attention Required! \| Cloudflare)\s*</title>", re.IGNORECASE)
MARKS = (b"_cf_chl_opt", b"cf-browser-verification", b"cf-error-details")


def is_challenge(response: Response) -> bool:
    """Whether a page asks for a proof of being human. Real article pages have the bare word "cloudflare", so it is no sign."""
    return TITLE.search(response.body, 0, 5000) is not None or any(mark in response.body for mark in MARKS)


def withdraw(crawler: Crawler, host: str, error: NotFetched, source: str = "") -> None:
    """Take back the requests that wait in a host's download slot, those of one source or all: they fail with the error."""
    slot = crawler.engine.downloader.slots[host]
    for request, result in list(slot.queue):
        if source in ("", request.meta.get("source")):
            slot.queue.remove((request, result))
            result.errback(Failure(error))


class Refused:
    """Take a challenge page as a refusal, and ask that host for no more documents of that kind in this run."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.closed: set[tuple[str, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if (host_of(request.url), request.meta.get("source")) in self.closed:
            raise self.not_asked()

    def not_asked(self) -> NotFetched:
        """What becomes of a request to a closed kind of address."""
        return NotFetched("refused", "not asked: this host answered the same kind of address with a challenge page")

    def process_response(self, request: Request, response: Response) -> Response:
        if not is_challenge(response):
            return response
        host, source = host_of(request.url), request.meta.get("source")
        # robots.txt has no source: without it the host is closed anyway
        if source and (host, source) not in self.closed:
            self.closed.add((host, source))
            withdraw(self.crawler, host, self.not_asked(), source)
            logger.warning(
                "%s answers with a challenge page: no more %s addresses are asked for there in this run", host, source
            )
        raise NotFetched("refused", "a challenge page instead of the document", response.status)


class RetryAfter:
    """Wait as long as a host asks, and ask again up to three times; a host that asks for more than ten minutes is left alone."""

    statuses = frozenset({429, 503})

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.times = crawler.settings.getint("RETRY_AFTER_TIMES")
        self.default = crawler.settings.getfloat("RETRY_AFTER_DEFAULT")
        self.longest = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self.opens: dict[str, float] = {}
        self.held: dict[str, float] = {}
        crawler.signals.connect(self.run_ends, signal=signals.run_ends)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        if self.opens.get(host, 0) > monotonic():
            raise self.not_asked(host)

    def not_asked(self, host: str) -> NotFetched:
        """What becomes of a request to a host that asked for too long a wait."""
        return NotFetched("throttled", f"not asked: {host} wants to be left alone for more than {self.longest:.0f} s")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in self.statuses:
            return response
        host = host_of(request.url)
        tried = request.meta.get("retry_after_times", 0)
        wait = retry_after(response.headers.get(b"Retry-After", b"").decode("latin-1"))
        if wait is None:
            wait = self.default * 2**tried
        self.crawler.signals.send_catch_log(signals.host_waits, host=host, seconds=wait)
        if wait > self.longest:
            self.opens[host] = monotonic() + wait
            withdraw(self.crawler, host, self.not_asked(host))
            logger.warning("%s asks to wait %.0f s: it is not asked again in this run until then", host, wait)
            raise NotFetched("throttled", f"asked to wait {wait:.0f} s", response.status)
        held = self.hold(host, wait)
        if tried >= self.times:
            outcome = "throttled" if response.status == 429 else "unavailable"
            detail = (
                f"still HTTP status {response.status} after {tried} waits"
                if tried
                else f"HTTP status {response.status}"
            )
            raise NotFetched(outcome, detail, response.status)
        logger.info("%s asks to wait: next request there in %.0f s", host, wait)
        self.crawler.stats.inc_value("biorxivist/retry_after/count")
        self.count(host, held)
        again = request.replace(dont_filter=True, priority=request.priority + 1)
        again.meta["retry_after_times"] = tried + 1
        return again

    def count(self, host: str, seconds: float) -> None:
        """Take note of time that a host asks for."""
        self.crawler.stats.inc_value("biorxivist/retry_after/seconds", seconds)
        self.crawler.stats.inc_value(f"biorxivist/retry_after/seconds/{host}", seconds)

    def run_ends(self) -> None:
        """Take what nobody waits for any more off the count."""
        for host, end in self.held.items():
            self.count(host, min(0.0, monotonic() - end))

    def hold(self, host: str, seconds: float) -> float:
        """Send nothing to a host for some seconds, what waits in its slot included; gives those that nobody asked for before."""
        now, before = monotonic(), self.held.get(host, 0.0)
        self.held[host] = max(before, now + seconds)
        slot = self.crawler.engine.downloader.slots[host]
        # a slot without a delay does not look at the time of its last request
        slot.delay = max(slot.delay, 0.001)
        slot.lastseen = self.held[host] - slot.delay
        return self.held[host] - max(now, before)


def retry_after(value: str) -> float | None:
    """Seconds that a `Retry-After` header asks for, given as seconds or as a date; None without a readable one."""
    if re.fullmatch(r"\s*\d{1,9}\s*", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
