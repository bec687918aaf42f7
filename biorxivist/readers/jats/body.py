"""Body and back matter of JATS: nested sections and what they consist of, in reading order."""

from collections.abc import Callable

from biorxivist.items import Block, Section
from biorxivist.readers.blocks import code, put_before
from biorxivist.readers.inline import Inline
from biorxivist.readers.jats.floats import MAKERS
from biorxivist.readers.jats.front import read_note
from biorxivist.readers.jats.text import (
    HANDLERS,
    formula,
    inline,
    passage,
    rich,
    write,
    write_definitions,
    write_list,
)
from biorxivist.readers.jats.tree import Element, first, plain
from biorxivist.readers.kinds import section_kind
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import MalformedDocument

KINDS = {"ack": "acknowledgements", "app": "appendix", "app-group": "appendix", "glossary": "abbreviations"}
# real documents are up to 7 deep; what writes an item recurses
DEEPEST = 100
NESTED = {"sec", "ack", "app", "glossary", "notes", "bio"}


def read_sections(article: Element, reading: Reading) -> list[Section]:
    """The sections of body, back and floats-group. Loose content of each is a section without a title."""
    root = Section(level=0)
    for part in article.iterchildren("body", "back", "floats-group"):
        fill(root, part, reading)
        # what follows in the next part is not a part of this one's loose content
        root.sections += _loose(root, 1)
    return root.sections


def fill(section: Section, container: Element, reading: Reading) -> None:
    """Put the content of an element into a section; what stands after a nested section goes into one without a title."""
    target = section
    for child in container:
        tag = child.tag
        if tag in NESTED or tag == "app-group":
            if section.level == 0:
                section.sections += _loose(section, 1)
            # the title of a group counts only for what it says itself
            parts = child.iterchildren("app", "sec") if tag == "app-group" and first(child, "p") is None else [child]
            section.sections += [build(part, section.level + 1, reading) for part in parts]
            target = section if section.level == 0 else None
        elif tag not in HEADS and (blocks := blocks_of(child, reading)):
            if target is None:
                target = Section(kind=section.kind, level=section.level + 1)
                section.sections.append(target)
            target.blocks += blocks


HEADS = {"title", "label", "sec-meta", "ref-list", "subtitle"}


def _loose(root: Section, level: int) -> list[Section]:
    blocks, root.blocks = root.blocks, []
    return [Section(level=level, blocks=blocks)] if blocks else []


def build(element: Element, level: int, reading: Reading) -> Section:
    """The section of a `sec`, `ack`, `app`, `glossary` or `notes`."""
    if level > DEEPEST:
        raise MalformedDocument(element.tag, f"nested more than {DEEPEST} deep")
    title = _title(element, reading)
    kind = KINDS.get(element.tag) or section_kind(title, element.get("sec-type") or element.get("notes-type") or "")
    section = Section(element.get("id") or "", title, kind, level)
    fill(section, element, reading)
    return section


def _title(element: Element, reading: Reading) -> str:
    label = title = ""
    for child in element:
        if child.tag == "title":
            title = rich(child, reading)
        elif child.tag == "label":
            label = plain(child).strip()
        elif child.tag not in HEADS:
            # they stand before the content
            break
    if not title.strip():
        return label
    return f"{label} {title}" if label and element.tag == "app" else title


# --- blocks -----------------------------------------------------------------------------------------------------------


def blocks_of(element: Element, reading: Reading) -> list[Block]:
    """The blocks of one element of a section, floats of its paragraphs behind it."""
    blocks = BLOCKS.get(element.tag, _unknown)(element, reading)
    while reading.waiting:
        waiting = reading.waiting.pop(0)
        blocks += BLOCKS[waiting.tag](waiting, reading)
    return blocks


def paragraph(element: Element, reading: Reading) -> list[Block]:
    """The blocks of a `p`: its text, parted by the lists, quotes and code inside it."""
    if not len(element):
        text = rich(element, reading)
        return [Block("paragraph", text)] if text and not text.isspace() else []
    blocks: list[Block] = []
    out = Inline()
    if text := element.text:
        out.add(text)
    for child in element:
        tag = child.tag
        if tag in FLOW:
            blocks += out.blocks(reading)
            blocks += BLOCKS[tag](child, reading)
            out = Inline()
        else:
            HANDLERS.get(tag, write)(child, out, reading)
        if text := child.tail:
            out.add(text)
    return blocks + out.blocks(reading)


def _list(element: Element, reading: Reading) -> list[Block]:
    out = Inline()
    (write_list if element.tag == "list" else write_definitions)(element, out, reading)
    return out.blocks(reading, "list")


def _passage(kind: str) -> Callable[[Element, Reading], list[Block]]:
    return lambda element, reading: passage(element, reading).blocks(reading, kind)


def _code(element: Element, reading: Reading) -> list[Block]:
    return code(plain(element))


def _formula(element: Element, reading: Reading) -> list[Block]:
    id, text = formula(element, reading)
    return [Block("formula", text, id)]


def _statement(element: Element, reading: Reading) -> list[Block]:
    blocks = [block for child in element if child.tag != "label" for block in blocks_of(child, reading)]
    label = plain(first(element, "label")).strip()
    if label and blocks and blocks[0].kind == "paragraph":
        put_before(blocks[0], label)
    elif label:
        blocks.insert(0, Block("paragraph", label))
    return blocks


def _footnotes(element: Element, reading: Reading) -> list[Block]:
    title = rich(first(element, "title"), reading)
    for note in element.iter("fn"):
        read_note(note, title, reading)
    return []


def _heading(element: Element, reading: Reading) -> list[Block]:
    return inline(element, reading).blocks(reading)


def _unknown(element: Element, reading: Reading) -> list[Block]:
    if any(child.tag in BLOCKS for child in element) or next(element.iter("p"), None) is not None:
        return [block for child in element for block in blocks_of(child, reading)]
    return inline(element, reading).blocks(reading)


FLOW = {"list", "def-list", "disp-quote", "code", "preformat", "verse-group", "speech", "statement"}
BLOCKS: dict[str, Callable[[Element, Reading], list[Block]]] = {
    **MAKERS,
    "p": paragraph,
    "list": _list,
    "def-list": _list,
    "disp-quote": _passage("quote"),
    "verse-group": _passage("quote"),
    "speech": _passage("quote"),
    "boxed-text": _passage("box"),
    "code": _code,
    "preformat": _code,
    "disp-formula": _formula,
    "statement": _statement,
    "fn": _footnotes,
    "fn-group": _footnotes,
    "title": _heading,
    "label": _heading,
}
