"""Rows by table: one for each label and each kind of relationship, and what two rows of one key make."""

from collections.abc import Callable
from typing import Any

from biorxivist.feed import PAPER
from biorxivist.graph.keys import fingerprint
from biorxivist.graph.schema import GRAPH, NODE
from biorxivist.graph.vocabulary import Merge, Node
from biorxivist.items import Paper

Row = tuple[Any, ...]
# what a run adds to a line without saying anything of the paper, and what is made from the rest
SILENT = {"attempts", "text"}


class Rows:
    """Rows by key: of nodes by label, of relationships by `Relationship.name`. A row has the values of the properties in order."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[Any, Row]] = {label: {} for label in NODE}
        self.relationships: dict[str, dict[Row, Row]] = {}

    def add(self, label: str, *row: Any) -> Any:
        """A node; returns its key. Of two descriptions of one node `Node.merge` decides."""
        table = self.nodes[label]
        known = table.get(row[0])
        table[row[0]] = row if known is None or known == row else MERGES[NODE[label].merge](NODE[label], known, row)
        return row[0]

    def relate(self, name: str, start: Any, end: Any, *properties: Any, keyed: bool = False) -> None:
        """A relationship: keys of its nodes and its properties. Of two between the same nodes the first stays, unless it is `keyed`."""
        key = (start, end, properties[0]) if keyed else (start, end)
        self.relationships.setdefault(name, {}).setdefault(key, (start, end, *properties))


def _ranked(node: Node, known: Row, row: Row) -> Row:
    rank = [p.name for p in node.properties].index(node.rank)
    best, other = (row, known) if row[rank] >= known[rank] else (known, row)
    return tuple(
        a or b if a is not None and p.type == "boolean" else a
        for p, a, b in zip(node.properties, best, other, strict=True)
    )


def _longest(node: Node, known: Row, row: Row) -> Row:
    return tuple(_spelling(a, b) for a, b in zip(known, row, strict=True))


def _spelling(known: str | None, other: str | None) -> str | None:
    if not known or not other:
        return known or other
    return min(known, other, key=lambda text: (-len(text), text))


MERGES: dict[Merge, Callable[[Node, Row, Row], Row]] = {
    Merge.OWNED: lambda node, known, row: row,
    Merge.RANKED: _ranked,
    Merge.LONGEST: _longest,
}


def digest(paper: Paper) -> str:
    """A fingerprint of all that the graph takes from a line."""
    return fingerprint(str(GRAPH), PAPER.dump_json(paper, exclude=SILENT))


def version_id(paper: Paper, version: int | None = None) -> str:
    """Key of a version, that of the paper itself if none is given."""
    number = paper.version if version is None else version
    return f"{paper.doi}v{number}" if number else paper.doi
