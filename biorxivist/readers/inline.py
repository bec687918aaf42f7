"""The text of one block as a reader puts it together: words, super- and subscripts, and the citations in between."""

import re
from collections.abc import Callable, Iterable

from biorxivist.items import Block, Citation

BETWEEN = re.compile(r"[\])}]?\s*[-‐‑–—−⁻]\s*(?:\^\{|[\[(])?")
WIDEST = 200
ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b")


class Inline:
    """Raw text (see `biorxivist.text`) and citations, collected in reading order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.citations: list[Citation] = []

    def add(self, text: str | None) -> None:
        """Append text."""
        if text:
            self.parts.append(text)
            self.length += len(text)

    def cite(self, text: str, references: list[str]) -> None:
        """Append the text of an in-text citation."""
        lead = len(text) - len(text.lstrip())
        start = self.length + lead
        self.add(text)
        self.citations.append(Citation(start, start + len(text.strip()), references))

    def nest(self, inner: "Inline", change: Callable[[str], str]) -> None:
        """Append another text through `superscript` or `subscript`, its citations with it."""
        before = inner.text
        after = change(before)
        # `^{…}` puts two characters in front, a translation none
        shift = self.length + (2 if len(after) > len(before) else 0)
        self.citations += [Citation(c.start + shift, c.end + shift, c.references) for c in inner.citations]
        self.add(after)

    def drop_addresses(self) -> None:
        """Take e-mail addresses out of what was appended so far."""
        text = self.text
        if "@" not in text:
            return
        for match in reversed(list(ADDRESS.finditer(text))):
            start, end = match.span()
            text = text[:start] + text[end:]
            for c in self.citations:
                c.start -= max(0, min(c.start, end) - start)
                c.end -= max(0, min(c.end, end) - start)
        self.parts, self.length = [text], len(text)

    @property
    def text(self) -> str:
        """What was appended so far."""
        return "".join(self.parts)

    def block(self, kind: str = "paragraph", id: str = "") -> Block:
        """A block of this text."""
        return Block(kind, self.text, id, self.citations)


def without_addresses(text: str) -> str:
    """A text without e-mail addresses."""
    return ADDRESS.sub("", text) if "@" in text else text


def expand_ranges(text: str, citations: Iterable[Citation], order: dict[str, int]) -> list[Citation]:
    """Citations in which two neighbours joined by a dash are one that names all references between; `order` is id → place in the list."""
    ids: list[str] = []
    out: list[Citation] = []
    for c in citations:
        first = out[-1] if out else None
        if first and _is_range(text, first, c, order):
            ids = ids or sorted(order, key=order.__getitem__)
            between = ids[order[first.references[-1]] + 1 : order[c.references[0]] + 1]
            out[-1] = Citation(first.start, c.end, first.references + between)
        else:
            out.append(c)
    return out


def _is_range(text: str, first: Citation, last: Citation, order: dict[str, int]) -> bool:
    if len(last.references) != 1 or not first.references or not BETWEEN.fullmatch(text, first.end, last.start):
        return False
    start, end = order.get(first.references[-1]), order.get(last.references[0])
    return start is not None and end is not None and 0 < end - start <= WIDEST
