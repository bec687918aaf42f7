"""`scrapy crawl listing`: intervals of the API, counted, and what a daily run goes on from."""

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.categories import CATEGORIES, CLOSED, category_name
from biorxivist.items import Author, Paper, Version
from biorxivist.remembered import LAG, Remembered, UnreadableMemory
from biorxivist.spiders.intervals import dates, digest, months
from tests.crawling import Run, Site, local_site
from tests.site.folder import holdings as recorded_holdings
from tests.site.invented import holdings

ADMISSIONS = "10.1101/2023.11.20.23298765"
CITESEQ = "10.64898/2026.08.21.733902"
COPIES = 400
QUICK = ["-s", "RETRY_AFTER_DEFAULT=0.05"]


def crawl(site: Site, folder, *args: str, feed: str = "papers.jsonl") -> Run:
    given = [part for arg in args for part in (("-a", arg) if not arg.startswith("-") else (arg,))]
    return site.crawl(folder, "listing", *given, *QUICK, feed=feed)


def keys(run: Run) -> list[str]:
    return sorted(f"{i['doi']}v{i['version']}" for i in run.items)


def posted(first: str, last: str, server: str, copies: int = COPIES, every: bool = False) -> list[str]:
    """What a listing should deliver."""
    found = [h for h in holdings(copies) if h.server == server and first <= h.posted <= last]
    latest = {h.doi: h.version for h in sorted(found, key=lambda h: h.version)}
    return sorted(f"{h.doi}v{h.version}" for h in found if every or h.version == latest[h.doi])


def api_paths(site: Site, before: int = 0) -> list[str]:
    return [r["path"] for r in site.asked[before:] if r["host"] == "api"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(
        tmp_path_factory.mktemp("site"), "--delay", "0", "--papers", str(COPIES), "--page-size", "7"
    ) as site:
        yield site


# --- intervals --------------------------------------------------------------------------------------------------------


def test_a_month_is_read_to_its_last_page(site, tmp_path):
    before = len(site.asked)
    run = crawl(site, tmp_path, "since=2024-03-01", "until=2024-05-31", "fulltext=no")
    assert run.status == 0, run.log
    assert keys(run) == posted("2024-03-01", "2024-05-31", "biorxiv")
    starts = [path.split("/")[3] for path in api_paths(site, before)]
    assert set(starts) == {"2024-03-01", "2024-04-01", "2024-05-01"}
    assert Counter(starts).most_common(1)[0][1] >= 3, "more than one page"
    assert all(i["attempts"][0]["source"] == "listing" for i in run.items)


def test_the_size_of_a_page_is_what_it_holds(tmp_path):
    for size in ("30", "100"):
        with local_site(tmp_path, "--delay", "0", "--papers", "1000", "--page-size", size) as site:
            before = len(site.asked)
            run = crawl(site, tmp_path, "since=2024-03-01", "until=2024-03-31", "fulltext=no")
            assert keys(run) == posted("2024-03-01", "2024-03-31", "biorxiv", 1000)
            assert len(keys(run)) > 30
            assert len(api_paths(site, before)) == -(-len(keys(run)) // int(size))


def test_the_version_of_the_interval_is_the_wanted_one(site, tmp_path):
    interval = ["since=2023-11-01", "until=2024-01-31", "server=medrxiv", "limit=3"]
    run = crawl(site, tmp_path, *interval)
    assert run.status == 0, run.log
    item = run.item(ADMISSIONS)
    assert (item["version"], item["posted"], item["coverage"]) == (2, "2024-01-15", "full_text")
    assert len(item["versions"]) == 3, "the record tells of the versions behind the interval"
    assert [a["source"] for a in item["attempts"]] == ["listing", "record", "jats"]
    assert len(run.items) == 3
    run = crawl(site, tmp_path, *interval, "versions=all")
    assert {i["version"] for i in run.items if i["doi"] == ADMISSIONS} == {1, 2}


def test_a_paper_whose_whole_history_is_listed_needs_no_record(site, tmp_path):
    before = len(site.asked)
    run = crawl(site, tmp_path, "since=2026-07-15")
    assert run.status == 0, run.log
    records = {path.split("/")[4] for path in api_paths(site, before) if "/na/" in path}
    for item in run.items:
        versions = [v["version"] for v in item["versions"]]
        assert versions == list(range(1, item["version"] + 1))
        assert (item["doi"].split("/")[1] in records) == (item["version"] > 1)
    assert {i["version"] for i in run.items} == {1, 3}


def test_a_category_of_both_servers(site, tmp_path):
    run = crawl(
        site,
        tmp_path,
        "since=2019-01-01",
        "until=2026-01-01",
        "server=both",
        "category=Cell_Biology",
        "limit=9",
        "fulltext=no",
    )
    assert run.status == 0, run.log
    assert {i["category"] for i in run.items} == {"cell biology"}
    assert len(run.items) == 9
    assert "medrxiv has no category cell biology" in run.log


def test_a_slash_in_a_category_is_not_sent(site, tmp_path):
    before = len(site.asked)
    run = crawl(
        site, tmp_path, "since=2024-01-01", "until=2024-01-02", "server=medrxiv", "category=HIV/AIDS", "fulltext=no"
    )
    assert run.status == 0, run.log
    assert run.items == []
    assert "0 papers found" in run.log
    assert api_paths(site, before)[0].endswith("/0/json?category=hiv+aids")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["until=2024-01-01"], "argument since is missing"),
        (["since=lately"], "must be a date like 2025-03-14, or last"),
        (["since=last", "until=2024-01-01"], "since=last goes up to today"),
        (["since=2024-02-01", "until=2024-01-01"], "since=2024-02-01 is after until=2024-01-01"),
        (["since=2024-02-01", "category=neurosience"], "is unknown on biorxiv: did you mean neuroscience?"),
        (["since=2024-02-01", "category=epidemiology"], "category=epidemiology is closed"),
        (["since=2024-02-01", "category=neurology"], "is unknown on biorxiv: it is one of medrxiv"),
    ],
)
def test_wrong_arguments(site, tmp_path, arguments, line):
    before = len(site.asked)
    run = crawl(site, tmp_path, *arguments)
    assert run.status == 2
    assert line in run.log
    assert len(run.log.splitlines()) == 1
    assert len(site.asked) == before


