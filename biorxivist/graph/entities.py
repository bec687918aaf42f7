"""Rows of what text mining found in papers, and how they get into a store that has the papers."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from biorxivist.graph import statements
from biorxivist.graph.keys import normal
from biorxivist.graph.schema import NODE, RELATIONSHIP
from biorxivist.graph.statements import Dialect, Statement
from biorxivist.graph.tables import Row, Rows
from biorxivist.graph.writing import Outcome, Plan, Records
from biorxivist.items import AnnotatedPaper, Annotation, Tag

WHOLE, PLACES = RELATIONSHIP["Version_MENTIONS_Entity"], RELATIONSHIP["Chunk_MENTIONS_Entity"]
OBO = re.compile(r"([A-Za-z]+)_(\w+)")
# vocabularies that are spelled in more than one way
VOCABULARIES = {"umls-concept": "umls", "ncbitaxon": "taxonomy", "taxon": "taxonomy"}


def entity_key(kind: str, tag: Tag) -> str:
    """Vocabulary and identifier, `uniprot:P38398`; without an address kind and normal form of the name; empty for an empty tag."""
    parts = [unquote(p) for p in urlsplit(tag.uri).path.split("/") if p]
    if not parts:
        name = normal(tag.name)
        return f"{kind}:{name}" if name else ""
    vocabulary, id = parts[-2] if len(parts) > 1 else urlsplit(tag.uri).netloc, parts[-1]
    if vocabulary == "obo" and (match := OBO.fullmatch(id)):
        vocabulary, id = match.groups()
    elif ":" in id:
        # identifiers.org/taxonomy:9606
        vocabulary, _, id = id.partition(":")
    vocabulary = vocabulary.lower()
    return f"{VOCABULARIES.get(vocabulary, vocabulary)}:{id}"


def add_annotations(rows: Rows, annotated: AnnotatedPaper, chunks: Iterable[Row]) -> None:
    """Entities and where they are named. `chunks` are the version's rows of that label."""
    found: dict[str, list[tuple[Annotation, bool]]] = defaultdict(list)
    passages = _Passages(chunks)
    for annotation in annotated.annotations:
        chunk = passages.holding(annotation)
        for tag in annotation.tags or [Tag(annotation.exact)]:
            if key := entity_key(annotation.kind, tag):
                rows.add("Entity", key, annotation.kind, tag.name or annotation.exact, tag.uri or None)
                found[key].append((annotation, bool(chunk)))
                if chunk:
                    words = annotation.exact, annotation.provider or None, annotation.id or None
                    rows.relate(
                        PLACES.name, chunk, key, annotation.start, annotation.end - annotation.start, *words, keyed=True
                    )
    for key, places in found.items():
        each = [list(dict.fromkeys(filter(None, (getattr(a, name) for a, _ in places)))) for name in ("exact", "section", "provider")]  # fmt: skip
        rows.relate(WHOLE.name, str(annotated), key, len(places), sum(placed for _, placed in places), *each)


class _Passages:
    """The passages of a version by place."""

    def __init__(self, chunks: Iterable[Row]):
        names = [p.name for p in NODE["Chunk"].properties]
        text, start, stop = (names.index(name) for name in ("text", "start", "stop"))
        self.places: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        for row in chunks:
            place = row[0].rpartition("#")[2].partition(":")[0]
            self.places[place].append((row[start], row[stop], row[text], row[0]))

    def holding(self, annotation: Annotation) -> str:
        """The passage in which an annotation stands; empty if none has its words there: the text is another one, or they are cut."""
        for start, stop, text, id in self.places.get(annotation.place, ()):
            if start <= annotation.start < annotation.end <= stop:
                return id if normal(text[annotation.start - start : annotation.end - start]) == normal(annotation.exact) else ""  # fmt: skip
        return ""


# --- into a store -----------------------------------------------------------------------------------------------------


def plan(batch: list[AnnotatedPaper], dialect: Dialect) -> Plan:
    """Everything that brings annotations to versions, all of which the store has."""
    yield statements.lock(sorted({annotated.doi for annotated in batch}), dialect)
    outcome, rows, stale = Outcome(), Rows(), {WHOLE.name: [], PLACES.name: []}
    for annotated in sorted(batch, key=str):
        wanted = Rows()
        add_annotations(wanted, annotated, (yield statements.parts_of("Chunk", str(annotated))))
        known = yield from _known(str(annotated))
        changes = _compare(wanted, known, rows, stale)
        if not changes:
            outcome.unchanged += 1
        elif any(known.values()):
            outcome.changed += 1
        else:
            outcome.new += 1
    yield from _write(rows, stale, dialect)
    return outcome


def _known(version: str) -> Generator[Statement, Records, dict[str, dict[Row, Row]]]:
    """The relationships that the store has of a version, by their keys."""
    found = {}
    for relationship in (WHOLE, PLACES):
        rows = yield statements.mentions_of(relationship, version)
        width = 3 if relationship.key else 2
        found[relationship.name] = {tuple(row[:width]): _plain(row) for row in rows}
    return found


def _compare(wanted: Rows, known: dict[str, dict[Row, Row]], rows: Rows, stale: dict[str, list[Row]]) -> bool:
    """Note what is to be written and what is to go; whether anything is."""
    changes = False
    for name, before in known.items():
        table = wanted.relationships.get(name, {})
        new = {key: row for key, row in table.items() if before.get(key) != _plain(row)}
        gone = [key for key in before if key not in table]
        changes = changes or bool(new or gone)
        rows.relationships.setdefault(name, {}).update(new)
        stale[name] += gone
    for key in {row[1] for table in rows.relationships.values() for row in table.values()}:
        if key in wanted.nodes["Entity"]:
            rows.add("Entity", *wanted.nodes["Entity"][key])
    return changes


def _write(rows: Rows, stale: dict[str, list[Row]], dialect: Dialect) -> Generator[Statement, Records, None]:
    gone = sorted({key[1] for keys in stale.values() for key in keys})
    for name, keys in stale.items():
        if keys:
            yield statements.delete_relationships(RELATIONSHIP[name], sorted(keys), dialect.at)
    if entities := rows.nodes["Entity"]:
        yield statements.write_nodes("Entity", [entities[key] for key in sorted(entities)], dialect.at)
    for name, table in rows.relationships.items():
        if table:
            yield statements.write_relationships(RELATIONSHIP[name], [table[key] for key in sorted(table)], dialect.at)
    if gone:
        yield statements.delete_orphans("Entity", gone, dialect)


def _plain(row: Sequence[Any]) -> Row:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
