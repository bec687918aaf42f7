"""HTML as a tree: parsing what the sites really send, and the questions asked of every element."""

import re
from collections.abc import Iterator

from lxml import etree

from biorxivist.readers.strict import MalformedDocument, glimpse

Element = etree._Element

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
CHALLENGE = re.compile(rb"_cf_chl_opt|<title>Just a moment\.\.\.</title>")


def parse_page(body: bytes) -> Element:
    """The root of an HTML page, in the charset that it names (UTF-8 by default), without comments.

    Raises `MalformedDocument` for a challenge page, for what is no HTML, or is cut off.
    """
    if body.rfind(b"</html") < 0 and body.rfind(b"</HTML") < 0:
        found = f"cut off after {len(body)} bytes" if b"<html" in body[:4096].lower() else f"found {glimpse(body)}"
        raise MalformedDocument("</html>", found)
    try:
        root = etree.fromstring(body, _parser(body))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != "html":
        raise MalformedDocument("html", f"found {glimpse(body)}")
    return root


def _parser(body: bytes) -> etree.HTMLParser:
    named = CHARSET.search(body, 0, 4096)
    try:
        return _parser_of(named[1].decode("ascii", "replace") if named else "utf-8")
    except LookupError:
        return _parser_of("utf-8")


def _parser_of(charset: str) -> etree.HTMLParser:
    return etree.HTMLParser(encoding=charset, remove_comments=True, remove_pis=True, collect_ids=False)


def other_page(selector: str, root: Element, body: bytes) -> MalformedDocument:
    """The error for a page that is not of the kind wanted: a challenge, an error page, another page of the site."""
    title = " ".join((root.findtext(".//title") or "").split())[:80]
    kind = "a challenge page" if CHALLENGE.search(body) else "a page"
    return MalformedDocument(selector, f"found {kind} titled {title!r}")


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return (element.get("class") or "").split()


def of_class(root: Element, tag: str, name: str) -> Iterator[Element]:
    """The elements of a tag and class at or below an element, in the order of the document."""
    return (e for e in root.iter(tag) if name in (e.get("class") or "") and name in classes(e))


def outermost(root: Element, tag: str, name: str) -> Iterator[Element]:
    """`of_class` without the elements that stand inside another of them: each part of a page is read once."""
    last = None
    for element in of_class(root, tag, name):
        if last is None or all(above is not last for above in element.iterancestors(tag)):
            last = element
            yield element


def first_of_class(root: Element, tag: str, name: str) -> Element | None:
    """The first element of a tag and class at or below an element; None if there is none."""
    return next(of_class(root, tag, name), None)


def text_of(element: Element | None) -> str:
    """The text of an element as it stands; empty for no element."""
    if element is None:
        return ""
    # half as long as XPath's string()
    return (
        etree.tostring(element, encoding="unicode", method="text", with_tail=False)
        if len(element)
        else element.text or ""
    )


def words(element: Element | None) -> str:
    """The text of an element with single spaces; empty for no element."""
    return " ".join(text_of(element).split())
