"""Whose turn it is at a host, in a small SQLite file that all crawls of a data folder share."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, time
from uuid import uuid4

from biorxivist.data import data_folder

NAME = "turns.sqlite"
BUSY = 10
"""Seconds to wait for another crawl; each holds the file for less than a millisecond."""
LONGEST = 24 * 3600
"""Seconds for which a host can have all crawls stopped."""
TABLE = """
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY, boot TEXT NOT NULL, last REAL NOT NULL, taker TEXT NOT NULL, delay REAL NOT NULL,
    held REAL NOT NULL, holder TEXT NOT NULL
)
"""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot() -> str:
    """What tells one run of the machine from another, since its steady clock begins anew with each."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        # the hour in which it began, which a change of the clock moves
        return f"{(time() - monotonic()) // 3600:.0f}"


class Turns:
    """Times of the steady clock at which hosts may be asked, so that setting the other clock changes nothing."""

    def __init__(self, folder: Path | str, clock: Callable[[], float] = monotonic):
        """Open the file of a data folder, or make it; raises `sqlite3.Error`, `OSError` or `UserError`."""
        path = data_folder(folder) / NAME
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.clock = clock
        self.boot = boot()
        self.me = uuid4().hex
        self.others = False
        """Whether the turn that was taken last waits for another crawl."""
        self.database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        # whoever loses power forgets its turns
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute(TABLE)

    def take(self, host: str, delay: float) -> float:
        """Take the next turn at a host; gives the seconds until then. A crawl that ends before it costs the others one delay."""
        with _Transaction(self.database):
            now = self.clock()
            last, taker, before, held, holder = self._known(host)
            after = last + max(delay, before)
            turn = max(now, after, held)
            self.others = turn > now and self.me != (taker if after >= held else holder)
            self._write(host, turn, self.me, delay, held, holder)
        return turn - now

    def hold(self, host: str, seconds: float) -> None:
        """Let no crawl ask a host for some seconds."""
        with _Transaction(self.database):
            last, taker, delay, held, holder = self._known(host)
            end = self.clock() + min(seconds, LONGEST)
            self._write(host, last, taker, delay, max(held, end), self.me if end > held else holder)

    def held(self, host: str) -> float:
        """Seconds for which no crawl may ask a host."""
        return max(0.0, self._known(host)[3] - self.clock())

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _known(self, host: str) -> tuple[float, str, float, float, str]:
        """The last turn at a host, who has it, and his delay; until when the host is left alone, and who was told."""
        row = self.database.execute(
            "SELECT last, taker, delay, held, holder FROM hosts WHERE host = ? AND boot = ?", (host, self.boot)
        ).fetchone()
        return row or (float("-inf"), "", 0.0, 0.0, "")

    def _write(self, host: str, last: float, taker: str, delay: float, held: float, holder: str) -> None:
        row = (host, self.boot, max(last, -1e9), taker, delay, held, holder)
        self.database.execute("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?, ?, ?)", row)


class _Transaction:
    def __init__(self, database: sqlite3.Connection):
        self.database = database

    def __enter__(self) -> None:
        self.database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type | None, *_: object) -> None:
        self.database.execute("ROLLBACK" if kind else "COMMIT")
