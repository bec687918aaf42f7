"""The schema: everything that stores a graph is made from these tables.

`python -m biorxivist.graph.schema` prints them for docs/graph.md.
"""

from biorxivist.graph.nodes import NODES
from biorxivist.graph.relationships import RELATIONSHIPS
from biorxivist.graph.vocabulary import Merge, Property

GRAPH = 2
"""Version of the model; a higher one lets the next load write every paper anew."""

NODE = {node.label: node for node in NODES}
RELATIONSHIP = {relationship.name: relationship for relationship in RELATIONSHIPS}
OWNED = tuple(node.label for node in NODES if node.merge is Merge.OWNED)
"""Labels of the parts of a version; their keys begin with the version's and `#`."""


def markdown() -> str:
    """The tables of this module as Markdown."""
    lines = []
    for node in NODES:
        lines += [f"### {node.label}", "", node.meaning, "", *_table(node.properties, node.key, node.indexes), ""]
    lines += ["### Relationships", "", "| from | type | to | what it says |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.start} | `{r.type}` | {r.end} | {r.meaning} |" for r in RELATIONSHIPS]
    for relationship in RELATIONSHIPS:
        if relationship.properties:
            lines += ["", f"`{relationship.type}` has", "", *_table(relationship.properties, relationship.key, ())]
    return "\n".join(lines) + "\n"


def _table(properties: tuple[Property, ...], key: str, indexes: tuple[str, ...]) -> list[str]:
    lines = ["| property | type | what it is | from |", "| --- | --- | --- | --- |"]
    for p in properties:
        mark = " (key)" if p.name == key else " (index)" if p.name in indexes else ""
        lines.append(f"| `{p.name}`{mark} | {p.type} | {p.meaning} | {p.source} |")
    return lines


if __name__ == "__main__":
    print(markdown(), end="")
