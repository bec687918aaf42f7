"""The ladder: the sources of a paper, best first. This is the one place that knows them and their order."""

from dataclasses import replace
from typing import Any, ClassVar

from biorxivist import identifiers
from biorxivist.items import REFUSALS, Attempt, Paper
from biorxivist.readers.jats import read_jats
from biorxivist.readers.merge import complete, with_landing
from biorxivist.readers.page import has_full_text, lacks_history, read_landing, read_page
from biorxivist.readers.record import read_record
from biorxivist.readers.results import read_results
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.spiders.draft import Draft
from biorxivist.text import holds_text


class NotThere(LookupError):
    """A source answered, and the answer is that it does not have the paper or its text. Raised by `Source.read`."""

    def __init__(self, outcome: str, detail: str):
        super().__init__(detail)
        self.outcome = outcome


class Source:
    """One rung: where to ask for a paper, and what its answer adds to the draft."""

    name: ClassVar[str]

    def edition(self, draft: Draft) -> int:
        """The version whose document the source gives and never changes; 0 for one that does change."""
        return 0

    def url(self, draft: Draft) -> str:
        """Address to ask, empty if this source is not to be asked for this paper."""
        raise NotImplementedError

    def meta(self, draft: Draft) -> dict[str, Any]:
        """What the middlewares are told with the request, beside source and version."""
        return {}

    def read(self, body: bytes, draft: Draft) -> str:
        """Add an answer to the draft and say in a few words what it held; raises `MalformedDocument` or `NotThere`."""
        raise NotImplementedError


class RecordSource(Source):
    """The API record: all versions, licence, journal link. Asked at each server in turn, since a DOI does not tell its server."""

    name = "record"

    def __init__(self, turn: int):
        self.turn = turn

    def url(self, draft: Draft) -> str:
        asked = [a for a in draft.attempts if a.source == self.name]
        if draft.partial and draft.fulltext and not asked:
            return draft.addresses.record(draft.wanted.server, draft.wanted.doi)
        if draft.record or draft.absent or any(a.outcome != "not_found" for a in asked):
            return ""
        return draft.addresses.record(draft.servers[self.turn], draft.wanted.doi)

    def read(self, body: bytes, draft: Draft) -> str:
        record = read_record(json_object(body))
        if not record.papers:
            raise NotThere("not_found", record.status)
        known = [p.version for p in record.papers]
        if draft.wanted.version and draft.wanted.version not in known:
            absent = f"no version {draft.wanted.version}: there is {', '.join(map(str, known))}"
            # a listing shows new versions earlier
            draft.absent = "" if draft.partial else absent
            raise NotThere("not_found", absent)
        draft.record, draft.partial = record, False
        return f"{len(known)} version{'s' if len(known) > 1 else ''}"


class TextSource(Source):
    """A source of the full text."""

    def edition(self, draft: Draft) -> int:
        return draft.version

    def add(self, found: Paper, draft: Draft) -> str:
        """Keep the document if it is of the wanted paper and version."""
        expected = draft.metadata.version if draft.record and draft.metadata else draft.wanted.version
        if found.doi and found.doi != draft.wanted.doi:
            raise MalformedDocument("DOI", f"the document is of {found.doi}")
        if found.version and expected and found.version != expected:
            raise MalformedDocument("version", f"the document is of version {found.version}, wanted is {expected}")
        found = replace(found, source=self.name)
        has_text = any(map(holds_text, found.sections))
        before = draft.document or found
        draft.document = complete(found, before) if has_text else complete(before, found)
        if not has_text:
            raise NotThere("empty", "the document has no full text")
        return f"{len(found.sections)} sections, {len(found.references)} references"


class Jats(TextSource):
    """The site's JATS, at the address that the record gives."""

    name = "jats"

    def url(self, draft: Draft) -> str:
        if not draft.wants_text or not draft.record:
            return ""
        paper = draft.record.paper(draft.wanted.version)
        jatsxml = draft.record.jatsxml.get(paper.version, "")
        return identifiers.on_host(jatsxml, draft.addresses.sites[paper.server]) if jatsxml else ""

    def read(self, body: bytes, draft: Draft) -> str:
        return self.add(read_jats(body), draft)


class Page(TextSource):
    """The HTML full-text page."""

    name = "page"

    def url(self, draft: Draft) -> str:
        if not draft.wants_text:
            return ""
        version = draft.record.paper(draft.wanted.version).version if draft.record else draft.wanted.version
        # without the record nothing tells the latest version, and an address without one is not to be relied on
        return (
            identifiers.full_text_url(draft.addresses.sites[draft.server], draft.wanted.doi, version) if version else ""
        )

    def read(self, body: bytes, draft: Draft) -> str:
        try:
            return self.add(read_page(body), draft)
        except NotThere:
            if not has_full_text(body):
                raise
            draft.scripted = body
            raise NotThere("empty", "the full text is put there by a script") from None


