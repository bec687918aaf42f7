"""Which authors are one person: links that are derived from the whole graph, so that no order of loading can change them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from biorxivist.graph import statements
from biorxivist.graph.keys import normal
from biorxivist.graph.schema import RELATIONSHIP
from biorxivist.graph.statements import Dialect, Statement
from biorxivist.graph.writing import Outcome, Plan

SAME = RELATIONSHIP["Author_SAME_PERSON_AS_Author"]
NAMES = 200
"""Short names that are looked up together."""
SHARED, PART = 2, 10
"""Co-authors that two nodes must share, and of how many of the fewer one must be shared: large bylines share names by chance."""

NAMESAKES = "MATCH (a:Author) WHERE a.kind = 'person' AND a.short <> '' WITH a.short AS short, count(a) AS people WHERE people > 1 RETURN short ORDER BY short"
PEOPLE = (
    "UNWIND $rows AS row MATCH (a:Author)-[:AUTHORED]->(v:Version) WHERE a.short = row AND a.kind = 'person' "
    "OPTIONAL MATCH (v)<-[:AUTHORED]-(b:Author) WHERE b.id <> a.id "
    "WITH a, collect(DISTINCT v.id) AS versions, collect(DISTINCT b.name) AS coauthors "
    "OPTIONAL MATCH (a)-[:AFFILIATED_WITH]->(i:Institution) "
    "RETURN a.short, a.id, a.orcid, a.given, a.name, versions, coauthors, collect(DISTINCT i.id)"
)
LINKS = "MATCH (a:Author)-[r:SAME_PERSON_AS]->(b:Author) RETURN a.id, b.id, r.coauthors, r.institutions"


@dataclass(slots=True)
class Person:
    """What the graph knows of an author."""

    id: str
    orcid: str
    given: list[str]
    versions: frozenset[str]
    coauthors: frozenset[str]
    """Normal forms of their full names."""
    institutions: frozenset[str]
    linked: list["Person"] = field(default_factory=list)

    @property
    def rank(self) -> tuple[bool, str]:
        """Links lead to the one with an ORCID iD, else to the first in the alphabet."""
        return not self.orcid, self.id


def person(row: Sequence[Any]) -> Person:
    """A row of `PEOPLE` without the short name."""
    id, orcid, given, name, versions, coauthors, institutions = row
    names = normal(given).split(" ") if given else normal(name).split(" ")[:-1]
    full = frozenset(name for name in map(normal, coauthors) if len(name.partition(" ")[0]) > 1)
    return Person(id, orcid or "", names, frozenset(versions), full, frozenset(institutions))


def may_be_one(one: Person, other: Person) -> bool:
    """Whether nothing speaks against it: another iD, another given name, a byline that has both."""
    agree = all(a == b or (min(len(a), len(b)) <= 1 and a[:1] == b[:1]) for a, b in zip(one.given, other.given, strict=False))  # fmt: skip
    return agree and not (one.orcid and other.orcid) and not one.versions & other.versions


def evidence(one: Person, other: Person) -> tuple[int, int]:
    """Numbers of co-authors and institutions that both have; zeros if they do not make one person of two."""
    coauthors = len(one.coauthors & other.coauthors)
    institutions = len(one.institutions & other.institutions)
    fewer = min(len(one.coauthors), len(other.coauthors))
    enough = coauthors >= (1 if institutions else SHARED) and coauthors * PART >= fewer
    return (coauthors, institutions) if enough else (0, 0)


def links(namesakes: list[Person]) -> Iterator[tuple[str, str, int, int]]:
    """Pairs of people of one short name who are one person, with the evidence. A chain that joins two who cannot be one says nothing."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for pair in combinations(sorted(namesakes, key=lambda p: p.rank), 2):
        first, other = pair
        if any(shared := evidence(first, other)) and may_be_one(first, other):
            found[other.id, first.id] = shared
            first.linked.append(other)
            other.linked.append(first)
    sound = {p.id for chain in _chains(namesakes) if all(may_be_one(a, b) for a, b in combinations(chain, 2)) for p in chain}  # fmt: skip
    for (start, end), shared in found.items():
        if start in sound:
            yield start, end, *shared


def _chains(people: list[Person]) -> Iterator[list[Person]]:
    seen: set[str] = set()
    for first in people:
        if first.id in seen:
            continue
        chain, seen = [first], seen | {first.id}
        for one in chain:
            new = [other for other in one.linked if other.id not in seen]
            chain += new
            seen |= {other.id for other in new}
        yield chain


def plan(dialect: Dialect) -> Plan:
    """Brings the links of a store to what all its papers say now."""
    shorts = [row[0] for row in (yield Statement(NAMESAKES, []))]
    wanted: dict[tuple[str, str], tuple[Any, ...]] = {}
    for start in range(0, len(shorts), NAMES):
        groups: dict[str, list[Person]] = {}
        for short, *rest in (yield Statement(PEOPLE, shorts[start : start + NAMES])):
            groups.setdefault(short, []).append(person(rest))
        wanted |= {link[:2]: link for namesakes in groups.values() for link in links(namesakes)}
    known = {tuple(row[:2]): tuple(row) for row in (yield Statement(LINKS, []))}
    gone = sorted(known.keys() - wanted.keys())
    new = sorted(link for key, link in wanted.items() if known.get(key) != link)
    if gone:
        yield statements.delete_relationships(SAME, gone, dialect.at)
    if new:
        yield statements.write_relationships(SAME, new, dialect.at)
    added = len(wanted.keys() - known.keys())
    return Outcome(new=added, changed=len(new) - added + len(gone), unchanged=len(wanted) - len(new))
