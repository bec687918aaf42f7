"""`scrapy export`: the papers of a feed in any other format."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError
from biorxivist.export import OURS, write_file
from biorxivist.feed import read_feed
from biorxivist.files import whole_file
from biorxivist.items import Paper
from biorxivist.licenses import allows
from biorxivist.markdown.paper import file_name, to_markdown


class Command(FeedCommand):
    """Write the papers of feeds to a file of another format, or to a folder with a Markdown file a paper."""

    def syntax(self) -> str:
        return "FEED… FILE[:FORMAT]|FOLDER/ [--license open|cc]"

    def short_desc(self) -> str:
        return "Write the papers of a feed in another format"

    def long_desc(self) -> str:
        return f"FILE ends in .{', .'.join(OURS)}, or names its format: papers.json:csl. A folder gets a Markdown file a paper."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--to", metavar="FOLDER/|FILE", help="where to write, instead of the last argument")
        parser.add_argument(
            "--license",
            choices=("any", "open", "cc"),
            default="any",
            help="open: CC0, CC BY, CC BY-SA; cc: any Creative Commons licence",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        feeds, target = (args, opts.to) if opts.to else (args[:-1], args[-1] if args else "")
        if not feeds or not target:
            raise UsageError(f"give a feed and where to write: scrapy export {self.syntax()}")
        chosen = Chosen(feeds, opts.license)
        if target.endswith("/") or Path(target).is_dir() or not (Path(target).suffix or target[:1] == "-"):
            write_folder(chosen, Path(target))
        else:
            write_file(chosen, target, self.settings)
        left_out = f", {chosen.left_out:,} left out by their licence" if chosen.left_out else ""
        print(f"{chosen.taken:,} papers in {target}{left_out}", file=sys.stderr)


class Chosen:
    """The papers of feeds under a wanted licence, counted as they pass."""

    def __init__(self, feeds: list[str], license: str):
        self.feeds = feeds
        self.license = license
        self.taken = self.left_out = 0

    def __iter__(self) -> Iterator[Paper]:
        for feed in self.feeds:
            for paper in read_feed(feed):
                if allows(paper.license, self.license):
                    self.taken += 1
                    yield paper
                else:
                    self.left_out += 1


def write_folder(papers: Iterable[Paper], folder: Path) -> None:
    """Write a Markdown file a paper."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror}") from None
    for paper in papers:
        with whole_file(folder / file_name(paper)) as file:
            file.write(to_markdown(paper).encode())
