"""The full-text page of bioRxiv and medRxiv (`.full`) to a `Paper`."""

from biorxivist.items import Paper
from biorxivist.readers.inline import may_hold_addresses
from biorxivist.readers.page.body import read_sections
from biorxivist.readers.page.front import drop_looks, read_abstract, read_front, take_view
from biorxivist.readers.page.history import lacks_history
from biorxivist.readers.page.landing import has_full_text, read_landing
from biorxivist.readers.page.links import read_links
from biorxivist.readers.page.meta import read_tags
from biorxivist.readers.page.references import read_references
from biorxivist.readers.page.tree import classes, parse_page
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import any_bytes

__all__ = ["has_full_text", "lacks_history", "read_landing", "read_page"]


@any_bytes
def read_page(body: bytes) -> Paper:
    """The paper of a full-text page, its strings as marked up (`biorxivist.text.clean_paper` cleans them).

    An article's page without a full text is a paper without sections.
    Raises `MalformedDocument` for any other page, one that is cut off or nested too deep.
    """
    root = parse_page(body)
    reading = Reading(Paper(source="page"))
    view = take_view(root)
    read_front(root, read_tags(root, body), reading)
    if view is not None:
        reading.may_hold_addresses = may_hold_addresses(view)
        reading.paper.abstract = read_abstract(view, reading)
        reading.paper.mentions = read_links(view)
    if view is not None and "fulltext-view" in classes(view):
        drop_looks(view)
        reading.cite(read_references(view, reading))
        reading.paper.sections = read_sections(view, reading)
    return reading.paper
