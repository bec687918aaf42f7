"""Authors and affiliations of JATS."""

import re
from collections.abc import Iterator

from biorxivist.items import Affiliation, Author
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.jats.tree import Element, first, link, plain

ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
ROR = re.compile(r"\b(0[a-z0-9]{6}\d{2})\b")
# what introduced an e-mail address that is not kept
MAIL = re.compile(r"\be-?mail(?: address)?:?$", re.I)
SEPARATORS = " \t\n\r\f;,"
NOT_PRINTED = ("label", "institution-id", "ext-link", "fax", "phone")
PLACES = ("institution", "institution-wrap", "addr-line", "city", "state", "postal-code", "country")
MEMBERS = ("collab", "group", "member", "consortium")


def read_affiliations(meta: Element) -> dict[Element, Affiliation]:
    """The affiliations of `article-meta` by their elements, in the order of the document; ids are unique."""
    found: dict[Element, Affiliation] = {}
    ids: set[str] = set()
    for element in meta.iter("aff"):
        parent = element.getparent()
        alternative = parent is not None and parent.tag == "aff-alternatives"
        if alternative and element is not first(parent, "aff"):
            continue
        id = element.get("id") or (parent.get("id") if alternative else "") or ""
        if not id or id in ids:
            id = f"aff-{len(found) + 1}"
        ids.add(id)
        found[element] = _affiliation(element, id)
    return found


def _affiliation(element: Element, id: str) -> Affiliation:
    text = without_addresses(_printed(element)).strip(SEPARATORS)
    text = MAIL.sub("", text).rstrip(SEPARATORS).lstrip(".")
    institutions = [" ".join(plain(e).split()) for e in element.iter("institution")]
    country = plain(next(element.iter("country"), None))
    ids = " ".join(f"{e.get('institution-id-type', '')}:{plain(e)}" for e in element.iter("institution-id"))
    ror = match[1] if "ror" in ids.lower() and (match := ROR.search(ids)) else ""
    return Affiliation(id, text, ", ".join(filter(None, institutions)), country, ror)


def _printed(element: Element) -> str:
    printed, follows = element.text or "", False
    for child in element:
        tag = child.tag
        if (follows and tag in PLACES) or tag == "break":
            # mark-up leaves the comma to the reader
            printed = printed.rstrip(SEPARATORS) + ", "
        if tag not in NOT_PRINTED and not (tag == "sup" and not printed.strip()):
            printed += _printed(child)
        tail = child.tail or ""
        follows = (follows or tag in PLACES) and (not tail or (tail.isspace() and "\n" in tail))
        printed += tail
    return printed


def read_authors(meta: Element, affiliations: dict[Element, Affiliation]) -> list[Author]:
    """Authors in the order of the byline, then members of collectives."""
    byline: list[Author] = []
    members: list[Author] = []
    groups: dict[Element, str] = {}
    notes = {e.get("id") for e in meta.iter("corresp", "fn") if e.tag == "corresp" or e.get("fn-type") == "corresp"}
    for contrib in meta.iter("contrib"):
        kind = contrib.get("contrib-type") or "author"
        holder = next(contrib.iterancestors("collab"), None)
        if holder is None and not kind.startswith(("author", "corresp", *MEMBERS)):
            continue
        author = _author(contrib, notes)
        member = holder is not None or "non-byline" in kind or (kind.startswith(MEMBERS) and not author.group)
        if holder is not None:
            if holder not in groups:
                groups[holder] = _collective(holder)
            author.group = groups[holder]
        (members if member else byline).append(author)
        author.affiliations += [affiliations[e].id for e in contrib.iter("aff") if e in affiliations]
    _affiliate([*byline, *members], affiliations)
    collectives = [author.group for author in byline if author.group]
    behalf = " ".join(plain(next(meta.iter("on-behalf-of"), None)).split())
    for member in members:
        member.group = member.group or (collectives[0] if len(collectives) == 1 else behalf)
    return [*byline, *members]


def _affiliate(authors: list[Author], affiliations: dict[Element, Affiliation]) -> None:
    known = {a.id for a in affiliations.values()}
    for author in authors:
        author.affiliations = [id for id in dict.fromkeys(author.affiliations) if id in known]
    # the only affiliation of a document without pointers to it is that of all
    if len(known) == 1 and not any(author.affiliations for author in authors):
        for author in authors:
            author.affiliations = list(known)


def _author(contrib: Element, notes: set[str | None]) -> Author:
    author = _named(contrib)
    author.orcid = _orcid(contrib)
    author.corresponding = contrib.get("corresp") == "yes"
    for xref in _pointers(contrib):
        targets = (xref.get("rid") or "").split()
        if xref.get("ref-type") == "corresp" or not notes.isdisjoint(targets):
            author.corresponding = True
        author.affiliations += targets
    return author


def _pointers(contrib: Element) -> Iterator[Element]:
    for element in contrib:
        if element.tag == "xref":
            yield element
        elif element.tag in ("collab", "sup"):
            yield from _pointers(element)


def _named(contrib: Element) -> Author:
    collab = first(contrib, "collab")
    if collab is None and (alternatives := first(contrib, "collab-alternatives")) is not None:
        collab = first(alternatives, "collab")
    if collab is not None and first(contrib, "name") is None:
        name = _collective(collab)
        return Author(name, group=name)
    # of a name in several scripts the one that the other papers have
    name = next((n for n in contrib.iter("name") if n.get("name-style") == "western"), None)
    if name is None:
        name = next(contrib.iter("name", "string-name"), None)
    if name is None:
        return Author("Anonymous" if first(contrib, "anonymous") is not None else " ".join(plain(contrib).split()))
    given, surname, suffix = (plain(first(name, tag)).strip() for tag in ("given-names", "surname", "suffix"))
    if not surname:
        return Author(" ".join(plain(name).split()), given)
    order = (surname, given) if name.get("name-style") == "eastern" else (given, surname, suffix)
    return Author(" ".join(filter(None, order)), given, surname)


def _collective(collab: Element) -> str:
    parts = [collab.text or ""]
    for child in collab:
        parts += ["" if child.tag in ("contrib-group", "xref", "sup", "fn", "aff") else plain(child), child.tail or ""]
    return " ".join("".join(parts).split())


def _orcid(contrib: Element) -> str:
    for element in contrib.iterchildren("contrib-id", "uri", "ext-link"):
        if match := ORCID.search(f"{plain(element)} {link(element)}"):
            return match[0].upper()
    return ""