def test_the_categories_are_as_many_as_the_sites_have():
    assert {server: len(names) for server, names in CATEGORIES.items()} == {"biorxiv": 25, "medrxiv": 51}
    for names in (*CATEGORIES.values(), *CLOSED.values()):
        assert all(category_name(name) == name for name in names)
    assert category_name("Infectious Diseases (except HIV/AIDS)") == "infectious diseases"
    assert category_name("allergy_and-immunology") == category_name("Allergy & Immunology") == "allergy and immunology"


@given(st.dates(date(2013, 1, 1), date(2030, 1, 1)), st.integers(-3, 900))
def test_months_cover_every_day_once(first, length):
    last = first + timedelta(days=length)
    days = [day for start, end in months(first, last) for day in dates(start, end)]
    assert days == list(dates(first, last))
    assert all((start.year, start.month) == (end.year, end.month) for start, end in months(first, last))


def test_a_listing_of_recorded_papers(corpus, tmp_path):
    recorded = [h for h in recorded_holdings(corpus) if "2021" <= h.posted < "2022"]
    latest = {h.doi: h.version for h in sorted(recorded, key=lambda h: h.version)}
    with local_site(tmp_path, str(corpus), "--delay", "0") as site:
        run = crawl(site, tmp_path, "since=2021-01-01", "until=2021-12-31", "server=both")
    assert run.status == 0, run.log[-3000:]
    assert keys(run) == sorted(f"{doi}v{version}" for doi, version in latest.items())
    assert Counter(i["server"] for i in run.items).keys() == {"biorxiv", "medrxiv"}
    assert Counter(i["coverage"] for i in run.items)["full_text"] > len(run.items) / 2


# --- what the API gets wrong ------------------------------------------------------------------------------------------


