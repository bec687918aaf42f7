"""`scrapy index`: make or renew the library of a feed."""

import argparse
import math
import os
import sqlite3
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tqdm import tqdm

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError
from biorxivist.quantities import duration

if TYPE_CHECKING:
    from biorxivist.library import Changes
    from biorxivist.library.store import Store

# seconds, where there is no terminal
BETWEEN_LINES = 30


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
        bar = Bar(price())
        try:
            changes = build(feed, opts.embed_again, bar.show)
        except sqlite3.Error as error:
            raise UserError(
                f"cannot write {library_path(feed)}: {error}; what was complete is kept, run it again"
            ) from None
        finally:
            bar.close()
        library = Library(feed)
        print(f"{library.store.path}: {summary(changes, library.store, bar.price)}")
        print(f"scrapy ask searches it {library.by}")
        library.close()


def summary(changes: "Changes", store: "Store", price: float) -> str:
    """What an index run did."""
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "unchanged": changes.same,
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing"
    parts = [f"{store.count('papers'):,} papers ({told})", f"{store.count('chunks'):,} passages"]
    parts += [f"{changes.embedded:,} embedded now", spent(changes.tokens, price)]
    return ", ".join(filter(None, parts))


class Bar:
    """How far each stage is: a progress bar on a terminal, a line now and then elsewhere."""

    def __init__(self, price: float):
        self.price = price
        self.stage = ""
        self.bar: tqdm | None = None
        self.told = 0.0

    def show(self, what: str, done: int, total: int, tokens: int) -> None:
        """How far a stage is; total 0 where it is not known."""
        if what != self.stage:
            self.close()
            form = "{desc}: {percentage:3.0f}% |{bar:20}| {n_fmt} of {total_fmt}{postfix} [{elapsed}, {remaining} left]"
            self.bar = tqdm(desc=what, total=total or None, bar_format=form if total else None, dynamic_ncols=True, disable=None)  # fmt: skip
            self.stage, self.began, self.told = what, monotonic(), monotonic()
        cost = spent(tokens, self.price, done, total)
        if not self.bar.disable:
            self.bar.set_postfix_str(cost, refresh=False)
            self.bar.update(done - self.bar.n)
        elif monotonic() - self.told >= BETWEEN_LINES or done == total:
            self.told = monotonic()
            left = duration((self.told - self.began) * (total - done) / done) + " left" if done < total else ""
            of = f" of {total:,}" if total else ""
            print(", ".join(filter(None, [f"{done:,}{of} {what}", cost, left])), file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the bar of the stage that was shown."""
        if self.bar is not None:
            self.bar.close()


def price() -> float:
    """`EMBEDDINGS_PRICE`, the price of a million tokens; 0 if it is not given."""
    given = os.environ.get("EMBEDDINGS_PRICE", "")
    try:
        value = float(given or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value < math.inf:
        raise UsageError(f"EMBEDDINGS_PRICE={given}: the price of a million tokens, a number like 0.02")
    return value


def spent(tokens: int, price: float, done: int = 0, total: int = 0) -> str:
    """Tokens, and what they cost up to now and will in all, if they have a price."""
    if not tokens:
        return ""
    cost = tokens * price / 1e6
    whole = f" of about {amount(cost * total / done)}" if done < total else ""
    return f"{tokens:,} tokens" + (f", cost {amount(cost)}{whole}" if price else "")


def amount(cost: float) -> str:
    """An amount of money, of whatever currency the price is in."""
    return f"{cost:,.2f}" if cost >= 0.01 else "under 0.01"
