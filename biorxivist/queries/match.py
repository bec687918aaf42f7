"""Queries as expressions of SQLite's FTS5."""

import re
import unicodedata
from collections.abc import Callable
from itertools import product

from biorxivist.queries.language import BadQuery, Near, Node, Term

# the words of an index that a pattern with * and ? stands for
Expand = Callable[[str], list[str]]
MOST = 2000
# stands for a pattern that no word fits; FTS5 drops what is empty
NOTHING = '"qzxnothingfitsxzq"'


def expression(node: Node, expand: Expand) -> str:
    """The FTS5 expression of a tree; raises `BadQuery` if its wildcards stand for too much."""
    if isinstance(node, Term):
        return _within(node.fields, phrases(node, expand))
    if isinstance(node, Near):
        return _near(node, expand)
    return f"({expression(node.left, expand)} {node.operator} {expression(node.right, expand)})"


def _within(fields: tuple[str, ...], choices: list[str]) -> str:
    return f"({{{' '.join(fields)}}} : ({' OR '.join(choices)}))"


def _near(node: Near, expand: Expand) -> str:
    # FTS5 knows no choice inside NEAR, so that each combination is one
    parts = [[(phrase, term.fields) for term in part for phrase in phrases(term, expand)] for part in node.parts]
    wanted = [
        (combination[0][1], f"NEAR({' '.join(phrase for phrase, _ in combination)}, {node.distance})")
        for combination in _few(parts)
        if len({fields for _, fields in combination}) == 1
    ]
    if not wanted:
        raise BadQuery("NEAR joins what stands in one field: title:(a NEAR5 b)")
    by_fields = {fields: [group for f, group in wanted if f == fields] for fields, _ in wanted}
    return f"({' OR '.join(_within(fields, groups) for fields, groups in by_fields.items())})"


def phrases(term: Term, expand: Expand) -> list[str]:
    """A term as quoted phrases: one, or one for each choice of words that its wildcards stand for."""
    if term.phrase:
        return [f'"{term.text}"']
    words = re.findall(r"[\w*?]+", term.text)
    # a star at the end is FTS5's own
    star = " *" if re.fullmatch(r"\w+\*", words[-1]) else ""
    words[-1] = words[-1].removesuffix("*") if star else words[-1]
    choices = _few([expand(_folded(w)) if re.search(r"[*?]", w) else [w] for w in words])
    return [f'"{" ".join(choice)}"{star}' for choice in choices] or [NOTHING]


def _few(parts: list[list]) -> list[tuple]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > MOST:
        raise BadQuery(f"the wildcards stand for {size:,} choices of words: more letters make them fewer")
    return list(product(*parts))


def _folded(pattern: str) -> str:
    # as the index keeps its words
    return "".join(c for c in unicodedata.normalize("NFD", pattern.lower()) if not unicodedata.combining(c))
