"""The three JATS documents of an invented paper: as the site serves it, as in a MECA archive, and Europe PMC's own."""

from collections import Counter

from lxml import etree

from tests.site.definitions import Document
from tests.site.jats_front import JatsFront, day_parts, journal

HWP = "http://schema.highwire.org/Journal"
XLINK = "http://www.w3.org/1999/xlink"
NAMESPACES = {
    "hw": "org.highwire.hpp", "mml": "http://www.w3.org/1998/Math/MathML", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ali": "http://www.niso.org/schemas/ali/1.0/", "ref": "http://schema.highwire.org/Reference", "hwp": HWP,
    "l": "http://schema.highwire.org/Linking", "r": "http://schema.highwire.org/Revision", "x": "http://www.w3.org/1999/xhtml",
    "app": "http://www.w3.org/2007/app", "xlink": XLINK, "nlm": "http://schema.highwire.org/NLM/Journal",
    "a": "http://www.w3.org/2005/Atom", "c": "http://schema.highwire.org/Compound", "hpp": "http://schema.highwire.org/Publishing",
}  # fmt: skip
MECA_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and '
    'Interchange DTD v1.2d1 20170631//EN" "JATS-archivearticle1.dtd">\n'
)
PUBLISHER = "<publisher><publisher-name>Cold Spring Harbor Laboratory</publisher-name></publisher>"


def meca(document: Document) -> bytes:
    """JATS as in a MECA archive: DOCTYPE, `mixed-citation`, no HighWire attributes."""
    w = JatsFront(document)
    name, capitals = journal(document)
    tail = document.paper.id.rpartition(".")[2]
    front = (
        f'<journal-meta><journal-id journal-id-type="publisher-id">{capitals}</journal-id><journal-title-group>'
        f'<journal-title>{name}</journal-title><abbrev-journal-title abbrev-type="publisher">{name}</abbrev-journal-title>'
        f"</journal-title-group>{PUBLISHER}</journal-meta>\n<article-meta>"
        f'<article-id pub-id-type="doi">{document.paper.doi}</article-id><article-version>1.{document.version}</article-version>'
        f"{w.categories()}{w.title()}{w.contributors()}{w.correspondence()}"
        f'<pub-date pub-type="epub"><year>{document.posting.posted[:4]}</year></pub-date>'
        f"<elocation-id>{document.paper.id}</elocation-id>{w.history()}{w.permissions()}"
        f'<self-uri xlink:href="{tail}.pdf" content-type="pdf" xlink:role="full-text"/>{w.abstract()}{w.keywords()}'
        f'<counts><page-count count="21"/></counts></article-meta>{w.notes()}'
    )
    root = (
        f'<article xmlns:mml="{NAMESPACES["mml"]}" xmlns:xlink="{XLINK}" xmlns:xsi="{NAMESPACES["xsi"]}" article-type="article" '
        'dtd-version="1.2d1" specific-use="production" xml:lang="en">'
    )
    return f"{MECA_HEAD}{root}\n<front>\n{front}\n</front>\n{w.body()}\n{w.back()}\n</article>".encode()


def europepmc(document: Document) -> bytes:
    """Europe PMC's full text: made from the PDF, with cells and formulas, without a version."""
    w = JatsFront(document, europepmc=True)
    name, _ = journal(document)
    posted = document.posting.posted
    front = (
        f'<journal-meta><journal-id journal-id-type="nlm-ta">{name}</journal-id><journal-title-group>'
        f"<journal-title>{name} : the preprint server</journal-title></journal-title-group></journal-meta><article-meta>"
        f'<article-id pub-id-type="archive">{document.paper.ppr}</article-id>'
        f'<article-id pub-id-type="doi">{document.paper.doi}</article-id><article-categories>'
        '<subj-group subj-group-type="heading"><subject>Article</subject></subj-group></article-categories>'
        f"{w.title()}{w.contributors()}{w.correspondence()}"
        f'<pub-date pub-type="preprint">{day_parts(posted)}</pub-date>{w.permissions()}{w.abstract()}{w.keywords()}'
        f"{w.awards()}</article-meta>"
    )
    root = f'<article xmlns:mml="{NAMESPACES["mml"]}" xmlns:xlink="{XLINK}" article-type="preprint" xml:lang="en">'
    return f"{root}<front>{front}</front>{w.body()}{w.back()}</article>".encode()


def site(document: Document) -> bytes:
    """JATS as `.source.xml`: HighWire's namespaces and ids, `citation`; a paper with its text in the PDF alone has no body."""
    w = JatsFront(document)
    bare = not document.has_text
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    kind = "" if bare else ' article-type="article" specific-use="production"'
    text = "" if bare else w.body() + w.back()
    root = etree.fromstring(f'<article {declared}{kind} xml:lang="en"><front>{_site_front(w)}</front>{text}</article>')
    _dialect(root)
    _identify(root, document)
    return etree.tostring(root, encoding="utf-8")


def _site_front(w: JatsFront) -> str:
    document = w.document
    name, capitals = journal(document)
    id, server = document.paper.id, document.paper.server
    others = [("pisa", document.pisa), ("pisa-master", f"{server};{id}"), ("slug", id), ("atom-slug", id), ("tag", id)]
    ids = "".join(f'<article-id pub-id-type="other" hwp:sub-type="{kind}">{text}</article-id>' for kind, text in others)
    return (
        f'<journal-meta><journal-id journal-id-type="hwp">{server}</journal-id><journal-id journal-id-type="publisher-id">'
        f"{capitals}</journal-id><journal-title>{name}</journal-title>"
        f'<abbrev-journal-title abbrev-type="publisher">{name}</abbrev-journal-title>{PUBLISHER}</journal-meta><article-meta>'
        f'<article-id pub-id-type="doi">{document.paper.doi}</article-id>{ids}'
        f"<article-version>1.{document.version}</article-version>{w.categories()}{w.title()}{w.correspondence()}"
        f"{w.contributors()}{_site_dates(document)}<elocation-id>{id}</elocation-id>{w.history()}{w.permissions()}"
        f"{_self_uris(document)}{w.abstract()}{w.keywords()}</article-meta>{w.notes()}"
    )


