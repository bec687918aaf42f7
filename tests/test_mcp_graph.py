"""The graph behind MCP, driven by the SDK's own client: it answers, within limits, and nothing that is asked changes anything."""

import asyncio
import json
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

mcp = pytest.importorskip("mcp")
from mcp import Client, StdioServerParameters  # noqa: E402

from biorxivist.graph.embedded import Ladybug  # noqa: E402
from biorxivist.graph.faults import GraphError  # noqa: E402
from biorxivist.graph.guarded import answer, check  # noqa: E402
from biorxivist.graph.loading import load  # noqa: E402
from biorxivist.graph.server import Neo4j  # noqa: E402
from tests.graph_papers import DOI, HOSTILE, OTHER, paper, snapshot  # noqa: E402
from tests.neo4j import PASSWORD  # noqa: E402
from tests.test_graph_stores import wiped  # noqa: E402

TITLES = "MATCH (p:Paper) RETURN p.doi AS doi, p.title AS title ORDER BY doi"
SLOW = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c WITH a, b, c WHERE a * b = c + 7 RETURN count(*) AS n"
CHANGES = [
    "CREATE (:Paper {doi: 'x'})",
    "MATCH (p:Paper) SET p.title = 'x' RETURN p",
    "match (p:Paper) dEtAcH delete p",
    "MATCH (p:Paper) REMOVE p.title RETURN p",
    "MERGE (p:Paper {doi: 'x'}) RETURN p",
    "MATCH (p:Paper) RETURN p.title; MATCH (n) DETACH DELETE n",
    "MATCH (p:Paper) /* */ SET /* */ p.title = '' RETURN p",
    "MATCH (p:Paper) WHERE p.title = '\\u0027 SET p.title = \\u0027' RETURN p",
    "MATCH (p:Paper) FOREACH (x IN [1] | SET p.title = 'x')",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "UNWIND [1] AS x LOAD CSV FROM 'http://127.0.0.1:9/' AS line RETURN line",
    "LOAD FROM '/etc/passwd' RETURN *",
    "COPY (MATCH (p:Paper) RETURN p.doi) TO 'stolen.csv'",
    "EXPORT DATABASE 'stolen'",
    "ATTACH 'other.lbug' AS other (dbtype lbug)",
    "INSTALL httpfs",
    "CALL dbms.listConfig()",
    "MATCH (p:Paper) CALL apoc.load.json('http://127.0.0.1:9/') YIELD value RETURN value",
    "MATCH (p:Paper) CALL { CREATE (:Paper) } RETURN p",
    "CALL threads=1",
    "DROP TABLE Paper",
    "DROP CONSTRAINT paper_doi",
    "SHOW USERS",
    "USE system MATCH (n) RETURN n",
    "PROFILE MATCH (p:Paper) RETURN p",
    "BEGIN TRANSACTION",
    "",
    "// MATCH (n) RETURN n",
]


@pytest.fixture(scope="module", params=["ladybug", "neo4j"])
def graph(request, tmp_path_factory):
    """A graph: what opens it to be read, and what the server is told of it."""
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j")
        made, options = wiped(server), ["-s", f"NEO4J_URI={server.uri}"]
    else:
        file = tmp_path_factory.mktemp("graph") / "graph.lbug"
        made, options = Ladybug(file, write=True), ["--graph", str(file)]
    with made as store:
        store.define()
        load([paper(), paper(OTHER, title=HOSTILE)], store)
    return (lambda: Ladybug(made.path)) if request.param == "ladybug" else (lambda: Neo4j(made.address)), options


@pytest.fixture
def store(graph):
    """The graph as the server opens it."""
    with graph[0]() as store:
        yield store


