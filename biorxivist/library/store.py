"""The library's file: papers, their chunks, an index of words and the vectors, in one SQLite file."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from biorxivist.errors import UserError
from biorxivist.items import Chunk, Paper

LAYOUT = 1
TOKENIZER = "porter unicode61 remove_diacritics 2"
TABLES = f"""
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (
    id INTEGER PRIMARY KEY, doi TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL, title TEXT NOT NULL,
    posted TEXT NOT NULL, category TEXT NOT NULL, license TEXT NOT NULL, url TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, paper INTEGER NOT NULL REFERENCES papers, key TEXT NOT NULL, kind TEXT NOT NULL,
    section_path TEXT NOT NULL, section_kind TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX chunks_of_paper ON chunks (paper);
CREATE INDEX chunks_by_key ON chunks (key);
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = '{TOKENIZER}');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
CREATE TABLE common (term TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vectors (chunk INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE codes (block INTEGER PRIMARY KEY, chunks BLOB NOT NULL, papers BLOB NOT NULL, sections BLOB NOT NULL, codes BLOB NOT NULL);
"""
# kinds of section by number, as the codes of vectors hold them
KINDS = (
    "other", "abstract", "introduction", "methods", "results", "discussion", "conclusion", "data-availability", "funding",
    "competing-interests", "author-contributions", "acknowledgements", "ethics", "supplementary", "abbreviations", "appendix",
)  # fmt: skip
PLACES = {kind: place for place, kind in enumerate(KINDS)}
# a term that so many chunks have says little; how many have it is counted once, when the index is made
COMMON = 1000


class UnusableLibrary(UserError):
    """A file is no library, or not one that can be used. Raised when it is opened."""


class Store:
    """One library file. Every change is a transaction, so that a kill leaves the last complete one."""

    def __init__(self, path: Path | str, create: bool = False):
        self.path = Path(path)
        if not create and not self.path.is_file():
            raise UnusableLibrary(f"no library {self.path}: make it with scrapy index FEED.jsonl")
        try:
            # no write-ahead log: a library is one file, and can be read where nothing can be written
            address = f"{self.path.absolute().as_uri()}?mode={'rwc' if create else 'ro'}"
            self.db = sqlite3.connect(address, timeout=60, isolation_level=None, check_same_thread=False, uri=True)
            self._open(create)
        except sqlite3.Error as error:
            raise UnusableLibrary(f"{self.path} cannot be used as a library: {error}") from None

    def _open(self, create: bool) -> None:
        (layout,) = self.db.execute("PRAGMA user_version").fetchone()
        (tables,) = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if create and not tables:
            with self.transaction():
                for statement in filter(str.strip, TABLES.split(";")):
                    self.db.execute(statement)
                self.db.execute(f"PRAGMA user_version = {LAYOUT}")
        elif layout != LAYOUT:
            raise UnusableLibrary(f"{self.path} is no library of this version: delete it and run scrapy index again")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that happens inside, or nothing of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    # --- facts of the library itself ----------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """A fact such as `model`; empty if it was not noted."""
        row = self.db.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return row[0] if row else ""

    def note(self, name: str, value: str) -> None:
        """Note a fact."""
        self.db.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value]
        )

    def count(self, table: str) -> int:
        """Rows of a table."""
        return self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    # --- papers -------------------------------------------------------------------------------------------------------

    def papers(self) -> dict[str, tuple[int, int, bytes]]:
        """By DOI: id, version and digest of each paper."""
        return {doi: tuple(rest) for doi, *rest in self.db.execute("SELECT doi, id, version, digest FROM papers")}

    def add(self, paper: Paper, digest: bytes, chunks: Iterable[Chunk]) -> None:
        """Add a paper with its chunks."""
        fields = [paper.doi, paper.version, paper.server, paper.title, paper.posted or paper.first_posted]
        fields += [paper.category, paper.license, paper.url, digest]
        id = self.db.execute(f"INSERT INTO papers VALUES (NULL{', ?' * len(fields)})", fields).lastrowid
        for chunk in chunks:
            path = json.dumps(chunk.section_path, ensure_ascii=False)
            row = [id, chunk.id, chunk.kind, path, chunk.section_kind, chunk.start, chunk.end, chunk.text]
            number = self.db.execute(f"INSERT INTO chunks VALUES (NULL{', ?' * len(row)})", row).lastrowid
            self.db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", [number, for_words(chunk.text)])

    def remove(self, id: int) -> None:
        """Remove a paper with its chunks and their vectors."""
        chunks = self.db.execute("SELECT id, text FROM chunks WHERE paper = ?", [id]).fetchall()
        for number, text in chunks:
            # an index without the text must be told what it forgets
            self.db.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", [number, for_words(text)])
        self.db.executemany("DELETE FROM vectors WHERE chunk = ?", [[number] for number, _ in chunks])
        self.db.execute("DELETE FROM chunks WHERE paper = ?", [id])
        self.db.execute("DELETE FROM papers WHERE id = ?", [id])

    def count_terms(self) -> None:
        """Count the chunks of each common term anew."""
        self.db.execute("DELETE FROM common")
        self.db.execute("INSERT INTO common SELECT term, doc FROM vocabulary WHERE doc >= ?", [COMMON])
        self.note("terms", "counted")


def for_words(text: str) -> str:
    """A text as its words are looked up: `CO₂` as `CO2`, `10⁶` as `106`."""
    return unicodedata.normalize("NFKC", text)
