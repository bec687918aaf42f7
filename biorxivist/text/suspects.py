"""Which of many strings may have something to clean: one look at all of them, several times faster than one at each."""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from biorxivist.literals import Literals
from biorxivist.text.strings import PLAIN

# puts a parenthesis beside a space at either end of a string, where it is found
JOINT = ")("
# what `strings` cleans of spaces; together with two equal bytes the rest is found many times more slowly
SPACES = [
    Literals(["  "]),
    Literals([*(f" {mark}" for mark in ",;)].:!?\u201d"), *(f"{mark} " for mark in "([\u201c")]),
]
JAMO = re.compile("[\u1160-\u11ff]")


def suspects(texts: list[str]) -> list[int]:
    """Places of the strings that may not be clean, in order. A text may be several strings joined by `JOINT`."""
    # bytes, since joining and searching strings of several widths takes twice as long
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = JOINT.encode().join([b"", *encoded, b""])
    starts = list(accumulate((len(text) + len(JOINT) for text in encoded), initial=1))
    # the second byte: a space at the beginning of a string is found with the joint before it
    found = {bisect_right(starts, start + 1) - 1 for spaces in SPACES for start, _ in spaces.find(joined)}
    for character in _doubtful(joined):
        found.update(place for place, text in enumerate(texts) if character in text)
    return sorted(found)


def _doubtful(joined: bytes) -> list[str]:
    """The characters that are white, hidden, or that a neighbour may change when they are normalised."""
    odd = set(joined.translate(None, PLAIN).decode(errors="surrogatepass"))
    return [character for character in odd if not _is_certain(character)]


@lru_cache(maxsize=10_000)
def _is_certain(character: str) -> bool:
    return (
        character.isprintable()
        and unicodedata.category(character)[0] != "M"
        and unicodedata.is_normalized("NFC", character)
        and not JAMO.match(character)
    )
