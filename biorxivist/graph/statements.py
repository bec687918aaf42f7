"""Cypher made from the schema, in the subset that Neo4j and Ladybug share. Values are always bound."""

from collections.abc import Callable, Iterable
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from biorxivist.graph.schema import NODE, NODES, RELATIONSHIPS
from biorxivist.graph.tables import Rows
from biorxivist.graph.vocabulary import Merge, Node, Property, Relationship

At = Callable[[int, str], str]
"""How a store reads a value of `row`, given its place and its name."""


class Dialect(NamedTuple):
    """Where the stores differ."""

    at: At
    lock: str = ""
    """What locks a node `n` until the transaction ends, with its key as `{key}`; nothing where one transaction writes at a time."""
    joined: bool = False
    """Whether one statement can write all tables, its relationships finding their nodes by place instead of by key."""
    renew: str = "ON MATCH SET {sets}"
    """What sets properties of a node that was there, if `{changed}`; at best it locks no node that stays as it is."""


NEO4J = Dialect(
    lambda place, name: f"row[{place}]",
    # the same value set again locks a node and changes nothing
    lock=" SET n.`{key}` = n.`{key}`",
    joined=True,
    renew="FOREACH (_ IN CASE WHEN {changed} THEN [1] ELSE [] END | SET {sets})",
)
LISTS = {p.name for table in (*NODES, *RELATIONSHIPS) for p in table.properties if p.type == "strings"}
# a column that is null in all rows has no type of its own
LADYBUG = Dialect(lambda place, name: f"CAST(row.`{name}` AS STRING[])" if name in LISTS else f"row.`{name}`")


class Statement(NamedTuple):
    """A statement and its parameters."""

    text: str
    rows: list[Any]
    """Bound as `$rows`: keys, or rows whose values are in the order of `names`."""
    names: tuple[str, ...] = ()
    """Names of the values of a row; none if a row is one value."""


def write_nodes(label: str, rows: list[Any], dialect: Dialect, verb: str = "MERGE") -> Statement:
    """Make nodes, or merge descriptions into those that are there; with `CREATE` none of them may be there."""
    names = tuple(p.name for p in NODE[label].properties)
    return Statement(f"UNWIND $rows AS row {_node(NODE[label], dialect, verb)}", rows, names)


def _node(node: Node, dialect: Dialect, verb: str) -> str:
    names = [p.name for p in node.properties]
    if verb == "CREATE":
        return f"CREATE (n:{node.label}{_map(enumerate(names), dialect.at)})"
    return f"MERGE (n:{node.label}{_map([(0, names[0])], dialect.at)}) {SETS[node.merge](node, dialect)}".strip()


def _map(places: Iterable[tuple[int, str]], at: At) -> str:
    """Properties by their places in a row."""
    inside = ", ".join(f"`{name}`: {at(i, name)}" for i, name in places)
    return f" {{{inside}}}" if inside else ""


def _owned(node: Node, dialect: Dialect) -> str:
    return "SET " + ", ".join(f"{old} = {new}" for _, old, new in _values(node, dialect))


def _ranked(node: Node, dialect: Dialect) -> str:
    best = next(f"coalesce({old}, -1) <= {new}" for p, old, new in _values(node, dialect) if p.name == node.rank)
    sets = {}
    for p, old, new in _values(node, dialect):
        lasting = f"coalesce({old}, false) OR {new}"
        sets[p.name] = f"{old} = {lasting if p.type == 'boolean' else f'CASE WHEN {best} THEN {new} ELSE {old} END'}"
    # the others are decided by the rank as it was
    sets[node.rank] = sets.pop(node.rank)
    return f"SET {', '.join(sets.values())}"


def _longest(node: Node, dialect: Dialect) -> str:
    made, changed, sets = [], [], []
    for _, old, new in _values(node, dialect):
        better = f"{new} IS NOT NULL AND {old} IS NULL OR size({new}) > size({old}) OR (size({new}) = size({old}) AND {new} < {old})"
        made.append(f"{old} = {new}")
        changed.append(better)
        sets.append(f"{old} = CASE WHEN {better} THEN {new} ELSE {old} END")
    if not sets:
        return ""
    renewed = dialect.renew.format(changed=" OR ".join(changed), sets=", ".join(sets))
    return f"ON CREATE SET {', '.join(made)} {renewed}"


def _values(node: Node, dialect: Dialect) -> list[tuple[Property, str, str]]:
    """Properties beside the key, with the value that a node has and that of the row."""
    return [(p, f"n.`{p.name}`", dialect.at(i, p.name)) for i, p in enumerate(node.properties) if i]


