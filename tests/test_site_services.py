"""The API and Europe PMC of the local site: shapes of answers, paging, query language, refusals with status 200."""

import json
import re

import pytest

from tests.site.answers import Asked
from tests.site.api import Api
from tests.site.catalogue import Catalogue
from tests.site.europepmc import BASE, EuropePmc
from tests.site.invented import holdings

MONOCYTES = "10.1101/2024.03.05.583102"
ADMISSIONS = "10.1101/2023.11.20.23298765"
COLUMNS = {
    "title", "authors", "author_corresponding", "author_corresponding_institution", "doi", "date", "version", "type", "license",
    "category", "jatsxml", "abstract", "funder", "published", "server",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(holdings())


def data(routes, address: str) -> dict:
    path, _, query = address.partition("?")
    pairs = dict(pair.split("=", 1) for pair in query.split("&") if pair)
    return json.loads(routes.answer(Asked(path, pairs)).body)


# --- API --------------------------------------------------------------------------------------------------------------


def test_record_lists_all_versions_oldest_first(catalogue):
    for ending in ("na/json", "0/json", "na", ""):
        answer = data(Api(catalogue), f"/details/medrxiv/{ADMISSIONS}/{ending}".rstrip("/"))
        assert answer["messages"] == [{"status": "ok", "category": "all"}]
        assert [row["version"] for row in answer["collection"]] == ["1", "2", "3"]
    assert set(answer["collection"][0]) == COLUMNS


def test_interval_is_stepped_by_its_count():
    api = Api(Catalogue(holdings(60)))
    cursor, seen, total = 0, [], 1
    while cursor < total:
        answer = data(api, f"/details/biorxiv/2010-01-01/2030-01-01/{cursor}/json")
        message = answer["messages"][0]
        assert message["count"] == len(answer["collection"]) <= 30
        seen += [(row["doi"], row["version"]) for row in answer["collection"]]
        total = int(message["total"])
        cursor += message["count"]
    assert len(set(seen)) == len(seen) == total > 60
    assert data(api, f"/details/biorxiv/2010-01-01/2030-01-01/{total}")["messages"][0]["status"] == "no posts found"
    assert message["cursor"] == str(total - message["count"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/details/biorxiv/10.1101/000001/na/json", "no posts found"),
        (f"/details/biorxiv/{ADMISSIONS}/na/json", "no posts found"),
        ("/details/biorxiv/1999-01-01/1999-01-02/0", "no posts found"),
        ("/details/nowhere/10.1101/000001/na/json", "Server not recognized"),
        ("/details/biorxiv/10d", "Both dates must be in yyyy-mm-dd format"),
        (f"/pubs/biorxiv/{MONOCYTES}/na/json", "ok"),
        ("/pubs/biorxiv/10.1101/097001/na/json", "no articles found for published version of "),
    ],
)
def test_api_status(catalogue, address, status):
    answer = data(Api(catalogue), address)
    assert answer["messages"][0]["status"] == status
    assert bool(answer["collection"]) == (status == "ok")


@pytest.mark.parametrize(
    ("category", "echo"), [("cell_biology", "cell biology"), ("cell biologie", "all"), ("", "all")]
)
def test_an_unknown_category_is_ignored(catalogue, category, echo):
    answer = data(Api(catalogue), f"/details/biorxiv/2010-01-01/2030-01-01/0?category={category}")
    assert answer["messages"][0]["category"] == echo
    assert ({row["category"] for row in answer["collection"]} == {"cell biology"}) == (echo != "all")


# --- Europe PMC -------------------------------------------------------------------------------------------------------


def search(catalogue, query: str, **more: str) -> dict:
    fields = {"query": query, "format": "json", "resultType": "core", "pageSize": "100"} | more
    return json.loads(EuropePmc(catalogue).answer(Asked(f"{BASE}/search", fields)).body)


def dois(answer: dict) -> set[str]:
    return {row["doi"] for row in answer["resultList"]["result"]}


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("monocytes", lambda h: "monocytes" in h.words),
        ("monocytes biopsies", lambda h: "monocytes" in h.words and "biopsies" in h.words),
        ('"TGF-beta"', lambda h: re.search(r"\btgf-(β|beta)\b", h.words)),
        ("monocytes AND NOT biopsies", lambda h: "monocytes" in h.words and "biopsies" not in h.words),
        ("kelp OR warblers", lambda h: "kelp" in h.words or "warblers" in h.words),
        ('(kelp OR warblers) AND PUBLISHER:"bioRxiv"', lambda h: "kelp" in h.words or "warblers" in h.words),
        ('"single cell RNA sequencing"', lambda h: "single-cell rna sequencing" in h.words),
        ("TITLE:(monocytes AND vessels)", lambda h: "monocytes next to vessels" in h.title),
        ('TITLE:"kidney organoids"', lambda h: "kidney organoids" in h.title),
        ("ABSTRACT:biopsies", lambda h: "biopsies" in h.abstract),
        ('AUTH:"Okonkwo A"', lambda h: ("Amara", "Okonkwo") in h.authors),
        (f'DOI:"{MONOCYTES}"', lambda h: h.doi == MONOCYTES),
        ('SRC:PPR AND PUBLISHER:"medRxiv"', lambda h: h.server == "medrxiv"),
        ("PUB_YEAR:2021", lambda h: h.first.startswith("2021")),
        ("FIRST_PDATE:[2024-01-01 TO 2024-12-31]", lambda h: h.first.startswith("2024")),
        ("HAS_FT:Y", lambda h: bool(h.europepmc)),
        ("OPEN_ACCESS:y AND IN_EPMC:y", lambda h: bool(h.europepmc) and h.record["license"] not in ("", "cc_no")),
    ],
)
def test_query(catalogue, query, holds):
    wanted = {h.doi for h in catalogue.latest() if h.ppr and holds(h)}
    assert wanted
    answer = search(catalogue, query)
    assert dois(answer) == wanted
    assert answer["hitCount"] == len(wanted)


def test_cursors_lead_to_the_end(catalogue):
    cursor, pages = "*", []
    while True:
        answer = search(catalogue, "SRC:PPR", pageSize="7", cursorMark=cursor, resultType="idlist")
        rows = answer["resultList"]["result"]
        if not rows:
            break
        assert all(set(row) == {"id", "source"} for row in rows)
        pages.append([row["id"] for row in rows])
        cursor = answer["nextCursorMark"]
    ids = [id for page in pages for id in page]
    assert len(ids) == len(set(ids)) == answer["hitCount"]
    assert answer["nextCursorMark"] == cursor


@pytest.mark.parametrize("fields", [{"query": "((monocytes"}, {"query": "NOPE:1"}, {"query": "a", "cursorMark": "AoX"}])
def test_what_it_does_not_understand_has_no_result_list(catalogue, fields):
    assert "resultList" not in search(catalogue, **fields)
    assert search(catalogue, " ")["errCode"] == 404


def test_full_text_is_there_where_the_entry_says_so(catalogue):
    service = EuropePmc(catalogue)
    rows = search(catalogue, "SRC:PPR")["resultList"]["result"]
    for row in rows:
        answer = service.answer(Asked(f"{BASE}/{row['id']}/fullTextXML", {}))
        assert (answer.status == 200) == ("fullTextIdList" in row) == (row["inEPMC"] == "Y")
    assert any("<table>" in service.answer(Asked(f"{BASE}/{r['id']}/fullTextXML", {})).body.decode() for r in rows)
