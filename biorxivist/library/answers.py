"""Answers from passages, and the check that every sentence has a source in them."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from biorxivist.library.search import Passage
from biorxivist.library.words import Term
from biorxivist.sentences import sentences

SAYS_NOTHING = "The library does not say."
MARK = re.compile(r"\s*\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\]")
# marks behind the full stop belong to the sentence before it
TRAILING = re.compile(r"(?:\s*\[\d[\d\s,;]*\])+")
UNFINISHED = re.compile(r"\s*(?:\[[\d\s,;]*)?")
QUOTED = re.compile(r"[“\"«]([^”\"»]{4,}?)[”\"»]")
WHITE = re.compile(r"\s+")


@dataclass(slots=True)
class Sentence:
    """A sentence of an answer."""

    text: str
    """Without its marks."""
    sources: list[int] = field(default_factory=list)
    """Numbers of the passages that it cites and that can support it, from 1."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with its citations, a few words each."""

    @property
    def supported(self) -> bool:
        """Whether it may be shown as part of the answer."""
        return bool(self.sources)

    def __str__(self) -> str:
        return self.text + "".join(f" [{n}]" for n in self.sources)


@dataclass(slots=True)
class Answer:
    """What the library says to a question."""

    question: str
    passages: list[Passage]
    """What was retrieved; number n of a citation is the n-th."""
    sentences: list[Sentence] = field(default_factory=list)
    """All sentences, those without a source included."""
    cut_off: str = ""
    """Why the language model's answer ended before its end; its last, incomplete sentence is left out."""

    @property
    def supported(self) -> list[Sentence]:
        """The sentences that have a source: the answer."""
        return [s for s in self.sentences if s.supported]

    @property
    def sources(self) -> dict[int, Passage]:
        """The passages that the answer cites, by number."""
        cited = sorted({n for s in self.supported for n in s.sources})
        return {n: self.passages[n - 1] for n in cited}

    def __str__(self) -> str:
        return " ".join(map(str, self.supported)) or SAYS_NOTHING


def checked(stream: Iterable[str], passages: list[Passage]) -> Iterator[Sentence]:
    """The sentences of a text that arrives in pieces, each as soon as it is complete and its citations are checked."""
    waiting = ""
    for piece in stream:
        waiting += piece
        *whole, waiting = _cut(waiting)
        if whole and UNFINISHED.fullmatch(waiting):
            waiting = whole.pop() + waiting
        for sentence in whole:
            yield check(sentence, passages)
    for sentence in _cut(waiting):
        if sentence.strip():
            yield check(sentence, passages)


def _cut(text: str) -> list[str]:
    """The sentences of a text, each with the marks behind it; the last may be incomplete."""
    cuts = [0]
    for (_, end), (start, _) in pairwise(sentences(text)):
        marks = TRAILING.match(text, end)
        cuts.append(marks.end() if marks else start)
    return [text[a:b] for a, b in pairwise(dict.fromkeys([*cuts, len(text)]))] or [""]


def check(raw: str, passages: list[Passage]) -> Sentence:
    """A sentence with its citations checked: a number without a passage, or a quotation that its passage does not have, is no support."""
    numbers = [int(n) for marks in MARK.findall(raw) for n in re.split(r"\s*[,;]\s*", marks)]
    sentence = Sentence(WHITE.sub(" ", MARK.sub("", raw)).strip().removeprefix("- ").removeprefix("* "))
    quotations = QUOTED.findall(sentence.text)
    for number in dict.fromkeys(numbers):
        if not 1 <= number <= len(passages):
            sentence.faults.append(f"[{number}] is no passage")
        elif lacking := [q for q in quotations if not any(_has(passages[n - 1], q) for n in _known(numbers, passages))]:
            sentence.faults.append(f"[{number}] does not have the words “{lacking[0]}”")
        else:
            sentence.sources.append(number)
    if not numbers:
        sentence.faults.append("no source")
    return sentence


def _known(numbers: list[int], passages: list[Passage]) -> list[int]:
    return [n for n in numbers if 1 <= n <= len(passages)]


def _has(passage: Passage, quotation: str) -> bool:
    return _folded(quotation) in _folded(passage.chunk.text)


def _folded(text: str) -> str:
    """A text without what a quotation may change: case, kinds of dash and quotation mark, white space, a stop at the end."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[‐‑‒–—−]", "-", re.sub(r"[’‘`]", "'", text))
    return WHITE.sub(" ", text).strip(" .,;…")


# --- without a language model -----------------------------------------------------------------------------------------

SENTENCES = 5
SHORTEST = 30


def extract(
    passages: list[Passage], terms: list[Term], stems_of: Callable[[list[str]], list[frozenset[str]]]
) -> list[Sentence]:
    """The sentences of the passages that say most of a question's terms, at most one from each passage and in its words.

    `stems_of` gives what the index has of each of several texts.
    """
    candidates = []
    for number, passage in enumerate(passages, 1):
        text = passage.chunk.text
        whole = [WHITE.sub(" ", text[a:b]).strip() for a, b in sentences(text)]
        candidates += [(number, sentence) for sentence in whole if len(sentence) >= SHORTEST]
    best: dict[int, tuple[float, str]] = {}
    for (number, sentence), own in zip(candidates, stems_of([text for _, text in candidates]), strict=True):
        # of two that say as much the better passage's comes first
        weight = said(terms, own) / (1 + number / 20)
        if weight > best.get(number, (0, ""))[0]:
            best[number] = weight, sentence
    bar = max((weight for weight, _ in best.values()), default=0) / 2
    chosen = sorted((n for n in best if best[n][0] >= bar), key=lambda n: -best[n][0])[:SENTENCES]
    # two versions of a text, or two papers of one group, may have the same sentence
    once = {best[number][1]: number for number in reversed(chosen)}
    return [Sentence(sentence, [number]) for sentence, number in reversed(once.items())]


def speaks_of(terms: list[Term], stems: frozenset[str], chunks: int) -> bool:
    """Whether one of so many chunks, which has these stems, has more of a question's terms than chance gives.

    Half of what they say if that is several terms, or nearly all; or three tenths that one chunk in so many would hardly have together.
    """
    share = said(terms, stems)
    found = [term for term in terms if term.stems <= stems]
    surprise = sum(term.weight for term in found) - math.log(max(chunks, 1))
    return share > 0.8 or (share >= 0.5 and len(found) > 1) or (share >= 0.3 and surprise >= 3)


def said(terms: list[Term], stems: frozenset[str]) -> float:
    """How much of a question's terms a text with these stems has, 0 to 1, rarer terms counting more."""
    return sum(t.weight for t in terms if t.stems <= stems) / (sum(t.weight for t in terms) or 1)
