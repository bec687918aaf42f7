"""Whose turn it is at a host, in a small SQLite file that all crawls of a data folder share."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, time

from biorxivist.data import data_folder

NAME = "pace.sqlite"
BUSY = 10
"""Seconds to wait for another crawl; each holds the file for less than a millisecond."""
LONGEST = 24 * 3600
"""Seconds for which a host can have all crawls stopped."""
TABLE = """
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY, boot TEXT NOT NULL, last REAL NOT NULL, delay REAL NOT NULL, held REAL NOT NULL
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
        self.database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        # whoever loses power forgets its turns
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute(TABLE)

    def take(self, host: str, delay: float) -> float:
        """Take the next turn at a host; gives the seconds until then. A crawl that ends before it costs the others one delay."""
        with _Transaction(self.database):
            now = self.clock()
            last, before, held = self._known(host)
            turn = max(now, last + max(delay, before), held)
            self._write(host, turn, delay, held)
        return turn - now

    def hold(self, host: str, seconds: float) -> None:
        """Let no crawl ask a host for some seconds."""
        with _Transaction(self.database):
            last, delay, held = self._known(host)
            self._write(host, last, delay, max(held, self.clock() + min(seconds, LONGEST)))

    def held(self, host: str) -> float:
        """Seconds for which no crawl may ask a host."""
        return max(0.0, self._known(host)[2] - self.clock())

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _known(self, host: str) -> tuple[float, float, float]:
        """The last turn at a host, the delay of who has it, and until when the host is left alone."""
        row = self.database.execute(
            "SELECT last, delay, held FROM hosts WHERE host = ? AND boot = ?", (host, self.boot)
        ).fetchone()
        return row or (float("-inf"), 0.0, 0.0)

    def _write(self, host: str, last: float, delay: float, held: float) -> None:
        self.database.execute(
            "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?)", (host, self.boot, max(last, -1e9), delay, held)
        )


class _Transaction:
    def __init__(self, database: sqlite3.Connection):
        self.database = database

    def __enter__(self) -> None:
        self.database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type | None, *_: object) -> None:
        self.database.execute("ROLLBACK" if kind else "COMMIT")
