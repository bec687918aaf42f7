"""How a batch of papers gets into a store: a plan that says what to run next and is told what came out; it runs nothing itself.

The plan is one transaction. It locks the papers first, so that two processes write one paper after the other.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from biorxivist.graph import statements
from biorxivist.graph.record import add_record
from biorxivist.graph.rows import add_paper
from biorxivist.graph.schema import NODES, OWNED, RELATIONSHIP, RELATIONSHIPS
from biorxivist.graph.statements import At, Dialect, Statement
from biorxivist.graph.tables import Rows, digest, version_id
from biorxivist.graph.vocabulary import Merge
from biorxivist.items import Paper

Records = Sequence[Sequence[Any]]
Plan = Generator[Statement, Records, "Outcome"]
COVERAGE = ("metadata", "abstract", "full_text")
PROPERTIES = ("title", "abstract", "sections", "references", "license")
COMPARED = ("title", "abstract", "body", "cited", "license")
"""Properties of a version in which these show."""


@dataclass(slots=True)
class Outcome:
    """What became of the lines of a batch."""

    new: int = 0
    """Versions that the graph did not have."""
    changed: int = 0
    """Versions that it had otherwise."""
    unchanged: int = 0
    """Lines that it had as they are."""
    older: int = 0
    """Lines that say less, or what was fetched earlier than what it has; their record is taken, their text is not."""

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.older + other.older,
        )


@dataclass(slots=True)
class Line:
    """A line of a feed on its way."""

    paper: Paper
    id: str
    digest: str

    @property
    def rank(self) -> tuple[int, str]:
        """How much it says, and how new."""
        return COVERAGE.index(self.paper.coverage), self.paper.fetched


def lines(papers: Iterable[Paper]) -> list[Line]:
    """The lines of a batch in the order of their keys; of several of one version the best, among equals the last."""
    found: dict[str, Line] = {}
    for paper in papers:
        line = Line(paper, version_id(paper), digest(paper))
        known = found.get(line.id)
        if known is None or line.rank >= known.rank:
            found[line.id] = line
    return sorted(found.values(), key=lambda line: (line.paper.doi, line.paper.version))


def states(batch: list[Line]) -> Statement:
    """Asks what the store has of the lines."""
    return Statement(statements.STATES, [line.id for line in batch])


def unknown(batch: list[Line], found: Records) -> list[Line]:
    """The lines that the store does not have as they are."""
    known = {id: mark for id, mark, *_ in found}
    return [line for line in batch if known.get(line.id) != line.digest]


def build(batch: list[Line]) -> Rows:
    """The rows of lines that the store does not have."""
    rows = Rows()
    for line in batch:
        add_paper(rows, line.paper, line.digest)
    return rows


def plan(batch: list[Line], rows: Rows, dialect: Dialect) -> Plan:
    """Everything that brings lines into the store; `rows` are theirs."""
    dois = list(dict.fromkeys(line.paper.doi for line in batch))
    yield statements.lock(dois, dialect)
    found = yield states(batch)
    outcome, replaced = Outcome(new=len(batch)), []
    if found:
        known = {id: (mark, (COVERAGE.index(coverage), fetched or "")) for id, mark, coverage, fetched in found}
        outcome, rows, replaced = _sorted_out(batch, known)
        if outcome.unchanged == len(batch):
            return outcome
    at = dialect.at
    stale = _Stale()
    for id in replaced:
        yield from _compare(id, rows, stale)
    yield from stale.removal(at)
    yield from write(rows, dialect, fresh=not found)
    yield from stale.orphans(dialect)
    neighbours = yield Statement(statements.NEIGHBOURS, dois)
    if neighbours:
        yield statements.changed([(*pair[:2], differences(pair[2:])) for pair in neighbours], at)
    return outcome


def _sorted_out(batch: list[Line], known: dict[str, Any]) -> tuple[Outcome, Rows, list[str]]:
    outcome, rows, replaced = Outcome(), Rows(), []
    for line in batch:
        mark, rank = known.get(line.id, ("", (-1, "")))
        if mark == line.digest:
            outcome.unchanged += 1
        elif line.rank < rank:
            outcome.older += 1
            add_record(rows, line.paper)
        else:
            add_paper(rows, line.paper, line.digest)
            if mark:
                outcome.changed += 1
                replaced.append(line.id)
            else:
                outcome.new += 1
    return outcome, rows, replaced


def write(rows: Rows, dialect: Dialect, fresh: bool) -> Generator[Statement, Records, None]:
    """Nodes, then relationships, in the order of their keys: two transactions that want the same nodes lock them in one order.

    `fresh` says that nothing is there yet of what belongs to the versions.
    """
    if dialect.joined:
        yield statements.write_rows(rows, dialect, fresh)
        return
    for node in NODES:
        if table := rows.nodes[node.label]:
            verb = "CREATE" if fresh and node.merge is Merge.OWNED else "MERGE"
            yield statements.write_nodes(node.label, [table[key] for key in sorted(table)], dialect, verb)
    for relationship in RELATIONSHIPS:
        if table := rows.relationships.get(relationship.name):
            verb = "CREATE" if fresh and relationship.owner else "MERGE"
            yield statements.write_relationships(relationship, [table[key] for key in sorted(table)], dialect.at, verb)


def differences(pair: Sequence[Any]) -> list[str]:
    """What differs between two versions, given in turn the title of the new one and of the old one, abstract, sections, …"""
    return [name for name, new, old in zip(PROPERTIES, pair[::2], pair[1::2], strict=True) if new != old] or ["other"]


# --- what a new line of a known version does not have any more ---------------------------------------------------------


@dataclass(slots=True)
class _Stale:
    nodes: dict[str, list[str]] = field(default_factory=dict)
    relationships: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def removal(self, at: At) -> Generator[Statement, Records, None]:
        for name, keys in self.relationships.items():
            yield statements.delete_relationships(RELATIONSHIP[name], sorted(keys), at)
        for label, keys in self.nodes.items():
            yield statements.delete_parts(label, sorted(keys))

    def orphans(self, dialect: Dialect) -> Generator[Statement, Records, None]:
        for node in NODES:
            if not node.kept_by:
                continue
            keys = {k[0] for n, ks in self.relationships.items() if RELATIONSHIP[n].start == node.label for k in ks}
            keys |= {k[1] for n, ks in self.relationships.items() if RELATIONSHIP[n].end == node.label for k in ks}
            if keys:
                yield statements.delete_orphans(node.label, sorted(keys), dialect)


def _compare(id: str, rows: Rows, stale: _Stale) -> Generator[Statement, Records, None]:
    """Note what the store has of a version and the rows have not."""
    for label in OWNED:
        found = yield statements.parts_of(label, id)
        # a part that reads otherwise is made anew, with whatever others hung on it: an embedding of the old text is wrong
        gone = [row[0] for row in found if rows.nodes[label].get(row[0]) != tuple(row)]
        if gone:
            stale.nodes.setdefault(label, []).extend(gone)
    for relationship in RELATIONSHIPS:
        if relationship.owner:
            found = yield statements.owned_by(relationship, id)
            table = rows.relationships.get(relationship.name, {})
            gone = [tuple(row) for row in found if tuple(row) not in table]
            if gone:
                stale.relationships.setdefault(relationship.name, []).extend(gone)
