"""Write down what a run did: `run.json`, and `report.html` made of it."""

import atexit
import json
import logging
import os
import platform
import re
import resource
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from biorxivist.errors import UserError
from biorxivist.exit_status import exit_status
from biorxivist.extensions.completeness import Completeness
from biorxivist.extensions.runs import run_folder, run_name
from biorxivist.files import whole_file
from biorxivist.report import SCHEMA, render
from biorxivist.secrets import RedactedRecord, redacted

logger = logging.getLogger(__name__)

EVERY = 10
"""Seconds between two writings while a run goes on."""
# what decides how a run goes; a secret is never among them
SETTINGS = (
    "BIORXIV_URL", "MEDRXIV_URL", "BIORXIV_API_URL", "EUROPEPMC_URL", "EUROPEPMC_ANNOTATIONS_URL", "USER_AGENT", "ROBOTSTXT_OBEY", "DOWNLOAD_DELAY",
    "DOWNLOAD_SLOTS", "DOWNLOAD_TIMEOUT", "DOWNLOAD_MAXSIZE", "CONCURRENT_REQUESTS_PER_DOMAIN", "RETRY_TIMES", "RETRY_AFTER_TIMES",
    "RETRY_AFTER_DEFAULT", "RETRY_AFTER_MAX", "HTTPCACHE_ENABLED", "HTTPCACHE_EXPIRATION_SECS", "HTTPCACHE_IGNORE_MISSING",
    "BIORXIVIST_DATA", "BIORXIVIST_BROWSER", "JOBDIR",
)  # fmt: skip
PACKAGES = ("biorxivist", "scrapy", "twisted", "lxml", "pydantic")


