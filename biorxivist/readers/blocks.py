"""What the readers of both mark-ups do alike, each with its own way to write an element."""

from collections.abc import Callable

from lxml import etree

from biorxivist.items import Block
from biorxivist.readers.inline import Inline, without_addresses
from biorxivist.readers.reading import Reading

Element = etree._Element
Write = Callable[[Element, Inline, Reading], None]
"""Appends the text of an element."""


def inline_by(write: Write) -> Callable[[Element, Reading], Inline]:
    """What gives the text of an element, citations with their ranges expanded."""

    def inline(element: Element, reading: Reading) -> Inline:
        out = Inline()
        write(element, out, reading)
        out.finish(reading)
        return out

    return inline


def rich_by(write: Write) -> Callable[[Element | None, Reading], str]:
    """What gives the text of an element without its citations; empty for no element."""
    inline = inline_by(write)

    def rich(element: Element | None, reading: Reading) -> str:
        if element is None:
            return ""
        if len(element):
            return inline(element, reading).text
        text = element.text or ""
        return without_addresses(text) if reading.may_hold_addresses else text

    return rich


def code(text: str) -> list[Block]:
    """The block of code as it stands; none for white space alone."""
    text = text.strip("\n")
    return [Block("code", text)] if text.strip() else []


def put_before(block: Block, label: str) -> None:
    """Let the text of a block begin with a label."""
    block.text = f"{label} {block.text}"
    for citation in block.citations:
        citation.start += len(label) + 1
        citation.end += len(label) + 1


ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def marker(style: str, number: int) -> str:
    """What a list prints before an item: bullet, number or letter, as JATS's `list-type` says."""
    if style == "simple":
        return ""
    if style.startswith("alpha"):
        mark = chr(ord("a") + (number - 1) % 26)
    elif style.startswith("roman"):
        mark = ROMAN[(number - 1) % len(ROMAN)]
    else:
        return f"{number}. " if style.startswith("ord") else "- "
    return f"{mark.upper() if style.endswith('upper') else mark}. "
