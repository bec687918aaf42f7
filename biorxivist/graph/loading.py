"""Papers into a store, batch by batch: while the store writes some, the rows of the next are made."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Protocol, Self

from biorxivist.graph.entities import annotations_plan
from biorxivist.graph.guarded import Guarded
from biorxivist.graph.statements import STATES, Dialect
from biorxivist.graph.tables import Rows
from biorxivist.graph.writing import Line, Outcome, Plan, build, lines
from biorxivist.items import AnnotatedPaper, Paper

PAPERS = 50
CHARACTERS = 4_000_000
"""A batch has at most so many papers and, but for its last, characters of text: what one transaction holds in memory.

Bigger ones cost a server more in collecting its garbage than they save."""


class Store(Guarded, Protocol):
    """Where a graph is kept."""

    writers: int
    """How many transactions it takes at once."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...

    def define(self) -> None:
        """Constraints, indexes, tables, where they are not there yet."""

    def unknown(self, batch: list[Line]) -> list[Line]:
        """The lines that are not there as they are."""

    def write(self, batch: list[Line], rows: Rows) -> Outcome:
        """Write lines whole or not at all."""

    def follow(self, make: Callable[[Dialect], Plan]) -> Outcome:
        """Do what another plan says, whole or not at all."""

    def read(self, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Columns and rows of a question in Cypher that changes nothing."""


def load(papers: Iterable[Paper], store: Store, told: Callable[[Outcome], None] = lambda outcome: None) -> Outcome:
    """Bring papers into a store; `told` hears of every batch. Raises `GraphError`; what was written before stays."""
    total = Outcome()
    with few_collections(), ThreadPoolExecutor(store.writers, "graph") as writers:
        writing: deque[tuple[set[str], Future[Outcome]]] = deque()
        for batch in batches(papers):
            todo = store.unknown(batch)
            rows = build(todo)
            dois = {line.paper.doi for line in todo}
            # of two lines of a paper the second is written after the first
            while len(writing) == store.writers or any(dois & others for others, _ in writing):
                total += writing.popleft()[1].result()
                told(total)
            total.unchanged += len(batch) - len(todo)
            if todo:
                writing.append((dois, writers.submit(store.write, todo, rows)))
        for _, written in writing:
            total += written.result()
    told(total)
    return total


ANNOTATED = 50
"""Papers whose annotations are written in one transaction."""


def load_annotations(annotated: Iterable[AnnotatedPaper], store: Store) -> tuple[Outcome, list[str]]:
    """Bring annotations to the versions that a store has; returns the others. Raises `GraphError`; what was written before stays."""
    total, absent = Outcome(), []
    annotated = iter(annotated)
    while batch := list({str(a): a for a in islice(annotated, ANNOTATED)}.values()):
        found = store.read(STATES, {"rows": [str(a) for a in batch]})[1]
        there = {row[0] for row in found}
        absent += [str(a) for a in batch if str(a) not in there]
        if todo := [a for a in batch if str(a) in there]:
            total += store.follow(partial(annotations_plan, todo))
    return total, absent


@contextmanager
def few_collections() -> Iterator[None]:
    """Papers and rows hold no cycles, and looking for them among so many takes a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def batches(papers: Iterable[Paper]) -> Iterator[list[Line]]:
    """Papers in batches, in their order."""
    batch: list[Paper] = []
    size = 0
    for paper in papers:
        batch.append(paper)
        size += len(paper.text)
        if len(batch) == PAPERS or size >= CHARACTERS:
            yield lines(batch)
            batch, size = [], 0
    if batch:
        yield lines(batch)
