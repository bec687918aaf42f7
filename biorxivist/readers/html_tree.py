"""HTML as a tree: parsing what the sites really send, and the questions asked of every element."""

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from biorxivist.readers.strict import MalformedDocument, glimpse

Element = etree._Element

# real pages are up to 45 deep; everything after the parser recurses
TOO_DEEP = etree.XPath("boolean(" + "/*" * 151 + ")")

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
CHALLENGE = re.compile(rb"challenge-platform|cf-chl|cf_chl|_cf_chl_opt|Just a moment\.\.\.", re.I)


def parse_page(body: bytes) -> Element:
    """The root of an HTML page, in the charset that it names (UTF-8 by default), without comments.

    Raises `MalformedDocument` for a challenge page, for what is no HTML, is cut off or nested too deep.
    """
    if b"</html" not in body and b"</HTML" not in body:
        found = f"cut off after {len(body)} bytes" if b"<html" in body[:4096].lower() else f"found {glimpse(body)}"
        raise MalformedDocument("</html>", found)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(_utf8(body), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != "html":
        raise MalformedDocument("html", f"found {glimpse(body)}")
    if TOO_DEEP(root):
        raise MalformedDocument("html", "nested more than 150 deep")
    return root


def no_article(selector: str, root: Element, body: bytes) -> MalformedDocument:
    """The error for a page that is not of the kind wanted: a challenge, an error page, another page of the site."""
    title = " ".join((root.findtext(".//title") or "").split())[:80]
    kind = "a challenge page" if CHALLENGE.search(body) else "a page"
    return MalformedDocument(selector, f"found {kind} titled {title!r}")


def _utf8(body: bytes) -> bytes:
    named = CHARSET.search(body, 0, 4096)
    charset = named[1].decode("ascii", "replace") if named else "utf-8"
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charset = "utf-16"
    try:
        if codecs.lookup(charset).name == "utf-8":
            body.decode()
            return body if b"\0" not in body else body.replace(b"\0", b"")
    except UnicodeDecodeError:
        pass
    except (LookupError, ValueError):
        charset = "utf-8"
    try:
        text = body.decode(charset, "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.replace("\0", "").encode("utf-8", "replace")


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return (element.get("class") or "").split()


def of_class(root: Element, tag: str, name: str) -> Iterator[Element]:
    """The elements of a tag and class at or below an element, in the order of the document."""
    return (e for e in root.iter(tag) if name in (e.get("class") or "") and name in classes(e))


def first_of_class(root: Element, tag: str, name: str) -> Element | None:
    """The first element of a tag and class at or below an element; None if there is none."""
    return next(of_class(root, tag, name), None)


def text_of(element: Element | None) -> str:
    """The text of an element as it stands; empty for no element."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else element.text or ""


def words(element: Element | None) -> str:
    """The text of an element with single spaces; empty for no element."""
    return " ".join(text_of(element).split())
