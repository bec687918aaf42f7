"""Europe PMC's query language, as much of it as the project speaks."""

import re
from collections.abc import Callable

from tests.site.catalogue import Holding, initials

Test = Callable[[Holding], bool]
TOKEN = re.compile(
    r'\s*(?:(?P<mark>[()])|(?P<field>[A-Z_]+):|(?P<range>\[[^\]]*\])|"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+))'
)


GREEK = {"alpha": "α", "beta": "β", "gamma": "γ"}


class Malformed(ValueError):
    """A query that Europe PMC does not understand."""


def parse(query: str) -> Test:
    """The test that a query puts to a paper; raises `Malformed`."""
    tokens = []
    place = 0
    query = query.rstrip()
    while place < len(query):
        match = TOKEN.match(query, place)
        if not match:
            raise Malformed(query[place:])
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    reader = _Reader(tokens)
    test = reader.either()
    if reader.tokens:
        raise Malformed(str(reader.tokens))
    return test


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]):
        self.tokens = tokens

    def _next(self, *wanted: tuple[str, str]) -> bool:
        if self.tokens and self.tokens[0] in wanted:
            self.tokens.pop(0)
            return True
        return False

    def either(self) -> Test:
        tests = [self._all()]
        while self._next(("word", "OR")):
            tests.append(self._all())
        return lambda paper: any(test(paper) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self.tokens and self.tokens[0] not in (("mark", ")"), ("word", "OR")):
            self._next(("word", "AND"))
            tests.append(self._one())
        return lambda paper: all(test(paper) for test in tests)

    def _one(self) -> Test:
        if self._next(("word", "NOT")):
            test = self._one()
            return lambda paper: not test(paper)
        if self._next(("mark", "(")):
            test = self.either()
            if not self._next(("mark", ")")):
                raise Malformed("( without )")
            return test
        kind, value = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "field":
            return self._field(value)
        if kind not in ("word", "phrase") or value in ("AND", "OR"):
            raise Malformed(value or "end of the query")
        found = _finder(value)
        return lambda paper: found(paper.words)

    def _field(self, name: str) -> Test:
        if name not in FIELDS:
            raise Malformed(name)
        if self._next(("mark", "(")):
            inner = []
            while self.tokens and self.tokens[0] != ("mark", ")"):
                inner.append(self.tokens.pop(0)[1])
            if not self._next(("mark", ")")):
                raise Malformed(name)
            values = [v for v in inner if v not in ("AND", "OR")]
            join = any if "OR" in inner else all
            return lambda paper: join(FIELDS[name](paper, value) for value in values)
        kind, value = self.tokens.pop(0) if self.tokens else ("", "")
        if kind not in ("word", "phrase", "range"):
            raise Malformed(name)
        if kind == "range":
            return _range(name, value)
        return lambda paper: FIELDS[name](paper, value)


def _range(name: str, value: str) -> Test:
    match = re.fullmatch(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]", value)
    if not match or name not in ("FIRST_PDATE", "PUB_YEAR"):
        raise Malformed(value)
    first, last = match.groups()
    return lambda paper: first <= _date(paper, name) <= last


def _date(paper: Holding, name: str) -> str:
    return paper.first[:4] if name == "PUB_YEAR" else paper.first


def _finder(value: str) -> Callable[[str], bool]:
    words = re.escape(value.lower()).replace(r"\*", r"\w*")
    # the name of a Greek letter finds the letter
    for name, letter in GREEK.items():
        words = words.replace(name, f"(?:{name}|{letter})")
    # a hyphen is as good as a space
    pattern = re.compile(r"(?<!\w)" + re.sub(r"(?:\\-|\\ | )+", r"[\\s-]+", words) + r"(?!\w)")
    return lambda text: bool(pattern.search(text))


def _in(text: Callable[[Holding], str]) -> Callable[[Holding, str], bool]:
    return lambda paper, value: _finder(value)(text(paper).lower())


def _flag(holds: Callable[[Holding], bool]) -> Callable[[Holding, str], bool]:
    return lambda paper, value: holds(paper) == (value.lower() in ("y", "yes"))


def open_access(paper: Holding) -> bool:
    """Whether Europe PMC calls it open access: a Creative Commons licence, and the text is there."""
    return bool(paper.europepmc) and paper.record["license"] not in ("", "cc_no")


FIELDS: dict[str, Callable[[Holding, str], bool]] = {
    "TITLE": _in(lambda p: p.title),
    "ABSTRACT": _in(lambda p: p.abstract),
    "TITLE_ABS": _in(lambda p: f"{p.title} {p.record['abstract']}"),
    "AUTH": lambda p, value: any(_finder(value)(name.lower()) for name in spellings(p)),
    "DOI": lambda p, value: p.doi == value.lower(),
    "SRC": lambda p, value: value.upper() == "PPR",
    "PUBLISHER": lambda p, value: value.lower() == p.server,
    "PUB_YEAR": lambda p, value: _date(p, "PUB_YEAR") == value,
    "FIRST_PDATE": lambda p, value: _date(p, "FIRST_PDATE") == value,
    "HAS_FT": _flag(lambda p: bool(p.europepmc)),
    "IN_EPMC": _flag(lambda p: bool(p.europepmc)),
    "OPEN_ACCESS": _flag(open_access),
    "HAS_ABSTRACT": _flag(lambda p: bool(p.abstract)),
    "EXT_ID": lambda p, value: p.ppr == value.upper(),
}


def spellings(paper: Holding) -> list[str]:
    """The ways to name each author: `Okonkwo A`, `Amara Okonkwo`."""
    found = []
    for given, surname in paper.authors:
        found += [f"{surname} {initials(given)}".strip(), f"{given} {surname}".strip()]
    return found
