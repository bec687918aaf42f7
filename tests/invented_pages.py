"""Pages of articles in the mark-up of bioRxiv and medRxiv, about things that nobody ever studied."""

from biorxivist.items import Block, Paper
from biorxivist.readers.page import read_page
from biorxivist.text import clean_paper

DOI = "10.1101/2021.03.04.433999"

AUTHORS = """
<span class="highwire-citation-author first" data-delta="0"><a href="http://orcid.org/0000-0001-2345-678X" class="hw-author-orcid-logo">
<span class="title element-invisible">View ORCID Profile</span></a><span class="nlm-given-names">Ada B.</span> <span class="nlm-surname">Quill</span></span>,
<span class="highwire-citation-author" data-delta="1"><span class="nlm-given-names">Tom</span> <span class="nlm-surname">Reed</span>
<span class="nlm-suffix">Jr.</span></span>,
<span class="highwire-citation-author" data-delta="2"><span class="nlm-collab">Teapot Consortium</span></span>
"""

POPUPS = """
<div id="hw-article-author-popups-node1" style="display: none;">
<div class="author-tooltip-0"><div class="author-tooltip-name">Ada B. Quill</div><div class="author-tooltip-affiliation"><span class="author-tooltip-text">
<div class='author-affiliation'><span class='nlm-sup'>1</span><span class='nlm-institution'>Kettle Institute</span>, Spouton, <span class='nlm-country'>Utopia</span>;</div>
</span></div><ul><li class="author-tooltip-gs-link"><a href="#">Find this author on Google Scholar</a></li>
<li class="author-corresp-email-link last"><span>For correspondence: <a href="mailto:ada@kettle.org">ada@kettle.org</a></span></li></ul></div>
<div class="author-tooltip-1"><div class="author-tooltip-affiliation"><span class="author-tooltip-text">
<div class='author-affiliation'><span class='nlm-institution'>Kettle Institute</span>, Spouton, <span class='nlm-country'>Utopia</span></div>
<div class='author-affiliation'>Lid Laboratory</div></span></div></div></div>
"""

META = f"""
<meta name="HW.identifier" content="/biorxiv/early/2021/03/05/2021.03.04.433999.atom" />
<meta name="HW.pisa" content="biorxiv;2021.03.04.433999v2" />
<meta name="DC.Title" content="The boiling of teapots" />
<meta name="DC.Identifier" content="{DOI}" />
<meta name="DC.Date" content="2021-03-05" />
<meta name="DC.Rights" content="© 2021, Posted by Cold Spring Harbor Laboratory. This pre-print is available under a Creative Commons License
 (Attribution 4.0 International), CC BY 4.0, as described at http://creativecommons.org/licenses/by/4.0/" />
<meta name="citation_title" content="The boiling of teapots" />
<meta name="citation_publication_date" content="2021/01/01" />
<meta name="citation_public_url" content="https://www.biorxiv.org/content/{DOI}v2" />
<meta name="citation_doi" content="{DOI}" />
<meta name="citation_section" content="New Results" />
<meta name="citation_author" content="Ada B. Quill" />
<meta name="citation_author_institution" content="Kettle Institute;" />
<meta name="citation_author_email" content="ada{{at}}kettle.org" />
<meta name="citation_author_orcid" content="http://orcid.org/0000-0001-2345-678x" />
<meta name="citation_author" content="Tom Reed" />
<meta name="citation_author_institution" content="Kettle Institute;" />
<meta name="citation_author_institution" content="Lid Laboratory" />
<meta name="citation_reference" content="Nobody N. 1900. A reference that is not read from here." />
"""

TOP = f"""
<div class="highwire-article-citation" data-pisa="biorxiv;2021.03.04.433999v2">
<div class="highwire-cite highwire-citation-biorxiv-article-top clearfix"><span class="biorxiv-article-type"> New Results </span>
<h1 class="highwire-cite-title" id="page-title">The boiling of <em>teapots</em> at 10<sup>2</sup> degrees</h1>
<div class="highwire-cite-authors"><span class="highwire-citation-authors">{AUTHORS}</span></div></div>{POPUPS}</div>
"""

ABSTRACT = '<div class="section abstract" id="abstract-1"><h2>Abstract</h2><p id="p-1">Teapots boil.</p></div>'

FULL_TEXT_TAB = '<a href="/x.full-text" class="panels-ajax-tab-tab" data-trigger="full-text">Full Text</a>'
FULL_TEXT_LINK = '<link rel="alternate" type="text/plain" href="/x.full.txt" />'


