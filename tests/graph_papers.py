"""Invented papers for the graph, and what a store holds of them."""

from dataclasses import replace
from typing import Any

from biorxivist.graph.loading import Store
from biorxivist.graph.rows import rows_of
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.writing import differences
from biorxivist.items import (
    Affiliation,
    Author,
    Award,
    Block,
    Citation,
    Figure,
    Mention,
    Paper,
    Reference,
    Section,
    Version,
)

DOI = "10.1101/2024.02.29.000001"
OTHER = "10.1101/2024.02.29.000002"
JOURNAL = "10.9999/journal.1"
HOSTILE = 'It\'s a "test" {n: 1}) DETACH DELETE (n) // $rows `x` \\u0027 \\'
INTRODUCTION = "Monocytes migrate [1]. They need a signal [1,2]. Nobody knows why."
LAB = Affiliation("a1", "Laboratory of Slow Cells, University of Elsewhere, Atlantis", "University of Elsewhere", "Atlantis", "0elsewhere1")  # fmt: skip
CLINIC = Affiliation("a2", "Department of Quiet Medicine, Hospital of Nowhere, Atlantis")


def paper(doi: str = DOI, version: int = 1, **fields: Any) -> Paper:
    """A paper with something in every table of the graph."""
    written = Paper(
        doi=doi,
        version=version,
        server="biorxiv",
        url=f"https://www.biorxiv.org/content/{doi}v{version}",
        title="Slow monocytes",
        abstract="Cells were slow. We saw it.",
        authors=[
            Author("Jane Doe", "Jane", "Doe", "0000-0001-2345-6789", True, ["a1", "a2"]),
            Author("Wei Wang", "Wei", "Wang", affiliations=["a1"]),
            Author("J. Roe", "J.", "Roe", affiliations=["a2"]),
        ],
        affiliations=[LAB, CLINIC],
        posted=f"2024-03-0{version or 1}",
        first_posted="2024-03-01",
        category="cell biology",
        article_type="new results",
        license="CC-BY-4.0",
        keywords=["monocyte"],
        awards=[Award("Fund of Elsewhere", "10.13039/1", "R-01"), Award("Quiet Foundation")],
        versions=[Version(n, f"2024-03-0{n}", "Slow monocytes", license="CC-BY-4.0") for n in range(1, version + 1)],
        sections=[
            Section(
                "s1",
                "Introduction",
                "introduction",
                blocks=[
                    Block("paragraph", INTRODUCTION, citations=[Citation(18, 21, ["r1"]), Citation(42, 47, ["r1", "r2"])])
                ],
                sections=[Section("s2", "Aim", "introduction", 2, [Block("paragraph", "To know."), Block("figure", id="f1")])],
            ),
            Section("s3", "Methods", "methods", blocks=[Block("paragraph", "We waited.")]),
        ],
        figures=[Figure("f1", "Figure 1", "A cell", "It is slow.")],
        references=[
            Reference("r1", "1", "Roe (2001) Speed. J Cells 1:2", doi="10.9999/speed", title="Speed", authors=["Roe J"], year="2001"),
            Reference("r2", "2", "Poe E (1999) Signals of silent cells in still water. Annals", title="Signals of silent cells in still water", authors=["Poe E"], source="Annals", year="1999"),
        ],
        mentions=[Mention("geo", "GSE1", "https://example.org/GSE1", "Methods")],
        coverage="full_text",
        source="jats",
        fetched="2024-04-01T00:00:00+00:00",
    )  # fmt: skip
    return replace(written, **fields)


def second(doi: str = DOI, **fields: Any) -> Paper:
    """Its second version: another title, a section less, a reference less, published."""
    first = paper(doi, 2)
    return replace(
        first,
        title="Slow monocytes, revisited",
        sections=first.sections[:1],
        references=first.references[:1],
        published_doi=JOURNAL,
        fetched="2024-05-01T00:00:00+00:00",
        **fields,
    )


Snapshot = dict[str, dict[Any, Any]]


def expected(papers: list[Paper]) -> Snapshot:
    """What a store must hold: the rows, and what changed between neighbours."""
    rows = rows_of(papers)
    found: Snapshot = {node.label: {k: _plain(row) for k, row in rows.nodes[node.label].items()} for node in NODES}
    for relationship in RELATIONSHIPS:
        table = rows.relationships.get(relationship.name, {})
        found[relationship.name] = {k: _plain(row[2:]) for k, row in table.items()}
    by_id = {str(p): rows.nodes["Version"][str(p)] for p in papers}
    names = [p.name for p in NODES[1].properties]
    for new, old in found["Version_REVISES_Version"]:
        if new in by_id and old in by_id:
            values = [
                by_id[id][names.index(n)]
                for n in ("title", "abstract", "body", "cited", "license")
                for id in (new, old)
            ]
            found["Version_REVISES_Version"][new, old] = (tuple(differences(values)),)
    return found


def snapshot(store: Store) -> Snapshot:
    """Everything that a store holds."""
    found: Snapshot = {}
    for node in NODES:
        values = ", ".join(f"n.`{p.name}`" for p in node.properties)
        found[node.label] = {
            row[0]: _plain(row) for row in store.read(f"MATCH (n:{node.label}) RETURN {values}", {})[1]
        }
    for r in RELATIONSHIPS:
        start, end = next(n.key for n in NODES if n.label == r.start), next(n.key for n in NODES if n.label == r.end)
        values = "".join(f", r.`{p.name}`" for p in r.properties)
        _, rows = store.read(f"MATCH (a:{r.start})-[r:{r.type}]->(b:{r.end}) RETURN a.`{start}`, b.`{end}`{values}", {})
        keys = [row[:3] if r.key else row[:2] for row in rows]
        assert len(set(keys)) == len(keys), f"{r.name}: a relationship is there twice"
        found[r.name] = {key: _plain(row[2:]) for key, row in zip(keys, rows, strict=True)}
    return found


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
