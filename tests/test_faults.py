"""One bad source never loses the paper, and an incomplete run says so."""

from collections import Counter

import pytest

from biorxivist.feed import read_feed
from tests.crawling import Run, local_site
from tests.site.loading import papers, texts

MONOCYTES = "10.1101/2024.03.05.583102"
MEDRXIV = "10.1101/19004321"
QUICK = [
    *("-s", "RETRY_AFTER_DEFAULT=0.1", "-s", "RETRY_AFTER_TIMES=1", "-s", "RETRY_TIMES=1"),
    *("-s", "DOWNLOAD_TIMEOUT=300", "-s", "DOWNLOAD_MAXSIZE=2000000"),
]
# what never comes is waited for so long; in such a run all other answers must come sooner
LATE = ["-s", "DOWNLOAD_TIMEOUT=6", "-s", "RETRY_TIMES=0"]
# what happens to the JATS of a paper: outcome, status, a piece of the detail
JATS = {
    "forbidden": ("refused", 403, "HTTP status 403"),
    "unauthorized": ("refused", 401, "HTTP status 401"),
    "throttle-always": ("throttled", 429, "still HTTP status 429 after 1 waits"),
    "throttle-bare": ("throttled", 429, "still HTTP status 429 after 1 waits"),
    "unavailable": ("unavailable", 503, "still HTTP status 503 after 1 waits"),
    "error": ("unavailable", 500, "HTTP status 500"),
    "bad-gateway": ("unavailable", 502, "HTTP status 502"),
    "gateway-timeout": ("unavailable", 504, "HTTP status 504"),
    "origin-down": ("unavailable", 521, "HTTP status 521"),
    "missing": ("not_found", 404, "HTTP status 404"),
    "gone": ("not_found", 410, "HTTP status 410"),
    "redirect-off-host": ("off_host", 0, "leads to 127.0.0.2:9"),
    "redirect-file": ("malformed", 302, "HTTP status 302"),
    "redirect-nowhere": ("malformed", 302, "HTTP status 302"),
    "loop": ("malformed", 0, "leads on and on"),
    "reset": ("unavailable", 0, "the connection was lost"),
    "not-http": ("unavailable", 0, "the connection was lost"),
    "truncate": ("unavailable", 0, "the answer was cut short"),
    "cut-chunks": ("unavailable", 0, "the answer was cut short"),
    "short": ("malformed", 200, "cut off after"),
    "cut-close": ("malformed", 200, "cut off after"),
    "garbage": ("malformed", 200, "XML: found"),
    "empty": ("malformed", 200, "found nothing"),
    "empty-page": ("malformed", 200, "found <html>"),
    "html": ("malformed", 200, "found <html>"),
    "no-content": ("malformed", 204, "found nothing"),
    "other-json": ("malformed", 200, "XML: found '[]'"),
    "wrong-paper": ("malformed", 200, "the document is of 10.1101/9999"),
    "bad-gzip": ("malformed", 200, "cannot be unpacked"),
    "garbled-gzip": ("malformed", 200, "cannot be unpacked"),
    "cut-gzip": ("malformed", 200, "cannot be unpacked"),
    "bad-brotli": ("malformed", 200, "cannot be unpacked"),
    "cut-brotli": ("malformed", 200, "cannot be unpacked"),
    "odd-encoding": ("malformed", 200, "XML: found"),
    "endless-head": ("too_large", 0, "its headers have more than 64 KB"),
    "endless-line": ("too_large", 0, "its headers have more than 64 KB"),
    "endless-interim": ("too_large", 0, "its headers have more than 64 KB"),
    "huge": ("too_large", 0, "larger than DOWNLOAD_MAXSIZE"),
    "huge-length": ("too_large", 0, "larger than DOWNLOAD_MAXSIZE"),
    "gzip-bomb": ("too_large", 0, "unpacked, the document is larger than DOWNLOAD_MAXSIZE"),
    "brotli-bomb": ("too_large", 0, "unpacked, the document is larger than DOWNLOAD_MAXSIZE"),
    # no harm done
    "throttle": ("ok", 200, ""),
    "wrong-charset": ("ok", 200, ""),
    "gzip": ("ok", 200, ""),
    "brotli": ("ok", 200, ""),
}
NEVER = ("stall", "drip", "long")
RECORD = {
    "no-posts": "not_found",
    "no-articles": "not_found",
    "missing": "not_found",
    "server-not-recognized": "malformed",
    "dates": "malformed",
    "backend-error": "malformed",
    "html": "malformed",
    "empty": "malformed",
    "other-json": "malformed",
    "cut-gzip": "malformed",
    "short": "malformed",
    "unavailable": "unavailable",
    "error": "unavailable",
    "reset": "unavailable",
    "forbidden": "refused",
    "throttle-bare": "throttled",
    "huge-length": "too_large",
    "endless-head": "too_large",
    "redirect-off-host": "off_host",
}
# a text that every source keeps back: how its sites refuse it
LOST = {
    "forbidden": "refused",
    "throttle-bare": "throttled",
    "reset": "unavailable",
    "empty": "malformed",
    "huge-length": "too_large",
    "redirect-off-host": "off_host",
}


