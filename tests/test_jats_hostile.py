"""The JATS reader on documents that are broken, cut off or made to hurt: a `Paper` or `MalformedDocument`, soon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biorxivist.items import Paper
from biorxivist.readers.jats import read_jats
from biorxivist.readers.strict import MalformedDocument
from biorxivist.text import clean_paper
from tests.cost import cpu_seconds
from tests.test_jats import DOCUMENT, FLOW

WHOLE = (DOCUMENT % FLOW).encode()
LAUGHS = b"<!DOCTYPE article [<!ENTITY a0 'ha'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12)
)


def outcome(body: bytes) -> Paper | None:
    read: list[Paper | None] = []
    assert cpu_seconds(lambda: read.append(paper_of(body)), 1) < 1
    return read[0]


def paper_of(body: bytes) -> Paper | None:
    try:
        return clean_paper(read_jats(body))
    except MalformedDocument:
        return None


def body_of(content: bytes) -> bytes:
    return b"<article><body>" + content + b"</body></article>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b'{"a": 1}',
        b"<html><body><p>Just a moment...</p></body></html>",
        b"<article/>",
        b"\x00" * 40,
        b"\xff\xfe",
        WHOLE[: len(WHOLE) // 2],
        WHOLE.rstrip()[:-4],
        body_of(b"<sec>" * 50_000 + b"</sec>" * 50_000),
    ],
)
def test_what_is_no_article_is_malformed(body: bytes):
    assert outcome(body) is None


@pytest.mark.parametrize(
    "tag", [b"sec", b"list", b"sup", b"disp-quote", b"boxed-text", b"fig", b"fn", b"def-list", b"xref"]
)
def test_nesting_up_to_the_bound(tag: bytes):
    assert outcome(body_of(b"<%s>" % tag * 95 + b"<p>x</p>" + b"</%s>" % tag * 95)) is not None


def test_entities_of_the_document_are_not_expanded():
    paper = outcome(LAUGHS + b"]><article><body><p>&a11;</p></body></article>")
    assert paper is None or len(paper.text) < 100


def test_entities_of_html_and_bare_ampersands():
    paper = outcome(body_of(b"<p>a&nbsp;b &mu; &nosuch; R&D <![CDATA[c & d]]></p>"))
    assert paper is not None
    assert paper.text == "a b μ &nosuch; R&D c & d"


def test_spanned_cells_repeat_no_more_than_a_paper_may_hold():
    spanned = '<td colspan="100" rowspan="100">' + "kettle " * 5000 + "</td>"
    grid = f"<tr>{spanned}</tr>" + '<tr><td colspan="2">lid</td></tr>' * 3
    paper = outcome(body_of(f"<table-wrap><table>{grid}</table></table-wrap>".encode() * 2))
    assert paper is not None
    (first, second) = paper.tables
    assert [len(row) for row in first.rows] == [1, 2, 2, 2]
    assert first.rows[1:] == second.rows[1:] == [["lid", "lid"]] * 3
    assert sum(len(cell) for table in paper.tables for row in table.rows for cell in row) < 100_000


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings(encoding: str):
    paper = outcome(
        f'<?xml version="1.0" encoding="{encoding}"?><article><body><p>é</p></body></article>'.encode(encoding)
    )
    assert paper is not None
    assert paper.text == "é"


@pytest.mark.parametrize(
    "content",
    [
        b"<p>" + b" \n" * 200_000 + b"</p>",
        b"<p>" + "\u2028".encode() * 100_000 + b"</p>",
        b"<p>" + b"a@" * 100_000 + b"</p>",
        b"<p>" + b"a" * 300_000 + b"@</p>",
        b"<p>" + b"<![CDATA[" * 30_000 + b"</p>",
        b"<table-wrap><table><tr>" + b'<td colspan="999" rowspan="999">x</td>' * 4000 + b"</tr>" + b"<tr/>" * 4000 + b"</table></table-wrap>",
        b"<sec><title>" + b"materials and " * 10_000 + b"</title><p>x</p></sec>",
    ],
)  # fmt: skip
def test_costly_documents_are_read_in_time(content: bytes):
    outcome(body_of(content))


CHANGES = st.lists(
    st.tuples(
        st.integers(0, len(WHOLE)),
        st.integers(0, 60),
        st.sampled_from([b"", b"<", b">", b"</p>", b"<sec>", b"&", b"&nbsp;", b"]]>", b"\xff", b"\x00", b'"', b"<list><list-item>"]),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


@settings(max_examples=150)
@given(CHANGES, st.integers(0, len(WHOLE)))
def test_mutated_documents(changes: list[tuple[int, int, bytes]], cut: int):
    body = WHOLE
    for place, length, new in changes:
        body = body[:place] + new + body[place + length :]
    outcome(body)
    assert outcome(body[:cut].rpartition(b"</article>")[0]) is None
