"""Go on with a feed that exists: its half-written end, and what need not be written again."""

import csv
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from biorxivist.errors import UserError
from biorxivist.files import end_of_lines
from biorxivist.items import REFUSALS, AnnotatedPaper, Paper

logger = logging.getLogger(__name__)

COVERAGES = {"": 0, "metadata": 1, "abstract": 2, "full_text": 3}
IDENTITY = re.compile(rb'\{.{0,40}?"doi":"(?P<doi>[^"\\]*)","version":(?P<version>\d+)[,}]')
COVERAGE = b',"coverage":"'
VERSION = re.compile(r"v\d+$")
# what tells how a paper was fetched, not what it is
STORY = re.compile(rb',"attempts":\[.*\](?=,"fetched":"[^"]*"\}$|\}$)|,"fetched":"[^"]*"(?=\}$)')


class NotContinued(UserError):
    """A file cannot be gone on with as a feed."""


class Written:
    """The papers of a feed: what the last line of each version says, in some 150 bytes."""

    def __init__(self) -> None:
        self.lines: dict[int, tuple[int, int]] = {}
        self.dois: set[int] = set()

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, identity: str, content: bytes, coverage: str) -> None:
        """Note a line by its paper and its content, the story of its fetching left out."""
        self.lines[number(identity.encode())] = number(content), COVERAGES.get(coverage, 0)
        self.dois.add(number(VERSION.sub("", identity).encode()))

    def needs(self, paper: Paper | AnnotatedPaper, content: bytes) -> bool:
        """Whether a paper is to be written: it is new or has changed, and that not by losing its text or its record to a refusal."""
        before, coverage = self.lines.get(number(str(paper).encode()), (0, 0))
        if isinstance(paper, AnnotatedPaper):
            return number(content) != before
        refused = any(attempt.outcome in REFUSALS for attempt in paper.attempts)
        if refused and not paper.version and number(paper.doi.encode()) in self.dois:
            return False
        return number(content) != before and not (refused and COVERAGES[paper.coverage] < coverage)


def number(content: bytes) -> int:
    """A hash of 8 bytes."""
    return int.from_bytes(blake2b(content, digest_size=8).digest())


def identity(doi: str, version: str) -> str:
    """What `str` of the paper is."""
    return doi if version in ("", "0") else f"{doi}v{version}"


# --- JSON Lines -------------------------------------------------------------------------------------------------------


def line_content(line: bytes) -> bytes:
    """A line without its newline and without the story of its fetching."""
    return STORY.sub(b"", line.rstrip(b"\r\n"))


def written_lines(path: Path) -> Written:
    """The papers of a JSON Lines feed; a line without DOI and version is left alone."""
    written = Written()
    with path.open("rb") as file:
        for line in file:
            if found := IDENTITY.match(line):
                coverage = line[line.rfind(COVERAGE) :].split(b'"', 4)[3] if COVERAGE in line else b""
                paper = identity(found["doi"].decode(), found["version"].decode())
                written.add(paper, line_content(line), coverage.decode())
    return written


def mend_lines(path: Path) -> None:
    """Cut off a last line of which a crash left only a part, or give it the newline that it lacks; raises `NotContinued`."""
    with path.open("rb+") as file:
        start = end_of_lines(file)
        file.seek(start)
        last = file.read()
        file.seek(0)
        first = file.readline() if start else b""
        if (first and not (first.startswith(b"{") and first.endswith(b"}\n"))) or (
            last and not last.startswith((b"{", b"\0"))
        ):
            raise NotContinued("it is no feed of papers in JSON Lines: choose another file")
        if not last:
            return
        file.seek(0, os.SEEK_END)
        try:
            json.loads(last)
            file.write(b"\n")
        except ValueError:
            cut(file, start, path)


def cut(file: BinaryIO, end: int, path: Path) -> None:
    """End a feed before its half-written last paper."""
    file.truncate(end)
    logger.warning("%s: its last paper was cut off by a crash and is written again", path)


# --- CSV --------------------------------------------------------------------------------------------------------------


def row_content(columns: Sequence[str], cells: Sequence[str]) -> bytes:
    """A row without the story of its fetching."""
    return json.dumps(
        [c for name, c in zip(columns, cells, strict=False) if name not in ("attempts", "fetched")]
    ).encode()


def written_rows(path: Path) -> Written:
    """The papers of a CSV feed; without columns for DOI and version none."""
    written = Written()
    columns: list[str] = []
    for cells, _ in rows(path):
        if not columns:
            columns = cells
            if not {"doi", "version"} <= set(columns):
                break
        else:
            row = dict(zip(columns, cells, strict=False))
            written.add(identity(row["doi"], row["version"]), row_content(columns, cells), row.get("coverage", ""))
    return written


def mend_rows(path: Path, columns: Sequence[str]) -> None:
    """Cut off a last row of which a crash left only a part; raises `NotContinued` if the columns are others."""
    end = 0
    for cells, behind in rows(path):
        if not end and cells != list(columns):
            raise NotContinued("it has other columns than this crawl writes: -O replaces it, or choose another file")
        end = behind
    with path.open("rb+") as file:
        if not end and not ",".join(columns).startswith(file.read().rstrip(b"\r\0").decode("utf-8", "replace")):
            raise NotContinued("it is no feed of papers in CSV: choose another file")
        if end < file.seek(0, os.SEEK_END):
            cut(file, end, path)


def rows(path: Path) -> Iterator[tuple[list[str], int]]:
    """The whole rows of a CSV file, each with the offset behind it."""
    # the text of a paper is one cell
    csv.field_size_limit(sys.maxsize)
    end = 0

    def lines(file: BinaryIO) -> Iterator[str]:
        nonlocal end
        for line in file:
            if line.endswith(b"\n"):
                end += len(line)
                yield line.decode("utf-8", "replace")

    with path.open("rb") as file:
        try:
            for cells in csv.reader(lines(file), strict=True):
                yield cells, end
        except csv.Error:
            # the last row ends within a cell
            return