def copies(names) -> dict[str, str]:
    """A copy of one paper for each fault: its DOI."""
    head, _, tail = MONOCYTES.rpartition(".")
    return {name: f"{head}.{int(tail) + number}" for number, name in enumerate(names, 1)}


def faults_of(faults: dict[str, str], *kinds: str) -> list[str]:
    return [f"--fault={name}@{kind}={doi.partition('/')[2]}" for name, doi in faults.items() for kind in kinds]


def many(count: int) -> tuple[str, ...]:
    return "--delay", "0", "--papers", str(len(papers()) * (count + 1))


def crawl(
    folder, *faults: str, what: str = f"doi={MONOCYTES}", spider: str = "paper", site: tuple = (), late=()
) -> Run:
    named = [argument for fault in faults for argument in ("--fault", fault)]
    with local_site(folder, "--delay", "0", *site, *named) as running:
        return running.crawl(folder, spider, "-a", what, *QUICK, *late)


def of_each(folder, faults: dict[str, str], *kinds: str, site: tuple = ()) -> Run:
    """A crawl of one paper for each fault."""
    with local_site(folder, *many(len(faults)), *site, *faults_of(faults, *kinds)) as running:
        return running.crawl(folder, "paper", "-a", f"doi={','.join(faults.values())}", *QUICK)


def attempts(item: dict, source: str) -> list[dict]:
    return [a for a in item["attempts"] if a["source"] == source]


# --- a bad JATS -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad_jats(tmp_path_factory) -> Run:
    return of_each(tmp_path_factory.mktemp("jats"), copies(JATS), "jats")


@pytest.mark.parametrize("name", JATS)
def test_a_bad_jats_leads_to_the_page(bad_jats, name):
    item = bad_jats.item(copies(JATS)[name])
    outcome, status, detail = JATS[name]
    (jats,) = attempts(item, "jats")
    assert (jats["outcome"], jats["status"]) == (outcome, status), jats
    assert detail in jats["detail"]
    assert (item["coverage"], item["source"]) == ("full_text", "jats" if outcome == "ok" else "page")


def test_bad_answers_that_another_source_mends_leave_the_run_complete(bad_jats):
    assert bad_jats.status == 0, bad_jats.log
    assert len(bad_jats.items) == len(JATS)
    assert len({item["text"] for item in bad_jats.items if item["source"] == "jats"}) == 1
    assert "Traceback" not in bad_jats.log
    assert "ERROR" not in bad_jats.log
    fine = sum(outcome == "ok" for outcome, *_ in JATS.values())
    answers = Counter(outcome for outcome, *_ in JATS.values())
    assert bad_jats.record["attempts"]["jats"] == answers
    assert (bad_jats.record["exit_status"], bad_jats.record["missing"]) == (0, [])
    assert f"full text from jats{fine:>15}" in bad_jats.log
    assert f"full text from page{len(JATS) - fine:>15}" in bad_jats.log


def test_what_never_comes_is_given_up(tmp_path):
    jats, record = copies(NEVER), {"stall": "10.1101/612340"}
    faults = faults_of(jats, "jats") + faults_of(record, "record")
    with local_site(tmp_path, *many(len(jats)), *faults) as site:
        run = site.crawl(tmp_path, "paper", "-a", f"doi={','.join([*jats.values(), *record.values()])}", *QUICK, *LATE)
    given_up = [*(attempts(run.item(doi), "jats") for doi in jats.values())]
    given_up += [attempts(run.item(doi), "record") for doi in record.values()]
    for (attempt,) in given_up:
        assert (attempt["outcome"], attempt["status"]) == ("unavailable", 0), attempt
        assert "no answer in time" in attempt["detail"]
    assert {run.item(doi)["source"] for doi in jats.values()} == {"page"}
    assert {run.item(doi)["source"] for doi in record.values()} == {"europepmc"}


