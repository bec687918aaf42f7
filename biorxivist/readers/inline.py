"""The text of one block as a reader puts it together: words, super- and subscripts, and the citations in between."""

import re
from collections.abc import Callable, Iterable
from itertools import accumulate

from lxml import etree

from biorxivist.items import Block, Citation
from biorxivist.literals import Literals
from biorxivist.readers.reading import Reading

BETWEEN = re.compile(r"[\])}]?\s*[-‐‑–—−⁻]\s*(?:\^\{|[\[(])?")
WIDEST = 200
ADDRESS = re.compile(
    r"[\w.+%-]{1,64}+(?:[@＠]|\s?(?:\{at\}|\[at\]|\(at\))\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b"
)
INTRODUCED = r"(?:electronic (?:mail|address)|e-?mails?(?: address(?:es)?)?)\s?:?\s?"
CONTACTS = re.compile(
    rf"(?<![\s,;.])[\s,;.]*+[<(\[]?\s?(?:{INTRODUCED})?{ADDRESS.pattern}(?:(?:\s?[,;/&]\s?|\s(?:and|or)\s){ADDRESS.pattern})*\s?[>)\]]?",
    re.I,
)
# the sites write `x{at}y` where they hide an address
SIGNS = Literals(["@", "＠", "(at)", "{at}", "[at]"])


class Inline:
    """Raw text (see `biorxivist.text`) and citations, collected in reading order."""

    __slots__ = ("add", "citations", "marks", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        # the list's own method: most of a document passes through it
        self.add: Callable[[str], None] = self.parts.append
        self.citations: list[Citation] = []
        self.marks: list[tuple[int, int, int, list[str]]] = []
        """Citations whose part has no place yet: number of the part, start and end in it, references."""

    def cite(self, text: str, references: list[str]) -> None:
        """Append the text of an in-text citation."""
        bare = text.strip()
        start = text.find(bare)
        self.marks.append((len(self.parts), start, start + len(bare), references))
        self.add(text)

    def nest(self, inner: "Inline", change: Callable[[str], str]) -> None:
        """Append another text through `superscript` or `subscript`, its citations with it."""
        inner.place()
        before = inner.text
        after = change(before)
        if inner.citations:
            # `^{…}` puts two characters in front and leaves what stands behind it, a translation none
            braced = len(after) > len(before)
            last = after.rfind("}") - 2 if braced else len(after)
            part, shift = len(self.parts), 2 * braced
            self.marks += [(part, c.start + shift, min(c.end, last) + shift, c.references) for c in inner.citations]
        self.add(after)

    def place(self) -> None:
        """Give every citation its offsets in the whole text."""
        if self.marks:
            starts = list(accumulate(map(len, self.parts), initial=0))
            self.citations += [Citation(starts[n] + start, starts[n] + end, ids) for n, start, end, ids in self.marks]
            self.marks = []

    def finish(self, reading: Reading) -> str:
        """The whole text, without e-mail addresses; ranges of citations are expanded."""
        self.place()
        text = "".join(self.parts)
        if reading.may_hold_addresses and SIGNS.occur(text.encode(errors="surrogatepass")):
            text = _without_addresses(text, self.citations)
        if len(self.citations) > 1:
            self.citations = expand_ranges(text, self.citations, reading.order)
        self.parts[:] = [text]
        return text

    def blocks(self, reading: Reading, kind: str = "paragraph") -> list[Block]:
        """The finished text as a block; none for white space alone."""
        text = self.finish(reading)
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


def may_hold_addresses(element: etree._Element) -> bool:
    """Whether the text of an element, which is read with all that is in it, may have an e-mail address."""
    return SIGNS.occur(etree.tostring(element, encoding="utf-8", method="text", with_tail=False))


def without_addresses(text: str) -> str:
    """A text without e-mail addresses."""
    return ADDRESS.sub("", text) if SIGNS.occur(text.encode(errors="surrogatepass")) else text


def without_contacts(text: str) -> str:
    """An affiliation without e-mail addresses and what introduces and encloses them."""
    return CONTACTS.sub("", text) if SIGNS.occur(text.encode(errors="surrogatepass")) else text


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
