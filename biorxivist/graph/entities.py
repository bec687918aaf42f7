"""Rows of what text mining found in papers, and how they get into a store that has the papers."""

import re
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from biorxivist.graph import statements
from biorxivist.graph.keys import normal
from biorxivist.graph.schema import NODE, RELATIONSHIP
from biorxivist.graph.statements import Dialect, Statement
from biorxivist.graph.tables import Row, Rows
from biorxivist.graph.vocabulary import Relationship
from biorxivist.graph.writing import Outcome, Plan, Records
from biorxivist.items import AnnotatedPaper, Annotation, Tag

WHOLE, PLACES = RELATIONSHIP["Version_MENTIONS_Entity"], RELATIONSHIP["Chunk_MENTIONS_Entity"]
RELATIONS = RELATIONSHIP["Entity_RELATED_TO_Entity"]
OBO = re.compile(r"([A-Za-z]+)_(\w+)")
# where an address ends in vocabulary and identifier; elsewhere the last words may be those of another site too
RESOLVERS = frozenset({"identifiers.org", "purl.obolibrary.org", "purl.uniprot.org", "linkedlifedata.com", "bioregistry.io", "n2t.net"})  # fmt: skip
# vocabularies that are spelled in more than one way
VOCABULARIES = {"umls-concept": "umls", "ncbitaxon": "taxonomy", "taxon": "taxonomy"}


def entity_key(kind: str, tag: Tag) -> str:
    """Vocabulary and identifier, `uniprot:P38398`, else the address; without one kind and normal form of the name; empty for an empty tag."""
    _, mark, address = tag.uri.partition("://")
    if not mark or not address:
        name = normal(tag.name)
        return f"{kind}:{name}" if name else ""
    host, _, path = address.partition("/")
    parts = [unquote(part) for part in path.split("/") if part]
    if host.lower().removeprefix("www.") not in RESOLVERS or not parts or set("?#") & set(path):
        # one thing, whether by http or https
        return f"http://{address}"
    vocabulary, _, id = parts[-1].partition(":")
    if not id and (match := OBO.fullmatch(vocabulary)) and len(parts) > 1 and parts[-2] == "obo":
        vocabulary, id = match.groups()
    elif not id and len(parts) > 1:
        vocabulary, id = parts[-2:]
    elif not id:
        return f"http://{address}"
    return f"{VOCABULARIES.get(vocabulary.lower(), vocabulary.lower())}:{id}"


def add_annotations(rows: Rows, annotated: AnnotatedPaper, chunks: Iterable[Row]) -> None:
    """Entities and where they are named. `chunks` are the version's rows of that label."""
    found: dict[str, list[tuple[Annotation, bool]]] = defaultdict(list)
    passages = Passages(chunks)
    for annotation in annotated.annotations:
        chunk = passages.holding(annotation.place, annotation.start, annotation.end, annotation.exact)
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


class Passages:
    """The passages of a version by place."""

    def __init__(self, chunks: Iterable[Row]):
        names = [p.name for p in NODE["Chunk"].properties]
        text, start, stop = (names.index(name) for name in ("text", "start", "stop"))
        self.places: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        for row in chunks:
            place = row[0].rpartition("#")[2].partition(":")[0]
            self.places[place].append((row[start], row[stop], row[text], row[0]))

    def holding(self, place: str, first: int, last: int, words: str) -> str:
        """The passage that has words between two offsets of a place; empty if none has: the text is another one, or they are cut."""
        for start, stop, text, id in self.places.get(place, ()):
            if start <= first < last <= stop:
                return id if normal(text[first - start : last - start]) == normal(words) else ""
        return ""


# --- into a store -----------------------------------------------------------------------------------------------------

Build = Callable[[Rows, list[Row]], None]
"""Adds what was found in a version to rows, given the version's passages."""
LLM = "llm:"
"""Begins the keys of entities that a language model found: they and what text mining found know nothing of each other."""


def annotations_plan(batch: list[AnnotatedPaper], dialect: Dialect) -> Plan:
    """Everything that brings annotations to versions, all of which the store has."""
    builds = {str(a): (a.doi, partial(_add_mined, a)) for a in batch}
    return plan(builds, dialect, (WHOLE, PLACES), lambda key: not key.startswith(LLM))


def _add_mined(annotated: AnnotatedPaper, rows: Rows, chunks: list[Row]) -> None:
    add_annotations(rows, annotated, chunks)


def plan(
    builds: dict[str, tuple[str, Build]], dialect: Dialect, kinds: Iterable[Relationship], ours: Callable[[str], bool]
) -> Plan:
    """Replace what was found in versions, given by their keys with their DOIs; `ours` tells by its key whether an entity is of that kind."""
    yield statements.lock(sorted({doi for doi, _ in builds.values()}), dialect)
    outcome, rows, stale = Outcome(), Rows(), {kind.name: [] for kind in kinds}
    for version, (_, build) in sorted(builds.items()):
        wanted = Rows()
        build(wanted, list((yield statements.parts_of("Chunk", version))))
        known = {}
        for kind in kinds:
            found = yield statements.mentions_of(kind, version)
            known[kind.name] = {tuple(row[: 3 if kind.key else 2]): _plain(row) for row in found if ours(row[1])}
        if not _compare(wanted, known, rows, stale):
            outcome.unchanged += 1
        elif any(known.values()):
            outcome.changed += 1
        else:
            outcome.new += 1
    yield from _write(rows, stale, dialect)
    return outcome


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
    # both ends may be entities
    for key in {end for table in rows.relationships.values() for row in table.values() for end in row[:2]}:
        if key in wanted.nodes["Entity"]:
            rows.add("Entity", *wanted.nodes["Entity"][key])
    return changes


def _write(rows: Rows, stale: dict[str, list[Row]], dialect: Dialect) -> Generator[Statement, Records, None]:
    gone = sorted({key[1] for name, keys in stale.items() if name != RELATIONS.name for key in keys})
    for name, keys in stale.items():
        if keys:
            yield statements.delete_relationships(RELATIONSHIP[name], sorted(keys), dialect.at)
    if entities := rows.nodes["Entity"]:
        yield statements.write_nodes("Entity", [entities[key] for key in sorted(entities)], dialect)
    for name, table in rows.relationships.items():
        if table:
            yield statements.write_relationships(RELATIONSHIP[name], [table[key] for key in sorted(table)], dialect.at)
    if gone:
        yield statements.delete_orphans("Entity", gone, dialect)


def _plain(row: Sequence[Any]) -> Row:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
