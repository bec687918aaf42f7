"""The two pages of an invented paper, full text and landing, with all that HighWire puts around them."""

from datetime import date
from html import escape

from tests.site import chrome
from tests.site.definitions import Author, Document
from tests.site.jats_front import LICENSES, TITLES, ZERO, license_address, license_sentence
from tests.site.page_text import PageText, server_name
from tests.site.writing import Plain


def full_text(document: Document) -> bytes:
    """The page at `.full` and `.full-text`."""
    w = PageText(document)
    article = f'<div class="article fulltext-view "><span class="highwire-journal-article-marker-start"></span>{w.full_text()}'
    return _page(document, w, f'{article}<span class="highwire-journal-article-marker-end"></span></div>', "full-text")


def landing(document: Document) -> bytes:
    """The page at `/content/{doi}v{N}` and `.abstract`."""
    w = PageText(document)
    article = (
        '<div class="article abstract-view "><span class="highwire-journal-article-marker-start"></span>'
        f"{w.abstract()}{_statements(document, w)}"
        '<span class="highwire-journal-article-marker-end"></span></div>'
    )
    return _page(document, w, article, "")


def without_text(document: Document) -> bytes:
    """What the site shows at `.full` of a paper whose text is in the PDF alone: the landing page."""
    return landing(document)


def _statements(document: Document, w: PageText) -> str:
    parts = []
    for kind, *texts in document.paper.statements:
        parts.append(f"<h3>{TITLES[kind]}</h3>" + "".join(map(w.paragraph, texts)))
    for section in document.back:
        if section.kind == "data-availability":
            parts.append(w.section(section))
    if note := document.posting.note:
        parts.append(
            '<div class="section fn-group" id="fn-group-1"><h2>Footnotes</h2><ul><li class="fn-update" id="fn-1">'
            f"{w.paragraph(note)}</li></ul></div>"
        )
    if document.paper.funders and document.posting.posted >= "2026":
        groups = "".join(
            f'<div class="award-group" id="award-group-{n}"><span class="funding-source">{name}'
            f'<span class="institution-wrap"><span class="institution-id">{ror}</span></span></span>'
            f'<span class="award-id" id="award-id-{n}">, {award}</span></div>'
            for n, (name, ror, award) in enumerate(document.paper.funders, 1)
        )
        parts.append(f'<div class="funding-group"><h2>Funder Information Declared</h2>{groups}</div>')
    return "".join(parts)


def _page(document: Document, w: PageText, article: str, tab: str) -> bytes:
    markup = (
        '<div class="panel-pane pane-highwire-markup"><div class="pane-content"><div class="highwire-markup">'
        '<div xmlns="http://www.w3.org/1999/xhtml" id="content-block-markup" '
        'data-highwire-cite-ref-tooltip-instance="highwire_reflinks_tooltip" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f'{article}<span class="related-urls"></span></div></div></div></div>'
    )
    copyright = "" if tab else _copyright(document)
    main = f"{_top(document)}{_tabs(document)}{chrome.tab_content(document, tab, markup + copyright)}{chrome.BELOW}"
    head = f"{_meta(document)}{_alternates(document)}"
    return chrome.whole(server_name(document), document.title, head, main, _sidebar(document)).encode()


# --- head -------------------------------------------------------------------------------------------------------------


