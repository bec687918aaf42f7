"""What the full-text page and the landing page share: identity, byline, category, abstract, supplements."""

import re

from lxml import etree

from biorxivist.categories import category_name
from biorxivist.identifiers import SITES, absolute
from biorxivist.items import Paper, Supplement
from biorxivist.readers.page.byline import read_byline
from biorxivist.readers.page.meta import Tags, read_authors, read_identity
from biorxivist.readers.page.text import passage, rich
from biorxivist.readers.page.tree import Element, classes, first_of_class, of_class, words
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import MalformedDocument
from biorxivist.text import PARAGRAPH

LOOKS = ("em", "strong", "b", "i", "u", "kbd", "code", "small")
VIEWS = ("fulltext-view", "abstract-view")
# real articles are up to 11 deep; the readers recurse into the article alone
TOO_DEEP = etree.XPath("boolean(" + "*/" * 100 + "*)")
FILE = re.compile(r"/DC\d+/embed/|\.supplementary-material$")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def read_front(root: Element, tags: Tags, reading: Reading) -> None:
    """Fill what every page of an article tells beside the article: identity, title, authors, category, supplements."""
    paper = reading.paper
    reading.folder = read_identity(tags, paper)
    read_byline(root, paper)
    if not paper.authors:
        read_authors(tags, paper)
    heading = next((e for e in root.iter("h1") if e.get("id") == "page-title"), None)
    if heading is not None and not TOO_DEEP(heading):
        paper.title = rich(heading, reading).strip() or paper.title
    paper.category = category_name(words(first_of_class(root, "span", "highwire-article-collection-term")))
    read_supplements(root, paper)


def take_view(root: Element) -> Element | None:
    """The article's own part of a page, taken out of the page; None if it has none.

    Raises `MalformedDocument` if it is nested too deep to be read.
    Most elements of a page are in it: everything else is found sooner without it.
    """
    view = next((e for name in VIEWS for e in of_class(root, "div", name)), None)
    if view is not None:
        view.getparent().remove(view)
        if TOO_DEEP(view):
            raise MalformedDocument(f"div.{'|'.join(VIEWS)}", "nested more than 100 deep")
    return view


def drop_looks(view: Element) -> None:
    """Drop mark-up that only looks different, in one pass of C; the abstract keeps it, which tells its headings."""
    for part in view:
        if "abstract" not in classes(part):
            etree.strip_tags(part, *LOOKS)


def read_abstract(view: Element, reading: Reading) -> str:
    """The abstract, `PARAGRAPH` between its paragraphs and headings, without the heading of the whole."""
    parts = [_abstract(e, reading) for e in view.iterchildren("div") if "abstract" in classes(e)]
    return PARAGRAPH.join(part for part in parts if part.strip())


def _abstract(element: Element, reading: Reading) -> str:
    if (heading := next(element.iterchildren(*HEADINGS), None)) is not None:
        heading.clear(keep_tail=True)
    for part in element.iterchildren("div"):
        _part_heading(part)
    return passage(element, reading).text


def _part_heading(part: Element) -> None:
    """Put the heading of a part of a structured abstract, emphasised words of its paragraph, into a paragraph of its own."""
    paragraph = next(part.iterchildren(), None)
    if paragraph is None or paragraph.tag != "p" or (paragraph.text or "").strip():
        return
    heading = next(paragraph.iterchildren(), None)
    if heading is not None and heading.tag == "strong" and (heading.tail or len(paragraph) > 1):
        # HTML may hold what lxml does not take
        heading.tail = PARAGRAPH + CONTROLS.sub("", heading.tail or "")


def read_supplements(root: Element, paper: Paper) -> None:
    """Fill supplements with the files that the page links to, or the page that lists them."""
    site = SITES.get(paper.server, "")
    hrefs = ((e, (e.get("href") or "").partition("?")[0]) for e in root.iter("a"))
    links = {absolute(site, href): e for e, href in hrefs if FILE.search(href)}
    paper.supplements += [Supplement("", words(link), "", address) for address, link in links.items()]
