"""Looking after the archive: what is in it, whether it is whole, what can go."""

from collections.abc import Iterable
from dataclasses import dataclass
from time import time

from biorxivist.archive.entries import MALFORMED, Damaged, Entry
from biorxivist.archive.store import Archive


@dataclass(slots=True)
class Share:
    """What the answers of one source come to."""

    answers: int = 0
    size: int = 0
    """Bytes of their bodies."""
    packed: int = 0
    """Bytes that they take in the archive."""


def shares(archive: Archive) -> dict[str, Share]:
    """The archive by source."""
    rows = archive.rows(
        "SELECT source, count(*), sum(size), sum(length(body)) FROM entries GROUP BY source ORDER BY 4 DESC"
    )
    return {source: Share(*numbers) for source, *numbers in rows}


def verify(archive: Archive) -> tuple[list[Entry], list[str]]:
    """The answers whose body is not what was kept, and what SQLite finds wrong with the file."""
    damaged = []
    for entry in archive.entries():
        try:
            archive.body(entry)
        except Damaged:
            damaged.append(entry)
    faults = [fault for (fault,) in archive.rows("PRAGMA integrity_check") if fault != "ok"]
    return damaged, faults


def useless(entry: Entry, max_age: float) -> bool:
    """Whether a crawl asks again in spite of an answer, which so serves offline alone."""
    return entry.outcome == MALFORMED or not entry.fresh(time(), max_age)


def drop(archive: Archive, entries: Iterable[Entry]) -> int:
    """Take answers out of the archive and give the room back; gives the bytes won. Raises `ArchiveError`."""
    before = archive.path.stat().st_size
    for entry in entries:
        archive.forget(entry.id)
    archive.shrink()
    return before - archive.path.stat().st_size
