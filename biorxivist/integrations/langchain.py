"""LangChain: `BioRxivLoader` loads papers as documents."""

from collections.abc import AsyncIterator, Iterator

try:
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document
except ImportError:
    raise ImportError("documents of LangChain need a package: pip install 'biorxivist[langchain]'") from None

from biorxivist.chunks import LIMIT
from biorxivist.integrations.documents import By, Papers, aeach, documents, each
from biorxivist.items import Paper


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
