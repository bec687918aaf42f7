"""What is collected while one article is read."""

from dataclasses import dataclass, field

from biorxivist.items import Paper
from biorxivist.readers.jats_tree import Element, link, source_id


@dataclass(slots=True)
class Reading:
    """One article on its way to a paper: the paper so far, and what its parts must know of each other."""

    paper: Paper
    folder: str = ""
    """Address below which the site keeps the paper's files; empty where the document does not tell it."""
    order: dict[str, int] = field(default_factory=dict)
    """Reference id to place in the list."""
    waiting: list[Element] = field(default_factory=list)
    """Floats found inside a paragraph, which follow it as blocks."""
    ids: set[str] = field(default_factory=set)

    def unique(self, id: str | None, prefix: str) -> str:
        """The id, or one made from the prefix where there is none or it is taken."""
        number = len(self.ids) + 1
        while not id or id in self.ids:
            id = f"{prefix}-{number}"
            number += 1
        self.ids.add(id)
        return id

    def picture(self, element: Element) -> str:
        """Address of the picture of a figure or table, or the file name where the document has no address."""
        if self.folder and source_id(element):
            return f"{self.folder}/{source_id(element)}.large.jpg"
        return link(next(element.iter("graphic", "inline-graphic", "media"), None))

    def drawn(self, formula: Element) -> str:
        """Address of the picture of a formula, or its file name."""
        graphic = next(formula.iter("graphic", "inline-graphic"), None)
        if graphic is not None and self.folder and source_id(graphic):
            return f"{self.folder}/embed/{source_id(graphic)}.gif"
        return link(graphic)

    def file(self, supplement: Element) -> str:
        """Address of a supplementary file, or its file name."""
        media = next(supplement.iter("media", "inline-supplementary-material"), supplement)
        href = link(media) or link(next(supplement.iter("ext-link", "uri"), None))
        if self.folder and source_id(supplement) and source_id(media) and "." in href:
            return f"{self.folder}/{source_id(supplement)}/embed/{source_id(media)}.{href.rpartition('.')[2]}"
        return href
