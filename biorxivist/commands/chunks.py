"""`scrapy chunks`: the papers of a feed in passages for search and language models."""

import argparse
import sys

from pydantic import TypeAdapter

from biorxivist.chunks import LIMIT, chunk_paper
from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError
from biorxivist.feed import read_feed
from biorxivist.files import whole_file
from biorxivist.items import Chunk
from biorxivist.tokenizers import token_counter

CHUNK = TypeAdapter(Chunk)


class Command(FeedCommand):
    """Write a line a passage: whole sentences of one section, a caption, rows of a table."""

    def syntax(self) -> str:
        return "FEED… [-o CHUNKS] [--limit N] [--tokenizer FILE|MODEL]"

    def short_desc(self) -> str:
        return "Cut the papers of a feed into passages for search and language models"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="output", metavar="CHUNKS", default="-", help="JSON Lines file (default: standard output)"
        )
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"largest size of a passage (default {LIMIT})")
        parser.add_argument(
            "--tokenizer", metavar="FILE|MODEL", help="count tokens: a tokenizer.json, its folder, or a model of the Hugging Face Hub"
        )  # fmt: skip

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            raise UsageError(f"give a feed: scrapy chunks {self.syntax()}")
        if opts.limit < 1:
            raise UsageError(f"--limit {opts.limit}: a size of 1 or more")
        measure = token_counter(opts.tokenizer) if opts.tokenizer else len
        papers = passages = 0
        with whole_file(opts.output) as file:
            for paper in (paper for feed in args for paper in read_feed(feed)):
                try:
                    chunks = chunk_paper(paper, opts.limit, measure)
                except ValueError as error:
                    raise UsageError(f"--limit {opts.limit}: {error}") from None
                file.writelines(CHUNK.dump_json(chunk) + b"\n" for chunk in chunks)
                papers += 1
                passages += len(chunks)
        print(f"{passages:,} passages of {papers:,} papers", file=sys.stderr)
