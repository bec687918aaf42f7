"""Cleaning: pure functions on strings, and `clean_paper`, which cleans every string of a paper and makes its `text`.

Readers hand over text as marked up: white space as it comes (`\\n` is a space), `LINE` where a line must end (items of a list),
`PARAGRAPH` between paragraphs of one string. After cleaning these are `\\n` and a blank line, and nothing else breaks a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from biorxivist.items import Block, Citation, Figure, Paper, Section

LINE = "\u2028"
PARAGRAPH = "\u2029"

SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ")  # fmt: skip
SUBSCRIPTS = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")


def superscript(text: str) -> str:
    """Text as a superscript: `⁶` where Unicode has every character, else `^{…}`."""
    return _raised(text, SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Text as a subscript: `₂` where Unicode has every character, else `_{…}`."""
    return _raised(text, SUBSCRIPTS, "_")


def _raised(text: str, table: dict[int, int], mark: str) -> str:
    bare = text.strip()
    if not bare:
        return text
    raised = bare.translate(table) if all(ord(c) in table for c in bare) else f"{mark}{{{bare}}}"
    # white space inside the mark-up parts words just as white space outside it
    return text[: len(text) - len(text.lstrip())] + raised + text[len(text.rstrip()) :]


# --- strings ----------------------------------------------------------------------------------------------------------

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff"
STEPS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(f"[{INVISIBLE}]+"), lambda m: ""),
    (re.compile(r"\s*\u2029[\s\u2029]*"), lambda m: PARAGRAPH),
    (re.compile(r"[^\S\u2029]*\u2028[^\S\u2029]*"), lambda m: LINE),
    (re.compile(r"[^\S\u2028\u2029]+"), lambda m: " "),
    # a point or colon that begins a number or a name (".05", ".csv") is not punctuation of what stands before it
    (re.compile(r" +(?=[,;)\]\u201d]|[.:!?](?![\w.:=]))"), lambda m: ""),
    (re.compile(r"(?<=[(\[\u201c]) +"), lambda m: ""),
]  # fmt: skip
DIRTY = re.compile(rf"[{INVISIBLE}\u2028\u2029]|[^\S ]|  | [,;)\].:!?\u201d]|[(\[\u201c] |^ | $")


def clean(text: str) -> str:
    """One string: NFC, one space, none before punctuation, no invisible characters, no space at either end."""
    return clean_with_offsets(text, [])[0]


def clean_with_offsets(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    """`clean`, and where the given offsets of the text are in what it returns."""
    if not unicodedata.is_normalized("NFC", text):
        text, offsets = _substitute(COMBINED, lambda m: unicodedata.normalize("NFC", m[0]), text, offsets)
    if not DIRTY.search(text):
        return text, offsets
    for pattern, replacement in STEPS:
        text, offsets = _substitute(pattern, replacement, text, offsets)
    bare = text.strip()
    lead = len(text) - len(text.lstrip())
    offsets = [min(max(o - lead, 0), len(bare)) for o in offsets]
    if LINE in bare or PARAGRAPH in bare:
        bare, offsets = _substitute(BREAK, lambda m: "\n" if m[0] == LINE else "\n\n", bare, offsets)
    return bare, offsets


COMBINED = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
BREAK = re.compile(f"[{LINE}{PARAGRAPH}]")


def _substitute(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str, offsets: list[int]
) -> tuple[str, list[int]]:
    if not offsets:
        return pattern.sub(replacement, text), offsets
    out: list[str] = []
    moved: list[int] = []
    order = sorted(range(len(offsets)), key=offsets.__getitem__)
    place = length = 0
    for match in pattern.finditer(text):
        while len(moved) < len(order) and offsets[order[len(moved)]] <= match.start():
            moved.append(offsets[order[len(moved)]] - place + length)
        new = replacement(match)
        out += text[place : match.start()], new
        length += match.start() - place + len(new)
        place = match.end()
        while len(moved) < len(order) and offsets[order[len(moved)]] < place:
            moved.append(length)
    while len(moved) < len(order):
        moved.append(offsets[order[len(moved)]] - place + length)
    out.append(text[place:])
    result = [0] * len(offsets)
    for index, offset in zip(order, moved, strict=True):
        result[index] = offset
    return "".join(out), result


# --- a paper ----------------------------------------------------------------------------------------------------------


def clean_paper(paper: Paper) -> Paper:
    """The paper with every string cleaned and `text` and `coverage` made from its abstract, sections and captions."""
    paper = replace(
        paper,
        **{
            f.name: _cleaned(getattr(paper, f.name))
            for f in fields(paper)
            if f.name not in ("sections", "statements", "text", "attempts")
        },
        sections=[_section(s) for s in paper.sections],
        statements=[_section(s) for s in paper.statements],
    )
    paper.text = "\n\n".join(paragraphs(paper))
    paper.coverage = (
        "full_text" if any(map(holds_text, paper.sections)) else "abstract" if paper.abstract else "metadata"
    )
    return paper


def _cleaned(value):
    if isinstance(value, str):
        return clean(value) if value else value
    if isinstance(value, list):
        return [_cleaned(v) for v in value]
    if hasattr(value, "__slots__"):
        return type(value)(*[_cleaned(getattr(value, name)) for name in value.__dataclass_fields__])
    return value


def _section(section: Section) -> Section:
    return Section(
        section.id,
        clean(section.title),
        section.kind,
        section.level,
        [_block(b) for b in section.blocks],
        [_section(s) for s in section.sections],
    )


def _block(block: Block) -> Block:
    if block.kind == "code":
        return block
    ends = [offset for c in block.citations for offset in (c.start, c.end)]
    text, moved = clean_with_offsets(block.text, ends)
    citations = [
        Citation(start, end, c.references)
        for c, start, end in zip(block.citations, moved[::2], moved[1::2], strict=True)
    ]
    return Block(block.kind, text, block.id, citations)


def paragraphs(paper: Paper) -> Iterator[str]:
    """The paragraphs of `Paper.text`, in reading order."""
    floats = {f.id: f for f in [*paper.figures, *paper.tables]}
    if paper.abstract:
        yield paper.abstract
    for section in paper.sections:
        yield from _section_paragraphs(section, floats)


def _section_paragraphs(section: Section, floats: dict[str, Figure]) -> Iterator[str]:
    if section.title and holds_text(section):
        yield section.title
    for block in section.blocks:
        if block.kind in ("figure", "table"):
            if block.id in floats:
                yield from caption(floats[block.id])
        elif block.text:
            yield block.text
    for nested in section.sections:
        yield from _section_paragraphs(nested, floats)


def caption(float_: Figure) -> Iterator[str]:
    """The paragraphs of a figure's or table's caption: label and title, then the rest."""
    if head := " ".join(filter(None, (float_.label, float_.title))):
        yield head
    if float_.caption:
        yield float_.caption


def holds_text(section: Section) -> bool:
    """Whether a section, or one nested in it, has a block."""
    return bool(section.blocks) or any(map(holds_text, section.sections))
