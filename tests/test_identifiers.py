"""Every way to write a preprint is one preprint, and every address made from one leads back to it."""

from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist import identifiers
from biorxivist.identifiers import EXPECTED, SITES, Preprint, likely_server, normalize_doi, on_host, parse_preprint

OLD = "10.1101/339747"
DATED = "10.1101/2022.04.13.488149"
NEW = "10.64898/2026.05.04.26352019"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD, Preprint(OLD)),
        ("10.1101/19000001", Preprint("10.1101/19000001")),
        (f"{NEW}v3", Preprint(NEW, 3)),
        (f"doi:{DATED}", Preprint(DATED)),
        (f"DOI: {DATED}", Preprint(DATED)),
        (f"doi {DATED}.", Preprint(DATED)),
        (f"https://doi.org/{DATED},", Preprint(DATED)),
        (f"http://dx.doi.org/{DATED}v2", Preprint(DATED, 2)),
        (f"doi.org/{DATED}", Preprint(DATED)),
        (f"<https://doi.org/{OLD}>", Preprint(OLD)),
        (f"“{OLD}”", Preprint(OLD)),
        (f" \t{OLD}\n", Preprint(OLD)),
        ("10.1101/ 2022.04.13.488149", Preprint(DATED)),
        ("10.1101 /2022.04.\n13.488149", Preprint(DATED)),
        (f"{DATED}?utm_source=x#sec-1", Preprint(DATED)),
        (f"https://www.biorxiv.org/content/{DATED}v1.full-text?x=1#F1", Preprint(DATED, 1, "biorxiv")),
        (f"HTTPS://WWW.BIORXIV.ORG/CONTENT/{DATED}V1.FULL.PDF+HTML", Preprint(DATED, 1, "biorxiv")),
        (f"medrxiv.org/content/{NEW}", Preprint(NEW, None, "medrxiv")),
        (f"//www.medrxiv.org/content/{NEW}v12/", Preprint(NEW, 12, "medrxiv")),
        (f"http%3A%2F%2Fdoi.org%2F{quote(OLD, safe='')}", Preprint(OLD)),
        (f"10.1101%252F{OLD[8:]}", Preprint(OLD)),
        ("https://www.biorxiv.org/content/early/2018/05/13/339747", Preprint(OLD, None, "biorxiv")),
        ("www.biorxiv.org/content/biorxiv/early/2018/05/13/339747.full.pdf", Preprint(OLD, None, "biorxiv")),
        ("https://www.medrxiv.org/content/early/2026/08/01//2026.05.04.26352019.source.xml", Preprint(NEW, None, "medrxiv")),
        ("/content/biorxiv/early/2025/12/09/2025.12.01.700001/F1.large.jpg", Preprint("10.64898/2025.12.01.700001", None, "biorxiv")),
        ("/content/biorxiv/early/2025/12/09/2025.11.30.700001", Preprint("10.1101/2025.11.30.700001", None, "biorxiv")),
        ("http://biorxiv.org/cgi/content/short/339747v1?rss=1", Preprint(OLD, 1, "biorxiv")),
        ("biorxiv;2022.04.13.488149v1", Preprint(DATED, 1, "biorxiv")),
        ("bioRxiv 2022.04.13.488149", Preprint(DATED, None, "biorxiv")),
        (f"https://api.biorxiv.org/details/medrxiv/{NEW}/na/json", Preprint(NEW, None, "medrxiv")),
        (f"https://api.biorxiv.org/pubs/biorxiv/{OLD}", Preprint(OLD, None, "biorxiv")),
        (f"http://127.0.0.1:8731/content/{DATED}v1", Preprint(DATED, 1)),
    ],
)  # fmt: skip
def test_a_way_to_write_a_preprint(text, expected):
    assert parse_preprint(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.1101/gr.123456.107", "journals and books"),
        ("https://doi.org/10.1101/gad.1234", "journals and books"),
        ("10.1038/s41586-020-2649-2", "another publisher"),
        ("10.1101/2022.13.01.488149", "impossible date"),
        ("10.64898/2026.02.30.488149", "impossible date"),
        ("/content/early/2026/01/01/2026.02.30.488149", "impossible date"),
        (f"{OLD}v0", "counted from 1"),
        (f"{OLD}vx", "preprint"),
        (f"{OLD} 12", "preprint"),
        (f"{OLD} {DATED}", "preprint"),
        (f"x{OLD}", "preprint"),
        ("10.1101/33974", "preprint"),
        ("10.1101/٣٣٩٧٤٧", "preprint"),
        ("10.1101/2022.04.13", "preprint"),
        ("10.64898/", "preprint"),
        ("https://www.biorxiv.org/", "preprint"),
        ("http://[half/10.1101/339747", "preprint"),
        ("single cell", "preprint"),
        ("", "preprint"),
        ("x\n" * 200, "preprint"),
    ],
)
def test_what_is_no_preprint_is_refused_in_one_line(text, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        parse_preprint(text)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400


@given(st.text(max_size=60))
def test_any_text_is_a_preprint_or_refused(text):
    try:
        doi = parse_preprint(text).doi
    except ValueError as refusal:
        doi, text = "", str(refusal)
    assert doi.startswith(("10.1101/", "10.64898/")) or (EXPECTED in text and "\n" not in text)


# --- round trips ------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2019, 12, 11), date(2035, 12, 31))
NUMBERS = st.from_regex(r"[0-9]{6}([0-9]{2})?", fullmatch=True)


@st.composite
def dois(draw) -> str:
    """DOIs as the servers give them."""
    number = draw(NUMBERS)
    if draw(st.booleans()):
        return f"10.1101/{number}"
    day = draw(DAYS)
    prefix = "10.64898" if day >= date(2025, 12, 1) else "10.1101"
    return f"{prefix}/{day:%Y.%m.%d}.{number}"


PAPERS = st.tuples(dois(), st.integers(1, 99), st.sampled_from(sorted(SITES)), DAYS.map(str))
BARE_FORMS = ["{}", "doi:{}", "DOI: {}", "https://doi.org/{}", "http://dx.doi.org/{}", "<{}>", "“{}”.", "({})", " {}\n"]
TABS = [
    "", ".full", ".full-text", ".full.pdf", ".abstract", ".article-info", ".article-metrics", ".supplementary-material",
    ".full.pdf+html", ".source.xml", "?a=b", "#s1", ".full?a=b#c",
]  # fmt: skip


@given(PAPERS, st.sampled_from(BARE_FORMS), st.booleans(), st.sampled_from(TABS))
def test_a_doi_is_read_in_every_form(paper, form, upper, tab):
    doi, version, _, _ = paper
    text = form.format(f"{doi}v{version}{tab}")
    assert parse_preprint(text.upper() if upper else text) == Preprint(doi, version)


@given(PAPERS, st.booleans(), st.sampled_from(["https://www.", "http://", "www.", ""]), st.sampled_from(TABS))
def test_an_address_of_the_site_is_read_with_or_without_scheme(paper, encoded, start, tab):
    doi, version, server, _ = paper
    address = f"{start}{server}.org/content/{doi}v{version}{tab}"
    assert parse_preprint(quote(address, safe="") if encoded else address) == Preprint(doi, version, server)


@given(PAPERS)
def test_an_address_made_from_a_preprint_leads_back_to_it(paper):
    doi, version, server, posted = paper
    base = SITES[server]
    for make in (identifiers.landing_url, identifiers.full_text_url, identifiers.pdf_url):
        assert parse_preprint(make(base, doi, version)) == Preprint(doi, version, server)
        assert parse_preprint(make(base, doi, None)) == Preprint(doi, None, server)
    for address in (
        identifiers.jats_url(base, posted, doi),
        identifiers.figure_url(base, server, posted, doi, "F1"),
        identifiers.record_url("https://api.biorxiv.org", server, doi),
    ):
        assert parse_preprint(address) == Preprint(doi, None, server)
        assert parse_preprint(on_host(address, "http://127.0.0.1:8731")).doi == doi


# --- other DOIs, addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1016/S0140-6736(20)30183-5).", "10.1016/s0140-6736(20)30183-5"),
        ("doi:10.1002/(SICI)1096-8644(199602)99:2<345::AID-AJPA9>3.0.CO;2-X", "10.1002/(sici)1096-8644(199602)99:2<345::aid-ajpa9>3.0.co;2-x"),
        ("http://dx.doi.org/10.7554%2FeLife.93778", "10.7554/elife.93778"),
        ("https://doi.org/10.1038/nature12345?via=x", "10.1038/nature12345"),
        ("Nature (2020), doi: 10.1038/X1; PMID 1", "10.1038/x1"),
        (f"{DATED}v2", DATED),
        (f"https://www.biorxiv.org/content/{DATED}v2.full", DATED),
        ("NA", ""),
        ("", ""),
        ("10.1038/", ""),
    ],
)  # fmt: skip
def test_normalize_doi(text, doi):
    assert normalize_doi(text) == doi
    assert normalize_doi(doi) == doi


