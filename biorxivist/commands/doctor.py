"""`scrapy doctor`: is everything there that a crawl needs, and what to do where it is not."""

import argparse
import os
from collections.abc import Iterator

from scrapy.exceptions import UsageError as Unusable
from scrapy.utils.conf import feed_process_params_from_cli

from biorxivist.commandline import FeedCommand
from biorxivist.destinations import compressed, with_format
from biorxivist.doctor import Check, Finding
from biorxivist.errors import UsageError, UserError
from biorxivist.secrets import secret_values, without

MARKS = {"ok": "ok", "note": "note", "off": "off", "wrong": "WRONG"}


class Command(FeedCommand):
    """Check the configuration, this machine and what is connected; exit status 0 if all that is configured works, else 1."""

    def syntax(self) -> str:
        return "[FEED…] [--online]"

    def short_desc(self) -> str:
        return "Check that all a crawl needs is there, and say what to do"

    def long_desc(self) -> str:
        return f"{self.__doc__} A FEED is a place as for -O, which is looked at without writing to it."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--online", action="store_true", help="also ask each source once, as politely as a crawl does"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.online and self.settings.getbool("HTTPCACHE_IGNORE_MISSING"):
            raise UsageError("--online asks the sources, HTTPCACHE_IGNORE_MISSING=True nobody: leave one of them out")
        if args:
            self.settings.set("FEEDS", self.feeds(args), "cmdline")
        secrets = secret_values(os.environ.items()) | secret_values(self.settings.items())
        wrong = 0
        for name, found in self.findings(opts.online):
            wrong += found.state == "wrong"
            print(f"{MARKS[found.state]:<7}{name:<16}{without(' '.join(found.text.split()), secrets)}", flush=True)
        if wrong:
            self.exitcode = 1
            print(f"{wrong} to mend" if wrong > 1 else "one thing to mend")

    def feeds(self, places: list[str]) -> dict[str, dict[str, str]]:
        """The setting FEEDS for places as -O takes them."""
        try:
            return compressed(
                feed_process_params_from_cli(self.settings, [], overwrite_output=list(map(with_format, places)))
            )
        except Unusable as error:
            raise UsageError(str(error)) from None

    def findings(self, online: bool) -> Iterator[tuple[str, Finding]]:
        """Every check's finding, as it comes."""
        for name, check in checks().items():
            yield name, self.found(check)
        if online:
            from biorxivist.doctor.online import sources

            yield from sources(self.settings)

    def found(self, check: Check) -> Finding:
        """What a check finds; what stops it is to be mended."""
        try:
            return check(self.settings)
        except UserError as error:
            return Finding("wrong", str(error))
        except Exception as error:
            return Finding("wrong", f"the check itself failed, {type(error).__name__}: {error}")


def checks() -> dict[str, Check]:
    """The checks in their order; what they need is loaded when it is their turn."""
    from biorxivist.doctor import machine, politeness, services

    return {
        "program": machine.python, "names": politeness.names, "contact": politeness.contact, "robots.txt": politeness.robots,
        "delays": politeness.delays, "addresses": politeness.sources, "data folder": machine.data, "feeds": machine.feeds,
        "Chromium": services.chromium, "Neo4j": services.neo4j, "S3": services.s3, "language model": services.language_model,
        "embeddings": services.embeddings,
    }  # fmt: skip
