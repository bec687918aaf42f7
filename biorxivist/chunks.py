"""Papers in passages for search and for language models: whole sentences of one section each, none above a limit.

A passage is a piece of the text of its place: the abstract, a section's own blocks, a caption, the rows of a table. `place_text` gives
that text, and `chunk.text == place_text(paper, chunk)[chunk.start:chunk.end]`. Headings are in `section_path`; references are left out.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from biorxivist.items import Chunk, Paper, Section, Table
from biorxivist.sentences import last_end, sentences
from biorxivist.text import caption

LIMIT = 1000
MOST_ACCENTS = 40
GAP = "\n\n"
CELL = " | "
Measure = Callable[[str], int]


def chunk_paper(paper: Paper, limit: int = LIMIT, measure: Measure = len) -> list[Chunk]:
    """The passages of a paper in reading order; `measure` gives the size of a text, characters if it is not given.

    Raises `ValueError` if not even a character fits in the limit.
    """
    if limit < 1:
        raise ValueError("the limit of a chunk is 1 or more")
    shared = paper.doi, paper.version, paper.title, paper.license, paper.url
    return [
        Chunk(f"{paper}#{place.name}:{n}", place.kind, place.text[a:b], place.path, place.section_kind, a, b, *shared)
        for place in places(paper)
        for n, (a, b) in enumerate(spans(place.text, limit, measure))
    ]


# --- places -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Place:
    """A text of a paper that passages are cut from."""

    name: str
    """`abstract`, `s2.1` (first section in the second), `n1` (statement of the front matter), `f3`, `t1`, `t1-rows`; in a `Chunk.id`."""
    text: str
    """What the offsets of its passages refer to."""
    kind: str = "text"
    """`Chunk.kind`."""
    path: list[str] = field(default_factory=list)
    """`Chunk.section_path`."""
    section_kind: str = "other"
    """`Chunk.section_kind`."""


def place_text(paper: Paper, chunk: Chunk) -> str:
    """The text that the offsets of a chunk refer to; raises `ValueError` if the chunk is not of this paper."""
    name = chunk.id.rpartition("#")[2].partition(":")[0]
    for place in places(paper):
        if place.name == name:
            return place.text
    raise ValueError(f"{paper} has no place {name!r}")


def section_text(section: Section) -> str:
    """The joined text of a section's own blocks, without nested sections and captions."""
    return GAP.join(b.text for b in section.blocks if b.text and b.kind not in ("figure", "table"))


def table_text(table: Table) -> str:
    """The rows of a table, a line each, cells parted by ` | `, then its notes."""
    rows = (CELL.join(" ".join(cell.split()) for cell in row) for row in table.rows if any(map(str.strip, row)))
    return "\n".join([*rows, *filter(None, table.footnotes)])


def places(paper: Paper) -> Iterator[Place]:
    """The texts of a paper in reading order, a caption and rows behind the section that they stand in."""
    floats = _floats(paper)
    if paper.abstract:
        yield Place("abstract", paper.abstract, path=["Abstract"], section_kind="abstract")
    for number, section in enumerate(paper.sections, 1):
        yield from _section(section, f"s{number}", [], floats)
    for number, statement in enumerate(paper.statements, 1):
        yield from _section(statement, f"n{number}", [], floats)
    for places_ in floats.values():
        yield from places_


def _section(
    section: Section, name: str, above: list[str], floats: dict[str, list[Place]], around: str = "other"
) -> Iterator[Place]:
    path = [*above, section.title] if section.title else above
    # "Cell culture" in the methods is of the methods
    kind = around if section.kind == "other" else section.kind
    if text := section_text(section):
        yield Place(name, text, path=path, section_kind=kind)
    for block in section.blocks:
        if block.kind in ("figure", "table"):
            for place in floats.pop(block.id, ()):
                place.path, place.section_kind = path, kind
                yield place
    for number, nested in enumerate(section.sections, 1):
        yield from _section(nested, f"{name}.{number}", path, floats, kind)


def _floats(paper: Paper) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for letter, floats in (("f", paper.figures), ("t", paper.tables)):
        for number, float_ in enumerate(floats, 1):
            texts = [(f"{letter}{number}", GAP.join(caption(float_)), "caption")]
            if isinstance(float_, Table):
                texts.append((f"{letter}{number}-rows", table_text(float_), "table"))
            found.setdefault(float_.id, []).extend(Place(*t) for t in texts if t[1])
    return found


# --- passages ---------------------------------------------------------------------------------------------------------


def spans(text: str, limit: int, measure: Measure = len) -> Iterator[tuple[int, int]]:
    """Offsets of the passages of a text: as many whole sentences as fit; a sentence above the limit is cut at the best place."""
    end = len(text.rstrip())
    start = _skip(text, 0, end)
    while start < end:
        stop = min(end, start + limit) if measure is len else _reach(text, start, limit, measure)
        if stop < end:
            stop = last_end(text, start, stop) if measure is len else stop
        if stop == start:
            stop = _cut(text, start, end, limit, measure)
        yield start, stop
        start = _skip(text, stop, end)


def _reach(text: str, start: int, limit: int, measure: Measure) -> int:
    """The end of the last sentence that fits in the limit, or `start`."""
    ends = [start]
    size = 0
    for _, stop in sentences(text, start):
        # sizes of sentences add up to that of the whole but for a little, which is measured below
        size += measure(text[ends[-1] : stop])
        if size > limit:
            break
        ends.append(stop)
    while len(ends) > 1 and measure(text[start : ends[-1]]) > limit:
        ends.pop()
    return ends[-1]


def _cut(text: str, start: int, end: int, limit: int, measure: Measure) -> int:
    """The best place to cut a sentence above the limit: behind a semicolon, a comma, a word, in the last half of what fits."""
    stop = _longest(text, start, end, limit, measure)
    for mark in ("; ", ": ", ", ", " ", "-", "/"):
        place = text.rfind(mark, start + (stop - start) // 2, stop + mark.endswith(" ")) + len(mark.rstrip())
        if place > start and measure(text[start:place]) <= limit:
            return place
    # a letter has few accents: where there are more, there is no letter to keep them with
    for place in range(stop, max(start, stop - MOST_ACCENTS), -1):
        if not unicodedata.combining(text[place]):
            return place
    return stop


def _longest(text: str, start: int, end: int, limit: int, measure: Measure) -> int:
    if measure is len:
        return start + limit
    low, high = start, min(end, start + 2)
    while high < end and measure(text[start:high]) <= limit:
        low, high = high, min(end, start + 2 * (high - start))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if measure(text[start:middle]) <= limit else (low, middle)
    if low == start:
        raise ValueError(f"not even the character {text[start]!r} fits in a limit of {limit}")
    return low


def _skip(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place
