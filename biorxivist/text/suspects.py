"""Which of many strings may have something to clean: one look at all of them, several times faster than one at each."""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from biorxivist.text.strings import PLAIN

# puts a parenthesis beside a space at either end of a string, where the patterns find it
JOINT = ")("


@lru_cache(maxsize=10_000)
def _pattern(text: str) -> re.Pattern[bytes]:
    # the machine looks for a first byte fastest, and the last byte of a character is rarer than its first
    encoded = text.encode("utf-8", "surrogatepass")
    return re.compile(re.escape(encoded[-1:]) + b"(?<=" + re.escape(encoded) + b")")


# what `strings` cleans, in UTF-8
CLOSING = [re.compile(rb" [ ,;)\].:!?]"), _pattern(" \u201d")]
OPENING = [re.compile(rb"\( "), re.compile(rb"\[ "), re.compile("\u201c ".encode())]
JAMO = re.compile("[\u1160-\u11ff]")


def suspects(texts: list[str]) -> list[int]:
    """Places of the strings that may not be clean, in order. A text may be several strings joined by `JOINT`."""
    # bytes, since joining and searching strings of several widths takes twice as long
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = b"(" + JOINT.encode().join(encoded) + b")"
    starts = [0, *accumulate(len(text) + len(JOINT) for text in encoded)]
    found: set[int] = set()
    for pattern in [*CLOSING, *OPENING, *_doubtful(joined)]:
        match = pattern.search(joined)
        while match:
            # the last byte: a space at the beginning of a string is found with the joint before it
            place = bisect_right(starts, match.end() - 1) - 1
            found.add(place)
            match = pattern.search(joined, starts[place + 1])
    return sorted(found)


def _doubtful(joined: bytes) -> list[re.Pattern[bytes]]:
    """What finds the characters that are white, hidden, or that a neighbour may change when they are normalised."""
    odd = set(joined.translate(None, PLAIN).decode(errors="surrogatepass"))
    return [_pattern(character) for character in odd if not _is_certain(character)]


@lru_cache(maxsize=10_000)
def _is_certain(character: str) -> bool:
    return (
        character.isprintable()
        and unicodedata.category(character)[0] != "M"
        and unicodedata.is_normalized("NFC", character)
        and not JAMO.match(character)
    )
