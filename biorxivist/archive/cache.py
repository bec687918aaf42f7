"""The archive as Scrapy's HTTP cache."""

import asyncio
import logging
from time import time
from typing import ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.extensions.httpcache import DummyPolicy
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.url import strip_url

from biorxivist import signals
from biorxivist.archive.entries import Entry
from biorxivist.archive.store import Archive, ArchiveError
from biorxivist.errors import UserError
from biorxivist.exceptions import NotFetched

logger = logging.getLogger(__name__)

KEPT_HEADERS = (b"Content-Type", b"Date", b"ETag", b"Last-Modified")


def address(url: str) -> str:
    """An address as the archive knows it: without credentials and fragment."""
    return strip_url(url, strip_default_port=False)


class Policy(DummyPolicy):
    """Keep what a source has and what it has not. What reaches the cache has passed `Refused`, `RetryAfter` and the retries."""

    absent = frozenset({404, 410})
    statuses: ClassVar = {200} | absent

    def should_cache_request(self, request: Request) -> bool:
        return request.method == "GET" and super().should_cache_request(request)

    def should_cache_response(self, response: Response, request: Request) -> bool:
        return response.status in self.statuses and super().should_cache_response(response, request)


class Storage:
    """Scrapy's cache storage in the archive.

    Of a request's meta it reads `source`, `lasting`, `version` and `playwright` (see `Entry`) and `max_age` (seconds, in place of
    HTTPCACHE_EXPIRATION_SECS), and writes `archived` (the entry) and `cache_timestamp`.
    """

    def __init__(self, settings: BaseSettings):
        self.folder = settings["BIORXIVIST_DATA"]
        self.max_age = settings.getfloat("HTTPCACHE_EXPIRATION_SECS")
        self.offline = settings.getbool("HTTPCACHE_IGNORE_MISSING")
        self.archive: Archive | None = None

    def open_spider(self, spider: Spider) -> None:
        self.archive = opened(self.folder, self.offline)

    def close_spider(self, spider: Spider) -> None:
        if self.archive:
            self.archive.close()

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """The archive's answer to a request; None if it is to be asked."""
        max_age = None if self.offline else request.meta.get("max_age", self.max_age)
        version, browser = request.meta.get("version", 0), bool(request.meta.get("playwright"))
        entry = self.archive.find(address(request.url), version, browser, max_age)
        if entry is None:
            return None
        request.meta["cache_timestamp"] = entry.fetched
        kind = responsetypes.from_args(headers=entry.headers, url=entry.address, body=entry.body)
        response = kind(entry.address, status=entry.status, headers=entry.headers, body=entry.body)
        entry.body = b""
        request.meta["archived"] = entry
        return response

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Keep an answer under the address that was asked first."""
        meta = request.meta
        asked = meta.get("redirect_urls", [request.url])[0]
        absent = response.status in Policy.absent
        entry = Entry(
            address(asked),
            source=meta.get("source") or ("robots" if asked.endswith("/robots.txt") else "other"),
            version=meta.get("version", 0),
            browser=bool(meta.get("playwright")),
            lasting=bool(meta.get("lasting")) and not absent,
            outcome="not_found" if absent else "",
            fetched=time(),
            status=response.status,
            address=address(response.url),
            headers={
                name.decode(): response.headers[name].decode("latin-1")
                for name in KEPT_HEADERS
                if name in response.headers
            },
            body=response.body,
        )
        entry.id = self.archive.keep(entry)
        entry.body = b""
        meta["archived"], meta["cache_timestamp"] = entry, entry.fetched

    def judge(self, request: Request, outcome: str) -> None:
        """Take note of what a reader found in an answer; `unavailable` is no answer."""
        entry: Entry | None = request.meta.get("archived")
        if entry is None or entry.outcome == outcome or not self.archive.writable:
            return
        if outcome == "unavailable":
            self.archive.forget(entry.id)
        else:
            self.archive.judge(entry, outcome, bool(request.meta.get("lasting")) and outcome == "ok")
        entry.outcome = outcome


class Archived(HttpCacheMiddleware):
    """Answer from the archive what is in it. It stands before robots.txt, delays and refusals, which are about asking a host."""

    def __init__(self, *args: object):
        super().__init__(*args)
        self.ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler):
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware.document_read, signal=signals.document_read)
        return middleware

    def spider_opened(self, spider: Spider) -> None:
        try:
            super().spider_opened(spider)
        except ArchiveError as error:
            logger.error("%s", error)
            raise CloseSpider("archive_failed") from None

    def process_request(self, request: Request) -> Response | None:
        try:
            return super().process_request(request)
        except IgnoreRequest:
            raise NotFetched(
                "not_archived", "not in the archive, and HTTPCACHE_IGNORE_MISSING lets nothing be asked"
            ) from None

    def process_response(self, request: Request, response: Response) -> Response:
        try:
            return super().process_response(request, response)
        except ArchiveError as error:
            self.stop(error)
            return response

    def document_read(self, response: Response, outcome: str) -> None:
        try:
            self.storage.judge(response.request, outcome)
        except ArchiveError as error:
            self.stop(error)

    def stop(self, error: ArchiveError) -> None:
        """End the crawl: what is fetched and cannot be kept would have to be fetched again."""
        if self.ending is None:
            logger.error("%s. The crawl ends here", error)
            self.ending = asyncio.create_task(self.crawler.engine.close_spider_async(reason="archive_failed"))


def opened(folder: str, offline: bool) -> Archive:
    """The archive of a data folder, for reading alone if a crawl that asks nothing cannot write to it; raises `UserError`."""
    try:
        return Archive(folder)
    except ArchiveError:
        if not offline:
            raise
        return Archive(folder, readonly=True)


def unusable_archive(settings: BaseSettings) -> str:
    """Why what is fetched could not be kept; empty if it can."""
    if settings.getbool("HTTPCACHE_ENABLED"):
        try:
            opened(settings["BIORXIVIST_DATA"], settings.getbool("HTTPCACHE_IGNORE_MISSING")).close()
        except UserError as error:
            return str(error)
    return ""
