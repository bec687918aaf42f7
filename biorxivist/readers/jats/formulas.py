"""Formulas of JATS: TeX where the document has TeX or MathML, else a picture."""

from biorxivist.items import Formula
from biorxivist.readers.jats.files import drawn
from biorxivist.readers.jats.tree import Element, first, plain, source_id
from biorxivist.readers.reading import Reading
from biorxivist.readers.tex import MATH, NO_FORMULA, tex_of

DRAWN = ("graphic", "inline-graphic", "alternatives", "tex-math", *MATH)


def display_formula(element: Element, reading: Reading) -> tuple[str, str]:
    """Id and text of a `disp-formula`, which becomes one of the paper's formulas."""
    tex = tex_of(element)
    id = reading.unique(element.get("id") or source_id(element), "formula")
    label = plain(first(element, "label"))
    reading.paper.formulas.append(Formula(id, label, tex, drawn(element, reading.folder)))
    return id, f"$${tex}$$" if tex else NO_FORMULA


def is_printed(formula: Element) -> bool:
    """Whether a formula is text like that around it."""
    return next(formula.iter(*DRAWN), None) is None


def inline_formula(element: Element, reading: Reading) -> str:
    """Text of an `inline-formula`, empty if it is printed as text; one that is a picture becomes one of the paper's formulas."""
    if tex := tex_of(element):
        return f"${tex}$"
    picture = drawn(element, reading.folder)
    if not picture and is_printed(element):
        return ""
    if not picture and (text := plain(element)).strip():
        return text
    id = reading.unique(element.get("id") or source_id(element), "inline-formula")
    reading.paper.formulas.append(Formula(id, image_url=picture))
    return NO_FORMULA
