"""`scrapy grep`: the papers of feeds that a query finds, and where it finds them."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError
from biorxivist.export import write_file
from biorxivist.feed import read_feed
from biorxivist.items import Paper
from biorxivist.queries.index import CLOSE, OPEN, Index, opened
from biorxivist.queries.language import Node, Term, parse

BOLD, PLAIN = "\033[1m", "\033[0m"


class Command(FeedCommand):
    """Find papers in feeds by words, phrases, wildcards, nearness and fields; count what each word finds."""

    def syntax(self) -> str:
        return "QUERY FEED… [-o FILE[:FORMAT]] [--count] [--keep]"

    def short_desc(self) -> str:
        return "Find papers in feeds: AND, OR, NOT, phrases, wildcards, NEAR5, fields"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o",
            dest="output",
            metavar="FILE[:FORMAT]",
            help="write the papers found as a feed of any format, and print no passages",
        )
        parser.add_argument("-c", "--count", action="store_true", help="print the counts alone")
        parser.add_argument(
            "--keep", action="store_true", help="keep the index beside the feed (FEED.index), for more queries"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) < 2:
            raise UsageError(f"give a query and a feed: scrapy grep {self.syntax()}")
        query = parse(args[0])
        feeds = list(map(Path, args[1:]))
        with ExitStack() as stack:
            indexes = [stack.enter_context(opened(feed, opts.keep)) for feed in feeds]
            report(query, indexes)
            if opts.output:
                write_file(found(query, feeds, indexes), opts.output, self.settings)
            elif not opts.count:
                for index in indexes:
                    show(query, index)


def found(query: Node, feeds: list[Path], indexes: list[Index]) -> Iterator[Paper]:
    """The papers that a query finds, from their feeds."""
    for feed, index in zip(feeds, indexes, strict=True):
        wanted = set(index.matches(query))
        yield from (paper for paper in read_feed(feed) if str(paper) in wanted)


def report(query: Node, indexes: list[Index]) -> None:
    """Say how many papers each term finds alone, and the query of all."""
    counts: Counter[Term] = Counter()
    for index in indexes:
        counts.update(index.counts(query))
    matches = sum(len(index.matches(query)) for index in indexes)
    for term, count in counts.items():
        print(f"{count:>7,}  {term}", file=sys.stderr)
    print(f"{matches:>7,}  of {sum(map(len, indexes)):,} papers match", file=sys.stderr)


def show(query: Node, index: Index) -> None:
    """Print each paper found, with passages."""
    # nothing of a paper may steer the terminal
    marks = dict.fromkeys(range(32), "") | ({ord(OPEN): BOLD, ord(CLOSE): PLAIN} if sys.stdout.isatty() else {})
    for name, title, passages in index.passages(query):
        print(f"{name}  {title.translate(marks)}")
        for column, text in passages:
            print(f"  {column}: {text.translate(marks)}")
