"""A short run of damaged documents (the long one is `make fuzz`), and what long runs have found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cost import cpu_seconds
from tests.fuzz.__main__ import peak
from tests.fuzz.targets import MEGABYTES, SEARCH_PAGE, SECONDS, TARGETS
from tests.invented_pages import ABSTRACT, page


def read(name: str, body: bytes) -> str:
    """The outcome of a document, which must come soon and without much memory."""
    before, outcomes = peak(), []
    assert cpu_seconds(lambda: outcomes.append(TARGETS[name].outcome(body)), SECONDS) < SECONDS
    assert peak() - before < MEGABYTES
    return outcomes[0]


@pytest.mark.parametrize("name", TARGETS)
def test_a_whole_document_is_read(name):
    for body in TARGETS[name].seeds():
        assert read(name, body) in ("read", "ValueError")


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False))
def test_a_damaged_document_is_read_or_refused(name, chance):
    assert not read(name, TARGETS[name].document(chance)).endswith("of several lines")


ACCENTS = ("a" + "\u0301\u0323" * 150_000).encode()
NESTED = b'<div class="highwire-article-citation">' * 100
AUTHORS = b'<span class="highwire-citation-author"><span class="nlm-surname">Quill</span>' * 90
PART = '<div class="section abstract"><h2>Abstract</h2><div><p><strong>Aim</strong> boil</p></div></div>'
FOUND = {
    "accents in JATS": ("jats", b"<article><body><p>%s</p></body></article>" % ACCENTS),
    "accents between citations": ("texts", ACCENTS + b" [1]"),
    "accents in a page": ("page", page(ABSTRACT).replace(b"Teapots boil", ACCENTS)),
    "a total of 5000 digits": ("search_page", SEARCH_PAGE.replace(b"1,234", b"9" * 5000)),
    "results in results": ("search_page", SEARCH_PAGE.replace(b'<div class="highwire-article-citation"', NESTED + AUTHORS + b"<div")),
    "white space that normalising changes": ("texts", "a\u2000b".encode()),
    "a category of parentheses": ("landing", page(ABSTRACT, kind="abstract-view", more=f'<span class="highwire-article-collection-term">{"(" * 100_000}</span>')),
    "links of a section without a heading": ("page", page(ABSTRACT + '<div class="section">' + '<a href="http://x.org/a">x</a>' * 30_000 + "</div>")),
    "a name of many surnames": ("search_page", SEARCH_PAGE.replace(b'<span class="nlm-surname">', b'<span class="nlm-surname">Quill</span>' * 8_000 + b'<span class="nlm-surname">')),
    "separators without a text": ("texts", "\u2029".encode() * 100_000),
    "abstracts without an end": ("texts", b"O_ST_ABS" * 40_000),
    "a version of 5000 digits": ("feed", b'{"schema": 1, "doi": "10.1101/1", "version": %s}' % (b"9" * 5000)),
    "a control behind a heading of an abstract": ("landing", page(PART.replace("boil", "\x0b&#2;\ufffe"), kind="abstract-view")),
    "half a character in a record": ("record", TARGETS["record"].seeds()[0].replace(b"10.1101/", b"10.1101/\\ud800")),
    "an address that is none": ("page", page(ABSTRACT + '<p><a href="http://[/DC1/embed/x">x</a></p>', more='<a href="//[x.supplementary-material">x</a>')),
    "a DOI that is no UTF-8": ("feed", b'{"schema": 1, "doi": "10.1101/\xe2", "version": 1}'),
    "listings in listings": ("search_page", b"<html><body>" + b'<div class="highwire-list-pap">' * 60 + b'<div class="highwire-article-citation" data-pisa="biorxiv;2021.03.04.433000v2"><a></a></div>' * 800 + b"</body></html>"),
    "formulas of formulas": ("page", page(ABSTRACT + "<p>" + "<math>" * 89 + "x" + "</math>" * 89 + "</p>")),
    "superscripts of superscripts": ("jats", b"<article><body><p>" + b"<sup>" * 130 + b"github.com/" * 27_000 + b"</sup>" * 130 + b"</p></body></article>"),
    "members of a collective, each in a group": ("jats", b"<article><front><article-meta><contrib-group><contrib><collab>X" + b"<contrib-group><contrib><name><surname>A</surname></name></contrib></contrib-group>" * 6_000 + b"</collab></contrib></contrib-group></article-meta></front></article>"),
    "a surrogate in JATS": ("jats", b"<article><body><p>\xed\xa0\x80</p></body></article>"),
    "a surrogate in a page": ("page", page(ABSTRACT).replace(b"Teapots", b"\xed\xa0\x80")),
    "names of databases": ("texts", b"PDB ID: 1ABC, " * 20_000),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_what_long_runs_found(case):
    read(*FOUND[case])
