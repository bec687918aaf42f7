"""A feed into a library: what is new or changed is added, what is gone is removed, the rest is left as it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from biorxivist.chunks import chunk_paper
from biorxivist.errors import UserError
from biorxivist.feed import beside, read_feed, to_json
from biorxivist.items import Paper
from biorxivist.library.embeddings import BATCH, Embedder
from biorxivist.library.store import Store
from biorxivist.library.vectors import encode, packed, unpacked

# papers in one transaction
GROUP = 100

Progress = Callable[[str, int, int, int], None]


def quiet(what: str, done: int, total: int, tokens: int = 0) -> None:
    """Show nothing of how far a stage is; `total` is 0 where it is not known."""


class OtherModel(UserError):
    """The library's vectors are of another model than the configured one."""


@dataclass
class Changes:
    """What an index run did."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    embedded: int = 0
    tokens: int = 0
    """What the embeddings endpoint counted, 0 if it does not count."""


def library_path(feed: Path | str) -> Path:
    """The library of a feed: `papers.library` beside `papers.jsonl`."""
    return beside(feed, ".library")


def index_feed(store: Store, feed: Path, progress: Progress = quiet) -> Changes:
    """Bring papers, chunks and words of a library in line with the newest versions of a feed. Raises `UnreadableFeed`."""
    known, changes = store.papers(), Changes()
    gone = set(known)
    papers = read_feed(feed, newest=True)
    while group := list(islice(papers, GROUP)):
        _add(store, group, known, changes)
        gone -= {paper.doi for paper in group}
        progress("papers", changes.added + changes.changed + changes.same, 0, 0)
    with store.transaction():
        for doi in gone:
            store.remove(known[doi][0])
        changes.removed = len(gone)
        if gone or store.fact("terms") != "counted":
            store.count_terms()
    return changes


def _add(store: Store, papers: list[Paper], known: dict[str, tuple[int, int, bytes]], changes: Changes) -> None:
    with store.transaction():
        for paper in papers:
            digest = _digest(paper)
            id, _, before = known.get(paper.doi, (0, 0, b""))
            if digest == before:
                changes.same += 1
                continue
            if id:
                store.remove(id)
            changes.changed += bool(id)
            changes.added += not id
            # not again by the next run only, if this one is killed before it has counted them
            store.note("terms", "to be counted")
            store.add(paper, digest, chunk_paper(paper))


def _digest(paper: Paper) -> bytes:
    """What changes when anything of a paper does that a library holds; how it was fetched does not count."""
    return hashlib.blake2b(to_json(replace(paper, attempts=[], fetched="")), digest_size=16).digest()


# --- vectors ----------------------------------------------------------------------------------------------------------


def embed_chunks(store: Store, embedder: Embedder, again: bool = False, progress: Progress = quiet) -> int:
    """Embed the chunks that have no vector, a batch in a transaction; with `again` all of them. Raises `OtherModel`, `NoEmbeddings`.

    Returns how many it embedded.
    """
    model = store.fact("model")
    if model and model != embedder.model and not again:
        raise OtherModel(
            f"the vectors are of the model {model} and EMBEDDINGS_MODEL is {embedder.model}: "
            "set it back, or embed everything anew with --embed-again"
        )
    with store.transaction():
        if again:
            store.db.execute("DELETE FROM vectors")
            store.db.execute("DELETE FROM codes")
        store.note("model", embedder.model)
    done, last, total = 0, 0, store.count("chunks") - store.count("vectors")
    while batch := store.db.execute(WITHOUT_VECTOR, [last, BATCH]).fetchall():
        last = batch[-1][0]
        vectors = embedder.embed([for_embedding(title, text) for _, title, text in batch])
        check_dimensions(store, embedder, vectors)
        with store.transaction():
            rows = [(id, packed(vector)) for (id, _, _), vector in zip(batch, vectors, strict=True)]
            store.db.executemany("INSERT INTO vectors VALUES (?, ?)", rows)
        done += len(batch)
        progress("passages embedded", done, total, embedder.tokens)
    with store.transaction():
        if done or again or _stale(store):
            encode(store)
    return done


def for_embedding(title: str, text: str) -> str:
    """What of a chunk is embedded: the passage, behind the title of its paper."""
    return f"{title}\n{text}"


def check_dimensions(store: Store, embedder: Embedder, vectors: np.ndarray) -> None:
    """Raise `OtherModel` if vectors have not as many dimensions as those of a library."""
    row = store.db.execute("SELECT vector FROM vectors LIMIT 1").fetchone()
    if row and len(unpacked(row[0])) != vectors.shape[1]:
        raise OtherModel(
            f"{embedder.model} gives vectors of {vectors.shape[1]} dimensions and those of the library have {len(unpacked(row[0]))}: "
            "embed everything anew with scrapy index --embed-again"
        )


def _stale(store: Store) -> bool:
    coded = sum(len(blob) // 8 for (blob,) in store.db.execute("SELECT chunks FROM codes"))
    return coded != store.count("vectors")


WITHOUT_VECTOR = """
SELECT c.id, p.title, c.text FROM chunks c JOIN papers p ON p.id = c.paper
WHERE c.id > ? AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.chunk = c.id) ORDER BY c.id LIMIT ?
"""
