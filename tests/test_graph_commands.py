"""`scrapy graph` as a user runs it: in a file, in a real Neo4j, with whatever can be wrong."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings as project_settings

from biorxivist.feed import to_json
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.faults import GraphError
from biorxivist.graph.loading import load
from biorxivist.graph.server import Address, Neo4j, check_version
from tests.graph_papers import DOI, OTHER, expected, paper, second, snapshot
from tests.neo4j import PASSWORD
from tests.test_graph_stores import wiped
from tests.waiting import until


def start(folder: Path, *args: str, **environment: str) -> subprocess.Popen:
    """`scrapy graph ARGS` in a folder that is also its data."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    return subprocess.Popen(
        [sys.executable, "-m", "biorxivist", "graph", *args],
        cwd=folder,
        env={**bare, "BIORXIVIST_DATA": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, *args: str, **environment: str) -> tuple[int, str, str]:
    process = start(folder, *args, **environment)
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def write(path: Path, papers) -> Path:
    path.write_bytes(b"".join(to_json(p) + b"\n" for p in papers))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a feed and its graph."""
    folder = tmp_path_factory.mktemp("user")
    write(folder / "papers.jsonl", [paper(), second(), paper(OTHER)])
    status, out, err = run(folder, "load", "papers.jsonl")
    assert (status, out, err) == (0, "", "3 new, 0 changed, 0 as before\n")
    assert (folder / "graph.lbug").exists()
    return folder


def test_loading_again_says_so(folder):
    assert run(folder, "load", "papers.jsonl") == (0, "", "0 new, 0 changed, 3 as before\n")


def test_show_query_and_count(folder):
    status, out, _ = run(folder, "show", "versions", DOI, "--json")
    assert status == 0
    assert [json.loads(line)["changed"] for line in out.splitlines()] == [None, ["title", "sections", "references"]]
    status, out, _ = run(folder, "query", "MATCH (p:Paper {doi: $d}) RETURN p.title AS t", "-p", f"d={DOI}")
    assert (status, out) == (0, "t\nSlow monocytes, revisited\n")
    status, out, _ = run(folder, "count")
    assert "Paper            2\nVersion          3\n" in out


@pytest.mark.parametrize(
    ("args", "status", "line"),
    [
        ([], 2, "scrapy graph load FEED…"),
        (["lode", "papers.jsonl"], 2, "scrapy graph load FEED…"),
        (["load"], 2, "give a feed: scrapy graph load papers.jsonl"),
        (["load", "none.jsonl"], 1, "cannot read the feed none.jsonl"),
        (["show", "versions"], 1, "show versions takes DOI"),
        (["query", "MATCH (p:Paper) RETURN p.title", "-p", "x"], 2, "-p x: give NAME=VALUE"),
        (["query", "MATCH (p:Paper"], 1, "Parser exception"),
        (["query", "CREATE (p:Paper {doi: 'x'})"], 1, "read-only"),
        (["count", "--file", "none.lbug"], 1, "there is no graph in none.lbug yet: scrapy graph load"),
        (["load", "papers.jsonl", "--file", "papers.jsonl"], 1, "papers.jsonl"),
        (["count", "-s", "NEO4J_URI=bolt://127.0.0.1:1"], 1, "no Neo4j answers at bolt://127.0.0.1:1"),
        (["count", "-s", "NEO4J_URI=localhost"], 1, "NEO4J_URI=localhost: give an address like bolt://"),
    ],
)
def test_what_is_wrong_is_one_line(folder, args, status, line):
    got, out, err = run(folder, *args)
    assert (got, out) == (status, "")
    assert line in err
    assert err.startswith("scrapy graph: ")
    assert len(err.splitlines()) == 1


def test_a_bad_line_of_a_feed_leaves_what_was_before_it(folder, tmp_path):
    feed = write(tmp_path / "papers.jsonl", [paper()])
    feed.write_bytes(feed.read_bytes() + b'{"doi": 3}\n')
    status, _, err = run(tmp_path, "load", "papers.jsonl")
    assert status == 1
    assert "papers.jsonl line 2 is no paper" in err


def test_a_wrong_password_a_wrong_database_an_old_server(neo4j, folder):
    status, _, err = run(folder, "count", NEO4J_URI=neo4j.uri, NEO4J_PASSWORD="wrong")
    assert status == 1
    assert f"Neo4j at {neo4j.uri} refuses user neo4j: set NEO4J_USERNAME and NEO4J_PASSWORD" in err
    assert "wrong" not in err
    status, _, err = run(
        folder, "load", "papers.jsonl", NEO4J_URI=neo4j.uri, NEO4J_PASSWORD=PASSWORD, NEO4J_DATABASE="x1"
    )
    assert (status, len(err.splitlines())) == (1, 1)
    assert "has no database x1: set NEO4J_DATABASE" in err
    with pytest.raises(GraphError, match=r"Neo4j/4.4.12 at bolt://x is too old: Neo4j 5 or newer is needed"):
        check_version(Address("bolt://x"), "Neo4j/4.4.12")


def test_commands_try_again_for_as_long_as_a_crawl():
    settings = project_settings()
    assert Address.of(settings).patience == 20
    settings["NEO4J_PATIENCE"] = "0.5"
    assert Address.of(settings).patience == 0.5


def test_two_processes_at_once(neo4j, tmp_path):
    dois = [f"10.1101/2024.02.29.{n:06}" for n in range(60)]
    papers = {doi: paper(doi, title=f"Title {doi}") for doi in dois}
    write(tmp_path / "one.jsonl", [papers[doi] for doi in dois[:45]])
    write(tmp_path / "two.jsonl", [papers[doi] for doi in reversed(dois[15:])])
    with wiped(neo4j) as store:
        store.define()
        to = {"NEO4J_URI": neo4j.uri, "NEO4J_PASSWORD": PASSWORD}
        running = [start(tmp_path, "load", f"{name}.jsonl", **to) for name in ("one", "two")]
        told = [process.communicate(timeout=600)[1] for process in running]
        assert [process.returncode for process in running] == [0, 0], told
        assert snapshot(store) == expected(list(papers.values()))
        for name in ("one", "two"):
            assert run(tmp_path, "load", f"{name}.jsonl", **to)[2] == "0 new, 0 changed, 45 as before\n"


def test_a_log_that_a_kill_cut_off_anywhere_holds_whole_papers(tmp_path):
    papers = [paper(f"10.1101/2024.03.01.{n:06}") for n in range(4)]
    with Ladybug(tmp_path / "graph.lbug", write=True) as store:
        store.define()
        defined = (tmp_path / "graph.lbug.wal").stat().st_size
        for written in papers:
            load([written], store)
        # as they are while it is written: its end would empty the log
        file, log = ((tmp_path / name).read_bytes() for name in ("graph.lbug", "graph.lbug.wal"))
    found = set()
    for number, end in enumerate(range(defined, len(log), (len(log) - defined) // 12)):
        cut = tmp_path / str(number) / "graph.lbug"
        cut.parent.mkdir()
        cut.write_bytes(file)
        cut.with_name("graph.lbug.wal").write_bytes(log[:end] + bytes(number % 3 * 50))
        with Ladybug(cut) as store:
            loaded = {row[0] for row in store.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.doi", {})[1]}
        found.add(len(loaded))
        with Ladybug(cut, write=True) as store:
            assert snapshot(store) == expected([p for p in papers if p.doi in loaded])
            load(papers, store)
        with Ladybug(cut) as store:
            assert snapshot(store) == expected(papers)
    assert found == {0, 1, 2, 3}


@pytest.mark.parametrize("kind", ["ladybug", "neo4j"])
def test_a_killed_load_leaves_no_half_of_a_paper(kind, tmp_path, request):
    papers = [paper(f"10.1101/2024.03.01.{n:06}") for n in range(1500)]
    write(tmp_path / "papers.jsonl", papers)
    to = {}
    if kind == "neo4j":
        server = request.getfixturevalue("neo4j")
        to = {"NEO4J_URI": server.uri, "NEO4J_PASSWORD": PASSWORD}
        store = wiped(server)
        process = start(tmp_path, "load", "papers.jsonl", **to)
        with store:
            until(lambda: store.read("MATCH (v:Version) RETURN count(v)", {})[1][0][0])
    else:
        process = start(tmp_path, "load", "papers.jsonl")
        log = tmp_path / "graph.lbug.wal"
        until(lambda: log.exists() and log.stat().st_size > 1_000_000)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store = (
        Neo4j(Address(server.uri, password=PASSWORD))
        if kind == "neo4j"
        else Ladybug(tmp_path / "graph.lbug", write=True)
    )
    with store:
        loaded = {row[0] for row in store.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.doi", {})[1]}
        assert 0 < len(loaded) < len(papers)
        assert snapshot(store) == expected([p for p in papers if p.doi in loaded])
        # of two batches that are written at once the second may be the first to be there
        rest = sorted(papers, key=lambda p: p.doi not in loaded)[: len(loaded) + 20]
        load(rest, store)
        assert snapshot(store) == expected(rest)
