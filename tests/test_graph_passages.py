"""Passages in Neo4j's own indexes: made by us, read by us, by LangChain and by neo4j-graphrag."""

import json

import pytest
from langchain_core.embeddings import Embeddings
from langchain_neo4j import Neo4jVector
from langchain_neo4j.vectorstores.neo4j_vector import SearchType
from neo4j_graphrag.embeddings import OpenAIEmbeddings
from neo4j_graphrag.retrievers import HybridRetriever, VectorCypherRetriever, VectorRetriever

from biorxivist.feed import to_json
from biorxivist.graph.faults import GraphError
from biorxivist.graph.loading import load
from biorxivist.graph.passages import Indexes, embed, search
from biorxivist.graph.server import Neo4j
from biorxivist.items import Block, Section
from tests.endpoint import DIMENSIONS, embedding, endpoint
from tests.graph_papers import DOI, OTHER, paper, second
from tests.neo4j import PASSWORD
from tests.test_graph_stores import wiped

KELP = "Kelp forests store carbon in cold water."
QUESTION = "Do kelp forests store carbon in cold water?"
INDEXES = Indexes()


def spelled(title: str, text: str) -> str:
    return f"{title}\n{text}"


def kelp(**fields):
    return paper(OTHER, title="Kelp", abstract=KELP, sections=[Section("s1", "Results", "results", blocks=[Block("paragraph", "It grows.")])], references=[], **fields)  # fmt: skip


class Ours:
    """The test endpoint's vectors."""

    model = "stub"

    def __init__(self, fails_after: int = 10**9):
        self.calls, self.fails_after = 0, fails_after

    def embed(self, texts):
        self.calls += 1
        if self.calls > self.fails_after:
            raise OSError("broken off")
        return [embedding(text) for text in texts]


class Other(Ours):
    model = "other"

    def embed(self, texts):
        return [embedding(text)[:40] for text in texts]


class ForLangChain(Embeddings):
    def embed_documents(self, texts):
        return [embedding(text) for text in texts]

    def embed_query(self, text):
        return embedding(text)


@pytest.fixture
def store(neo4j):
    with wiped(neo4j) as store, store.driver.session() as session:
        for name in (INDEXES.vector, INDEXES.fulltext, "other_name"):
            session.run(f"DROP INDEX {name} IF EXISTS").consume()
        store.define()
        load([paper(), kelp()], store)
        yield store


@pytest.fixture
def embedded(store):
    assert embed(store, Ours(), INDEXES, spelled) == count(store)
    return store


def count(store: Neo4j, where: str = "true") -> int:
    return store.read(f"MATCH (c:Chunk) WHERE {where} RETURN count(c)", {})[1][0][0]


def test_every_passage_gets_its_vector_once(embedded):
    rows = embedded.read("MATCH (c:Chunk {id: $id}) RETURN c.embedding, c.embedding_model", {"id": f"{OTHER}v1#abstract:0"})[1]  # fmt: skip
    assert rows == [(embedding(f"Kelp\n{KELP}"), "stub")]
    again = Ours()
    assert embed(embedded, again, INDEXES, spelled) == 0
    assert again.calls == 0
    load([second()], embedded)
    assert 0 < embed(embedded, again, INDEXES, spelled) < count(embedded)
    assert count(embedded, "c.embedding IS NULL") == 0


def test_a_run_that_breaks_off_goes_on_where_it_was(store, monkeypatch):
    monkeypatch.setattr("biorxivist.graph.passages.BATCH", 2)
    with pytest.raises(OSError, match="broken off"):
        embed(store, Ours(fails_after=2), INDEXES, spelled)
    assert count(store, "c.embedding IS NOT NULL") == 4
    assert embed(store, Ours(), INDEXES, spelled) == count(store) - 4


def test_another_model_is_noticed_and_taken_on_request(embedded):
    with pytest.raises(GraphError, match=r"of the model stub and EMBEDDINGS_MODEL is other: set it back, or .* --embed-again"):  # fmt: skip
        embed(embedded, Other(), INDEXES, spelled)
    assert embed(embedded, Other(), INDEXES, spelled, again=True) == count(embedded)
    assert count(embedded, "size(c.embedding) = 40 AND c.embedding_model = 'other'") == count(embedded)
    assert search(embedded, INDEXES, "", embedding(KELP)[:40], 1)[0].text == KELP


def test_words_and_nearness_are_fused(embedded):
    best = search(embedded, INDEXES, QUESTION, embedding(QUESTION), 3)
    assert (best[0].text, best[0].doi, best[0].version, best[0].title, best[0].path) == (KELP, OTHER, 1, "Kelp", ["Abstract"])  # fmt: skip
    assert best[0].score == pytest.approx(2 / 61), "first of both lists"
    assert search(embedded, INDEXES, "forest", None, 3)[0].text == KELP, "by the stem of a word"
    assert search(embedded, INDEXES, "", embedding(KELP), 1)[0].text == KELP
    for hostile in ('kelp" AND (', "AND OR NOT", "kelp~2 ^ \\", "*:*", "/.*/", ""):
        search(embedded, INDEXES, hostile, None, 3)


