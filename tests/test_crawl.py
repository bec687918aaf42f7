"""The main job as a user runs it: `scrapy crawl` against the local site."""

import csv
import json
from collections import Counter

import pytest

from tests.crawling import Run, local_site
from tests.site.loading import papers

PAPERS = {paper.doi: paper for paper in papers().values()}
PDF_ONLY = "10.1101/339741"
WITHDRAWN = "10.1101/2022.07.14.500321"
WITHOUT_JATS = "10.1101/612340"
MONOCYTES = "10.1101/2024.03.05.583102"
MEDRXIV = "10.1101/2023.11.20.23298765"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def outcomes(item: dict) -> list[str]:
    return [f"{a['source']} {a['outcome']}" for a in item["attempts"]]


@pytest.fixture(scope="module")
def everything(site, tmp_path_factory) -> Run:
    """All papers of both servers that Europe PMC lists."""
    query = " OR ".join(f'DOI:"{doi}"' for doi in PAPERS)
    return site.crawl(tmp_path_factory.mktemp("all"), "search", "-a", f"q={query}", "-a", "server=both")


def test_a_search_delivers_every_paper_once(everything):
    listed = [doi for doi, paper in PAPERS.items() if paper.europepmc != "none"]
    assert sorted(item["doi"] for item in everything.items) == sorted(listed)
    assert everything.status == 0, everything.log
    assert f"{len(listed)} papers found, {len(listed)} wanted" in everything.log
    assert f"Papers delivered{len(listed):>20}" in everything.log


def test_each_paper_has_the_text_that_exists(everything):
    for item in everything.items:
        paper = PAPERS[item["doi"]]
        assert item["version"] == len(paper.versions)
        assert [v["version"] for v in item["versions"]] == list(range(1, len(paper.versions) + 1))
        assert item["server"] == paper.server
        assert item["withdrawn"] == paper.withdrawn
        assert item["authors"]
        exists = not paper.withdrawn and (paper.page or paper.jats == "full" or paper.europepmc == "full")
        if exists and paper.jats == "full":
            assert (item["coverage"], item["source"]) == ("full_text", "jats"), outcomes(item)
            assert item["references"]
        elif not exists:
            assert item["coverage"] == "abstract"
    assert Counter(i["coverage"] for i in everything.items)["full_text"] >= len(everything.items) / 2


def test_the_first_source_that_has_the_text_is_the_last_one_asked(everything):
    item = everything.item(MONOCYTES)
    assert outcomes(item) == ["record ok", "jats ok"]
    assert item["fetched"].endswith("+00:00")
    assert all(a["status"] == 200 for a in item["attempts"])


def test_without_jats_the_page_and_its_landing_page_are_read(everything):
    item = everything.item(WITHOUT_JATS)
    assert outcomes(item) == ["record ok", "jats not_found", "page ok", "landing ok"]
    assert item["source"] == "page"
    assert item["sections"]
    assert item["statements"]


def test_a_text_that_does_not_exist_is_not_missing(everything):
    item = everything.item(PDF_ONLY)
    assert item["coverage"] == "abstract"
    assert "jats empty" in outcomes(item)
    assert item["abstract"]


def test_a_withdrawn_paper_is_said_to_be(everything):
    item = everything.item(WITHDRAWN)
    assert item["withdrawn"]
    assert item["coverage"] == "abstract"
    assert outcomes(item)[-1] == "full text unwanted"


def test_csv_of_both_servers_since_a_date(site, tmp_path):
    run = site.crawl(
        tmp_path,
        "search",
        "-a",
        'q="TGF-beta" AND monocyte',
        "-a",
        "server=both",
        "-a",
        "since=2024-01-01",
        feed="papers.csv",
    )
    assert run.status == 0, run.log
    with run.feed.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["first_posted"] >= "2024-01-01"
        assert row["text"]
        assert row["title"]


