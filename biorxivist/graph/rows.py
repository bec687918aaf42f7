"""Papers as rows. Pure: the same rows go into every store and every file."""

from collections.abc import Iterable

from biorxivist.graph.citations import add_citations
from biorxivist.graph.keys import award_key, funder_key
from biorxivist.graph.people import add_people
from biorxivist.graph.record import add_record
from biorxivist.graph.tables import Rows, digest, version_id
from biorxivist.graph.texts import add_texts
from biorxivist.items import Paper


def rows_of(papers: Iterable[Paper]) -> Rows:
    """The rows of papers; of two lines of one version the later is meant."""
    rows = Rows()
    for paper in papers:
        add_paper(rows, paper)
    return rows


def add_paper(rows: Rows, paper: Paper, mark: str = "") -> None:
    """Everything that a line says. `mark` is its digest, if it is known."""
    rows.add("Paper", paper.doi, paper.version, paper.server or None, paper.url or None, paper.title or None, paper.first_posted or None, paper.withdrawn)  # fmt: skip
    add_record(rows, paper)
    body = add_texts(rows, paper)
    cited = add_citations(rows, paper)
    _add_version(rows, paper, body, cited, mark or digest(paper))
    add_people(rows, paper)
    _add_terms(rows, paper)
    _add_money(rows, paper)
    for mention in paper.mentions:
        key = rows.add("Mention", f"{mention.kind}:{mention.id}", mention.kind, mention.id, mention.url or None)
        rows.relate("Version_MENTIONS_Mention", version_id(paper), key, mention.section or None)


def _add_version(rows: Rows, paper: Paper, body: str, cited: str, mark: str) -> None:
    rows.add(
        "Version",
        version_id(paper),
        1,
        paper.doi,
        paper.version,
        paper.posted or None,
        paper.received or None,
        paper.title or None,
        paper.abstract or None,
        paper.article_type or None,
        paper.license or None,
        paper.url or None,
        paper.keywords or None,
        paper.coverage,
        paper.source or None,
        paper.fetched or None,
        body or None,
        cited or None,
        mark,
    )


def _add_terms(rows: Rows, paper: Paper) -> None:
    version = version_id(paper)
    if paper.category:
        rows.relate("Version_IN_CATEGORY_Category", version, rows.add("Category", paper.category))
    if paper.license:
        rows.relate("Version_LICENSED_UNDER_License", version, rows.add("License", paper.license))


def _add_money(rows: Rows, paper: Paper) -> None:
    version = version_id(paper)
    for award in paper.awards:
        funder = funder_key(award)
        if funder:
            rows.add("Funder", funder, award.funder or None)
            rows.relate("Version_FUNDED_BY_Funder", version, funder)
        if grant := award_key(award, funder):
            rows.add("Award", grant, award.award)
            rows.relate("Version_SUPPORTED_BY_Award", version, grant)
            if funder:
                rows.relate("Award_AWARDED_BY_Funder", grant, funder)
