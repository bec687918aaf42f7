"""`scrapy diff`: what differs between two items, or two versions of a paper."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from biorxivist.commandline import FeedCommand
from biorxivist.differences import compare
from biorxivist.differences.pairs import Found, find_pairs, read_operands
from biorxivist.differences.report import as_html, as_text
from biorxivist.errors import UsageError, UserError
from biorxivist.feed import read_feed
from biorxivist.files import whole_file
from biorxivist.identifiers import Preprint
from biorxivist.items import Paper

SAME, DIFFERENT, TROUBLE = 0, 1, 2


class Command(FeedCommand):
    """Compare two items; exit status 0 no differences, 1 differences, 2 trouble, as `diff` has it."""

    def syntax(self) -> str:
        return "FEED FEED [DOI…] | FEED [DOI…] | [FEED] DOI DOI|vN  [--html FILE] [--limit N]"

    def short_desc(self) -> str:
        return "Show what differs between two items, or two versions of a paper"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", metavar="FILE", help="write a page with the words marked (- is standard output)")
        parser.add_argument(
            "--limit",
            type=int,
            default=0,
            metavar="N",
            help="show the first N differences of each paper (default: all)",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            if opts.limit < 0:
                raise UsageError(f"--limit {opts.limit}: a number of 0 or more")
            found = find_pairs(read_operands(args), lambda preprints: crawled(preprints, opts.set))
            self.exitcode = self.show(found, opts)
        except UserError as error:
            # 1 says that there are differences
            error.status = TROUBLE
            raise

    def show(self, found: Found, opts: argparse.Namespace) -> int:
        """Print or write the differences; the exit status that they deserve."""
        compared = [(old, new, compare(old, new)) for old, new in found.pairs]
        if opts.html:
            if not compared:
                raise UserError("the feeds have no paper in common")
            with whole_file(opts.html) as file:
                file.write(as_html(compared).encode())
        else:
            colour = sys.stdout.isatty()
            shown = [triple for triple in compared if triple[2]] if len(compared) > 1 else compared
            print("\n".join(as_text(*triple, opts.limit, colour) for triple in shown), end="")
        for paper, feed in found.only:
            print(f"only in {feed}: {paper}", file=sys.stderr)
        changed = sum(bool(differences) for *_, differences in compared)
        if len(compared) != 1 or found.only:
            print(f"{len(compared)} papers compared, {changed} differ", file=sys.stderr)
        return DIFFERENT if changed or found.only else SAME


def crawled(preprints: list[Preprint], settings: list[str]) -> list[Paper]:
    """Versions of papers, from a crawl with the given settings (`NAME=VALUE`) that logs to standard error."""
    named = " ".join(f"{p.doi}v{p.version}" if p.version else p.doi for p in preprints)
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "papers.jsonl"
        options = [part for setting in settings for part in ("-s", setting)]
        command = [
            sys.executable,
            "-m",
            "biorxivist",
            "crawl",
            "paper",
            "-a",
            f"doi={named}",
            "-O",
            str(feed),
            *options,
        ]
        subprocess.run([*command, "-L", "WARNING"], check=False)
        return list(read_feed(feed)) if feed.exists() else []
