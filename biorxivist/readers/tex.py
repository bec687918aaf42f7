"""TeX of formulas, from TeX or MathML of a document."""

from functools import lru_cache

from lxml import etree
from mathml_to_latex.converter import MathMLToLaTeX

MATHML = "{http://www.w3.org/1998/Math/MathML}"
MATH = (MATHML + "math", "mml:math", "math")
LONGEST = 20_000
NO_FORMULA = "[formula]"

BEGIN, END = r"\begin{document}", r"\end{document}"
DELIMITERS = [("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")]


def tex_of(formula: etree._Element) -> str:
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


def _from_mathml(math: etree._Element) -> str:
    # a formula in a formula is damage, and each would be converted with all that are in it
    if next(math.iterdescendants(*MATH), None) is not None:
        return ""
    for annotation in math.iter(MATHML + "annotation", "mml:annotation", "annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and annotation.text:
            return bare_tex(annotation.text)
    # its id and alternative text do not change it
    math.attrib.clear()
    source = etree.tostring(math, encoding="unicode", with_tail=False)
    if len(source) > LONGEST:
        return ""
    return _converted(source)


# a paper names the same symbols over and over
@lru_cache(maxsize=1000)
def _converted(source: str) -> str:
    try:
        return " ".join(MathMLToLaTeX.convert(source).split())
    except Exception:
        # the converter raises whatever it stumbles over; the formula stays a formula without TeX
        return ""
