"""The graph as the CSV files that `neo4j-admin database import full` takes, with the arguments that name them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from biorxivist.graph.merged import Merged
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.tables import Row
from biorxivist.graph.vocabulary import Node, Property, Relationship

ARGUMENTS = "import.args"
TYPES = {"string": "string", "integer": "long", "boolean": "boolean", "strings": "string[]"}
BETWEEN = "\x1f"
"""Parts the strings of a list: Unicode's unit separator, which no text has."""


def write_csv(rows: Merged, folder: Path) -> None:
    """For each label and kind of relationship that there is a header and the rows; and `import.args`, from which all is imported."""
    arguments = ["--multiline-fields=true", "--array-delimiter=U+001F"]
    for node in NODES:
        if files := _write(folder, node.label, node_header(node), rows.nodes(node)):
            arguments.append(f"--nodes={node.label}={files}")
    for relationship in RELATIONSHIPS:
        if files := _write(folder, relationship.name, relationship_header(relationship), rows.relationships(relationship)):  # fmt: skip
            arguments.append(f"--relationships={relationship.type}={files}")
    (folder / ARGUMENTS).write_text("\n".join(arguments) + "\n", encoding="utf-8")


def node_header(node: Node) -> list[str]:
    """The key is a property and, among the nodes of the label, the identifier."""
    key, *rest = node.properties
    return [f"{key.name}:ID({node.label})", *map(_typed, rest)]


def relationship_header(relationship: Relationship) -> list[str]:
    """The keys of both ends, then the properties."""
    return [f":START_ID({relationship.start})", f":END_ID({relationship.end})", *map(_typed, relationship.properties)]


def _typed(p: Property) -> str:
    return f"{p.name}:{TYPES[p.type]}"


def _write(folder: Path, name: str, header: list[str], rows: Iterable[Row]) -> str:
    """The two files as an argument names them; nothing without rows."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_lines(rows))
    if not path.stat().st_size:
        path.unlink()
        return ""
    (folder / f"{name}-header.csv").write_text(",".join(header) + "\n", encoding="utf-8")
    return f"{name}-header.csv,{name}.csv"


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield ",".join(map(_cell, row)) + "\n"


def _cell(value: Any) -> str:
    """Null is nothing at all, an empty list is empty quotes: Python's csv before 3.12 cannot tell the two apart."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = BETWEEN.join(text.replace(BETWEEN, " ") for text in value)
    return str(value) if isinstance(value, int) else '"' + value.replace('"', '""') + '"'
