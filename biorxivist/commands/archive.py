"""`scrapy archive`: look after what was fetched, and share it as WARC."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import time

from biorxivist.archive import Archive, Entry
from biorxivist.archive.upkeep import drop, shares, useless, verify
from biorxivist.archive.warc import export_warc, import_warc
from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError
from biorxivist.files import whole_file
from biorxivist.listing import print_rows

DAY = 24 * 3600


class Command(FeedCommand):
    """List, measure, verify and prune the archive in BIORXIVIST_DATA; export it as WARC and import such files."""

    def syntax(self) -> str:
        return "list | size | verify | prune | export FILE.warc.gz | import FILE…  [options]"

    def short_desc(self) -> str:
        return "Look after the archive of what was fetched"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", help="only answers of these sources: jats,page,europepmc,record,…")
        parser.add_argument("--match", help="only answers whose address has this text, such as a DOI")
        parser.add_argument("--older", type=float, metavar="DAYS", help="only answers fetched so long ago")
        parser.add_argument(
            "--documents", action="store_true", help="prune: also documents that would be kept for ever"
        )
        parser.add_argument("--damaged", action="store_true", help="prune: only what verify finds damaged")
        parser.add_argument("--dry-run", action="store_true", help="prune: say what would go")
        parser.add_argument("--json", action="store_true", help="list, size: JSON Lines")

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        actions: dict[str, Callable[[Archive, list[str], argparse.Namespace], None]] = {
            "list": self.entries, "size": self.size, "verify": self.verify, "prune": self.prune,
            "export": self.export, "import": self.take,
        }  # fmt: skip
        if not args or args[0] not in actions:
            raise UsageError(f"scrapy archive {self.syntax()}")
        if (args[0] in ("export", "import")) != bool(args[1:]):
            raise UsageError(f"scrapy archive {self.syntax()}")
        with Archive(self.settings["BIORXIVIST_DATA"]) as archive:
            actions[args[0]](archive, args[1:], opts)

    def selected(self, archive: Archive, opts: argparse.Namespace) -> list[Entry]:
        """The answers that the options name."""
        sources = set(opts.source.split(",")) if opts.source else None
        before = time() - opts.older * DAY if opts.older is not None else None
        return [
            entry
            for entry in archive.entries()
            if (sources is None or entry.source in sources)
            and (not opts.match or opts.match in entry.url)
            and (before is None or entry.fetched < before)
        ]

    def entries(self, archive: Archive, _: list[str], opts: argparse.Namespace) -> None:
        """Print the answers."""
        rows = [
            (
                when(e),
                e.source,
                e.outcome or "unread",
                "for ever" if e.lasting else "a while",
                e.size,
                e.url,
            )
            for e in self.selected(archive, opts)
        ]
        print_rows(["fetched", "source", "outcome", "kept", "bytes", "address"], rows, opts.json)

    def size(self, archive: Archive, _: list[str], opts: argparse.Namespace) -> None:
        """Print what the sources take."""
        rows = [(name, s.answers, s.size, s.packed) for name, s in shares(archive).items()]
        print_rows(["source", "answers", "bytes", "bytes packed"], rows, opts.json)
        print(f"{archive.path}: {archive.path.stat().st_size:,} bytes", file=sys.stderr)

    def verify(self, archive: Archive, _: list[str], opts: argparse.Namespace) -> None:
        """Compare every body with its digest."""
        damaged, faults = verify(archive)
        for entry in damaged:
            print(f"damaged: {entry.url}")
        if damaged or faults:
            details = f"{len(damaged)} answers are damaged" + "".join(f"; SQLite: {fault}" for fault in faults[:3])
            raise UserError(f"{details}. `scrapy archive prune --damaged` drops them, and crawls fetch them again")
        print(f"{len(archive.entries()):,} answers are whole")

    def prune(self, archive: Archive, _: list[str], opts: argparse.Namespace) -> None:
        """Drop what a crawl would ask again."""
        max_age = self.settings.getfloat("HTTPCACHE_EXPIRATION_SECS")
        if opts.damaged:
            going = verify(archive)[0]
        else:
            going = [e for e in self.selected(archive, opts) if opts.documents or useless(e, max_age)]
        if opts.dry_run:
            print(f"{len(going):,} answers would go")
            return
        won = drop(archive, going)
        print(f"{len(going):,} answers dropped, {won:,} bytes won")

    def export(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Write a WARC file."""
        if len(args) != 1:
            raise UsageError("give one file: scrapy archive export papers.warc.gz")
        with whole_file(args[0]) as file:
            number, damaged = export_warc(archive, self.selected(archive, opts), file, not args[0].endswith(".warc"))
        print(f"{number:,} answers written to {args[0]}", file=sys.stderr)
        if damaged:
            raise UserError(f"{len(damaged)} damaged answers are left out: scrapy archive verify names them")

    def take(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Read WARC files."""
        limit = self.settings.getint("DOWNLOAD_MAXSIZE")
        for name in args:
            counts = import_warc(archive, Path(name), limit)
            print(
                f"{name}: {counts.taken:,} answers taken, {counts.known:,} known, {counts.foreign:,} of other sources, "
                f"{counts.damaged:,} damaged"
            )


def when(entry: Entry) -> str:
    """The time of an answer, ISO 8601 in UTC."""
    return datetime.fromtimestamp(entry.fetched, UTC).isoformat(timespec="seconds")
