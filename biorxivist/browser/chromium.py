"""The system's Chromium: where it is, and how it is started. It never reaches the network by itself."""

import asyncio
import logging
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Page
from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import PlaywrightBrowserProvider

from biorxivist.handlers import Http
from biorxivist.middlewares import SITES

logger = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    # every answer comes from Scrapy: what slips through finds no host, addresses in numbers included
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
)


def find_chromium(wanted: str) -> str:
    """Path of the browser that `BIORXIVIST_BROWSER` wants: `auto` looks for one, `no` is none, else a path or a name.

    Empty if there is none.
    """
    if wanted == "no":
        return ""
    if wanted != "auto":
        return shutil.which(wanted) or ""
    folders = (Path("/Applications"), Path.home() / "Applications")
    apps = (str(folder / name) for folder in folders for name in MACOS)
    return next(filter(None, map(shutil.which, (*NAMES, *apps))), "")


def why_none(wanted: str) -> str:
    """Why `find_chromium` found none, and what to do."""
    if wanted == "no":
        return "BIORXIVIST_BROWSER=no"
    if wanted != "auto":
        return f"BIORXIVIST_BROWSER={wanted} is no program"
    return "no Chromium was found: install one, or name it by BIORXIVIST_BROWSER"


def launch_options(path: str) -> dict[str, Any]:
    """What Playwright needs to start the browser of a path."""
    # Chromium has no sandbox for root
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*FLAGS, *sandbox]}


class Lazy(PlaywrightBrowserProvider):
    """Start Playwright's driver, a process of its own, with the first page that needs it and not with the crawl."""

    async def start(self) -> None:
        """Nothing yet."""

    async def launch_browser(self) -> Browser:
        if self.browser_type is None:
            await super().start()
        return await super().launch_browser()


class PageOrHttp(ScrapyPlaywrightDownloadHandler, Http):
    """Open in the browser what asks for it; all else is downloaded as without a browser."""

    async def _create_page(self, request: Request, spider: Spider) -> Page:
        await self.renew_driver()
        return await super()._create_page(request, spider)

    async def renew_driver(self) -> None:
        """Start anew if Playwright's driver is gone. No event tells that, and the end of its pages would be waited for for ever."""
        if not hasattr(self, "browser"):
            return
        try:
            session = await self.browser.new_browser_cdp_session()
            await session.detach()
        except Error:
            # a browser that is gone by itself is known to be
            if self.browser.is_connected():
                logger.warning("the driver of the browser has ended: another one is started")
                del self.browser
                self.context_wrappers.clear()
                self.context_semaphore = asyncio.Semaphore(self.config.max_contexts)
                await self.browser_provider.close()
                self.browser_provider = self.browser_provider_cls(self.config)


def never(request: Any) -> bool:
    """Abort every request that `Visit` does not answer."""
    return True


class Chromium:
    """Scrapy add-on: let pages be opened in the system's Chromium, if there is one."""

    def update_settings(self, settings: BaseSettings) -> None:
        path = find_chromium(settings["BIORXIVIST_BROWSER"])
        if not path:
            return
        if settings["LOG_LEVEL"] != "DEBUG":
            # a page that fails is told as an attempt, without a traceback
            logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        for scheme in {urlsplit(settings[name]).scheme for name in SITES}:
            # in place of the project's own
            settings["DOWNLOAD_HANDLERS"].set(scheme, "biorxivist.browser.chromium.PageOrHttp", "project")
        for name, value in {
            "BROWSER_PROVIDER": "biorxivist.browser.chromium.Lazy",
            "LAUNCH_OPTIONS": launch_options(path),
            "ABORT_REQUEST": "biorxivist.browser.chromium.never",
            "PROCESS_REQUEST_HEADERS": None,
            "MAX_CONTEXTS": 1,
            "MAX_PAGES_PER_CONTEXT": 1,
            "DOWNLOAD_TIMEOUT": 1000,  # default 30 s, for which an aborted navigation is waited
            "DEFAULT_NAVIGATION_TIMEOUT": settings.getfloat("BROWSER_TIMEOUT") * 1000,
        }.items():
            settings.set(f"PLAYWRIGHT_{name}", value, "addon")