def _meta(document: Document) -> str:
    paper, host = document.paper, f"https://www.{document.paper.server}.org"
    url = f"{host}/content/{paper.doi}v{document.version}"
    abstract = " ".join(text for _, text in document.abstract)
    title, plain = _plain(document, document.title), _plain(document, abstract)
    posted = document.posting.posted
    year = posted[:4]
    owner = "openRxiv" if year >= "2026" else "Cold Spring Harbor Laboratory"
    pairs = [
        ("type", "article"), ("HW.identifier", f"{document.path}.atom"), ("HW.pisa", document.pisa), ("DC.Format", "text/html"),
        ("DC.Language", "en"), ("DC.Title", title), ("DC.Identifier", paper.doi), ("DC.Date", posted),
        ("DC.Publisher", "Cold Spring Harbor Laboratory"),
        ("DC.Rights", f"© {year}, Posted by {owner}. {license_sentence(document.license)}" if document.license else f"© {year}, Posted by {owner}"),
        ("DC.AccessRights", "restricted"), ("DC.Description", plain),
        *(("DC.Contributor", name) for name in _names(document)),
        ("article:published_time", posted),
        *((("article:section", document.article_type),) if document.article_type else ()),
        ("citation_title", title), ("citation_abstract", f"<h3>Abstract</h3>\n<p>{plain}</p>"),
        ("citation_journal_title", server_name(document)), ("citation_publisher", "Cold Spring Harbor Laboratory"),
        ("citation_publication_date", f"{year}/01/01"), ("citation_mjid", document.pisa),
        ("citation_id", f"{paper.id}v{document.version}"), ("citation_public_url", url),
        ("citation_abstract_html_url", f"{url}.abstract"), ("citation_full_html_url", f"{url}.full"),
        ("citation_pdf_url", f"{host}/content{document.path}.full.pdf"), ("citation_doi", paper.doi),
        *((("citation_section", document.article_type),) if document.article_type else ()),
        ("citation_firstpage", paper.id), *_author_meta(document), *_reference_meta(document),
        ("twitter:title", title), ("twitter:card", "summary"), ("citation_date", posted),
    ]  # fmt: skip
    return "".join(f'<meta name="{name}" content="{escape(value)}" />\n' for name, value in pairs)


def _plain(document: Document, text: str) -> str:
    return Plain(document).write(text).text


def _names(document: Document) -> list[str]:
    byline = [a.name for a in document.paper.authors if not a.group]
    return byline + document.paper.collectives


def _author_meta(document: Document):
    for author in (a for a in document.paper.authors if not a.group):
        yield "citation_author", author.name
        for number in author.affiliations:
            yield "citation_author_institution", f"{document.paper.affiliations[number - 1][0]};"
        if author.corresponding:
            yield "citation_author_email", "someone{at}example.org"
        if author.orcid:
            yield "citation_author_orcid", f"http://orcid.org/{author.orcid}"
    for name in document.paper.collectives:
        yield "citation_author", name


def _reference_meta(document: Document):
    if not document.has_text:
        return
    for r in document.references:
        names = ", ".join(f"{surname} {initials}" for surname, initials in r.authors) or r.collective
        yield "citation_reference", f"{names}. {r.title}. {r.source}, {r.year}.".replace("*", "")


def _alternates(document: Document) -> str:
    base = f"/content/{document.paper.doi}v{document.version}"
    found = f'<link rel="alternate" type="application/pdf" title="Full Text (PDF)" href="{base}.full.pdf" />\n'
    if document.has_text:
        found += f'<link rel="alternate" type="text/plain" title="Full Text (Plain)" href="{base}.full.txt" />\n'
        found += f'<link rel="alternate" type="application/vnd.ms-powerpoint" title="Powerpoint" href="{base}.ppt" />\n'
    return f'{found}<link rel="canonical" href="https://www.{document.paper.server}.org{base}" />\n'


# --- top, tabs, sidebar -----------------------------------------------------------------------------------------------


def _top(document: Document) -> str:
    paper = document.paper
    kind = f'<span class="biorxiv-article-type">\n{document.article_type}    </span>\n' if document.article_type else ""
    title = PageText(document).write(document.title)
    popups = "".join(_popup(document, n, a) for n, a in enumerate(a for a in paper.authors if not a.group))
    cite = (
        f'<div class="highwire-cite highwire-cite-highwire-article highwire-citation-{paper.server}-article-top clearfix '
        f'has-author-tooltip">{kind}<h1 class="highwire-cite-title" id="page-title">{title}</h1>\n{byline(document)}'
        f'<div class="highwire-cite-metadata"><span class="highwire-cite-metadata-doi highwire-cite-metadata"><span class="label">'
        f"doi:</span> https://doi.org/{paper.doi} </span></div></div>"
    )
    return (
        f'<div class="panel-pane pane-highwire-article-citation"><div class="pane-content">{citation_open(document)}{cite}'
        f'<div id="hw-article-author-popups-node777887" style="display: none;">{popups}</div></div></div></div>'
    )


def citation_open(document: Document) -> str:
    """The element that tells which version a citation is of."""
    server, id = document.paper.server, document.paper.id
    return (
        '<div class="highwire-article-citation highwire-citation-type-highwire-article" data-node-nid="777887" '
        f'data-pisa="{document.pisa}" data-pisa-master="{server};{id}" data-seqnum="777887" '
        f'data-apath="{document.path}.atom" data-hw-author-tooltip-instance="highwire_author_tooltip">'
    )


