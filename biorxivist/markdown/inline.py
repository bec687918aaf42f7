"""Text inside a line of Markdown (CommonMark with the tables of GitHub and the formulas of pandoc): nothing in it is mark-up."""

import re

from biorxivist.items import Citation
from biorxivist.latex import PIECE

MARKS = re.compile(r"[\\`*_\[\]<>|~$#]|&(?=#?\w+;)|!(?=\[)")
# what makes a block of a line that begins with it
LINE_START = re.compile(r"^(?=[+=-])|^(\d{1,9})(?=[.)](?:\s|$))")
TAGS = {"^": "sup", "_": "sub"}
ADDRESS = re.compile(r"https?://[^\s<>\"'\\`|]+")
IN_TEXT = re.compile(rf"{ADDRESS.pattern}(?<![.,;:)\]])")


def inline(text: str) -> str:
    """A text on one line: marks escaped, formulas kept, `^{…}` and `_{…}` raised and lowered."""
    text = " ".join(text.split())
    out, place = [], 0
    for piece in PIECE.finditer(text):
        out.append(_escaped(text[place : piece.start()]))
        if piece["mark"]:
            tag = TAGS[piece["mark"]]
            out.append(f"<{tag}>{_escaped(piece['raised'])}</{tag}>")
        else:
            out.append(piece[0].replace("\n", " "))
        place = piece.end()
    return "".join(out) + _escaped(text[place:])


def line(text: str) -> str:
    """`inline`, where it begins a line."""
    return _begun(inline(text))


def _begun(text: str) -> str:
    return LINE_START.sub(lambda m: f"{m[1]}\\" if m[1] else "\\", text)


def item(text: str) -> str:
    """A line as an item of a list; the mark that the document prints is the item's own."""
    if numbered := re.match(r"(\d{1,9})\\([.)]) ", text):
        return f"{numbered[1]}{numbered[2]} {text[numbered.end() :]}"
    return "- " + re.sub(r"^(?:\\-|\\\*|[–•▪◦·]) ", "", text)


def _escaped(text: str) -> str:
    out, place = [], 0
    for address in IN_TEXT.finditer(text):
        out += MARKS.sub(r"\\\g<0>", text[place : address.start()]), f"<{address[0]}>"
        place = address.end()
    return "".join(out) + MARKS.sub(r"\\\g<0>", text[place:])


def cited(text: str, citations: list[Citation], anchors: dict[str, str]) -> str:
    """A line of a text in which each citation leads to the anchor of its (first) reference."""
    out, place = [], 0
    for citation in sorted(citations, key=lambda c: c.start):
        anchor = next((anchors[r] for r in citation.references if r in anchors), "")
        if anchor and place <= citation.start < citation.end <= len(text):
            out.append(kept(text[place : citation.start]))
            out.append(f"[{kept(text[citation.start : citation.end])}](#{anchor})")
            place = citation.end
    return _begun("".join(out) + kept(text[place:]))


def kept(text: str) -> str:
    """`inline` for a part of a line: a space at either end stays."""
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    return lead + inline(text) + tail


def link(text: str, url: str) -> str:
    """A link to an address of the web; the text alone where there is none."""
    return f"[{inline(text)}]({_address(url)})" if ADDRESS.fullmatch(url) else inline(text)


def image(text: str, url: str) -> str:
    """A picture of the web; empty where there is none."""
    return f"![{inline(text)}]({_address(url)})" if ADDRESS.fullmatch(url) else ""


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")
