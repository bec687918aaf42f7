"""The full-text page of bioRxiv and medRxiv (`.full`) to a `Paper`."""

from biorxivist.items import Paper
from biorxivist.readers.html_tree import first_of_class, parse_page
from biorxivist.readers.jats_reading import Reading
from biorxivist.readers.landing import has_full_text, read_landing
from biorxivist.readers.meta import read_tags
from biorxivist.readers.page_body import read_sections
from biorxivist.readers.page_front import read_front
from biorxivist.readers.page_references import read_references

__all__ = ["has_full_text", "read_landing", "read_page"]


def read_page(body: bytes) -> Paper:
    """The paper of a full-text page, its strings as marked up (`biorxivist.text.clean_paper` cleans them).

    An article's page without a full text is a paper without sections.
    Raises `MalformedDocument` for any other page, one that is cut off or nested too deep.
    """
    root = parse_page(body)
    reading = Reading(Paper(source="page"))
    read_front(root, read_tags(root, body), reading)
    view = first_of_class(root, "div", "fulltext-view")
    if view is not None:
        reading.paper.references = read_references(view, reading)
        reading.order = {reference.id: place for place, reference in enumerate(reading.paper.references)}
        reading.paper.sections = read_sections(view, reading)
    return reading.paper
