"""Running text of JATS: words, super- and subscripts, formulas, citations and lists, as raw text (see `biorxivist.text`)."""

from collections.abc import Callable

from biorxivist.readers.blocks import inline_by, marker, rich_by
from biorxivist.readers.inline import Inline
from biorxivist.readers.jats.formulas import display_formula, inline_formula, is_printed
from biorxivist.readers.jats.tree import Element, first, plain
from biorxivist.readers.notes import gives_addresses
from biorxivist.readers.reading import Reading
from biorxivist.readers.tex import MATH, NO_FORMULA
from biorxivist.text import LINE, PARAGRAPH, subscript, superscript


def write(element: Element, out: Inline, reading: Reading) -> None:
    """Append the text of an element."""
    if text := element.text:
        out.add(text)
    for child in element:
        HANDLERS.get(child.tag, write)(child, out, reading)
        if text := child.tail:
            out.add(text)


inline, rich = inline_by(write), rich_by(write)


# --- inside a paragraph -----------------------------------------------------------------------------------------------


def _raised(change: Callable[[str], str]) -> Callable[[Element, Inline, Reading], None]:
    def handler(element: Element, out: Inline, reading: Reading) -> None:
        if len(element):
            inner = Inline()
            write(element, inner, reading)
            out.nest(inner, change)
        elif element.text:
            out.add(change(element.text))

    return handler


def _xref(element: Element, out: Inline, reading: Reading) -> None:
    target = element.get("rid") or ""
    cited = [target] if target in reading.order else [id for id in target.split() if id in reading.order]
    if not cited:
        write(element, out, reading)
        return
    text = inline(element, reading).text if len(element) else element.text
    if text and not text.isspace():
        out.cite(text, cited)
    elif text:
        out.add(text)


def _footnote(element: Element, out: Inline, reading: Reading) -> None:
    if note := footnote(element, reading):
        reading.paper.footnotes.append(note)


def footnote(element: Element, reading: Reading) -> str:
    """The text of a footnote without its label; empty if an address was all it held."""
    text = passage(element, reading, skip=("label",)).text.strip()
    return "" if gives_addresses(text) else text


def formula(element: Element, reading: Reading) -> tuple[str, str]:
    """Id and text of a `disp-formula`, which becomes one of the paper's formulas."""
    id, text = display_formula(element, reading)
    if text == NO_FORMULA and is_printed(element):
        text = passage(element, reading, skip=("label",)).text.strip() or text
    return id, text


def _display_formula(element: Element, out: Inline, reading: Reading) -> None:
    out.add(f" {formula(element, reading)[1]} ")


def _inline_formula(element: Element, out: Inline, reading: Reading) -> None:
    if text := inline_formula(element, reading):
        out.add(text)
    else:
        write(element, out, reading)


def _float(element: Element, out: Inline, reading: Reading) -> None:
    reading.waiting.append(element)
    out.add(" ")


def _file(element: Element, out: Inline, reading: Reading) -> None:
    write(element, out, reading)
    reading.waiting.append(element)


def _row(element: Element, out: Inline, reading: Reading) -> None:
    _begin(out, LINE)
    for cell in element:
        write(cell, out, reading)
        out.add(" ")


def _break(element: Element, out: Inline, reading: Reading) -> None:
    out.add(" ")


def _begin(out: Inline, separator: str) -> None:
    if out.parts:
        out.add(separator)


# --- lists ------------------------------------------------------------------------------------------------------------


def write_list(element: Element, out: Inline, reading: Reading) -> None:
    """Append the items of a list, each on a line of its own behind its bullet, number or printed label."""
    style = (element.get("list-type") or "simple").lower()
    number = 0
    for child in element:
        _begin(out, LINE)
        if child.tag == "list-item":
            number += 1
            out.add(_marker(child, style, number))
            _write_item(child, out, reading)
        else:
            write(child, out, reading)


def _marker(item: Element, style: str, number: int) -> str:
    label = plain(first(item, "label")).strip()
    return f"{label} " if label else marker(style, number)


def _write_item(item: Element, out: Inline, reading: Reading) -> None:
    begun = False
    for child in item:
        if child.tag == "label":
            continue
        if begun and child.tag == "p":
            _begin(out, LINE)
        begun = True
        handler = HANDLERS.get(child.tag, write)
        handler(child, out, reading)


def write_definitions(element: Element, out: Inline, reading: Reading) -> None:
    """Append the entries of a `def-list`, each on a line of its own as `term: definition`."""
    for child in element:
        _begin(out, LINE)
        if child.tag == "def-item":
            for number, part in enumerate(child.iterchildren("term", "def")):
                if number:
                    out.add(": ")
                (_write_item if first(part, "p") is not None else write)(part, out, reading)
        else:
            HANDLERS.get(child.tag, write)(child, out, reading)


# --- several paragraphs -----------------------------------------------------------------------------------------------

PARTS = {"p", "title", "label", "attrib", "subtitle", "verse-line", "speaker", "preformat", "code"}
GROUPS = {"sec", "boxed-text", "disp-quote", "statement", "speech", "verse-group", "def", "caption", "fn", "fn-group"}


def passage(container: Element, reading: Reading, skip: tuple[str, ...] = ()) -> Inline:
    """Title and paragraphs of a container, at whatever depth, as one text with `PARAGRAPH` between them."""
    out = Inline()
    _write_parts(container, out, reading, skip)
    out.finish(reading)
    return out


def _write_parts(container: Element, out: Inline, reading: Reading, skip: tuple[str, ...]) -> None:
    if container.text and not container.text.isspace():
        out.add(container.text)
    for child in container:
        if child.tag in skip:
            pass
        elif child.tag in GROUPS:
            _begin(out, PARAGRAPH)
            # the number of a section counts only where it has no title
            numbered = child.tag == "sec" and first(child, "title") is not None
            _write_parts(child, out, reading, ("label",) if numbered else ())
        elif child.tag in PARTS:
            _begin(out, PARAGRAPH)
            write(child, out, reading)
        else:
            HANDLERS.get(child.tag, write)(child, out, reading)
        if child.tail and not child.tail.isspace():
            out.add(child.tail)


FLOATS = (
    "fig",
    "fig-group",
    "table-wrap",
    "table-wrap-group",
    "boxed-text",
    "supplementary-material",
    "media",
    "graphic",
)
HANDLERS: dict[str, Callable[[Element, Inline, Reading], None]] = {
    "sup": _raised(superscript),
    "sub": _raised(subscript),
    "xref": _xref,
    "fn": _footnote,
    "disp-formula": _display_formula,
    "inline-formula": _inline_formula,
    "inline-graphic": _inline_formula,
    "tex-math": _inline_formula,
    "break": _break,
    "inline-supplementary-material": _file,
    "tr": _row,
    "list": write_list,
    "def-list": write_definitions,
    **dict.fromkeys(MATH, _inline_formula),
    **dict.fromkeys(FLOATS, _float),
}
