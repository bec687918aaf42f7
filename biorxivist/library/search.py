"""The passages of a library that fit a question: words and vectors, fused by rank."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from biorxivist.arguments import IsoDate, in_order, parse
from biorxivist.items import Chunk
from biorxivist.library.store import PLACES, Store
from biorxivist.library.vectors import Vectors
from biorxivist.library.words import Words, affordable
from biorxivist.licenses import allows

# reciprocal rank fusion, by measurement (docs/library.md): with the 60 of its authors a passage that both lists have far down
# goes before the first of either
RRF = 2
# between equals the words decide
WEIGHT_OF_WORDS = 1.1
# how far down each list counts
DEPTH = 100


def _places(value: Any) -> Any:
    places = (value,) if isinstance(value, str) else tuple(value)
    if unknown := [place for place in places if place not in PLACES]:
        raise ValueError(f"{unknown[0]} is none of {', '.join(PLACES)}")
    return places


class Filters(BaseModel):
    """Which papers and sections a search looks into; what is empty is all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: IsoDate | None = None
    """First day of posting."""
    until: IsoDate | None = None
    """Last day of posting."""
    category: str = ""
    """Subject category as the servers write it."""
    license: Literal["any", "cc", "open"] = "any"
    server: Literal["biorxiv", "medrxiv", "both"] = "both"
    sections: Annotated[tuple[str, ...], BeforeValidator(_places)] = ()
    """Kinds of section, or `abstract`."""

    _in_order = model_validator(mode="after")(in_order)

    @classmethod
    def of(cls, given: dict[str, Any]) -> Self:
        """The filters of a command line or of a client, which may be empty strings; raises `ArgumentError`."""
        return parse(cls, {name: value for name, value in given.items() if value})

    def condition(self, store: Store) -> tuple[str, list]:
        """The papers as SQL on `p`, with its values; empty for all papers."""
        parts, values = [], []
        for sql, value in (
            ("p.posted >= ?", self.since and self.since.isoformat()),
            ("p.posted <= ?", self.until and self.until.isoformat()),
            ("p.category = ?", self.category.lower()),
            ("p.server = ?", self.server if self.server != "both" else ""),
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


EVERYTHING = Filters()


@dataclass(slots=True)
class Passage:
    """A chunk that was found."""

    chunk: Chunk
    server: str = ""
    posted: str = ""
    category: str = ""
    score: float = 0.0
    """Reciprocal rank fusion of the lists that have it: an order, no measure."""
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

    @property
    def text(self) -> str:
        """What it says, between its neighbours."""
        return "\n".join(filter(None, [self.before, self.chunk.text, self.after]))


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
        filters: Filters = EVERYTHING,
        one_a_paper: bool = False,
        neighbours: bool = False,
    ) -> list[Passage]:
        """The best passages, best first; without the question's vector by words alone."""
        words, near = self._lists(question, vector, filters)
        cosines = dict(near)
        scores: defaultdict[int, float] = defaultdict(float)
        for found, weight in ((words, WEIGHT_OF_WORDS), (cosines, 1)):
            for rank, id in enumerate(found, 1):
                scores[id] += weight / (RRF + rank)
        order = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
        passages: dict[str, Passage] = {}
        for id, passage in self._read(order, limit):
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
        terms = self.words.terms(question)
        ranked = affordable(terms)
        look_up = self.words.best if ranked else self.words.together
        found = look_up(ranked or terms, DEPTH, condition, values)
        if len(ranked) < len(terms):
            # with the words that most have, which the index has not ranked, and in what vectors found
            found = self.words.by_all(terms, found + [id for id, _ in near])[:DEPTH]
        return found, near

    def _read(self, ids: list[int], size: int) -> Iterator[tuple[int, Passage]]:
        """The passages of chunks, some of them at a time."""
        step = max(size, 10)
        for start in range(0, len(ids), step):
            for row in self.store.db.execute(PASSAGES, [json.dumps(ids[start : start + step])]).fetchall():
                yield row[0], _passage(row)

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
