"""What a recorded document says of itself: enough of its front matter to make the API's row from."""

import re
from dataclasses import dataclass, field

from lxml import etree, html

HWP = "{http://schema.highwire.org/Journal}"
XLINK = "{http://www.w3.org/1999/xlink}"
PISA = re.compile(r"(?P<server>biorxiv|medrxiv);(?P<id>[\d.]+)v(?P<version>\d+)")
DAY = re.compile(r"/early/(\d{4})/(\d\d)/(\d\d)/")


@dataclass
class Front:
    """Front matter of a recorded document; what it does not tell is empty."""

    doi: str = ""
    version: int = 0
    server: str = ""
    title: str = ""
    abstract: str = ""
    posted: str = ""
    license: str = ""
    category: str = ""
    article_type: str = ""
    authors: list[tuple[str, str]] = field(default_factory=list)
    corresponding: str = ""
    institution: str = ""


def license_code(statement: str) -> str:
    """The API's code for an address or a statement; empty for an unknown one."""
    text = statement.lower()
    if "publicdomain" in text or "cc0" in text:
        return "cc0"
    if match := re.search(r"licenses/(by[a-z-]*)", text) or re.search(r"\bcc[ -](by[a-z-]*)", text):
        return "cc_" + match[1].strip("-").replace("-", "_")
    return "cc_no" if "rights reserved" in text else ""


def jats_front(body: bytes) -> Front:
    """Front matter of JATS, of either dialect."""
    root = etree.fromstring(
        body, etree.XMLParser(recover=True, load_dtd=False, resolve_entities=False, no_network=True)
    )
    meta = root.find("front/article-meta")
    found = Front(title=_text(meta.find("title-group/article-title")), abstract=_text(meta.find("abstract")))
    found.server = "medrxiv" if "medrxiv" in _text(root.find("front/journal-meta")).lower() else "biorxiv"
    for id in meta.iterchildren("article-id"):
        if id.get("pub-id-type") == "doi":
            found.doi = _text(id).lower()
        elif match := PISA.fullmatch(_text(id)):
            found.version = int(match["version"])
    # `1.N`; `N.1` in 2021
    numbers = _text(meta.find("article-version")).split(".")
    if not found.version and all(n.isdecimal() for n in numbers):
        found.version = max(map(int, numbers))
    found.posted = _jats_day(meta)
    if (license := meta.find("permissions/license")) is not None:
        found.license = license_code(f"{license.get(XLINK + 'href', '')} {_text(license)}")
    for group in meta.iterfind("article-categories/subj-group"):
        if group.get("subj-group-type") == "hwp-journal-coll":
            found.category = _text(group.find("subject")).lower()
        elif group.get("subj-group-type") == "heading":
            found.article_type = _text(group.find("subject")).lower()
    _jats_authors(meta, found)
    return found


def _jats_authors(meta: etree._Element, found: Front) -> None:
    for contrib in meta.iter("contrib"):
        if (name := contrib.find("name")) is not None:
            found.authors.append((_text(name.find("given-names")), _text(name.find("surname"))))
            if contrib.get("corresp") == "yes" and not found.corresponding:
                found.corresponding = " ".join(found.authors[-1]).strip()
        elif (collab := contrib.find("collab")) is not None:
            found.authors.append(("", _text(collab)))
    found.institution = _text(next(meta.iter("institution"), None))


def _jats_day(meta: etree._Element) -> str:
    dates = {e.get("pub-type") or e.get("date-type"): e for e in meta.iter("pub-date", "date")}
    for kind in ("epub-version", "epub", "accepted", "rev-recd", "received"):
        element = dates.get(kind)
        parts = [_text(element.find(name)) for name in ("year", "month", "day")] if element is not None else []
        if parts and all(part.isdecimal() for part in parts):
            return f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
    return ""


def html_front(body: bytes) -> Front:
    """Front matter of a page, from its head."""
    root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    named: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        named.setdefault(meta.get("name") or "", []).append(" ".join((meta.get("content") or "").split()))

    def first(name: str) -> str:
        return named.get(name, [""])[0]

    found = Front(first("citation_doi").lower() or first("DC.Identifier").lower(), title=first("DC.Title"))
    if match := PISA.search(first("HW.pisa") or first("citation_mjid")):
        found.server, found.version = match["server"], int(match["version"])
    day = DAY.search(first("HW.identifier"))
    found.posted = "-".join(day.groups()) if day else first("DC.Date")
    found.abstract = first("DC.Description")
    found.license = license_code(first("DC.Rights"))
    found.article_type = first("citation_section").lower()
    found.authors = [_split(name) for name in named.get("citation_author", [])]
    if term := root.xpath("string(//span[@class='highwire-article-collection-term'])"):
        found.category = term.strip().lower()
    found.institution = first("citation_author_institution").strip(";")
    return found


def _split(name: str) -> tuple[str, str]:
    given, _, surname = name.rpartition(" ")
    return given, surname


def _text(element: etree._Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
