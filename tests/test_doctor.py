"""`scrapy doctor`: what it says of this machine, of real servers and of sources, and that it says no secret."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from moto.server import ThreadedMotoServer

import biorxivist
from biorxivist.doctor.politeness import VARIABLES
from tests.conftest import absent
from tests.crawling import local_site
from tests.endpoint import endpoint
from tests.neo4j import PASSWORD
from tests.ports import free_port

WELL = ("-s", "BIORXIVIST_CONTACT=mailto:me@example.org", "-s", "BIORXIVIST_BROWSER=no")
SECRET = "sk-never-to-be-seen"


@pytest.fixture
def doctor(shell, tmp_path, monkeypatch):
    """`scrapy doctor` of a user who has set nothing but a contact; returns its status and its lines by name."""
    for name in (
        "LLM_URL",
        "LLM_MODEL",
        "EMBEDDINGS_URL",
        "EMBEDDINGS_MODEL",
        "NEO4J_URI",
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "BIORXIVIST_CONTACT",
        # of the tests themselves
        "BIORXIVIST_CORPUS",
        "BIORXIVIST_TEST_NEO4J",
    ):
        monkeypatch.delenv(name, raising=False)

    def run(*args):
        done = shell.scrapy("doctor", *WELL, "-s", f"BIORXIVIST_DATA={tmp_path / 'data'}", *args)
        assert done.err == ""
        assert SECRET not in done.out
        assert PASSWORD not in done.out
        return done.status, {line[7:23].strip(): line[:7].strip() + " " + line[23:] for line in done.out.splitlines()}

    return run


def test_a_well_configured_machine_is_well(doctor, tmp_path):
    status, lines = doctor()
    assert status == 0, lines
    states = {name: line.split()[0] for name, line in lines.items()}
    assert states == {
        **dict.fromkeys(("program", "names", "contact", "robots.txt", "delays", "addresses", "data folder", "feeds"), "ok"),
        **dict.fromkeys(("Chromium", "Neo4j", "S3", "language model", "embeddings"), "off"),
    }  # fmt: skip
    assert "mailto:me@example.org" in lines["contact"]
    assert str(tmp_path / "data") in lines["data folder"]
    assert "www.biorxiv.org every 7 s" in lines["delays"]


@pytest.mark.parametrize(
    ("name", "settings", "line"),
    [
        ("contact", ["BIORXIVIST_CONTACT="], "WRONG the servers cannot tell who asks: export BIORXIVIST_CONTACT="),
        ("contact", ["BIORXIVIST_CONTACT=me"], "WRONG BIORXIVIST_CONTACT=me is neither mailto:"),
        ("contact", ["USER_AGENT=Mozilla/5.0"], "WRONG requests are sent as 'Mozilla/5.0'"),
        ("contact", ["USER_AGENT=BioRxivist/1"], "WRONG USER_AGENT does not say mailto:me@example.org"),
        ("names", ["DOWNLOAD_DELY=9"], "WRONG there is no setting DOWNLOAD_DELY: did you mean DOWNLOAD_DELAY?"),
        ("delays", ["DOWNLOAD_SLOTS={}", "DOWNLOAD_DELAY=2"], "WRONG www.biorxiv.org is asked every 2 s, not 7 s"),
        ("addresses", ["BIORXIV_URL=biorxiv.org"], "WRONG BIORXIV_URL: give an address like https://"),
        ("addresses", [f"BIORXIV_URL=https://me:{SECRET}@biorxiv.org"], "WRONG BIORXIV_URL holds a name or password"),
        ("data folder", ["BIORXIVIST_DATA=file/data"], "WRONG cannot make the data folder"),
        ("data folder", ["BIORXIVIST_DATA=damaged"], "WRONG"),
        ("Chromium", ["BIORXIVIST_BROWSER=/nowhere/chromium"], "WRONG BIORXIVIST_BROWSER=/nowhere/chromium is no program"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_to_do(doctor, tmp_path, name, settings, line):
    (tmp_path / "file").touch()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "archive.sqlite").write_bytes(b"no database at all" * 100)
    status, lines = doctor(*(part for setting in settings for part in ("-s", setting)))
    assert status == 1
    assert lines[name].startswith(line), lines[name]
    assert [n for n, text in lines.items() if text.startswith("WRONG")] == [name]


def test_a_misspelt_variable_is_found(doctor, monkeypatch):
    monkeypatch.delenv("NEO4J_USERNAME", raising=False)
    monkeypatch.setenv("NEO4J_USER", "me")
    status, lines = doctor()
    assert (status, lines["names"]) == (1, "WRONG there is no variable NEO4J_USER: did you mean NEO4J_USERNAME?")
    monkeypatch.setenv("NEO4J_USERNAME", "me")
    assert doctor()[0] == 0


def test_no_variable_that_is_read_is_called_misspelt():
    source = "".join(path.read_text() for path in Path(biorxivist.__file__).parent.rglob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', source)) | set(
        re.findall(r'= "(BIORXIVIST_[A-Z_]+)"', source)
    )
    assert len(read) > 12
    assert {name for name in read if not name.startswith(("AWS_", "TERM"))} <= VARIABLES


def test_disobedience_is_noted_and_is_the_users_own(doctor):
    status, lines = doctor("-s", "ROBOTSTXT_OBEY=False")
    assert status == 0
    assert lines["robots.txt"].startswith("note not obeyed")


def test_places_of_feeds_are_tried_and_left_as_they_are(doctor, tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "papers.jsonl").write_text("half a li")
    status, lines = doctor("papers.jsonl", "%(time)s.parquet", "new/papers.jsonl.gz")
    assert status == 0, lines
    assert (tmp_path / "papers.jsonl").read_text() == "half a li"
    assert not list(tmp_path.glob("*.parquet")) + list(tmp_path.glob("new/*"))
    status, lines = doctor("file/papers.jsonl")
    assert status == 1
    assert lines["feeds"].startswith("WRONG cannot write the feed file/papers.jsonl")


def test_the_browser_is_started(doctor):
    from biorxivist.browser.chromium import find_chromium

    if not find_chromium("auto"):
        absent("no Chromium here")
    status, lines = doctor("-s", "BIORXIVIST_BROWSER=auto")
    assert status == 0, lines
    assert ", version " in lines["Chromium"]
    status, lines = doctor("-s", "BIORXIVIST_BROWSER=false")
    assert status == 1
    assert "/false does not start" in lines["Chromium"]


def test_neo4j_is_asked(doctor, neo4j, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    status, lines = doctor("-s", f"NEO4J_URI={neo4j.uri}")
    assert status == 0, lines
    assert lines["Neo4j"].startswith(f"ok {neo4j.uri} answers as Neo4j/")
    monkeypatch.setenv("NEO4J_PASSWORD", SECRET)
    status, lines = doctor("-s", f"NEO4J_URI={neo4j.uri}")
    assert status == 1
    assert "set NEO4J_USERNAME and NEO4J_PASSWORD" in lines["Neo4j"]


def test_a_graph_that_is_not_there_is_told_without_its_password(doctor):
    status, lines = doctor("-s", f"NEO4J_URI=bolt://me:{SECRET}@127.0.0.1:{free_port()}")
    assert status == 1
    assert lines["Neo4j"].startswith("WRONG ")
    assert "NEO4J_URI" in lines["Neo4j"]
    status, lines = doctor("-s", f"NEO4J_URI=bolt://127.0.0.1:{free_port()}")
    assert lines["Neo4j"].startswith("WRONG no Neo4j answers at bolt://127.0.0.1")


def test_s3_is_looked_at(doctor, monkeypatch, tmp_path):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    try:
        status, lines = doctor("s3://nowhere/papers.jsonl")
        assert status == 1
        assert lines["S3"].startswith("WRONG no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        assert "no credentials" in lines["feeds"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        status, lines = doctor("s3://nowhere/papers.jsonl")
        assert (status, lines["S3"].split(";")[0]) == (1, f"ok credentials for {address}")
        assert "there is no bucket nowhere" in lines["feeds"]
    finally:
        server.stop()


@pytest.mark.parametrize(("name", "line"), [("LLM", "language model"), ("EMBEDDINGS", "embeddings")])
def test_models_are_asked_for(doctor, monkeypatch, name, line):
    monkeypatch.setenv(f"{name}_API_KEY", SECRET)
    monkeypatch.setenv(f"{name}_URL", f"http://127.0.0.1:{free_port()}/v1")
    status, lines = doctor()
    assert status == 1
    assert lines[line].startswith(f"WRONG {name}_URL is set and {name}_MODEL is not")
    monkeypatch.setenv(f"{name}_MODEL", "llama3.1")
    assert f"start it, or mend {name}_URL" in doctor()[1][line]
    with endpoint() as served:
        monkeypatch.setenv(f"{name}_URL", served.url.replace("//", f"//me:{SECRET}@"))
        assert doctor()[1][line] == f"ok llama3.1 at {served.url}"
        served.failures = [web.json_response({"error": {"message": f"wrong key {SECRET}"}}, status=401)]
        assert f"HTTP status 401: set {name}_API_KEY" in doctor()[1][line]
        served.failures = [web.Response(text=f"<html>{SECRET}")]
        assert doctor()[1][line].startswith("WRONG ")
        monkeypatch.setenv(f"{name}_MODEL", "other")
        status, lines = doctor()
        assert status == 1
        assert f"does not serve {name}_MODEL=other: there are llama3.1:latest, words" in lines[line]


def online(site, folder, *args):
    """`scrapy doctor --online` in a process of its own; its status and what it says."""
    settings = [*WELL, *site.settings, "-s", f"BIORXIVIST_DATA={folder / 'data'}"]
    command = [sys.executable, "-m", "biorxivist", "doctor", "--online", *settings, *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_each_source_is_asked_once_and_robots_txt_before_it(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        status, said = online(site, tmp_path)
        assert status == 0, said
        assert said.count("answers (HTTP status") == 5
        assert sorted((a["host"], a["path"].rpartition("/")[2][:6]) for a in site.asked) == [
            ("api", "json"), ("biorxiv", "2023.1"), ("biorxiv", "robots"), ("europepmc", "annota"), ("europepmc", "search"),
            ("medrxiv", "2024.0"), ("medrxiv", "robots"),
        ]  # fmt: skip
        assert all("mailto:me@example.org" in a["agent"] for a in site.asked)
        # robots.txt is in the archive now; whether a source answers is no matter of yesterday
        assert online(site, tmp_path)[0] == 0
        assert len(site.asked) == 7 + 5


def test_a_source_that_does_not_answer_is_not_asked_again(tmp_path):
    faults = ["refuse@landing=medrxiv", "throttle-always@search", "html@listing", "robots-challenge=biorxiv"]
    with local_site(tmp_path, "--delay", "0", *(part for fault in faults for part in ("--fault", fault))) as site:
        status, said = online(site, tmp_path)
        assert status == 1
        for line in (
            "WRONG  medRxiv         refused: a challenge page",
            "WRONG  bioRxiv         disallowed: robots.txt",
            "WRONG  Europe PMC      throttled: HTTP status 429",
            "WRONG  bioRxiv API     malformed: ",
            "4 to mend",
        ):
            assert line in said
        assert len(site.asked) == 6


def test_nobody_is_asked_offline(doctor, shell):
    done = shell.scrapy("doctor", "--online", "-s", "HTTPCACHE_IGNORE_MISSING=True")
    assert done.status == 2
    assert "leave one of them out" in done.err
