"""The text of one block as a reader puts it together: words, super- and subscripts, and the citations in between."""

import re
from collections.abc import Callable, Iterable

from biorxivist.items import Block, Citation

BETWEEN = re.compile(r"[\])}]?\s*[-‐‑–—−⁻]\s*(?:\^\{|[\[(])?")
WIDEST = 200
# the sites write `x{at}y` where they hide an address
SIGNS = ("@", "＠", "{at}", "[at]", "(at)")
ADDRESS = re.compile(
    r"[\w.+%-]{1,64}(?:[@＠]|\s?(?:\{at\}|\[at\]|\(at\))\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b"
)


class Inline:
    """Raw text (see `biorxivist.text`) and citations, collected in reading order."""

    __slots__ = ("add", "citations", "counted", "length", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        # the list's own method: most of a document passes through it
        self.add: Callable[[str], None] = self.parts.append
        self.citations: list[Citation] = []
        self.counted = self.length = 0

    def measure(self) -> int:
        """Length of what was appended so far."""
        self.length += sum(map(len, self.parts[self.counted :]))
        self.counted = len(self.parts)
        return self.length

    def cite(self, text: str, references: list[str]) -> None:
        """Append the text of an in-text citation."""
        bare = text.strip()
        start = self.measure() + text.find(bare)
        self.add(text)
        self.citations.append(Citation(start, start + len(bare), references))

    def nest(self, inner: "Inline", change: Callable[[str], str]) -> None:
        """Append another text through `superscript` or `subscript`, its citations with it."""
        before = inner.text
        after = change(before)
        if inner.citations:
            # `^{…}` puts two characters in front and leaves what stands behind it, a translation none
            braced = len(after) > len(before)
            last = after.rfind("}") - 2 if braced else len(after)
            shift = self.measure() + 2 * braced
            self.citations += [
                Citation(c.start + shift, min(c.end, last) + shift, c.references) for c in inner.citations
            ]
        self.add(after)

    def finish(self, order: dict[str, int]) -> str:
        """The whole text, without e-mail addresses; ranges of citations are expanded by `order`, id → place in the list."""
        text = "".join(self.parts)
        if _may_hold_addresses(text):
            text = _without_addresses(text, self.citations)
        if len(self.citations) > 1:
            self.citations = expand_ranges(text, self.citations, order)
        self.parts[:] = [text]
        return text

    def blocks(self, order: dict[str, int], kind: str = "paragraph") -> list[Block]:
        """The finished text as a block; none for white space alone."""
        text = self.finish(order)
        return [Block(kind, text, "", self.citations)] if text and not text.isspace() else []

    @property
    def text(self) -> str:
        """What was appended so far."""
        return "".join(self.parts)


def _without_addresses(text: str, citations: list[Citation]) -> str:
    """The text without e-mail addresses; the citations are moved."""
    for match in reversed(list(ADDRESS.finditer(text))):
        start, end = match.span()
        text = text[:start] + text[end:]
        for c in citations:
            c.start -= max(0, min(c.start, end) - start)
            c.end -= max(0, min(c.end, end) - start)
    return text


def _may_hold_addresses(text: str) -> bool:
    # many times quicker than the pattern, which few texts need
    return any(sign in text for sign in SIGNS)


def without_addresses(text: str) -> str:
    """A text without e-mail addresses."""
    return ADDRESS.sub("", text) if _may_hold_addresses(text) else text


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
