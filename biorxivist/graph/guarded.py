"""Questions in Cypher from those who are not trusted with the graph: checked, and held to their time and rows."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

from biorxivist.graph.faults import GraphError

SECONDS, ROWS = 10, 100
# what is no clause: comments, strings, quoted names, and names behind `.`, `:` or `$`
PLAIN = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`|[.:$&|]\s*\w+", re.S)
WORD = re.compile(r"\w+")
BEGINNINGS = frozenset({"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN"})
# whatever writes, reads or writes files, asks other hosts, runs procedures or changes the session
FORBIDDEN = frozenset(
    {
        "ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DEALLOCATE", "DELETE", "DENY", "DETACH",
        "DROP", "EXPLAIN", "EXPORT", "EXTENSION", "FOREACH", "FORCE", "GRANT", "IMPORT", "INSERT", "INSTALL", "LOAD", "MERGE", "PROFILE",
        "PROJECT", "REMOVE", "REVOKE", "ROLLBACK", "SET", "SHOW", "START", "STOP", "TERMINATE", "UNINSTALL", "UPDATE", "USE",
    }
)  # fmt: skip


class Guarded(Protocol):
    """A store that answers within limits."""

    def ask(
        self, text: str, parameters: dict[str, Any], seconds: float, rows: int
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Columns, the first rows and whether there are more. Raises `GraphError` for a question that would change anything or takes too long."""


def check(text: str) -> None:
    """Refuse what does anything but read the graph, before a store sees it. Raises `GraphError`."""
    if re.search(r"\\[uU]", text):
        # Neo4j replaces these before it reads the strings that we would leave out
        raise GraphError("no \\u escapes in a query: bind the value as a parameter")
    bare = PLAIN.sub(" ", text)
    words = [word.upper() for word in WORD.findall(bare)]
    if not words or words[0] not in BEGINNINGS:
        raise GraphError(f"a query only reads: it begins with {', '.join(sorted(BEGINNINGS))}")
    if ";" in bare.rstrip().rstrip(";"):
        raise GraphError("one query at a time")
    if found := next((word for word in words if word in FORBIDDEN), ""):
        raise GraphError(
            f"a query only reads: {found} is not allowed (a name that is spelled so goes between backticks)"
        )


def answer(columns: Iterable[str], rows: Iterable[tuple[Any, ...]], longest: int) -> list[dict[str, Any]]:
    """Rows as JSON, nodes by their properties, as many as fit in so many characters; vectors are left out."""
    names, found, size = list(columns), [], 0
    for row in rows:
        made = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        size += len(str(made))
        if size > longest:
            break
        found.append(made)
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if hasattr(value, "items"):
        return {str(name): _plain(v) for name, v in value.items() if not _hidden(name)}
    if hasattr(value, "nodes") and hasattr(value, "relationships"):
        return [_plain(v) for v in (*value.nodes, *value.relationships)]
    if isinstance(value, list | tuple | set):
        return [_plain(v) for v in value]
    return str(value)


def _hidden(name: Any) -> bool:
    return name in ("_id", "_src", "_dst", "embedding", "embedding_model")
