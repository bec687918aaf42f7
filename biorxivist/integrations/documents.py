"""What every framework calls a document: an id, a text, and metadata of plain values."""

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from biorxivist.chunks import LIMIT, chunk_paper, places
from biorxivist.errors import UsageError
from biorxivist.feed import read_feed
from biorxivist.items import Paper
from biorxivist.library import Passage

By = Literal["chunk", "section", "paper"]
Document = tuple[str, str, dict[str, Any]]
# a feed, or papers; those of `biorxivist.webtools` are fetched when it is their turn
Papers = str | Path | Iterable[Any]


def documents(paper: Paper, by: By = "chunk", limit: int = LIMIT) -> Iterator[Document]:
    """The documents of a paper: its passages of at most `limit` characters, its sections and captions whole, or its whole text."""
    if by not in get_args(By):
        raise UsageError(f"by={by!r}: must be 'chunk', 'section' or 'paper'")
    if by == "paper":
        text = paper.text or paper.abstract
        if text:
            yield str(paper), text, metadata(paper, "text", [], "")
    elif by == "section":
        for place in places(paper):
            yield f"{paper}#{place.name}", place.text, metadata(paper, place.kind, place.path, place.section_kind)
    else:
        for chunk in chunk_paper(paper, limit):
            about = metadata(paper, chunk.kind, chunk.section_path, chunk.section_kind)
            yield chunk.id, chunk.text, about | {"start": chunk.start, "end": chunk.end}


def metadata(paper: Paper, kind: str, path: list[str], section_kind: str) -> dict[str, Any]:
    """What a document says of itself; strings and numbers only, as vector stores take them."""
    return {
        "source": paper.url or f"https://doi.org/{paper.doi}",
        "title": paper.title,
        "authors": "; ".join(author.name for author in paper.authors),
        "doi": paper.doi,
        "version": paper.version,
        "server": paper.server,
        "posted": paper.posted,
        "license": paper.license,
        "kind": kind,
        "section": " > ".join(path),
        "section_kind": section_kind,
    }


def found(passage: Passage) -> Document:
    """The document of a passage that a library found, with its neighbours if they were asked for; it says where the passage alone stands."""
    chunk = passage.chunk
    about = {
        "source": chunk.url or f"https://doi.org/{chunk.doi}",
        "title": chunk.title,
        "doi": chunk.doi,
        "version": chunk.version,
        "server": passage.server,
        "posted": passage.posted,
        "license": chunk.license,
        "kind": chunk.kind,
        "section": " > ".join(chunk.section_path),
        "section_kind": chunk.section_kind,
        "start": chunk.start,
        "end": chunk.end,
    }
    return chunk.id, passage.text, about


def each(papers: Papers) -> Iterator[Paper]:
    """The papers of a feed, of a search, or as given."""
    for paper in read_feed(papers) if isinstance(papers, str | Path) else papers:
        yield paper if isinstance(paper, Paper) else paper.load().item


async def aeach(papers: Papers) -> AsyncIterator[Paper]:
    """`each` for an event loop; a search fetches its pages and papers without blocking it."""
    if hasattr(papers, "__aiter__"):
        async for paper in papers:
            yield paper if isinstance(paper, Paper) else (await paper.aload()).item
    else:
        for paper in each(papers):
            yield paper
