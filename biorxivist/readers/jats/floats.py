"""Figures, tables and supplementary files of JATS."""

from biorxivist.items import Block, Figure, Supplement, Table
from biorxivist.readers.jats.files import file, picture
from biorxivist.readers.jats.text import passage, rich
from biorxivist.readers.jats.tree import Element, first, plain
from biorxivist.readers.reading import Reading
from biorxivist.text import LINE, PARAGRAPH

WIDEST = 100


def figure(element: Element, reading: Reading) -> list[Block]:
    """The block of a `fig`, which becomes one of the paper's figures; none for an empty one."""
    if not len(element):
        return []
    found = Figure(
        reading.unique(element.get("id"), "fig"), *_caption(element, reading), picture(element, reading.folder)
    )
    reading.paper.figures.append(found)
    return [Block("figure", id=found.id)]


def bare_picture(element: Element, reading: Reading) -> list[Block]:
    """The block of a `graphic` that stands without a figure; none for one without an address."""
    address = picture(element, reading.folder)
    if not address:
        return []
    found = Figure(reading.unique(element.get("id"), "fig"), image_url=address)
    reading.paper.figures.append(found)
    return [Block("figure", id=found.id)]


def figure_group(element: Element, reading: Reading) -> list[Block]:
    """The blocks of a group of figures or tables; its own caption is a paragraph."""
    label, title, caption = _caption(element, reading)
    blocks = [Block("paragraph", text) for text in (f"{label} {title}".strip(), caption) if text.strip()]
    for child in element.iterchildren("fig", "fig-group", "table-wrap", "table-wrap-group"):
        blocks += MAKERS[child.tag](child, reading)
    return blocks


def table(element: Element, reading: Reading) -> list[Block]:
    """The block of a `table-wrap`, which becomes one of the paper's tables; none for an empty one."""
    if not len(element):
        return []
    found = Table(
        reading.unique(element.get("id"), "table"), *_caption(element, reading), picture(element, reading.folder)
    )
    for grid in element.iter("table"):
        found.rows += _rows(grid, reading)
    for foot in element.iterchildren("table-wrap-foot"):
        notes = (passage(note, reading, skip=("label",)).text for note in _notes(foot))
        found.footnotes += [note.strip() for note in notes if note.strip()]
    reading.paper.tables.append(found)
    return [Block("table", id=found.id)]


def supplement(element: Element, reading: Reading) -> list[Block]:
    """No block: a supplementary file becomes one of the paper's."""
    url = file(element, reading.folder)
    if element.tag == "inline-supplementary-material":
        label, title = plain(element), ""
    else:
        media = first(element, "media")
        label, caption = (
            found if (found := first(element, tag)) is not None or media is None else first(media, tag)
            for tag in ("label", "caption")
        )
        label, title = plain(label), passage(caption, reading).text if caption is not None else ""
    if label or title or url:
        reading.paper.supplements.append(Supplement(element.get("id") or "", label, title, url))
    return []


def _notes(foot: Element) -> list[Element]:
    return [fn for child in foot for fn in (child.iter("fn") if child.tag == "fn-group" else [child])]


def _caption(element: Element, reading: Reading) -> tuple[str, str, str]:
    label = rich(first(element, "label"), reading)
    caption = first(element, "caption")
    title = text = ""
    if caption is not None:
        for later in caption.findall("title")[1:]:
            later.tag = "p"
        title, text = rich(first(caption, "title"), reading), passage(caption, reading, skip=("title",)).text
    # what stands around the picture
    rest = [passage(e, reading).text for e in element.iterchildren("p", "attrib")]
    return label, title, PARAGRAPH.join(filter(None, [text, *rest])) if rest else text


def _rows(grid: Element, reading: Reading) -> list[list[str]]:
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for line in grid.iter("tr"):
        row: list[str] = []
        for cell in line.iterchildren("td", "th"):
            _hang(row, hanging)
            text = _cell(cell, reading)
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            # without a bound a page of spans would be gigabytes of text; places that are empty count too
            if down * across > 1 and not reading.repeat((down * across - 1) * (len(text) + 1)):
                down = across = 1
            for _ in range(across):
                if down > 1:
                    hanging[len(row)] = (down - 1, text)
                row.append(text)
        _hang(row, hanging)
        rows.append(row)
    return rows


def _cell(cell: Element, reading: Reading) -> str:
    if first(cell, "p") is None:
        return rich(cell, reading).strip()
    return passage(cell, reading).text.replace(PARAGRAPH, LINE).strip()


def _hang(row: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    while left := hanging.pop(len(row), None):
        rows, text = left
        if rows > 1:
            hanging[len(row)] = (rows - 1, text)
        row.append(text)


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(1, min(int(value), WIDEST)) if value.isdecimal() and len(value) < 9 else 1


MAKERS = {
    "fig": figure,
    "fig-group": figure_group,
    "table-wrap": table,
    "table-wrap-group": figure_group,
    "supplementary-material": supplement,
    "media": supplement,
    "inline-supplementary-material": supplement,
    "graphic": bare_picture,
}
