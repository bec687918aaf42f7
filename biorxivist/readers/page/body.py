"""Body and back matter of a page: nested sections and what they consist of, in reading order."""

import re
from collections.abc import Callable

from biorxivist.items import Block, Section
from biorxivist.readers.blocks import code, put_before
from biorxivist.readers.inline import Inline
from biorxivist.readers.kinds import section_kind
from biorxivist.readers.notes import gives_addresses
from biorxivist.readers.page.floats import figure, table
from biorxivist.readers.page.interface import SILENT, SILENT_TAGS
from biorxivist.readers.page.text import (
    formula,
    passage,
    rich,
    write,
    write_child,
    write_definitions,
    write_list,
)
from biorxivist.readers.page.tree import Element, classes, first_of_class
from biorxivist.readers.reading import Reading
from biorxivist.readers.tex import NO_FORMULA

KINDS = {"ack": "acknowledgements", "app": "appendix", "glossary": "abbreviations"}
SECTIONS = {"section", "subsection"}
APART = {"abstract", "ref-list", "fn-group"}
HEADING = re.compile(r"h[1-6]$")
# words between paragraphs, which a list has taken out of one
LOOSE = {"a", "sub", "sup", "span", "br"}


def read_sections(view: Element, reading: Reading) -> list[Section]:
    """The sections of a full text. Loose content of its top level is a section without a title."""
    root = Section(level=0)
    fill(root, view, reading)
    return root.sections


def fill(section: Section, container: Element, reading: Reading) -> None:
    """Put the content of an element into a section; what stands after a nested section goes into one without a title."""
    loose = Inline()
    loose.add(container.text or "")
    for child in container:
        names = set(classes(child))
        if child.tag in LOOSE and names.isdisjoint(BLOCKS):
            write_child(child, loose, reading)
            loose.add(child.tail or "")
            continue
        _append(section, loose.blocks(reading))
        if child.tag == "p":
            _append(section, blocks_of(child, names, reading))
        elif child.tag == "div" and names & SECTIONS:
            if names & APART:
                _append(section, _footnotes(child, reading) if "fn-group" in names else [])
            else:
                section.sections.append(build(child, names, section.level + 1, reading))
        elif HEADING.match(child.tag) and not section.title and not section.blocks and section.level:
            section.title = rich(child, reading)
        elif child.tag in ("div", "li") and not names & (BLOCKS.keys() | SILENT):
            fill(section, child, reading)
        else:
            _append(section, blocks_of(child, names, reading))
        loose = Inline()
        loose.add(child.tail or "")
    _append(section, loose.blocks(reading))


def build(element: Element, names: set[str], level: int, reading: Reading) -> Section:
    """The section of a `div.section` or `div.subsection`."""
    section = Section(element.get("id") or "", level=level)
    fill(section, element, reading)
    own = next((kind for name, kind in KINDS.items() if name in names), "")
    section.kind = own or section_kind(section.title, " ".join(sorted(names - SECTIONS)))
    for nested in filter(_made_here, section.sections):
        nested.kind = section.kind
    return section


def _append(section: Section, blocks: list[Block]) -> None:
    if not blocks:
        return
    if section.level and not section.sections:
        section.blocks += blocks
        return
    if not section.sections or not _made_here(section.sections[-1]):
        section.sections.append(Section(level=section.level + 1))
    section.sections[-1].blocks += blocks


def _made_here(section: Section) -> bool:
    # every section of a page has an id or a heading
    return not section.id and not section.title


# --- blocks -----------------------------------------------------------------------------------------------------------


def blocks_of(element: Element, names: set[str], reading: Reading) -> list[Block]:
    """The blocks of one element of a section, floats of its paragraphs behind it."""
    if element.tag in SILENT_TAGS or names & SILENT:
        return []
    own = next((name for name in BLOCKS if name in names), "") if names else ""
    maker = BLOCKS[own] if own else TAGS.get(element.tag, _paragraph)
    blocks = maker(element, reading)
    while reading.waiting:
        waiting = reading.waiting.pop(0)
        blocks += blocks_of(waiting, set(classes(waiting)), reading)
    return blocks


def _paragraph(element: Element, reading: Reading) -> list[Block]:
    if next(element.iterchildren("q"), None) is not None:
        return _with_quotes(element, reading)
    before = len(reading.paper.formulas)
    out = Inline()
    (write if element.tag == "p" else write_child)(element, out, reading)
    blocks = out.blocks(reading)
    if blocks and blocks[0].text.strip() == NO_FORMULA and len(reading.paper.formulas) == before + 1:
        return [Block("formula", NO_FORMULA, reading.paper.formulas[-1].id)]
    return blocks


def _with_quotes(element: Element, reading: Reading) -> list[Block]:
    """The blocks of a paragraph, parted by the quotations that are displayed in it."""
    blocks: list[Block] = []
    out = Inline()
    out.add(element.text or "")
    for child in element:
        if child.tag == "q" and (child.get("id") or "").startswith("disp-quote"):
            blocks += [*out.blocks(reading), *passage(child, reading).blocks(reading, "quote")]
            out = Inline()
        else:
            write_child(child, out, reading)
        out.add(child.tail or "")
    return blocks + out.blocks(reading)


def _list(element: Element, reading: Reading) -> list[Block]:
    out = Inline()
    (write_definitions if element.tag == "dl" else write_list)(element, out, reading)
    return out.blocks(reading, "list")


def _passage(kind: str) -> Callable[[Element, Reading], list[Block]]:
    return lambda element, reading: passage(element, reading).blocks(reading, kind)


def _code(element: Element, reading: Reading) -> list[Block]:
    return code("".join(element.itertext()))


def _formula(element: Element, reading: Reading) -> list[Block]:
    id, text = formula(element, reading)
    return [Block("formula" if id else "paragraph", text, id)] if text.strip() else []


def _statement(element: Element, reading: Reading) -> list[Block]:
    label = first_of_class(element, "span", "statement-label")
    holder = Section(level=1)
    for child in element:
        if child is not label:
            _append(holder, blocks_of(child, set(classes(child)), reading))
    prefix = rich(label, reading)
    if prefix.strip() and holder.blocks and holder.blocks[0].kind == "paragraph":
        put_before(holder.blocks[0], prefix)
    return holder.blocks


def _heading(element: Element, reading: Reading) -> list[Block]:
    out = Inline()
    write(element, out, reading)
    return out.blocks(reading)


def _footnotes(group: Element, reading: Reading) -> list[Block]:
    reading.paper.footnotes += [text for item in notes_of(group) if (text := footnote(item, reading))]
    return []


def notes_of(group: Element) -> list[Element]:
    """The items of a `div.fn-group`: those of its lists, and whatever stands beside them."""
    notes: list[Element] = []
    for child in group:
        if child.tag in ("ul", "ol"):
            notes += child.iterchildren("li")
        elif not HEADING.match(child.tag):
            notes.append(child)
    return notes


def footnote(item: Element, reading: Reading) -> str:
    """The text of a footnote without its label; empty if an address was all it held."""
    text = passage(item, reading).text.strip()
    return "" if gives_addresses(text) else text


BLOCKS = {
    "fig": figure,
    "table": table,
    "boxed-text": _passage("box"),
    "statement": _statement,
    "disp-formula": _formula,
}
TAGS = {
    "ul": _list,
    "ol": _list,
    "dl": _list,
    "blockquote": _passage("quote"),
    "pre": _code,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
}
