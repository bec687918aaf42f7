"""Ask the papers: a library made from a feed, searched by words and vectors, and answers whose every sentence has a source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from biorxivist.feed import UnreadableFeed
from biorxivist.library import chat, embeddings
from biorxivist.library.answers import Answer, Sentence, checked, extract, speaks_of
from biorxivist.library.chat import CutOff
from biorxivist.library.embeddings import NoEmbeddings
from biorxivist.library.index import Changes, Progress, check_dimensions, embed_chunks, index_feed, library_path, quiet
from biorxivist.library.search import Filters, Passage, Search
from biorxivist.library.store import Store
from biorxivist.library.words import Term

__all__ = ["Answer", "Changes", "Filters", "Library", "Passage", "Sentence", "build"]

PASSAGES = 8
# a passage this near speaks of the question; where none is even half as near, words that it shares do so by chance
NEAR = 0.42
FAR = 0.25
FROM_ENVIRONMENT: Any = object()


def build(feed: Path | str, again: bool = False, progress: Progress = quiet) -> Changes:
    """Make or renew the library of a feed; chunks are embedded if the environment names an embedder, with `again` all anew."""
    path, embedder = library_path(feed), embeddings.configured()
    new = not path.exists()
    store = Store(path, create=True)
    try:
        changes = index_feed(store, Path(feed), progress)
        if embedder:
            changes.embedded = embed_chunks(store, embedder, again, progress)
            changes.tokens = embedder.tokens
        return changes
    except NoEmbeddings as error:
        raise NoEmbeddings(f"{error}; words are indexed and what was embedded is kept: run it again") from None
    except UnreadableFeed:
        store.close()
        if new:
            path.unlink(missing_ok=True)
        raise
    finally:
        store.close()


class Library:
    """The library of a feed (`Library("papers.jsonl")`), or a library file. Made by `scrapy index`."""

    def __init__(self, path: Path | str, embedder: Any = FROM_ENVIRONMENT, llm: Any = FROM_ENVIRONMENT):
        path = Path(path)
        self.store = Store(path if path.suffix == ".library" else library_path(path))
        self.index = Search(self.store)
        self.embedder = embeddings.configured() if embedder is FROM_ENVIRONMENT else embedder
        self.llm = chat.configured() if llm is FROM_ENVIRONMENT else llm

    @property
    def by(self) -> str:
        """How it is searched and why, in a few words."""
        model = self.store.fact("model")
        if not len(self.index.vectors):
            return "by words alone: the library has no vectors (set EMBEDDINGS_URL and EMBEDDINGS_MODEL, then scrapy index)"
        if self.embedder is None:
            return f"by words alone: set EMBEDDINGS_URL and EMBEDDINGS_MODEL={model} to use the library's vectors"
        if self.embedder.model != model:
            return f"by words alone: the vectors are of {model}, EMBEDDINGS_MODEL is {self.embedder.model}"
        return f"by words and by vectors of {model}"

    def vector(self, question: str) -> np.ndarray | None:
        """The vector of a question; None where the library cannot be searched by vectors."""
        if self.embedder is None or self.embedder.model != self.store.fact("model") or not len(self.index.vectors):
            return None
        vectors = self.embedder.embed([question])
        check_dimensions(self.store, self.embedder, vectors)
        return vectors[0]

    def search(
        self, question: str, limit: int = 10, one_a_paper: bool = False, neighbours: bool = False, **filters: Any
    ) -> list[Passage]:
        """The best passages, best first; `filters` as in `Filters`. Raises `UsageError`, `NoEmbeddings`."""
        return self.index.passages(question, self.vector(question), limit, Filters.of(filters), one_a_paper, neighbours)

    def ask(self, question: str, limit: int = PASSAGES, **filters: Any) -> Answer:
        """The answer, by the language model if there is one, else in the papers' own sentences."""
        answer, stream = self.stream(question, limit, **filters)
        for _ in stream:
            pass
        return answer

    def stream(self, question: str, limit: int = PASSAGES, **filters: Any) -> tuple[Answer, Iterator[Sentence]]:
        """An answer, and its sentences as they come; the answer is complete when they have ended."""
        passages = self.search(question, limit, **filters)
        answer = Answer(question, passages)
        terms = self.index.words.terms(question)
        return answer, self._sentences(answer, terms) if self._speaks_of(terms, passages) else iter(())

    def _sentences(self, answer: Answer, terms: list[Term]) -> Iterator[Sentence]:
        if self.llm:
            found = checked(self.llm.answer(answer.question, answer.passages), answer.passages)
        else:
            found = extract(answer.passages, terms, self.index.words.stems)
        try:
            for sentence in found:
                answer.sentences.append(sentence)
                yield sentence
        except CutOff as error:
            # what was said before is checked and stays
            answer.cut_off = str(error)

    def _speaks_of(self, terms: list[Term], passages: list[Passage]) -> bool:
        """Whether any passage is near the question, or has more of its words than chance gives."""
        cosines = [p.cosine for p in passages if p.cosine is not None]
        if cosines and not FAR <= max(cosines) < NEAR:
            return max(cosines) >= NEAR
        stems = self.index.words.stems([p.chunk.text for p in passages])
        return any(speaks_of(terms, own, self.index.words.size) for own in stems)

    def close(self) -> None:
        """Close the file."""
        self.store.close()
