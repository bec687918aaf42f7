"""`make bench-graph`: loading beside neo4j-graphrag's lexical graph writer, on one server in one run, and memory over many papers.

The machine's other work is in every figure, so that only ratios within a run mean anything; the two take turns.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from biorxivist.chunks import chunk_paper
from biorxivist.graph.loading import load
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from biorxivist.items import Paper
from tests.bench.__main__ import resident
from tests.bench.graph_papers import bench_papers
from tests.neo4j import PASSWORD, missing, neo4j_server

WRITER = Path(__file__).with_name("graphrag_writer.py")
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"
ROUNDS = 3


def graphrag(python: str, uri: str, papers: int) -> list[float]:
    """Papers a second of the first and of the second run."""
    lines = "".join(json.dumps([chunk.text for chunk in chunk_paper(p)]) + "\n" for p in bench_papers(papers))
    environment = {**os.environ, "NEO4J_PASSWORD": PASSWORD}
    done = subprocess.run(
        [python, WRITER, uri], input=lines, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return [papers / float(seconds) for seconds in done.stdout.split()]


def ours(store: Neo4j, papers: list[Paper], wanted: Outcome) -> tuple[float, float]:
    """Papers a second, and milliseconds of our CPU a paper."""
    start, cpu = time.monotonic(), time.process_time()
    outcome = load(papers, store)
    seconds, cpu = time.monotonic() - start, time.process_time() - cpu
    assert outcome == wanted, outcome
    return len(papers) / seconds, cpu / len(papers) * 1000


def wipe(store: Neo4j) -> None:
    with store.driver.session() as session:
        session.run(WIPE).consume()


def rates(store: Neo4j, python: str, papers: int) -> None:
    """Both writers in turns."""
    found: dict[str, list[float]] = {}
    whole, texts = list(bench_papers(papers)), list(bench_papers(papers, whole=False))
    for round_ in range(ROUNDS + 1):
        measured: dict[str, float] = {}
        wipe(store)
        measured["neo4j-graphrag, documents and chunks"], measured["  the same again (it doubles every node)"] = graphrag(python, store.address.uri, papers)  # fmt: skip
        for name, batch in (("documents and chunks", texts), ("whole model", whole)):
            wipe(store)
            measured[name], measured[f"  ms of CPU a paper, {name}"] = ours(store, batch, Outcome(new=papers))
            nodes = store.nodes, store.relationships
            measured[f"  {name} again"], measured[f"  ms of CPU a paper, {name} again"] = ours(store, batch, Outcome(unchanged=papers))  # fmt: skip
            assert (store.nodes, store.relationships) == nodes, "a second load wrote something"
        if round_:  # the first one warms the server up
            for name, rate in measured.items():
                found.setdefault(name, []).append(rate)
    middle = {name: median(values) for name, values in found.items()}
    print(f"papers a second, median of {ROUNDS} rounds of {papers} papers, lowest and highest:")
    for name, values in found.items():
        print(f"  {name:<46}{middle[name]:>9.2f}   {min(values):.2f} to {max(values):.2f}")
    rival = "neo4j-graphrag, documents and chunks"
    for name, other in (
        ("documents and chunks", rival),
        ("whole model", rival),
        ("  whole model again", "whole model"),
    ):
        ratios = [a / b for a, b in zip(found[name], found[other], strict=True)]
        print(
            f"{name.strip()} to {other}: {median(ratios):.1f} times ({min(ratios):.1f} to {max(ratios):.1f})",
            flush=True,
        )


def memory(store: Neo4j, papers: int) -> None:
    """Our memory while many papers are loaded."""
    samples: list[float] = []

    def watched() -> Iterator[Paper]:
        for number, paper in enumerate(bench_papers(papers, seed=2)):
            if number and number % (papers // 10) == 0:
                samples.append(resident(os.getpid()))
                print(f"  {number:>6,} papers  {samples[-1]:7.1f} MB", flush=True)
            yield paper

    wipe(store)
    start, cpu = time.monotonic(), time.process_time()
    load(watched(), store)
    seconds, cpu = time.monotonic() - start, time.process_time() - cpu
    half = samples[len(samples) // 2 :]
    print(f"{papers:,} papers: {papers / seconds:.0f} papers/s, our CPU {cpu / seconds:.0%} of the time")
    print(f"memory over the second half: {half[0]:.0f} MB to {half[-1]:.0f} MB ({half[-1] - half[0]:+.1f} MB)")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=1000)
    arguments.add_argument("--memory", type=int, default=20_000, help="papers of the memory run, 0 for none")
    arguments.add_argument("--graphrag", required=True, help="python with neo4j-graphrag")
    given = arguments.parse_args()
    if why := missing():
        sys.exit(why)
    with (
        tempfile.TemporaryDirectory() as home,
        neo4j_server(Path(home), heap="1g") as server,
        Neo4j(Address(server.uri, password=PASSWORD)) as store,
    ):
        store.define()
        rates(store, given.graphrag, given.papers)
        if given.memory:
            memory(store, given.memory)


if __name__ == "__main__":
    main()
