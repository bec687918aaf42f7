"""Pages without a text, pages of something else, and damaged pages."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biorxivist.readers.page import has_full_text, read_page
from biorxivist.readers.strict import MalformedDocument
from biorxivist.text import clean_paper
from tests.invented_pages import (
    ABSTRACT,
    DOI,
    ENTRY,
    FIGURE,
    FULL_TEXT_LINK,
    FULL_TEXT_TAB,
    TABLE,
    TOP,
    cite,
    page,
    read,
    references,
    section,
)

# --- pages without a text, and what is no page ------------------------------------------------------------------------


def test_an_articles_page_without_a_full_text_is_a_paper_without_sections():
    paper = read(ABSTRACT, kind="abstract-view")
    assert (paper.sections, paper.abstract, paper.coverage) == ([], "Teapots boil.", "abstract")
    paper = read("")
    assert (paper.doi, paper.coverage) == (DOI, "metadata")


def test_the_tab_and_the_link_tell_whether_there_is_a_full_text():
    assert has_full_text(page(ABSTRACT, head=FULL_TEXT_LINK, more=FULL_TEXT_TAB))
    assert not has_full_text(page(ABSTRACT, more=FULL_TEXT_TAB))
    assert not has_full_text(page(ABSTRACT, head=FULL_TEXT_LINK))


CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"


@pytest.mark.parametrize(
    ("body", "selector", "found"),
    [
        (b"", "</html>", "found nothing"),
        (b"\x89PNG\r\n", "</html>", "found"),
        (b'{"messages": []}', "</html>", "found"),
        (page(ABSTRACT)[:3000], "</html>", "cut off after 3000 bytes"),
        (CHALLENGE, "meta[name=citation_doi]", "a challenge page titled 'Just a moment...'"),
        (b"<html><head><title>Access Denied</title></head><body></body></html>", "meta[name=citation_doi]", "a page titled 'Access Denied'"),
        (b"</html>", "html", "found"),
    ],
)  # fmt: skip
def test_what_is_no_page_of_an_article_is_malformed(body, selector, found):
    with pytest.raises(MalformedDocument) as error:
        read_page(body)
    assert error.value.selector == selector
    assert found in error.value.found


def nested(tag: str, depth: int) -> bytes:
    return page(ABSTRACT + section("Deep", f"<{tag}>" * depth + "bottom" + f"</{tag.split()[0]}>" * depth))


@pytest.mark.parametrize("tag", ["div", "span", "sup", "em", 'div class="section"', "blockquote", 'div class="fig"'])
def test_nesting_is_read_up_to_a_bound(tag):
    clean_paper(read_page(nested(tag, 60)))
    for depth in (150, 3000):
        with pytest.raises(MalformedDocument, match="nested more than 100 deep"):
            read_page(nested(tag, depth))


def test_a_title_nested_without_end_is_that_of_the_meta_tags():
    top = TOP.replace("<em>teapots</em>", "<span>" * 900 + "x" + "</span>" * 900)
    assert read(ABSTRACT, top=top).title == "The boiling of teapots"


def test_a_page_names_its_charset_and_utf_8_is_the_default():
    body = page(ABSTRACT.replace("boil", "bølge"))
    latin = body.decode().replace("charset=utf-8", "charset=iso-8859-1").encode("latin-1")
    unnamed = body.replace(b"charset=utf-8", b"")
    unknown = body.replace(b"charset=utf-8", b"charset=klingon")
    assert {read_page(b).abstract.strip() for b in (body, latin, unnamed, unknown)} == {"Teapots bølge."}


def test_odd_bytes_are_replaced():
    assert "Teapots" in clean_paper(read_page(page(ABSTRACT).replace(b"boil", b"\xff\xfe\x00b"))).abstract


BODY = page(
    ABSTRACT
    + section("Results", f"<p>Pots {cite(1)}</p>{FIGURE}{TABLE}<ul class='list-simple'><li>x</li></ul>")
    + references(ENTRY)
)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, len(BODY)), st.integers(0, 400), st.sampled_from([b"", b"<", b">", b"</div>", b"<div>", b"<p>", b'"', b"\0", b"\xff", b"<!--", b"&#0;"])),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)  # fmt: skip
@example([(BODY.index(b"<body"), 0, b"<!--")], False)
def test_a_damaged_page_is_read_or_malformed(damages, closed):
    body = BODY
    for place, length, new in damages:
        body = body[:place] + new + body[place + length :]
    try:
        paper = clean_paper(read_page(body + b"</html>" * closed))
    except MalformedDocument:
        return
    assert all(block.text == block.text.strip() for s in paper.sections for block in s.blocks)
