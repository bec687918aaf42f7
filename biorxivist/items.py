"""The vocabulary: one `Paper`, whatever document it was read from.

Dates are ISO 8601 strings (`2025-03-14`), texts are Unicode NFC, an unknown string is empty, an unknown list is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

SCHEMA = 1


@dataclass(slots=True)
class Version:
    """One posted version of a paper, as the API record lists it."""

    version: int
    """Number of the version, from 1."""
    posted: str = ""
    """Date on which this version was posted."""
    title: str = ""
    """Title of this version."""
    article_type: str = ""
    """`new results`, `confirmatory results`, `contradictory results`, `withdrawn`; empty on medRxiv."""
    license: str = ""
    """Licence identifier, see `Paper.license`."""
    url: str = ""
    """Landing page of this version."""


@dataclass(slots=True)
class Author:
    """One author, or one collective, in the order of the byline."""

    name: str
    """Given names and surname in reading order, or the collective's name."""
    given: str = ""
    """Given names or initials."""
    surname: str = ""
    """Surname."""
    orcid: str = ""
    """ORCID iD, four groups of four, without a resolver."""
    corresponding: bool = False
    """Whether the document marks the author as corresponding."""
    affiliations: list[str] = field(default_factory=list)
    """Ids of entries of `Paper.affiliations`."""
    group: str = ""
    """Name of the collective that this entry is, or that this person belongs to without being in the byline."""


@dataclass(slots=True)
class Affiliation:
    """One affiliation of the byline."""

    id: str
    """Id that `Author.affiliations` refers to, unique in the paper."""
    text: str = ""
    """The whole affiliation as printed, without its label."""
    institution: str = ""
    """Institution, where the document marks it up."""
    country: str = ""
    """Country, where the document marks it up."""
    ror: str = ""
    """ROR id without a resolver, where the document has it."""


@dataclass(slots=True)
class Citation:
    """One in-text citation: where it stands in its block and what it points to."""

    start: int
    """Offset of its first character in the block's text."""
    end: int
    """Offset behind its last character."""
    references: list[str] = field(default_factory=list)
    """Ids of `Paper.references`; a range such as 3–6 is expanded."""


@dataclass(slots=True)
class Block:
    """What a section consists of, in reading order."""

    kind: str
    """`paragraph`, `list`, `quote`, `box`, `code`, `figure`, `table` or `formula`."""
    text: str = ""
    """Text of the block; items of a list are lines; empty for a figure or a table, whose caption is in `figures` or `tables`."""
    id: str = ""
    """Id of the figure, table or formula that stands here."""
    citations: list[Citation] = field(default_factory=list)
    """In-text citations of the block's text."""


@dataclass(slots=True)
class Section:
    """A section of the abstract's sequel: body, back matter, or a statement of the front matter."""

    id: str = ""
    """Id of the section in its document."""
    title: str = ""
    """Heading; empty where the document has none."""
    kind: str = "other"
    """`introduction`, `methods`, `results`, `discussion`, `conclusion`, `data-availability`, `funding`, `competing-interests`,
    `author-contributions`, `acknowledgements`, `ethics`, `supplementary`, `abbreviations`, `appendix` or `other`."""
    level: int = 1
    """Depth of the section, from 1."""
    blocks: list[Block] = field(default_factory=list)
    """Its own content, in reading order."""
    sections: list["Section"] = field(default_factory=list)
    """Nested sections, which stand after the blocks."""

    def walk(self) -> Iterator["Section"]:
        """The section and all that are nested in it, in reading order."""
        yield self
        for nested in self.sections:
            yield from nested.walk()


@dataclass(slots=True)
class Figure:
    """A figure; its caption stands in `Paper.text` where the document puts the figure."""

    id: str
    """Id in the document, unique in the paper."""
    label: str = ""
    """`Figure 1`, as printed."""
    title: str = ""
    """First, emphasised part of the caption, where the document marks it up."""
    caption: str = ""
    """The rest of the caption; paragraphs are separated by a blank line."""
    image_url: str = ""
    """Address of the picture, or its file name where the document has no address."""


@dataclass(slots=True)
class Table(Figure):
    """A table. bioRxiv and medRxiv publish tables as pictures, so `rows` is empty for their own documents."""

    rows: list[list[str]] = field(default_factory=list)
    """Cells as text, row by row, a spanned cell repeated in each place that it covers, up to 200,000 characters in a paper."""
    footnotes: list[str] = field(default_factory=list)
    """Notes below the table."""


@dataclass(slots=True)
class Formula:
    """A display formula, or an inline formula that is a picture."""

    id: str
    """Id in the document, unique in the paper."""
    label: str = ""
    """Number as printed, `(3)`."""
    tex: str = ""
    """TeX without delimiters, where the document has TeX or MathML."""
    image_url: str = ""
    """Address or file name of the picture, where it is one."""


