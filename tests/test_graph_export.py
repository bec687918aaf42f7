"""The graph in files holds what a store holds; other programs read it."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import networkx
import pyarrow.parquet
import pytest
from lxml import etree

from biorxivist.errors import UserError
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.export import export
from biorxivist.graph.graphml import NAMESPACE
from biorxivist.graph.loading import load, load_annotations
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from tests.conftest import absent
from tests.graph_papers import HOSTILE, LAB, OTHER, expected, paper, second, snapshot
from tests.neo4j import PASSWORD, SCRIPT, missing, neo4j_server
from tests.test_annotations import annotated
from tests.test_graph_commands import run, write

UNKNOWN = "10.1101/2024.02.29.000009"
PAPERS = [
    paper(title=f'{HOSTILE} "quoted", a;b|c\nand a second line', keywords=['a;b,"c"', "x\ny"]),
    second(),
    paper(OTHER, affiliations=[replace(LAB, text=LAB.text.upper())], withdrawn=True, keywords=[]),
    paper(UNKNOWN, 0, versions=[], abstract="", authors=[], references=[]),
]


@pytest.fixture
def feed(tmp_path) -> Path:
    return write(tmp_path / "papers.jsonl", PAPERS)


def from_parquet(folder: Path) -> dict:
    found = {}
    for table in (*NODES, *RELATIONSHIPS):
        name = getattr(table, "name", "") or table.label
        rows = [tuple(row.values()) for row in pyarrow.parquet.read_table(folder / f"{name}.parquet").to_pylist()]
        found[name] = keyed(table, rows)
    return found


def keyed(table, rows) -> dict:
    plain = [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in rows]
    if table in NODES:
        return {row[0]: row for row in plain}
    return {row[: 3 if table.key else 2]: row[2:] for row in plain}


def test_parquet_holds_the_graph(feed, tmp_path):
    papers, nodes, relationships, absent = export([feed], f"{tmp_path}/graph")
    wanted = expected(PAPERS)
    assert from_parquet(tmp_path / "graph") == wanted
    assert (papers, absent) == (4, [])
    assert nodes == sum(len(wanted[n.label]) for n in NODES)
    assert relationships == sum(len(wanted[r.name]) for r in RELATIONSHIPS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph", "papers.jsonl"]


def test_the_order_of_a_feed_changes_no_byte(feed, tmp_path):
    other = write(tmp_path / "other.jsonl", list(reversed(PAPERS)))
    for source, target in ((feed, "one"), (other, "two")):
        export([source], f"{tmp_path}/{target}", "csv")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_several_feeds_are_one_graph_as_if_loaded(feed, tmp_path):
    # a line with less text and one fetched earlier, whose record alone counts
    bare = paper(coverage="abstract", sections=[], references=[], published_doi="10.9999/j.2", fetched="2025-01-01T00:00:00+00:00")  # fmt: skip
    early = paper(OTHER, title="Old", fetched="2023-01-01T00:00:00+00:00", version=1)
    feeds = [write(tmp_path / "bare.jsonl", [bare]), feed, write(tmp_path / "early.jsonl", [early])]
    with Ladybug(tmp_path / "graph.lbug", write=True) as store:
        store.define()
        load(PAPERS, store)
        assert load([bare, early], store) == Outcome(older=2)
        wanted = snapshot(store)
    for order in (feeds, feeds[::-1]):
        export(order, f"{tmp_path}/graph")
        assert from_parquet(tmp_path / "graph") == wanted


def test_annotations_come_along_as_if_loaded(feed, tmp_path):
    mined = [annotated(), annotated(OTHER), annotated("10.1101/2024.02.29.999999")]
    annotations = write(tmp_path / "annotations.jsonl", mined)
    with Ladybug(tmp_path / "graph.lbug", write=True) as store:
        store.define()
        load(PAPERS, store)
        absent = load_annotations(mined, store)[1]
        wanted = snapshot(store)
    assert wanted["Entity"]
    assert export([annotations, feed], f"{tmp_path}/graph").absent == absent == ["10.1101/2024.02.29.999999v1"]
    assert from_parquet(tmp_path / "graph") == wanted


def test_ladybug_copies_the_parquet_files(feed, tmp_path):
    export([feed], f"{tmp_path}/graph")
    with Ladybug(tmp_path / "graph.lbug", write=True) as store:
        store.define()
        for node in NODES:
            store.connection.execute(f'COPY {node.label} FROM "{tmp_path}/graph/{node.label}.parquet"')
        for r in RELATIONSHIPS:
            # a type between several labels has the properties of all
            own = f"({', '.join(p.name for p in r.properties)})" if r.properties else ""
            store.connection.execute(f"COPY {r.type}{own} FROM \"{tmp_path}/graph/{r.name}.parquet\" (from='{r.start}', to='{r.end}')")  # fmt: skip
        assert snapshot(store) == expected(PAPERS)


def test_neo4j_admin_imports_the_csv_files_and_a_read_only_server_says_so(feed, tmp_path):
    if why := missing():
        absent(why)
    status, _, told = run(tmp_path, "export", "papers.jsonl", "graph/", "--format", "csv")
    assert status == 0, told
    home = tmp_path / "home"
    (home / "conf").mkdir(parents=True)
    assert told.endswith("to import them: cd graph/ && neo4j-admin database import full neo4j @import.args\n")
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_PASSWORD": PASSWORD}
    subprocess.run([SCRIPT, "install"], env=environment, check=True)
    done = subprocess.run([SCRIPT, "admin", "database", "import", "full", "neo4j", "@import.args"], cwd=tmp_path / "graph", env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    assert not (tmp_path / "graph" / "import.report").exists() or not (tmp_path / "graph" / "import.report").read_text()
    with neo4j_server(home) as server, Neo4j(Address(server.uri, password=PASSWORD)) as store:
        found, wanted = snapshot(store), expected(PAPERS)
        for label in wanted:
            assert found[label] == wanted[label]
        # constraints and indexes come with the first load
        store.define()
        assert load(PAPERS, store) == Outcome(unchanged=len(PAPERS))
        server.stop()
        server.start("server.databases.default_to_read_only=true")
        to = {"NEO4J_URI": server.uri, "NEO4J_PASSWORD": PASSWORD}
        write(tmp_path / "more.jsonl", [paper("10.1101/2024.02.29.000010")])
        status, _, told = run(tmp_path, "load", "more.jsonl", **to)
        assert (status, len(told.splitlines())) == (1, 1)
        assert f"the database at {server.uri} cannot be written" in told
        assert run(tmp_path, "show", "categories", **to)[1].splitlines()[1].split() == ["cell", "biology", "3"]


def test_networkx_reads_the_graphml(feed, tmp_path):
    export([feed], f"{tmp_path}/papers.graphml")
    graph = networkx.read_graphml(tmp_path / "papers.graphml", force_multigraph=True)
    wanted = expected(PAPERS)
    for node in NODES:
        found = {
            id.partition("/")[2]: data for id, data in graph.nodes(data=True) if data["labels"] == f":{node.label}"
        }
        assert found == {key: named(node.properties, row, labels=f":{node.label}") for key, row in wanted[node.label].items()}  # fmt: skip
    edges = sorted((a, b, sorted(data.items())) for a, b, data in graph.edges(data=True))
    assert edges == sorted(
        (f"{r.start}/{key[0]}", f"{r.end}/{key[1]}", sorted(named(r.properties, row, label=r.type).items()))
        for r in RELATIONSHIPS
        for key, row in wanted[r.name].items()
    )


def named(properties, row, **first) -> dict:
    values = {p.name: value for p, value in zip(properties, row, strict=True) if value is not None}
    return first | {
        k: json.dumps(list(v), ensure_ascii=False) if isinstance(v, tuple) else v for k, v in values.items()
    }


def test_graphml_is_xml_whatever_a_feed_holds(tmp_path):
    feed = write(tmp_path / "papers.jsonl", [paper(title="a\x0bb\ufffe <c> & ]]>", keywords=["\x00"])])
    export([feed], f"{tmp_path}/papers.graphml")
    tree = etree.parse(tmp_path / "papers.graphml")
    titles = tree.xpath("//g:data[@key='n_title']/text()", namespaces={"g": NAMESPACE})
    assert "ab <c> & ]]>" in titles


def test_what_fails_leaves_what_was_there(feed, tmp_path):
    export([feed], f"{tmp_path}/graph")
    before = {path.name: path.read_bytes() for path in (tmp_path / "graph").iterdir()}
    feed.write_bytes(feed.read_bytes() + b'{"doi": 3}\n')
    for target in (f"{tmp_path}/graph", f"{tmp_path}/new", f"{tmp_path}/new.graphml"):
        with pytest.raises(UserError, match=r"line 5 is no paper"):
            export([feed], target)
    assert {path.name: path.read_bytes() for path in (tmp_path / "graph").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph", "papers.jsonl"]


@pytest.mark.parametrize(
    ("args", "status", "line"),
    [
        (["papers.jsonl"], 2, "give a feed and where to write: scrapy graph export papers.jsonl graph/"),
        (["papers.jsonl", "graph.csv"], 2, "graph.csv: give a folder, for parquet, or a name that ends in .graphml"),
        (["papers.jsonl", "graph.csv", "--format", "csv"], 2, "graph.csv: give a folder, for csv"),
        (["none.jsonl", "graph"], 1, "cannot read the feed none.jsonl"),
        (["papers.jsonl", "papers.jsonl/graph"], 1, "cannot write"),
    ],
)
def test_what_is_wrong_is_one_line(feed, tmp_path, args, status, line):
    got, out, err = run(tmp_path, "export", *args)
    assert (got, out) == (status, "")
    assert line in err
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["papers.jsonl"]
