"""The JSON Lines feed, which is the record of every crawl: papers to lines and back."""

import gzip
import logging
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from biorxivist.errors import UserError
from biorxivist.items import SCHEMA, AnnotatedPaper, Paper
from biorxivist.parquet import read_parquet

logger = logging.getLogger(__name__)

PAPER = TypeAdapter(Paper)
PAPERS = TypeAdapter(list[Paper])
ANNOTATED = TypeAdapter(AnnotatedPaper)
# no paper has this field, and every line of annotations
ANNOTATIONS = b'"annotations":['
# how every line of ours begins; another program's order of fields costs a second parse
KEY = re.compile(rb'\{"schema": ?\d+, ?"doi": ?"(?P<doi>[!#-\[\]-~]+)", ?"version": ?(?P<version>\d{1,9})[,}]')


class UnreadableFeed(UserError):
    """A feed is not what a crawl writes. Raised by `read_feed`."""


def to_json(paper: Paper | AnnotatedPaper, fields: Collection[str] | None = None, indent: int | None = None) -> bytes:
    """A paper, or its annotations, as one JSON object in UTF-8, with all its fields or only the given ones."""
    return (PAPER if isinstance(paper, Paper) else ANNOTATED).dump_json(
        paper, include=set(fields) if fields else None, indent=indent
    )


def beside(feed: Path | str, ending: str) -> Path:
    """What is kept of a feed beside it: `papers.library` of `papers.jsonl` and of `papers.jsonl.gz`."""
    path = Path(feed)
    return path.with_name(path.name.removesuffix(".gz").removesuffix(".jsonl") + ending)


def from_json(line: bytes | str) -> Paper:
    """The paper of a line; raises `ValueError` if it is none."""
    return PAPER.validate_json(line)


def read_feed(path: Path | str, newest: bool = False) -> Iterator[Paper]:
    """The papers of a feed in its order: JSON Lines (`.jsonl`, also with `.gz`), `.json` or `.parquet`; of several of one version the last.

    With `newest` only the newest version of each paper.
    A last line that is cut off, as in the feed of a running crawl, is left out with a warning. Raises `UnreadableFeed`.
    """
    path = Path(path)
    if path.suffix in (".json", ".parquet"):
        yield from _whole(path, newest)
        return
    wanted = _wanted(_keys(path), newest)
    for number, line in _lines(path):
        if wanted.get(_key(line)) == number:
            yield _paper(path, number, line)


def holds_annotations(path: Path | str) -> bool:
    """Whether a feed is one of annotations. Raises `UnreadableFeed`."""
    path = Path(path)
    if path.suffix in (".json", ".parquet"):
        return False
    first = next(_lines(path), (0, b""))[1]
    return ANNOTATIONS in first and b'"title":' not in first[: first.find(ANNOTATIONS)]


def read_annotations_feed(path: Path | str) -> Iterator[AnnotatedPaper]:
    """The lines of a feed of annotations in its order; of several of one version the last. Raises `UnreadableFeed`."""
    path = Path(path)
    found: dict[str, int] = {}
    for last in (False, True):
        for number, line in _lines(path):
            try:
                annotated = ANNOTATED.validate_json(line)
            except ValidationError as error:
                fault = error.errors()[0]
                where = ".".join(map(str, fault["loc"]))
                raise UnreadableFeed(f"{path} line {number} has no annotations: {where} {fault['msg']}") from None
            if not annotated.doi or annotated.schema > SCHEMA:
                raise UnreadableFeed(f"{path} line {number} has no annotations of a paper that can be read here")
            if not last:
                found[str(annotated)] = number
            elif found[str(annotated)] == number:
                yield annotated


def _wanted(keyed: Iterable[tuple[int, tuple[str, int]]], newest: bool) -> dict[tuple[str, int], int]:
    """Which number of a paper counts, by DOI and version."""
    last = {key: number for number, key in keyed}
    # what came without its record has no version, until it came with one
    for doi in {doi for doi, version in last if not version} & {doi for doi, version in last if version}:
        del last[doi, 0]
    highest = dict(sorted(last)) if newest else {}
    return {key: number for key, number in last.items() if highest.get(key[0], key[1]) == key[1]}


def _whole(path: Path, newest: bool) -> Iterator[Paper]:
    if path.suffix == ".parquet":
        # one row group in memory at a time
        keyed, papers = read_parquet(path, ["doi", "version"]), read_parquet(path)
    else:
        keyed = papers = _listed(path)
    wanted = _wanted(((number, (paper.doi, paper.version)) for number, paper in enumerate(keyed)), newest)
    for number, paper in enumerate(papers):
        if not paper.doi:
            raise UnreadableFeed(f"{path} is no feed: its paper {number + 1} has no doi")
        if wanted.get((paper.doi, paper.version)) == number:
            yield paper


def _listed(path: Path) -> list[Paper]:
    try:
        return PAPERS.validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableFeed(f"cannot read the feed {path}: {error.strerror}") from None
    except ValidationError as error:
        fault = error.errors()[0]
        raise UnreadableFeed(
            f"{path} is no list of papers: {'.'.join(map(str, fault['loc']))} {fault['msg']}"
        ) from None


def _keys(path: Path) -> Iterator[tuple[int, tuple[str, int]]]:
    for number, line in _lines(path):
        key = _key(line)
        if key is None:
            paper = _paper(path, number, line)
            key = paper.doi, paper.version
        yield number, key


def _key(line: bytes) -> tuple[str, int] | None:
    if match := KEY.match(line):
        return match["doi"].decode(), int(match["version"])
    try:
        paper = from_json(line)
    except ValidationError:
        return None
    return paper.doi, paper.version


def _paper(path: Path, number: int, line: bytes) -> Paper:
    try:
        paper = from_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise UnreadableFeed(f"{path} line {number} is no paper of a JSON Lines feed: {where} {fault['msg']}") from None
    if paper.schema > SCHEMA:
        raise UnreadableFeed(
            f"{path} line {number} was written by a newer BioRxivist: pip install --upgrade biorxivist"
        )
    if not paper.doi:
        raise UnreadableFeed(f"{path} line {number} is no paper of a JSON Lines feed: it has no doi")
    if not paper.title and ANNOTATIONS in line:
        raise UnreadableFeed(f"{path} is a feed of annotations: scrapy graph load takes it, here give one of papers")
    return paper


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n") and not _is_whole(line):
                    logger.warning("%s: the last line is cut off and left out", path)
                elif line.strip():
                    yield number, line
    except (OSError, EOFError) as error:
        raise UnreadableFeed(f"cannot read the feed {path}: {getattr(error, 'strerror', None) or error}") from None


def _is_whole(line: bytes) -> bool:
    try:
        from_json(line)
    except ValidationError:
        return False
    return True


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
