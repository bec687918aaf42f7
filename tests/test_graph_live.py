"""A crawl that keeps a real Neo4j up to date, and what becomes of it when the database is lost."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from biorxivist.feed import read_feed
from biorxivist.graph.loading import load
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from tests.conftest import absent
from tests.crawling import local_site
from tests.graph_papers import expected, snapshot
from tests.neo4j import PASSWORD, missing, neo4j_server
from tests.small_disk import small_disk
from tests.test_graph_commands import run as graph
from tests.test_graph_stores import wiped
from tests.waiting import until

EVERYTHING = ("search", "-a", "q=the", "-a", "server=both", "-a", "limit=12")
IMPATIENT = ("-s", "NEO4J_BATCH=1", "-s", "NEO4J_PATIENCE=0", "-s", "NEO4J_PAUSE=0.1")
# so that a small disk is full soon
SMALL_LOGS = ("db.tx_log.preallocate=false", "db.tx_log.rotation.size=16m")


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


@contextmanager
def after_the_first_paper(uri: str, happens: Callable[[], None]) -> Iterator[None]:
    """Have something happen once a server has a paper."""

    def watch() -> None:
        with Neo4j(Address(uri, password=PASSWORD)) as watching:
            until(lambda: watching.read("MATCH (v:Version) RETURN count(v)", {})[1][0][0])
        happens()

    waiting = threading.Thread(target=watch, daemon=True)
    waiting.start()
    yield
    waiting.join(300)


def written(run) -> tuple[int, int]:
    """How many papers a crawl says that it wrote, and how many not."""
    return tuple(map(int, re.search(r"graph: (\d+) papers written, (\d+) not", run.log).groups()))


def test_a_database_lost_on_the_way_loses_no_paper(neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with wiped(neo4j) as store, cable(neo4j.uri) as (uri, cut), local_site(tmp_path, "--delay", "0.5") as site:
        store.define()

        with after_the_first_paper(neo4j.uri, cut):
            run = site.crawl(tmp_path, *EVERYTHING, "-s", f"NEO4J_URI={uri}", *IMPATIENT)
        assert run.status == 3, run.log
        found = papers(run)
        there = {row[0] for row in store.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.id", {})[1]}
        assert 0 < len(there) < len(found)
        assert sum(written(run)) == len(found)
        # the word that a batch was written may have been lost with the line
        assert len(there) - written(run)[0] in (0, 1)
        assert snapshot(store) == expected([p for p in found if str(p) in there])
        assert load(found, store) == Outcome(new=len(found) - len(there), unchanged=len(there))
        assert snapshot(store) == expected(found)


def test_a_database_without_room_or_that_can_only_be_read(tmp_path, monkeypatch):
    if why := missing():
        absent(why)
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    with (
        small_disk(home / "data", "200m") as disk,
        # what it finds at the end of a log that was cut off may take it a gigabyte to read
        neo4j_server(home, *SMALL_LOGS, heap="3g", within=disk.within) as server,
        Neo4j(Address(server.uri, password=PASSWORD)) as store,
        local_site(tmp_path, "--delay", "0.5") as site,
    ):
        to, environment = ("-s", f"NEO4J_URI={server.uri}"), {"NEO4J_URI": server.uri, "NEO4J_PASSWORD": PASSWORD}
        store.define()
        with after_the_first_paper(server.uri, disk.fill):
            run = site.crawl(tmp_path, *EVERYTHING, *to, *IMPATIENT)
        assert run.status == 3, run.log
        assert f"Neo4j at {server.uri} cannot write, its disk may be full: make room, restart it" in run.log
        found = papers(run)
        assert sum(written(run)) == len(found)
        assert 0 < written(run)[0] < len(found)
        status, _, told = graph(tmp_path, "load", "papers.jsonl", *IMPATIENT, **environment)
        assert (status, len(told.splitlines())) == (1, 1)
        assert told.startswith(f"scrapy graph: Neo4j at {server.uri} cannot write, its disk may be full")

        server.stop()
        disk.clear()
        server.start(*SMALL_LOGS)
        there = {row[0] for row in store.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.id", {})[1]}
        assert len(there) == written(run)[0]
        assert snapshot(store) == expected([p for p in found if str(p) in there])
        status, _, told = graph(tmp_path, "load", "papers.jsonl", **environment)
        assert status == 0, told
        assert told.endswith(f"{len(found) - len(there)} new, 0 changed, {len(there)} as before\n")
        assert snapshot(store) == expected(found)

        server.stop()
        server.start(*SMALL_LOGS, "server.databases.default_to_read_only=true")
        before = len(site.asked)
        run = site.crawl(tmp_path, *EVERYTHING, *to, feed="again.jsonl")
        assert run.status == 1, run.log
        assert f"the database at {server.uri} cannot be written by user neo4j" in run.log
        assert "Traceback" not in run.log
        assert len(site.asked) == before
