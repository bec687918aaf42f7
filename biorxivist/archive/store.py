"""The SQLite file of the archive. Safe under `kill -9` and with several crawls beside each other."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any, Self

from biorxivist.archive.entries import MALFORMED, Damaged, Entry, pack, unpack
from biorxivist.data import data_folder
from biorxivist.errors import UserError

logger = logging.getLogger(__name__)

NAME = "archive.sqlite"
BUSY = 60
"""Seconds to wait for another crawl that writes."""
FORMAT = 1
TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, source TEXT NOT NULL, version INTEGER NOT NULL,
    browser INTEGER NOT NULL, lasting INTEGER NOT NULL, outcome TEXT NOT NULL, fetched REAL NOT NULL,
    status INTEGER NOT NULL, address TEXT NOT NULL, headers TEXT NOT NULL, size INTEGER NOT NULL,
    sha256 BLOB NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_of_url ON entries (url, version, browser);
"""
FIELDS = "id, url, source, version, browser, lasting, outcome, fetched, status, address, headers, size"
SAME = "url = ? AND version = ? AND browser = ?"


class ArchiveError(UserError):
    """The archive cannot be read or written."""


class Archive:
    """What was fetched, by address."""

    def __init__(self, folder: Path | str, readonly: bool = False):
        """Open the archive of a data folder, or make it; raises `UserError`."""
        self.path = data_folder(folder) / NAME
        self.writable = not readonly
        with self._told("open"):
            self._prepare(readonly)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _prepare(self, readonly: bool) -> None:
        if readonly:
            self.database = self._readable()
        else:
            # SQLite gives its own mode to the files beside it
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self.database = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None)
        (format,) = self.database.execute("PRAGMA user_version").fetchone()
        if format > FORMAT:
            raise ArchiveError(f"{self.path} was written by a newer BioRxivist: pip install --upgrade biorxivist")
        if readonly:
            return
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing, a power cut the last seconds
        if format < FORMAT:
            self.database.executescript(f"BEGIN IMMEDIATE; {TABLE} PRAGMA user_version = {FORMAT}; COMMIT")

    def _readable(self) -> sqlite3.Connection:
        for address in (f"{self.path.as_uri()}?mode=ro", f"{self.path.as_uri()}?immutable=1"):
            try:
                database = sqlite3.connect(address, uri=True, timeout=BUSY, isolation_level=None)
                database.execute("PRAGMA user_version")
            except sqlite3.OperationalError as error:
                # beside a file on a read-only disk SQLite cannot put what it needs to share it
                fault = error
            else:
                return database
        raise fault

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell a person what SQLite or the system could not do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ArchiveError(f"cannot {what} the archive {self.path}: {reason}; {advice(reason)}") from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._told("write"):
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield self.database
                self.database.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself when the disk is full
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")
                raise

    def keep(self, entry: Entry) -> int:
        """Keep an answer and give its number; an unread answer to the same request goes."""
        values = {
            "url": entry.url, "source": entry.source, "version": entry.version, "browser": int(entry.browser),
            "lasting": int(entry.lasting), "outcome": entry.outcome, "fetched": entry.fetched, "status": entry.status,
            "address": entry.address or entry.url, "headers": json.dumps(entry.headers), "size": len(entry.body),
            "sha256": sha256(entry.body).digest(), "body": pack(entry.body),
        }  # fmt: skip
        names = ", ".join(values)
        with self._transaction() as database:
            database.execute(f"DELETE FROM entries WHERE {SAME} AND outcome = ''", key(entry))
            marks = ", ".join("?" * len(values))
            return database.execute(f"INSERT INTO entries ({names}) VALUES ({marks})", [*values.values()]).lastrowid

    def judge(self, entry: Entry, outcome: str, lasting: bool) -> None:
        """Note what the reader found; a good answer takes the place of older ones, a malformed one only that of its like."""
        with self._transaction() as database:
            database.execute(
                "UPDATE entries SET outcome = ?, lasting = ? WHERE id = ?", (outcome, int(lasting), entry.id)
            )
            older = f"DELETE FROM entries WHERE {SAME} AND id < ?"
            if outcome == MALFORMED:
                older += f" AND outcome IN ('', '{MALFORMED}')"
            database.execute(older, (*key(entry), entry.id))

    def forget(self, id: int) -> None:
        """Drop an answer."""
        with self._transaction() as database:
            database.execute("DELETE FROM entries WHERE id = ?", (id,))

    def find(self, url: str, version: int = 0, browser: bool = False, max_age: float | None = None) -> Entry | None:
        """The newest answer to a request that could be read, any if none could; None if it is not `fresh` for a given `max_age`."""
        with self._told("read"):
            rows = self.database.execute(
                f"SELECT {FIELDS}, sha256, body FROM entries WHERE {SAME} ORDER BY outcome = '{MALFORMED}', id DESC",
                (url, version, int(browser)),
            )
            for *row, digest, packed in rows:
                entry = made(row)
                if max_age is not None and not entry.fresh(time(), max_age):
                    return None
                try:
                    entry.body = checked(packed, entry.size, digest)
                except Damaged as error:
                    logger.warning("The archive's answer of %s is damaged and left aside: %s", url, error)
                else:
                    return entry
        return None

    def entries(self) -> list[Entry]:
        """All answers in the order of their arrival, without their bodies."""
        with self._told("read"):
            return [made(row) for row in self.database.execute(f"SELECT {FIELDS} FROM entries ORDER BY id")]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._told("read"):
            return self.database.execute(query).fetchall()

    def shrink(self) -> None:
        """Give room that is not used back to the disk."""
        with self._told("write"):
            self.database.execute("VACUUM")
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def body(self, entry: Entry) -> bytes:
        """The body of an answer; raises `Damaged`."""
        with self._told("read"):
            found = self.database.execute("SELECT size, sha256, body FROM entries WHERE id = ?", (entry.id,)).fetchone()
        if not found:
            raise Damaged("it is not in the archive any more")
        size, digest, packed = found
        return checked(packed, size, digest)


def key(entry: Entry) -> tuple[str, int, int]:
    """What tells one request from another."""
    return entry.url, entry.version, int(entry.browser)


def made(row: list[Any]) -> Entry:
    """The entry of a row of `FIELDS`."""
    id, url, source, version, browser, lasting, outcome, fetched, status, address, headers, size = row
    return Entry(
        url, source, version, bool(browser), bool(lasting), outcome, fetched, status, address, json.loads(headers),
        size=size, id=id,
    )  # fmt: skip


def checked(packed: bytes, size: int, digest: bytes) -> bytes:
    """The body as it was put there; raises `Damaged`."""
    body = unpack(packed, size)
    if sha256(body).digest() != digest:
        raise Damaged("the body is not the one that was kept")
    return body


def advice(reason: str) -> str:
    """What to do about a fault of the file."""
    if "full" in reason or "I/O" in reason:
        return "make room on its disk, then run the command again"
    if "malformed" in reason or "not a database" in reason:
        return "move the file away: a new one is made"
    if "locked" in reason:
        return "another process holds it: try again"
    return "set BIORXIVIST_DATA to a folder that you can write to"
