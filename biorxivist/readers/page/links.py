"""What an article of a page links to outside its list of references."""

from lxml import etree

from biorxivist.items import Mention
from biorxivist.mentions import LINK
from biorxivist.readers.page.tree import Element, classes, text_of

OUTSIDE = etree.XPath(
    "descendant::a[starts-with(@href, 'http') and not(contains(@href, 'rxiv.org/')) and not(ancestor::div[contains(@class, 'ref-list')])]"
)
HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def read_links(view: Element) -> list[Mention]:
    """The links that their text does not show, with the title of their section."""
    titles: dict[Element, str] = {}
    return [
        Mention(LINK, "", address, _section(element, titles))
        for element in OUTSIDE(view)
        if (address := element.get("href")).partition("://")[2] not in text_of(element)
    ]


def _section(element: Element, titles: dict[Element, str]) -> str:
    # a section is asked once: where it has no heading, all of it is looked through
    for section in element.iterancestors("div"):
        if {"section", "subsection"} & set(classes(section)):
            if section not in titles:
                titles[section] = text_of(next(section.iterchildren(*HEADINGS), None)).strip()
            if titles[section]:
                return titles[section]
    return ""