def lied_to(folder, fault: str, *args: str) -> tuple[Run, Site]:
    with local_site(folder, "--delay", "0", "--papers", "100", "--fault", fault) as site:
        return crawl(site, folder, "since=2024-03-01", "until=2024-05-31", "fulltext=no", *args), site


def test_a_row_that_moved_between_pages_is_found_in_its_day(tmp_path):
    run, _ = lied_to(tmp_path, "lost-row")
    assert run.status == 0, run.log
    assert keys(run) == posted("2024-03-01", "2024-05-31", "biorxiv", 100)


def test_a_row_that_is_counted_and_never_listed_is_missing_by_its_day(tmp_path):
    run, _ = lied_to(tmp_path, "hidden-row")
    assert run.status == 3
    wanted = posted("2024-03-01", "2024-05-31", "biorxiv", 100)
    assert 0 < len(keys(run)) < len(wanted)
    assert "biorxiv 2024-03-08: the API counts" in run.log
    assert "unlisted" in run.log


def test_a_total_that_is_too_high_is_no_loss(tmp_path):
    run, site = lied_to(tmp_path, "overcount")
    assert run.status == 0, run.log
    assert "the API's total of" in run.log
    assert keys(run) == posted("2024-03-01", "2024-05-31", "biorxiv", 100)
    assert len(api_paths(site)) < 150


def test_an_ignored_category_gives_nothing_instead_of_the_whole_server(tmp_path):
    run, _ = lied_to(tmp_path, "category-ignored", "category=immunology")
    assert run.status == 1
    assert run.items == []
    assert "the API ignores the category 'immunology' and lists the whole of biorxiv" in run.log


@pytest.mark.parametrize("fault", ["empty", "html", "no-posts"])
def test_garbled_pages_are_asked_for_again(tmp_path, fault):
    run, site = lied_to(tmp_path, f"{fault}@listing")
    if fault == "no-posts":
        assert (run.status, run.items) == (0, [])
        return
    assert run.status == 1
    assert len(api_paths(site)) == 4, "three times more, then never again"
    assert "biorxiv from 2024-03-01 to 2024-05-31" in run.log


def test_a_backend_that_is_overloaded_now_and_then_is_waited_for(tmp_path):
    run, _ = lied_to(tmp_path, "backend-error@listing:0.4")
    assert run.status == 0, run.log
    assert keys(run) == posted("2024-03-01", "2024-05-31", "biorxiv", 100)


# --- since=last -------------------------------------------------------------------------------------------------------


def on(folder, day: str, *faults: str):
    named = [part for fault in faults for part in ("--fault", fault)]
    return local_site(folder, "--delay", "0", "--papers", "150", "--today", day, *named)


def daily(folder, day: str, *faults: str, args=("since=last",)) -> Run:
    with on(folder, day, *faults) as site:
        return crawl(site, folder, *args)


def memory(folder) -> dict:
    (path,) = (folder / "data" / "listings").glob("*.json")
    return json.loads(path.read_text())


def test_every_day_takes_what_is_new_or_has_changed(tmp_path):
    today = datetime.now(UTC).date().isoformat()
    first = daily(tmp_path, "2026-08-24")
    assert first.status == 0, first.log
    assert "Nothing is remembered of biorxiv: reading the last 4 days" in first.log
    copies = keys(first)
    assert len(copies) > 3
    assert {i["coverage"] for i in first.items} == {"abstract"}, "no text on the day of posting"
    assert memory(tmp_path)["reached"] == today

    again = daily(tmp_path, "2026-08-24")
    assert (again.status, again.items) == (0, [])
    assert f"Still without full text{len(copies):>13}" in again.log

    later = daily(tmp_path, "2026-08-26")
    assert later.status == 0, later.log
    assert keys(later) == copies
    assert {i["coverage"] for i in later.items} == {"full_text"}

    (path,) = (tmp_path / "data" / "listings").glob("*.json")
    assert path.stat().st_size < 200 + 100 * len(copies)
    told = memory(tmp_path)
    told["papers"][copies[0]][1] = "0123456789abcdef"
    path.write_text(json.dumps(told))
    changed = daily(tmp_path, "2026-08-27")
    assert keys(changed) == copies[:1], "a record that has changed"
    assert keys(daily(tmp_path, "2026-08-27")) == []


