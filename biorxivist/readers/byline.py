"""Authors and affiliations as a page prints them: the byline on top and the pop-ups that belong to it."""

import re
from collections.abc import Iterator

from biorxivist.items import Affiliation, Author, Paper
from biorxivist.readers.html_tree import Element, classes, first_of_class, of_class, words
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.meta import ORCID

POPUP = re.compile(r"^author-tooltip-(\d{1,6})$")


def read_byline(root: Element, paper: Paper) -> None:
    """Fill authors and affiliations from the block on top of the page; they stay as they are if it has none."""
    top = _top(root)
    if top is None:
        return
    popups = dict(_popups(top))
    ids: dict[str, Affiliation] = {}
    authors = []
    for place, element in enumerate(of_class(top, "span", "highwire-citation-author")):
        author = _author(element)
        if not author.name:
            continue
        popup = popups.get(element.get("data-delta") or str(place))
        if popup is not None:
            author.corresponding = first_of_class(popup, "li", "author-corresp-email-link") is not None
            author.affiliations = list(dict.fromkeys(_affiliations(popup, ids)))
        authors.append(author)
    if authors:
        paper.authors, paper.affiliations = authors, list(ids.values())


def _top(root: Element) -> Element | None:
    # the block is printed three times; the article's own has the heading of the page
    for element in of_class(root, "div", "highwire-article-citation"):
        if any(name.endswith("article-top") for child in element.iter("div") for name in classes(child)):
            return element
    return first_of_class(root, "div", "highwire-cite-authors")


def _popups(top: Element) -> Iterator[tuple[str, Element]]:
    for element in top.iter("div"):
        if match := POPUP.match(element.get("class") or ""):
            yield match[1], element


def _author(element: Element) -> Author:
    given, surname, suffix = (
        words(first_of_class(element, "span", f"nlm-{part}")) for part in ("given-names", "surname", "name-suffix")
    )
    orcid = ""
    for link in element.iter("a"):
        if match := ORCID.search(link.get("href") or ""):
            orcid = match[1].upper()
    if surname:
        return Author(" ".join(filter(None, (given, surname, suffix))), given, surname, orcid)
    if (collective := first_of_class(element, "span", "nlm-collab")) is not None:
        return Author(words(collective), group=words(collective))
    return Author(given or words(element), orcid=orcid)


def _affiliations(popup: Element, known: dict[str, Affiliation]) -> Iterator[str]:
    for element in of_class(popup, "div", "author-affiliation"):
        for label in list(of_class(element, "span", "nlm-sup")):
            label.text = ""
        text = re.sub(r"^[\s;,.]+|[\s;,]+$", "", without_addresses(words(element)))
        if not text:
            continue
        if text not in known:
            institution = ", ".join(filter(None, (words(e) for e in of_class(element, "span", "nlm-institution"))))
            country = words(first_of_class(element, "span", "nlm-country"))
            known[text] = Affiliation(f"aff{len(known) + 1}", text, institution, country)
        yield known[text].id
