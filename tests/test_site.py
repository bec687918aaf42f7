"""The local site itself: what it serves, how it pages, how it fails, and that its files on disk are those of the definitions."""

import http.client
import json
import re
import shlex
from collections import Counter
from urllib.parse import quote, urlsplit

import pytest
from lxml import etree, html
from protego import Protego

from tests.crawling import local_site
from tests.site.answers import Asked
from tests.site.api import Api
from tests.site.catalogue import Catalogue
from tests.site.europepmc import BASE, EuropePmc
from tests.site.faults import Fault
from tests.site.folder import holdings as recorded
from tests.site.invented import holdings
from tests.site.loading import papers
from tests.site.sites import Site
from tests.site.write_pages import CHOSEN, PAGES, files

MONOCYTES = "10.1101/2024.03.05.583102"
ADMISSIONS = "10.1101/2023.11.20.23298765"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(holdings())


@pytest.fixture(scope="module")
def biorxiv(catalogue) -> Site:
    return Site(catalogue, "biorxiv", 0.2)


def get(routes, address: str):
    parts = urlsplit(address)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return routes.answer(Asked(parts.path, query))


def data(routes, address: str) -> dict:
    return json.loads(get(routes, address).body)


# --- papers -----------------------------------------------------------------------------------------------------------


def test_pages_on_disk_are_those_of_the_definitions():
    on_disk = {str(path.relative_to(PAGES)): path.read_bytes() for path in PAGES.rglob("*") if path.is_file()}
    assert on_disk == files(), "run python -m tests.site.write_pages"


def test_papers_cover_what_the_servers_have():
    found = list(papers().values())
    assert len(found) >= 24
    assert {p.server for p in found} == {"biorxiv", "medrxiv"}
    licenses = {"cc_by", "cc_by_nc", "cc_by_nd", "cc_by_nc_nd", "cc0", "cc0_ng", "cc_no", ""}
    assert {p.license for p in found} == licenses
    shapes = {re.sub(r"\d", "0", p.doi.partition("/")[2]) for p in found}
    assert shapes == {"000000", "00000000", "0000.00.00.000000", "0000.00.00.00000000"}
    assert {p.doi.partition("/")[0] for p in found} == {"10.1101", "10.64898"}
    assert max(len(p.versions) for p in found) == 4


def test_copies_are_papers_of_their_own():
    many = Catalogue(holdings(120))
    assert len(many.papers) == 120
    assert len({h[-1].ppr for h in many.papers.values() if h[-1].ppr}) == sum(
        bool(h[-1].ppr) for h in many.papers.values()
    )
    copy = next(h[-1] for doi, h in many.papers.items() if doi not in papers() and h[-1].jats and h[-1].europepmc)
    assert copy.doi.encode() in copy.jats()
    assert f"{copy.pisa}<".encode() in copy.jats()
    assert copy.ppr.encode() in copy.europepmc()


@pytest.mark.parametrize("doi", sorted(papers()))
def test_jats_is_well_formed_and_its_mentions_have_targets(catalogue, doi):
    for holding in catalogue.versions(doi):
        for render in filter(None, (holding.jats, holding.europepmc)):
            root = etree.fromstring(render())
            ids = set(root.xpath("//@id"))
            assert set(root.xpath("//xref/@rid")) <= ids
            assert max(Counter(root.xpath("//@id")).values(), default=1) == 1


def test_versions_differ_in_text(catalogue):
    first, second = catalogue.versions(MONOCYTES)
    assert b"Calcium influx opens the window" in second.jats()
    assert b"Calcium influx opens the window" not in first.jats()


