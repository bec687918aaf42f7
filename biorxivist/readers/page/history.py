"""What scripts put into a landing page: where the paper was published, and its versions."""

import re
from datetime import datetime

from biorxivist.identifiers import SITES, landing_url, normalize_doi
from biorxivist.items import Paper, Version
from biorxivist.readers.page.tree import Element, classes, first_of_class, parse_page, words

PUBLISHED = re.compile(r"\bNow published in\b", re.I)
LINK = re.compile(r"v(?P<version>\d{1,6})(?:\.[a-z+.-]+)?$")
DAY = re.compile(r"\((?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})")


def lacks_history(body: bytes) -> bool:
    """Whether a page has a place for its publication or versions that is empty until its script has run.

    Raises `MalformedDocument` for what is no page.
    """
    root = parse_page(body)
    places = (_published(root), _versions(root))
    return any(place is not None and not words(place) for place in places)


def read_history(root: Element, paper: Paper) -> None:
    """Fill the DOI of the published version and the versions of the preprint, if the page tells them."""
    place = _published(root)
    if place is not None and PUBLISHED.search(words(place)):
        links = [link.get("href") or "" for link in place.iter("a")]
        paper.published_doi = next(filter(None, map(normalize_doi, [*links, words(place)])), "")
    place = _versions(root)
    found = filter(None, (_version(item, paper) for item in place.iter("li"))) if place is not None else ()
    others = {version.version: version for version in found}
    if others:
        # the list does not link to the version that it is shown with
        others[paper.version] = Version(paper.version, paper.posted, url=paper.url)
        paper.versions = [others[number] for number in sorted(others)]


def _published(root: Element) -> Element | None:
    return first_of_class(root, "div", "pub_jnl")


def _versions(root: Element) -> Element | None:
    return next((e for e in root.iter("div") if e.get("id") == "highwire-versions-wrapper"), None)


def _version(item: Element, paper: Paper) -> Version | None:
    link = next((e for e in item.iter("a") if "hw-version" in " ".join(classes(e))), None)
    number = LINK.search(link.get("href") or "") if link is not None else None
    if not number or not paper.server:
        return None
    version = int(number["version"])
    posted = DAY.search(words(item))
    return Version(
        version,
        posted=_iso(posted["day"]) if posted else "",
        url=landing_url(SITES[paper.server], paper.doi, version),
    )


def _iso(day: str) -> str:
    try:
        return datetime.strptime(day, "%B %d, %Y").date().isoformat()
    except ValueError:
        return ""
