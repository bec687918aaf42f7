"""Figures and tables of a page."""

import re

from biorxivist.items import Block, Figure, Table
from biorxivist.readers.page.text import passage, rich
from biorxivist.readers.page.tree import Element, classes, first_of_class, of_class
from biorxivist.readers.reading import Reading

LABELS = frozenset({"fig-label", "table-label", "caption-title"})
CAPTIONS = ("fig-caption", "table-caption")
# what follows the address of a picture on its links: a size, a wish to save it
TABLE = re.compile(r"T\d+$")
QUERY = re.compile(r"\?.*$", re.S)


def figure(element: Element, reading: Reading) -> list[Block]:
    """The blocks of a `div.fig` and of figures nested in it, which become the paper's."""
    found = Figure(reading.unique(element.get("id"), "fig"), *_caption(element, reading), _picture(element))
    reading.paper.figures.append(found)
    return [Block("figure", id=found.id), *_nested(element, reading)]


def table(element: Element, reading: Reading) -> list[Block]:
    """The blocks of a `div.table`, which becomes one of the paper's; its cells are not on the page."""
    name = element.get("id") or ""
    # the page shows the picture of a table in a pop-up, the site keeps it beside the figures
    picture = f"{reading.folder}/{name}.large.jpg" if reading.folder and TABLE.match(name) else ""
    found = Table(reading.unique(name, "table"), *_caption(element, reading), _picture(element) or picture)
    reading.paper.tables.append(found)
    return [Block("table", id=found.id), *_nested(element, reading)]


def _nested(element: Element, reading: Reading) -> list[Block]:
    blocks: list[Block] = []
    for child in element.iterchildren("div"):
        names = classes(child)
        if "fig" in names or "table" in names:
            blocks += (figure if "fig" in names else table)(child, reading)
        elif not any(name in names for name in CAPTIONS):
            blocks += _nested(child, reading)
    return blocks


def _caption(element: Element, reading: Reading) -> tuple[str, str, str]:
    caption = next((e for e in element.iterchildren("div") if any(name in CAPTIONS for name in classes(e))), None)
    if caption is None:
        return "", "", ""
    label = next((e for e in caption.iterchildren("span") if classes(e)[:1] in (["fig-label"], ["table-label"])), None)
    titles = [rich(e, reading) for e in caption.iterchildren("span") if "caption-title" in classes(e)]
    return rich(label, reading), " ".join(titles), passage(caption, reading, skip=LABELS).text.strip()


def _picture(element: Element) -> str:
    """Address of the large picture, without what a link adds to it; empty if the page has none."""
    for frame in element.iterchildren("div"):
        if "highwire-figure" in classes(frame):
            link = first_of_class(frame, "a", "highwire-figure-link-newtab")
            if link is None:
                link = first_of_class(frame, "a", "fragment-images")
            if link is not None:
                return QUERY.sub("", link.get("href") or "")
            return next((e.get("data-src") or e.get("src") or "" for e in of_class(frame, "img", "fragment-image")), "")
    return ""
