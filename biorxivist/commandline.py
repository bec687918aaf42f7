"""What the commands share that work on feeds and crawl nothing."""

import argparse
import os
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from biorxivist.errors import UserError


class FeedCommand(ScrapyCommand):
    """A command without a crawl: a `UserError` ends it with one line and its status."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.perform(args, opts)
        except UserError as error:
            print(f"scrapy {self.name}: {error}", file=sys.stderr)
            self.exitcode = error.status
        except BrokenPipeError:
            # whoever read standard output has had enough; nothing is left to be flushed at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1

    @property
    def name(self) -> str:
        """The command as typed."""
        return type(self).__module__.rpartition(".")[2]

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        """What the command does; raises `UserError`."""
        raise NotImplementedError
