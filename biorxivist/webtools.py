"""Search and read preprints from Python, in notebooks and scripts: `BioRxivDriver`, `SearchResult`, `BioRxivPaper`.

Every call that needs a document has a twin with `a` in front (`aload`, `amore`, …) for event loops. One crawl in a child process
answers them all, so archive, politeness and sources are those of `scrapy crawl`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from biorxivist import arguments, identifiers, notebook
from biorxivist.errors import UserError
from biorxivist.feed import from_json
from biorxivist.identifiers import SITES, parse_preprint
from biorxivist.items import Paper
from biorxivist.session import Session

if TYPE_CHECKING:
    from langchain_core.documents import Document

Answer = dict[str, Any]

ADVICE = {
    "disallowed": "BioRxivDriver() asks Europe PMC instead; robots.txt is yours to disobey with BioRxivDriver(source='site', settings={'ROBOTSTXT_OBEY': False})",
    "not_found": "check the DOI and its version",
    "refused": "try again later: the server does not want to be asked by programs now",
    "throttled": "try again later: the server wants to be left alone for a while",
    "unavailable": "try again later: the server or the network did not answer",
}


class WebToolsError(UserError):
    """What this module raises: one line with what happened and what to do."""


class SearchFailed(WebToolsError):
    """A search could not be made. Raised when its results are first needed."""


class PaperNotFound(WebToolsError, LookupError):
    """A paper, or the wanted version of it, does not exist or could not be had. Raised when more than its entry is needed."""


class MissingPackage(WebToolsError, ImportError):
    """What was asked for needs a package that is not installed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """What answered."""

    url: str
    status: int
    request: Request


@cache
def default_session() -> Session:
    """The crawl that all drivers without settings of their own share."""
    return Session()


def failed(kind: type[WebToolsError], what: str, answer: Answer) -> WebToolsError:
    """The error that an answer without content deserves."""
    advice = ADVICE.get(answer["outcome"])
    return kind(f"{what}: {answer['detail']}" + (f"; {advice}" if advice else ""))


class BioRxivPaper:
    """A preprint. It has every field of `biorxivist.items.Paper`; the full text is fetched when a field needs it."""

    def __init__(self, doi: str, session: Session | None = None, known: Paper | None = None):
        wanted = parse_preprint(doi)
        self.wanted = wanted.doi + (f"v{wanted.version}" if wanted.version else "")
        self.session = session or default_session()
        self.known = known or Paper(doi=wanted.doi, version=wanted.version or 0, server=wanted.server)
        self.item: Paper | None = None

    def load(self) -> "BioRxivPaper":
        """Fetch the paper, unless it is here; raises `PaperNotFound`."""
        if self.item is None:
            self._take(self._ask().result())
        return self

    async def aload(self) -> "BioRxivPaper":
        """`load` for an event loop."""
        if self.item is None:
            self._take(await asyncio.wrap_future(self._ask()))
        return self

    def _ask(self) -> "Future[Answer]":
        return self.session.ask(doi=self.wanted)

    def _take(self, answer: Answer) -> None:
        if "paper" not in answer:
            raise failed(PaperNotFound, self.wanted, answer)
        self.item = from_json(answer["paper"])

    def __getattr__(self, name: str) -> Any:
        if name not in Paper.__dataclass_fields__:
            raise AttributeError(f"{type(self).__name__} has no {name}: see dir() of it")
        if self.item is None and name in KNOWN and (value := getattr(self.known, name)):
            return value
        return getattr(self.load().item, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *Paper.__dataclass_fields__})

    @property
    def link(self) -> str:
        """Landing page, without a version where none is known yet."""
        paper = self.item or self.known
        base = SITES[paper.server or identifiers.likely_server(paper.doi)].replace("www.", "")
        return identifiers.landing_url(base, paper.doi, paper.version or None)

    @property
    def pdf_link(self) -> str:
        """The PDF of this version."""
        return identifiers.pdf_url(SITES[self.server], self.doi, self.version)

    def to_dict(self) -> dict[str, Any]:
        """Everything that is known of the paper, as a line of a feed has it."""
        return asdict(self.load().item)

    @property
    def langchain_doc(self) -> "list[Document]":
        """The paper's passages as LangChain documents; raises `MissingPackage`."""
        try:
            from biorxivist.integrations.langchain import to_documents
        except ImportError as error:
            raise MissingPackage(str(error)) from None
        return to_documents(self.load().item)

    def __repr__(self) -> str:
        return f"[{(self.item or self.known).title or self.wanted}]({self.link})"

    def _repr_html_(self) -> str:
        return notebook.paper_card(self.load().item)

    def __str__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, place: int | slice) -> str:
        return self.text[place]

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BioRxivPaper) and self.wanted == other.wanted

    def __hash__(self) -> int:
        return hash(self.wanted)


# what an entry of a search tells as well as the paper itself
KNOWN = frozenset({"doi", "server", "title", "abstract", "authors", "first_posted", "version"})