@given(st.from_regex(r"10\.[0-9]{4,6}/[a-zA-Z0-9.()/:;-]{1,20}", fullmatch=True))
def test_normalize_doi_is_idempotent(text):
    doi = normalize_doi(text)
    assert normalize_doi(doi) == doi
    assert normalize_doi(f"https://doi.org/{doi}") == doi


@pytest.mark.parametrize(
    ("doi", "server"), [(OLD, "biorxiv"), (DATED, "biorxiv"), (NEW, "medrxiv"), ("10.1101/19000001", "medrxiv")]
)
def test_the_number_hints_at_the_server(doi, server):
    assert likely_server(doi) == server


def test_addresses():
    base = "https://www.biorxiv.org/"
    assert identifiers.landing_url(base, DATED, 2) == f"https://www.biorxiv.org/content/{DATED}v2"
    assert identifiers.full_text_url(base, DATED, 2) == f"https://www.biorxiv.org/content/{DATED}v2.full"
    assert identifiers.pdf_url(base, DATED, 2) == f"https://www.biorxiv.org/content/{DATED}v2.full.pdf"
    assert (
        identifiers.jats_url(base, "2022-04-15", DATED)
        == "https://www.biorxiv.org/content/early/2022/04/15/2022.04.13.488149.source.xml"
    )
    assert (
        identifiers.figure_url(base, "biorxiv", "2022-04-15", DATED, "F1")
        == "https://www.biorxiv.org/content/biorxiv/early/2022/04/15/2022.04.13.488149/F1.large.jpg"
    )
    assert (
        identifiers.record_url("https://api.biorxiv.org", "biorxiv", DATED)
        == f"https://api.biorxiv.org/details/biorxiv/{DATED}/na/json"
    )


def test_a_search_is_written_as_the_site_writes_it():
    base = SITES["biorxiv"]
    assert (
        identifiers.search_url(base, "Single Cell RNA Sequencing")
        == "https://www.biorxiv.org/search/Single+Cell+RNA+Sequencing%20numresults:75"
    )
    assert (
        identifiers.search_url(base, "a/b  numresults:9 ?", 10)
        == "https://www.biorxiv.org/search/a%2Fb+numresults%3A9+%3F%20numresults:10"
    )
    assert (
        identifiers.search_url(base, "tea", page=2, jcode="biorxiv", limit_from="2026-01-01")
        == "https://www.biorxiv.org/search/tea%20jcode:biorxiv%20limit_from:2026-01-01%20numresults:75?page=2"
    )


def test_an_address_found_in_an_answer_takes_the_host_that_is_set():
    found = "https://www.biorxiv.org/content/early/2026/04/12//2026.04.08.716779.source.xml?a=1#x"
    assert (
        on_host(found, "http://127.0.0.1:8731")
        == "http://127.0.0.1:8731/content/early/2026/04/12/2026.04.08.716779.source.xml?a=1"
    )
