"""Lists of papers that people have: lines of text, a CSV with a column of DOIs, RIS and BibTeX as Zotero and EndNote write them, feeds."""

import csv
import io
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import bibtexparser
import rispy
from bibtexparser.model import Entry as BibtexEntry
from bibtexparser.model import ParsingFailedBlock

from biorxivist.identifiers import Preprint, parse_preprint

STANDARD_INPUT = "-"
RIS = re.compile(r"\s*TY {1,2}- ?\S")
RIS_START = re.compile(r"^TY  - ", re.M)
RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}- ?", re.M)
RIS_END = re.compile(r"^ER {1,2}-.*$", re.M)
BIBTEX = re.compile(r"(?:\s|%.*\n)*@\w+\s*[{(]")
A_DOI_COLUMN = re.compile(r"(?!#)(?!.*10\.\d)(?:.{0,30}[\W_])?doi(?:[\W_].{0,30})?")
FEED_LINE = re.compile(
    rb'\{"schema":\d+,"doi":"(?P<doi>10\.\d+/[^"\\\s]+)","version":\d+,"server":"(?P<server>biorxiv|medrxiv)"'
)
OURS = re.compile(r"biorxiv|medrxiv|10\.64898/", re.I)
IN_A_NOTE = re.compile(r"\bDOI:\s*(\S+)", re.I)
# fields that tell where an entry was published, in the words of Zotero's CSV, of rispy and of BibTeX
ORIGINS = (
    "doi", "url", "urls", "publisher", "journal", "journaltitle", "journal_name", "secondary_title", "publication title",
    "repository", "archive", "archiveprefix", "eprinttype", "howpublished",
)  # fmt: skip
NOTES = ("extra", "note", "notes", "annote")
BROKEN = "\0"  # name of the field that tells why a parser could not read the entry
LONGEST_CELL = 1 << 28  # characters