# --- sites ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "kind", "part"),
    [
        (f"/content/{MONOCYTES}v2", 200, "landing", b"abstract-view"),
        (f"/content/{MONOCYTES}v2.abstract", 200, "landing", b"abstract-view"),
        (f"/content/{MONOCYTES}v2.full", 200, "page", b"fulltext-view"),
        (f"/content/{MONOCYTES}v1.full-text", 200, "page", b"fulltext-view"),
        (f"/content/{MONOCYTES}v2.full.xml", 200, "page", b"<!DOCTYPE html>"),
        (f"/content/{MONOCYTES}v2.full.pdf", 200, "other", b"%PDF"),
        (f"/content/{MONOCYTES}v3", 404, "landing", b"Page Not Found"),
        ("/content/early/2024/06/19/2024.03.05.583102.source.xml", 200, "jats", b"hwp:sub-type"),
        ("/content/early/2024/06/19//2024.03.05.583102.source.xml", 200, "jats", b"583102v2"),
        ("/content/biorxiv/early/2024/03/08/2024.03.05.583102.source.xml", 200, "jats", b"583102v1"),
        ("/content/biorxiv/early/2024/06/19/2024.03.05.583102/F1.large.jpg", 200, "other", b"\xff\xd8"),
        ("/content/early/2024/06/20/2024.03.05.583102.source.xml", 404, "jats", b"Page Not Found"),
        ("/content/early/2019/12/20/612340.source.xml", 404, "jats", b"Page Not Found"),
        ("/content/10.1101/612340v2.full", 200, "page", b"fulltext-view"),
        ("/content/10.1101/339741v1.full", 200, "page", b"abstract-view"),
        (f"/content/{ADMISSIONS}v1", 404, "landing", b"Page Not Found"),
        ("/nowhere", 404, "other", b"Page Not Found"),
    ],
)
def test_address(biorxiv, address, status, kind, part):
    answer = get(biorxiv, address)
    assert (answer.status, answer.kind) == (status, kind)
    assert part in answer.body


def test_an_address_without_version_leads_to_the_latest(biorxiv):
    answer = get(biorxiv, f"/content/{MONOCYTES}.full")
    assert (answer.status, answer.headers["Location"]) == (302, f"/content/{MONOCYTES}v2.full")


def test_robots_txt_asks_for_a_delay_and_forbids_search(catalogue):
    for server in ("biorxiv", "medrxiv"):
        rules = Protego.parse(Site(catalogue, server, 0.2).robots().decode())
        assert rules.crawl_delay("BioRxivist/0.1") == 0.2
        assert rules.can_fetch(f"/content/{MONOCYTES}v2.full", "BioRxivist/0.1")
        assert not rules.can_fetch("/search/owls", "BioRxivist/0.1")
    assert not Protego.parse(Site(catalogue, "biorxiv", 0).robots().decode()).can_fetch("/content/x", "curl/8")
    assert b"Crawl-delay" not in Site(catalogue, "biorxiv", 0).robots()


def test_site_search_is_walked_by_its_pager(biorxiv):
    address, seen = "/search/monocytes numresults:3", []
    while address:
        page = html.fromstring(get(biorxiv, address).body)
        seen += page.xpath("//li[contains(@class, 'search-result')]//a/@href")
        following = page.xpath("//li[contains(@class, 'pager-next')]/a/@href")
        address = following[0].replace("%20", " ").replace("%3A", ":") if following else ""
    (total,) = page.xpath("//h1[@id='page-title']/text()")
    assert len(seen) == len(set(seen)) == int(total.split()[0]) > 3
    empty = html.fromstring(get(biorxiv, "/search/zzzz").body)
    assert empty.xpath("normalize-space(//h1[@id='page-title'])") == "No Results"


# --- a folder ---------------------------------------------------------------------------------------------------------


def reachable(catalogue: Catalogue) -> list[bytes]:
    """Bodies of all documents, each fetched from its own address."""
    bodies = []
    for versions in catalogue.papers.values():
        for h in versions:
            site = Site(catalogue, h.server, 0)
            addresses = [
                (h.jats, urlsplit(h.record["jatsxml"]).path),
                (h.page, f"/content/{h.doi}v{h.version}.full"),
                (h.landing, f"/content/{h.doi}v{h.version}"),
            ]
            bodies += [get(site, address).body for document, address in addresses if document]
    return bodies


