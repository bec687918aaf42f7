"""Which two papers are compared: what the arguments of `scrapy diff` name."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from biorxivist.errors import UsageError, UserError
from biorxivist.feed import from_json, read_feed
from biorxivist.identifiers import Preprint, parse_preprint
from biorxivist.items import Paper

VERSION = re.compile(r"v(\d{1,6})", re.A)
Pair = tuple[Paper, Paper]


@dataclass(slots=True)
class Operands:
    """What the arguments name, in their order."""

    files: list[Path] = field(default_factory=list)
    """Feeds, at most two."""
    preprints: list[Preprint] = field(default_factory=list)
    """Papers; `v3` behind a DOI is another version of it."""


@dataclass(slots=True)
class Found:
    """What there is to compare."""

    pairs: list[Pair] = field(default_factory=list)
    """Papers that belong together."""
    only: list[tuple[str, str]] = field(default_factory=list)
    """Paper without a counterpart, and the feed that has it."""


def read_operands(args: list[str]) -> Operands:
    """The files and papers that arguments name; raises `UsageError`."""
    operands = Operands()
    for arg in args:
        version = VERSION.fullmatch(arg)
        if version and operands.preprints:
            operands.preprints.append(Preprint(operands.preprints[-1].doi, int(version[1])))
        elif Path(arg).is_file():
            operands.files.append(Path(arg))
        else:
            operands.preprints.append(_preprint(arg))
    if len(operands.files) > 2 or (not operands.files and len(operands.preprints) != 2):
        raise UsageError(
            "give two feeds, a feed with two versions of a paper in it, or two versions: 10.1101/2023.10.19.563100v1 v2"
        )
    return operands


def _preprint(arg: str) -> Preprint:
    try:
        return parse_preprint(arg)
    except ValueError as error:
        if Path(arg).suffix in (".jsonl", ".json", ".gz"):
            raise UsageError(f"no such file: {arg}") from None
        raise UsageError(f"neither a file nor a preprint: {error}") from None


def find_pairs(operands: Operands, crawl: Callable[[list[Preprint]], list[Paper]]) -> Found:
    """What to compare; versions that no feed has come from `crawl`. Raises `UserError`."""
    feeds = [_papers(path) for path in operands.files]
    if len(feeds) == 2:
        return _between(operands, *feeds)
    if len(operands.preprints) == 2:
        return Found([_versions(operands.preprints, feeds[0] if feeds else [], crawl)])
    wanted = {p.doi for p in operands.preprints}
    pairs = [pair for pair in _successive(feeds[0]) if not wanted or pair[0].doi in wanted]
    if not pairs:
        what = f"of {', '.join(wanted)} " if wanted else "of any paper "
        raise UserError(
            f"{operands.files[0]} has no two versions {what}to compare: crawl with -a versions=all, or give two feeds"
        )
    return Found(pairs)


def _papers(path: Path) -> list[Paper]:
    if path.suffix != ".json":
        return list(read_feed(path))
    try:
        items = json.loads(path.read_bytes())
        papers = [from_json(json.dumps(item)) for item in (items if isinstance(items, list) else [items])]
    except (OSError, ValueError):
        papers = [Paper()]
    if not all(paper.doi for paper in papers):
        raise UserError(f"{path} is no feed of a crawl: a .json feed is a list of papers, a .jsonl feed a paper a line")
    return papers


# --- two feeds --------------------------------------------------------------------------------------------------------


def _between(operands: Operands, old: list[Paper], new: list[Paper]) -> Found:
    """Papers of both feeds: of the same version, else the latest of each; two feeds of one paper each are a pair."""
    if wanted := {p.doi for p in operands.preprints}:
        old, new = ([p for p in papers if p.doi in wanted] for papers in (old, new))
    found = Found()
    if len(old) == len(new) == 1:
        found.pairs = [(old[0], new[0])]
        return found
    waiting = {_key(p): p for p in old}
    latest = {p.doi: p for p in sorted(old, key=_key)}
    rest = []
    for paper in new:
        same = waiting.pop(_key(paper), None)
        if same:
            found.pairs.append((same, paper))
        else:
            rest.append(paper)
    paired = {p.doi for p, _ in found.pairs}
    for paper in sorted(rest, key=_key, reverse=True):
        counterpart = latest.get(paper.doi) if paper.doi not in paired else None
        if counterpart:
            found.pairs.append((counterpart, paper))
            paired.add(paper.doi)
            waiting.pop(_key(counterpart), None)
        else:
            found.only.append((str(paper), str(operands.files[1])))
    found.only += [(str(paper), str(operands.files[0])) for paper in waiting.values()]
    return found


def _key(paper: Paper) -> tuple[str, int]:
    return paper.doi, paper.version


# --- versions ---------------------------------------------------------------------------------------------------------


def _versions(preprints: list[Preprint], papers: list[Paper], crawl: Callable[[list[Preprint]], list[Paper]]) -> Pair:
    first, second = ([p for p in sorted(papers, key=_key) if _is(p, wanted)][-1:] for wanted in preprints)
    lacking = [wanted for wanted, found in zip(preprints, (first, second), strict=True) if not found]
    crawled = crawl(lacking) if lacking else []
    first, second = (
        found or [p for p in crawled if _is(p, wanted)]
        for wanted, found in zip(preprints, (first, second), strict=True)
    )
    for wanted, found in zip(preprints, (first, second), strict=True):
        if not found:
            named = f"{wanted.doi}v{wanted.version}" if wanted.version else wanted.doi
            raise UserError(f"{named} could not be had: the log above says why")
    return first[0], second[0]


def _is(paper: Paper, wanted: Preprint) -> bool:
    return paper.doi == wanted.doi and wanted.version in (None, paper.version)


def _successive(papers: list[Paper]) -> Iterator[Pair]:
    ordered = sorted(papers, key=_key)
    return (pair for pair in pairwise(ordered) if pair[0].doi == pair[1].doi)