LAZY = (
    '<span class="highwire-responsive-lazyload"><img src="data:image/gif;base64,R0" class="highwire-embed lazyload" alt="Embedded Image"'
    ' data-src="https://x.org/embed/{0}.gif"/><noscript><img class="highwire-embed" alt="Embedded Image" src="https://x.org/embed/{0}.gif"/>'
    "</noscript></span>"
)
FIGURE = """<div id="F1" class="fig pos-float type-figure odd"><div class="highwire-figure"><div class="fig-inline-img-wrapper"><div class="fig-inline-img">
<a href="https://x.org/F1.large.jpg?width=800&amp;height=600" class="highwire-fragment fragment-images" title="Once more the caption."><img
 class="fragment-image lazyload" data-src="https://x.org/F1.medium.gif"/><noscript><img src="https://x.org/F1.medium.gif"/></noscript></a></div></div>
<ul class="highwire-figure-links inline"><li class="download-fig first"><a href="https://x.org/F1.large.jpg?download=true"
 class="highwire-figure-link">Download figure</a></li><li class="new-tab last"><a href="https://x.org/F1.large.jpg"
 class="highwire-figure-link highwire-figure-link-newtab">Open in new tab</a></li></ul></div>
<div class="fig-caption"><span class="fig-label">Figure 1.</span> <span class="caption-title">A <em>pot</em>.</span>
<p id="p-5" class="first-child">Seen from above.</p><p>Seen from below.</p><div class="sb-div caption-clear"></div></div></div>"""
TABLE = """<div id="T1" class="table pos-float"><div class="table-inline table-callout-links"><div class="callout"><span>View this table:</span>
<ul class="callout-links"><li class="view-inline first"><a href="##" class="table-expand-inline">View inline</a></li></ul></div></div>
<div class="table-caption"><span class="table-label">Table 1.</span> <p>Lids by weight.</p><div class="sb-div caption-clear"></div></div></div>"""

ENTRY = """<span class="cit-auth"><span class="cit-name-surname">Quill</span>, <span class="cit-name-given-names">A. B.</span></span>, and
<span class="cit-auth cit-collab">Teapot Consortium</span> (<span class="cit-pub-date">2019</span>). <span class="cit-article-title">On CO<sub>2</sub> in
<em>pots</em></span>. <abbr class="cit-jnl-abbrev">J. Pots</abbr> <span class="cit-vol">7</span>: <span class="cit-fpage">12</span>–<span
 class="cit-lpage">19</span>."""


def page(
    view: str = "", kind: str = "fulltext-view", meta: str = META, top: str = TOP, more: str = "", head: str = ""
) -> bytes:
    """A page of an article around its own part, which has the abstract first."""
    article = f"""<div class="highwire-markup"><div class="article {kind} "><span class="highwire-journal-article-marker-start"></span>
{view}<span class="highwire-journal-article-marker-end"></span></div></div>"""
    return f"""<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />{meta}{head}
<title>The boiling of teapots | bioRxiv</title></head><body><nav>Home About Submit</nav>{top}{article if view else ""}
<div class="sidebar"><a href="/search">Search Google Scholar</a>{more}</div></body></html>""".encode()


def section(title: str, content: str, id: str = "sec-1", classes: str = "section") -> str:
    """A section with its heading."""
    return f'<div class="{classes}" id="{id}"><h2 class="">{title}</h2>{content}</div>'


def references(*entries: str) -> str:
    """A list of references; the entries are what stands inside `cite`."""
    items = (
        f'<li><span class="ref-label">{n}.</span><a class="rev-xref-ref" href="#xref-ref-{n}-1" id="ref-{n}">↵</a>'
        f'<div class="cit ref-cit ref-journal" id="cit-x.{n}"><div class="cit-metadata"><cite>{entry}</cite></div>'
        f'<div class="cit-extra"><a class="cit-ref-sprinkles" href="{{openurl}}?x"><span>OpenUrl</span></a></div></div></li>'
        for n, entry in enumerate(entries, 1)
    )
    return f'<div class="section ref-list"><h2>References</h2><ol class="cit-list ref-use-labels">{"".join(items)}</ol></div>'


def cite(number: int) -> str:
    """An in-text citation."""
    return f'<a id="xref-ref-{number}-1" class="xref-bibr" href="#ref-{number}">{number}</a>'


def read(view: str, **around: str) -> Paper:
    """The cleaned paper of a full-text page."""
    return clean_paper(read_page(page(view, **around)))


def blocks(content: str, view: str = "") -> list[Block]:
    """The blocks of a section."""
    return read(ABSTRACT + section("Results", content) + view).sections[0].blocks