@dataclass(slots=True)
class PreprintList:
    """What a list names."""

    name: str
    """File name, or `standard input`."""
    preprints: list[Preprint] = field(default_factory=list)
    """Preprints in the order of the list."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """What should be a preprint and is none: place (`line 4`) and reason."""
    others: list[str] = field(default_factory=list)
    """Entries of a library that are no preprints of bioRxiv or medRxiv: a library naturally has journal papers."""


@dataclass(slots=True)
class Entry:
    """One entry of a library, its field names in lower case."""

    place: str
    fields: dict[str, list[str]]

    def values(self, *names: str) -> list[str]:
        """What the fields hold."""
        return [v.strip() for name in names for v in self.fields.get(name, []) if v.strip()]


def read_list(source: str) -> PreprintList:
    """The preprints of a file, or with `-` of standard input, in any of the formats; raises `ValueError` with one line."""
    if source == STANDARD_INPUT:
        found, body, suffix = PreprintList("standard input"), sys.stdin.buffer.read(), ""
        if FEED_LINE.match(body):
            return _feed(body.splitlines(), found.name)
    else:
        path = Path(source)
        if not path.is_file():
            raise ValueError(f"no such file: {path}")
        with path.open("rb") as file:
            # one may be larger than the memory
            if FEED_LINE.match(file.peek()):
                return _feed(file, path.name)
        found, body, suffix = PreprintList(path.name), path.read_bytes(), path.suffix.lower()
    text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ValueError(f"{found.name} is empty")
    try:
        if reader := _reader(text, suffix):
            _take(reader(text), found)
        else:
            _take_lines(text, found)
    except csv.Error as error:
        raise ValueError(f"{found.name} is no CSV: {error}") from None
    if not found.preprints and not found.unreadable:
        entries = f": its {len(found.others)} entries are of others" if found.others else ""
        raise ValueError(f"{found.name} names no preprint of bioRxiv or medRxiv{entries}")
    return found


def _feed(lines: Iterable[bytes], name: str) -> PreprintList:
    """The papers of a feed of ours, each once and without its version."""
    found = PreprintList(name)
    papers: dict[Preprint, None] = {}
    for number, line in enumerate(lines, 1):
        if paper := FEED_LINE.match(line):
            papers[Preprint(paper["doi"].decode(), server=paper["server"].decode())] = None
        elif line.strip():
            found.unreadable.append((f"line {number}", "is no line of a feed"))
    found.preprints = list(papers)
    return found


def _reader(text: str, suffix: str) -> Callable[[str], Iterable[Entry]] | None:
    """What reads a library; None for lines of text."""
    if RIS.match(text):
        return _ris
    if BIBTEX.match(text):
        return _bibtex
    header = text.partition("\n")[0]
    return _csv if _doi_column(header) or (suffix in (".csv", ".tsv") and not _preprint(header)) else None


def _take_lines(text: str, found: PreprintList) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        named = line.strip()
        if not named or named.startswith("#"):
            continue
        try:
            found.preprints.append(parse_preprint(named))
        except ValueError as error:
            found.unreadable.append((f"line {number}", str(error)))


def _take(entries: Iterable[Entry], found: PreprintList) -> None:
    for entry in entries:
        named = entry.values("doi", "url", "urls")
        named += [m[1] for note in entry.values(*NOTES) if (m := IN_A_NOTE.search(note))]
        preprint = next(filter(None, map(_preprint, named)), None)
        if preprint:
            found.preprints.append(preprint)
        elif any(map(OURS.search, entry.values(*ORIGINS))):
            shown = repr(named[0][:80]) if named else "nothing"
            found.unreadable.append((entry.place, f"is of bioRxiv or medRxiv, but has {shown} for a DOI"))
        elif entry.values(BROKEN):
            found.unreadable.append((entry.place, entry.fields[BROKEN][0]))
        else:
            found.others.append(f"{entry.place} ({named[0] if named else 'no DOI'})")


def _preprint(text: str) -> Preprint | None:
    try:
        return parse_preprint(text)
    except ValueError:
        return None


# --- formats ----------------------------------------------------------------------------------------------------------


def _csv(text: str) -> Iterator[Entry]:
    header = text.partition("\n")[0]
    # a feed of ours has the whole text in one cell
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(header))
    names = [name.strip().lower() for name in next(rows, [])]
    column = _doi_column(header)
    if column is None:
        raise ValueError(f"has no column DOI: there are {', '.join(names)[:200]}")
    for row in rows:
        if any(cell.strip() for cell in row):
            fields = {name: [cell] for name, cell in zip(names, row, strict=False)}
            yield Entry(f"line {rows.line_num}", fields | {"doi": fields.get(column, [])})


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _doi_column(header: str) -> str | None:
    """The column that holds DOIs: `DOI` itself, else the only one with that word in its name."""
    names = [n.strip().lower() for n in next(csv.reader([header], delimiter=_delimiter(header)), [])]
    if "doi" in names:
        return "doi"
    alike = [n for n in names if A_DOI_COLUMN.fullmatch(n)]
    return alike[0] if len(alike) == 1 else None


def _ris(text: str) -> Iterator[Entry]:
    # rispy leaves out what an entry without its end holds, and tags with fewer spaces
    text = RIS_TAG.sub(r"\1  - ", RIS_END.sub("", text))
    for start in RIS_START.finditer(text):
        end = RIS_START.search(text, start.end())
        place = f"line {text.count(chr(10), 0, start.start()) + 1}"
        for entry in rispy.loads(text[start.start() : end.start() if end else None] + "\nER  - \n"):
            fields = {name: [*map(str, v)] if isinstance(v, list) else [str(v)] for name, v in entry.items()}
            title = next(iter(Entry("", fields).values("title", "primary_title")), "")
            yield Entry(f"{place} {title[:60]!r}" if title else place, fields)


def _bibtex(text: str) -> Iterator[Entry]:
    # what it could not read is told by its line below
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    for block in bibtexparser.parse_string(text).blocks:
        # a key that is there twice is no reason to lose the entry
        entry = getattr(block, "ignore_error_block", None) or block
        place = f"line {(entry.start_line or 0) + 1}"
        if isinstance(entry, BibtexEntry):
            yield Entry(f"{entry.key} ({place})", {f.key.lower(): [str(f.value)] for f in entry.fields})
        elif isinstance(entry, ParsingFailedBlock):
            yield Entry(place, {BROKEN: ["is no BibTeX entry: a brace or a comma is missing"]})
