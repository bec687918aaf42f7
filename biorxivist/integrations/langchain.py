"""LangChain: `BioRxivLoader` loads papers as documents, `BioRxivRetriever` finds passages in a library."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

try:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables.config import run_in_executor
except ImportError:
    raise ImportError("documents of LangChain need a package: pip install 'biorxivist[langchain]'") from None

from pydantic import Field, field_validator

from biorxivist.chunks import LIMIT
from biorxivist.integrations.documents import By, Papers, aeach, documents, each, found
from biorxivist.items import Paper
from biorxivist.library import PASSAGES, Filters, Library


class BioRxivLoader(BaseLoader):
    """Loads the papers of a feed, or of a search of `biorxivist.webtools`, as passages, sections or whole texts.

    The ids of the documents are stable, so that a vector store that has them takes them once.
    """

    def __init__(self, papers: Papers, by: By = "chunk", limit: int = LIMIT):
        self.papers, self.by, self.limit = papers, by, limit

    def lazy_load(self) -> Iterator[Document]:
        """The documents, a paper in memory at a time."""
        for paper in each(self.papers):
            yield from to_documents(paper, self.by, self.limit)

    async def alazy_load(self) -> AsyncIterator[Document]:
        """`lazy_load` for an event loop."""
        async for paper in aeach(self.papers):
            for document in to_documents(paper, self.by, self.limit):
                yield document


def to_documents(paper: Paper, by: By = "chunk", limit: int = LIMIT) -> list[Document]:
    """The documents of one paper."""
    return [Document(text, id=id, metadata=about) for id, text, about in documents(paper, by, limit)]


class BioRxivRetriever(BaseRetriever):
    """Retrieves the passages of a library that fit a question, by words and, where the library has them, by vectors."""

    library: Library
    """A library, or its file, or its feed."""
    k: int = Field(PASSAGES, ge=1)
    """How many passages at most."""
    one_a_paper: bool = False
    """The best passage of each paper only."""
    neighbours: bool = False
    """With the passages before and after."""
    filters: dict[str, Any] = Field(default_factory=dict)
    """As in `biorxivist.library.Filters`."""

    @field_validator("library", mode="before")
    @classmethod
    def _opened(cls, library: Any) -> Any:
        return Library(library) if isinstance(library, str | Path) else library

    @field_validator("filters")
    @classmethod
    def _known(cls, filters: dict[str, Any]) -> dict[str, Any]:
        Filters.of(filters)
        return filters

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[Document]:
        given = {name: kwargs.pop(name, getattr(self, name)) for name in ("one_a_paper", "neighbours")}
        passages = self.library.search(query, kwargs.pop("k", self.k), **given, **self.filters | kwargs)
        return [Document(text, id=id, metadata=about) for id, text, about in map(found, passages)]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[Document]:
        manager = run_manager.get_sync()
        return await run_in_executor(None, self._get_relevant_documents, query, run_manager=manager, **kwargs)