def test_metadata_only(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte", "-a", "fulltext=no")
    assert run.status == 0, run.log
    for item in run.items:
        assert item["coverage"] == "abstract"
        assert item["sections"] == []
        assert outcomes(item) == ["record ok", "full text unwanted"]


def test_only_open_texts(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}, {WITHOUT_JATS}", "-a", "license=open")
    assert run.status == 0, run.log
    assert run.item(MONOCYTES)["license"] == "CC-BY-4.0"
    assert run.item(MONOCYTES)["coverage"] == "full_text"
    closed = run.item(WITHOUT_JATS)
    assert closed["coverage"] == "abstract"
    assert closed["attempts"][-1]["outcome"] == "unwanted"
    assert closed["attempts"][-1]["detail"] == "licence is CC-BY-NC-4.0, wanted is license=open"


def test_one_paper_as_json(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", feed="paper.json")
    assert run.status == 0, run.log
    (item,) = json.loads(run.feed.read_text(encoding="utf-8"))
    assert item["doi"] == MONOCYTES
    assert "10⁵" in item["text"]
    assert "Ca²⁺" in item["text"]


def test_a_named_version_is_taken_as_named(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}v1")
    assert run.status == 0, run.log
    (item,) = run.items
    assert item["version"] == 1
    assert item["coverage"] == "full_text"
    assert item["url"].endswith(f"{MONOCYTES}v1")


def test_the_server_is_found_where_the_doi_does_not_tell_it(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MEDRXIV}")
    assert run.status == 0, run.log
    assert run.items[0]["server"] == "medrxiv"


def test_a_file_of_dois_with_bad_lines(site, tmp_path):
    lines = [
        "# to read",
        MONOCYTES,
        "",
        "not a doi",
        f"https://www.biorxiv.org/content/{PDF_ONLY}v1.full",
        "10.1038/nature12373",
    ]
    (tmp_path / "dois.txt").write_text("\n".join(lines))
    run = site.crawl(tmp_path, "paper", "-a", "file=dois.txt")
    assert run.status == 3, run.log
    assert {item["doi"] for item in run.items} == {MONOCYTES, PDF_ONLY}
    assert "dois.txt line 4" in run.log
    assert "dois.txt line 6" in run.log
    assert "dois.txt line 5" not in run.log


def test_a_doi_that_no_server_knows_is_missing(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi=10.1101/2020.01.01.999999,{MONOCYTES}v9,{MONOCYTES}")
    assert run.status == 3, run.log
    assert [item["doi"] for item in run.items] == [MONOCYTES]
    assert "not found" in run.log
    assert "no version 9: there is 1, 2" in run.log


def test_a_paper_named_twice_is_delivered_once(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES} {MONOCYTES} {MONOCYTES}v2")
    assert run.status == 0, run.log
    assert len(run.items) == 1


def test_a_limit_counts_papers(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte OR TGF-beta OR the", "-a", "server=both", "-a", "limit=2")
    assert run.status == 0, run.log
    assert len(run.items) == 2


def test_a_search_without_a_hit_is_complete(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=xylophone AND quasar")
    assert run.status == 0, run.log
    assert run.items == []
    assert "0 papers found" in run.log


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["search"], "scrapy crawl search: argument q is missing"),
        (["search", "-a", "q="], "must not be empty"),
        (["search", "-a", "q=x", "-a", "limt=3"], "unknown argument limt: allowed are"),
        (["paper", "-a", "doi=10.1038/nature12373"], "scrapy crawl paper: argument doi=10.1038/nature12373"),
        (["serch", "-a", "q=x"], "no spider serch: there are annotations, listing, paper, search\n"),
    ],
)
def test_wrong_arguments_end_with_status_2_and_one_line(site, tmp_path, arguments, line):
    before = len(site.asked)
    (tmp_path / "papers.jsonl").write_text("kept\n")
    run = site.crawl(tmp_path, *arguments)
    assert run.status == 2
    assert len(run.log.splitlines()) == 1
    assert line in run.log
    assert len(site.asked) == before
    assert run.feed.read_text() == "kept\n"


def test_a_feed_that_cannot_be_written_fails_before_the_first_request(site, tmp_path):
    before = len(site.asked)
    (tmp_path / "file").touch()
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte", feed="file/papers.jsonl")
    assert run.status == 1
    assert "cannot write the feed file/papers.jsonl" in run.log
    assert len(site.asked) == before


def test_scrapyds_job_argument_is_accepted(site, tmp_path):
    assert site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", "-a", "_job=6a1b").status == 0