@dataclass(slots=True)
class Reference:
    """One entry of the list of references."""

    id: str
    """Id that `Citation.references` points to."""
    label: str = ""
    """Number or label as printed."""
    text: str = ""
    """The whole entry as printed, without its label."""
    doi: str = ""
    """DOI, lower case, without a resolver."""
    pmid: str = ""
    """PubMed id."""
    title: str = ""
    """Title of the article, chapter or, failing these, the book."""
    authors: list[str] = field(default_factory=list)
    """Authors as `Surname Initials`, or a collective's name."""
    source: str = ""
    """Journal, book or site."""
    year: str = ""
    """Year as printed."""
    volume: str = ""
    """Volume."""
    pages: str = ""
    """`first-last`, or the article number."""


@dataclass(slots=True)
class Award:
    """One grant."""

    funder: str = ""
    """Name of the funder."""
    funder_id: str = ""
    """ROR or Crossref Funder id, where the document has it."""
    award: str = ""
    """Grant number."""


@dataclass(slots=True)
class Supplement:
    """One supplementary file."""

    id: str = ""
    """Id in the document."""
    label: str = ""
    """`Supplementary File 1`, as printed."""
    title: str = ""
    """Caption or title."""
    url: str = ""
    """Address, or file name where the document has no address."""


@dataclass(slots=True)
class Mention:
    """An identifier that the text names: an accession, a repository, a clinical trial."""

    kind: str
    """`geo`, `sra`, `pdb`, `uniprot`, `rrid`, `nct`, `github`, `zenodo`, …; of a reader `link`, an address not looked at yet."""
    id: str
    """The identifier in its normal form: without version of a study, without resolver, code hosts and DOIs in lower case."""
    url: str = ""
    """Where it resolves."""
    section: str = ""
    """Title of the section in which it stands first."""


# outcomes after which a document may exist that we did not get
REFUSALS = frozenset(
    {"refused", "throttled", "unavailable", "malformed", "disallowed", "too_large", "off_host", "not_archived"}
)


@dataclass(slots=True)
class Attempt:
    """What happened when one source of the paper was asked."""

    source: str
    """`record`, `listing`, `jats`, `page`, `landing`, `search`, `europepmc`."""
    url: str = ""
    """Address asked; empty if nothing was asked."""
    outcome: str = "ok"
    """`ok`, `not_found`, `refused`, `throttled`, `unavailable`, `malformed`, `empty`, `disallowed`, `too_large`, `off_host`,
    `not_archived`: the run asks nobody and the archive does not have it, or `unwanted`: the user's arguments leave this text out."""
    status: int = 0
    """HTTP status, 0 without an answer."""
    detail: str = ""
    """One line: what was found, or why nothing was asked."""


@dataclass(slots=True)
class Paper:
    """One version of a preprint. A line of a feed."""

    schema: int = SCHEMA
    """Version of this table."""
    doi: str = ""
    """DOI, lower case, without resolver and version."""
    version: int = 0
    """Number of the version, from 1; 0 where no source tells it."""
    server: str = ""
    """`biorxiv` or `medrxiv`."""
    url: str = ""
    """Landing page of this version."""
    title: str = ""
    """Title."""
    abstract: str = ""
    """Abstract; paragraphs and the headings of a structured abstract are separated by a blank line."""
    authors: list[Author] = field(default_factory=list)
    """Authors in the order of the byline, then members of collectives. No e-mail addresses are kept."""
    affiliations: list[Affiliation] = field(default_factory=list)
    """Affiliations in the order of the document."""
    posted: str = ""
    """Date on which this version was posted."""
    first_posted: str = ""
    """Date on which version 1 was posted."""
    received: str = ""
    """Date on which the server received the manuscript."""
    category: str = ""
    """Subject category, lower case, as the API spells it."""
    article_type: str = ""
    """`new results`, `confirmatory results`, `contradictory results`, `withdrawn`; empty on medRxiv."""
    license: str = ""
    """SPDX-like identifier (`CC-BY-4.0`, `CC0-1.0`, …), `all-rights-reserved`, or empty where the server gives none."""
    copyright: str = ""
    """Copyright statement as printed."""
    keywords: list[str] = field(default_factory=list)
    """Author keywords."""
    awards: list[Award] = field(default_factory=list)
    """Grants, where the document marks them up."""
    published_doi: str = ""
    """DOI of the journal version, where the server has linked one."""
    withdrawn: bool = False
    """Whether the paper was withdrawn."""
    versions: list[Version] = field(default_factory=list)
    """All versions that the API record knows, oldest first."""
    sections: list[Section] = field(default_factory=list)
    """Body and back matter: sections in the order of the document."""
    statements: list[Section] = field(default_factory=list)
    """Statements of the front matter: competing interests, funding, ethics, trial registration, note on a revision."""
    footnotes: list[str] = field(default_factory=list)
    """Footnotes of the text and of the byline."""
    figures: list[Figure] = field(default_factory=list)
    """Figures in the order of the document."""
    tables: list[Table] = field(default_factory=list)
    """Tables in the order of the document."""
    formulas: list[Formula] = field(default_factory=list)
    """Formulas in the order of the document."""
    references: list[Reference] = field(default_factory=list)
    """List of references in the order of the document."""
    supplements: list[Supplement] = field(default_factory=list)
    """Supplementary files."""
    mentions: list[Mention] = field(default_factory=list)
    """Accessions, repositories, trials that text, captions, statements and links name, made by `text.clean_paper`."""
    text: str = ""
    """Abstract, body and back matter as plain text, made by `text.clean_paper`: headings, paragraphs and captions separated by a
    blank line, without title, references, footnotes, front-matter statements and table cells."""
    coverage: str = "metadata"
    """`full_text`, `abstract` or `metadata`."""
    source: str = ""
    """Document that the text came from: `jats`, `page`, `europepmc`, or `record` for an abstract alone."""
    attempts: list[Attempt] = field(default_factory=list)
    """What each source answered, in the order asked."""
    fetched: str = ""
    """When the document of `source` was fetched, ISO 8601 in UTC."""

    def __str__(self) -> str:
        # what a log line shows where Scrapy would print the whole item
        return f"{self.doi}v{self.version}" if self.version else self.doi


