"""`make bench-search`: a library of a million passages: time of a search, recall of its vectors, memory.

Passages are those of the recorded documents, again and again. Vectors are made from real ones of the embedder that the environment names:
each is one of them mixed with a near one and with noise, since embedding a million passages would take a day here. Times of the clock and of
the processor stand beside an exact look at every vector (numpy) in the same run.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from biorxivist.chunks import chunk_paper
from biorxivist.items import Chunk
from biorxivist.library.embeddings import BATCH, configured, unit
from biorxivist.library.search import Search
from biorxivist.library.store import Store, for_words
from biorxivist.library.vectors import encode
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.conftest import CORPUS

REAL = 1500
NEAR = 40
NOISE = 0.6
A_PAPER = 30
QUERIES = 100
GROUP = 50_000


def recorded_chunks() -> list[Chunk]:
    """The passages of the recorded JATS documents."""
    documents = sorted(CORPUS.glob("jats/*/*.xml"))
    return [chunk for d in documents for chunk in chunk_paper(clean_paper(read_jats(d.read_bytes())))]


def embedded(texts: list[str]) -> np.ndarray:
    """The vectors of the embedder that the environment names."""
    embedder = configured()
    if embedder is None:
        sys.exit("this needs real vectors: set EMBEDDINGS_URL and EMBEDDINGS_MODEL")
    return np.concatenate([embedder.embed(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)])


class Mixtures:
    """Unit vectors made from real ones."""

    def __init__(self, real: np.ndarray, random: np.random.Generator):
        self.real, self.random = real, random
        self.near = np.argsort(-(real @ real.T), axis=1)[:, 1:NEAR]

    def make(self, count: int) -> Iterator[np.ndarray]:
        """So many of them, in groups."""
        spread = self.real.std(axis=0)
        for start in range(0, count, GROUP):
            size = min(GROUP, count - start)
            one = self.random.integers(0, len(self.real), size)
            other = self.near[one, self.random.integers(0, self.near.shape[1], size)]
            share = self.random.uniform(0, 0.6, (size, 1)).astype(np.float32)
            mixed = (1 - share) * self.real[one] + share * self.real[other]
            mixed += self.random.normal(0, NOISE, mixed.shape).astype(np.float32) * spread
            yield unit(mixed)


def fill(store: Store, count: int, chunks: list[Chunk], mixtures: Mixtures) -> None:
    """Write a library of so many passages."""
    done = 0
    with store.transaction() as db:
        papers = count // A_PAPER + 1
        rows = ((n + 1, f"10.1101/{n}", f"Paper {n}", f"20{15 + n % 12}-01-01") for n in range(papers))
        db.executemany(
            "INSERT INTO papers VALUES (?, ?, 1, 'biorxiv', ?, ?, 'neuroscience', 'CC-BY-4.0', '', x'')", rows
        )
        for group in mixtures.make(count):
            ids = range(done + 1, done + len(group) + 1)
            texts = [chunks[id % len(chunks)] for id in ids]
            db.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, 'text', '[]', ?, 0, 0, ?)",
                ((id, id // A_PAPER + 1, str(id), c.section_kind, c.text) for id, c in zip(ids, texts, strict=True)),
            )
            db.executemany(
                "INSERT INTO words (rowid, text) VALUES (?, ?)",
                ((id, for_words(c.text)) for id, c in zip(ids, texts, strict=True)),
            )
            stored = group.astype("<f2")
            db.executemany(
                "INSERT INTO vectors VALUES (?, ?)", ((id, v.tobytes()) for id, v in zip(ids, stored, strict=True))
            )
            done += len(group)
            print(f"  {done:,} passages", file=sys.stderr, flush=True)
        store.count_terms()
        encode(store)


def stored(store: Store) -> Iterator[np.ndarray]:
    """The vectors of a library, in groups."""
    rows = store.db.execute("SELECT vector FROM vectors ORDER BY chunk")
    while group := rows.fetchmany(GROUP):
        yield np.frombuffer(b"".join(v for (v,) in group), "<f2").reshape(len(group), -1).astype(np.float32)


def questions(chunks: list[Chunk], random: np.random.Generator) -> list[str]:
    """Eight words each from somewhere in a passage: rare and common ones, as in a question."""
    out = []
    while len(out) < QUERIES:
        words = chunks[random.integers(len(chunks))].text.split()
        if len(words) > 20:
            start = random.integers(len(words) - 8)
            out.append(" ".join(words[start : start + 8]))
    return out


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--passages", type=int, default=1_000_000)
    arguments.add_argument("--library", type=Path, help="made there if it is not there, and kept")
    given = arguments.parse_args()
    if not CORPUS.is_dir():
        sys.exit(f"no recorded documents in {CORPUS}: set BIORXIVIST_CORPUS to their folder")
    random, chunks = np.random.default_rng(1), recorded_chunks()
    sample = [chunks[n].text for n in random.choice(len(chunks), REAL + QUERIES, replace=False)]
    real = embedded(sample)
    with tempfile.TemporaryDirectory() as folder:
        path = given.library or Path(folder) / "bench.library"
        if not path.exists():
            store = Store(path, create=True)
            fill(store, given.passages, chunks, Mixtures(real[:REAL], random))
            store.close()
        # the questions are real vectors that no passage is made from
        measure(path, questions(chunks, random), real[REAL:])


def measure(path: Path, asked: list[str], queries: np.ndarray) -> None:
    """Ask a library, and print what it took and how much of the truth it found."""
    store = Store(path)
    print(f"{store.count('chunks'):,} passages, {path.stat().st_size / 1e9:.2f} GB")
    before = resident()
    search = Search(store)
    clocks = {part: Clock() for part in ("search by words and vectors", "words alone", "vectors alone", "exact look")}
    found = []
    for text, query in zip(asked, queries, strict=True):
        with clocks["search by words and vectors"]:
            search.passages(text, query)
        with clocks["words alone"]:
            search.passages(text)
        with clocks["vectors alone"]:
            found.append({id for id, _ in search.vectors.nearest(query, 10)})
    memory = resident() - before
    groups, hits = list(stored(store)), 0
    for ids, query in zip(found, queries, strict=True):
        with clocks["exact look"]:
            scores = np.concatenate([group @ query for group in groups])
        hits += len(ids & set((np.argpartition(-scores, 10)[:10] + 1).tolist()))
    report(clocks)
    print(f"recall@10 of the exact search: {hits / len(queries) / 10:.3f}; memory of the search: {memory:.0f} MB")


class Clock:
    """Wall-clock and processor seconds of each run of a block; on a loaded machine only the latter tell."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def __enter__(self) -> None:
        self.began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall.append(time.perf_counter() - self.began[0])
        self.cpu.append(time.process_time() - self.began[1])


def resident() -> float:
    """Resident memory of this process in MB."""
    lines = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else []
    found = next((line for line in lines if line.startswith("VmRSS")), None)
    return int(found.split()[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(clocks: dict[str, Clock]) -> None:
    """Print the figures."""
    print(f"{'milliseconds':<28} {'wall p50':>9} {'p95':>7} {'cpu p50':>9} {'p95':>7}")
    for name, clock in clocks.items():
        values = [v * 1000 for times in (clock.wall, clock.cpu) for v in np.percentile(times, [50, 95])]
        print(f"{name:<28} {values[0]:9.1f} {values[1]:7.1f} {values[2]:9.1f} {values[3]:7.1f}")


if __name__ == "__main__":
    main()
