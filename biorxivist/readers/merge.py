"""One paper from several documents of the same version."""

from dataclasses import fields, replace

from biorxivist.items import Paper

# what the API record knows better than a document: it changes after the document was made
RECORD_FIRST = (
    "license",
    "published_doi",
    "versions",
    "category",
    "article_type",
    "first_posted",
    "withdrawn",
    "posted",
)


def complete(paper: Paper, other: Paper) -> Paper:
    """The paper with each of its empty fields taken from another document of the same version."""
    empty = {f.name: getattr(other, f.name) for f in fields(Paper) if not getattr(paper, f.name)}
    return replace(paper, **empty)


def with_record(paper: Paper, record: Paper) -> Paper:
    """The paper with its record: what changes after posting from the record, the rest from the document where it has it."""
    newer = {name: getattr(record, name) for name in RECORD_FIRST if getattr(record, name)}
    return replace(complete(paper, record), **newer)
