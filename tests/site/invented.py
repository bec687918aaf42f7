"""The invented papers as holdings."""

import functools
import re
from typing import Any

from tests.site import jats, page
from tests.site.catalogue import Holding
from tests.site.definitions import NAMES, Author, Document, Paper
from tests.site.loading import multiplied, papers
from tests.site.prose import number
from tests.site.writing import Plain

RENDERERS = {"site": jats.site, "europepmc": jats.europepmc, "page": page.full_text, "landing": page.landing}


def holdings(count: int = 0) -> list[Holding]:
    """All versions of all invented papers, and of copies under other DOIs up to `count` papers."""
    found = []
    originals = {paper.slug: paper for paper in papers().values()}
    for paper in multiplied(count).values():
        found += [_holding(paper, originals[paper.slug], v) for v in range(1, len(paper.versions) + 1)]
    return found


def _holding(paper: Paper, original: Paper, version: int) -> Holding:
    document = paper.document(version)

    def render(kind: str):
        return functools.partial(_rendered, kind, original.doi, version, paper.doi)

    at_europepmc = paper.europepmc != "none" and version == len(paper.versions)
    return Holding(
        paper.doi,
        version,
        paper.server,
        document.posting.posted,
        record(document),
        jats=render("site") if paper.jats != "missing" else None,
        page=render("page") if document.has_text else None,
        landing=render("landing"),
        title=Plain(document).write(document.title).text,
        abstract=_abstract(document),
        words=_words(original.doi, version),
        authors=[*((a.given, a.surname) for a in paper.authors), *(("", name) for name in paper.collectives)],
        ppr=paper.ppr if at_europepmc else "",
        europepmc=render("europepmc") if at_europepmc and paper.europepmc == "full" else None,
    )


def _rendered(kind: str, original: str, version: int, doi: str) -> bytes:
    body = _original(kind, original, version)
    if doi == original:
        return body
    paper = papers()[original]
    copy_id, copy_ppr = doi.partition("/")[2], f"PPR{number(doi, 10_000_000, 99_999_999)}"
    return body.replace(paper.id.encode(), copy_id.encode()).replace(paper.ppr.encode(), copy_ppr.encode())


@functools.lru_cache(maxsize=400)
def _original(kind: str, doi: str, version: int) -> bytes:
    return RENDERERS[kind](papers()[doi].document(version))


@functools.cache
def _words(doi: str, version: int) -> str:
    document = papers()[doi].document(version)
    plain = Plain(document)
    texts = [document.title, *(text for _, text in document.abstract), *document.paper.keywords]
    todo = [document.root]
    while todo:
        section = todo.pop(0)
        texts += [section.title, *(block.text for block in section.blocks)]
        todo += section.sections
    return " ".join(plain.write(text).text for text in texts).lower()


def record(document: Document) -> dict[str, Any]:
    """The row that the API gives for a version."""
    paper = document.paper
    plain = Plain(document)
    writes = next((a for a in paper.authors if a.corresponding), paper.authors[0])
    day = document.posting.posted.replace("-", "/")
    # the API itself doubles a slash in a part of the newer addresses
    slip = "/" if paper.doi.startswith("10.64898") and number(paper.doi, 0, 1) else ""
    return {
        "title": (not document.posting.title and paper.api_title) or plain.write(document.title).text,
        "authors": "; ".join([*map(_name, (a for a in paper.authors if not a.group)), *paper.collectives]),
        "author_corresponding": writes.name,
        "author_corresponding_institution": paper.affiliations[0][0],
        "doi": paper.doi,
        "date": document.posting.posted,
        "version": str(document.version),
        "type": _type(document),
        "license": document.license,
        "category": re.sub(r" \([^)]*\)", "", paper.category.lower()),
        "jatsxml": f"https://www.{paper.server}.org/content/early/{day}/{slip}{paper.id}.source.xml",
        "abstract": (not document.posting.abstract and paper.api_abstract) or _abstract(document),
        "funder": _funders(document),
        "published": paper.published or "NA",
        "server": NAMES[paper.server],
    }


def _abstract(document: Document) -> str:
    plain = Plain(document)
    return " ".join(f"{heading} {plain.write(text).text}".strip() for heading, text in document.abstract)


def _name(author: Author) -> str:
    return f"{author.surname}, {' '.join(f'{c}.' for c in author.initials)}"


def _type(document: Document) -> str:
    if document.paper.server == "medrxiv":
        return "WITHDRAWN" if document.withdrawn else "PUBLISHAHEADOFPRINT"
    return document.article_type.lower()


def _funders(document: Document):
    paper = document.paper
    if paper.server == "medrxiv" or not paper.funders or document.posting.posted < "2025-04-10":
        return "NA"
    # names and ids are wrong upstream too, only the award is right
    return [
        {"name": "Some Other Foundation", "id": "https://ror.org/00wrong00", "id-type": "ROR", "award": award}
        for _, _, award in paper.funders
    ]