SETS: dict[Merge, Callable[[Node, Dialect], str]] = {
    Merge.OWNED: _owned,
    Merge.RANKED: _ranked,
    Merge.LONGEST: _longest,
}


def write_relationships(relationship: Relationship, rows: list[Any], at: At, verb: str = "MERGE") -> Statement:
    """Make relationships between nodes that are there, or renew their properties; with `CREATE` none of them may be there."""
    text = f"UNWIND $rows AS row {_ends(relationship, at)} {_relationship(relationship, at, verb)}"
    return Statement(text, rows, _names(relationship))


def _relationship(relationship: Relationship, at: At, verb: str) -> str:
    properties = [(i, p.name) for i, p in enumerate(relationship.properties, 2)]
    if verb == "CREATE":
        return f"CREATE (a)-[r:{relationship.type}{_map(properties, at)}]->(b)"
    key = _map(properties[:1], at) if relationship.key else ""
    # what is told by one of two versions alone is not taken away by the other
    sets = ", ".join(
        f"r.`{name}` = {at(i, name)}" for i, name in properties if name not in (relationship.key, "changed")
    )
    text = f"MERGE (a)-[r:{relationship.type}{key}]->(b)"
    return f"{text} SET {sets}" if sets else text


TOLD_NODES = tuple(node for node in NODES if node.told)
TOLD_RELATIONSHIPS = tuple(relationship for relationship in RELATIONSHIPS if relationship.told)


def write_rows(rows: Rows, dialect: Dialect, fresh: bool) -> Statement:
    """Make or merge all that lines of feeds tell, in one statement. `fresh` says that nothing is there of what belongs to the versions."""
    tables, places = [], {}
    for node in TOLD_NODES:
        table = rows.nodes[node.label]
        keys = sorted(table)
        places[node.label] = {key: place for place, key in enumerate(keys)}
        tables.append([list(table[key]) for key in keys])
    for relationship in TOLD_RELATIONSHIPS:
        table = rows.relationships.get(relationship.name, {})
        starts, ends = places[relationship.start], places[relationship.end]
        # the nodes that another transaction may want too are locked in the order of their keys
        order = sorted(table, key=_END_FIRST) if _is_shared(relationship.end) else sorted(table)
        tables.append([[starts[key[0]], ends[key[1]], *table[key][2:]] for key in order])
    return Statement(_joined(dialect, fresh), tables)


@cache
def _joined(dialect: Dialect, fresh: bool) -> str:
    """One text for all batches, since a server takes long to plan it: of tables without rows it makes nothing."""
    own: list[str] = []
    shared: list[str] = []
    for number, node in enumerate(TOLD_NODES):
        made = _node(node, dialect, "CREATE" if fresh and node.merge is Merge.OWNED else "MERGE")
        steps = shared if _is_shared(node.label) else own
        steps.append(f"CALL {{ UNWIND $rows[{number}] AS row {made} RETURN collect(n) AS {node.label} }}")
    for number, r in enumerate(TOLD_RELATIONSHIPS, len(TOLD_NODES)):
        made = _relationship(r, dialect.at, "CREATE" if fresh and r.owner else "MERGE")
        steps = shared if _is_shared(r.start) or _is_shared(r.end) else own
        steps.append(f"FOREACH (row IN $rows[{number}] | FOREACH (a IN [{r.start}[row[0]]] | FOREACH (b IN [{r.end}[row[1]]] | {made})))")  # fmt: skip
    # what papers share comes last, since others wait for it until the transaction ends
    return " ".join([*own, "WITH *", *shared])


def _is_shared(label: str) -> bool:
    """Whether papers have a node of this label in common."""
    return NODE[label].merge is Merge.LONGEST


_END_FIRST = itemgetter(1, 0)


def delete_relationships(relationship: Relationship, rows: list[Any], at: At) -> Statement:
    """Remove relationships, given by the keys of their nodes and their own."""
    key = f" {{`{relationship.key}`: {at(2, relationship.key)}}}" if relationship.key else ""
    match = f"MATCH (a:{relationship.start} {{`{NODE[relationship.start].key}`: {at(0, 'start')}}})-[r:{relationship.type}{key}]->(b:{relationship.end} {{`{NODE[relationship.end].key}`: {at(1, 'end')}}})"
    return Statement(f"UNWIND $rows AS row {match} DELETE r", rows, _names(relationship)[: 3 if key else 2])


def _ends(relationship: Relationship, at: At) -> str:
    start, end = NODE[relationship.start], NODE[relationship.end]
    return f"MATCH (a:{start.label} {{`{start.key}`: {at(0, 'start')}}}) MATCH (b:{end.label} {{`{end.key}`: {at(1, 'end')}}})"