class Record:
    """Keep the record of a run, from its first second: one that is killed leaves what was written last, marked as unfinished.

    It stands in `runs/TIME-SPIDER-PROCESS` of the data folder, `runs/latest` leads to it, and if BIORXIVIST_RECORD names a folder, there too.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.folders: list[Path] = []
        self.state = "running"
        self.name = ""
        self.clock = create_looping_call(self.write)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=scrapy_signals.spider_opened)
        crawler.signals.connect(extension.engine_stopped, signal=scrapy_signals.engine_stopped)
        logging.setLogRecordFactory(RedactedRecord)
        return extension

    def spider_opened(self) -> None:
        if getattr(self.crawler.spider.arguments, "preview", False):
            return
        started = datetime.now(UTC)
        self.name = run_name(started, self.crawler.spider.name)
        self.started = started.isoformat(timespec="seconds")
        settings = self.crawler.settings
        try:
            folder = run_folder(settings["BIORXIVIST_DATA"], self.name, settings.getint("BIORXIVIST_RUNS"))
            self.folders.append(folder)
        except (UserError, OSError) as error:
            logger.warning("no record of this run is kept: %s", error)
        if settings["BIORXIVIST_RECORD"]:
            self.folders.append(Path(settings["BIORXIVIST_RECORD"]).expanduser().absolute())
        atexit.register(self.left)
        self.clock.start(EVERY)

    def engine_stopped(self) -> None:
        if self.name:
            self.end("ended")
        if self.folders:
            logger.info("Report of this run: %s", self.folders[-1] / "report.html")

    def left(self) -> None:
        """The process ends while the run goes on, as after a second Ctrl-C."""
        if self.state == "running":
            self.end("stopped")

    def end(self, state: str) -> None:
        """Write the last record."""
        self.state = state
        if self.clock.running:
            self.clock.stop()
        self.write()
        atexit.unregister(self.left)

    def write(self) -> None:
        """Write the record, and at the end the report, wherever they are wanted; a disk that is full ends no crawl."""
        record = redacted(self.facts())
        for folder in list(self.folders):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                private = folder == self.folders[0]
                put(folder / "run.json", json.dumps(record, ensure_ascii=False, indent=1) + "\n", private)
                if self.state != "running":
                    put(folder / "report.html", render(record), private)
            except (UserError, OSError) as error:
                self.folders.remove(folder)
                logger.warning("the record of this run cannot be written to %s: %s", folder, error)

    # --- what it says -------------------------------------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """The record as JSON."""
        stats = self.crawler.stats.get_stats()
        ended = self.state == "ended"
        spider = self.crawler.spider
        return {
            "schema": SCHEMA,
            "run": self.name,
            "state": self.state,
            "spider": spider.name,
            "arguments": getattr(spider, "given", {}),
            "started": self.started,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "exit_status": exit_status(stats) if ended else None,
            "finish_reason": stats.get("finish_reason", ""),
            **self.papers(),
            "attempts": tree(stats, "biorxivist/attempts/"),
            "requests": requests(stats),
            "waits": waits(stats),
            "feeds": feeds(self.crawler),
            "log": {level: stats.get(f"log_count/{level}", 0) for level in ("WARNING", "ERROR", "CRITICAL")},
            "settings": {name: value for name in SETTINGS if (value := plain(self.crawler.settings.get(name))) is not None},
            "versions": versions(),
            "memory_mb": peak_memory(),
        }  # fmt: skip

    def papers(self) -> dict[str, Any]:
        """What was wanted, what came, what is missing and why."""
        known = self.crawler.get_extension(Completeness)
        return {
            "papers": {
                "found": known.found,
                "wanted": known.wanted,
                "delivered": len(known.delivered),
                "unchanged": known.unchanged,
                "missing": known.number(known.missing),
                "open": len(known.open),
                "withdrawn": known.withdrawn,
            },
            "counts": {name: dict(count.most_common()) for name, count in known.counts.items()},
            "missing": [
                {
                    "paper": paper,
                    "reason": reason,
                    "detail": detail,
                    "delivered": known.came(paper),
                    "count": known.number([paper]),
                }
                for paper, (reason, detail) in known.missing.items()
            ],
        }


def requests(stats: dict[str, Any]) -> dict[str, int]:
    """How much was asked and came."""
    names = {
        "sent": "downloader/request_count",
        "answered": "downloader/response_count",
        "bytes": "downloader/response_bytes",
        "from_archive": "httpcache/hit",
        "asked_again": "retry/count",
    }
    return {name: stats.get(stat, 0) for name, stat in names.items()}


@cache
def versions() -> dict[str, str]:
    """What the run runs on; reading it takes longer than all the rest of a record."""
    return {"python": platform.python_version(), "system": platform.system()} | {p: version(p) for p in PACKAGES}


def waits(stats: dict[str, Any]) -> list[dict[str, Any]]:
    """For each host: answers, and the seconds for which it was left alone, in all and by reason."""
    held, answers = tree(stats, "biorxivist/waited/"), tree(stats, "biorxivist/answers/")
    asked, shared = tree(stats, "biorxivist/retry_after/seconds/"), tree(stats, "biorxivist/pace/seconds/")
    found = []
    for host in sorted({*held, *asked}):
        why = {"retry_after": asked.get(host, 0), "other_crawls": shared.get(host, 0)}
        why["delay"] = max(0.0, held.get(host, 0) - sum(why.values()))
        why = {reason: round(seconds, 1) for reason, seconds in why.items()}
        found.append({"host": host, "answers": answers.get(host, 0), "seconds": round(sum(why.values()), 1), **why})
    return found


def feeds(crawler: Crawler) -> list[str]:
    """Where the papers went."""
    return [str(uri) for uri in crawler.settings.getdict("FEEDS")]


def tree(stats: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Stats below a prefix, nested by their slashes."""
    found: dict[str, Any] = {}
    for name, value in sorted(stats.items()):
        if name.startswith(prefix):
            *above, last = name.removeprefix(prefix).split("/")
            place = found
            for part in above:
                place = place.setdefault(part, {})
            place[last] = value
    return found


def plain(value: Any) -> Any:
    """A setting as JSON."""
    return json.loads(json.dumps(value, default=lambda v: dict(v) if hasattr(v, "items") else str(v)))


def peak_memory() -> int:
    """The most memory that this process has held, in MB."""
    with suppress(OSError):
        # what the system calls the most of a process is on Linux that of the program that started it, if it was larger
        if found := re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE):
            return int(found[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def put(path: Path, text: str, private: bool) -> None:
    """Write a file that is there whole or not at all; a private one for its owner alone."""
    with whole_file(path) as file:
        if private:
            os.fchmod(file.fileno(), 0o600)
        file.write(text.encode())
