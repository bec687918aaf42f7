"""`scrapy crawl`, with an exit status that tells whether the run is complete."""

import argparse
import logging
import sys

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import Crawler

from biorxivist.archive.cache import unusable_archive
from biorxivist.destinations import compressed, unusable_destination, with_format
from biorxivist.exit_status import FAILED, WRONG_ARGUMENTS, exit_status
from biorxivist.secrets import open_secret
from biorxivist.storages import unwritable_feed

# what Scrapy announces before and after a run; `-L DEBUG` shows it
ANNOUNCEMENTS = ("utils.log", "crawler", "addons", "middleware", "core.engine", "spidermiddlewares.httperror")
# scheduled again with the same arguments, a job goes on with its feed
JOB_FEED = "%(data)s/feeds/%(name)s-%(query)s.jsonl"


def tells_of_the_run(record: logging.LogRecord) -> bool:
    """Whether a line is more than an announcement: what Ctrl-C does must be seen, since a clean end may take long."""
    return record.levelno > logging.INFO or record.msg.startswith("Received ")


class Command(crawl.Command):
    """Run a spider; exit status 0 complete, 1 failed, 2 wrong arguments, 3 incomplete."""

    crawler: Crawler | None = None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        opts.output = [with_format(element) for element in opts.output or ()]
        opts.overwrite_output = [with_format(element) for element in opts.overwrite_output or ()]
        super().process_options(args, opts)
        feeds = self.settings.getdict("FEEDS")
        if "_job" in opts.spargs and not feeds:
            # a job of Scrapyd: without a feed, what it reads would be lost
            feeds = {JOB_FEED: {"format": "jsonl"}}
        self.settings.set("FEEDS", compressed(feeds), priority="cmdline")
        if self.settings["LOG_FILE"]:
            self.settings.set("LOG_DATEFORMAT", "%Y-%m-%d %H:%M:%S", priority="project")
        if self.settings["LOG_LEVEL"] != "DEBUG":
            for name in ANNOUNCEMENTS:
                # a level would be reset when Scrapy configures its logs
                logging.getLogger(f"scrapy.{name}").addFilter(tells_of_the_run)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        loader = self.crawler_process.spider_loader
        try:
            spider = loader.load(args[0]) if args else None
        except KeyError:
            self.fail(WRONG_ARGUMENTS, f"no spider {args[0]}: there are {', '.join(loader.list())}")
            return
        if fault := open_secret(self.settings):
            self.fail(WRONG_ARGUMENTS, fault)
        elif spider and (fault := self.fault(spider)):
            self.fail(FAILED, fault)
        else:
            super().run(args, opts)
            if self.crawler:
                self.exitcode = self.exitcode or exit_status(self.crawler.stats.get_stats())

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spidercls)
        return self.crawler

    def fault(self, spider: type[Spider]) -> str:
        """Why nothing of a crawl could be kept; empty if all can."""
        return (
            unusable_archive(self.settings)
            or unusable_destination(self.settings, spider)
            or unwritable_feed(self.settings)
        )

    def fail(self, status: int, message: str) -> None:
        """Say in one line why nothing was crawled."""
        print(f"scrapy crawl: {message}", file=sys.stderr)
        self.exitcode = status