def test_an_incomplete_run_is_taken_up_where_it_broke_off(tmp_path):
    daily(tmp_path, "2026-08-20")
    path = next((tmp_path / "data" / "listings").glob("*.json"))
    told = memory(tmp_path) | {"reached": (datetime.now(UTC).date() - timedelta(days=2)).isoformat()}
    path.write_text(json.dumps(told))
    broken = daily(tmp_path, "2026-08-26", "refuse@jats:0.5", "refuse@page")
    assert broken.status == 3
    assert memory(tmp_path)["reached"] == told["reached"], "what is missing is not behind us"
    with_text = {f"{i['doi']}v{i['version']}" for i in broken.items if i["coverage"] == "full_text"}
    rest = daily(tmp_path, "2026-08-26")
    assert rest.status == 0, rest.log
    assert set(keys(rest)) == set(keys(broken)) - with_text
    assert memory(tmp_path)["reached"] == datetime.now(UTC).date().isoformat()


def test_what_is_not_up_to_today_is_not_remembered(tmp_path):
    with on(tmp_path, "2026-08-26") as site:
        crawl(site, tmp_path, "since=2024-01-01", "until=2024-01-31", "fulltext=no")
        assert not list((tmp_path / "data" / "listings").glob("*.json"))
        crawl(site, tmp_path, "since=last", "fulltext=no")
        (path,) = (tmp_path / "data" / "listings").glob("*.json")
        assert path.name == "biorxiv.all.fulltext=no.json"
        command = [sys.executable, "-m", "biorxivist", "crawl", "listing", "-a", "since=last", *site.settings]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
        assert "Not remembered: this run of biorxiv writes no feed" in done.stderr
        path.write_text(json.dumps(memory(tmp_path) | {"reached": "2026-01-01"}))
        gap = crawl(site, tmp_path, f"since={datetime.now(UTC).date()}", "fulltext=no")
        assert "Not remembered: biorxiv was taken up to 2026-01-01 only" in gap.log
        assert memory(tmp_path)["reached"] == "2026-01-01"
        path.write_text("{")
        broken = crawl(site, tmp_path, "since=last", "fulltext=no")
    assert broken.status == 1
    assert "mend it, or delete it to begin anew" in broken.log


def test_memory_forgets_what_the_next_listing_will_not_meet(tmp_path):
    told = Remembered.load(tmp_path / "a" / "b.json")
    told.take("10.1101/1v1", "2026-01-01", "d1", True)
    told.take("10.1101/2v1", "2026-01-09", "d2", False)
    told.save(date(2026, 1, 10))
    kept = Remembered.load(told.path)
    assert kept.reached == date(2026, 1, 10)
    assert kept.papers == {"10.1101/2v1": ["2026-01-09", "d2", "no text"]}
    assert kept.since(date(2026, 2, 1)) == date(2026, 1, 10) - LAG
    assert kept.knows("10.1101/2v1", "d2")
    assert not kept.knows("10.1101/2v1", "d3")
    assert kept.lacks_text("10.1101/2v1")
    assert kept.follows(date(2026, 1, 11))
    assert not kept.follows(date(2026, 1, 12))
    told.path.write_text('{"format": 9}')
    with pytest.raises(UnreadableMemory, match="format 9"):
        Remembered.load(told.path)


@pytest.mark.parametrize(
    "change", [{"license": "CC0-1.0"}, {"published_doi": "10.1/x"}, {"title": "B"}, {"authors": []}]
)
def test_a_digest_changes_with_what_changes_after_posting(change):
    paper = Paper(doi="10.1101/1", title="A", authors=[Author("A B")])
    told = {name: getattr(paper, name) for name in ("doi", "title", "authors", "license", "published_doi")}
    assert digest(Paper(**told | change)) != digest(paper)
    assert digest(Paper(**told, versions=[Version(1)])) == digest(paper)
