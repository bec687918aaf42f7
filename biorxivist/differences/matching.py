"""Which entry of one paper is which of the other: by its text, by its key, by its words."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from biorxivist.items import Section

NUMBERING = re.compile(r"^[\dIVX]{1,4}(?:[.)]\d{1,4})*[.)]?\s+")
ALIKE = 0.5
"""Share of the words of two entries that must be in both for the one to have become the other."""
MOST_PAIRS = 40_000
Pair = tuple["Entry | None", "Entry | None"]


@dataclass(slots=True, eq=False)
class Entry:
    """One entry of a list: a section, a figure, a reference."""

    key: str
    """What it keeps when its text changes; empty if it has nothing of the kind."""
    name: str
    """What a reader calls it."""
    text: str
    """Everything that counts as its content."""


def match_entries(old: list[Entry], new: list[Entry]) -> list[Pair]:
    """Each entry with its counterpart, in the order of the new list; what is gone stands where it was."""
    return _match(old, new, [lambda e: (e.key, e.text), lambda e: e.text, lambda e: e.key])


def match_sections(old: list[Entry], new: list[Entry]) -> list[Pair]:
    """As `match_entries`, for sections: by their headings before their text."""
    return _match(
        old, new, [lambda e: (e.key, e.text), lambda e: e.key, lambda e: e.key.rpartition("\n")[2], lambda e: e.text]
    )


def flat(sections: list[Section], above: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Sections and those nested in them as entries, in reading order; what has neither heading nor text is left out."""
    for section in sections:
        path = (*above, section.title) if section.title else above
        text = "\n\n".join(block.text for block in section.blocks if block.text)
        if text or section.title:
            names = path or (section.kind.replace("-", " "),)
            yield Entry("\n".join(map(_heading, names)), " › ".join(names), text)
        yield from flat(section.sections, path)


def _heading(title: str) -> str:
    return re.sub(r"\W+", " ", NUMBERING.sub("", title)).strip().casefold()


def _match(old: list[Entry], new: list[Entry], ways: list[Callable[[Entry], object]]) -> list[Pair]:
    partner: dict[Entry, Entry] = {}
    left, right = old, new
    for way in ways:
        waiting: dict[object, deque[Entry]] = defaultdict(deque)
        for entry in left:
            if key := way(entry):
                waiting[key].append(entry)
        for entry in right:
            if (same := waiting.get(way(entry))) and way(entry):
                partner[entry] = same.popleft()
        taken = set(partner.values())
        left, right = [e for e in left if e not in taken], [e for e in right if e not in partner]
    partner |= _alike(left, right)
    return _in_order(old, new, partner)


def _alike(left: list[Entry], right: list[Entry]) -> dict[Entry, Entry]:
    if len(left) * len(right) > MOST_PAIRS:
        return {}
    words = {entry: set(re.findall(r"\w+", entry.text.casefold())) for entry in [*left, *right]}
    scores = []
    for new in right:
        for old in left:
            union = words[old] | words[new]
            if union and (score := len(words[old] & words[new]) / len(union)) >= ALIKE:
                scores.append((score, old, new))
    partner: dict[Entry, Entry] = {}
    taken: set[Entry] = set()
    for _, old, new in sorted(scores, key=lambda s: -s[0]):
        if old not in taken and new not in partner:
            partner[new] = old
            taken.add(old)
    return partner


def _in_order(old: list[Entry], new: list[Entry], partner: dict[Entry, Entry]) -> list[Pair]:
    place = {partner[entry]: number for number, entry in enumerate(new) if entry in partner}
    pairs: list[tuple[tuple[int, int], Pair]] = [((n, 0), (partner.get(entry), entry)) for n, entry in enumerate(new)]
    last = -1
    for number, entry in enumerate(old):
        if entry in place:
            last = place[entry]
        else:
            pairs.append(((last, number + 1), (entry, None)))
    return [pair for _, pair in sorted(pairs, key=lambda p: p[0])]
