"""Pages whose text a script puts there, opened in real Chromium, against the local site that serves such pages."""

import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from biorxivist.browser.chromium import find_chromium
from biorxivist.items import Paper
from biorxivist.readers.page import lacks_history, read_landing
from tests.conftest import absent
from tests.crawling import Run, Site, local_site
from tests.invented_pages import ABSTRACT, page
from tests.taken_turns import assert_paced, keep_turns
from tests.waiting import until

MONOCYTES = "10.1101/2024.03.05.583102"
MEDRXIV = "10.1101/2023.11.20.23298765"
VESICLES = "10.1101/612340"
DELAY = 0.5
# the page is the only source of a text
ONLY_PAGE = ("--fault", "missing@jats", "--fault", "missing@fulltext")
QUICK = ["-s", "BROWSER_QUIET=0.5", "-s", "BROWSER_TIMEOUT=120", "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=120"]
# for what never comes: in these runs alone all else must come sooner
IMPATIENT = {"endless": ("-s", "BROWSER_TIMEOUT=6"), "stall@data": ("-s", "DOWNLOAD_TIMEOUT=8")}


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """The system's Chromium."""
    found = find_chromium("auto")
    if not found:
        absent("no Chromium on the PATH: install chromium")
    return found


def outcomes(item: dict) -> list[str]:
    return [f"{a['source']} {a['outcome']}" for a in item["attempts"]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> tuple[Run, Site]:
    """Three papers of both servers whose pages are filled by script, and what the site was asked for."""
    folder = tmp_path_factory.mktemp("scripted")
    keep_turns(folder / "data")
    with local_site(folder, "--scripted", "--delay", str(DELAY), *ONLY_PAGE) as site:
        return site.crawl(folder, "paper", "-a", f"doi={MONOCYTES} {MEDRXIV} {VESICLES}"), site


def test_a_text_that_a_script_puts_there_is_the_text_of_the_plain_page(opened, tmp_path):
    run, _ = opened
    assert run.status == 0, run.log
    with local_site(tmp_path, "--delay", "0", *ONLY_PAGE) as site:
        plain = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES} {MEDRXIV} {VESICLES}")
    for doi in (MONOCYTES, MEDRXIV, VESICLES):
        item, expected = run.item(doi), plain.item(doi)
        assert outcomes(item) == ["record ok", "jats not_found", "page empty", "browser ok", "landing ok"]
        assert item["source"] == "browser"
        for same in ("text", "sections", "references", "figures", "tables", "formulas", "statements", "authors"):
            assert item[same] == expected[same], same
        assert len(item["text"]) > 1000


def test_a_page_asks_its_own_site_for_scripts_and_data_and_for_nothing_else(opened):
    run, site = opened
    asked = [r["path"] for r in site.asked if r["host"] in ("biorxiv", "medrxiv")]
    kinds = [p.split("/")[1] for p in asked]
    assert set(kinds) == {"robots.txt", "content", "sites", "panels_ajax_tab", "article-history"}
    # each site's script is asked for once and kept
    assert [p for p in asked if p.startswith("/sites")] == ["/sites/default/files/js/js_article.js"] * 2
    assert kinds.count("panels_ajax_tab") == 3
    # the page itself is not fetched once more for the browser
    assert len([p for p in asked if p.endswith(".full")]) == 3
    assert run.log.count("in a browser: its requests: 1 script") == 3


def test_a_page_in_a_browser_keeps_the_delay_and_the_name(opened):
    run, site = opened
    for host in ("biorxiv", "medrxiv"):
        assert_paced(run.feed.parent / "data", site, host, DELAY)
    assert len({r["agent"] for r in site.asked}) == 1
    assert max(r["concurrent"] for r in site.asked) == 1


