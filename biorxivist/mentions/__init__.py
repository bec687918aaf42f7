"""What a paper names by an id: accessions, repositories of code, research resources, clinical trials."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice
from operator import itemgetter

from biorxivist.items import Mention, Paper, Section
from biorxivist.literals import Literals
from biorxivist.mentions.accessions import FORMS, HYPHENS
from biorxivist.mentions.addresses import SIGN, address_around, named_by
from biorxivist.mentions.context import NAMES, codes

LINK = "link"
"""Kind of a mention that a reader hands over: an address to which the document links, not yet looked at."""
MOST = 50_000
"""Places that are looked at: many times what a paper has, so that text made of ids is read in a bearable time."""


def find_mentions(paper: Paper) -> list[Mention]:
    """The mentions of a cleaned paper in reading order, each once: those it has, and what its texts and links name."""
    passages = _Passages(paper)
    found: dict[tuple[str, str], Mention] = {}
    for place, kind, id, url in sorted([*_ids(passages), *_addresses(passages)], key=itemgetter(0)):
        found.setdefault((kind, id), Mention(kind, id, url, passages.titles[place[0]]))
    for mention in paper.mentions:
        if mention.kind != LINK:
            found.setdefault((mention.kind, mention.id), mention)
    return list(found.values())


# --- ids --------------------------------------------------------------------------------------------------------------


# what ids begin with, in each spelling, to the word that has forms or is a database's name
BEGINNINGS = {word.replace("-", hyphen): word for word in [*FORMS, *NAMES] for hyphen in HYPHENS}
SPELLINGS = Literals(BEGINNINGS)
Place = tuple[int, int]
"""Number of a passage, and an offset in it."""
Found = tuple[Place, str, str, str]
"""Place, kind, id, URL."""


def _ids(passages: "_Passages") -> Iterator[Found]:
    listed = (0, 0)
    for place, text, spelling in passages.beginnings():
        start = place[1]
        if start and text[start - 1].isalnum():
            continue
        word = BEGINNINGS[spelling]
        if database := NAMES.get(word):
            # a name inside the list of another name's codes is read with them
            if place >= listed:
                found, end = codes(database, text, start, start + len(word))
                listed = (place[0], end)
                yield from ((place, database.kind, code, database.url.format(code)) for code in found)
            continue
        for form in FORMS[word]:
            written = form.pattern.match(text, start)
            if written and (form.needs is None or passages.say(form.needs)):
                id = form.normal(written)
                yield place, form.kind, id, form.url.format(id)


def _addresses(passages: "_Passages") -> Iterator[Found]:
    read = (0, 0)
    for place, text in passages.signs():
        if place >= read:
            address, end = address_around(text, place[1], read[1] if read[0] == place[0] else 0)
            read = (place[0], end)
            if named := named_by(address):
                yield (place, *named)


# --- the texts of a paper ---------------------------------------------------------------------------------------------


class _Passages:
    """Everything of a paper that is looked at, in reading order, as one text."""

    def __init__(self, paper: Paper):
        pairs = [pair for pair in _passages(paper) if pair[1]]
        self.titles = [title for title, _ in pairs]
        self.texts = [text for _, text in pairs]
        self.joined = "\n".join(self.texts)
        self.starts = list(accumulate((len(text) + 1 for text in self.texts), initial=0))
        self.said: dict[str, bool] = {}

    def beginnings(self) -> Iterator[tuple[Place, str, str]]:
        """Place, passage and spelling of everything that an id may begin with."""
        joined = b"\n".join([text.encode(errors="surrogatepass") for text in self.texts])
        passed = offset = 0
        for start, spelling in islice(SPELLINGS.find(joined), MOST):
            offset += len(joined[passed:start].decode(errors="surrogatepass"))
            passed = start
            yield *self._at(offset), spelling

    def signs(self) -> Iterator[tuple[Place, str]]:
        """Place and passage of every slash behind a host or the prefix of a DOI."""
        return (self._at(match.start()) for match in islice(SIGN.finditer(self.joined), MOST))

    def _at(self, offset: int) -> tuple[Place, str]:
        number = bisect_right(self.starts, offset) - 1
        return (number, offset - self.starts[number]), self.texts[number]

    def say(self, pattern: re.Pattern[str]) -> bool:
        """Whether the paper has a match anywhere."""
        if pattern.pattern not in self.said:
            self.said[pattern.pattern] = pattern.search(self.joined) is not None
        return self.said[pattern.pattern]


def _passages(paper: Paper) -> Iterator[tuple[str, str]]:
    """Section title and text of everything that is looked at, in reading order."""
    floats = {f.id: f for f in [*paper.figures, *paper.tables]}
    links: dict[str, list[str]] = {}
    for mention in paper.mentions:
        if mention.kind == LINK:
            links.setdefault(mention.section, []).append(mention.url)
    yield "Abstract", paper.abstract
    for section in [*paper.sections, *paper.statements]:
        yield from _section(section, "", floats, links)
    for note in paper.footnotes:
        yield "Footnotes", note
    for title, rest in links.items():
        yield from ((title, url) for url in rest)


def _section(section: Section, above: str, floats, links) -> Iterator[tuple[str, str]]:
    title = section.title or above or section.kind.replace("-", " ").capitalize()
    yield title, section.title
    for block in section.blocks:
        if block.text:
            yield title, block.text
        elif float_ := floats.get(block.id):
            yield from ((title, text) for text in (float_.title, float_.caption))
            for row in getattr(float_, "rows", ()):
                yield title, " | ".join(row)
            yield from ((title, note) for note in getattr(float_, "footnotes", ()))
    for url in links.pop(title, ()):
        yield title, url
    for nested in section.sections:
        yield from _section(nested, title, floats, links)
