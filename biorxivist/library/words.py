"""Keyword search in the library's index of words, ranked by BM25."""

import json
import math
import re
import threading
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

from biorxivist.library.store import TOKENIZER, Store, for_words

# chunks that the index ranks for one search: words that more have say little each and would cost most
BUDGET = 8_000
WORD = re.compile(r'"([^"]+)"|([^\W_]+)')
MARKS = re.compile(r"[\u0300-\u036f]")
# words whose stems are kept at hand
AT_HAND = 50_000
# words of a question that no answer needs to have
QUESTION = frozenset([
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
    "before", "being", "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "down", "during", "each",
    "few", "for", "from", "further", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "however", "i",
    "if", "in", "into", "is", "it", "its", "just", "know", "me", "more", "most", "my", "no", "nor", "not", "of", "off", "on", "once",
    "only", "or", "other", "our", "out", "over", "own", "paper", "papers", "preprint", "preprints", "same", "say", "says", "she",
    "should", "show", "shown", "so", "some", "such", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "those", "through", "to", "too", "under", "until", "up", "us", "very", "was", "we", "were", "what", "when", "where",
    "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you", "your",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase of a query."""

    match: str
    """As it is looked up."""
    stems: frozenset[str]
    """What the index has for it."""
    chunks: int
    """How many chunks have it; of a phrase its rarest word counts."""
    weight: float
    """How much it says: the logarithm of all chunks over these."""


class Words:
    """The words of a library, to be searched."""

    def __init__(self, store: Store):
        self.store = store
        # several threads may ask one library
        self.turn = threading.Lock()
        self.stem_of: dict[str, frozenset[str]] = {}
        store.db.execute("PRAGMA temp_store = MEMORY")
        # the index's own tokenizer says what becomes of a word
        store.db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked USING fts5 (text, tokenize = '{TOKENIZER}')")
        store.db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked_terms USING fts5vocab ('temp', 'asked', 'instance')"
        )

    @property
    def size(self) -> int:
        """How many chunks there are, about: those that left are counted."""
        return self.store.db.execute("SELECT coalesce(max(id), 0) FROM chunks").fetchone()[0]

    def terms(self, query: str) -> list[Term]:
        """The words and "phrases" of a query that matter, the rarer first."""
        found = dict.fromkeys(a or b for a, b in WORD.findall(for_words(query)))
        kept = [text for text in found if text.lower() not in QUESTION] or list(found)
        stems = self.stems(kept)
        size, terms = self.size, []
        for text, own in zip(kept, stems, strict=True):
            if own:
                chunks = min(map(self._chunks, own))
                terms.append(Term(f'"{text}"', own, chunks, math.log(1 + size / (1 + chunks))))
        return sorted(terms, key=lambda term: term.chunks)

    def stems(self, texts: list[str]) -> list[frozenset[str]]:
        """What the index would have of each text."""
        db = self.store.db
        found: list[set[str]] = [set() for _ in texts]
        with self.turn:
            db.execute("DELETE FROM temp.asked")
            db.executemany("INSERT INTO temp.asked (rowid, text) VALUES (?, ?)", enumerate(map(for_words, texts)))
            for row, term in db.execute("SELECT doc, term FROM temp.asked_terms"):
                found[row].add(term)
        return [frozenset(stems) for stems in found]

    def _chunks(self, stem: str) -> int:
        row = self.store.db.execute("SELECT chunks FROM common WHERE term = ?", [stem]).fetchone()
        row = row or self.store.db.execute("SELECT doc FROM vocabulary WHERE term = ?", [stem]).fetchone()
        return row[0] if row else 0

    def best(self, terms: list[Term], count: int, condition: str = "", values: list | None = None) -> list[int]:
        """Ids of the chunks that match any of the terms best, best first; `condition` is SQL on chunks `c` and papers `p`."""
        if not terms:
            return []
        return self._matching(" OR ".join(term.match for term in terms), "ORDER BY rank", count, condition, values)

    def together(self, terms: list[Term], count: int, condition: str = "", values: list | None = None) -> list[int]:
        """Ids of some chunks that have the rarest terms together, as many of them as can be."""
        found: dict[int, None] = {}
        for many in range(min(4, len(terms)), 0, -1):
            if len(found) < count:
                query = " AND ".join(term.match for term in terms[:many])
                found |= dict.fromkeys(self._matching(query, "", count, condition, values))
        return list(found)[:count]

    def _matching(self, query: str, order: str, count: int, condition: str, values: list | None) -> list[int]:
        joined = (
            f"JOIN chunks c ON c.id = w.rowid JOIN papers p ON p.id = c.paper WHERE {condition} AND"
            if condition
            else "WHERE"
        )
        rows = self.store.db.execute(
            f"SELECT w.rowid FROM words w {joined} words MATCH ? {order} LIMIT ?", [*(values or []), query, count]
        )
        return [id for (id,) in rows]

    def by_all(self, terms: list[Term], ids: list[int]) -> list[int]:
        """Those of some chunks that have any of the terms, by how much they have; equals stay as they were."""
        texts = dict(self.store.db.execute(TEXTS, [json.dumps(ids)]))
        found = dict(zip(texts, self._among(terms, list(texts.values())), strict=True))
        scores = {id: sum(term.weight for term in terms if term.stems <= found[id]) for id in dict.fromkeys(ids)}
        return sorted(filter(scores.get, scores), key=lambda chunk: -scores[chunk])

    def _among(self, terms: list[Term], texts: list[str]) -> list[frozenset[str]]:
        """Which stems of the terms each text has. Only words that begin like one of them are looked up."""
        wanted = frozenset().union(*(term.stems for term in terms))
        # a stem's last letter may differ from its word's
        starts = "|".join({re.escape(stem[: max(1, min(3, len(stem) - 1))]) for stem in wanted})
        alike = re.compile(rf"(?<![^\W_])(?:{starts})[^\W_]*")
        words = [set(alike.findall(_bare(text))) for text in texts]
        if len(self.stem_of) > AT_HAND:
            self.stem_of = {}
        known = self.stem_of
        if unknown := list(set().union(*words) - known.keys()):
            known |= zip(unknown, self.stems(unknown), strict=True)
        return [wanted & frozenset().union(*(known[word] for word in own)) for own in words]


TEXTS = "SELECT c.id, c.text FROM json_each(?) AS j JOIN chunks c ON c.id = j.value"


def affordable(terms: list[Term]) -> list[Term]:
    """The rarer terms, which the index can rank fast; none if there is none such, but for a question of one term."""
    within = [total <= BUDGET for total in accumulate(term.chunks for term in terms)]
    return terms[: sum(within)] if len(terms) > 1 else terms


def _bare(text: str) -> str:
    """A text without case and diacritics, as the index has it."""
    text = for_words(text).lower()
    return text if text.isascii() else MARKS.sub("", unicodedata.normalize("NFD", text))
