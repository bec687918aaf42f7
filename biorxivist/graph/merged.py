"""The rows of any number of papers in little memory: what several papers say of one node is one row, as in a store."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from biorxivist.graph.faults import GraphError
from biorxivist.graph.schema import NODE, NODES, RELATIONSHIPS
from biorxivist.graph.tables import MERGES, Row, Rows
from biorxivist.graph.vocabulary import Merge, Node, Relationship
from biorxivist.graph.writing import COMPARED, differences

NAMES = [p.name for p in NODE["Version"].properties]
LOADED, *TOLD = (NAMES.index(name) for name in ("loaded", *COMPARED))


class Merged:
    """Tables on the disk, in a folder that whoever made it removes."""

    def __init__(self, folder: Path):
        with faults(folder):
            self.database = sqlite3.connect(folder / "rows.sqlite", isolation_level=None)
            self._define()
        self.folder = folder
        self.papers = 0
        self.absent: list[str] = []

    def _define(self) -> None:
        # nobody needs the file after a crash
        for text in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536", "BEGIN"):
            self.database.execute(text)
        for node in NODES:
            self.database.execute(f"CREATE TABLE {node.label} (key TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID")
            self.database.create_function(f"merge_{node.label}", 2, _merge(node), deterministic=True)
        for relationship in RELATIONSHIPS:
            columns = "first TEXT, last TEXT, key TEXT, row TEXT, PRIMARY KEY (first, last, key)"
            self.database.execute(f"CREATE TABLE {relationship.name} ({columns}) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def add(self, rows: Rows) -> None:
        """Merge the rows of some papers in, as the next ones. Raises `GraphError`."""
        with faults(self.folder):
            for label, table in rows.nodes.items():
                into = f"INSERT INTO {label} VALUES (?, ?) ON CONFLICT DO UPDATE SET row = merge_{label}(row, excluded.row)"
                self.database.executemany(into, ((key, _text(row)) for key, row in table.items()))
            for name, table in rows.relationships.items():
                into = f"INSERT OR IGNORE INTO {name} VALUES (?, ?, ?, ?)"
                self.database.executemany(into, ((*(*key, "")[:3], _text(row)) for key, row in table.items()))

    def nodes(self, node: Node) -> Iterator[Row]:
        """The nodes of a label in the order of their keys."""
        for (text,) in self._all(f"SELECT row FROM {node.label} ORDER BY key"):
            yield tuple(json.loads(text))

    def relationships(self, relationship: Relationship) -> Iterator[Row]:
        """The relationships of a kind in the order of the keys of their nodes."""
        for (text,) in self._all(f"SELECT row FROM {relationship.name} ORDER BY first, last, key"):
            row = json.loads(text)
            yield (*row[:2], self._changed(*row[:2])) if relationship.type == "REVISES" else tuple(row)

    def size(self) -> tuple[int, int]:
        """Numbers of nodes and of relationships."""
        nodes, relationships = (
            sum(next(self._all(f"SELECT count(*) FROM {name}"))[0] for name in names)
            for names in ([n.label for n in NODES], [r.name for r in RELATIONSHIPS])
        )
        return nodes, relationships

    def described(self, version: str) -> bool:
        """Whether a line of a feed described a version."""
        found = next(self._all("SELECT row FROM Version WHERE key = ?", version), None)
        return found is not None and bool(json.loads(found[0])[LOADED])

    def chunks(self, version: str) -> list[Row]:
        """The passages of a version."""
        # "$" follows "#"
        found = self._all("SELECT row FROM Chunk WHERE key > ? AND key < ?", f"{version}#", f"{version}$")
        return [tuple(json.loads(text)) for (text,) in found]

    def _changed(self, new: str, old: str) -> list[str] | None:
        """What differs between two versions, as soon as lines of feeds described both."""
        found = [json.loads(self.database.execute("SELECT row FROM Version WHERE key = ?", (id,)).fetchone()[0]) for id in (new, old)]  # fmt: skip
        if not all(row[LOADED] for row in found):
            return None
        return differences([row[place] for place in TOLD for row in found])

    def _all(self, text: str, *parameters: str) -> Iterator[tuple[Any, ...]]:
        with faults(self.folder):
            # whoever stops early leaves the rest unread: nothing is asked of a database that is closed by then
            for row in self.database.execute(text, parameters):  # noqa: UP028
                yield row


def _merge(node: Node) -> Callable[[str, str], str]:
    rule = MERGES[node.merge]

    def merge(known: str, row: str) -> str:
        return row if known == row or node.merge is Merge.OWNED else _text(rule(node, json.loads(known), json.loads(row)))  # fmt: skip

    return merge


def _text(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def faults(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors into a line: they are a full disk, or a folder that cannot be written."""
    try:
        yield
    except sqlite3.Error as error:
        raise GraphError(f"cannot write to {folder.parent}: {error}") from error