def test_a_document_in_another_charset_than_it_says_is_read_with_marks(tmp_path):
    run = crawl(tmp_path, "latin-1@jats")
    (item,) = run.items
    assert (item["source"], run.status) == ("jats", 0)
    assert "1.8 \ufffd 10⁵" in item["abstract"]
    assert f"{MONOCYTES}v2 has characters that its charset does not explain" in run.log


def test_a_host_that_asks_to_wait_is_waited_for(tmp_path):
    run = crawl(tmp_path, "throttle")
    assert run.status == 0, run.log
    assert run.items[0]["source"] == "jats"
    assert "asks to wait: next request there in 1 s" in run.log
    assert "Waited because a host asked for it" in run.log


def test_a_host_that_asks_for_an_hour_is_left_alone(tmp_path):
    run = crawl(tmp_path, "throttle-long@jats")
    (item,) = run.items
    (jats,), (page,) = attempts(item, "jats"), attempts(item, "page")
    assert (jats["outcome"], jats["detail"]) == ("throttled", "asked to wait 3600 s")
    assert (page["outcome"], page["status"]) == ("throttled", 0)
    assert (item["source"], run.status) == ("europepmc", 0), run.log


# --- challenges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "status"), [("refuse", 403), ("refuse200", 200)])
def test_a_challenge_closes_that_kind_of_address_only(tmp_path, fault, status):
    with local_site(tmp_path, "--delay", "0.1", "--fault", f"{fault}@jats") as site:
        run = site.crawl(tmp_path, "search", "-a", "q=the OR a OR monocyte", *QUICK)
    assert len(run.items) > 3
    refused = [a for item in run.items for a in attempts(item, "jats")]
    assert {a["outcome"] for a in refused} == {"refused"}
    asked = [r["path"] for r in site.asked if r["host"] == "biorxiv"]
    # an answer that takes longer than the delay lets one more be sent before it is read
    assert 1 <= len([p for p in asked if p.endswith(".source.xml")]) <= 2
    assert 1 <= [a["status"] for a in refused].count(status) <= 2 < len(refused)
    assert len([p for p in asked if p.endswith(".full")]) > 2
    assert "no more jats addresses are asked for there in this run" in run.log


def test_refused_everywhere_keeps_the_abstract_and_ends_with_3(tmp_path):
    run = crawl(tmp_path, "refuse@jats", "refuse@page", "missing@fulltext")
    (item,) = run.items
    assert item["coverage"] == "abstract"
    assert item["abstract"]
    assert run.status == 3
    assert "refused" in run.log
    assert f"1  {MONOCYTES}" in run.log


# --- a bad record -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad_records(tmp_path_factory) -> Run:
    return of_each(tmp_path_factory.mktemp("record"), copies(RECORD), "record")


@pytest.mark.parametrize("name", RECORD)
def test_without_the_record_europe_pmc_has_the_paper(bad_records, name):
    item = bad_records.item(copies(RECORD)[name])
    # a paper that one server does not know may be the other's
    assert {a["outcome"] for a in attempts(item, "record")} == {RECORD[name]}
    assert len(attempts(item, "record")) == (2 if RECORD[name] == "not_found" else 1)
    assert item["title"]
    assert (item["coverage"], item["source"]) == ("full_text", "europepmc")


def test_a_record_that_was_refused_is_missing_and_one_that_nobody_has_is_not(bad_records):
    refused = {doi: RECORD[name] for name, doi in copies(RECORD).items() if RECORD[name] != "not_found"}
    assert bad_records.status == 3
    missing = bad_records.record["missing"]
    assert {entry["paper"]: entry["reason"] for entry in missing} == refused
    assert all(entry["delivered"] and entry["detail"].startswith("record: ") for entry in missing)