class SearchResult:
    """The papers of one search, page by page. Nothing is asked before it is needed; what was fetched is kept."""

    def __init__(self, query: dict[str, str], session: Session, source: str):
        self.query, self.session, self.source = query, session, source
        self.papers: list[BioRxivPaper] = []
        self.total: int | None = None
        self.next: str | int | None = "*" if source == "europepmc" else 0
        self.first: Response | None = None

    @property
    def url(self) -> str:
        """The same search on the site, for a person's browser."""
        return identifiers.search_url(SITES.get(self.query["server"], SITES["biorxiv"]), self.query["q"])

    @property
    def response(self) -> Response:
        """Where the first page of results came from."""
        return self.load_results().first

    @property
    def results(self) -> list[BioRxivPaper]:
        """The papers fetched so far, at least those of the first page."""
        return self.load_results().papers

    def load_results(self) -> "SearchResult":
        """Fetch the first page, unless it is here; raises `SearchFailed`."""
        return self if self.first else self.more()

    def more(self) -> "SearchResult":
        """Fetch the next page; nothing behind the last."""
        if self.next is not None:
            self._take(self._ask().result())
        return self

    def all(self) -> list[BioRxivPaper]:
        """Fetch every page that is left."""
        while self.next is not None:
            self.more()
        return self.papers

    async def aload_results(self) -> "SearchResult":
        """`load_results` for an event loop."""
        return self if self.first else await self.amore()

    async def amore(self) -> "SearchResult":
        """`more` for an event loop."""
        if self.next is not None:
            self._take(await asyncio.wrap_future(self._ask()))
        return self

    async def aall(self) -> list[BioRxivPaper]:
        """`all` for an event loop."""
        while self.next is not None:
            await self.amore()
        return self.papers

    def _ask(self) -> "Future[Answer]":
        return self.session.ask(search=self.query, source=self.source, next=self.next)

    def _take(self, answer: Answer) -> None:
        if "papers" not in answer:
            raise failed(SearchFailed, f"search for {self.query['q']}", answer)
        self.first = self.first or Response(answer["url"], answer["status"], Request(answer["url"]))
        self.total, self.next = answer["total"], answer["next"]
        here = {paper.known.doi for paper in self.papers}
        for paper in map(from_json, answer["papers"]):
            if paper.doi not in here:
                here.add(paper.doi)
                self.papers.append(BioRxivPaper(paper.doi, self.session, paper))

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, place: int | slice) -> Any:
        return self.results[place]

    def __iter__(self) -> Iterator[BioRxivPaper]:
        place = 0
        while place < len(self.load_results().papers) or self.next is not None:
            if place == len(self.papers):
                self.more()
            else:
                yield self.papers[place]
                place += 1

    async def __aiter__(self) -> AsyncIterator[BioRxivPaper]:
        await self.aload_results()
        place = 0
        while place < len(self.papers) or self.next is not None:
            if place == len(self.papers):
                await self.amore()
            else:
                yield self.papers[place]
                place += 1

    def __repr__(self) -> str:
        state = "nothing fetched yet" if self.first is None else f"{len(self.papers)} of {self.total} papers"
        return f"<SearchResult of {self.query['q']!r}: {state}>"

    def _repr_html_(self) -> str:
        heading = f"{self.query['q']}: {len(self.results):,} of {self.total:,} papers fetched"
        return notebook.result_list(heading, (paper.item or paper.known for paper in self.papers))


class BioRxivDriver:
    """Where searches begin. `source="site"` asks the site's own search, which its robots.txt disallows; the default is Europe PMC."""

    def __init__(self, source: Literal["europepmc", "site"] = "europepmc", settings: Mapping[str, Any] | None = None):
        if source not in ("europepmc", "site"):
            raise WebToolsError(f"source={source!r}: must be 'europepmc' or 'site'")
        self.source = source
        self.session = Session(settings) if settings else default_session()

    def search(
        self,
        q: str,
        server: Literal["biorxiv", "medrxiv", "both"] = "biorxiv",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> SearchResult:
        """A search; raises `biorxivist.arguments.ArgumentError` for a query that cannot be asked."""
        given = {"q": q, "server": server, "since": since, "until": until}
        query = {name: str(value) for name, value in given.items() if value is not None}
        arguments.parse(arguments.SearchArguments, {**query, "source": self.source})
        if self.source == "site" and server == "both":
            raise arguments.ArgumentError("a search of the sites is of one server: server='biorxiv' or 'medrxiv'")
        return SearchResult(query, self.session, self.source)

    def search_biorxiv(self, q: str, **dates: Any) -> SearchResult:
        """A search of bioRxiv."""
        return self.search(q, "biorxiv", **dates)

    def search_medrxiv(self, q: str, **dates: Any) -> SearchResult:
        """A search of medRxiv."""
        return self.search(q, "medrxiv", **dates)

    def paper(self, doi: str) -> BioRxivPaper:
        """The paper of a DOI or an address, one version of it if it names one."""
        return BioRxivPaper(doi, self.session)
