"""LlamaIndex: `BioRxivReader` reads papers as documents."""

from collections.abc import Iterable
from typing import Any

try:
    from llama_index.core.readers.base import BaseReader
    from llama_index.core.schema import Document
except ImportError:
    raise ImportError("documents of LlamaIndex need a package: pip install 'biorxivist[llama-index]'") from None

from biorxivist.chunks import LIMIT
from biorxivist.integrations.documents import By, Papers, documents, each

# what says nothing of a text's meaning stays out of its vector and of the prompt
TECHNICAL = ["source", "doi", "version", "server", "posted", "license", "kind", "section_kind", "start", "end"]
NOT_IN_PROMPT = ["server", "kind", "section_kind", "start", "end"]


class BioRxivReader(BaseReader):
    """Reads the papers of a feed, or of a search of `biorxivist.webtools`, as passages, sections or whole texts."""

    def __init__(self, by: By = "chunk", limit: int = LIMIT):
        self.by, self.limit = by, limit

    def lazy_load_data(self, papers: Papers, **load_kwargs: Any) -> Iterable[Document]:
        """The documents, a paper in memory at a time. Their ids are stable."""
        for paper in each(papers):
            for id, text, about in documents(paper, self.by, self.limit):
                yield Document(
                    id_=id,
                    text=text,
                    metadata=about,
                    excluded_embed_metadata_keys=TECHNICAL,
                    excluded_llm_metadata_keys=NOT_IN_PROMPT,
                )
