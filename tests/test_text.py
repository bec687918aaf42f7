"""Cleaning: what a string becomes, and that offsets stay with their characters."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biorxivist.items import Author, Block, Citation, Figure, Paper, Section
from biorxivist.text import LINE, PARAGRAPH, clean, clean_paper, clean_with_offsets, is_clean, subscript, superscript
from biorxivist.text.suspects import suspects

# what cleaning is about: white space, punctuation, hidden characters, accents on their own, superscripts, scripts
PIECES = st.sampled_from("ab1 \t\n\xa0,;:.!?()[]“”=é²⁶α結\u0301\u0327\u200b\xadﬁ\u212b각가")
ROUGH = st.lists(PIECES, max_size=25).map("".join)
BREAKS = st.lists(PIECES | st.sampled_from([LINE, PARAGRAPH]), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        (" a  b\n c ", "a b c"),
        ("see ( Smith , 2019 ) .", "see (Smith, 2019)."),
        ("p < .05 and a .csv file", "p < .05 and a .csv file"),
        ("“ quoted ”", "“quoted”"),
        ("ratio a :b", "ratio a :b"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("e\u0301te\u0301", "été"),
        ("e\u200b\u0301", "é"),
        (f"one {LINE} two", "one\ntwo"),
        (f"one \n{PARAGRAPH} {LINE}{PARAGRAPH} two{PARAGRAPH}", "one\n\ntwo"),
        ("\xa0x\u2009y\u3000", "x y"),
    ],
)
def test_clean(raw, expected):
    assert clean(raw) == expected


@given(ROUGH)
@example("e\u200b\u0301")
def test_clean_is_idempotent_nfc_and_one_line(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not set("\n\t\xa0\u200b\xad") & set(cleaned)


@given(st.text(max_size=40))
def test_clean_takes_any_text(text):
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    if LINE not in text and PARAGRAPH not in text:
        assert clean(cleaned) == cleaned


@given(ROUGH)
def test_the_quick_answer_agrees_with_the_work(text):
    if is_clean(text):
        assert clean(f" \n{text}\t") == text


@given(BREAKS, BREAKS)
@example("e\u0301", "")
@example("e\u0301α", "²")
@example("( ", " )")
def test_an_offset_stays_with_its_character(before, after):
    text = f"{before}Q{after}"
    start = len(before)
    cleaned, (moved, end) = clean_with_offsets(text, [start, start + 1])
    assert cleaned == clean(text)
    assert cleaned[moved] in "QǪ"  # an accent behind it may become one with it
    assert end >= moved + 1 or unicodedata.combining(after[0])


@given(BREAKS, st.lists(st.integers(0, 25), max_size=6))
def test_offsets_keep_their_order_and_stay_inside(text, offsets):
    offsets = [min(o, len(text)) for o in offsets]
    cleaned, moved = clean_with_offsets(text, offsets)
    assert cleaned == clean(text)
    assert all(0 <= m <= len(cleaned) for m in moved)
    assert [m for _, m in sorted(zip(offsets, moved, strict=True))] == sorted(moved)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (superscript("6"), "⁶"),
        (superscript("−3"), "⁻³"),
        (superscript("–3"), "⁻³"),
        (superscript("2–"), "²⁻"),
        (superscript("–"), "⁻"),
        (superscript("1–3"), "^{1–3}"),
        (superscript("2,3"), "^{2,3}"),
        (superscript(" + "), " ⁺ "),
        (superscript(" "), " "),
        (superscript("®"), "®"),
        (superscript(" ™ "), " ™ "),
        (superscript("***"), "***"),
        (superscript("o"), "°"),
        (superscript("◦"), "°"),
        (superscript("or"), "ᵒʳ"),
        (superscript("*,†"), "^{*,†}"),
        (superscript("−/−, "), "^{−/−}, "),
        (superscript(","), ","),
        (subscript("2"), "₂"),
        (subscript("2,"), "₂,"),
        (subscript("*"), "_{*}"),
        (subscript("max"), "ₘₐₓ"),
        (subscript("GABA"), "_{GABA}"),
    ],
)
def test_super_and_subscripts_stay_readable(raised, expected):
    assert raised == expected


@given(st.text(alphabet=" 0123456789+-nABq,²", max_size=8))
def test_a_superscript_keeps_what_surrounds_it(text):
    raised = superscript(text)
    assert len(raised) in (len(text), len(text) + 3)
    assert raised[: len(text) - len(text.lstrip())].strip() == ""


@settings(max_examples=30)
@given(ROUGH, ROUGH)
def test_a_citation_of_a_cleaned_paper_is_where_it_was(before, after):
    raw = f"{before} [7]{after}"
    start = len(before) + 1
    paper = Paper(sections=[Section(blocks=[Block("paragraph", raw, citations=[Citation(start, start + 3, ["c7"])])])])
    block = clean_paper(paper).sections[0].blocks[0]
    citation = block.citations[0]
    # an accent behind the bracket has no letter to join
    assert block.text[citation.start : citation.end].startswith("[7]")


def test_the_text_of_a_paper_is_in_reading_order():
    figure = Figure("f1", "Figure 1", "A  map", f"Left: north .{PARAGRAPH}Right: south.")
    paper = Paper(
        title="Not in the text",
        abstract=f"Aim{PARAGRAPH}We  look .",
        authors=[Author(" A  B ")],
        figures=[figure],
        sections=[
            Section(title="Results ", blocks=[Block("paragraph", "First ."), Block("figure", id="f1")]),
            Section(title="Empty"),
            Section(sections=[Section(title="Nested", level=2, blocks=[Block("list", f"one{LINE}two")])]),
        ],
        statements=[Section(title="Funding", blocks=[Block("paragraph", "None.")])],
        footnotes=["Not in the text"],
    )
    cleaned = clean_paper(paper)
    assert cleaned.text.split("\n\n") == [
        "Aim", "We look.", "Results", "First.", "Figure 1 A map", "Left: north.", "Right: south.", "Nested", "one\ntwo",
    ]  # fmt: skip
    assert cleaned.coverage == "full_text"
    assert cleaned.authors[0].name == "A B"


@pytest.mark.parametrize(("abstract", "coverage"), [("Something.", "abstract"), ("", "metadata"), (" \n", "metadata")])
def test_coverage_without_a_body(abstract, coverage):
    assert clean_paper(Paper(abstract=abstract, sections=[Section(title="Bare heading")])).coverage == coverage


def test_code_keeps_its_lines():
    code = "for x in y:\n    print( x )"
    assert clean_paper(Paper(sections=[Section(blocks=[Block("code", code)])])).sections[0].blocks[0].text == code


STRINGS = st.lists(ROUGH | BREAKS | st.text(max_size=10), max_size=6)


@given(STRINGS)
@example(["", " a"])
@example(["a ", ""])
@example(["e", "\u0301"])
@example(["”", " ”"])
@example(["\ud800", "a"])
def test_a_look_at_all_strings_misses_none(texts):
    passed = set(range(len(texts))) - set(suspects(texts))
    assert all(clean(texts[place]) == texts[place] for place in passed)


def test_a_look_at_all_strings_passes_most():
    clean_ones = ["", "A sentence (with [brackets]), “quotes”: 10⁶ of TGF-β; and 5 %.", "α", ".csv"]
    assert suspects([*clean_ones, "a  b", *clean_ones, " c", "d\n"]) == [4, 9, 10]
