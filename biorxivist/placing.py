"""Where annotations stand in our own text: their words in their context, whatever spaces, marks and case differ."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from biorxivist.chunks import places
from biorxivist.items import Annotation, Paper

CONTEXT = 8
"""Letters and digits of the context that must agree on one side, where the source gives as many."""
APART = ("title", "abstract")
"""Places that the source names as we do."""
Span = tuple[str, int, int]
Context = tuple[str, str, str, str, object]


def place_annotations(paper: Paper, annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations with place and offsets in the paper's text, or with the reason why there are none."""
    texts = [_Text.of("title", paper.title), *(_Text.of(place.name, place.text) for place in places(paper))]
    annotations = list(annotations)
    # words in the same context are told apart by their order, if both texts have as many
    alike = Counter(_context(annotation) for annotation in annotations)
    found = {context: _spans(*context, texts) for context in alike}
    taken: Counter[Context] = Counter()
    placed = []
    for annotation in annotations:
        context = _context(annotation)
        spans = found[context]
        if not spans:
            placed.append(replace(annotation, unplaced="absent"))
        elif len(spans) != alike[context]:
            placed.append(replace(annotation, unplaced="ambiguous"))
        else:
            place, start, end = spans[taken[context]]
            placed.append(replace(annotation, place=place, start=start, end=end))
        taken[context] += 1
    return placed


def _context(annotation: Annotation) -> Context:
    # two miners, or two names of one thing, are no two places
    section = annotation.section.lower()
    return (
        annotation.exact,
        annotation.prefix,
        annotation.postfix,
        section if section in APART else "",
        (annotation.provider, annotation.kind),
    )


@dataclass(slots=True)
class _Text:
    """A text and its letters and digits, in which words are looked for."""

    name: str
    text: str
    letters: str = ""
    origins: list[int] = field(default_factory=list)
    """For each letter its offset in the text."""

    @classmethod
    def of(cls, name: str, text: str) -> "_Text":
        pairs = list(_letters(text))
        return cls(name, text, "".join(letter for letter, _ in pairs), [origin for _, origin in pairs])


def _letters(text: str) -> Iterator[tuple[str, int]]:
    # compatibility forms too: what is CO₂ here is CO2 there
    for origin, character in enumerate(text):
        for letter in unicodedata.normalize("NFKD", character).casefold():
            if letter.isalnum():
                yield letter, origin


def _spans(exact: str, prefix: str, postfix: str, section: str, who: object, texts: list[_Text]) -> list[Span]:
    """Where words stand whose context agrees best."""
    words, before, after = (_Text.of("", t).letters for t in (exact, prefix, postfix))
    found = [(agreed, text, at) for text in texts for at, agreed in _occurrences(words, before, after, text)]
    best = max((agreed for agreed, _, _ in found), default=0)
    kept = [(text, at) for agreed, text, at in found if agreed == best]
    # the abstract repeats sentences of the text
    within = [(text, at) for text, at in kept if (text.name if text.name in APART else "") == section] or kept
    return [(text.name, text.origins[at], text.origins[at + len(words) - 1] + 1) for text, at in within]


def _occurrences(words: str, before: str, after: str, text: _Text) -> Iterator[tuple[int, int]]:
    """Where whole words stand in a context that agrees, with the number of letters that do."""
    at = text.letters.find(words) if words else -1
    while at >= 0:
        behind = at + len(words)
        if _is_whole(text, at, behind):
            left = _agreeing(before[::-1], text.letters[max(0, at - len(before)) : at][::-1])
            right = _agreeing(after, text.letters[behind : behind + len(after)])
            if left >= min(len(before), CONTEXT) or right >= min(len(after), CONTEXT):
                yield at, left + right
        at = text.letters.find(words, at + 1)


def _agreeing(wanted: str, found: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b), min(len(wanted), len(found))
    )


def _is_whole(text: _Text, at: int, behind: int) -> bool:
    """Whether the letters are whole words: nothing but a mark or a space parts them from their neighbours."""
    start, end = text.origins[at], text.origins[behind - 1] + 1
    return not (start and text.text[start - 1].isalnum()) and not (end < len(text.text) and text.text[end].isalnum())