def test_only_current_versions_are_found(embedded):
    load([second()], embedded)
    embed(embedded, Ours(), INDEXES, spelled)
    found = search(embedded, INDEXES, "monocytes migrate", embedding("monocytes migrate"), 50)
    assert {(f.doi, f.version) for f in found if f.doi == DOI} == {(DOI, 2)}


def test_indexes_by_name(embedded):
    with pytest.raises(
        GraphError, match="passages have the index chunk_embedding already: set NEO4J_VECTOR_INDEX=chunk_embedding"
    ):
        embed(embedded, Other(), Indexes("other_name"), spelled, again=True)
    with pytest.raises(GraphError, match="the index version_doi is one of something else: set NEO4J_FULLTEXT_INDEX"):
        embed(embedded, Ours(), Indexes(fulltext="version_doi"), spelled)
    with pytest.raises(GraphError, match="NEO4J_VECTOR_INDEX=x` y: letters"):
        Indexes("x` y")


# --- read by others ---------------------------------------------------------------------------------------------------


def test_langchain_reads_what_we_wrote(neo4j, embedded):
    address = {"url": neo4j.uri, "username": "neo4j", "password": PASSWORD}
    plain = Neo4jVector.from_existing_index(ForLangChain(), index_name=INDEXES.vector, **address)
    (found,) = plain.similarity_search(QUESTION, k=1)
    assert found.page_content == KELP
    assert found.metadata["section_kind"] == "abstract"
    hybrid = Neo4jVector.from_existing_index(
        ForLangChain(), index_name=INDEXES.vector, keyword_index_name=INDEXES.fulltext, search_type=SearchType.HYBRID, **address
    )  # fmt: skip
    assert hybrid.similarity_search(QUESTION, k=1)[0].page_content == KELP
    cited = Neo4jVector.from_existing_index(
        ForLangChain(),
        index_name=INDEXES.vector,
        retrieval_query="MATCH (v:Version {id: split(node.id, '#')[0]}) "
        "RETURN node.text AS text, score, {doi: v.doi, title: v.title} AS metadata",
        **address,
    )
    assert cited.as_retriever(search_kwargs={"k": 1}).invoke(QUESTION)[0].metadata == {"doi": OTHER, "title": "Kelp"}


def test_graphrag_reads_what_we_wrote(embedded):
    with endpoint() as served:
        embedder = OpenAIEmbeddings(model="stub", base_url=served.url, api_key="none")
        driver = embedded.driver
        found = VectorRetriever(driver, INDEXES.vector, embedder, ["text", "id"]).search(query_text=QUESTION, top_k=1)
        assert KELP in found.items[0].content
        found = HybridRetriever(driver, INDEXES.vector, INDEXES.fulltext, embedder, ["text", "id"]).search(query_text=QUESTION, top_k=1)  # fmt: skip
        assert KELP in found.items[0].content
        query = "MATCH (node)-[:PART_OF*1..5]->(v:Version)<-[:AUTHORED]-(a:Author) RETURN v.doi AS doi, collect(a.name) AS authors"
        found = VectorCypherRetriever(driver, INDEXES.vector, query, embedder).search(query_text=QUESTION, top_k=1)
        assert OTHER in found.items[0].content
        assert "Jane Doe" in found.items[0].content


# --- the commands -----------------------------------------------------------------------------------------------------


def test_commands(neo4j, store, shell, tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    to = ("-s", f"NEO4J_URI={neo4j.uri}")
    done = shell.scrapy("graph", "search", QUESTION, *to)
    assert (done.status, done.err) == (1, "scrapy graph: the passages have no index yet: scrapy graph embed\n")
    assert shell.scrapy("graph", "embed", *to).err.startswith("chunk_text: words only, since EMBEDDINGS_URL")
    store.read("CALL db.awaitIndexes(300)", {})
    done = shell.scrapy("graph", "search", "kelp", "--json", *to)
    assert json.loads(done.out.splitlines()[0])["text"] == KELP
    with endpoint() as served:
        monkeypatch.setenv("EMBEDDINGS_URL", served.url)
        monkeypatch.setenv("EMBEDDINGS_MODEL", "stub")
        done = shell.scrapy("graph", "embed", *to)
        assert done.err == f"chunk_embedding, chunk_text: {count(store)} passages embedded now\n"
        assert store.read("SHOW INDEXES YIELD name, options WHERE name = 'chunk_embedding' RETURN options", {})[1][0][0]["indexConfig"]["vector.dimensions"] == DIMENSIONS  # fmt: skip
        assert KELP in shell.scrapy("graph", "search", QUESTION, "--limit", "1", *to).out
    # nothing to embed: a dead endpoint is not asked
    assert shell.scrapy("graph", "embed", *to).err == "chunk_embedding, chunk_text: 0 passages embedded now\n"
    feed = tmp_path / "papers.jsonl"
    feed.write_bytes(to_json(paper()) + b"\n")
    done = shell.scrapy("graph", "embed", feed, *to)
    assert (done.status, "embed takes no feed" in done.err) == (2, True)
    done = shell.scrapy("graph", "embed")
    assert (done.status, "set NEO4J_URI" in done.err) == (2, True)
