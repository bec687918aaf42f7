"""What a run leaves behind: its record, whatever became of it, and no secret in anything that it writes."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.crawling import Run, Site, local_site
from tests.waiting import until

MONOCYTES = "10.1101/2024.03.05.583102"
SEARCH = ["search", "-a", "q=monocyte OR TGF-beta", "-a", "server=both"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0.3") as site:
        yield site


@pytest.fixture(scope="module")
def complete(site, tmp_path_factory) -> Run:
    return site.crawl(tmp_path_factory.mktemp("complete"), *SEARCH, "-s", "BIORXIVIST_RECORD=out/today")


def test_a_record_says_what_was_wanted_and_what_came(complete):
    record = complete.record
    assert complete.status == record["exit_status"] == 0, complete.log
    assert (record["state"], record["finish_reason"], record["spider"]) == ("ended", "finished", "search")
    assert record["arguments"] == {"q": "monocyte OR TGF-beta", "server": "both"}
    count = len(complete.items)
    papers = record["papers"]
    assert (papers["found"], papers["wanted"], papers["delivered"], papers["missing"]) == (count, count, count, 0)
    assert record["missing"] == []
    for name in ("license", "category", "server", "posted", "coverage"):
        assert record["counts"][name] == Counter(item[name] for item in complete.items)
    attempts = Counter((a["source"], a["outcome"]) for item in complete.items for a in item["attempts"])
    for source, answers in record["attempts"].items():
        for outcome, number in answers.items():
            assert attempts[source, outcome] == number
    assert record["versions"]["scrapy"]
    assert record["settings"]["BIORXIV_URL"].startswith("http://127.0.0.1")
    assert [Path(feed).name for feed in record["feeds"]] == ["papers.jsonl"]
    assert record["started"] <= record["written"]


def test_a_record_says_how_long_each_host_was_left_alone(complete, site):
    waits = {wait["host"]: wait for wait in complete.record["waits"]}
    (host,) = [value for name, value in site.options.items() if name == "BIORXIV_URL"]
    wait = waits[host.removeprefix("http://")]
    # robots.txt comes before its own delay of 0.3 s is known
    assert wait["answers"] > 3
    assert 0 < wait["delay"] == wait["seconds"]
    assert wait["retry_after"] == 0
    assert complete.record["requests"]["sent"] >= sum(wait["answers"] for wait in waits.values())


def test_a_record_is_private_and_the_newest_is_easy_to_find(complete):
    runs = complete.feed.parent / "data" / "runs"
    (run,) = [path for path in runs.iterdir() if not path.is_symlink()]
    assert run.name == complete.record["run"]
    assert (runs / "latest").resolve() == run
    for path, mode in ((runs, 0o700), (run, 0o700), (run / "run.json", 0o600), (run / "report.html", 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path
    wanted = complete.feed.parent / "out" / "today"
    assert json.loads((wanted / "run.json").read_text()) == complete.record
    assert (wanted / "report.html").read_text() == (run / "report.html").read_text()
    assert f"Report of this run: {wanted / 'report.html'}" in complete.log


def started(site: Site, folder: Path) -> "subprocess.Popen[str]":
    """A crawl that waits for a document that never comes."""
    command = [sys.executable, "-m", "biorxivist", "crawl", "paper", "-a", f"doi={MONOCYTES}", *site.settings]
    command += ["-s", f"BIORXIVIST_DATA={folder / 'data'}", "-o", "papers.jsonl"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    until(lambda: site.failing)
    return process


def ended(process: "subprocess.Popen[str]", *signals: int) -> int:
    *first, last = signals
    for number in first:
        end_cleanly(process, number)
    process.send_signal(last)
    process.communicate(timeout=600)
    return process.returncode


def end_cleanly(process: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> None:
    """Send a signal, and return when the crawl has taken notice."""
    process.send_signal(number)
    assert any("shutting down gracefully" in line for line in process.stderr)


def read(folder: Path) -> dict:
    return json.loads((folder / "data/runs/latest/run.json").read_text())


@pytest.mark.parametrize(
    ("signals", "state", "status"),
    [
        ([signal.SIGKILL], "running", None),
        ([signal.SIGTERM, signal.SIGTERM], "stopped", None),
    ],
)
def test_a_run_that_is_killed_leaves_an_unfinished_record(tmp_path, signals, state, status):
    with local_site(tmp_path, "--delay", "0", "--fault", "stall@jats") as site:
        ended(started(site, tmp_path), *signals)
    record = read(tmp_path)
    assert (record["state"], record["exit_status"]) == (state, status)
    assert (record["papers"]["wanted"], record["papers"]["delivered"]) in ((1, 0), (0, 0))
    done = subprocess.run(
        [sys.executable, "-m", "biorxivist", "report", "-s", f"BIORXIVIST_DATA={tmp_path / 'data'}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Unfinished" in Path(done.stdout.strip()).read_text()


def test_a_run_that_is_ended_says_what_it_did_not_ask(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--fault", "stall@jats:1") as site:
        process = started(site, tmp_path)
        # a clean end waits for the answers that are on their way
        end_cleanly(process)
    process.communicate(timeout=600)
    record = read(tmp_path)
    assert (record["state"], record["exit_status"]) == ("ended", process.returncode)
    assert record["finish_reason"] == "shutdown"
    assert record["papers"]["delivered"] + len(record["missing"]) >= 1


def test_without_a_place_for_its_record_a_run_goes_on(site, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/runs").touch()
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}")
    assert run.status == 0, run.log
    assert "no record of this run is kept" in run.log


def test_no_secret_is_written(site, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "hunter2hunter2")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2hunter2")
    feeds = json.dumps({f"file://reader:hunter2@localhost{tmp_path}/second.jsonl": {}})
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", "-L", "DEBUG", "-s", f"FEEDS={feeds}")
    assert run.status == 0, run.log
    monkeypatch.setenv("http_proxy", "http://reader:hunter2@127.0.0.1:9")
    proxied = site.crawl(
        tmp_path, "paper", "-a", "doi=10.1101/612340", "-L", "DEBUG", "-s", "RETRY_TIMES=0", feed="p.jsonl"
    )
    assert proxied.status == 3, proxied.log
    assert proxied.record["missing"][0]["reason"] == "unavailable"
    assert [line for line in (run.log + proxied.log).splitlines() if "hunter2" in line] == []
    written = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(written) >= 6
    assert [path for path in written if b"hunter2" in path.read_bytes()] == []


def test_a_password_in_the_address_of_a_source_is_refused(site, tmp_path):
    address = site.options["BIORXIV_URL"].replace("http://", "http://reader:hunter2@")
    private = Site([*site.settings, "-s", f"BIORXIV_URL={address}"], site.requests)
    run = private.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}")
    assert (run.status, len(run.log.splitlines())) == (2, 1)
    assert (
        "BIORXIV_URL holds a name or password: set HTTPAUTH_USER, HTTPAUTH_PASS and HTTPAUTH_DOMAIN instead" in run.log
    )
    assert "hunter2" not in run.log


# --- scrapy report ----------------------------------------------------------------------------------------------------


def report(folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "biorxivist", "report", *args, "-s", f"BIORXIVIST_DATA={folder / 'data'}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_report_is_made_again_from_its_record(complete, tmp_path):
    folder = complete.feed.parent
    done = report(folder, "out/today/run.json", "-o", str(tmp_path / "again.html"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.html").read_text() == (folder / "out/today/report.html").read_text()


@pytest.mark.parametrize(
    ("content", "status", "line"),
    [
        (None, 1, "scrapy report: cannot read the record run.json: No such file or directory"),
        ("{", 1, "run.json is no record of a run"),
        ("[]", 1, "run.json is no record of a run"),
        ('{"schema": 1}', 1, "run.json is no record of a run"),
        ('{"schema": 99}', 1, "run.json was written by a newer BioRxivist"),
    ],
)
def test_what_is_no_record_gets_one_line(tmp_path, content, status, line):
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    done = report(tmp_path, "run.json")
    assert done.returncode == status
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_newest_records_stay(site, tmp_path):
    runs = tmp_path / "data/runs"
    names = [
        f"2026-01-0{day}T000000Z-search-{process}"
        for day, process in enumerate((2**22 + 1, 2**22 + 2, os.getpid(), 2**22 + 3), 1)
    ]
    for name in (*names, "mine"):
        (runs / name).mkdir(parents=True)
        for file in ("run.json", "report.html", ".run.json.7"):
            (runs / name / file).touch()
    (runs / names[1] / "notes.txt").touch()
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", "-s", "BIORXIVIST_RUNS=2")
    left = {str(path.relative_to(runs)) for path in runs.rglob("*") if path.is_file()}
    # the first is gone; of the second the notes stay; the third goes on
    kept = {f"{name}/{file}" for name in (*names[2:], "mine") for file in ("run.json", "report.html", ".run.json.7")}
    assert left == kept | {f"{names[1]}/notes.txt"} | {
        f"{run.record['run']}/{file}" for file in ("run.json", "report.html")
    }
    assert not (runs / names[0]).exists()


def test_the_memory_of_a_run_is_its_own(site, tmp_path):
    # the process that starts a run may be larger than it
    ballast = bytearray(500_000_000)
    run = site.crawl(tmp_path, "paper", "-a", f"doi={MONOCYTES}", "-a", "fulltext=no")
    assert 20 < run.record["memory_mb"] < 300 < len(ballast)