def _site_dates(document: Document) -> str:
    first, this = document.paper.versions[0].posted, document.posting.posted
    parts = [
        f'<pub-date pub-type="epub-original" date-type="pub" publication-format="electronic" hwp:start="{first[:4]}">'
        f"<year>{first[:4]}</year></pub-date>"
    ]
    # the clocks of HighWire are in California
    for kind, day in (("hwp-created", first), ("hwp-received", this), ("epub", first), ("epub-version", this)):
        parts.append(f'<pub-date pub-type="{kind}" hwp:start="{day}T09:39:55-07:00">{day_parts(day)}</pub-date>')
    return "".join(parts)


def _self_uris(document: Document) -> str:
    role = "http://schema.highwire.org/variant/{}"
    variants = [("abstract", "xhtml+xml"), ("full-text", "pdf")]
    variants += [("full-text", "xhtml+xml")] if document.has_text else []
    variants += [("source", "xml")]
    return "".join(
        f'<self-uri l:ref="forthcoming:yes" c:role="{role.format(kind)}" xlink:role="{kind}" content-type="{content}" '
        'hwp:variant="yes"/>'
        for kind, content in variants
    )


# --- HighWire's dialect -----------------------------------------------------------------------------------------------

RENAMED = {"mixed-citation": "citation", "license-p": "p"}
# elements that get an id, and how it begins
PREFIXES = {"fig": "F", "table-wrap": "T", "supplementary-material": "DC"}
UNMARKED = {
    "article",
    "front",
    "body",
    "back",
    "journal-meta",
    "article-meta",
    "title-group",
    "italic",
    "sup",
    "sub",
    "name",
}


def _dialect(root: etree._Element) -> None:
    for element in root.iter("mixed-citation", "license-p", "italic", "contrib-id", "graphic"):
        element.tag = RENAMED.get(element.tag, element.tag)
        if element.tag == "italic":
            element.set("toggle", "yes")
        elif element.tag == "contrib-id":
            element.set("authenticated", "false")
        elif element.tag == "graphic":
            href = element.get(f"{{{XLINK}}}href")
            element.set(f"{{{XLINK}}}href", href.removesuffix(".tif"))
            element.set("position", "float")
            element.set("orientation", "portrait")


def _identify(root: etree._Element, document: Document) -> None:
    counts: Counter[str] = Counter()
    ids: dict[str, str] = {}
    for element in root.iter():
        if element.tag in UNMARKED or element.tag == "xref" or element.getparent().tag in ("name", "string-name"):
            continue
        counts[element.tag] += 1
        prefix = PREFIXES.get(element.tag, f"{element.tag}-")
        element.set(f"{{{HWP}}}id", f"{prefix}{counts[element.tag]}")
        if element.get("id"):
            ids[element.get("id")] = element.get(f"{{{HWP}}}id")
        if element.tag in ("fig", "table-wrap"):
            _slug(element, document)
        elif decorate := DECORATIONS.get(element.tag):
            decorate(element, f"{document.paper.id}v{document.version}.{counts[element.tag]}")
    _link_back(root, ids)


def _link_back(root: etree._Element, ids: dict[str, str]) -> None:
    mentions: dict[str, list[str]] = {}
    for xref in root.iter("xref"):
        target = ids[xref.get("rid")]
        named = mentions.setdefault(target, [])
        named.append(f"xref-{target}-{len(named) + 1}")
        xref.set(f"{{{HWP}}}id", named[-1])
        xref.set(f"{{{HWP}}}rel-id", target)
    for element in root.iter():
        if named := mentions.get(element.get(f"{{{HWP}}}id", "")):
            element.set(f"{{{HWP}}}rev-id", " ".join(named))


def _citation(element: etree._Element, id: str) -> None:
    element.set("citation-type", element.get("publication-type"))
    for name, value in (("id", id), ("linkable", "yes"), ("use-reference-as-is", "yes")):
        element.set(f"{{{NAMESPACES['ref']}}}{name}", value)


def _named(element: etree._Element, id: str) -> None:
    element.set("name-style", "western")
    element.set(f"{{{HWP}}}sortable", " ".join(part.text or "" for part in element))


def _linked(element: etree._Element, id: str) -> None:
    for name, value in (("rel", "related"), ("ref-type", "uri"), ("ref", element.get(f"{{{XLINK}}}href"))):
        element.set(f"{{{NAMESPACES['l']}}}{name}", value)


DECORATIONS = {"citation": _citation, "string-name": _named, "ext-link": _linked}


def _slug(element: etree._Element, document: Document) -> None:
    slug = element.get(f"{{{HWP}}}id")
    parts = [("pisa", f"{document.pisa}/{element.get('id').upper()}"), ("slug", slug), (None, element.get("id"))]
    for place, (kind, text) in enumerate(parts):
        made = etree.Element("object-id", {"pub-id-type": "other" if kind else "publisher-id"})
        if kind:
            made.set(f"{{{HWP}}}sub-type", kind)
        made.text = text
        element.insert(place, made)
