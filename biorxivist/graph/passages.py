"""The passages of a graph in Neo4j as a library: words and vectors in its own indexes, so that others' retrievers read them too."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from biorxivist.graph.faults import GraphError
from biorxivist.graph.server import Neo4j

BATCH = 64
# reciprocal rank fusion: the constant of its authors, and how far down each list counts
RRF = 60
DEPTH = 100
WORDS = re.compile(r"\w+")
NAME = re.compile(r"[A-Za-z]\w*", re.A)


class Embedder(Protocol):
    """What makes vectors."""

    model: str

    def embed(self, texts: Sequence[str]) -> Any:
        """A vector a text."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """Names of the two indexes; raises `GraphError` for one that is no name."""

    vector: str = "chunk_embedding"
    fulltext: str = "chunk_text"

    def __post_init__(self) -> None:
        for setting, name in (("NEO4J_VECTOR_INDEX", self.vector), ("NEO4J_FULLTEXT_INDEX", self.fulltext)):
            if not NAME.fullmatch(name):
                raise GraphError(f"{setting}={name}: letters, digits and _ make a name")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found."""

    id: str
    score: float
    """Sum of 1 / (60 + rank) over the lists that have it: an order, no measure."""
    text: str
    path: list[str]
    """Headings above it."""
    doi: str
    version: int
    title: str
    url: str


# --- making -----------------------------------------------------------------------------------------------------------


def define(store: Neo4j, indexes: Indexes, dimensions: int = 0) -> None:
    """Make the index of words, and if `dimensions` are given that of vectors, where they are not there yet."""
    _make(store, indexes.fulltext, "NEO4J_FULLTEXT_INDEX", "text", f"CREATE FULLTEXT INDEX {indexes.fulltext} IF NOT EXISTS FOR (c:Chunk) ON EACH [c.text] OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'english'}}}}")  # fmt: skip
    if dimensions:
        _make(store, indexes.vector, "NEO4J_VECTOR_INDEX", "embedding", f"CREATE VECTOR INDEX {indexes.vector} IF NOT EXISTS FOR (c:Chunk) ON (c.embedding) OPTIONS {{indexConfig: {{`vector.dimensions`: {dimensions}, `vector.similarity_function`: 'cosine'}}}}")  # fmt: skip


def _make(store: Neo4j, name: str, setting: str, property: str, statement: str) -> None:
    kind = "VECTOR" if property == "embedding" else "FULLTEXT"
    found = {row[0]: row[1:] for row in _indexes(store)}
    if name in found and found[name] != (kind, ["Chunk"], [property]):
        raise GraphError(f"the index {name} is one of something else: set {setting} to another name")
    other = next((n for n, what in found.items() if what == (kind, ["Chunk"], [property])), name)
    if other != name:
        raise GraphError(f"passages have the index {other} already: set {setting}={other}, or drop that one")
    store.change(statement)


def _indexes(store: Neo4j) -> list[tuple[Any, ...]]:
    return store.read("SHOW INDEXES YIELD name, type, labelsOrTypes, properties", {})[1]


