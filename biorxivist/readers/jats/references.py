"""The list of references of JATS: `citation` of the site, `mixed-citation` of MECA, `element-citation` of journals."""

import re

from biorxivist.items import Reference
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.jats.text import inline, rich
from biorxivist.readers.jats.tree import Element, link, plain
from biorxivist.readers.reading import Reading
from biorxivist.readers.references import PMID, short_name

CITATIONS = ("citation", "mixed-citation", "element-citation", "nlm-citation")
TITLES = ("article-title", "chapter-title", "data-title", "part-title")
BOOKS = ("book", "report", "thesis", "confproc")
FIELDS = {"source", "year", "volume"}
PAGES = {"fpage", "lpage", "elocation-id", "page-range"}

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,200}")


def read_references(article: Element, reading: Reading) -> list[Reference]:
    """Every `ref` of the article, in the order of the document; their ids are unique."""
    references: list[Reference] = []
    taken: set[str] = set()
    for number, element in enumerate(article.iter("ref"), 1):
        id = element.get("id") or ""
        if not id or id in taken:
            id = f"{id or 'ref'}-{number}"
        taken.add(id)
        references.append(_reference(element, id, reading))
    return references


def _reference(element: Element, id: str, reading: Reading) -> Reference:
    found = Reference(id)
    texts: list[str] = []
    for child in element:
        tag = child.tag
        if tag == "label":
            found.label = plain(child)
        elif tag in CITATIONS:
            texts.append(_citation(child, Reference(id) if texts else found, reading))
        elif tag == "citation-alternatives":
            texts += [_citation(c, found, reading) for c in list(child)[:1]]
        else:
            texts.append(plain(child))
    found.text = without_addresses(" ".join(filter(None, texts)))
    _complete(found)
    return found


def _citation(citation: Element, found: Reference, reading: Reading) -> str:
    pages: dict[str, str] = {}
    raised = False
    for child in citation:
        tag = child.tag
        if tag == "string-name" or tag == "name":
            found.authors.append(_author(child))
        elif tag in FIELDS:
            # the first of several: later ones are of a translation or a series
            if not getattr(found, tag):
                setattr(found, tag, plain(child))
        elif tag in TITLES:
            raised = raised or len(child) > 0
            found.title = found.title or rich(child, reading)
        elif tag in PAGES:
            pages[tag] = plain(child)
        else:
            raised = _other(child, found) or raised
    found.pages = _pages(pages)
    if not found.title and citation.get("publication-type") in BOOKS:
        found.title = found.source
    if citation.tag == "element-citation":
        return _composed(found)
    return inline(citation, reading).text if raised else plain(citation)


def _author(name: Element) -> str:
    surname = given = suffix = ""
    for part in name:
        if part.tag == "surname":
            surname = part.text or ""
        elif part.tag == "given-names":
            given = part.text or ""
        elif part.tag == "suffix":
            suffix = f" {part.text or ''}"
    return short_name(surname, given) + suffix if surname else plain(name)


def _other(child: Element, found: Reference) -> bool:
    """Read one of the rarer elements of a citation; whether it is text that is raised or lowered."""
    tag = child.tag
    if tag == "pub-id":
        _public_id(child, found)
    elif tag == "person-group":
        if child.get("person-group-type", "author") == "author":
            found.authors += [
                _author(e) if e.tag != "collab" else plain(e) for e in child.iter("string-name", "name", "collab")
            ]
    elif tag == "collab":
        found.authors.append(plain(child))
    elif tag == "ext-link" or tag == "uri":
        href = link(child)
        if not found.doi and "doi.org/" in href and (match := DOI.search(href)):
            found.doi = match[0]
        elif not found.pmid and (match := PMID.search(href)):
            found.pmid = match[1] or match[2]
    return tag == "sup" or tag == "sub"


def _public_id(child: Element, found: Reference) -> None:
    kind = child.get("pub-id-type")
    if kind == "doi" and (match := DOI.search(plain(child))):
        found.doi = match[0]
    elif kind == "pmid":
        found.pmid = plain(child).strip().removeprefix("PMID:").strip()


def _pages(pages: dict[str, str]) -> str:
    first, last = pages.get("fpage", ""), pages.get("lpage", "")
    return f"{first}-{last}" if first and last else first or pages.get("elocation-id") or pages.get("page-range") or ""


def _complete(found: Reference) -> None:
    if not found.doi and "10." in found.text and (match := DOI.search(found.text)):
        found.doi = match[0]
    if not found.pmid and ("PMID" in found.text or "pubmed" in found.text) and (match := PMID.search(found.text)):
        found.pmid = match[1] or match[2]
    found.doi = _bare(found.doi.lower())


def _bare(doi: str) -> str:
    doi = doi.rstrip(".,;:'’”")
    while doi.endswith((")", "]")) and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]"):
        doi = doi[:-1].rstrip(".,;:")
    # a DOI that the document breaks with a space, `10.1016/j. cell.…`, is none
    return doi if len(doi.partition("/")[2]) > 1 else ""


def _composed(found: Reference) -> str:
    """Text of a reference whose mark-up leaves punctuation to the reader."""
    place = ":".join(filter(None, (found.volume, found.pages)))
    when = ";".join(filter(None, (found.year, place)))
    source = found.source if found.source != found.title else ""
    return ". ".join(filter(None, (", ".join(found.authors), found.title, source, when))) + "."
