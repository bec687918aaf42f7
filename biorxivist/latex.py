"""Text for LaTeX: what LaTeX would take for a command, or cannot set, is written so that it sets it."""

import re
from collections.abc import Callable
from functools import cache

from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

from biorxivist.text import SUBSCRIPTS, SUPERSCRIPTS

# formulas and raised text of a cleaned string; "$5 and $10" holds none
PIECE = re.compile(
    r"(?P<formula>\$\$(?=\S)[^$]+\$\$|\$(?=[^$]*[\\^_{])(?=\S)[^$]+(?<=\S)\$|\$[A-Za-z]\$)"
    r"|(?P<mark>[\^_])\{(?P<raised>[^{}]*)\}"
)
COMMANDS = {"^": "textsuperscript", "_": "textsubscript"}
# Unicode has these raised, and LaTeX has few of them
RAISED = {
    ord(raised): f"\\{command}{{{chr(plain)}}}"
    for table, command in ((SUPERSCRIPTS, "textsuperscript"), (SUBSCRIPTS, "textsubscript"))
    for plain, raised in ((p, chr(r)) for p, r in table.items())
    if chr(plain).isascii()
}


def latex(text: str, protection: str = "braces-after-macro") -> str:
    """A text in LaTeX, on one line. Formulas between `$` stay, `^{…}` and `_{…}` are set above and below the line."""
    return _converted(text, lambda plain: _encoder(protection)(plain))


def latex_name(text: str) -> str:
    """A name in LaTeX: accented letters in braces, so that BibTeX can abbreviate and sort it."""
    return latex(text, "braces-all")


def latex_title(text: str) -> str:
    """A title in LaTeX in which words keep their capitals, whatever a bibliography style does to titles."""
    words = text.split()
    # where most words begin with a capital, that says nothing
    headline = 2 * sum(word[:1].isupper() for word in words) > len(words)
    first = words[0] if words else ""

    def protected(match: re.Match[str]) -> str:
        word = re.sub(r"^\W+", "", match[0])
        proper = word[:1].isupper() and not headline and match[0] != first
        encoded = _encoder()(match[0])
        return f"{{{encoded}}}" if proper or word[1:] != word[1:].lower() else encoded

    return _converted(text, lambda plain: re.sub(r"\S+", protected, plain))


def _converted(text: str, encode: Callable[[str], str]) -> str:
    text = " ".join(text.split())
    out, place = [], 0
    for piece in PIECE.finditer(text):
        out.append(encode(text[place : piece.start()]))
        if piece["mark"]:
            out.append(f"\\{COMMANDS[piece['mark']]}{{{_encoder()(piece['raised'])}}}")
        else:
            out.append(f"{{{_formula(piece[0])}}}" if _is_balanced(piece[0]) else encode(piece[0]))
        place = piece.end()
    return "".join(out) + encode(text[place:])


def _formula(tex: str) -> str:
    # a bare % would hide the rest of the line; & has a meaning in a matrix
    special = "%#" if "\\begin{" in tex else "%#&"
    tex = re.sub(rf"\\.|[{special}]", lambda m: m[0] if m[0][0] == "\\" else f"\\{m[0]}", tex)
    return re.sub(r"[^\x00-\x7f]+", lambda m: _encoder()(m[0]), tex)


def _is_balanced(tex: str) -> bool:
    depth = 0
    for token in re.findall(r"\\.|[{}]", tex):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0 or token == "\\$":
            return False
    return depth == 0


@cache
def _encoder(protection: str = "braces-after-macro") -> Callable[[str], str]:
    rules = [UnicodeToLatexConversionRule(RULE_DICT, RAISED), "defaults"]
    encoder = UnicodeToLatexEncoder(
        conversion_rules=rules,
        replacement_latex_protection=protection,
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
    return encoder.unicode_to_latex
