"""Rows of what a paper's record says of all its versions. They only grow, so that an old line does no harm."""

from biorxivist.graph.tables import Rows, version_id
from biorxivist.items import Paper, Version

UNKNOWN = Version(0)
# many times what any paper has; a damaged number would make a row for each number below it
MOST_VERSIONS = 1000


def add_record(rows: Rows, paper: Paper) -> None:
    """Versions by number, each revising the one before, and the journal version."""
    # below any rank, so that it marks a withdrawal and nothing else
    rows.add("Paper", paper.doi, -1, None, None, None, None, paper.withdrawn)
    listed = {version.version: version for version in paper.versions}
    # versions are numbered without gaps: the earlier ones exist even if no record lists them
    latest = max([paper.version, *listed])
    first = max(1, latest - MOST_VERSIONS + 1)
    for number in range(first, latest + 1):
        known = listed.get(number, UNKNOWN)
        id = version_id(paper, number)
        _add_version(rows, id, paper.doi, number, known)
        rows.relate("Paper_HAS_VERSION_Version", paper.doi, id)
        if number > first:
            rows.relate("Version_REVISES_Version", id, version_id(paper, number - 1), None)
    if not paper.version:
        _add_version(rows, paper.doi, paper.doi, 0, UNKNOWN)
        rows.relate("Paper_HAS_VERSION_Version", paper.doi, paper.doi)
    rows.relate("Work_SAME_AS_Paper", _add_work(rows, paper.doi, paper.title), paper.doi)
    if paper.published_doi:
        rows.relate("Paper_PUBLISHED_AS_Work", paper.doi, _add_work(rows, paper.published_doi))


def _add_version(rows: Rows, id: str, doi: str, number: int, known: Version) -> None:
    posted, title, article_type = known.posted or None, known.title or None, known.article_type or None
    rest = (None,) * 7
    rows.add("Version", id, 0, doi, number, posted, None, title, None, article_type, known.license or None, known.url or None, *rest)  # fmt: skip


def _add_work(rows: Rows, doi: str, title: str = "") -> str:
    return rows.add("Work", f"doi:{doi}", doi, None, title or None, None, None, None)
