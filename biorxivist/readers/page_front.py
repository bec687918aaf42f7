"""What the full-text page and the landing page share: identity, byline, category, abstract, supplements."""

import re

from biorxivist.items import Paper, Supplement
from biorxivist.readers.byline import read_byline
from biorxivist.readers.html_tree import Element, classes, first_of_class, of_class, words
from biorxivist.readers.inline import Inline
from biorxivist.readers.jats_reading import Reading
from biorxivist.readers.meta import Tags, read_authors, read_identity
from biorxivist.readers.page_text import passage, rich, write
from biorxivist.text import PARAGRAPH

VIEWS = ("fulltext-view", "abstract-view")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def read_front(root: Element, tags: Tags, reading: Reading) -> None:
    """Fill what every page of an article tells: identity, title, authors, affiliations, category, abstract, supplements."""
    paper = reading.paper
    read_identity(tags, paper)
    read_authors(tags, paper)
    read_byline(root, paper)
    heading = next((e for e in root.iter("h1") if e.get("id") == "page-title"), None)
    paper.title = rich(heading, reading).strip() or paper.title
    # the API leaves out what stands in parentheses and has no slash
    subject = words(first_of_class(root, "span", "highwire-article-collection-term")).lower()
    paper.category = re.sub(r"\s*\([^)]*\)", "", subject).replace("/", " ")
    view = next((e for name in VIEWS for e in of_class(root, "div", name)), None)
    paper.abstract = read_abstract(view, reading) if view is not None else ""
    read_supplements(root, paper)


def read_abstract(view: Element, reading: Reading) -> str:
    """The abstract, `PARAGRAPH` between its paragraphs and headings, without the heading of the whole."""
    parts = [_abstract(e, reading) for e in view.iterchildren("div") if "abstract" in classes(e)]
    return PARAGRAPH.join(part for part in parts if part.strip())


def _abstract(element: Element, reading: Reading) -> str:
    out = Inline()
    heading = next(element.iterchildren(*HEADINGS), None)
    for child in element:
        if child is heading:
            continue
        out.add(PARAGRAPH)
        if child.tag == "div" and "subsection" in classes(child):
            _write_subsection(child, out, reading)
        elif child.tag == "p":
            write(child, out, reading)
        else:
            out.add(passage(child, reading).text if child.tag == "div" else rich_child(child, reading))
        if child.tail and not child.tail.isspace():
            out.add(PARAGRAPH + child.tail)
    return out.text


def rich_child(child: Element, reading: Reading) -> str:
    """The text of a list or another element that stands beside paragraphs."""
    out = Inline()
    from biorxivist.readers.page_text import write_child

    write_child(child, out, reading)
    return out.text


def _write_subsection(element: Element, out: Inline, reading: Reading) -> None:
    paragraph = next(element.iterchildren(), None)
    if paragraph is not None and paragraph.tag == "p" and not (paragraph.text or "").strip():
        heading = next(paragraph.iterchildren(), None)
        if heading is not None and heading.tag == "strong" and (heading.tail or len(paragraph) > 1):
            heading.tail = PARAGRAPH + (heading.tail or "")
    out.add(passage(element, reading).text)


def read_supplements(root: Element, paper: Paper) -> None:
    """Fill supplements with the files that the page links to, or the page that lists them."""
    for link in root.iter("a"):
        href = link.get("href") or ""
        if ("/DC" in href and "/embed/" in href) or href.endswith(".supplementary-material"):
            if any(known.url == href for known in paper.supplements):
                continue
            paper.supplements.append(Supplement(link.get("id") or "", words(link), "", href))
