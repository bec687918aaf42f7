"""`scrapy crawl sources`, as `scrapy doctor --online` runs it: each source is asked once, as every crawl asks it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

from scrapy import Request
from scrapy.settings import BaseSettings

from biorxivist import arguments
from biorxivist.identifiers import landing_url
from biorxivist.items import Attempt
from biorxivist.readers.annotations import read_annotations
from biorxivist.readers.record import read_interval
from biorxivist.readers.results import EmptyAnswer, read_results
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.paper import PaperSpider, Unanswered

# papers that do exist, a version each
PAPERS = {"biorxiv": ("10.1101/2023.10.19.563100", 1), "medrxiv": ("10.1101/2024.01.24.24301711", 1)}
DAY = date(2024, 1, 24)
MINED = "PPR1221387"


class SourcesSpider(PaperSpider):
    """Whether each source answers: `attempts` has an entry for each, by its name."""

    name = "sources"
    internal = True
    accepts = arguments.Arguments

    def __init__(self, name: str | None = None, **given: Any):
        super().__init__(name, **given)
        self.attempts: dict[str, Attempt] = {}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # once means once, and what is answered now is what is asked for
        once = {"RETRY_TIMES": 0, "RETRY_AFTER_TIMES": 0, "FEEDS": {}, "NEO4J_URI": ""}
        extensions = dict.fromkeys(settings.getdict("EXTENSIONS")) | {"biorxivist.extensions.crawl_delay.CrawlDelay": 0}
        for name, value in {**once, "EXTENSIONS": extensions}.items():
            settings.set(name, value, priority=100)

    async def start(self) -> AsyncIterator[Request]:
        """All sources at once, each at its own pace."""
        where = self.addresses
        query = where.search('SRC:PPR AND PUBLISHER:"bioRxiv"', page_size=1)
        await asyncio.gather(
            self.ask("bioRxiv", landing_url(where.sites["biorxiv"], *PAPERS["biorxiv"])),
            self.ask("medRxiv", landing_url(where.sites["medrxiv"], *PAPERS["medrxiv"])),
            self.ask("bioRxiv API", where.listing("biorxiv", DAY, DAY), lambda body: read_interval(json_object(body))),
            self.ask("Europe PMC", query, lambda body: read_results(json_object(body))),
            self.ask("annotations", where.annotations_of([MINED]), read_annotations),
        )
        return
        yield

    async def ask(self, name: str, url: str, read: Callable[[bytes], Any] | None = None) -> None:
        """Ask one source; an API's answer is read."""
        try:
            response = await self.fetched(Request(url, meta={"source": name, "dont_cache": True, "max_retry_times": 0}))
            self.attempts[name] = Attempt(name, url, "ok", response.status)
            if read:
                read(response.body)
        except Unanswered as error:
            self.attempts[name] = error.attempt
        except EmptyAnswer:
            # comes now and then, and every crawl asks again
            pass
        except MalformedDocument as error:
            self.attempts[name] = Attempt(name, url, "malformed", response.status, str(error))
