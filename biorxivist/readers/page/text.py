"""Running text of a page: words, super- and subscripts, formulas, citations and lists, as raw text (see `biorxivist.text`)."""

import re
from collections.abc import Callable

from biorxivist.identifiers import absolute
from biorxivist.items import Formula, Supplement
from biorxivist.readers.blocks import inline_by, marker, rich_by
from biorxivist.readers.inline import Inline
from biorxivist.readers.page.interface import BLOCK_TAGS, FLOATS, SILENT, SILENT_TAGS
from biorxivist.readers.page.tree import Element, classes, first_of_class, words
from biorxivist.readers.reading import Reading
from biorxivist.readers.tex import NO_FORMULA, tex_of
from biorxivist.text import LINE, PARAGRAPH, subscript, superscript

# address of a supplementary file
FILE = re.compile(r"/DC\d+/embed/")


def write(element: Element, out: Inline, reading: Reading) -> None:
    """Append the text of an element."""
    if text := element.text:
        out.add(text)
    for child in element:
        write_child(child, out, reading)
        if text := child.tail:
            out.add(text)


def write_child(child: Element, out: Inline, reading: Reading) -> None:
    """Append what an element means inside running text."""
    if handler := HANDLERS.get(child.tag):
        handler(child, out, reading)
    elif child.tag not in SILENT_TAGS:
        write(child, out, reading)


inline, rich = inline_by(write), rich_by(write)


# --- inside a paragraph -----------------------------------------------------------------------------------------------


def _raised(change: Callable[[str], str]) -> Callable[[Element, Inline, Reading], None]:
    def handler(element: Element, out: Inline, reading: Reading) -> None:
        if len(element):
            # a dash between two citations is one no more once it is raised: ranges first
            out.nest(inline(element, reading), change)
        elif element.text:
            out.add(change(element.text))

    return handler


def _link(element: Element, out: Inline, reading: Reading) -> None:
    names = element.get("class") or ""
    address = element.get("href") or ""
    if "xref-bibr" in names:
        cited = [id for id in address.replace("#", " ").split() if id in reading.order]
        text = rich(element, reading) if len(element) else element.text or ""
        if cited and text and not text.isspace():
            out.cite(text, cited)
        else:
            out.add(text)
    elif SILENT.isdisjoint(names.split()):
        write(element, out, reading)
        if "/embed/" in address and FILE.search(address):
            reading.paper.supplements.append(
                Supplement("", words(element), "", absolute(reading.folder, address.partition("?")[0]))
            )


def _span(element: Element, out: Inline, reading: Reading) -> None:
    names = classes(element)
    if "disp-formula" in names:
        out.add(f" {formula(element, reading)[1]} ")
    elif "inline-formula" in names or "inline-graphic" in names:
        out.add(formula(element, reading)[1])
    elif SILENT.isdisjoint(names):
        write(element, out, reading)


def formula(element: Element, reading: Reading) -> tuple[str, str]:
    """Id and text of a formula; one displayed or drawn becomes one of the paper's, any other has no id."""
    display = "disp-formula" in classes(element)
    picture = next((e for e in element.iter("img")), None)
    tex = tex_of(element)
    if picture is None and not tex:
        out = Inline()
        write(element, out, reading)
        return "", out.text
    if tex and not display:
        return "", f"${tex}$"
    id = reading.unique(element.get("id"), "disp-formula" if display else "inline-formula")
    label = words(first_of_class(element, "span", "disp-formula-label"))
    address = (picture.get("data-src") or picture.get("src") or "") if picture is not None else ""
    reading.paper.formulas.append(Formula(id, label, tex, address))
    return id, f"$${tex}$$" if tex else NO_FORMULA


def _picture(element: Element, out: Inline, reading: Reading) -> None:
    # a picture in running text stands for a symbol or a formula
    if "highwire-embed" in classes(element):
        id = reading.unique(element.get("id"), "inline-formula")
        reading.paper.formulas.append(Formula(id, image_url=element.get("data-src") or element.get("src") or ""))
        out.add(NO_FORMULA)


