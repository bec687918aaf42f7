"""`scrapy schema`: what a line of a feed is, for programs."""

import argparse
import json

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError
from biorxivist.items import Chunk, Paper
from biorxivist.schema import json_schema

KINDS = {"paper": Paper, "chunk": Chunk}


class Command(FeedCommand):
    """Print the JSON Schema of a line of a feed, or of `scrapy chunks`."""

    def syntax(self) -> str:
        return "[paper|chunk]"

    def short_desc(self) -> str:
        return "Print the JSON Schema of a line of a feed"

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        name = args[0] if args else "paper"
        if name not in KINDS or len(args) > 1:
            raise UsageError(f"{' '.join(args)}: there are {' and '.join(KINDS)}")
        print(json.dumps(json_schema(KINDS[name]), indent=2, ensure_ascii=False))
