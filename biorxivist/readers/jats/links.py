"""What a JATS document links to outside its list of references."""

from biorxivist.items import Mention
from biorxivist.mentions import LINK
from biorxivist.readers.jats.tree import LINKS, Element, link, plain

SECTIONS = ("sec", "ack", "app", "notes", "fn-group", "abstract")


def read_links(article: Element) -> list[Mention]:
    """The links that their text does not show, with the title of their section."""
    titles: dict[Element, str] = {}
    return [
        Mention(LINK, "", address, _section(element, titles))
        for element in article.iter(*LINKS)
        if "://" in (address := link(element)) and address.partition("://")[2] not in plain(element)
        if not any(e.tag == "ref-list" for e in element.iterancestors())
    ]


def _section(element: Element, titles: dict[Element, str]) -> str:
    # a section is asked once: where it has no title, all of it is looked through
    for section in element.iterancestors(*SECTIONS):
        if section not in titles:
            titles[section] = plain(section.find("title")).strip()
        if titles[section]:
            return titles[section]
    return ""
