"""The list of references of a page."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from biorxivist.items import Reference
from biorxivist.readers.html_tree import Element, classes, first_of_class, of_class, text_of
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.jats_reading import Reading
from biorxivist.readers.jats_references import DOI, PMID
from biorxivist.readers.names import short_name
from biorxivist.readers.page_text import rich

LAST_NUMBER = re.compile(r"(\d+)$")
# fields of a citation by the class of their span, the first of each counts
TITLES = ("cit-article-title", "cit-chapter-title")
SOURCES = ("cit-jnl-abbrev", "cit-source")
YEARS = ("cit-pub-date",)
VOLUMES = ("cit-vol",)
FIELDS = {*TITLES, *SOURCES, *YEARS, *VOLUMES, "cit-fpage", "cit-lpage", "cit-elocation-id", "cit-page-range"}
# a citation without these is its plain text
MARKED = ("sup", "sub", "ol", "ul", "img", "math", "script", "noscript")
BOOKS = {"ref-book", "ref-confproc", "ref-thesis", "ref-report"}


def read_references(view: Element, reading: Reading) -> list[Reference]:
    """Every entry of the lists of references, in the order of the document; their ids are unique."""
    found: list[Reference] = []
    taken: set[str] = set()
    for items in of_class(view, "ol", "cit-list"):
        for item in items.iterchildren("li"):
            reference = _reference(item, reading)
            number = len(found) + 1
            while not reference.id or reference.id in taken:
                reference.id, number = f"ref-{number}", number + 1
            taken.add(reference.id)
            found.append(reference)
    return found


def _reference(item: Element, reading: Reading) -> Reference:
    found = Reference("")
    citation = None
    for child in item:
        name = child.get("class") or ""
        if name.startswith("ref-label"):
            found.label = text_of(child)
        elif name == "rev-xref-ref":
            found.id = child.get("id") or ""
        elif name.startswith("cit "):
            citation = child
    if citation is None:
        found.text = rich(item, reading).removeprefix(found.label)
        return found
    if not found.id and (match := LAST_NUMBER.search(citation.get("id") or "")):
        found.id = f"ref-{match[1]}"
    cite = next(citation.iter("cite"), None)
    if cite is None:
        cite = first_of_class(citation, "div", "cit-metadata")
    if cite is not None:
        raised = next(cite.iter(*MARKED), None) is not None
        found.text = rich(cite, reading) if raised else without_addresses(text_of(cite))
        _read_fields(cite, found, reading)
    if not found.title and not BOOKS.isdisjoint(classes(citation)):
        found.title = found.source
    _read_ids(citation, found)
    return found


def _read_fields(cite: Element, found: Reference, reading: Reading) -> None:
    fields: dict[str, str] = {}
    for child in cite:
        name = child.get("class") or ""
        if name == "cit-auth":
            found.authors.append(_author(child, name))
        elif name in FIELDS:
            fields.setdefault(name, rich(child, reading))
        elif "cit-auth" in name.split():
            found.authors.append(_author(child, name))
        elif "cit-pub-id-pmid" in name:
            found.pmid = "".join(c for c in text_of(child) if c.isdecimal())
    for field, names in (("title", TITLES), ("source", SOURCES), ("year", YEARS), ("volume", VOLUMES)):
        setattr(found, field, next((fields[name] for name in names if name in fields), ""))
    first, last = fields.get("cit-fpage", "").strip(), fields.get("cit-lpage", "").strip()
    other = fields.get("cit-elocation-id") or fields.get("cit-page-range") or ""
    found.pages = f"{first}-{last}" if first and last else first or other


def _author(element: Element, name: str) -> str:
    parts = {child.get("class"): child.text or "" for child in element}
    surname = parts.get("cit-name-surname", "").strip()
    if "cit-collab" in name or not surname:
        return text_of(element)
    suffix = parts.get("cit-name-suffix", "").strip()
    return " ".join(filter(None, (short_name(surname, parts.get("cit-name-given-names", "")), suffix)))


# --- identifiers ------------------------------------------------------------------------------------------------------


def _read_ids(citation: Element, found: Reference) -> None:
    found.doi = (citation.get("data-doi") or "").strip()
    for link in citation.iter("a"):
        href = link.get("href") or ""
        if not found.doi and ("link_type=DOI" in href or "doi.org/" in href):
            found.doi = match[0] if (match := DOI.search(unquote(href).partition("&link_type")[0])) else ""
        elif not found.pmid and "link_type=MED" in href:
            number = parse_qs(urlsplit(href).query).get("access_num", [""])[0]
            found.pmid = number if number.isdecimal() else ""
    if not found.doi and "10." in found.text and (match := DOI.search(found.text)):
        found.doi = match[0]
    if not found.pmid and ("PMID" in found.text or "pubmed" in found.text) and (match := PMID.search(found.text)):
        found.pmid = match[1] or match[2]
    found.doi = bare_doi(found.doi)


def bare_doi(doi: str) -> str:
    """A DOI in lower case, without the punctuation that follows it in a sentence."""
    doi = doi.lower().rstrip(".,;:'’”")
    while doi.endswith((")", "]")) and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]"):
        doi = doi[:-1].rstrip(".,;:")
    return doi
