"""One page in the browser. Whatever it asks for is fetched by Scrapy, so that every rule of the crawl holds, or not at all."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Error, Page, Route
from playwright.async_api import Request as Wanted
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from w3lib.url import url_query_cleaner

from biorxivist import signals
from biorxivist.exceptions import NotFetched
from biorxivist.middlewares import host_of

logger = logging.getLogger(__name__)

KINDS = {"script": "script", "xhr": "data", "fetch": "data"}
# Cloudflare's own: a challenge is a refusal, and no text comes from there
CLOUDFLARE = "/cdn-cgi/"
# what scripts add to an address so that no cache knows it
CACHE_BUSTERS = ["_"]
PASSED_ON = ("accept", "x-requested-with", "x-request-path")
STEP = 0.1
# the page's own clock, which stands still while its scripts compute
PAUSE = "new Promise(done => setTimeout(() => done(document.readyState === 'complete'), 100))"
END = "wanted => [document.querySelector(wanted) !== null, document.documentElement.outerHTML.length]"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one page may take."""

    requests: int
    """Scripts and data requests."""
    seconds: float
    """For which it may compute; waiting for its turn at the host is not counted."""
    quiet: float
    """Seconds without a request, after which nothing more is expected."""
    size: int
    """Characters of the page at its end."""


class Visit:
    """A page that is open in the browser: what it is given, what it is refused, and when it is complete."""

    def __init__(self, crawler: Crawler, url: str, plain: bytes, ending: str, wanted: str, limits: Limits):
        self.crawler = crawler
        self.url = url
        self.plain = plain
        self.ending = ending
        self.wanted = wanted
        self.limits = limits
        self.counts: Counter[str] = Counter()
        self.failures: dict[str, list[NotFetched]] = {"data": [], "script": []}
        self.asked = self.fetching = 0
        self.opened = False
        self.turn = asyncio.Lock()
        self.complete = asyncio.Event()

    async def prepare(self, page: Page, request: Request) -> None:
        """Take over all requests of a new page."""
        page.on("popup", lambda popup: popup.close())
        await page.route("**/*", self.answer)

    async def answer(self, route: Route) -> None:
        """Give a page what it asks for, or nothing."""
        with suppress(Error):  # the page was closed meanwhile
            if not self.opened and route.request.is_navigation_request():
                self.opened = True
                # the plain answer is known: it is not fetched twice
                await route.fulfill(status=200, content_type="text/html", body=self.plain)
                return
            kind = self.kind(route.request)
            response = await self.fetch(route.request, kind) if kind else None
            self.counts[kind if response else "aborted"] += 1
            if response is None:
                await route.abort()
            else:
                type = response.headers.get(b"Content-Type", b"").decode("latin-1")
                await route.fulfill(status=response.status, headers={"Content-Type": type}, body=response.body)

    def kind(self, wanted: Wanted) -> str:
        """`script` or `data` for what a page may ask its own site for; empty for all else."""
        own = host_of(wanted.url) == host_of(self.url) and CLOUDFLARE not in wanted.url
        # a page is read and not operated: nothing is posted
        return KINDS.get(wanted.resource_type, "") if own and wanted.method == "GET" else ""

    async def fetch(self, wanted: Wanted, kind: str) -> Response | None:
        """The answer to a request of the page, by Scrapy's own way; None if there is none to be had."""
        self.fetching += 1
        try:
            # one at a time, so that none is sent for a page that is complete
            async with self.turn:
                if self.complete.is_set() or self.asked >= self.limits.requests:
                    return None
                self.asked += 1
                return await self.download(wanted, self.failures[kind])
        finally:
            self.fetching -= 1

    async def download(self, wanted: Wanted, failures: list[NotFetched]) -> Response | None:
        """The answer, unless the page is complete before; why there is none is noted."""
        url = url_query_cleaner(wanted.url, CACHE_BUSTERS, remove=True)
        headers = {name: value for name in PASSED_ON if (value := wanted.headers.get(name))}
        request = Request(url, headers=headers, meta={"source": "browser"})
        download = asyncio.ensure_future(self.answered(request, failures))
        complete = asyncio.ensure_future(self.complete.wait())
        # a download that nobody waits for any more ends in its own time
        await asyncio.wait((download, complete), return_when=asyncio.FIRST_COMPLETED)
        complete.cancel()
        return download.result() if download.done() else None

    async def answered(self, request: Request, failures: list[NotFetched]) -> Response | None:
        """What Scrapy has for a request; why it has nothing goes to the failures."""
        try:
            response = await self.crawler.engine.download_async(request)
        except NotFetched as error:
            failures.append(error)
        except DownloadCancelledError:
            failures.append(NotFetched("too_large", "larger than DOWNLOAD_MAXSIZE"))
        except Exception as error:
            failures.append(NotFetched("unavailable", f"{type(error).__name__}: {error}"))
        else:
            if response.status >= 400:
                failures.append(NotFetched("unavailable", f"HTTP status {response.status}", response.status))
            # scripts are shared by pages: the archive keeps them for the next one
            self.crawler.signals.send_catch_log(signals.document_read, response=response, outcome="ok")
            return response
        return None

    async def settle(self, page: Page) -> None:
        """Wait until the page has what is wanted, or asks for nothing more; raises `NotFetched` if it is no document then."""
        ending = asyncio.ensure_future(page.wait_for_selector(self.ending, state="attached", timeout=0))
        tasks = ending, asyncio.ensure_future(self.quiet(page)), asyncio.ensure_future(self.overdue())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.complete.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.report()
        try:
            found, size = await asyncio.wait_for(page.evaluate(END, self.wanted), self.limits.seconds)
        except TimeoutError:
            raise NotFetched("unavailable", f"its script did not end in {self.limits.seconds:g} s") from None
        except Error as error:
            # Playwright's handler would open the page once more
            raise NotFetched("unavailable", f"the browser: {error.message.splitlines()[0]}") from None
        failures = self.failures["data"] + self.failures["script"]
        if failures and (not found or any(failure.outcome == "not_asked" for failure in failures)):
            # the text comes with the data rather than with a script; scripts that robots.txt disallows are many
            first = min(failures, key=lambda failure: failure.outcome == "disallowed")
            raise NotFetched(first.outcome, f"what its script asks for: {first.detail}", first.status)
        if size > self.limits.size:
            raise NotFetched("too_large", f"the page grew to {size:,} characters")

    async def quiet(self, page: Page) -> None:
        """Return when the page is loaded and has asked for nothing for a while."""
        idle = 0.0
        while idle < self.limits.quiet:
            loaded = await page.evaluate(PAUSE)
            idle = idle + STEP if loaded and not self.fetching else 0.0

    async def overdue(self) -> None:
        """Return when the page has had its time, waiting for its turn at the host not counted."""
        taken = 0.0
        while taken < self.limits.seconds:
            await asyncio.sleep(STEP)
            taken += 0.0 if self.fetching else STEP

    def report(self) -> None:
        """Count what the page asked for."""
        stats = self.crawler.stats
        stats.inc_value("biorxivist/browser/pages")
        for kind, count in self.counts.items():
            stats.inc_value(f"biorxivist/browser/{kind}", count)
        told = ", ".join(f"{self.counts[kind]} {kind}" for kind in ("script", "data", "aborted"))
        logger.info("Opened %s in a browser: its requests: %s", self.url, told)
