"""Where sentences of scientific prose end. A point of an abbreviation, an initial, a number or a species name is no end.

Where it cannot be told the sentence goes on: two sentences taken for one do less harm than a sentence cut in two.
"""

import re
from collections.abc import Iterator

# marks of citation that stand behind the point: [3], [3–6], ¹², ^{3,4}
CITED = r"(?:\[[\d,;–\- ]{1,60}\]|[⁰¹²³⁴-⁹⁻˒]+|\^\{[\d,;–\- ]{1,60}\})*"
END = re.compile(rf"[.!?…\n](?:(?<=\n)|['\"”’»)\]]*{CITED}(?=\s+\S|\s*\Z))")
# an end and what follows it, as far as it must be seen
SEEN = 120
WORD_BEFORE = re.compile(r"[^\s()\[\]{}“”‘«»\"'/;,]*\Z")
WORD_AFTER = re.compile(r"\s+([^\s,;:.!?]+)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# never the last word of a sentence
NEVER = _words(
    "fig figs Fig Figs FIG FIGS eq eqs eqn Eq Eqs Eqn ref refs Ref Refs suppl Suppl supp Supp ext Ext pp cf Cf vs viz e.g E.g i.e I.e eg ie resp approx ca "
    "Ca Cat Lot et incl excl esp Dr Drs Prof Mr Mrs Ms St Mt"
)
# the last word of a sentence only if the next one plainly begins a sentence
RARELY = _words(
    "al etc sp spp ssp subsp var cv gen nov str ser aff inc ltd corp co jr sr dept univ art cat lot ed eds jan feb mar apr jun jul aug sep "
    "sept oct nov dec ph.d a.m p.m"
)
# before a number, also one like CRL-1573, they are its name
BEFORE_NUMBER = _words("v no nos sec sect ch chap vol vols tab p art cat lot ver")
NUMBER = re.compile(r"\d{1,3}|[ivx]{1,5}|[IVX]{1,5}")
# what is no number like "iv"
PLAIN = re.compile(r"(?:(?![ivx]{1,5}\.)([a-z]{2,})|\S*[)\]])\. [A-Z]")
SPECIAL = NEVER | RARELY | BEFORE_NUMBER
BEGINS = re.compile(r"(?:\A|\n|[.!?] )\Z")
INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
STARTERS = _words(
    "a after all although an and as at because before both but by during each finally first for four from furthermore given hence here how "
    "however if in indeed interestingly it its moreover most next no none not notably on once one only other others our overall scale second "
    "several similarly since so some such surprisingly that the their then there therefore these they third this those three thus to together two "
    "under unlike upon using we what when where whereas which while with within without yet"
)
# "mRNA", "p53", "α-synuclein", "(A)", "a," of a caption: what a sentence may begin with beside a capital
OPENING = re.compile(r"[\"“‘'«(\[{$^]*")
MIXED = re.compile(r"[a-z]+[-–]?[A-Z0-9]|[α-ωΑ-Ω]|[a-z](?:[-–,][a-z])?[,)]")


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Offsets of each sentence from `start` on, without the white space around it. A line ends a sentence."""
    start = _skip(text, start)
    for match in END.finditer(text, start):
        end = _place(text, match)
        if end > start and _is_end(text, match):
            yield start, end
            start = _skip(text, end)
    if start < len(text.rstrip()):
        yield start, len(text.rstrip())


def last_end(text: str, start: int, stop: int) -> int:
    """The end of the last sentence that ends in (start, stop]; `start` if none does."""
    # most chunks end near their limit, so the look back is short
    for begin in (max(start, stop - 300), start):
        for match in reversed([*END.finditer(text, begin, min(len(text), stop + SEEN))]):
            if begin < (end := _place(text, match)) <= stop and _is_end(text, match):
                return end
    return start


def _place(text: str, match: re.Match[str]) -> int:
    """The place behind a point or the like, where a sentence may end; that of a line without the white space before it."""
    point, end = match.span()
    if text[point] != "\n":
        return end
    while point and text[point - 1].isspace():
        point -= 1
    return point


def _is_end(text: str, match: re.Match[str]) -> bool:
    point, end = match.span()
    if end == point + 1 and _is_plain(text, point):
        return True
    after = WORD_AFTER.match(text, end, end + SEEN)
    if match[0] == "\n" or not after or "\n" in text[end : after.start(1)]:
        return True
    word = OPENING.sub("", after[1], count=1)
    first = word[:1]
    if not (first.isupper() or first.isdigit() or not word or MIXED.match(text, after.end(1) - len(word))):
        return False
    if match[0][0] != ".":
        return True
    return _may_end(WORD_BEFORE.search(text, max(0, match.start() - 40), match.start()), text, word)


def _is_plain(text: str, point: int) -> bool:
    """Whether a usual word or a bracket stands before a point and a capital behind it: most ends, told at a glance."""
    begin = text.rfind(" ", point - 40 if point > 40 else 0, point) + 1
    plain = PLAIN.match(text, begin)
    return plain is not None and plain.end() == point + 3 and plain[1] not in SPECIAL


def _may_end(before: re.Match[str] | None, text: str, after: str) -> bool:
    word = before[0] if before else ""
    low = word.lower()
    if word in NEVER or (low in BEFORE_NUMBER and any(map(str.isdigit, after))):
        return False
    if low in RARELY or INITIALS.fullmatch(word):
        # "Smith et al.", "U.S.", "J." of a name, "E." of a species
        return after.lower() in STARTERS
    # "1." or "iv." that begins a line or follows an end is a number of what comes
    return not (before and NUMBER.fullmatch(word) and BEGINS.search(text, max(0, before.start() - 2), before.start()))


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place
