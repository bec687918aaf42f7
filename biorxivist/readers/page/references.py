"""The list of references of a page."""

import html
import re

from biorxivist.identifiers import normalize_doi
from biorxivist.items import Reference
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.page.text import rich
from biorxivist.readers.page.tree import Element, classes, of_class, text_of, words
from biorxivist.readers.reading import Reading
from biorxivist.readers.references import PMID, short_name

MEDLINE = re.compile(r"access_num=(\d{1,9})&link_type=MED")
LAST_NUMBER = re.compile(r"(\d+)$")
FIELDS = {
    "cit-article-title", "cit-chapter-title", "cit-jnl-abbrev", "cit-source", "cit-pub-date", "cit-vol", "cit-fpage", "cit-lpage",
    "cit-elocation-id", "cit-page-range",
}  # fmt: skip
# an entry without these is its plain text
MARKED = ("sup", "sub", "img", "math")
BOOKS = {"ref-book", "ref-confproc", "ref-thesis", "ref-report"}
# names that stand before an entry and are not in it once more
NAMES_BEFORE = {"cit-auth-list", "cit-ed-list"}
# what a list of names puts before one of them
JOINING = re.compile(r"^(?:[\s&…,;.–-]|and\b)+")
NO_NAMES = {"", "et al", "and others"}
WELL_FORMED = re.compile(r"10\.\d{4,9}/[!-%'-~]*[0-9a-z]")
# a hyphen at which a line was broken
BROKEN = re.compile(r"(?<=\d)-\s+(?=\d)")


def read_references(view: Element, reading: Reading) -> list[Reference]:
    """Every entry of the lists of references, in the order of the document; their ids are unique."""
    found: list[Reference] = []
    taken: set[str] = set()
    for items in of_class(view, "ol", "cit-list"):
        marked = {item for e in items.iter(*MARKED) for item in e.iterancestors("li")}
        printed = "ref-use-labels" in classes(items)
        for number, item in enumerate(items.iterchildren("li"), 1):
            reference = _reference(item, item in marked, reading)
            # without labels of its own the list is numbered by the browser
            reference.label = reference.label or ("" if printed else str(number))
            number = len(found) + 1
            while not reference.id or reference.id in taken:
                reference.id, number = f"ref-{number}", number + 1
            taken.add(reference.id)
            found.append(reference)
    return found


def _reference(item: Element, marked: bool, reading: Reading) -> Reference:
    found = Reference("")
    citations = []
    for child in item:
        name = child.get("class") or ""
        if name.startswith("ref-label"):
            found.label = text_of(child)
        elif name == "rev-xref-ref":
            found.id = child.get("id") or ""
        elif name.startswith("cit ") or name == "cit":
            citations.append(child)
    if not citations:
        found.text = rich(item, reading).removeprefix(found.label)
        return found
    # of several works in one entry the fields are the first one's
    citation = citations[0]
    if not found.id and (match := LAST_NUMBER.search(citation.get("id") or "")):
        found.id = f"ref-{match[1]}"
    _read_citation(citation, found, marked, reading)
    for other in citations[1:]:
        more = Reference("")
        _read_citation(other, more, marked, reading)
        found.text = f"{found.text} {more.text}"
    return found


def _read_citation(citation: Element, found: Reference, marked: bool, reading: Reading) -> None:
    holder = _inner(citation, "div")
    cite = _inner(holder, "cite")
    text = rich(cite, reading) if marked else words(cite)
    if len(holder) > 1:
        text = " ".join([*_names_before(holder, found), text])
    found.text = without_addresses(text) if reading.may_hold_addresses and not marked else text
    _read_fields(cite, found, reading)
    if not found.title and not BOOKS.isdisjoint(classes(citation)):
        found.title = found.source
    _read_ids(citation, found)


def _inner(element: Element, tag: str) -> Element:
    # lxml's own ways take several times as long to begin
    for child in element:
        if child.tag == tag:
            return child
    return element


def _names_before(holder: Element, found: Reference) -> list[str]:
    lists = [child for child in holder.iterchildren("ol") if child.get("class") in NAMES_BEFORE]
    found.authors += filter(None, (_author(name) for names in lists for name in of_class(names, "span", "cit-auth")))
    return [words(names) for names in lists]


def _read_fields(cite: Element, found: Reference, reading: Reading) -> None:
    fields: dict[str, str] = {}
    children = list(cite)
    for child in children:
        name = child.get("class")
        if name == "cit-auth" or (name and "cit-collab" in name):
            if author := _author(child):
                found.authors.append(author)
        elif name in FIELDS:
            # the first of several: later ones are of a translation or a series
            if name not in fields:
                fields[name] = rich(child, reading) if len(child) else child.text or ""
        elif name and "cit-pub-id-pmid" in name:
            found.pmid = "".join(c for c in text_of(child) if c.isdecimal())
        elif not name and len(child):
            children += child
    known = fields.get
    found.title = known("cit-article-title") or known("cit-chapter-title") or ""
    found.source = known("cit-jnl-abbrev") or known("cit-source") or ""
    found.year, found.volume = known("cit-pub-date", "").strip("()[] \n"), known("cit-vol", "")
    first, last = known("cit-fpage", "").strip(), known("cit-lpage", "").strip()
    found.pages = (
        f"{first}-{last}" if first and last else first or known("cit-elocation-id") or known("cit-page-range", "")
    )


def _author(element: Element) -> str:
    surname = given = suffix = ""
    for part in element:
        name, text = part.get("class"), part.text or ""
        if name == "cit-name-surname":
            surname = text
        elif name == "cit-name-given-names":
            given = text
        elif name == "cit-name-suffix":
            suffix = f" {text.strip()}"
    if surname:
        bare = surname if surname[0].isupper() else JOINING.sub("", surname)
        return short_name(bare, given) + suffix
    name = text_of(element)
    return "" if name.strip(" \n.,;&…–-").lower() in NO_NAMES else name


# --- identifiers ------------------------------------------------------------------------------------------------------


def _read_ids(citation: Element, found: Reference) -> None:
    found.doi = (citation.get("data-doi") or "").strip().lower()
    if found.doi and not WELL_FORMED.fullmatch(found.doi):
        found.doi = _doi_in(html.unescape(found.doi).replace("–", "-"))
    for link in citation.iter("a"):
        href = link.get("href") or ""
        if "link_type=MED" in href and (match := MEDLINE.search(href)):
            found.pmid = found.pmid or match[1]
        elif not found.doi and ("link_type=DOI" in href or "doi.org/" in href):
            found.doi = _doi_in(href.partition("&link_type")[0])
    if not found.doi and "10." in found.text:
        found.doi = _doi_in(found.text)
    if not found.pmid and ("PMID" in found.text or "pubmed" in found.text) and (match := PMID.search(found.text)):
        found.pmid = match[1] or match[2]


def _doi_in(text: str) -> str:
    doi = normalize_doi(BROKEN.sub("-", text))
    # `10.1016/j. cell.2020`, broken by a space, is none, and `10.1093/humrep/` names a journal
    return doi if len(doi.partition("/")[2]) > 1 and doi[-1] != "/" else ""
