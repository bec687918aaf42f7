"""What the `<meta>` tags of a page tell: both the full-text page and the landing page carry them."""

import re

from biorxivist.identifiers import SITES, landing_url
from biorxivist.items import Affiliation, Author, Award, Paper
from biorxivist.licenses import license_id
from biorxivist.readers.page.tree import Element, other_page

Tags = list[tuple[str, str]]

PISA = re.compile(r"^(?P<server>biorxiv|medrxiv);.+v(?P<version>\d{1,6})$", re.I)
ADDRESS = re.compile(r"//www\.(?P<server>biorxiv|medrxiv)\.org/content/10\.[^?#]+?v(?P<version>\d{1,6})\b")
DAY = re.compile(r"^(\d{4})[-/](\d\d)[-/](\d\d)")
# what precedes the licence
COPYRIGHT = re.compile(r"^\s*(©[^.]*?)\.\s+(?:This|The|It|All)\b")
ORCID = re.compile(r"\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b", re.I)
RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?(?:doi|ror)\.org/|doi:\s*)", re.I)
WITHDRAWN = re.compile(r"^\s*\[?(?:withdrawn|retracted)\b", re.I)


def read_tags(root: Element, body: bytes) -> Tags:
    """Name and content of the tags of an article's page, in the order of the document.

    Raises `MalformedDocument` for a page that is not of an article.
    """
    names = ((e, e.get("name")) for e in root.iter("meta"))
    tags = [(name, e.get("content") or "") for e, name in names if name and name != "citation_reference"]
    if not any(name in ("HW.pisa", "citation_doi", "DC.Identifier") for name, _ in tags):
        raise other_page("meta[name=citation_doi]", root, body)
    return tags


def read_identity(tags: Tags, paper: Paper) -> str:
    """Fill DOI, version, server, address, date, type, licence, copyright and grants.

    Returns the address of the folder of the paper's files, empty if unknown.
    """
    first = {name: content.strip() for name, content in reversed(tags)}
    pisa = PISA.match(first.get("HW.pisa") or first.get("citation_mjid") or "")
    known = pisa or ADDRESS.search(first.get("citation_public_url", ""))
    paper.doi = RESOLVER.sub("", first.get("citation_doi") or first.get("DC.Identifier") or "").lower()
    if known:
        paper.server, paper.version = known["server"].lower(), int(known["version"])
        paper.url = landing_url(SITES[paper.server], paper.doi, paper.version)
    paper.title = first.get("citation_title") or first.get("DC.Title") or ""
    paper.posted = _day(first.get("DC.Date", "")) or _day(first.get("citation_date", ""))
    paper.first_posted = paper.posted if paper.version == 1 else ""
    paper.article_type = first.get("citation_section", "").lower()
    paper.withdrawn = paper.article_type == "withdrawn" or bool(WITHDRAWN.match(paper.title))
    rights = first.get("DC.Rights", "")
    paper.license = license_id(rights)
    paper.copyright = match[1] if (match := COPYRIGHT.match(rights)) else rights
    paper.awards = [award for name, content in tags if name == "citation_funding_source" for award in _awards(content)]
    folder = first.get("HW.identifier", "").removesuffix(".atom")
    return f"{SITES[paper.server]}/content{folder}" if folder and paper.server else ""


def _day(text: str) -> str:
    return "-".join(match.groups()) if (match := DAY.match(text)) else ""


def _awards(source: str) -> list[Award]:
    pairs = [part.partition("=")[::2] for part in source.split(";")]
    values = {name.strip(): value.strip() for name, value in reversed(pairs)}
    funder = values.get("citation_funder", "") or values.get("citation_funding_source", "")
    funder_id = RESOLVER.sub("", values.get("citation_funder_id", ""))
    numbers = [value.strip() for name, value in pairs if name.strip() == "citation_grant_number" and value.strip()]
    return [Award(funder, funder_id, number) for number in numbers or [""] if funder or funder_id or number]


def read_authors(tags: Tags, paper: Paper) -> None:
    """Fill authors and affiliations with what the tags tell: whole names, institutions, ORCID iDs."""
    institutions: dict[str, str] = {}
    for name, content in tags:
        text = " ".join(content.split()).rstrip(";, ")
        if name == "citation_author" and text:
            paper.authors.append(Author(text))
        elif not paper.authors or not text:
            continue
        elif name == "citation_author_institution":
            id = institutions.setdefault(text, f"aff{len(institutions) + 1}")
            if id not in paper.authors[-1].affiliations:
                paper.authors[-1].affiliations.append(id)
        elif name == "citation_author_orcid" and (match := ORCID.search(text)):
            paper.authors[-1].orcid = match[1].upper()
        elif name == "citation_author_email":
            # the address itself is not kept, but only corresponding authors have one
            paper.authors[-1].corresponding = True
    paper.affiliations = [Affiliation(id, text, text) for text, id in institutions.items()]