class InBrowser(Source):
    """Another source's page once more in a browser, where its plain answer lacks what a script puts there."""

    name = "browser"
    ending: ClassVar[str]
    """Selector of what the page has when the script is done; a page without it is waited for until it is quiet."""
    wanted: ClassVar[str]
    """Selector of what the script puts there."""

    def url(self, draft: Draft) -> str:
        return super().url(draft) if draft.scripted else ""

    def meta(self, draft: Draft) -> dict[str, Any]:
        opened = {"plain": draft.scripted, "ending": self.ending, "wanted": self.wanted}
        return {"playwright": True, "browser": opened}


class PageInBrowser(InBrowser, Page):
    """The full-text page in a browser, where a script puts the text into it."""

    ending = ".fulltext-view .highwire-journal-article-marker-end"
    wanted = ".fulltext-view p"

    def read(self, body: bytes, draft: Draft) -> str:
        draft.scripted = b""
        try:
            return self.add(read_page(body), draft)
        except NotThere:
            raise NotThere("unavailable", "the page names a full text and has none in a browser either") from None


class Landing(Source):
    """The landing page, which has the statements that the full-text page leaves out."""

    name = "landing"

    def url(self, draft: Draft) -> str:
        page = draft.document
        if not page or page.source not in ("page", "browser") or draft.wants_text:
            return ""
        return identifiers.landing_url(draft.addresses.sites[draft.server], page.doi or draft.wanted.doi, page.version)

    def read(self, body: bytes, draft: Draft) -> str:
        landing = read_landing(body)
        if landing.doi != draft.wanted.doi:
            raise MalformedDocument("DOI", f"the document is of {landing.doi}")
        draft.document = with_landing(draft.document, landing)
        # the record knows publication and versions better
        draft.scripted = body if not draft.record and lacks_history(body) else b""
        return f"{len(landing.statements)} statements"


class LandingInBrowser(InBrowser, Landing):
    """The landing page in a browser, where a script puts publication and versions into it, for a paper without a record."""

    ending = "body:has(.pub_jnl a):has(#highwire-versions-wrapper li)"
    wanted = ".pub_jnl a, #highwire-versions-wrapper li"

    def read(self, body: bytes, draft: Draft) -> str:
        super().read(body, draft)
        draft.scripted = b""
        return f"{len(draft.document.versions)} versions"


class EuropePmcSearch(Source):
    """Europe PMC's entry of a paper that was not found there by the search: whether it has the full text, under which id."""

    name = "search"

    def url(self, draft: Draft) -> str:
        if draft.hit or draft.absent or (draft.record and not draft.wants_text) or not draft.latest:
            return ""
        return draft.addresses.search(f'DOI:"{draft.wanted.doi}" AND SRC:PPR')

    def read(self, body: bytes, draft: Draft) -> str:
        hits = [h for h in read_results(json_object(body)).hits if h.doi == draft.wanted.doi]
        if not hits:
            raise NotThere("not_found", "Europe PMC does not have the paper")
        draft.hit = hits[0]
        return "with full text" if draft.hit.has_full_text else "without full text"


class EuropePmc(TextSource):
    """Europe PMC's full text: made from the PDF and without a version, so it counts only for the latest."""

    name = "europepmc"

    def url(self, draft: Draft) -> str:
        if not draft.wants_text or not draft.hit or not draft.hit.has_full_text or not draft.latest:
            return ""
        return draft.addresses.europepmc_full_text(draft.hit.id)

    def read(self, body: bytes, draft: Draft) -> str:
        return self.add(replace(read_jats(body), version=0), draft)


# abstract only is what remains when no rung gives a text
LADDER: tuple[Source, ...] = (
    RecordSource(0),
    RecordSource(1),
    Jats(),
    Page(),
    PageInBrowser(),
    Landing(),
    LandingInBrowser(),
    EuropePmcSearch(),
    EuropePmc(),
)


def lost_record(draft: Draft) -> Attempt | None:
    """The refusal that cost the paper its record, and with it version, licence and journal link; None if it has one or none exists."""
    if draft.record:
        return None
    return next((a for a in draft.attempts if a.outcome in REFUSALS and a.source == "record"), None)


def lost_text(draft: Draft, paper: Paper) -> Attempt | None:
    """The refusal that cost the paper its full text; None if it has one, does not want one or none exists."""
    if draft.unwanted or any(map(holds_text, paper.sections)):
        return None
    return next((a for a in draft.attempts if a.outcome in REFUSALS and a.source != "search"), None)
