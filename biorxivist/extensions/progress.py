"""A progress bar on a terminal."""

import logging
import os
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Self

from scrapy import Spider
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm

from biorxivist import signals
from biorxivist.extensions.completeness import Completeness

LOOKING = "looking for papers{postfix} [{elapsed}]"
COMING = "{percentage:3.0f}% |{bar:20}| {n_fmt} of {total_fmt} papers{postfix} [{elapsed}, {remaining} left]"


class Progress:
    """On a terminal, show that papers are looked for, how many came, with and without full text, what was refused, and what the run waits for.

    Elsewhere the lines of the log tell it.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.bar: tqdm | None = None
        self.clock = create_looping_call(self.refresh)
        self.handlers: list[logging.StreamHandler] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=scrapy_signals.spider_opened)
        crawler.signals.connect(extension.papers_found, signal=signals.papers_found)
        crawler.signals.connect(extension.spider_closed, signal=scrapy_signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if not spider.arguments.preview:
            self.bar = tqdm(bar_format=LOOKING, dynamic_ncols=True, leave=False, file=sys.stderr)
            self.keep_lines_whole()
            self.clock.start(1)

    def papers_found(self, wanted: int) -> None:
        if self.bar is not None and wanted:
            self.bar.bar_format, self.bar.total = COMING, wanted

    def keep_lines_whole(self) -> None:
        """Have the bar step aside for every line that the log writes to the terminal."""
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream in (sys.stderr, sys.stdout):
                handler.emit = above(handler)
                self.handlers.append(handler)

    def refresh(self) -> None:
        known = self.crawler.get_extension(Completeness)
        told = [self.waiting()]
        if self.bar.total:
            self.bar.total, self.bar.n = known.wanted, known.settled
            told.insert(0, counts(known))
        self.bar.set_postfix_str("; ".join(filter(None, told)))

    def waiting(self) -> str:
        """The host that the run waits for, and until when."""
        now = monotonic()
        slots = {host: slot for host, slot in self.crawler.engine.downloader.slots.items() if slot.queue}
        waits = {host: slot.lastseen + slot.delay - now for host, slot in slots.items()}
        host = max(waits, key=waits.get, default="")
        if not host or waits[host] <= 0:
            return ""
        seconds = waits[host]
        # longer than between two requests: the host asked to be left alone
        if seconds <= slots[host].delay:
            return f"next request to {host} in {seconds:.0f} s"
        until = (datetime.now(UTC) + timedelta(seconds=seconds)).astimezone()
        return f"{host} asks to wait until {until:%H:%M:%S}"

    def spider_closed(self) -> None:
        if self.bar is None:
            return
        self.clock.stop()
        self.bar.close()
        for handler in self.handlers:
            del handler.emit


def above(handler: logging.StreamHandler):
    """A handler's `emit` that writes above the bar."""
    emit = handler.emit

    def emit_above(record: logging.LogRecord) -> None:
        with tqdm.external_write_mode(file=handler.stream):
            emit(record)

    return emit_above


def counts(known: Completeness) -> str:
    """How many papers have their full text, and why others lack it."""
    reasons = Counter(reason for reason, _ in known.missing.values())
    told = [(sum(n for (coverage, _), n in known.kinds.items() if coverage == "full_text"), "with full text")]
    told += [(n, reason.replace("_", " ")) for reason, n in reasons.most_common()]
    return ", ".join(f"{n} {what}" for n, what in told)
