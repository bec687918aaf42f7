"""`scrapy index`: make or renew the library of a feed."""

import argparse
import sqlite3
from pathlib import Path

from tqdm import tqdm

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError


class Command(FeedCommand):
    """Make the library of a feed, or bring it up to date: words always, vectors where the environment names an embedder."""

    def syntax(self) -> str:
        return "FEED.jsonl [--embed-again]"

    def short_desc(self) -> str:
        return "Make a library of a feed, for scrapy ask"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--embed-again", action="store_true", help="embed every passage anew, with the model named now"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError(f"give one feed: scrapy index {self.syntax()}")
        from biorxivist.library import Library, build, library_path

        feed = Path(args[0])
        bar = Bar()
        try:
            changes = build(feed, opts.embed_again, bar.show)
        except sqlite3.Error as error:
            raise UserError(
                f"cannot write {library_path(feed)}: {error}; what was complete is kept, run it again"
            ) from None
        finally:
            bar.close()
        library = Library(feed)
        counts = {
            "added": changes.added,
            "changed": changes.changed,
            "removed": changes.removed,
            "unchanged": changes.same,
        }
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing"
        print(f"{library.store.path}: {library.store.count('papers'):,} papers ({told}), {library.store.count('chunks'):,} passages, {changes.embedded:,} embedded now")  # fmt: skip
        print(f"scrapy ask searches it {library.by}")
        library.close()


class Bar:
    """A progress bar a stage, on a terminal only."""

    def __init__(self) -> None:
        self.stage = ""
        self.bar: tqdm | None = None

    def show(self, what: str, done: int, total: int) -> None:
        """How far a stage is; total 0 where it is not known."""
        if what != self.stage:
            self.close()
            self.stage, self.bar = what, tqdm(desc=what, total=total or None, disable=None)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """End the bar of the stage that was shown."""
        if self.bar is not None:
            self.bar.close()
