"""A paper as a whole: every string cleaned, and its `text` made."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import accumulate
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints

from biorxivist.items import Block, Citation, Figure, Paper, Section, Table
from biorxivist.mentions import find_mentions
from biorxivist.text.strings import clean, clean_with_offsets
from biorxivist.text.suspects import JOINT, suspects

HINTS = get_type_hints(Paper)
STRINGS = [name for name, hint in HINTS.items() if hint is str and name != "text"]
LISTS = [name for name, hint in HINTS.items() if get_origin(hint) is list and name != "attempts"]
own_strings, own_lists = attrgetter(*STRINGS), attrgetter(*LISTS)


def clean_paper(paper: Paper) -> Paper:
    """The paper with every string cleaned, and `text`, `coverage` and `mentions` made from its parts.

    Parts that are clean already are shared with the paper given.
    """
    strings = list(own_strings(paper))
    lists = [list(values) for values in own_lists(paper)]
    sections: list[Section] = []
    for values in lists:
        if values and type(values[0]) is Section:
            values[:] = [_copied(section, sections) for section in values]
    titles = [section.title for section in sections]
    _clean([strings, titles, *lists, *[section.blocks for section in sections]])
    for section, title in zip(sections, titles, strict=True):
        section.title = title
    cleaned = replace(paper, **dict(zip(STRINGS + LISTS, strings + lists, strict=True)))
    cleaned.text = "\n\n".join(paragraphs(cleaned))
    full = any(map(holds_text, cleaned.sections))
    cleaned.coverage = "full_text" if full else "abstract" if cleaned.abstract else "metadata"
    cleaned.mentions = find_mentions(cleaned)
    return cleaned


def _copied(section: Section, copies: list[Section]) -> Section:
    nested = [_copied(inner, copies) for inner in section.sections]
    copy = Section(section.id, section.title, section.kind, section.level, section.blocks[:], nested)
    copies.append(copy)
    return copy


def _clean(lists: list[list[Any]]) -> None:
    """Clean the strings of the elements of lists, in place; a section's are those of its own lists."""
    lists = [values for values in lists if values]
    texts = [text for values in lists for text in map(TEXTS[type(values[0])], values)]
    # one look at all strings: one by one costs five times as much, and few have anything to clean
    found = suspects(texts)
    if not found:
        return
    firsts = [0, *accumulate(map(len, lists))]
    for place in found:
        number = bisect_right(firsts, place) - 1
        values, index = lists[number], place - firsts[number]
        values[index] = _cleaned(values[index])


# --- parts ------------------------------------------------------------------------------------------------------------


def _text_of(kind: type) -> Callable[[Any], str]:
    """What gives all strings of an object as one."""
    hints = get_type_hints(kind)
    strings = attrgetter(*[name for name, hint in hints.items() if hint is str])
    lists = [attrgetter(name) for name, hint in hints.items() if hint == list[str]]
    if not lists:
        return lambda value: JOINT.join(strings(value))
    (first,) = lists
    return lambda value: JOINT.join((*strings(value), *first(value)))


def _table_text(table: Table) -> str:
    return JOINT.join(
        [table.id, *caption(table), table.image_url, *table.footnotes, *(c for row in table.rows for c in row)]
    )


TEXTS: dict[type, Callable[[Any], str]] = {
    kind: _text_of(kind)
    for hint in HINTS.values()
    if get_origin(hint) is list and is_dataclass(kind := get_args(hint)[0])
} | {
    str: lambda text: text,
    Section: lambda section: "",
    Block: lambda block: "" if block.kind == "code" else block.text,
    Table: _table_text,
}


def _cleaned(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return clean(value)
    if kind is list:
        return [_cleaned(v) for v in value]
    if kind is Block:
        return _block(value)
    return kind(*[_cleaned(getattr(value, f.name)) for f in fields(value)]) if is_dataclass(value) else value


def _block(block: Block) -> Block:
    ends = [offset for c in block.citations for offset in (c.start, c.end)]
    text, moved = clean_with_offsets(block.text, ends)
    pairs = zip(block.citations, moved[::2], moved[1::2], strict=True)
    return Block(block.kind, text, block.id, [Citation(start, end, c.references) for c, start, end in pairs])


# --- the text ---------------------------------------------------------------------------------------------------------


def paragraphs(paper: Paper) -> list[str]:
    """The paragraphs of `Paper.text`, in reading order."""
    return [*filter(None, [paper.abstract]), *section_paragraphs(paper, paper.sections)]


def section_paragraphs(paper: Paper, sections: list[Section]) -> list[str]:
    """The paragraphs of some sections of a paper and those nested in them, captions where the figures and tables stand."""
    found: list[str] = []
    floats = {f.id: f for f in [*paper.figures, *paper.tables]}
    for section in sections:
        _add_paragraphs(section, floats, found)
    return found


def _add_paragraphs(section: Section, floats: dict[str, Figure], found: list[str]) -> None:
    if section.title and holds_text(section):
        found.append(section.title)
    for block in section.blocks:
        if block.kind in ("figure", "table"):
            if block.id in floats:
                found += caption(floats[block.id])
        elif block.text:
            found.append(block.text)
    for nested in section.sections:
        _add_paragraphs(nested, floats, found)


def caption(float_: Figure) -> Iterator[str]:
    """The paragraphs of a figure's or table's caption: label and title, then the rest."""
    if head := " ".join(filter(None, (float_.label, float_.title))):
        yield head
    if float_.caption:
        yield float_.caption


def holds_text(section: Section) -> bool:
    """Whether a section, or one nested in it, has a block."""
    return bool(section.blocks) or any(map(holds_text, section.sections))
