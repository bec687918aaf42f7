"""A page of search results, or a listing of recent papers, of bioRxiv and medRxiv: which papers it names."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from biorxivist.identifiers import SITES, Preprint, absolute, normalize_doi, parse_preprint
from biorxivist.items import Author, Paper
from biorxivist.readers.page.byline import read_names
from biorxivist.readers.page.front import TOO_DEEP
from biorxivist.readers.page.text import rich
from biorxivist.readers.page.tree import (
    Element,
    classes,
    first_of_class,
    of_class,
    other_page,
    outermost,
    parse_page,
    words,
)
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import MalformedDocument, any_bytes

TOTAL = re.compile(r"(?<![\d,.])(\d[\d,.\s]{0,20}(?<=\d))\s+Results?\b|(No)\s+Results\b", re.I)
DAY = re.compile(r"/early/(\d{4})/(\d\d)/(\d\d)/")


@dataclass(slots=True)
class Entry:
    """One paper of the page."""

    doi: str
    """DOI, lower case, without version."""
    version: int = 0
    """Number of the version, from 1; 0 where the page does not tell it."""
    server: str = ""
    """`biorxiv` or `medrxiv`."""
    title: str = ""
    """Title."""
    authors: list[Author] = field(default_factory=list)
    """Authors in the order of the byline, without affiliations."""
    posted: str = ""
    """Date on which this version was posted, ISO 8601."""
    url: str = ""
    """Landing page."""

    def paper(self) -> Paper:
        """What the entry tells of the paper."""
        named = {"doi": self.doi, "version": self.version, "server": self.server, "url": self.url}
        return Paper(**named, title=self.title, authors=self.authors, posted=self.posted)


@dataclass(slots=True)
class SearchPage:
    """What one page says."""

    entries: list[Entry] = field(default_factory=list)
    """Papers in the order of the page."""
    total: int | None = None
    """Number of papers of the whole search; None on a listing, which has none."""
    next_page: int | None = None
    """Number of the next page, counted from 0 as in its address; None on the last page."""


@any_bytes
def read_search_page(body: bytes) -> SearchPage:
    """The papers of a page of results or of a listing; no entries and total 0 where nothing was found.

    Raises `MalformedDocument` for any other page, for results without a total and for an entry without a DOI.
    """
    root = parse_page(body)
    total = _total(root)
    results, listing = (list(outermost(root, "div", f"highwire-{name}")) for name in ("search-results", "list-pap"))
    lists = results or listing
    entries = [_entry(e) for holder in lists for e in outermost(holder, "div", "highwire-article-citation")]
    if not lists or (total is None and "highwire-list-pap" not in classes(lists[0])):
        raise other_page("div.highwire-search-results", root, body)
    if not entries and total != 0:
        raise MalformedDocument("div.highwire-article-citation", f"found none of {total or 'a listing'}")
    return SearchPage(entries, total, _next_page(root))


def _total(root: Element) -> int | None:
    for element in of_class(root, "div", "highwire-search-summary"):
        if match := TOTAL.search(words(element)):
            return 0 if match[2] else int(re.sub(r"\D", "", match[1]))
    return None


def _entry(citation: Element) -> Entry:
    link = first_of_class(citation, "a", "highwire-cite-linked-title")
    address = (link.get("href") or "").strip() if link is not None else ""
    known = _preprint(citation.get("data-pisa") or address)
    doi = normalize_doi(words(first_of_class(citation, "span", "highwire-cite-metadata-doi"))) or known.doi
    if not doi:
        raise MalformedDocument("span.highwire-cite-metadata-doi", f"found no DOI of {words(link)[:60]!r}")
    day = DAY.search(citation.get("data-apath") or address)
    return Entry(
        doi=doi,
        version=known.version or 0,
        server=known.server,
        title=_title(link),
        authors=read_names(citation),
        posted="-".join(day.groups()) if day else "",
        url=absolute(SITES.get(known.server, ""), address),
    )


def _title(link: Element | None) -> str:
    if link is None or TOO_DEEP(link):
        return words(link)
    return " ".join(rich(link, Reading(Paper())).split())


def _preprint(text: str) -> Preprint:
    try:
        return parse_preprint(text)
    except ValueError:
        return Preprint("")


def _next_page(root: Element) -> int | None:
    for item in of_class(root, "li", "pager-next"):
        for link in item.iter("a"):
            number = parse_qs((link.get("href") or "").partition("?")[2].partition("#")[0]).get("page", [""])[0]
            if number.isdecimal() and len(number) < 8:
                return int(number)
    return None
