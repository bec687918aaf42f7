"""A crawl that keeps a real Neo4j up to date, and what becomes of it when the database is lost."""

import re
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from biorxivist.feed import read_feed
from biorxivist.graph.loading import load
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from tests.crawling import local_site
from tests.graph_papers import expected, snapshot
from tests.neo4j import PASSWORD
from tests.test_graph_stores import wiped

EVERYTHING = ("search", "-a", "q=the", "-a", "server=both", "-a", "limit=12")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def papers(run):
    return list(read_feed(run.feed))


@contextmanager
def cable(uri: str):
    """The address of a way to a server that can be cut: `cut()` ends all connections and takes no more."""
    host, port = uri.removeprefix("bolt://").split(":")
    ends: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)

    def accept() -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            other = socket.create_connection((host, int(port)))
            ends.extend((one, other))
            threading.Thread(target=carry, args=(one, other), daemon=True).start()
            threading.Thread(target=carry, args=(other, one), daemon=True).start()

    def cut() -> None:
        # a listener that only closes goes on accepting in the thread that waits
        for end in (listener, *ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"bolt://127.0.0.1:{listener.getsockname()[1]}", cut
    finally:
        cut()


def test_a_crawl_writes_what_its_feed_has(site, neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with wiped(neo4j) as store:
        run = site.crawl(tmp_path, *EVERYTHING, "-s", f"NEO4J_URI={neo4j.uri}", "-s", "NEO4J_BATCH=4")
        assert run.status == 0, run.log
        found = papers(run)
        assert len(found) > 5
        assert snapshot(store) == expected(found)
        assert f"graph: {len(found)} papers written to {neo4j.uri}" in run.log
        assert load(found, store) == Outcome(unchanged=len(found))
    assert PASSWORD not in run.log


def test_without_a_server_the_crawl_is_whole_and_the_graph_is_said_to_lack(site, tmp_path):
    gone = ("-s", "NEO4J_URI=bolt://127.0.0.1:1", "-s", "NEO4J_PATIENCE=0")
    run = site.crawl(tmp_path, *EVERYTHING, *gone)
    assert run.status == 3, run.log
    found = papers(run)
    assert len(found) > 5
    assert "no Neo4j answers at bolt://127.0.0.1:1" in run.log
    assert f"graph: 0 papers written, {len(found)} not" in run.log
    assert "scrapy graph load papers.jsonl" in run.log
    assert "Traceback" not in run.log


def test_a_wrong_password_ends_a_crawl_before_its_first_request(site, neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "not this one")
    before = len(site.asked)
    run = site.crawl(tmp_path, *EVERYTHING, "-s", f"NEO4J_URI={neo4j.uri}")
    assert run.status == 1, run.log
    assert "refuses user neo4j: set NEO4J_USERNAME and NEO4J_PASSWORD" in run.log
    assert "Traceback" not in run.log
    assert "not this one" not in run.log
    assert len(site.asked) == before


def test_a_database_lost_on_the_way_loses_no_paper(neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with wiped(neo4j) as store, cable(neo4j.uri) as (uri, cut), local_site(tmp_path, "--delay", "0.5") as site:
        store.define()

        def cut_after_the_first() -> None:
            with Neo4j(Address(neo4j.uri, password=PASSWORD)) as watching:
                while not watching.read("MATCH (v:Version) RETURN count(v)", {})[1][0][0]:
                    time.sleep(0.05)
            cut()

        waiting = threading.Thread(target=cut_after_the_first, daemon=True)
        waiting.start()
        options = ("NEO4J_BATCH=1", "NEO4J_PATIENCE=0", "NEO4J_PAUSE=0.1")
        run = site.crawl(tmp_path, *EVERYTHING, "-s", f"NEO4J_URI={uri}", *(a for o in options for a in ("-s", o)))
        waiting.join(300)
        assert run.status == 3, run.log
        found = papers(run)
        there = {row[0] for row in store.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.id", {})[1]}
        assert 0 < len(there) < len(found)
        written, lacking = map(int, re.search(r"graph: (\d+) papers written, (\d+) not", run.log).groups())
        assert written + lacking == len(found)
        # the word that a batch was written may have been lost with the line
        assert len(there) - written in (0, 1)
        assert snapshot(store) == expected([p for p in found if str(p) in there])
        assert load(found, store) == Outcome(new=len(found) - len(there), unchanged=len(there))
        assert snapshot(store) == expected(found)
