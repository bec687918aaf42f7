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

# back matter that a landing page shows beside the statements of the front matter
BACK_MATTER = {"data-availability", "acknowledgements", "abbreviations"}


def complete(paper: Paper, other: Paper) -> Paper:
    """The paper with each of its empty fields taken from another document of the same version."""
    empty = {f.name: getattr(other, f.name) for f in fields(Paper) if not getattr(paper, f.name)}
    return replace(paper, **empty)


def with_record(paper: Paper, record: Paper) -> Paper:
    """The paper with its record: what changes after posting from the record, the rest from the document where it has it."""
    newer = {name: getattr(record, name) for name in RECORD_FIRST if getattr(record, name)}
    return replace(complete(paper, record), **newer)


def with_landing(page: Paper, landing: Paper) -> Paper:
    """The full-text page with its landing page, without the back matter that both show."""
    shown = {section.kind for section in page.sections} & BACK_MATTER
    statements = [s for s in landing.statements if s.kind not in shown]
    told = {block.text for statement in statements for block in statement.blocks}
    footnotes = [note for note in page.footnotes if note not in told]
    return complete(replace(page, footnotes=footnotes), replace(landing, statements=statements, sections=[]))
