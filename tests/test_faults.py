"""One bad source never loses the paper, and an incomplete run says so."""

import pytest

from tests.crawling import Run, local_site

MONOCYTES = "10.1101/2024.03.05.583102"
QUICK = [
    "-s",
    "RETRY_AFTER_DEFAULT=0.1",
    "-s",
    "RETRY_TIMES=1",
    "-s",
    "DOWNLOAD_TIMEOUT=2",
    "-s",
    "DOWNLOAD_MAXSIZE=2000000",
]


def crawl(folder, *faults: str, what: str = f"doi={MONOCYTES}", spider: str = "paper") -> Run:
    named = [argument for fault in faults for argument in ("--fault", fault)]
    with local_site(folder, "--delay", "0", *named) as site:
        return site.crawl(folder, spider, "-a", what, *QUICK)


def attempt(run: Run, source: str) -> dict:
    (item,) = run.items
    return next(a for a in item["attempts"] if a["source"] == source)


@pytest.mark.parametrize(
    ("fault", "outcome", "detail"),
    [
        ("refuse", "refused", "challenge"),
        ("refuse200", "refused", "challenge"),
        ("throttle-always", "throttled", "still HTTP status 429 after 3 waits"),
        ("throttle-long", "throttled", "asked to wait 3600 s"),
        ("unavailable", "unavailable", "still HTTP status 503 after 3 waits"),
        ("error", "unavailable", "HTTP status 500"),
        ("stall", "unavailable", "no answer in time"),
        ("reset", "unavailable", ""),
        ("truncate", "unavailable", "cut short"),
        ("garbage", "malformed", ""),
        ("empty", "malformed", ""),
        ("missing", "not_found", "HTTP status 404"),
        ("redirect-off-host", "off_host", "127.0.0.2:9"),
        ("huge", "too_large", "DOWNLOAD_MAXSIZE"),
    ],
)
def test_a_bad_jats_leads_to_the_page(tmp_path, fault, outcome, detail):
    run = crawl(tmp_path, f"{fault}@jats")
    jats = attempt(run, "jats")
    assert (jats["outcome"], detail in jats["detail"]) == (outcome, True), jats
    (item,) = run.items
    if fault == "throttle-long":
        assert attempt(run, "page")["outcome"] == "throttled"
        assert (item["source"], run.status) in ((("europepmc"), 0), ("record", 3))
    else:
        assert (item["coverage"], item["source"], run.status) == ("full_text", "page", 0), run.log


def test_a_host_that_asks_to_wait_is_waited_for(tmp_path):
    run = crawl(tmp_path, "throttle")
    assert run.status == 0, run.log
    assert run.items[0]["source"] == "jats"
    assert "asks to wait: next request there in 1 s" in run.log
    assert "Waited because a host asked for it" in run.log


@pytest.mark.parametrize(
    "fault", ["no-posts", "server-not-recognized", "backend-error", "html", "empty", "unavailable"]
)
def test_without_the_record_europe_pmc_has_the_paper(tmp_path, fault):
    run = crawl(tmp_path, f"{fault}@record")
    (item,) = run.items
    assert item["title"]
    assert (item["coverage"], item["source"]) == ("full_text", "europepmc")
    expected = "not_found" if fault == "no-posts" else "unavailable" if fault == "unavailable" else "malformed"
    assert attempt(run, "record")["outcome"] == expected


def test_refused_everywhere_keeps_the_abstract_and_ends_with_3(tmp_path):
    run = crawl(tmp_path, "refuse@jats", "refuse@page", "missing@fulltext")
    (item,) = run.items
    assert item["coverage"] == "abstract"
    assert item["abstract"]
    assert run.status == 3
    assert "refused" in run.log
    assert f"1  {MONOCYTES}" in run.log


def test_a_challenge_closes_that_kind_of_address_only(tmp_path):
    with local_site(tmp_path, "--delay", "0.1", "--fault", "refuse@jats") as site:
        run = site.crawl(tmp_path, "search", "-a", "q=the OR a OR monocyte", *QUICK)
    assert len(run.items) > 3
    asked = [r["path"] for r in site.asked if r["host"] == "biorxiv"]
    assert len([p for p in asked if p.endswith(".source.xml")]) == 1
    assert len([p for p in asked if p.endswith(".full")]) > 2
    assert "no more jats addresses are asked for there in this run" in run.log


def test_empty_search_answers_are_asked_again(tmp_path):
    run = crawl(tmp_path, "no-result-list:0.5", what="q=monocyte", spider="search")
    assert run.status == 0, run.log
    assert run.items


def test_a_search_that_never_answers_has_failed(tmp_path):
    run = crawl(tmp_path, "no-result-list", what="q=monocyte", spider="search")
    assert run.status == 1
    assert "gave no results in 9 tries" in run.log


def test_all_sources_down(tmp_path):
    run = crawl(tmp_path, "unavailable")
    assert run.status == 3
    assert run.items == []
    assert "unavailable" in run.log