def _math(element: Element, out: Inline, reading: Reading) -> None:
    if tex := tex_of(element):
        out.add(f"${tex}$")
    else:
        write(element, out, reading)


def _block(element: Element, out: Inline, reading: Reading) -> None:
    names = classes(element)
    if not FLOATS.isdisjoint(names):
        reading.waiting.append(element)
    elif SILENT.isdisjoint(names):
        out.add(" ")
        write(element, out, reading)
        out.add(" ")


def _apart(element: Element, out: Inline, reading: Reading) -> None:
    out.add(" ")
    write(element, out, reading)


# --- lists ------------------------------------------------------------------------------------------------------------

FIRST = re.compile(r"[1-9]\d{0,3}", re.A)
STYLES = {"1": "ord", "a": "alphalower", "A": "alphaupper", "i": "romanlower", "I": "romanupper"}


def write_list(element: Element, out: Inline, reading: Reading) -> None:
    """Append the items of a list, each on a line of its own behind its bullet, number or printed label."""
    style = next((name[5:] for name in classes(element) if name.startswith("list-")), "")
    if element.tag == "ol" and not style:
        style = STYLES.get(element.get("type") or "1", "ord")
    first = element.get("start") or ""
    for number, item in enumerate(element.iterchildren("li"), int(first) if FIRST.fullmatch(first) else 1):
        out.add(LINE)
        if first_of_class(item, "span", "list-label") is None:
            out.add(marker(style, number))
        _write_item(item, out, reading)
    out.add(LINE)


def _write_item(item: Element, out: Inline, reading: Reading) -> None:
    if text := item.text:
        out.add(text)
    for place, child in enumerate(item):
        if child.tag == "p":
            if place:
                out.add(LINE)
            write(child, out, reading)
        else:
            write_child(child, out, reading)
        if text := child.tail:
            out.add(text)


def write_definitions(element: Element, out: Inline, reading: Reading) -> None:
    """Append the entries of a `dl`, each on a line of its own as `term: definition`."""
    for child in element.iter("dt", "dd"):
        out.add(LINE if child.tag == "dt" else ": ")
        write(child, out, reading)
    out.add(LINE)


# --- several paragraphs -----------------------------------------------------------------------------------------------


def passage(container: Element, reading: Reading, skip: frozenset[str] = frozenset()) -> Inline:
    """Headings and paragraphs of a container, at whatever depth, as one text with `PARAGRAPH` between them.

    `skip` names classes of children to leave out.
    """
    out = Inline()
    _write_parts(container, out, reading, skip)
    out.finish(reading)
    return out


def _write_parts(container: Element, out: Inline, reading: Reading, skip: frozenset[str]) -> None:
    if text := container.text:
        out.add(text)
    for child in container:
        names = classes(child)
        if child.tag not in BLOCK_TAGS or not FLOATS.isdisjoint(names):
            if skip.isdisjoint(names):
                write_child(child, out, reading)
        elif skip.isdisjoint(names) and SILENT.isdisjoint(names):
            out.add(PARAGRAPH)
            if child.tag == "p":
                write(child, out, reading)
            else:
                _write_parts(child, out, reading, frozenset())
            out.add(PARAGRAPH)
        if text := child.tail:
            out.add(text)


HANDLERS: dict[str, Callable[[Element, Inline, Reading], None]] = {
    "a": _link,
    "sup": _raised(superscript),
    "sub": _raised(subscript),
    "span": _span,
    "img": _picture,
    "math": _math,
    **dict.fromkeys(("br", "td", "th"), _apart),
    "ul": write_list,
    "ol": write_list,
    "dl": write_definitions,
    **dict.fromkeys(BLOCK_TAGS, _block),
}
