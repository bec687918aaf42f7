"""JATS of bioRxiv and medRxiv (site and MECA), of Europe PMC and of journals, to a `Paper`."""

from biorxivist.items import Paper
from biorxivist.readers.inline import may_hold_addresses
from biorxivist.readers.jats.authors import read_affiliations, read_authors
from biorxivist.readers.jats.body import read_sections
from biorxivist.readers.jats.front import read_about, read_identity, read_statements
from biorxivist.readers.jats.links import read_links
from biorxivist.readers.jats.references import read_references
from biorxivist.readers.jats.tree import Element, drop_looks, parse_article
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import MalformedDocument, any_bytes


@any_bytes
def read_jats(body: bytes) -> Paper:
    """The paper of a JATS document, its strings as marked up (`biorxivist.text.clean_paper` cleans them).

    Raises `MalformedDocument` if it is no complete article, or nested too deep.
    """
    article = parse_article(body)
    reading = Reading(Paper(source="jats", mentions=read_links(article)))
    drop_looks(article)
    reading.may_hold_addresses = may_hold_addresses(article)
    try:
        _read_front(article, reading)
        reading.cite(read_references(article, reading))
        reading.paper.sections = read_sections(article, reading)
    except RecursionError:
        raise MalformedDocument("article", "nested too deep to be read") from None
    return reading.paper


def _read_front(article: Element, reading: Reading) -> None:
    front = article.find("front")
    meta = front.find("article-meta") if front is not None else None
    if front is None or meta is None:
        return
    paper = reading.paper
    reading.folder = read_identity(article, meta, paper)
    read_about(meta, paper, reading)
    affiliations = read_affiliations(meta)
    paper.affiliations = list(affiliations.values())
    paper.authors = read_authors(meta, affiliations)
    read_statements(front, meta, paper, reading)