def test_a_client_asks_the_graph(graph, tmp_path):
    async def work():
        command = ["-m", "biorxivist", "mcp", "--graph-seconds", "600", *graph[1]]
        environment = {**os.environ, "NEO4J_PASSWORD": PASSWORD}
        served = StdioServerParameters(command=sys.executable, args=command, cwd=tmp_path, env=environment)
        async with Client(served) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            schema = content(await client.call_tool("graph_schema", {}))
            titles = content(await client.call_tool("query_graph", {"query": TITLES}))
            bound = content(await client.call_tool("query_graph", {"query": "MATCH (p:Paper {doi: $doi})-[r:HAS_VERSION]->(v) RETURN p, r", "parameters": {"doi": DOI}}))  # fmt: skip
            first = content(await client.call_tool("query_graph", {"query": TITLES, "limit": 1}))
            ready = [await client.call_tool("query_graph", {"query": q, "parameters": values(q)}) for q in schema["questions"].values()]  # fmt: skip
            wrong = [await client.call_tool("query_graph", {"query": q}) for q in (CHANGES[0], "MATCH (p:Paper", "MATCH (p:Papre) RETURN p.x.y.z(")]  # fmt: skip
            return tools, titles, bound, first, ready, wrong

    tools, titles, bound, first, ready, wrong = asyncio.run(work())
    assert {"graph_schema", "query_graph"} <= set(tools)
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert titles["rows"] == [{"doi": DOI, "title": "Slow monocytes"}, {"doi": OTHER, "title": HOSTILE}]
    assert (first["rows"], first["more"], titles["more"]) == (titles["rows"][:1], True, False)
    assert bound["rows"][0]["p"]["title"] == "Slow monocytes"
    assert not [r for r in ready if r.is_error], "a question of the schema fails"
    assert all(r.is_error and len(r.content[0].text.splitlines()) == 1 for r in wrong)
    assert list(tmp_path.iterdir()) == []


def content(result):
    assert not result.is_error, result
    return json.loads(result.content[0].text)


def values(query: str) -> dict:
    return {name: 5 if name == "limit" else "x" for name in ("limit", "author", "doi", "kind", "entity") if f"${name}" in query}  # fmt: skip


@pytest.mark.parametrize("query", CHANGES)
def test_nothing_changes_and_no_file_is_touched(store, query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = snapshot(store)
    with pytest.raises(GraphError):
        store.ask(query, {}, 60, 10)
    assert snapshot(store) == before
    assert list(tmp_path.iterdir()) == []


def test_neo4j_itself_refuses_what_would_pass_our_check(neo4j, monkeypatch):
    with wiped(neo4j) as store:
        monkeypatch.setattr("biorxivist.graph.server.check", lambda text: None)
        for query in (CHANGES[0], CHANGES[9], "CALL db.labels()", "MATCH (p) CALL apoc.load.json('http://127.0.0.1:9/') YIELD value RETURN value"):  # fmt: skip
            with pytest.raises(GraphError, match="a query only reads"):
                store.ask(query, {}, 60, 10)


def test_what_takes_too_long_is_ended(store):
    with pytest.raises(GraphError, match=r"(?i)timeout|timed out|interrupted|terminated"):
        store.ask(SLOW, {}, 0.5, 10)
    assert len(store.ask(TITLES, {}, 60, 10)[1]) == 2, "and the next question is answered"


def test_rows_are_counted_not_collected(store):
    columns, rows, more = store.ask("UNWIND range(1, 100000) AS n RETURN n", {}, 60, 3)
    assert (columns, rows, more) == (["n"], [(1,), (2,), (3,)], True)
    assert answer(["t"], [("x" * 900,)] * 100, 2000) == [{"t": "x" * 900}] * 2


@pytest.mark.parametrize(
    "query",
    [
        TITLES,
        "MATCH (p:Paper) WHERE p.title CONTAINS 'CREATE; DROP' RETURN p.doi // SET",
        "MATCH (p:Paper) WHERE p.`set` IS NULL RETURN p.title AS `delete`",
        'UNWIND $rows AS row OPTIONAL MATCH (v:Version {doi: row}) WITH v WHERE v.title = "it\'s; CALL x()" RETURN v.create;',
        "MATCH (a:SET)-[r:CALL|LOAD]->(b) RETURN a.load, $call",
    ],
)
def test_words_that_are_no_clauses_pass(query):
    check(query)


@given(st.text("'\"`\\/*\n;SET ", max_size=40))
def test_no_string_hides_a_clause(noise):
    """Whatever stands before a clause in a query that is well formed, the clause is seen."""
    for query in (f"MATCH (n) WHERE n.x = $x /*{noise.replace('*/', '')}*/ SET n.x = 1", f"MATCH (n) //{noise.splitlines()[0] if noise.splitlines() else ''}\n DELETE n"):  # fmt: skip
        with pytest.raises(GraphError):
            check(query)