def test_every_document_of_a_folder_is_reachable(tmp_path):
    folders = {"page.html": "html/fulltext", "landing.html": "html/landing", "jats-meca.xml": "jats/meca"}
    for source in PAGES.glob("p0*/*.*ml"):
        if source.name in folders:
            (tmp_path / folders[source.name]).mkdir(parents=True, exist_ok=True)
            name = f"{source.parent.name}v{CHOSEN[source.parent.name]}{source.suffix}"
            (tmp_path / folders[source.name] / name).write_bytes(source.read_bytes())
    catalogue = Catalogue(recorded(tmp_path))
    files = [path.read_bytes() for path in tmp_path.rglob("*.*ml")]
    assert sorted(reachable(catalogue)) == sorted(files)
    record = data(Api(catalogue), f"/details/biorxiv/{MONOCYTES}/na/json")["collection"][0]
    assert record["title"].startswith("Single-cell RNA sequencing reveals TGF-β")
    assert (record["license"], record["version"]) == ("cc_by", "2")
    query = {"query": "monocytes", "format": "json"}
    assert json.loads(EuropePmc(catalogue).answer(Asked(f"{BASE}/search", query)).body)["hitCount"] == 1


def test_every_recorded_document_is_reachable(corpus):
    catalogue = Catalogue(recorded(corpus))
    wanted = [
        p for name in ("html/fulltext", "html/landing", "jats/site", "jats/meca") for p in (corpus / name).iterdir()
    ]
    bodies = set(reachable(catalogue))
    assert [path.name for path in wanted if path.read_bytes() not in bodies] == []
    rows = [row for server in ("biorxiv", "medrxiv") for row in catalogue.interval(server, "2000", "2100")]
    assert all(row.record["title"] and row.record["authors"] for row in rows)


# --- the running server -----------------------------------------------------------------------------------------------


def fetch(base: str, path: str, timeout: float = 300) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=timeout)
    connection.request("GET", urlsplit(base).path + path, headers={"User-Agent": "test"})
    return connection.getresponse()


def hosts(site) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in site.settings if pair != "-s")


def test_faults_reach_the_client(tmp_path):
    faults = ["refuse@record", "truncate@jats", "reset@page", "throttle@search", "empty@landing", "robots-unavailable"]
    faults += ["stall@fulltext", "redirect-off-host@site-search"]
    with local_site(tmp_path, *shlex.split(" ".join(f"--fault {fault}" for fault in faults))) as site:
        on = hosts(site)
        refused = fetch(on["BIORXIV_API_URL"], f"/details/biorxiv/{MONOCYTES}/na/json")
        assert refused.status == 403
        assert b"Just a moment..." in refused.read()
        cut = fetch(on["BIORXIV_URL"], "/content/early/2024/06/19/2024.03.05.583102.source.xml")
        with pytest.raises(http.client.IncompleteRead):
            cut.read()
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            fetch(on["BIORXIV_URL"], f"/content/{MONOCYTES}v2.full")
        path = f"/search?format=json&query={quote('monocytes')}"
        assert [fetch(on["EUROPEPMC_URL"], path).status for _ in range(2)] == [429, 200]
        assert fetch(on["BIORXIV_URL"], f"/content/{MONOCYTES}v2").read() == b""
        assert fetch(on["MEDRXIV_URL"], "/robots.txt").status == 503
        assert fetch(on["BIORXIV_URL"], "/search/owls").headers["Location"].startswith("http://127.0.0.2:9/")
        with pytest.raises(TimeoutError):
            fetch(on["EUROPEPMC_URL"], "/PPR1/fullTextXML", timeout=0.3)
        assert Counter(line["host"] for line in site.asked)["europepmc"] >= 2
        assert {line["agent"] for line in site.asked} == {"test"}
        assert all(line["concurrent"] == 1 for line in site.asked)


def test_shares_are_the_same_on_every_run():
    paths = [f"/content/{n}" for n in range(2000)]
    persistent, transient = Fault.parse("missing@page:0.1"), Fault.parse("unavailable@page:0.1")
    chosen = {path for path in paths if persistent.meets("page", path, 1)}
    assert 140 < len(chosen) < 260
    assert chosen == {path for path in paths if persistent.meets("page", path, 2)}
    assert not any(persistent.meets("jats", path, 1) for path in paths)
    again = [{path for path in paths if transient.meets("page", path, attempt)} for attempt in (1, 2)]
    assert again[0] != again[1]


@pytest.mark.parametrize("text", ["nonsense", "refuse@nowhere", "refuse:x", ""])
def test_an_unknown_fault_is_named(text):
    with pytest.raises(ValueError, match="unknown"):
        Fault.parse(text)
