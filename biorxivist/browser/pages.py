"""Which requests go through the browser, and what becomes of them where there is none."""

import logging
from typing import Self

from playwright.async_api import Error
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy_playwright.page import PageMethod

from biorxivist.browser.chromium import why_none
from biorxivist.browser.visit import Limits, Visit
from biorxivist.exceptions import NotFetched

logger = logging.getLogger(__name__)


class Pages:
    """Open a page in the browser whose request has `playwright` and `browser` in its meta.

    `browser` holds `plain`, the answer without a browser, and two selectors: of what a script puts there, `wanted`, and of its `ending`.
    Nobody else uses the browser: no JATS, no API answer ever goes through it.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        settings = crawler.settings
        self.wanted = settings["BIORXIVIST_BROWSER"]
        self.absent = "" if settings["PLAYWRIGHT_LAUNCH_OPTIONS"] else why_none(self.wanted)
        self.warned = False
        self.context = {"user_agent": settings["USER_AGENT"], "service_workers": "block", "accept_downloads": False}
        self.limits = Limits(
            settings.getint("BROWSER_REQUESTS"),
            settings.getfloat("BROWSER_TIMEOUT"),
            settings.getfloat("BROWSER_QUIET"),
            settings.getint("DOWNLOAD_MAXSIZE"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        page = request.meta.get("browser")
        if not page:
            return
        if self.absent:
            raise self.not_opened(request)
        visit = Visit(self.crawler, request.url, page["plain"], page["ending"], page["wanted"], self.limits)
        request.meta.update(
            playwright_context_kwargs=self.context,
            playwright_page_goto_kwargs={"wait_until": "commit"},
            playwright_page_init_callback=visit.prepare,
            playwright_page_methods=[PageMethod(visit.settle)],
            # the page's own requests wait in the host's slot, and the page for them
            download_slot="browser",
        )

    def not_opened(self, request: Request) -> NotFetched:
        """What becomes of a page where no browser is."""
        level = logging.INFO if self.wanted == "no" or self.warned else logging.WARNING
        self.warned = True
        logger.log(
            level, "%s would have been opened in a browser: a script puts its text there; %s", request.url, self.absent
        )
        outcome = "unwanted" if self.wanted == "no" else "unavailable"
        return NotFetched(outcome, f"a script puts the text there; {self.absent}")

    def process_exception(self, request: Request, exception: Exception) -> None:
        if request.meta.get("browser") and isinstance(exception, Error):
            raise NotFetched("unavailable", f"the browser: {exception.message.splitlines()[0]}")
