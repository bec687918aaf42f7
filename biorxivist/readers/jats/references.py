"""The list of references of JATS: `citation` of the site, `mixed-citation` of MECA, `element-citation` of journals."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from biorxivist.items import Reference
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.jats.text import inline, rich
from biorxivist.readers.jats.tree import Element, link, plain
from biorxivist.readers.reading import Reading
from biorxivist.readers.references import EDGES, PMID, short_name

NAMES = {"string-name", "name"}
# place of a part in a person, whose first is the element
PARTS = {"surname": 1, "given-names": 2, "suffix": 3}
FIELDS = {
    "label", "article-title", "chapter-title", "data-title", "part-title", "source", "year", "volume", "fpage", "lpage", "elocation-id",
    "page-range", "conf-name",
}  # fmt: skip
# some documents write them right behind the source
PARTED = {"volume", "year"}
CITATIONS = {"citation", "mixed-citation", "element-citation", "nlm-citation"}
BOOKS = ("book", "report", "thesis", "confproc")

# old ones have a part in angle brackets: `…<1661::AID-SIM968>3.0.CO;2-2`
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,200}(?:<[\w:.-]{1,40}>[^\s\"<>]{1,40})?")
ET_AL = re.compile(r"(?:^|[\s,;(]+)(?:et\s+al|others)\b[\s.,;)]*$")


class _Entry:
    """What one `ref` holds."""

    __slots__ = ("citations", "doi", "element", "fields", "people", "pmid", "raised")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.citations: list[Element] = []
        self.fields: dict[str, str] = {}
        self.people: list[str | list[Any]] = []
        self.doi = self.pmid = ""
        self.raised = False
        """Whether a part of it is raised, lowered or a formula."""


def read_references(article: Element, reading: Reading) -> list[Reference]:
    """Every `ref` of the article, in the order of the document; their ids are unique."""
    references: list[Reference] = []
    taken: set[str] = set()
    for holder in article.iter("ref-list"):
        if next(holder.iterancestors("ref-list"), None) is not None:
            continue
        for entry in _entries(holder, reading):
            id = entry.element.get("id") or ""
            if not id or id in taken:
                id = f"{id or 'ref'}-{len(references) + 1}"
            taken.add(id)
            references.append(_reference(entry, id, reading))
    return references


def _entries(holder: Element, reading: Reading) -> Iterator[_Entry]:
    entry = into = _Entry(holder)
    people, person = into.people, [holder, "", "", ""]
    # one name tells how all of a list are written
    name = next(holder.iter(*NAMES), None)
    glued = name is not None and len(name) > 1 and not name[0].tail
    # one flat pass, the commonest first: most elements of an article are here
    for element in holder.iter("*"):
        tag = element.tag
        if tag in PARTS:
            person[PARTS[tag]] = plain(element) if len(element) else element.text or ""
        elif tag in NAMES:
            person = [element, "", "", ""]
            people.append(person)
            if glued:
                _part(element)
        elif tag in FIELDS:
            if tag == "label" and entry.citations:
                element.tail = f" {element.tail or ''}"
            elif tag in PARTED and (before := element.getprevious()) is not None and before.tag == "source":
                before.tail = before.tail or " "
            # the first of several: later ones are of a translation or a series
            if tag not in into.fields:
                into.fields[tag] = rich(element, reading) if len(element) else element.text or ""
        elif tag == "ref":
            if entry.element is not holder:
                yield entry
            entry = into = _Entry(element)
            people = into.people
        elif tag in CITATIONS:
            entry.citations.append(element)
            if len(entry.citations) > 1:
                into = _Entry(element)
        elif tag == "person-group":
            people = into.people if element.get("person-group-type", "author") == "author" else []
        elif tag == "collab":
            people.append(plain(element))
        elif handler := HANDLERS.get(tag):
            handler(element, into)
    if entry.element is not holder:
        yield entry


def _reference(entry: _Entry, id: str, reading: Reading) -> Reference:
    known = entry.fields.get
    title = known("article-title") or known("chapter-title") or known("data-title") or known("part-title")
    source = known("source") or known("conf-name", "")
    if not title and entry.citations and entry.citations[0].get("publication-type") in BOOKS:
        title = source
    first, last = known("fpage", ""), known("lpage", "")
    pages = f"{first}-{last}" if first and last else first or known("elocation-id") or known("page-range") or ""
    authors = [name for p in entry.people if (name := _bare_name(p) if type(p) is str else _author(*p))]
    found = Reference(
        id, known("label", ""), "", entry.doi, entry.pmid, title or "", authors, source, known("year", ""), known("volume", ""), pages
    )  # fmt: skip
    text = _text(entry, found, reading)
    found.text = without_addresses(text) if reading.may_hold_addresses else text
    _complete(found)
    return found


def _part(name: Element) -> None:
    for element in name[:-1]:
        element.tail = element.tail or " "


def _author(element: Element, surname: str, given: str, suffix: str) -> str:
    if not given:
        return _bare_name(surname or plain(element))
    name = short_name(surname, given)
    return f"{name} {suffix}" if suffix else name


def _bare_name(text: str) -> str:
    """What is left of a name without `et al.`; empty if it was punctuation alone."""
    bare = ET_AL.sub("", text).strip(EDGES)
    return bare if any(map(str.isalnum, bare)) else ""


# --- the entry as printed ---------------------------------------------------------------------------------------------


def _text(entry: _Entry, found: Reference, reading: Reading) -> str:
    citations = entry.citations
    if len(citations) == 1 and len(entry.element) == 1 + ("label" in entry.fields):
        return _printed(citations[0], entry, found, reading)
    texts = []
    for child in entry.element:
        if child.tag in CITATIONS:
            texts.append(_printed(child, entry, found, reading))
        elif child.tag == "citation-alternatives":
            texts.append(_printed(child[0], entry, found, reading) if len(child) else "")
        elif child.tag != "label":
            texts.append(plain(child))
    return " ".join(filter(None, texts))


def _printed(citation: Element, entry: _Entry, found: Reference, reading: Reading) -> str:
    if citation.tag == "element-citation":
        return _composed(found, citation)
    return inline(citation, reading).text if entry.raised else plain(citation)


def _composed(found: Reference, citation: Element) -> str:
    """Text of a reference whose mark-up leaves punctuation to the reader."""
    place = ":".join(filter(None, (found.volume, found.pages)))
    when = ";".join(filter(None, (found.year, place)))
    rest, links = (
        [" ".join((plain(e) or link(e)).split()) for e in citation.iterchildren(*tags)]
        for tags in (("edition", "conf-name", "publisher-name"), ("comment", "ext-link", "uri"))
    )
    parts = [", ".join(found.authors), found.title, found.source, *rest, when, *links]
    # a title may be a question, and the title of a book is its source too
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in dict.fromkeys(filter(None, parts)))


# --- identifiers, and what is rare ------------------------------------------------------------------------------------


def _public_id(element: Element, entry: _Entry) -> None:
    before = element.getprevious()
    if before is not None and (not before.tail or before.tail[-1] in ".,;)]"):
        # PubMed Central shows it as a link, and puts it right behind the last words
        before.tail = f"{before.tail or ''} "
    kind = element.get("pub-id-type")
    if kind == "doi" and (match := DOI.search(plain(element))):
        entry.doi = match[0]
    elif kind == "pmid":
        entry.pmid = plain(element).strip().removeprefix("PMID:").strip()


def _link(element: Element, entry: _Entry) -> None:
    href = link(element)
    if not entry.doi and ("doi.org/" in href or href.startswith("10.")) and (match := DOI.search(href)):
        entry.doi = match[0]
    elif not entry.pmid and (match := PMID.search(href)):
        entry.pmid = match[1] or match[2]


def _raised(element: Element, entry: _Entry) -> None:
    entry.raised = True


def _alternatives(element: Element, entry: _Entry) -> None:
    # one name in several scripts
    for other in element[1:]:
        element.remove(other)


def _complete(found: Reference) -> None:
    if not found.doi and "10." in found.text and (match := DOI.search(found.text)):
        found.doi = match[0]
    if not found.pmid and ("PMID" in found.text or "pubmed" in found.text) and (match := PMID.search(found.text)):
        found.pmid = match[1] or match[2]
    if found.doi:
        found.doi = _bare(unquote(found.doi).lower().partition(" ")[0])


def _bare(doi: str) -> str:
    doi = doi.rstrip(".,;:'’”")
    while doi.endswith((")", "]")) and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]"):
        doi = doi[:-1].rstrip(".,;:")
    # a DOI that the document breaks with a space, `10.1016/j. cell.…`, is none
    return doi if len(doi.partition("/")[2]) > 1 else ""


HANDLERS: dict[str, Callable[[Element, _Entry], None]] = {
    "pub-id": _public_id,
    "ext-link": _link,
    "uri": _link,
    "sup": _raised,
    "sub": _raised,
    "inline-formula": _raised,
    "name-alternatives": _alternatives,
}
