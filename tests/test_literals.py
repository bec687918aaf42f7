"""Many words at once are found where Python finds each."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from biorxivist import literals
from biorxivist.literals import Literals

LETTERS = st.text("abé", min_size=1, max_size=4)


def by_pattern(words: list[str], text: bytes) -> list[tuple[int, str]]:
    # behind a look ahead nothing is consumed, so that every place is seen
    longest_first = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return [(m.start(), m[1].decode()) for m in re.finditer(f"(?=({longest_first}))".encode(), text)]


@given(st.sets(LETTERS, min_size=1, max_size=6), st.text("abé ", max_size=40))
@example({"ab"}, "aab" * 20)
def test_what_is_found_occurs(words, text):
    found = list(Literals(words).find(text.encode()))
    assert set(found) <= {(start, word) for word in words for start, _ in by_pattern([word], text.encode())}
    assert found == sorted(found)
    assert Literals(words).occur(text.encode()) == any(word in text for word in words)


@given(st.integers(-4, 4))
def test_a_word_across_the_end_of_a_window_is_found_once(shift):
    start = literals.WINDOW + shift
    text = b"." * start + "éb".encode() + b"." * start
    assert list(Literals(["éb", "xy"]).find(text)) == [(start, "éb")]


def test_more_words_than_one_search_takes():
    words = [f"<{number}>" for number in range(3 * literals.TOGETHER + 1)]
    text = " ".join(reversed(words))
    assert [word for _, word in Literals(words).find(text.encode())] == words[::-1]
