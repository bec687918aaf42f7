"""What a JATS document links to outside its list of references."""

from lxml import etree

from biorxivist.items import Mention
from biorxivist.mentions import LINK
from biorxivist.readers.jats.tree import Element, link, plain

SECTIONS = ("sec", "ack", "app", "notes", "fn-group", "abstract")


def take_links(article: Element) -> list[Mention]:
    """The links that their text does not show, with the title of their section; mark-up of links in running text is dropped."""
    titles: dict[Element, str] = {}
    links = [
        Mention(LINK, "", address, _section(element, titles))
        for element in article.iter("ext-link", "uri")
        if "://" in (address := link(element)) and address.partition("://")[2] not in plain(element)
        if not any(e.tag == "ref-list" for e in element.iterancestors())
    ]
    for part in article.iterchildren("body", "floats-group"):
        etree.strip_tags(part, "ext-link", "uri")
    return links


def _section(element: Element, titles: dict[Element, str]) -> str:
    # a section is asked once: where it has no title, all of it is looked through
    for section in element.iterancestors(*SECTIONS):
        if section not in titles:
            titles[section] = plain(section.find("title")).strip()
        if titles[section]:
            return titles[section]
    return ""