def byline(document: Document) -> str:
    """The authors as every citation prints them."""
    people = [a for a in document.paper.authors if not a.group]
    parts = [_author(n, a) for n, a in enumerate(people)]
    parts += [
        f'<span class="highwire-citation-author" data-delta="{n}"><span class="nlm-collab">{name}</span></span>'
        for n, name in enumerate(document.paper.collectives, len(people))
    ]
    return f'<div class="highwire-cite-authors"><span class="highwire-citation-authors">{", ".join(parts)}</span></div>'


def _author(number: int, author: Author) -> str:
    wrapper = " hw-author-orcid-logo-wrapper" if author.orcid else ""
    logo = (
        f'<a href="http://orcid.org/{author.orcid}" target="_blank" class="hw-author-orcid-logo link-icon-only link-icon">'
        '<i class="hw-icon-orcid hw-icon-color-orcid"></i> <span class="title element-invisible">View ORCID Profile</span></a>'
        if author.orcid
        else ""
    )
    return (
        f'<span class="highwire-citation-author{" first" if number == 0 else ""}{wrapper}" data-delta="{number}">{logo}'
        f'<span class="nlm-given-names">{author.given}</span> <span class="nlm-surname">{author.surname}</span></span>'
    )


def _popup(document: Document, number: int, author: Author) -> str:
    places = [(n, *document.paper.affiliations[n - 1]) for n in author.affiliations]
    where = "".join(
        f'<div class="author-affiliation"><span class="nlm-sup">{n}</span><span class="nlm-institution">{name}</span>, {city}, '
        f'<span class="nlm-country">{country}</span></div>'
        for n, name, city, country in places
    )
    write_to = '<li class="author-corresp-email-link last"><span>For correspondence: <a href="mailto:x">someone{at}example.org</a></span></li>'
    return (
        f'<div class="author-tooltip-{number}"><div class="author-tooltip-name">{author.name} </div>'
        f'<div class="author-tooltip-affiliation"><span class="author-tooltip-text">{where}</span></div>'
        '<ul class="author-tooltip-find-more"><li class="author-tooltip-gs-link first">'
        '<a href="/lookup/google-scholar">Find this author on Google Scholar</a></li>'
        '<li class="author-site-search-link"><a href="/search/author1" rel="nofollow">Search for this author on this site</a></li>'
        f"{write_to if author.corresponding else ''}</ul></div>"
    )


def _tabs(document: Document) -> str:
    tabs = [("biorxiv_tab_art", "", "Abstract")]
    tabs += [("article_tab_full_text", "full-text", "Full Text")] if document.has_text else []
    tabs += [
        ("biorxiv_tab_info", "article-info", "Info/History"),
        ("article_tab_metrics", "article-metrics", "Metrics"),
    ]
    if document.paper.supplements:
        tabs.append(("biorxiv_tab_data", "supplementary-material", "Supplementary material"))
    return chrome.tabs(document, [*tabs, ("biorxiv_tab_pdf", "full.pdf+html", "Preview PDF")])


def _copyright(document: Document) -> str:
    code, name = document.license, server_name(document)
    address = license_address(code)
    said = "All rights reserved. No reuse allowed without permission."
    if code in LICENSES:
        label = code.upper().replace("_", "-")
        said = f'It is made available under a <a href="{address}">{label} 4.0 International license</a>.'
    elif code.startswith("cc0"):
        said = f'This article is made available for use under a <a href="{ZERO}">CC0 license</a>.'
    license = f'<span class="license-type"> {said}</span>' if code else ""
    return (
        '<div class="panel-separator"></div><div class="panel-pane pane-biorxiv-copyright"><div class="pane-content">'
        '<div class="field field-name-field-highwire-copyright field-type-text field-label-inline clearfix">'
        '<div class="field-label">Copyright </div><div class="field-items"><div class="field-item even">The copyright holder for this '
        f"preprint is the author/funder, who has granted {name} a license to display the preprint in perpetuity.{license}"
        "</div></div></div></div></div>"
    )


def _sidebar(document: Document) -> str:
    posted = date.fromisoformat(document.posting.posted)
    return chrome.sidebar(document, f"{posted:%B %d, %Y}", byline(document), citation_open(document))
