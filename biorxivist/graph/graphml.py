"""The graph as one GraphML file: Gephi, Cytoscape, yEd, igraph and networkx read it."""

import json
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from lxml import etree

from biorxivist.graph.merged import Merged
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.vocabulary import Property

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
TYPES = {"string": "string", "integer": "long", "boolean": "boolean", "strings": "string"}
# what XML 1.0 cannot hold
FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(rows: Merged, file: BinaryIO) -> None:
    """Nodes are called by label and key, `Work/doi:10.1/x`; lists are JSON, since GraphML has none; a null is left out."""
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: NAMESPACE}):
            for name, kind in _keys("node").items():
                xml.write(
                    etree.Element("key", {"id": f"n_{name}", "for": "node", "attr.name": name, "attr.type": kind})
                )
            for name, kind in _keys("edge").items():
                xml.write(
                    etree.Element("key", {"id": f"e_{name}", "for": "edge", "attr.name": name, "attr.type": kind})
                )
            with xml.element("graph", id="papers", edgedefault="directed"):
                for node in NODES:
                    for row in rows.nodes(node):
                        attributes = {"id": _id(node.label, row[0]), "labels": f":{node.label}"}
                        xml.write(_element("node", attributes, ("labels", f":{node.label}"), node.properties, row))
                for kind in RELATIONSHIPS:
                    for row in rows.relationships(kind):
                        attributes = {"source": _id(kind.start, row[0]), "target": _id(kind.end, row[1]), "label": kind.type}  # fmt: skip
                        xml.write(_element("edge", attributes, ("label", kind.type), kind.properties, row[2:]))


def _keys(of: str) -> dict[str, str]:
    """Properties of all nodes or all relationships with their types. Labels and types are named as Neo4j's own export names them."""
    tables = [n.properties for n in NODES] if of == "node" else [r.properties for r in RELATIONSHIPS]
    first = "labels" if of == "node" else "label"
    return {first: "string"} | {p.name: TYPES[p.type] for properties in tables for p in properties}


def _id(label: str, key: str) -> str:
    return f"{label}/{_clean(key)}"


def _element(name: str, attributes: dict[str, str], first: tuple[str, str], properties: Iterable[Property], row: Iterable[Any]) -> etree._Element:  # fmt: skip
    element = etree.Element(name, attributes)
    _data(element, name, *first)
    for p, value in zip(properties, row, strict=True):
        if value is not None:
            _data(element, name, p.name, _text(value))
    element.tail = "\n"
    return element


def _data(element: etree._Element, of: str, name: str, text: str) -> None:
    etree.SubElement(element, "data", key=f"{of[0]}_{name}").text = text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _clean(value)
    return _clean(json.dumps(value, ensure_ascii=False))


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)