@dataclass(slots=True)
class Chunk:
    """A passage of one paper, for search and for language models. A line of `scrapy chunks`."""

    id: str
    """Stable id: DOI, version, section and ordinal."""
    kind: str
    """`text`, `caption` or `table`."""
    text: str
    """The passage, exactly as in the paper."""
    section_path: list[str] = field(default_factory=list)
    """Headings from the outermost section to the one that holds the passage; `Abstract` for the abstract."""
    section_kind: str = "other"
    """`Section.kind` of that section, of the one around it where its own is `other`, or `abstract`."""
    start: int = 0
    """Offset of the passage in the joined blocks of that section, see `biorxivist.chunks`."""
    end: int = 0
    """Offset behind its last character."""
    doi: str = ""
    """DOI of the paper."""
    version: int = 0
    """Version of the paper."""
    title: str = ""
    """Title of the paper."""
    license: str = ""
    """Licence of the paper, see `Paper.license`."""
    url: str = ""
    """Landing page of the version."""


@dataclass(slots=True)
class Tag:
    """What an annotation stands for, in a vocabulary of others."""

    name: str
    """Name there."""
    uri: str = ""
    """Address there, `http://purl.uniprot.org/uniprot/P38398`."""


@dataclass(slots=True)
class Annotation:
    """A gene, disease, … that text mining found in a paper."""

    kind: str
    """`gene` (also proteins), `disease`, `chemical`, `organism`, `go` (a term of the Gene Ontology) or `accession`."""
    exact: str
    """The words, as they stand in the text that was mined."""
    tags: list[Tag] = field(default_factory=list)
    """What they stand for; several where the miner could not decide."""
    place: str = ""
    """Text that the offsets refer to: `title`, or a place as in `Chunk.id` (`abstract`, `s2.1`, `f3`); empty where the words were not found."""
    start: int = 0
    """Offset of the first character in that text."""
    end: int = 0
    """Offset behind the last character."""
    unplaced: str = ""
    """Why there are no offsets: `absent` (our text does not have the words in their context), `ambiguous` (it has them more than once)."""
    section: str = ""
    """Section in the words of the source."""
    provider: str = ""
    """Who mined it."""
    id: str = ""
    """Address of the annotation at the source."""
    prefix: str = ""
    """What stands before the words there."""
    postfix: str = ""
    """What follows them there."""


@dataclass(slots=True)
class AnnotatedPaper:
    """What text mining found in a paper. A line of a feed of annotations."""

    schema: int = SCHEMA
    """Version of this table."""
    doi: str = ""
    """DOI of the paper, as in `Paper`."""
    version: int = 0
    """Version whose text the offsets refer to; the source does not tell which one was mined."""
    server: str = ""
    """`biorxiv` or `medrxiv`."""
    source: str = ""
    """Who was asked: `europepmc`."""
    id: str = ""
    """Id of the paper there, `PPR123456`; empty where it is not known there (yet)."""
    annotations: list[Annotation] = field(default_factory=list)
    """In the order of the source."""
    fetched: str = ""
    """When they were fetched, ISO 8601 in UTC."""

    def __str__(self) -> str:
        return f"{self.doi}v{self.version}" if self.version else self.doi
