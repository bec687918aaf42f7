"""Two texts as one, with the words that are only in the first or only in the second marked."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

WORD = re.compile(r"\n\n|\n|[^\S\n]+|\w+|[^\w\s]")
CONTEXT = 8
"""Words kept on either side of a change."""
CHANCE = 5
SAME, OLD, NEW, GAP = " ", "-", "+", "…"
Run = tuple[str, str]
"""One of the four marks, and a text."""
Operation = tuple[str, int, int, int, int]
"""As `difflib` gives them."""


def marked(old: str, new: str, context: int = CONTEXT) -> list[Run]:
    """The runs of both texts in reading order; what is the same farther than `context` words from a change is a gap."""
    before, after = WORD.findall(old), WORD.findall(new)
    operations = SequenceMatcher(None, before, after).get_opcodes()
    operations = _joined(operations, lambda same, _: before[same[1] : same[2]] == [" "])
    operations = _joined(operations, lambda same, around: same[2] - same[1] <= min(CHANCE, around // 3))
    runs: list[Run] = []
    for number, (what, i, j, k, m) in enumerate(operations):
        if what == "equal":
            first, last = number == 0, number == len(operations) - 1
            # every other part of a text is the space between two words
            runs += _same(after[k:m], 0 if first else 2 * context, 0 if last else 2 * context)
        else:
            runs += [(mark, "".join(part)) for mark, part in ((OLD, before[i:j]), (NEW, after[k:m])) if part]
    return runs


def _joined(operations: list[Operation], by_chance: Callable[[Operation, int], bool]) -> list[Operation]:
    """Changes with what stayed between them by chance as one change: people read phrases.

    `by_chance` is asked of what stayed and of the size of the smaller change beside it.
    """
    out: list[Operation] = []
    for number, operation in enumerate(operations):
        what, i, j, k, m = operation
        if what == "equal" and out and number + 1 < len(operations):
            around = min(_size(out[-1]), _size(operations[number + 1]))
            what = "replace" if by_chance(operation, around) else what
        if what != "equal" and out and out[-1][0] != "equal":
            _, i, _, k, _ = out.pop()
            what = "replace"
        out.append((what, i, j, k, m))
    return out


def _size(operation: Operation) -> int:
    _, i, j, k, m = operation
    return j - i + m - k


def _same(words: list[str], head: int, tail: int) -> Iterator[Run]:
    if len(words) <= head + tail + 1:
        yield SAME, "".join(words)
        return
    if head:
        yield SAME, "".join(words[:head])
    yield GAP, " … "
    if tail:
        yield SAME, "".join(words[-tail:])