def test_a_paper_without_its_record_gets_it_from_the_next_run(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        paper = "paper", "-a", f"doi={MONOCYTES}", *QUICK, "-s", "HTTPCACHE_EXPIRATION_SECS=0.001"
        without = *paper, "-s", "BIORXIV_API_URL=http://api.biorxiv.invalid"
        first = site.crawl(tmp_path, *without, output="-o")
        assert (first.status, [item["version"] for item in first.items]) == (3, [0])
        second = site.crawl(tmp_path, *paper, output="-o")
        assert (second.status, [item["version"] for item in second.items]) == (0, [0, 2])
        # one that is known is not taken back
        third = site.crawl(tmp_path, *without, output="-o")
        assert (third.status, third.feed.read_bytes()) == (3, second.feed.read_bytes())
    assert [(paper.version, paper.license != "") for paper in read_feed(third.feed)] == [(2, True)]


# --- every source bad -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lost(tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("lost")
    return of_each(folder, copies(LOST), "jats", "page", site=("--fault", "missing@fulltext"))


def test_a_text_that_is_lost_everywhere_is_missing_for_its_first_reason(lost):
    assert lost.status == 3
    for name, doi in copies(LOST).items():
        item = lost.item(doi)
        assert item["coverage"] == "abstract"
        assert attempts(item, "page")[0]["outcome"] == LOST[name]
        line = f"  {LOST[name].replace('_', ' '):<26}{1:>8}  {doi}"
        assert line in lost.log
    assert f"Papers or texts missing{len(LOST):>13}" in lost.log
    record = lost.record
    assert {entry["paper"]: entry["reason"] for entry in record["missing"]} == {
        doi: LOST[name] for name, doi in copies(LOST).items()
    }
    assert all(entry["delivered"] and entry["detail"] for entry in record["missing"])
    assert record["exit_status"] == 3


def test_all_sources_bad(tmp_path):
    run = crawl(tmp_path, "unavailable")
    assert run.status == 3
    assert run.items == []
    assert "unavailable" in run.log


# --- hosts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("biorxiv", "medrxiv"),
    [
        ("robots-challenge", "robots-unavailable"),
        ("refuse200", "stall"),
        ("loop", "redirect-off-host"),
        ("huge", "cut-gzip"),
        ("garbage", "html"),
    ],
)
def test_a_robots_txt_that_cannot_be_read_closes_its_host(tmp_path, biorxiv, medrxiv):
    faults = f"--fault={biorxiv}@robots=biorxiv/", f"--fault={medrxiv}@robots=medrxiv/"
    with local_site(tmp_path, "--delay", "0", *faults) as site:
        run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES},{MEDRXIV}", *QUICK, *LATE * ("stall" in faults[1]))
    # Europe PMC has the text of one of them
    assert (run.item(MONOCYTES)["source"], run.item(MEDRXIV)["coverage"]) == ("europepmc", "abstract")
    assert run.status == 3
    assert f"disallowed{1:>24}  {MEDRXIV}" in run.log
    for item in run.items:
        assert {a["outcome"] for a in attempts(item, "jats") + attempts(item, "page")} <= {"disallowed", "throttled"}
    paths = {r["path"].partition("?")[0] for r in site.asked if r["host"] in ("biorxiv", "medrxiv")}
    assert paths == {"/robots.txt"}


@pytest.mark.parametrize("fault", ["missing", "gone", "empty"])
def test_a_site_without_robots_txt_allows_all(tmp_path, fault):
    run = crawl(tmp_path, f"{fault}@robots")
    assert (run.items[0]["source"], run.status) == ("jats", 0), run.log


def test_hosts_that_are_down(tmp_path):
    run = crawl(tmp_path, site=("--down", "biorxiv", "--down", "medrxiv"))
    (item,) = run.items
    assert (item["source"], run.status) == ("europepmc", 0)
    run = crawl(tmp_path, site=("--down", "api"))
    (item,) = run.items
    (record,) = attempts(item, "record")
    assert (record["outcome"], record["detail"]) == ("unavailable", "the host refused the connection")
    assert run.status == 3


def test_without_any_host_a_run_has_failed(tmp_path):
    down = tuple(f"--down={host}" for host in ("biorxiv", "medrxiv", "api", "europepmc"))
    run = crawl(tmp_path, site=down)
    assert (run.items, run.status) == ([], 3)
    run = crawl(tmp_path, site=down, what="q=monocyte", spider="search")
    assert (run.items, run.status) == ([], 1)
    assert "Europe PMC did not answer: the host refused the connection" in run.log


