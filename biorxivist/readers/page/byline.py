"""Authors and affiliations as a page prints them: the byline on top and the pop-ups that belong to it."""

import re
from collections.abc import Iterator

from biorxivist.items import Affiliation, Author, Paper
from biorxivist.readers.inline import without_contacts
from biorxivist.readers.page.meta import ORCID
from biorxivist.readers.page.tree import Element, classes, first_of_class, of_class, outermost, words

PARTS = {f"nlm-{name}" for name in ("given-names", "surname", "suffix", "collab", "sup", "institution", "country")}
POPUP = re.compile(r"^author-tooltip-(\d{1,6})$")


def read_byline(root: Element, paper: Paper) -> None:
    """Fill authors and affiliations from the block on top of the page; they stay as they are if it has none."""
    top = _top(root)
    if top is None:
        return
    popups = dict(_popups(top))
    ids: dict[str, Affiliation] = {}
    authors = []
    for place, element in enumerate(outermost(top, "span", "highwire-citation-author")):
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


def read_names(citation: Element) -> list[Author]:
    """The authors of a paper that a page lists, without their affiliations."""
    authors = map(_author, outermost(citation, "span", "highwire-citation-author"))
    return [author for author in authors if author.name]


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
    parts = _spans(element)
    given, surname, suffix = (parts.get(f"nlm-{name}", "") for name in ("given-names", "surname", "suffix"))
    orcid = ""
    for link in element.iter("a"):
        if match := ORCID.search(link.get("href") or ""):
            orcid = match[1].upper()
    if surname:
        return Author(" ".join(filter(None, (given, surname, suffix))), given, surname, orcid)
    if collective := parts.get("nlm-collab"):
        return Author(collective, group=collective)
    # without the words of its links, which are for screen readers
    bare = " ".join("".join([element.text or "", *(child.tail or "" for child in element)]).split())
    return Author(given or bare or words(element), orcid=orcid)


def _affiliations(popup: Element, known: dict[str, Affiliation]) -> Iterator[str]:
    for element in outermost(popup, "div", "author-affiliation"):
        parts = _spans(element)
        text = words(element)
        for label in filter(None, parts.get("nlm-sup", "").split(", ")):
            text = text.removeprefix(label).lstrip(" ,")
        text = without_contacts(text).strip(" ;,.")
        if text and text not in known:
            known[text] = Affiliation(
                f"aff{len(known) + 1}", text, parts.get("nlm-institution", ""), parts.get("nlm-country", "")
            )
        if text:
            yield known[text].id


def _spans(element: Element) -> dict[str, str]:
    """Texts of the named parts of an author or affiliation; several of one name are joined by commas."""
    parts: dict[str, list[str]] = {}
    for part in element.iter("span"):
        name = part.get("class") or ""
        if name in PARTS:
            parts.setdefault(name, []).append(words(part))
    return {name: ", ".join(texts) for name, texts in parts.items()}
