"""The invented papers: what one is, in all its versions."""

import functools
from dataclasses import dataclass, field

from tests.site import markup, prose
from tests.site.markup import Section

NAMES = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}


@dataclass
class Author:
    """One person of the byline, or a member of a collective who is not in it."""

    given: str
    surname: str
    orcid: str = ""
    affiliations: list[int] = field(default_factory=list)
    corresponding: bool = False
    group: str = ""

    @property
    def name(self) -> str:
        """Given names and surname."""
        return f"{self.given} {self.surname}".strip()

    @property
    def initials(self) -> str:
        """First letters of the given names."""
        return "".join(part[0] for part in self.given.replace("-", " ").split())


@dataclass
class Caption:
    """A figure or a table: title, text below it, and the cells that only Europe PMC has."""

    title: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Formula:
    """A display formula: TeX, its number as printed, MathML where Europe PMC gives that instead."""

    tex: str
    label: str = ""
    mathml: str = ""


@dataclass
class Posting:
    """One posted version."""

    posted: str
    note: str = ""
    title: str = ""
    abstract: str = ""
    license: str | None = None


@dataclass
class Paper:
    """A paper in all its versions. Flags tell which of its documents exist."""

    slug: str
    doi: str
    server: str
    title: str
    abstract: list[list[str]]
    """Pairs of heading (empty for a plain abstract) and text."""
    authors: list[Author]
    affiliations: list[list[str]]
    """Institution, city, country."""
    versions: list[Posting]
    received: str
    category: str
    license: str
    topic: str
    body: str
    collectives: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    article_type: str = "New Results"
    statements: list[list[str]] = field(default_factory=list)
    """Kind as in `notes-type`, then paragraphs."""
    funders: list[list[str]] = field(default_factory=list)
    """Name, ROR, award."""
    figures: list[Caption] = field(default_factory=list)
    tables: list[Caption] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    supplements: list[list[str]] = field(default_factory=list)
    """Label, title, file name."""
    references: int = 12
    citation_style: str = "brackets"
    """`brackets`, `superscript` or `author-year`."""
    published: str = ""
    withdrawn: bool = False
    jats: str = "full"
    """`full`, `no-body` or `missing`."""
    page: bool = True
    europepmc: str = "entry"
    """`entry`, `full` (with full text) or `none`."""
    api_title: str = ""
    """Title as the API spells it, with its leftovers."""
    api_abstract: str = ""

    @property
    def id(self) -> str:
        """The DOI without its prefix."""
        return self.doi.partition("/")[2]

    @property
    def ppr(self) -> str:
        """Europe PMC's id."""
        return f"PPR{prose.number(self.doi, 10_000_000, 99_999_999)}"

    def document(self, version: int) -> "Document":
        """One version of it."""
        return Document(self, version)


@dataclass(frozen=True)
class Document:
    """One version of a paper, ready to be rendered."""

    paper: Paper
    version: int

    @property
    def posting(self) -> Posting:
        return self.paper.versions[self.version - 1]

    @property
    def title(self) -> str:
        return self.posting.title or self.paper.title

    @property
    def license(self) -> str:
        return self.paper.license if self.posting.license is None else self.posting.license

    @property
    def pisa(self) -> str:
        """`biorxiv;2024.03.05.583102v1`."""
        return f"{self.paper.server};{self.paper.id}v{self.version}"

    @property
    def path(self) -> str:
        """`/biorxiv/early/2024/03/08/2024.03.05.583102`."""
        return f"/{self.paper.server}/early/{self.posting.posted.replace('-', '/')}/{self.paper.id}"

    @property
    def abstract(self) -> list[list[str]]:
        """Pairs of heading and text."""
        return [["", self.posting.abstract]] if self.posting.abstract else self.paper.abstract

    @property
    def withdrawn(self) -> bool:
        """Whether this is the version that tells of the withdrawal."""
        return self.paper.withdrawn and self.version == len(self.paper.versions)

    @property
    def article_type(self) -> str:
        """As the site spells it; empty on medRxiv, except for a withdrawal."""
        if self.withdrawn:
            return "Withdrawn"
        return "" if self.paper.server == "medrxiv" else self.paper.article_type

    @property
    def has_text(self) -> bool:
        """Whether the site shows a full text."""
        return self.paper.page and not self.withdrawn and self.paper.jats != "no-body"

    @functools.cached_property
    def root(self) -> Section:
        """Body and back matter as one section without title: loose blocks and sections, each with its id in JATS."""
        paper = self.paper
        root = markup.sections(paper.body, self.version, lambda kind, n: prose.paragraphs(paper, kind, n, self.version))
        counted = [s for s in root.sections if s.kind in ("", "COI-statement", "back", "supplementary-material")]
        for number, section in enumerate(counted, 1):
            _number(section, f"s{number}")
        return root

    @property
    def body(self) -> list[Section]:
        """Sections of the body."""
        return [s for s in self.root.sections if s.kind not in BACK]

    @property
    def back(self) -> list[Section]:
        """Sections of the back matter."""
        return [s for s in self.root.sections if s.kind in BACK]

    @functools.cached_property
    def references(self) -> list[prose.Reference]:
        """The list of references, the same in every version."""
        return prose.references(self.paper.slug, self.paper.topic, self.paper.references)

    def author_year(self, number: int) -> str:
        """How a reference is cited by name."""
        found = self.references[number - 1]
        first = found.authors[0][0] if found.authors else found.collective
        return f"{first} et al., {found.year}" if len(found.authors) > 1 else f"{first}, {found.year}"

    def formula(self, number: int) -> Formula:
        """A display formula by number."""
        return self.paper.formulas[number - 1]


BACK = {"ack", "app", "glossary", "data-availability", "COI-statement", "supplementary-material", "back"}


def _number(section: Section, id: str) -> None:
    section.id = id
    for number, nested in enumerate(section.sections):
        # s2, s2a, s2a1: letters and numbers take turns
        _number(nested, id + ("abcdefghij"[number] if section.level % 2 else str(number + 1)))
