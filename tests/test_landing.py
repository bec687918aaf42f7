"""The landing page: what it knows beside the text."""

import pytest

from biorxivist.items import Award, Paper
from biorxivist.readers.page.landing import read_landing
from biorxivist.readers.strict import MalformedDocument
from biorxivist.text import clean_paper
from tests.invented_pages import ABSTRACT, DOI, META, page, section

LICENSE = '<div class="pane-biorxiv-copyright"><div class="field-item even">The copyright holder is the author.<span class="license-type">{}</span></div></div>'
STATEMENTS = """<h3>Competing Interest Statement</h3><p id="p-2">None &amp; none.</p><h3>Clinical Trial</h3><p>NCT00000000</p>
<h3>Author Declarations</h3><p>I confirm.</p><p>Yes</p>"""
NOTES = """<div class="section fn-group"><h2>Footnotes</h2><ul><li class="fn-update fn-group-summary-of-updates" id="fn-1"><p>More pots.</p></li>
<li class="fn-Conflict"><p>A pot is shared.</p></li><li class="fn-other"><p>Both poured.</p></li>
<li class="fn-other"><p><span class="em-link"><span class="em-addr">ada{at}kettle.org</span></span></p></li></ul></div>"""
FUNDING = """<div class="funding-group"><h2>Funder Information Declared</h2><div class="award-group"><span class="funding-source">Tea Board,
<span class="institution-wrap"><span class="institution-id">https://ror.org/00teapot0</span></span></span><span class="award-id">, P-1</span>
<span class="award-id">, P-2</span></div><div class="award-group"><span class="funding-source">Milk Fund</span></div></div>"""


def read(view: str, **around: str) -> Paper:
    return clean_paper(read_landing(page(ABSTRACT + view, kind="abstract-view", **around)))


def test_a_landing_page_tells_which_paper_it_is_of_and_has_no_sections():
    paper = read(section("Data Availability", "<p>In the cupboard.</p>", classes="section data-availability"))
    assert (paper.doi, paper.version, paper.server, paper.posted) == (DOI, 2, "biorxiv", "2021-03-05")
    assert [a.name for a in paper.authors] == ["Ada B. Quill", "Tom Reed Jr.", "Teapot Consortium"]
    assert (paper.abstract, paper.sections, paper.coverage) == ("Teapots boil.", [], "abstract")


def test_statements_are_headings_with_what_follows_them():
    found = read(
        STATEMENTS
        + NOTES
        + section("Data Availability", "<p>In the cupboard.</p>", classes="section data-availability")
    )
    assert [(s.kind, s.title, [b.text for b in s.blocks]) for s in found.statements] == [
        ("competing-interests", "Competing Interest Statement", ["None & none."]),
        ("other", "Clinical Trial", ["NCT00000000"]),
        ("ethics", "Author Declarations", ["I confirm.", "Yes"]),
        ("other", "", ["More pots."]),
        ("competing-interests", "", ["A pot is shared."]),
        ("data-availability", "Data Availability", ["In the cupboard."]),
    ]
    assert found.footnotes == ["Both poured."]


def test_notes_are_statements_where_their_words_say_so_and_nothing_where_they_gave_addresses():
    notes = (
        '<li class="fn-other"><p>Competing interests: Quill owns a pot.</p></li><li><p>Funding: the Tea Board.</p></li>'
        '<li class="fn-other"><p>Email addresses: ada{at}kettle.org (Ada B. Quill)</p></li><li><p>Both poured.</p></li>'
    )
    found = read(f'<div class="section fn-group"><h2>Footnotes</h2><ul>{notes}</ul></div>')
    assert [s.kind for s in found.statements] == ["competing-interests", "funding"]
    assert found.footnotes == ["Both poured."]


def test_a_statement_may_have_a_list():
    found = read(
        '<h3>Author Declarations</h3><p>I confirm:</p><ul class="list-unord"><li>Yes</li></ul><p>All.</p>'
    ).statements
    assert [[(b.kind, b.text) for b in s.blocks] for s in found] == [
        [("paragraph", "I confirm:"), ("list", "- Yes"), ("paragraph", "All.")]
    ]


def test_grants_come_from_the_list_of_funders_or_else_from_the_meta_tags():
    assert read(FUNDING).awards == [
        Award("Tea Board", "00teapot0", "P-1"),
        Award("Tea Board", "00teapot0", "P-2"),
        Award("Milk Fund"),
    ]
    meta = (
        META
        + '<meta name="citation_funding_source" content="citation_funder=Tea Board;citation_grant_number=P-1;citation_grant_number=P-2;" />'
    )
    assert read("", meta=meta).awards == [Award("Tea Board", "", "P-1"), Award("Tea Board", "", "P-2")]


@pytest.mark.parametrize(
    ("statement", "license"),
    [
        (
            ' It is made available under a <a href="http://creativecommons.org/licenses/by-nc/4.0/">CC-BY-NC 4.0 International license</a>.',
            "CC-BY-NC-4.0",
        ),
        ("All rights reserved. No reuse allowed without permission.", "all-rights-reserved"),
        ("This article is also made available for use under a CC0 license.", "CC0-1.0"),
        ("Something else.", "CC-BY-4.0"),
    ],
)
def test_the_licence_of_the_pane_comes_before_that_of_the_meta_tags(statement, license):
    assert read("", more=LICENSE.format(statement)).license == license


@pytest.mark.parametrize(
    ("subject", "category"),
    [("Plant Biology", "plant biology"), ("HIV/AIDS", "hiv aids"), ("Allergy (including Asthma)", "allergy")],
)
def test_the_category_is_spelled_as_the_api_spells_it(subject, category):
    more = f'<span class="highwire-article-collection-term"><a href="/collection/x">{subject}<i class="icon"></i>\n</a></span>'
    assert read("", more=more).category == category


def test_a_withdrawn_paper_says_so():
    paper = read("", meta=META.replace("New Results", "Withdrawn"))
    assert (paper.withdrawn, paper.article_type) == (True, "withdrawn")


def test_links_to_supplements_are_kept_once_with_their_whole_address():
    link = f'<a href="/content/{DOI}v2.supplementary-material"><span>Supplementary Material</span></a>'
    file = (
        '<a href="/content/biorxiv/early/2021/03/05/2021.03.04.433999/DC1/embed/media-1.pdf?download=true">File 1</a>'
    )
    assert [(s.label, s.url) for s in read("", more=link * 2 + file).supplements] == [
        ("Supplementary Material", f"https://www.biorxiv.org/content/{DOI}v2.supplementary-material"),
        ("File 1", "https://www.biorxiv.org/content/biorxiv/early/2021/03/05/2021.03.04.433999/DC1/embed/media-1.pdf"),
    ]


def test_another_page_is_malformed():
    with pytest.raises(MalformedDocument, match="found a page titled 'Search Results'"):
        read_landing(b"<html><head><title>Search Results</title></head><body>x</body></html>")
