"""A page of search results or a listing: which papers it names and which page is next."""

import pytest

from biorxivist.items import Author
from biorxivist.readers.search_page import Entry, read_search_page
from biorxivist.readers.strict import MalformedDocument

ITEM = """<li class="odd search-result result-jcode-medrxiv search-result-highwire-citation"><div class="highwire-article-citation"
 data-pisa="medrxiv;2026.07.01.26000001v2" data-pisa-master="medrxiv;2026.07.01.26000001" data-apath="/medrxiv/early/2026/07/02/2026.07.01.26000001.atom">
<span class="highwire-cite-title"><a href="/content/10.64898/2026.07.01.26000001v2" class="highwire-cite-linked-title"><span class="highwire-cite-title">A
 <span class="highwire-cite-title">cup</span> of <em>tea</em> at 10<sup>2</sup> °C</span></a></span>
<span class="highwire-citation-author first"><span class="nlm-given-names">Ada</span> <span class="nlm-surname">Quill</span></span>,
<span class="highwire-citation-author"><span class="nlm-collab">Teapot Consortium</span></span>
<span class="highwire-cite-metadata-doi"><span class="doi_label">doi:</span> https://doi.org/10.64898/2026.07.01.26000001 </span></div></li>"""
PAGER = '<ul class="pager"><li class="pager-next"><a href="/search/tea?page=3">Next</a></li><li class="pager-last"><a href="?page=9">10</a></li></ul>'


def results(total: str, items: str, after: str = "") -> bytes:
    return f"""<html><head><title>Search Results | medRxiv</title></head><body>
<div class="highwire-search-summary" id="search-summary-wrapper"><h1 id="page-title">\n\t{total}</h1></div>
<div class="highwire-search-results"><ul class="highwire-search-results-list">{items}</ul>{after}</div></body></html>""".encode()


def test_an_item_names_its_paper():
    found = read_search_page(results("1,234 Results", ITEM, PAGER))
    assert found.entries == [
        Entry(
            "10.64898/2026.07.01.26000001", 2, "medrxiv", "A cup of tea at 10² °C",
            [Author("Ada Quill", "Ada", "Quill"), Author("Teapot Consortium", group="Teapot Consortium")], "2026-07-02",
            "https://www.medrxiv.org/content/10.64898/2026.07.01.26000001v2",
        )
    ]  # fmt: skip
    assert (found.total, found.next_page) == (1234, 3)


def test_a_doi_that_is_not_printed_follows_from_the_sites_own_id():
    body = results("1 Result", ITEM).replace(b"https://doi.org/10.64898/2026.07.01.26000001", b"")
    assert read_search_page(body).entries[0].doi == "10.64898/2026.07.01.26000001"


def test_nothing_found_is_an_answer():
    found = read_search_page(results("No Results", ""))
    assert (found.entries, found.total, found.next_page) == ([], 0, None)


def test_a_listing_has_no_total():
    listing = f'<html><body><div class="highwire-list-wrapper highwire-list-pap"><h3>July 2, 2026</h3><ul>{ITEM}</ul></div></body></html>'
    found = read_search_page(listing.encode())
    assert (len(found.entries), found.total, found.next_page) == (1, None, None)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html><head><title>Just a moment...</title></head></html>", "a challenge page"),
        (results("", ITEM), "div.highwire-search-results"),
        (results("7 Results", ""), "found none of 7"),
        (results("1 Result", '<div class="highwire-article-citation">x</div>'), "no DOI"),
        (results("1 Result", ITEM)[:-20], "cut off"),
    ],
)
def test_other_pages_are_malformed(body, message):
    with pytest.raises(MalformedDocument, match=message):
        read_search_page(body)


@pytest.mark.parametrize(
    ("name", "entries", "total", "next_page", "first"),
    [
        ("ami3_biorxiv_resultSet1", 10, 5784, 2, "10.1101/2020.01.24.917864"),
        ("ami3_testsearch3_resultSet2", 3, 5900, 3, "10.1101/2020.01.16.909614"),
        ("ami3_testsearch99_resultSet1", 100, 5855, 2, "10.1101/205195"),
        ("biorxiv_2026-07__anisches_biorxiv_search", 10, 45848, 1, "10.64898/2026.07.01.735904"),
        ("ropensci_owls_results_30_139fd8", 30, 592, 1, "10.1101/2020.02.18.954685"),
        ("ropensci_asdfasdfasdfasfasfd_empty_results_3263cc", 0, 0, None, None),
    ],
)
def test_recorded_pages(corpus, name, entries, total, next_page, first):
    found = read_search_page((corpus / f"html/search/{name}.html").read_bytes())
    assert (len(found.entries), found.total, found.next_page) == (entries, total, next_page)
    assert [e.doi for e in found.entries[:1]] == [first] * bool(entries)
    for entry in found.entries:
        assert entry.version
        assert entry.server == "biorxiv"
        assert entry.title
        assert entry.authors
        assert entry.posted
        assert entry.url.startswith("https://www.biorxiv.org/content/10.")


def test_recorded_listing(corpus):
    found = read_search_page(
        (corpus / "html/listing/biorxiv_content_early_recent_2018-02__sbooeshaghi.html").read_bytes()
    )
    assert (len(found.entries), found.total, found.next_page) == (10, None, 2)
    assert (found.entries[0].doi, found.entries[0].posted) == ("10.1101/263731", "2018-02-11")
    assert len(found.entries[0].authors) == 12
