"""A disk that is full or cannot be written, a log that is cut off, names that look like Cypher: one line, nothing half-written."""

import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from biorxivist.feed import read_feed
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.loading import load
from biorxivist.graph.questions import question
from biorxivist.graph.writing import Outcome
from biorxivist.items import Affiliation, Author, Award, Mention
from tests.bench.graph_papers import bench_papers
from tests.graph_papers import HOSTILE, expected, paper, snapshot
from tests.small_disk import small_disk
from tests.test_graph_commands import run, write
from tests.test_graph_stores import store  # noqa: F401

GRAPH = f"BIORXIVIST_DATA=$PWD {sys.executable} -m biorxivist graph"


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """A feed whose graph is larger than the disks below."""
    return write(tmp_path_factory.mktemp("feed") / "papers.jsonl", bench_papers(150))


def test_a_full_disk_is_told_and_loading_goes_on_when_there_is_room(many, tmp_path):
    with small_disk(tmp_path, "72m") as disk:
        done = disk.run(f"""
            {GRAPH} load {many}; echo status $?
            {GRAPH} query 'MATCH (v:Version) RETURN count(v) AS n' --json
            mount -o remount,size=400m {tmp_path}
            {GRAPH} load {many}; echo status $?
        """)  # fmt: skip
    first, count, again = done.stdout.splitlines()
    assert (first, again) == ("status 1", "status 0"), done.stderr
    told = done.stderr.splitlines()
    assert told[0].startswith("scrapy graph: the disk of ")
    assert "is full" in told[0]
    written = int(count.partition(": ")[2].rstrip("}"))
    assert 0 < written < 150
    assert told[-1] == f"{150 - written} new, 0 changed, {written} as before"


@pytest.mark.parametrize("target", ["graph/", "graph/ --format csv", "graph.graphml"])
def test_no_room_leaves_no_part_of_an_export(many, tmp_path, target):
    limited = f"ulimit -f 100; cd {tmp_path}; {GRAPH} export {many} {target}; echo status $?; ls -A"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout == "status 1\n"
    assert done.stderr.startswith("scrapy graph: cannot write")
    assert len(done.stderr.splitlines()) == 1


def test_a_disk_that_cannot_be_written(many, tmp_path):
    one = write(many.parent / "one.jsonl", [paper()])
    with small_disk(tmp_path, "200m") as disk:
        done = disk.run(f"""
            {GRAPH} load {one} || exit 9
            mount -o remount,ro {tmp_path}
            {GRAPH} load {many}; echo status $?
            {GRAPH} show categories --json
        """)  # fmt: skip
    assert done.stdout.splitlines() == ["status 1", '{"category": "cell biology", "papers": 1}'], done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert done.stderr.splitlines()[1].startswith("scrapy graph: ")


def test_a_log_that_is_cut_off_costs_one_batch_and_not_the_graph(many, tmp_path):
    # the limit stops the write in the middle, and Ladybug ends the process
    limited = f"ulimit -c 0; ulimit -f 8000; cd {tmp_path}; {GRAPH} load {many}"
    assert subprocess.run(["bash", "-c", limited], capture_output=True, check=False, timeout=300).returncode
    papers = list(read_feed(many))
    with Ladybug(tmp_path / "graph.lbug", write=True) as graph:
        there = {row[0] for row in graph.read("MATCH (v:Version) WHERE v.loaded = 1 RETURN v.id", {})[1]}
        assert 0 < len(there) < len(papers)
        assert snapshot(graph) == expected([p for p in papers if str(p) in there])
        assert load(papers, graph) == Outcome(new=len(papers) - len(there), unchanged=len(there))
        assert snapshot(graph) == expected(papers)


def test_names_that_look_like_cypher(store):  # noqa: F811
    places = [Affiliation("a1", HOSTILE, HOSTILE, "`}}"), Affiliation("a2", "'})")]
    hostile = paper(
        title=HOSTILE,
        abstract=HOSTILE,
        category=HOSTILE,
        license="{license}",
        authors=[
            Author(HOSTILE, "Bobby', {x: 1})", HOSTILE, affiliations=["a1", "a2"]),
            Author("$rows", group="$rows"),
        ],
        affiliations=places,
        awards=[Award(HOSTILE, "", "R'1")],
        mentions=[Mention("geo", HOSTILE, "http://example.org/'", HOSTILE)],
        keywords=[HOSTILE, "[]", "{}"],
    )
    assert load([hostile], store) == Outcome(new=1)
    assert snapshot(store) == expected([hostile])
    assert load([hostile], store) == Outcome(unchanged=1)
    asked = question("papers")
    assert [row[2] for row in store.read(asked.text, asked.bound([HOSTILE], 25))[1]] == [HOSTILE]


BOLT = bytes.fromhex("6060b017")
# what a Neo4j says to everything: SUCCESS, and what it is
OLD = b"\xb1\x70\xa2\x86server\x8cNeo4j/4.4.38\x8dconnection_id\x84bolt"


@contextmanager
def answering(hello: bytes, then: bytes = b"") -> Iterator[str]:
    """The address of a server that answers what comes first, and each message after it, with these bytes."""

    class Answers(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            assert self.request.recv(20, socket.MSG_WAITALL).startswith(BOLT)
            self.request.sendall(hello)
            while then and (said := self.request.recv(65536)):
                self.request.sendall((len(then).to_bytes(2) + then + bytes(2)) * said.count(bytes(2)))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "bolt://{}:{}".format(*server.server_address)
        server.shutdown()


@pytest.mark.parametrize(
    ("hello", "then", "line"),
    [
        (bytes.fromhex("00000404"), OLD, "Neo4j/4.4.38 at {} is too old: Neo4j 5 or newer is needed\n"),
        # 4.0 and 4.1 speak none of the driver's protocols
        (bytes(4), b"", "what answers at {} is no Neo4j, or one that is too old: Neo4j 5 or newer is needed\n"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", b"", "what answers at {} is no Neo4j, or one that is too old"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", "no Neo4j answers at {}"),
        (b"", b"", "no Neo4j answers at {}"),
    ],
    ids=["4.4", "4.1", "ssh", "http", "closed"],
)  # fmt: skip
def test_what_is_no_neo4j_of_today(tmp_path, hello, then, line):
    with answering(hello, then) as uri:
        status, out, told = run(tmp_path, "count", NEO4J_URI=uri, NEO4J_PASSWORD="any")
    assert (status, out, len(told.splitlines())) == (1, "", 1)
    assert told.startswith(f"scrapy graph: {line.format(uri)}")
