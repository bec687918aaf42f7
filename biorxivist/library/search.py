"""The passages of a library that fit a question: words and vectors, fused by rank."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from biorxivist.errors import UsageError
from biorxivist.items import Chunk
from biorxivist.library.store import PLACES, Store
from biorxivist.library.vectors import Vectors
from biorxivist.library.words import Words
from biorxivist.licenses import allows

# reciprocal rank fusion: the constant of its authors, and how far down each list counts
RRF = 60
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers and sections a search looks into; empty is all."""

    since: str = ""
    """First day of posting, ISO 8601."""
    until: str = ""
    """Last day of posting."""
    category: str = ""
    """Subject category as the servers write it."""
    license: str = "any"
    """`any`, `cc` or `open`."""
    server: str = ""
    """`biorxiv` or `medrxiv`."""
    sections: tuple[str, ...] = ()
    """Kinds of section, or `abstract`."""

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            try:
                date.fromisoformat(getattr(self, name) or "2000-01-01")
            except ValueError:
                raise UsageError(f"{name}={getattr(self, name)}: must be a date like 2025-03-14") from None
        for name, allowed in (("license", ("any", "cc", "open")), ("server", ("", "biorxiv", "medrxiv"))):
            if getattr(self, name) not in allowed:
                raise UsageError(f"{name}={getattr(self, name)}: must be {' or '.join(filter(None, allowed))}")
        if unknown := [s for s in self.sections if s not in PLACES]:
            raise UsageError(f"section={unknown[0]}: must be {', '.join(PLACES)}")

    def condition(self, store: Store) -> tuple[str, list]:
        """The papers as SQL on `p`, with its values; empty for all papers."""
        parts, values = [], []
        for sql, value in (
            ("p.posted >= ?", self.since),
            ("p.posted <= ?", self.until),
            ("p.category = ?", self.category.lower()),
            ("p.server = ?", self.server),
        ):
            if value:
                parts.append(sql)
                values.append(value)
        if self.license != "any":
            known = [row[0] for row in store.db.execute("SELECT DISTINCT license FROM papers")]
            kept = [license for license in known if allows(license, self.license)]
            parts.append(f"p.license IN ({', '.join('?' * len(kept))})")
            values += kept
        return " AND ".join(parts), values


@dataclass(slots=True)
class Passage:
    """A chunk that was found."""

    chunk: Chunk
    server: str = ""
    posted: str = ""
    category: str = ""
    score: float = 0.0
    """Sum of 1 / (60 + rank) over the lists that have it: an order, no measure."""
    cosine: float | None = None
    """Cosine to the question, None if vectors did not find it."""
    before: str = ""
    """The passage before it in its section, if neighbours were asked for."""
    after: str = ""
    """The passage behind it."""

    @property
    def where(self) -> str:
        """Headings of its section, outermost first."""
        return " › ".join(self.chunk.section_path)


@dataclass(slots=True)
class Search:
    """A library, to be searched."""

    store: Store
    words: Words = field(init=False)
    vectors: Vectors = field(init=False)

    def __post_init__(self) -> None:
        self.words, self.vectors = Words(self.store), Vectors(self.store)

    def passages(
        self,
        question: str,
        vector: np.ndarray | None = None,
        limit: int = 10,
        filters: Filters = Filters(),
        one_a_paper: bool = False,
        neighbours: bool = False,
    ) -> list[Passage]:
        """The best passages, best first; without the question's vector by words alone."""
        words, near = self._lists(question, vector, filters)
        cosines = dict(near)
        scores: defaultdict[int, float] = defaultdict(float)
        for found in (words, cosines):
            for rank, id in enumerate(found, 1):
                scores[id] += 1 / (RRF + rank)
        order = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
        passages: dict[str, Passage] = {}
        for id, passage in self._read(order):
            if len(passages) == limit:
                break
            passage.score, passage.cosine = scores[id], cosines.get(id)
            passages.setdefault(passage.chunk.doi if one_a_paper else passage.chunk.id, passage)
        if neighbours:
            for passage in passages.values():
                passage.before, passage.after = self._beside(passage.chunk)
        return list(passages.values())

    def _lists(
        self, question: str, vector: np.ndarray | None, filters: Filters
    ) -> tuple[list[int], list[tuple[int, float]]]:
        condition, values = filters.condition(self.store)
        near = []
        if vector is not None and len(self.vectors):
            papers = None
            if condition:
                rows = self.store.db.execute(f"SELECT p.id FROM papers p WHERE {condition}", values)
                papers = [id for (id,) in rows]
            near = self.vectors.nearest(vector, DEPTH, papers, filters.sections)
        if filters.sections:
            places = f"c.section_kind IN ({', '.join('?' * len(filters.sections))})"
            condition = " AND ".join(filter(None, [condition, places]))
            values = [*values, *filters.sections]
        return self.words.best(self.words.terms(question), DEPTH, condition, values), near

    def _read(self, ids: list[int]) -> list[tuple[int, Passage]]:
        return [(row[0], _passage(row)) for row in self.store.db.execute(PASSAGES, [json.dumps(ids)])]

    def _beside(self, chunk: Chunk) -> tuple[str, str]:
        place, _, number = chunk.id.rpartition(":")
        keys = [f"{place}:{int(number) + step}" for step in (-1, 1)]
        texts = dict(self.store.db.execute("SELECT key, text FROM chunks WHERE key IN (?, ?)", keys))
        return texts.get(keys[0], ""), texts.get(keys[1], "")


PASSAGES = """
SELECT c.id, c.key, c.kind, c.text, c.section_path, c.section_kind, c.start, c."end",
       p.doi, p.version, p.title, p.license, p.url, p.server, p.posted, p.category
FROM json_each(?) AS j JOIN chunks c ON c.id = j.value JOIN papers p ON p.id = c.paper ORDER BY j.key
"""


def _passage(row: tuple) -> Passage:
    _, key, kind, text, path, *rest = row
    return Passage(Chunk(key, kind, text, json.loads(path), *rest[:8]), *rest[8:])
