"""The text of a block and the citations in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.items import Citation, Paper
from biorxivist.readers.inline import Inline, expand_ranges, without_addresses
from biorxivist.readers.reading import Reading
from biorxivist.text import subscript, superscript

ORDER = {f"c{n}": n - 1 for n in range(1, 8)}
READING = Reading(Paper(), order=ORDER)


def spans(inline: Inline) -> list[str]:
    inline.place()
    return [inline.text[c.start : c.end] for c in inline.citations]


def test_a_citation_spans_its_words_without_the_white_space_around():
    inline = Inline()
    inline.add("As shown ")
    inline.cite(" [1]\n", ["c1"])
    inline.add(" twice.")
    assert spans(inline) == ["[1]"]
    (block,) = inline.blocks(READING, "quote")
    assert (block.kind, block.text) == ("quote", "As shown  [1]\n twice.")
    assert not Inline().blocks(READING)


@given(
    st.text(alphabet="a1 ,", max_size=6),
    st.sampled_from(["1", "12", "a", "1,x", "Q", "Q,", "3,"]),
    st.sampled_from([superscript, subscript]),
)
def test_a_raised_citation_is_still_found(before, words, change):
    inner = Inline()
    inner.add(before)
    inner.cite(words, ["c1"])
    outer = Inline()
    outer.add("ab")
    outer.nest(inner, change)
    outer.add(" end")
    found = spans(outer)[0]
    assert found in (words, change(words), words.rstrip(","))


def test_nested_citations_keep_their_place_in_braces():
    inner = Inline()
    inner.cite("1", ["c1"])
    inner.add(",")
    inner.cite("Q", ["c2"])
    outer = Inline()
    outer.add("word")
    outer.nest(inner, superscript)
    assert (outer.text, spans(outer)) == ("word^{1,Q}", ["1", "Q"])


@pytest.mark.parametrize("dash", ["-", "–", " — ", "]–[", "⁻"])
def test_a_range_names_all_between(dash):
    inline = Inline()
    inline.cite("3", ["c3"])
    inline.add(dash)
    inline.cite("6", ["c6"])
    inline.finish(READING)
    (citation,) = inline.citations
    assert citation.references == ["c3", "c4", "c5", "c6"]
    assert (citation.start, citation.end) == (0, len(inline.text))


@pytest.mark.parametrize(
    ("first", "between", "last"),
    [("c3", ", ", "c6"), ("c6", "–", "c3"), ("c3", "–", "unknown"), ("unknown", "–", "c3")],
)
def test_what_is_no_range_stays_as_it_is(first, between, last):
    text = f"x{between}y"
    citations = [Citation(0, 1, [first]), Citation(len(text) - 1, len(text), [last])]
    assert expand_ranges(text, citations, ORDER) == citations


def test_addresses_go_and_citations_stay():
    inline = Inline()
    inline.add("Write to jo.doe@example.org, ")
    inline.cite("[1]", ["c1"])
    inline.add(" or @handle")
    assert inline.finish(READING) == inline.text == "Write to , [1] or @handle"
    assert spans(inline) == ["[1]"]
    assert without_addresses("a@b.org b") == " b"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to a.b+c@lab.example.org for data", "write to  for data"),
        ("(jane{at}lab.example)", "()"),
        ("jane [at] lab-1.example.org.", "."),
        ("jane (at) lab.example, or", ", or"),
        ("seen on 3 @ 5 mM, @handle, AI@75 and COVID-19@Spain.", None),
        ("AT-rich (at) positions, {at} rest", None),
    ],
)
def test_addresses_are_taken_out_in_every_spelling(text, left):
    assert without_addresses(text) == (text if left is None else left)
