"""Cleaning of strings, with the offsets in them.

Readers hand over text as marked up: white space as it comes (`\\n` is a space), `LINE` where a line must end (items of a list),
`PARAGRAPH` between paragraphs of one string. After cleaning these are `\\n` and a blank line, and nothing else breaks a line.
"""

import re
import unicodedata
from collections.abc import Callable

LINE = "\u2028"
PARAGRAPH = "\u2029"

SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ")  # fmt: skip
SUBSCRIPTS = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")


# these stand above the line by themselves; people write a degree as a small circle, or as an o
HIGH = frozenset("®™℠©°ºª*∗†‡′″‴'’\"~")
DEGREES = dict.fromkeys("o◦∘˚○", "°")
# an en dash that joins nothing is a minus: `10<sup>–3</sup>`, `SO<sub>4</sub><sup>2–</sup>`
MINUS = re.compile(r"–\d*|\d+–")


def superscript(text: str) -> str:
    """Text as a superscript: `⁶` where Unicode has every character, else `^{…}`; `®`, `°` and `*` are raised already."""
    bare = text.strip()
    if bare and (bare in DEGREES or HIGH.issuperset(bare)):
        return text.replace(bare, DEGREES.get(bare, bare))
    return _raised(text, bare, SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Text as a subscript: `₂` where Unicode has every character, else `_{…}`."""
    return _raised(text, text.strip(), SUBSCRIPTS, "_")


def _raised(text: str, bare: str, table: dict[int, int], mark: str) -> str:
    # punctuation behind is the sentence's: `CO<sub>2,</sub> which`
    word = bare.rstrip(",.;:")
    if not word:
        return text
    signed = word.replace("–", "−") if "–" in word and MINUS.fullmatch(word) else word
    raised = signed.translate(table) if all(map(table.__contains__, map(ord, signed))) else f"{mark}{{{word}}}"
    # white space inside the mark-up parts words just as white space outside it
    start = text.index(word)
    return text[:start] + raised + text[start + len(word) :]


# --- strings ----------------------------------------------------------------------------------------------------------

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff"
HIDDEN = re.compile(f"[{INVISIBLE}]+")
PLAIN = bytes(range(0x20, 0x7F))
BLANK = re.compile(r"[^\S ]\s*")
SPACES = re.compile(r" \s+")
# a point or colon that begins a number or a name (".05", ".csv") is not punctuation of what stands before it
BEFORE = re.compile(r" +(?=[,;)\]\u201d]|[.:!?](?![\w.:=]))")
BEHIND = re.compile(r"([(\[\u201c]) +")
SPACED = re.compile(r" (?:[ ,;)\].:!?\u201d]|(?<=[(\[\u201c] ))")


def clean(text: str) -> str:
    """One string: NFC, one space, none before punctuation, no invisible characters, no space at either end."""
    if is_clean(text):
        return text
    for mark, separator in BREAKS.items():
        if mark in text:
            return separator.join(filter(None, map(clean, text.split(mark))))
    return clean_with_offsets(text, [])[0]


def is_clean(text: str) -> bool:
    """Whether cleaning would certainly leave a string as it is; the quick answer for most strings."""
    return (
        # nothing invisible and no white space but the space
        text.isprintable()
        and text[:1] != " "
        and text[-1:] != " "
        and not SPACED.search(text)
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def clean_with_offsets(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    """`clean`, and where the given offsets of the text are in what it returns."""
    # a line that the document breaks is all that most have
    text = text.replace("\n", " ")
    if is_clean(text):
        return text, offsets
    # searching the few odd characters of a text is many times quicker than searching the text
    odd = text.encode("utf-8", "surrogatepass").translate(None, PLAIN).decode("utf-8", "surrogatepass")
    if HIDDEN.search(odd):
        # what is hidden may stand between a letter and its accent
        text, offsets = _substitute(HIDDEN, lambda m: "", text, offsets)
    # before normalising, which makes one kind of white space another
    for white in set(filter(str.isspace, odd)) - BREAKS.keys():
        text = text.replace(white, " ")
    if STACKED.search(odd):
        text, offsets = _substitute(STACKED, _few_marks, text, offsets)
    if odd and not unicodedata.is_normalized("NFC", text):
        offsets = _normalized_offsets(text, offsets)
        text = unicodedata.normalize("NFC", text)
    broken = LINE in odd or PARAGRAPH in odd
    if broken:
        text, offsets = _substitute(BLANK, _strongest, text, offsets)
        text, offsets = _substitute(SPACES, _strongest, text, offsets)
    if SPACED.search(text):
        text, offsets = _substitute(SPACES, _strongest, text, offsets)
        text, offsets = _substitute(BEFORE, lambda m: "", text, offsets)
        text, offsets = _substitute(BEHIND, lambda m: m[1], text, offsets)
    bare = text.strip()
    lead = len(text) - len(text.lstrip())
    offsets = [min(max(o - lead, 0), len(bare)) for o in offsets]
    if broken:
        bare, offsets = _substitute(BREAK, lambda m: BREAKS[m[0]], bare, offsets)
    return bare, offsets


# blocks with accents; bringing a run of them into order takes time in its square
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u302a-\u309a\ua66f-\uabed\ufb1e\ufe20-\ufe2f\U000101fd-\U0001e94a"
MOST_MARKS = 32
STACKED = re.compile(f"[{MARKS}]{{{MOST_MARKS + 1},}}")


def unstacked(text: str) -> str:
    """A text with at most 32 accents on a letter, so that it can be normalised soon."""
    return STACKED.sub(_few_marks, text)


def _few_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _normalized_offsets(text: str, offsets: list[int]) -> list[int]:
    """Where offsets of a text are once it is NFC: an ASCII character never joins what stands before it."""
    moved: dict[int, int] = {}
    anchor = length = 0
    for offset in sorted(offsets):
        end = offset
        while end > anchor and not text[end : end + 1].isascii():
            end -= 1
        length += len(unicodedata.normalize("NFC", text[anchor:end]))
        anchor = end
        moved[offset] = length + len(unicodedata.normalize("NFC", text[end:offset]))
    return [moved[offset] for offset in offsets]


def _strongest(white: re.Match[str]) -> str:
    return PARAGRAPH if PARAGRAPH in white[0] else LINE if LINE in white[0] else " "


BREAK = re.compile(f"[{LINE}{PARAGRAPH}]")
BREAKS = {PARAGRAPH: "\n\n", LINE: "\n"}


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