def test_a_rendered_page_is_kept_and_read_again_without_a_browser(opened, tmp_path):
    first, site = opened
    again = site.crawl(
        first.feed.parent,
        *("paper", "-a", f"doi={MONOCYTES} {MEDRXIV} {VESICLES}"),
        *("-s", "BIORXIVIST_BROWSER=no", "-s", "HTTPCACHE_IGNORE_MISSING=True"),
        feed="again.jsonl",
    )
    assert again.status == 0, again.log
    for doi in (MONOCYTES, MEDRXIV, VESICLES):
        assert again.item(doi) == first.item(doi)


def crawl(folder, *faults: str, settings: tuple[str, ...] = (), dois: str = MONOCYTES) -> tuple[Run, Site]:
    named = [argument for fault in faults for argument in ("--fault", fault)]
    with local_site(folder, "--scripted", "--delay", "0", *ONLY_PAGE, *named) as site:
        return site.crawl(folder, "paper", "-a", f"doi={dois}", *QUICK, *settings), site


def attempt(run: Run, doi: str = MONOCYTES) -> dict:
    return next(a for a in run.item(doi)["attempts"] if a["source"] == "browser")


@pytest.mark.parametrize(
    ("fault", "outcome", "detail"),
    [
        ("endless", "unavailable", "its script did not end in 6 s"),
        ("stall@data", "unavailable", "what its script asks for: DownloadTimeoutError"),
        ("huge@data", "too_large", "larger than DOWNLOAD_MAXSIZE"),
        ("missing@data", "unavailable", "what its script asks for: HTTP status 404"),
    ],
)
def test_a_page_that_is_not_filled_is_recorded_and_closed(tmp_path, fault, outcome, detail):
    settings = ("-s", "DOWNLOAD_MAXSIZE=2000000", "-s", "STATS_DUMP=True", *IMPATIENT.get(fault, ()))
    run, _ = crawl(tmp_path, fault, settings=settings)
    assert (attempt(run)["outcome"], detail in attempt(run)["detail"]) == (outcome, True), attempt(run)
    assert run.item(MONOCYTES)["coverage"] == "abstract"
    assert run.status == 3
    assert "'playwright/page_count': 1," in run.log
    assert "'playwright/page_count/closed': 1," in run.log
    assert "Traceback" not in run.log


def test_a_challenge_is_a_refusal_and_ends_the_browser_for_that_host(tmp_path):
    run, site = crawl(tmp_path, "refuse@data", dois=f"{MONOCYTES} {VESICLES}")
    found = sorted(attempt(run, doi)["detail"] for doi in (MONOCYTES, VESICLES))
    assert {attempt(run, doi)["outcome"] for doi in (MONOCYTES, VESICLES)} == {"refused"}
    assert found[0] == "what its script asks for: a challenge page instead of the document"
    assert "not asked: this host answered" in found[1]
    assert len([r for r in site.asked if "panels_ajax_tab" in r["path"]]) == 1
    assert run.status == 3


@pytest.mark.parametrize(
    ("browser", "outcome", "status", "line"),
    [
        ("/nowhere/chromium", "unavailable", 3, "BIORXIVIST_BROWSER=/nowhere/chromium is no program"),
        ("no", "unwanted", 0, "BIORXIVIST_BROWSER=no"),
    ],
)
def test_without_a_browser_the_run_goes_on_and_says_what_it_would_have_done(tmp_path, browser, outcome, status, line):
    run, site = crawl(tmp_path, settings=("-s", f"BIORXIVIST_BROWSER={browser}"))
    assert attempt(run)["outcome"] == outcome
    assert line in attempt(run)["detail"]
    assert "would have been opened in a browser: a script puts its text there" in run.log
    assert run.item(MONOCYTES)["abstract"]
    assert run.status == status
    assert not [r for r in site.asked if r["path"].startswith("/sites")]


def test_a_paper_without_a_record_has_its_history_from_the_landing_page(tmp_path):
    run, _ = crawl(tmp_path, "html@record", dois=f"{MONOCYTES}v2")
    item = run.item(MONOCYTES)
    assert outcomes(item)[-4:] == ["page empty", "browser ok", "landing ok", "browser ok"], item["attempts"]
    assert item["published_doi"] == "10.5555/ocl.2024.0311"
    assert [(v["version"], v["posted"]) for v in item["versions"]] == [(1, "2024-03-08"), (2, "2024-06-19")]


