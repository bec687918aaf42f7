"""JATS as a tree: parsing what the servers really send, and the questions asked of every element."""

import re
from html.entities import html5

from lxml import etree

from biorxivist.readers.strict import MalformedDocument, glimpse

Element = etree._Element

XLINK = "{http://www.w3.org/1999/xlink}"
HIGHWIRE = "{http://schema.highwire.org/Journal}"

DECLARATION = re.compile(rb"^<\?xml[^>]*\?>")
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>")
KNOWN = rb"#\w|(?:amp|lt|gt|quot|apos);"
REFERENCE = re.compile(KNOWN)
ENTITY = re.compile(rb"&(?!%s)(?:(\w+);)?" % KNOWN)
END = re.compile(rb"</(?:[\w.-]+:)?article\s*>")

# dropped by C: other articles, what is no text, and what only looks different
OTHERS = ("sub-article", "response", "processing-meta")
UNPRINTED = ("object-id", "email", "alt-text", "long-desc", "index-term")
LOOKS = (
    "italic", "bold", "underline", "overline", "strike", "sc", "monospace", "roman", "sans-serif", "named-content", "styled-content",
    "abbrev", "x",
)  # fmt: skip
LINKS = ("ext-link", "uri")


def parse_article(body: bytes) -> Element:
    """The `article` of a JATS document, without other articles in it.

    No DTD is read and no entity of the document resolved; HTML's entities and bare `&` are repaired.
    Raises `MalformedDocument` for anything else than a complete article of bearable depth.
    """
    body = _repaired(body)
    parser = etree.XMLParser(
        recover=True, no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True, remove_pis=True,
        collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise MalformedDocument("XML", f"found {glimpse(body)}")
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise MalformedDocument("article", "deeper or larger than an XML parser bears")
    article = _article(root)
    if b"</article>" not in body[-100:] and not END.search(body):
        raise MalformedDocument("article", f"cut off after {len(body)} bytes")
    for part in [*article.iterchildren(*OTHERS)]:
        article.remove(part)
    return article


def _article(root: Element) -> Element:
    article = root if root.tag == "article" else next(root.iter("{*}article"), None)
    if article is None:
        raise MalformedDocument("article", f"found <{root.tag}>")
    if article.tag != "article":
        namespace = article.tag[: -len("article")]
        for element in article.iter(f"{namespace}*"):
            element.tag = element.tag[len(namespace) :]
    if article.find("front") is None and article.find("body") is None:
        raise MalformedDocument("article", "found neither front nor body")
    return article


def _repaired(body: bytes) -> bytes:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = DECLARATION.sub(b"", body.decode("utf-16", "replace").encode())
    body = body.lstrip()
    if (start := body.find(b"<!DOCTYPE", 0, 2000)) >= 0 and (doctype := DOCTYPE.match(body, start)):
        body = body[:start] + body[doctype.end() :]
    # one character is found many times quicker than a pattern
    place = body.find(b"&")
    while place >= 0 and REFERENCE.match(body, place + 1):
        place = body.find(b"&", place + 1)
    if place < 0:
        return body
    # inside CDATA, where TeX stands, & is itself
    first, *rest = body.split(b"<![CDATA[")
    parts = [ENTITY.sub(_entity, first)]
    for part in rest:
        data, end, after = part.partition(b"]]>")
        parts.append(data + end + ENTITY.sub(_entity, after))
    return b"<![CDATA[".join(parts)


def _entity(match: re.Match[bytes]) -> bytes:
    name = (match[1] or b"").decode("ascii", "replace")
    character = html5.get(f"{name};", "")
    return character.encode("ascii", "xmlcharrefreplace") if character else b"&amp;" + match[0][1:]


def drop_looks(article: Element) -> None:
    """Drop unprinted elements, and the mark-up of what only looks different: of links too, in running text."""
    for part in article:
        looks = LOOKS + LINKS if part.tag in ("body", "floats-group") else LOOKS
        # most elements of an article are references, which are read with their looks
        for section in part if part.tag == "back" else (part,):
            if section.tag != "ref-list":
                etree.strip_elements(section, *UNPRINTED, with_tail=False)
                etree.strip_tags(section, *looks)


def first(element: Element, tag: str) -> Element | None:
    """The first child of a tag; None if there is none."""
    # lxml's own ways take several times as long to begin as this takes in all
    for child in element:
        if child.tag == tag:
            return child
    return None


def plain(element: Element | None) -> str:
    """The text of an element without any mark-up; empty for no element."""
    if element is None:
        return ""
    return (
        etree.tostring(element, encoding="unicode", method="text", with_tail=False)
        if len(element)
        else element.text or ""
    )


def link(element: Element | None) -> str:
    """What an element links to; empty for none."""
    if element is None:
        return ""
    return (element.get(XLINK + "href") or element.get("xlink:href") or element.get("href") or "").strip()


def source_id(element: Element) -> str:
    """HighWire's id of an element of the site's own dialect, such as `F1`; empty elsewhere."""
    return element.get(HIGHWIRE + "id") or ""