def embed(
    store: Neo4j,
    embedder: Embedder,
    indexes: Indexes,
    spelled: Callable[[str, str], str],
    again: bool = False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Embed the passages that have no vector, and with `again` those that have one of another model; returns how many.

    `spelled` makes of a paper's title and a passage what is embedded. A batch is a transaction: killed, it goes on where it was.
    """
    others = store.read(OTHERS, {"model": embedder.model})[1]
    if others and not again:
        raise GraphError(f"the vectors are of the model {others[0][0]} and EMBEDDINGS_MODEL is {embedder.model}: set it back, or embed everything anew with --embed-again")  # fmt: skip
    ((total,),) = store.read(f"MATCH (c:Chunk) WHERE {STALE} RETURN count(c)", {"model": embedder.model})[1]
    done, defined = 0, False
    for batch in _stale(store, embedder.model):
        vectors = [[float(x) for x in v] for v in embedder.embed([spelled(title or "", text) for _, title, text in batch])]  # fmt: skip
        if not defined:
            _fit(store, indexes, len(vectors[0]))
            defined = True
        rows = [{"id": id, "text": text, "vector": v} for (id, _, text), v in zip(batch, vectors, strict=True)]
        store.change(WRITE, {"rows": rows, "model": embedder.model})
        done += len(batch)
        told(done, total)
    define(store, indexes)
    store.read("CALL db.awaitIndexes(300)", {})
    return done


def _fit(store: Neo4j, indexes: Indexes, dimensions: int) -> None:
    """The index of vectors for so many dimensions; one of another model goes."""
    rows = store.read("SHOW INDEXES YIELD name, options WHERE name = $name RETURN options", {"name": indexes.vector})[1]
    if rows and rows[0][0]["indexConfig"].get("vector.dimensions") != dimensions:
        store.change(f"DROP INDEX {indexes.vector}")
    define(store, indexes, dimensions)


def _stale(store: Neo4j, model: str) -> Iterator[list[tuple[str, str, str]]]:
    after = ""
    while batch := store.read(BEHIND, {"after": after, "model": model, "limit": BATCH})[1]:
        after = batch[-1][0]
        yield batch


STALE = "(c.embedding IS NULL OR c.embedding_model <> $model)"
OTHERS = "MATCH (c:Chunk) WHERE c.embedding_model <> $model RETURN c.embedding_model LIMIT 1"
BEHIND = (
    f"MATCH (c:Chunk) WHERE c.id > $after AND {STALE} WITH c ORDER BY c.id LIMIT $limit "
    "OPTIONAL MATCH (v:Version {id: split(c.id, '#')[0]}) RETURN c.id, v.title, c.text ORDER BY c.id"
)
# a passage that was replaced meanwhile stays without a vector until the next run
WRITE = (
    "UNWIND $rows AS row MATCH (c:Chunk {id: row.id}) WHERE c.text = row.text SET c.embedding_model = $model "
    "WITH c, row CALL db.create.setNodeVectorProperty(c, 'embedding', row.vector)"
)


# --- finding ----------------------------------------------------------------------------------------------------------


def search(store: Neo4j, indexes: Indexes, question: str, vector: Sequence[float] | None, limit: int) -> list[Found]:
    """The best passages of current versions, by words and, with the question's vector, by nearness, fused by rank."""
    names = {row[0] for row in _indexes(store)}
    if indexes.fulltext not in names:
        raise GraphError("the passages have no index yet: scrapy graph embed")
    scores: defaultdict[str, float] = defaultdict(float)
    words = " ".join(WORDS.findall(question))
    lists = [store.read(BY_WORDS, {"index": indexes.fulltext, "words": words.lower(), "depth": DEPTH})[1]] if words else []  # fmt: skip
    if vector is not None and indexes.vector in names:
        lists.append(store.read(BY_NEARNESS, {"index": indexes.vector, "vector": [float(x) for x in vector], "depth": DEPTH})[1])  # fmt: skip
    for found in lists:
        for rank, (id,) in enumerate(found, 1):
            scores[id] += 1 / (RRF + rank)
    best = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))[:limit]
    rows = {row[0]: row[1:] for row in store.read(PASSAGES, {"ids": best})[1]}
    return [Found(id, scores[id], *rows[id]) for id in best if id in rows]


CURRENT = (
    "MATCH (v:Version {id: split(node.id, '#')[0]})<-[:HAS_VERSION]-(p:Paper) WHERE p.version = v.version "
    "RETURN node.id ORDER BY score DESC, node.id"
)
# lower case: AND, OR and NOT would be operators
BY_WORDS = f"CALL db.index.fulltext.queryNodes($index, $words, {{limit: $depth}}) YIELD node, score {CURRENT}"
BY_NEARNESS = f"CALL db.index.vector.queryNodes($index, $depth, $vector) YIELD node, score {CURRENT}"
PASSAGES = (
    "UNWIND $ids AS id MATCH (c:Chunk {id: id}) MATCH (v:Version {id: split(id, '#')[0]}) "
    "RETURN id, c.text, c.section_path, v.doi, v.version, v.title, v.url"
)
