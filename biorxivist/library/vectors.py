"""Nearest vectors: a look at one bit a dimension of every vector finds candidates, the question against their bits leaves the better ones,
and the vectors themselves order those.

Nothing but the bits is held in memory (48 bytes a chunk of 384 dimensions), nothing is trained, and a library that grew is searched as well
as one that was made at once.
"""

import json
from collections.abc import Collection

import numpy as np

from biorxivist.library.store import PLACES, Store

# candidates by bits alone, and those whose vectors are read; for each wanted result at least so many, by measurement (docs/library.md)
CANDIDATES = 8000
READ = 1000
WIDTH = 10
BLOCK = 16_384
MEAN_FROM = 20_000
FAR = np.iinfo(np.uint16).max


def packed(vectors: np.ndarray) -> bytes:
    """Vectors as they are stored: float16."""
    return vectors.astype("<f2").tobytes()


def unpacked(blob: bytes) -> np.ndarray:
    """A stored vector as float32."""
    return np.frombuffer(blob, "<f2").astype(np.float32)


def bits(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """One bit a dimension, rows padded to 64: on which side of the mean each value is."""
    codes = np.packbits(vectors > mean, axis=1)
    return np.ascontiguousarray(np.pad(codes, ((0, 0), (0, -codes.shape[1] % 8))))


def encode(store: Store) -> None:
    """Make the bits of all vectors anew."""
    sample = store.db.execute("SELECT vector FROM vectors ORDER BY chunk LIMIT ?", [MEAN_FROM]).fetchall()
    store.db.execute("DELETE FROM codes")
    if not sample:
        return
    mean = np.mean([unpacked(v) for (v,) in sample], axis=0, dtype=np.float32)
    store.note("mean", json.dumps([round(float(m), 6) for m in mean]))
    rows = store.db.execute(CODED)
    while block := rows.fetchmany(BLOCK):
        chunks, papers, kinds, vectors = zip(*block, strict=True)
        values = np.frombuffer(b"".join(vectors), "<f2").reshape(len(block), -1).astype(np.float32)
        ids = [np.array(numbers, "<i8").tobytes() for numbers in (chunks, papers)]
        sections = np.array([PLACES.get(kind, 0) for kind in kinds], np.uint8).tobytes()
        store.db.execute("INSERT INTO codes VALUES (NULL, ?, ?, ?, ?)", [*ids, sections, bits(values, mean).tobytes()])


CODED = """
SELECT v.chunk, c.paper, c.section_kind, v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk ORDER BY v.chunk
"""


class Vectors:
    """The vectors of a library, to be searched."""

    def __init__(self, store: Store):
        self.store = store
        blocks = store.db.execute("SELECT chunks, papers, sections, codes FROM codes ORDER BY block").fetchall()
        chunks, papers, sections, codes = (
            (b"".join(parts) for parts in zip(*blocks, strict=True)) if blocks else [b""] * 4
        )
        self.chunks = np.frombuffer(chunks, "<i8")
        self.papers = np.frombuffer(papers, "<i8")
        self.sections = np.frombuffer(sections, np.uint8)
        width = len(codes) // 8 // len(self.chunks) if blocks else 1
        # a column for every 64 dimensions, so that each is read in one go
        self.codes = np.ascontiguousarray(np.frombuffer(codes, "<u8").reshape(-1, width).T)
        self.mean = np.array(json.loads(store.fact("mean") or "[]"), np.float32)

    def __len__(self) -> int:
        return len(self.chunks)

    def nearest(
        self, vector: np.ndarray, count: int, papers: Collection[int] | None = None, sections: Collection[str] = ()
    ) -> list[tuple[int, float]]:
        """Chunk ids and cosines of the vectors nearest to a unit vector, best first; only in those papers (ids) and kinds of section."""
        if len(vector) != len(self.mean):
            return []
        candidates = self._candidates(vector, max(8 * WIDTH * count, CANDIDATES), papers, sections)
        candidates = self._better(candidates, vector, max(WIDTH * count, READ))
        ids = json.dumps(self.chunks[candidates].tolist())
        rows = self.store.db.execute(OF_CHUNKS, [ids]).fetchall()
        if not rows:
            return []
        values = np.frombuffer(b"".join(v for _, v in rows), "<f2").reshape(len(rows), -1).astype(np.float32)
        # without BLAS, whose second thread costs more than it helps
        scores = np.einsum("ij,j->i", values, vector)
        best = np.argsort(-scores, kind="stable")[:count]
        return [(rows[i][0], float(scores[i])) for i in best]

    def _candidates(
        self, vector: np.ndarray, wanted: int, papers: Collection[int] | None, sections: Collection[str]
    ) -> np.ndarray:
        query = bits(vector[None, :], self.mean).view("<u8")[0]
        distance = np.zeros(len(self), np.uint16)
        for column, word in zip(self.codes, query, strict=True):
            distance += np.bitwise_count(column ^ word)
        if papers is not None:
            allowed = np.zeros(int(self.papers.max(initial=0)) + 1, bool)
            allowed[[id for id in papers if id < len(allowed)]] = True
            distance[~allowed[self.papers]] = FAR
        if sections:
            distance[~np.isin(self.sections, [PLACES[s] for s in sections])] = FAR
        within = np.cumsum(np.bincount(distance, minlength=64 * len(query) + 1)[: 64 * len(query) + 1])
        return np.flatnonzero(distance <= np.searchsorted(within[:-1], wanted))

    def _better(self, candidates: np.ndarray, vector: np.ndarray, wanted: int) -> np.ndarray:
        """Of candidates those whose bits are on the question's side where it matters most."""
        if len(candidates) <= wanted:
            return candidates
        codes = np.ascontiguousarray(self.codes[:, candidates].T).view(np.uint8)
        sides = np.unpackbits(codes, axis=1, count=len(vector)).astype(np.float32)
        scores = np.einsum("ij,j->i", sides, vector - self.mean)
        return candidates[np.argpartition(-scores, wanted)[:wanted]]


OF_CHUNKS = "SELECT v.chunk, v.vector FROM json_each(?) AS j JOIN vectors v ON v.chunk = j.value"
