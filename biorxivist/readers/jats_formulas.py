"""Formulas of JATS: TeX where the document has TeX or MathML, else a picture."""

from lxml import etree
from mathml_to_latex.converter import MathMLToLaTeX

from biorxivist.items import Formula
from biorxivist.readers.jats_reading import Reading
from biorxivist.readers.jats_tree import MATHML, Element, plain, source_id

MATH = (MATHML + "math", "mml:math", "math")
LONGEST = 20_000
NO_FORMULA = "[formula]"

BEGIN, END = r"\begin{document}", r"\end{document}"
DELIMITERS = [("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")]


def display_formula(element: Element, reading: Reading) -> tuple[str, str]:
    """Id and text of a `disp-formula`, which becomes one of the paper's formulas."""
    tex = tex_of(element)
    id = reading.unique(element.get("id") or source_id(element), "formula")
    label = plain(element.find("label"))
    reading.paper.formulas.append(Formula(id, label, tex, reading.drawn(element)))
    return id, f"$${tex}$$" if tex else NO_FORMULA


def inline_formula(element: Element, reading: Reading) -> str:
    """Text of an `inline-formula`; one that is a picture becomes one of the paper's formulas."""
    if tex := tex_of(element):
        return f"${tex}$"
    picture = reading.drawn(element)
    if not picture and (text := plain(element)).strip():
        return text
    id = reading.unique(element.get("id") or source_id(element), "inline-formula")
    reading.paper.formulas.append(Formula(id, image_url=picture))
    return NO_FORMULA


def tex_of(formula: Element) -> str:
    """TeX of a formula without delimiters, one line; empty where it has neither TeX nor MathML that can be read."""
    if (tex := next(formula.iter("tex-math"), None)) is not None:
        return bare_tex("".join(tex.itertext()))
    if (math := next(formula.iter(*MATH), None)) is not None:
        return _from_mathml(math)
    return ""


def bare_tex(tex: str) -> str:
    """TeX without the LaTeX document and the delimiters around it."""
    if BEGIN in tex:
        tex = tex.partition(BEGIN)[2].partition(END)[0]
    tex = " ".join(tex.split())
    for opening, closing in DELIMITERS:
        if len(tex) > len(opening + closing) and tex.startswith(opening) and tex.endswith(closing):
            return tex[len(opening) : -len(closing)].strip()
    return tex


def _from_mathml(math: Element) -> str:
    for annotation in math.iter(MATHML + "annotation", "mml:annotation", "annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and annotation.text:
            return bare_tex(annotation.text)
    source = etree.tostring(math, encoding="unicode", with_tail=False)
    if len(source) > LONGEST:
        return ""
    try:
        return " ".join(MathMLToLaTeX.convert(source).split())
    except Exception:
        # the converter raises whatever it stumbles over; the formula stays a formula without TeX
        return ""