def test_a_host_without_an_address(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        site.settings += ["-s", "BIORXIV_API_URL=http://api.biorxiv.invalid"]
        run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", *QUICK)
    (record,) = attempts(run.items[0], "record")
    assert (record["outcome"], record["detail"]) == ("unavailable", "the host's address is unknown")


# --- a bad search -----------------------------------------------------------------------------------------------------


def test_empty_search_answers_are_asked_again(tmp_path):
    run = crawl(tmp_path, "no-result-list:0.5", what="q=monocyte", spider="search")
    assert run.status == 0, run.log
    assert run.items


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("no-result-list", "gave no results in 9 tries"),
        ("search-error", "Invalid cursorMark"),
        ("cut-gzip@search", "Europe PMC did not answer: cannot be unpacked"),
        ("stall@search", "Europe PMC did not answer: no answer in time"),
    ],
)
def test_a_search_that_never_answers_has_failed(tmp_path, fault, line):
    # nothing else is asked for
    run = crawl(
        tmp_path, fault, what="q=monocyte", spider="search", late=("-s", "DOWNLOAD_TIMEOUT=1") * ("stall" in fault)
    )
    assert run.status == 1
    assert line in run.log


def test_a_search_that_breaks_off_keeps_what_it_found(tmp_path):
    with local_site(tmp_path, *many(5), "--fault", "error@search=cursorMark=AoII") as site:
        run = site.crawl(tmp_path, "search", "-a", "q=the", "-a", "server=both", "-a", "fulltext=no", *QUICK)
    assert len(run.items) == 100
    assert run.status == 3
    assert "unavailable                      1  search" in run.log


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_two_gigabytes_are_never_held(tmp_path):
    kinds = ["huge", "huge-length", "gzip-bomb", "brotli-bomb"] * 2
    dois = list(copies(range(len(kinds))).values())
    named = [fault for kind, doi in zip(kinds, dois, strict=True) for fault in faults_of({kind: doi}, "jats", "page")]
    with local_site(tmp_path, *many(len(dois)), *named) as site:
        usual = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}").record["memory_mb"]
        # without any delay Scrapy 2.19 sends all that waits for a host at once
        one_by_one = "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_DELAY=0.001"
        run = site.crawl(tmp_path, "paper", "-a", f"doi={','.join(dois)}", *one_by_one)
    assert {item["source"] for item in run.items} == {"europepmc"}
    assert Counter(a["outcome"] for item in run.items for a in attempts(item, "jats")) == {"too_large": len(dois)}
    # DOWNLOAD_MAXSIZE is 64 MB: what was received, and what was unpacked of it; nothing of the answers before
    assert run.record["memory_mb"] < usual + 3 * 64


def test_headers_without_end_are_never_held(tmp_path):
    faults = copies(["endless-head", "endless-line", "endless-interim"])
    named = *faults_of(faults, "jats", "page"), "--fault=missing@fulltext"
    with local_site(tmp_path, *many(len(faults)), *named) as site:
        usual = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}").record["memory_mb"]
        run = site.crawl(tmp_path, "paper", "-a", f"doi={','.join(faults.values())}", "-s", "DOWNLOAD_TIMEOUT=60")
    assert run.status == 3
    assert {entry["paper"]: entry["reason"] for entry in run.record["missing"]} == dict.fromkeys(
        faults.values(), "too_large"
    )
    assert f"too large{len(faults):>25}" in run.log
    # each offers a gigabyte
    assert run.record["memory_mb"] < usual + 50


# --- a month of normal life -------------------------------------------------------------------------------------------


def test_a_month_of_normal_life_ends_complete(tmp_path):
    quick = [*QUICK, "-s", "DOWNLOAD_TIMEOUT=6", "-s", "RETRY_TIMES=2", "-s", "RETRY_AFTER_TIMES=3"]
    with local_site(tmp_path, "--delay", "0", "--papers", "150", "--fault", "life:0.05") as site:
        run = site.crawl(tmp_path, "search", "-a", "q=the", "-a", "server=both", *quick)
    assert run.status == 0, run.log
    assert "Papers or texts missing            0" in run.log
    expected = texts(150)
    assert sorted(item["doi"] for item in run.items) == sorted(expected)
    for item in run.items:
        assert (item["coverage"] == "full_text") == expected[item["doi"]], item["attempts"]
    bad = [a for item in run.items for a in item["attempts"] if a["outcome"] not in ("ok", "not_found", "empty")]
    assert len(bad) > 1