PLACES = '<div class="pub_jnl">{}</div><div id="highwire-versions-wrapper">{}</div>'
VERSIONS = '<ul><li><a class="hw-version-previous-link" href="/content/10.1101/339741v1">Previous version (June 6, 2018 - 09:47).</a></li></ul>'


def landing(published: str, versions: str) -> bytes:
    return page(ABSTRACT, kind="abstract-view").replace(
        b"</body>", PLACES.format(published, versions).encode() + b"</body>"
    )


def test_history_is_lacking_where_its_places_are_empty():
    assert lacks_history(landing("", ""))
    assert lacks_history(landing("", VERSIONS))
    assert not lacks_history(landing("Now published", VERSIONS))
    assert not lacks_history(page(ABSTRACT, kind="abstract-view"))


def test_history_of_a_landing_page():
    link = 'Now published in <i>Tea</i> doi: <a href="https://doi.org/10.5555/TEA.1">10.5555/TEA.1</a>'
    found = read_landing(landing(link, VERSIONS))
    assert found.published_doi == "10.5555/tea.1"
    assert [(v.version, v.posted) for v in found.versions] == [(1, "2018-06-06"), (2, found.posted)]
    preprint = read_landing(landing("This article is a preprint, see 10.5555/tea.2", "<ul><li>Current</li></ul>"))
    assert (preprint.published_doi, preprint.versions) == (Paper().published_doi, [])


def victims(crawl: psutil.Process, what: str) -> list[psutil.Process]:
    """The browser of a crawl, its pages, or Playwright's driver between them."""
    found = []
    for child in crawl.children(recursive=True):
        with suppress(psutil.Error):
            line = child.cmdline()
            kind = next((part.removeprefix("--type=") for part in line if part.startswith("--type=")), "browser")
            kind = "driver" if child.name().startswith("node") else kind
            if kind == what and (
                kind == "driver" or any("--user-data-dir" in part or "--type=" in part for part in line)
            ):
                found.append(child)
    return found


@pytest.mark.parametrize("what", ["browser", "renderer", "driver"])
def test_what_is_killed_under_a_page_costs_that_page_alone(tmp_path, what):
    # the page is open until its data come, or the download has taken too long
    faults = (*ONLY_PAGE, "--fault", f"stall@data={MONOCYTES.rpartition('.')[2]}")
    with local_site(tmp_path, "--scripted", "--delay", "0", *faults) as site:
        arguments = site.arguments(
            tmp_path, "paper", "-a", f"doi={MONOCYTES} {MEDRXIV}", *QUICK, "-s", "DOWNLOAD_TIMEOUT=15"
        )
        command = [sys.executable, "-m", "biorxivist", *arguments, "-O", "papers.jsonl"]
        log = tmp_path / "log"
        with log.open("w") as file, subprocess.Popen(command, cwd=tmp_path, stderr=file) as process:
            try:
                crawl = psutil.Process(process.pid)
                until(lambda: [r for r in site.asked if r["host"] == "biorxiv" and r["path"].startswith("/sites")])
                killed = [victim.kill() for victim in victims(crawl, what)]
                # the browser is there until the run ends
                assert killed or what == "renderer" or process.poll() is not None
                status = process.wait(120)
            finally:
                process.kill()
        run = Run(status, log.read_text(), tmp_path / "papers.jsonl")
    assert status == 3, run.log
    assert (attempt(run)["outcome"], run.item(MONOCYTES)["coverage"]) == ("unavailable", "abstract"), run.log
    assert (attempt(run, MEDRXIV)["outcome"], run.item(MEDRXIV)["coverage"]) == ("ok", "full_text"), run.log
    # Playwright itself may tell of a driver that ends while it is called
    assert what == "driver" or "Traceback" not in run.log
