"""What all renderings of running text share: one method a node, citations by the style of the paper."""

from dataclasses import dataclass, field
from functools import reduce
from html import escape

from biorxivist.text import subscript, superscript
from tests.site.definitions import Document
from tests.site.markup import Node, inline


class Writer:
    """Renders inline nodes; `cat` joins what the methods return."""

    def __init__(self, document: Document):
        self.document = document

    def write(self, text: str):
        """Rendered running text."""
        return self.nodes(inline(text))

    def nodes(self, nodes: list[Node]):
        """Rendered nodes."""
        return self.cat([self.node(n) for n in nodes])

    def node(self, node: Node):
        """One rendered node."""
        if node.kind in ("italic", "sup", "sub"):
            return getattr(self, node.kind)(self.nodes(node.children))
        if node.kind in ("text", "link"):
            return getattr(self, node.kind)(node.value)
        if node.kind in ("fig", "table", "eq"):
            return self.mention(node)
        return getattr(self, node.kind)(node)

    def cite(self, node: Node):
        """An in-text citation in the style of the paper."""
        style = self.document.paper.citation_style
        if style == "author-year":
            numbers = [n for first, last in node.spans for n in range(first, last + 1)]
            parts = [self.reference(n, self.document.author_year(n)) for n in numbers]
            return self.cat([self.text(" ("), self.between(parts, "; "), self.text(")")])
        inner = self.between([self.span(first, last) for first, last in node.spans], ",")
        return self.sup(inner) if style == "superscript" else self.cat([self.text(" ["), inner, self.text("]")])

    def span(self, first: int, last: int):
        """One number, or the two ends of a range."""
        parts = [self.reference(n, str(n)) for n in ((first,) if first == last else (first, last))]
        return self.between(parts, "–")

    def between(self, parts: list, separator: str):
        """Parts with a separator between them."""
        return self.cat([p for part in parts for p in (self.text(separator), part)][1:])

    def cat(self, parts: list):
        """Joined parts."""
        return "".join(parts)

    def text(self, value: str):
        """Literal text."""
        return escape(value, quote=False)


@dataclass
class Run:
    """Plain text with the citations in it: start, end, numbers of the references."""

    text: str = ""
    citations: list[tuple[int, int, list[int]]] = field(default_factory=list)

    def __add__(self, other: "Run") -> "Run":
        shift = len(self.text)
        return Run(self.text + other.text, self.citations + [(s + shift, e + shift, r) for s, e, r in other.citations])


class Plain(Writer):
    """Running text as it reads: what a reader should make of it."""

    def __init__(self, document: Document, tex: bool = False):
        super().__init__(document)
        self.tex = tex

    def cat(self, parts: list[Run]) -> Run:
        return reduce(Run.__add__, parts, Run())

    def text(self, value: str) -> Run:
        return Run(value)

    link = text

    def italic(self, inner: Run) -> Run:
        return inner

    def sup(self, inner: Run) -> Run:
        return self._raised(inner, superscript(inner.text))

    def sub(self, inner: Run) -> Run:
        return self._raised(inner, subscript(inner.text))

    def _raised(self, inner: Run, text: str) -> Run:
        shift = 2 if len(text) > len(inner.text) else 0
        return Run(text, [(s + shift, e + shift, r) for s, e, r in inner.citations])

    def mention(self, node: Node) -> Run:
        return Run(node.words)

    def reference(self, number: int, label: str) -> Run:
        return Run(label, [(0, len(label), [number])])

    def span(self, first: int, last: int) -> Run:
        label = str(first) if first == last else f"{first}–{last}"
        return Run(label, [(0, len(label), list(range(first, last + 1)))])

    def math(self, node: Node) -> Run:
        return Run(f"${node.value}$" if self.tex else "[formula]")

    def disp(self, node: Node) -> Run:
        return Run(f"$${self.document.formula(node.number).tex}$$" if self.tex else "[formula]")

    def note(self, node: Node) -> Run:
        return Run(superscript(node.value))