def _names(relationship: Relationship) -> tuple[str, ...]:
    return ("start", "end", *(p.name for p in relationship.properties))


def delete_parts(label: str, keys: list[str]) -> Statement:
    """Remove nodes with all their relationships."""
    return Statement(f"UNWIND $rows AS row MATCH (n:{label} {{`{NODE[label].key}`: row}}) DETACH DELETE n", keys)


def delete_orphans(label: str, keys: list[str], dialect: Dialect) -> Statement:
    """Remove those of the given nodes that no paper has any more."""
    node = NODE[label]
    kept = "|".join(f":{type}" for type in node.kept_by)
    return Statement(
        f"MATCH (n:{label}) WHERE n.`{node.key}` IN $rows{dialect.lock.format(key=node.key)} "
        f"WITH n WHERE NOT EXISTS {{ MATCH (n)-[{kept}]-() }} DETACH DELETE n",
        keys,
    )


# --- what is there ----------------------------------------------------------------------------------------------------

STATES = (
    "UNWIND $rows AS row MATCH (v:Version {id: row}) WHERE v.loaded = 1 RETURN v.id, v.digest, v.coverage, v.fetched"
)

NEIGHBOURS = (
    "UNWIND $rows AS row MATCH (:Paper {doi: row})-[:HAS_VERSION]->(v:Version)-[:REVISES]->(u:Version) "
    "WHERE v.loaded = 1 AND u.loaded = 1 "
    "RETURN v.id, u.id, v.title, u.title, v.abstract, u.abstract, v.body, u.body, v.cited, u.cited, v.license, u.license"
)

CHANGED = "UNWIND $rows AS row MATCH (a:Version {{id: {}}})-[r:REVISES]->(b:Version {{id: {}}}) SET r.changed = {}"


def lock(dois: list[str], dialect: Dialect) -> Statement:
    """Make or take the papers that a transaction is about to write."""
    return Statement(f"UNWIND $rows AS row MERGE (n:Paper {{doi: row}}){dialect.lock.format(key='doi')}", dois)


def changed(rows: list[Any], at: At) -> Statement:
    """Note what changed from one version to the next."""
    names = ("start", "end", "changed")
    return Statement(CHANGED.format(*(at(i, name) for i, name in enumerate(names))), rows, names)


def parts_of(label: str, version: str) -> Statement:
    """Keys and rows of a version's sections or passages."""
    values = ", ".join(f"n.`{p.name}`" for p in NODE[label].properties)
    return Statement(f"UNWIND $rows AS row MATCH (n:{label}) WHERE n.`{NODE[label].key}` STARTS WITH row RETURN {values}", [f"{version}#"])  # fmt: skip


def owned_by(relationship: Relationship, version: str) -> Statement:
    """Keys of the relationships that belong to a version."""
    start, end = NODE[relationship.start], NODE[relationship.end]
    returned = f"RETURN a.`{start.key}`, b.`{end.key}`"
    a, b = f"(a:{start.label})", f"(b:{end.label})"
    pattern = f"{a}-[r:{relationship.type}]->{b}"
    if relationship.owner == "key":
        pattern = f"(:Version {{id: row}})<-[:AUTHORED]-{pattern} WHERE r.`{relationship.key}` = row"
        returned += f", r.`{relationship.key}`"
    elif start.merge is Merge.OWNED:
        return Statement(
            f"UNWIND $rows AS row MATCH {pattern} WHERE a.`{start.key}` STARTS WITH row {returned}", [f"{version}#"]
        )
    else:
        pattern += f" WHERE {relationship.owner[0].replace('s', 'a').replace('e', 'b')}.id = row"
    return Statement(f"UNWIND $rows AS row MATCH {pattern} {returned}", [version])


def mentions_of(relationship: Relationship, version: str) -> Statement:
    """Keys and properties of the relationships from a version, from its passages, or between what they name, that were found in texts."""
    start, end = NODE[relationship.start], NODE[relationship.end]
    values = "".join(f", r.`{p.name}`" for p in relationship.properties)
    pattern = f"(a:{start.label})-[r:{relationship.type}]->(b:{end.label})"
    if start is end:
        given = f"{version}#"
        match = f"(c:Chunk)-[:MENTIONS]->{pattern} WHERE c.id STARTS WITH row AND r.chunk = c.id"
    elif start.merge is Merge.OWNED:
        match, given = f"{pattern} WHERE a.`{start.key}` STARTS WITH row", f"{version}#"
    else:
        match, given = f"{pattern} WHERE a.`{start.key}` = row", version
    return Statement(
        f"UNWIND $rows AS row MATCH {match} RETURN DISTINCT a.`{start.key}`, b.`{end.key}`{values}", [given]
    )
