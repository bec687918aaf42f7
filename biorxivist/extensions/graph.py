"""Write papers to Neo4j while they are crawled."""

import asyncio
import logging
import time
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured

from biorxivist.graph.faults import GraphError, Unreachable
from biorxivist.graph.live import LiveNeo4j
from biorxivist.graph.server import Address
from biorxivist.items import AnnotatedPaper, Paper

logger = logging.getLogger(__name__)


class Graph:
    """Keep the graph up with a crawl. A crawl waits for its graph, and goes on without it if it is lost."""

    def __init__(self, crawler: Crawler):
        settings = crawler.settings
        self.crawler = crawler
        self.address = Address.of(settings)
        self.papers, self.seconds = settings.getint("NEO4J_BATCH"), settings.getfloat("NEO4J_BATCH_SECONDS")
        self.pause = settings.getfloat("NEO4J_PAUSE")
        self.batch: list[Paper] = []
        self.due = self.resumes = 0.0
        self.lock = asyncio.Lock()
        self.written = self.unwritten = 0
        self.why = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings["NEO4J_URI"]:
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        try:
            self.store = LiveNeo4j(self.address)
            await self.store.open()
        except Unreachable as error:
            self.lost(error)
        except GraphError as error:
            # a wrong password is mended before, not after a long crawl
            logger.error("%s", error)
            raise CloseSpider("graph_unavailable") from None

    async def item_scraped(self, item: Paper | AnnotatedPaper) -> None:
        # the passages that annotations belong to may not be there yet
        if isinstance(item, AnnotatedPaper):
            return
        self.batch.append(item)
        if len(self.batch) >= self.papers or time.monotonic() >= self.due:
            await self.flush()

    async def flush(self) -> None:
        """Write what has come. Whoever scrapes more meanwhile waits at the lock."""
        async with self.lock:
            batch, self.batch = self.batch, []
            self.due = time.monotonic() + self.seconds
            if not batch:
                return
            if time.monotonic() < self.resumes:
                self.unwritten += len(batch)
                return
            try:
                await self.store.write(batch)
                self.written += len(batch)
            except GraphError as error:
                self.unwritten += len(batch)
                self.lost(error)

    def lost(self, error: GraphError) -> None:
        """Go on without the graph for a while."""
        self.why = str(error)
        self.resumes = time.monotonic() + self.pause
        logger.warning("graph: %s; the crawl goes on, the feed has everything", error)

    async def spider_closed(self) -> None:
        if not hasattr(self, "store"):
            return
        self.resumes = 0.0
        await self.flush()
        await self.store.close()
        self.crawler.stats.set_value("biorxivist/graph/written", self.written)
        self.crawler.stats.set_value("biorxivist/graph/unwritten", self.unwritten)
        if self.unwritten:
            feeds = [str(uri) for uri in self.crawler.settings.getdict("FEEDS")] or ["papers.jsonl"]
            message = "graph: %d papers written, %d not (%s). Later: scrapy graph load %s"
            logger.warning(message, self.written, self.unwritten, self.why, " ".join(feeds))
        elif self.written:
            logger.info("graph: %d papers written to %s", self.written, self.address.uri)
