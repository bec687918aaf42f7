"""What is collected while one article is read."""

from dataclasses import dataclass, field

from lxml import etree

from biorxivist.items import Paper, Reference

MOST_REPEATED = 200_000


@dataclass(slots=True)
class Reading:
    """One article on its way to a paper: the paper so far, and what its parts must know of each other."""

    paper: Paper
    folder: str = ""
    """Address below which the site keeps the paper's files; empty where the document does not tell it."""
    order: dict[str, int] = field(default_factory=dict)
    """Reference id to place in the list."""
    may_hold_addresses: bool = True
    """Whether any text of the article may have an e-mail address in it."""
    waiting: list[etree._Element] = field(default_factory=list)
    """Floats found inside a paragraph, which follow it as blocks."""
    ids: set[str] = field(default_factory=set)
    repeatable: int = MOST_REPEATED
    """Characters that spanned cells may still repeat."""

    def cite(self, references: list[Reference]) -> None:
        """Give the paper its references, which the text cites."""
        self.paper.references = references
        self.order = {reference.id: place for place, reference in enumerate(references)}

    def repeat(self, characters: int) -> bool:
        """Whether a spanned cell may repeat so many characters."""
        may = characters <= self.repeatable
        self.repeatable -= characters if may else 0
        return may

    def unique(self, id: str | None, prefix: str) -> str:
        """The id, or one made from the prefix where there is none or it is taken."""
        number = len(self.ids) + 1
        while not id or id in self.ids:
            id = f"{prefix}-{number}"
            number += 1
        self.ids.add(id)
        return id
