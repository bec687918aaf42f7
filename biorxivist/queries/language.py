"""The language of queries, read into a tree.

`OR` binds least, then `AND` (also between words that stand side by side) and `NOT`, then `NEARn`, then a field: `title:word`, `methods:(a OR b)`.
"""

import re
from dataclasses import dataclass

from biorxivist.errors import UsageError

SECTIONS = ("introduction", "methods", "results", "discussion", "conclusion", "data", "funding", "ethics", "other")
# what a word without a field is looked for in
TEXT = ("title", "abstract", "keywords", *SECTIONS, "captions", "tables")
COLUMNS = (*TEXT, "authors", "affiliations", "category", "references", "doi")
FIELDS = {name: (name,) for name in COLUMNS} | {"text": TEXT, "body": SECTIONS}

TOKEN = re.compile(
    rf"\s*(?:(?P<paren>[()])|(?P<field>(?i:{'|'.join(FIELDS)})|[a-z]{{3,}}):(?=[\w*(\"“])"
    r"|[\"“”](?P<phrase>[^\"“”]*)[\"“”]|(?P<word>[^\s()\"“”]+))"
)
NEAR = re.compile(r"NEAR(?:/?(\d{1,3}))?")
WIDE = 10  # words between, where NEAR has no number, as in SQLite


class BadQuery(UsageError):
    """A query that cannot be read. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase or a word with wildcards."""

    text: str
    """As typed, without quotes."""
    fields: tuple[str, ...] = TEXT
    """Columns to look in."""
    phrase: bool = False
    """Whether it stood in quotes, in which `*` and `?` are no wildcards."""

    def __str__(self) -> str:
        name = next((name for name, columns in FIELDS.items() if columns == self.fields and name != "text"), "")
        return f"{name}:{self.shown}" if name else self.shown

    @property
    def shown(self) -> str:
        """The term with its quotes."""
        return f'"{self.text}"' if self.phrase else self.text


@dataclass(frozen=True, slots=True)
class Near:
    """Terms that stand together; each part is a choice of terms."""

    parts: tuple[tuple[Term, ...], ...]
    distance: int
    """Most words between the first and the last."""


@dataclass(frozen=True, slots=True)
class Both:
    """`AND`, `OR` or `NOT` of two parts."""

    operator: str
    left: "Node"
    right: "Node"


Node = Term | Near | Both


def parse(query: str) -> Node:
    """The tree of a query; raises `BadQuery`."""
    return _Parser(query).query()


def terms(node: Node) -> list[Term]:
    """The different terms of a tree, in their order."""
    if isinstance(node, Term):
        return [node]
    parts = (
        [t for part in node.parts for t in part] if isinstance(node, Near) else [*terms(node.left), *terms(node.right)]
    )
    return list(dict.fromkeys(parts))


class _Parser:
    def __init__(self, query: str):
        self.tokens = self.split(query)
        self.place = 0

    @staticmethod
    def split(query: str) -> list[re.Match[str]]:
        tokens, place = [], 0
        while query[place:].strip():
            match = TOKEN.match(query, place)
            if not match:
                raise BadQuery(f"the quotes that begin at {query[place:].strip()[:30]!r} do not end")
            tokens.append(match)
            place = match.end()
        if not tokens:
            raise BadQuery("the query is empty")
        return tokens

    def next(self) -> re.Match[str] | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def operator(self, pattern: str) -> str:
        """The operator that comes next and is taken, or nothing."""
        token = self.next()
        if token and token["word"] and re.fullmatch(pattern, token["word"]):
            self.place += 1
            return token["word"]
        return ""

    def query(self) -> Node:
        node = self.either(TEXT)
        if self.next():
            raise BadQuery("a ) closes nothing")
        return node

    def either(self, fields: tuple[str, ...]) -> Node:
        node = self.all(fields)
        while self.operator("OR"):
            node = Both("OR", node, self.all(fields))
        return node

    def all(self, fields: tuple[str, ...]) -> Node:
        if self.operator("NOT"):
            raise BadQuery("NOT needs something before it: what it takes away from")
        node = self.near(fields)
        while (token := self.next()) and token["paren"] != ")" and token["word"] != "OR":
            joined = self.operator("AND")
            operator = self.operator("NOT") or joined or "AND"
            node = Both(operator, node, self.near(fields))
        return node

    def near(self, fields: tuple[str, ...]) -> Node:
        first = self.one(fields)
        parts, distance = [first], 0
        while operator := self.operator(NEAR.pattern):
            distance = int(NEAR.fullmatch(operator)[1] or WIDE)
            parts.append(self.one(fields))
        return Near(tuple(map(choice, parts)), distance) if len(parts) > 1 else first

    def one(self, fields: tuple[str, ...]) -> Node:
        token = self.next()
        if not token:
            raise BadQuery("something is missing at the end")
        self.place += 1
        if token["paren"] == "(":
            return self.group(fields)
        if token["field"]:
            return self.field(token["field"])
        phrase = token["phrase"] is not None
        text = token["phrase"] if phrase else token["word"]
        if not phrase and (not text or re.fullmatch(f"AND|OR|NOT|{NEAR.pattern}", text)):
            raise BadQuery(f"something is missing before {token[0].strip()}")
        if not re.search(r"[^\W_]", text):
            raise BadQuery(f"{token[0].strip()} holds no word")
        return Term(text, fields, phrase)

    def group(self, fields: tuple[str, ...]) -> Node:
        node = self.either(fields)
        token = self.next()
        if not token:
            raise BadQuery("a ( is not closed")
        self.place += 1
        return node

    def field(self, name: str) -> Node:
        fields = FIELDS.get(name.lower())
        if not fields:
            raise BadQuery(f"there is no field {name}: there are {', '.join(FIELDS)}; quotes make it a word")
        return self.one(fields)


def choice(node: Node) -> tuple[Term, ...]:
    """The terms of which one is to stand near."""
    if isinstance(node, Term):
        return (node,)
    if isinstance(node, Both) and node.operator == "OR":
        return choice(node.left) + choice(node.right)
    raise BadQuery("NEAR joins words, phrases, and (… OR …) of them")
