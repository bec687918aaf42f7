"""The model: nodes, relationships, their keys and properties. Everything that stores a graph is made from these tables.

`python -m biorxivist.graph.schema` prints them for docs/graph.md.
"""

from dataclasses import dataclass
from enum import StrEnum

GRAPH = 2
"""Version of the model; a higher one lets the next load write every paper anew."""


class Merge(StrEnum):
    """What happens to the properties of a node that several lines of feeds describe. No rule depends on the order of loading."""

    OWNED = "owned"
    """One version of a paper owns the node: its newest line replaces it."""
    RANKED = "ranked"
    """The description with the highest value of `rank` is kept; among equals the last. What was true once stays true."""
    LONGEST = "longest"
    """Each property keeps its longest spelling, the first in the alphabet among equals."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or relationship."""

    name: str
    meaning: str
    """What it is, with unit or format."""
    source: str
    """Field of `items` that it comes from, or how it is made."""
    type: str = "string"
    """`string`, `integer`, `boolean` or `strings` (a list)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A label. The first property is its key: unique, indexed, never null."""

    label: str
    meaning: str
    properties: tuple[Property, ...]
    merge: Merge
    rank: str = ""
    """Property that decides for `Merge.RANKED`."""
    indexes: tuple[str, ...] = ()
    """Further properties with an index."""
    kept_by: tuple[str, ...] = ()
    """Relationship types without which a node of several papers is removed."""

    @property
    def key(self) -> str:
        return self.properties[0].name


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship type between two labels. There is one between two nodes, or one for each value of `key`."""

    type: str
    start: str
    end: str
    meaning: str
    properties: tuple[Property, ...] = ()
    key: str = ""
    """Property, the first, that tells several between two nodes apart."""
    owner: str = ""
    """Where the version is that the relationship belongs to and that may drop it: `start`, `end` or `key`."""

    @property
    def name(self) -> str:
        """Unique name of the triple, for files."""
        return f"{self.start}_{self.type}_{self.end}"


P = Property

NODES = (
    Node(
        "Paper",
        "A preprint, over all its versions.",
        (
            P("doi", "DOI, lower case, without resolver and version", "Paper.doi"),
            P("version", "highest version that was loaded; 0 if no source numbers it", "Paper.version", "integer"),
            P("server", "`biorxiv` or `medrxiv`", "Paper.server"),
            P("url", "landing page of that version", "Paper.url"),
            P("title", "title of that version", "Paper.title"),
            P("first_posted", "date of version 1, ISO 8601", "Paper.first_posted"),
            P("withdrawn", "whether any line said that it was withdrawn", "Paper.withdrawn", "boolean"),
        ),
        Merge.RANKED,
        rank="version",
    ),
    Node(
        "Version",
        "One posted version of a paper. A version that only the record names has no text.",
        (
            P("id", "DOI and version, `10.1101/2024.03.05.583102v2`", "Paper.doi, Paper.version"),
            P("loaded", "1 if a line of a feed described it, 0 if only the record names it", "made", "integer"),
            P("doi", "DOI of the paper", "Paper.doi"),
            P("version", "number, from 1; 0 if no source numbers it", "Paper.version", "integer"),
            P("posted", "date of posting, ISO 8601", "Paper.posted"),
            P("received", "date on which the manuscript came in, ISO 8601", "Paper.received"),
            P("title", "title", "Paper.title"),
            P("abstract", "abstract, paragraphs parted by a blank line", "Paper.abstract"),
            P("article_type", "`new results`, …, `withdrawn`", "Paper.article_type"),
            P("license", "licence identifier", "Paper.license"),
            P("url", "landing page", "Paper.url"),
            P("keywords", "keywords of the authors", "Paper.keywords", "strings"),
            P("coverage", "`full_text`, `abstract` or `metadata`", "Paper.coverage"),
            P("source", "document that the text came from", "Paper.source"),
            P("fetched", "when that document was fetched, ISO 8601 in UTC", "Paper.fetched"),
            P("body", "fingerprint of headings and text of all sections", "made"),
            P("cited", "fingerprint of the works cited", "made"),
            P("digest", "fingerprint of the line; a line with the same is not written again", "made"),
        ),
        Merge.RANKED,
        rank="loaded",
        indexes=("doi", "posted"),
    ),
    Node(
        "Author",
        "A person or a collective. Never merged on a bare name: see below.",
        (
            P("id", "`orcid:…`, `name:…` with the affiliation, or `paper:…` with the DOI", "made"),
            P("name", "given names and surname, or the collective's name", "Author.name"),
            P("given", "given names or initials", "Author.given"),
            P("surname", "surname", "Author.surname"),
            P("orcid", "ORCID iD without resolver", "Author.orcid"),
            P("kind", "`person` or `collective`", "Author.group"),
            P("short", "surname and first initial in normal form, `doe j`", "made"),
        ),
        Merge.LONGEST,
        kept_by=("AUTHORED",),
        indexes=("name", "short"),
    ),
    Node(
        "Institution",
        "An institution of an affiliation.",
        (
            P("id", "`ror:…`, else `name:…`, the normal form of institution and country", "made"),
            P(
                "name",
                "name, or the whole affiliation where the document does not mark it up",
                "Affiliation.institution",
            ),
            P("country", "country", "Affiliation.country"),
            P("ror", "ROR id without resolver", "Affiliation.ror"),
        ),
        Merge.LONGEST,
        kept_by=("AFFILIATED_WITH",),
        indexes=("name",),
    ),
    Node(
        "Category",
        "A subject category.",
        (P("name", "name, lower case", "Paper.category"),),
        Merge.LONGEST,
        kept_by=("IN_CATEGORY",),
    ),
    Node(
        "License",
        "A licence.",
        (P("id", "`CC-BY-4.0`, …, `all-rights-reserved`", "Paper.license"),),
        Merge.LONGEST,
        kept_by=("LICENSED_UNDER",),
    ),
    Node(
        "Section",
        "A section of one version.",
        (
            P("id", "version and place, `…v2#s2.1`; statements of the front matter are `#n1`", "made"),
            P("ordinal", "place in reading order, from 1", "made", "integer"),
            P("title", "heading", "Section.title"),
            P("kind", "`introduction`, `methods`, …, `other`", "Section.kind"),
            P("level", "depth, from 1", "Section.level", "integer"),
            P("path", "headings from the outermost section to this one", "Section.title", "strings"),
            P("digest", "fingerprint of heading and own text", "made"),
        ),
        Merge.OWNED,
        indexes=("kind",),
    ),
    Node(
        "Chunk",
        "A passage of one version, at most 1,000 characters of whole sentences.",
        (
            P("id", "version, place and number, `…v2#s2.1:0`", "Chunk.id"),
            P("ordinal", "place in reading order, from 1", "made", "integer"),
            P("text", "the passage", "Chunk.text"),
            P("kind", "`text`, `caption` or `table`", "Chunk.kind"),
            P("section_path", "headings above it", "Chunk.section_path", "strings"),
            P("section_kind", "kind of its section, or `abstract`", "Chunk.section_kind"),
            P("start", "offset of its first character in the text of its place", "Chunk.start", "integer"),
            P("stop", "offset behind its last character", "Chunk.end", "integer"),
        ),
        Merge.OWNED,
    ),
    Node(
        "Work",
        "Whatever is cited: an article, a book, a data set, a preprint.",
        (
            P("id", "`doi:…`, else `pmid:…`, else `ref:…`, a fingerprint of the normal form", "made"),
            P("doi", "DOI, lower case, without resolver", "Reference.doi, Paper.published_doi"),
            P("pmid", "PubMed id", "Reference.pmid"),
            P("title", "title", "Reference.title"),
            P("authors", "authors, `Surname Initials`, joined by `; `", "Reference.authors"),
            P("source", "journal, book or site", "Reference.source"),
            P("year", "year, four digits where it is printed so", "Reference.year"),
        ),
        Merge.LONGEST,
        kept_by=(
            "CITES",
            "PUBLISHED_AS",
            "SAME_AS",
        ),
    ),
    Node(
        "Award",
        "A grant.",
        (
            P("id", "key of the funder and the number in normal form", "made"),
            P("number", "number as printed", "Award.award"),
        ),
        Merge.LONGEST,
        kept_by=("SUPPORTED_BY",),
    ),
    Node(
        "Funder",
        "A funder.",
        (
            P("id", "`ror:…`, `doi:…`, else `name:…`, the normal form", "made"),
            P("name", "name", "Award.funder"),
        ),
        Merge.LONGEST,
        kept_by=(
            "FUNDED_BY",
            "AWARDED_BY",
        ),
        indexes=("name",),
    ),
    Node(
        "Mention",
        "What a text names by an identifier: an accession, code, data, a trial, a research resource.",
        (
            P("id", "kind and identifier, `geo:GSE12345`", "made"),
            P("kind", "`geo`, `sra`, `pdb`, `rrid`, `nct`, `github`, …", "Mention.kind"),
            P("value", "identifier in its normal form", "Mention.id"),
            P("url", "where it resolves", "Mention.url"),
        ),
        Merge.LONGEST,
        kept_by=("MENTIONS",),
        indexes=("kind",),
    ),
    Node(
        "Entity",
        "A gene, disease, … that text mining found in texts.",
        (
            P("id", "`uniprot:P38398`, `go:0006915`, …: vocabulary and identifier", "Tag.uri"),
            P("kind", "`gene`, `disease`, `chemical`, `organism`, `go`, `accession`", "Annotation.kind"),
            P("name", "name in that vocabulary", "Tag.name"),
            P("url", "address there", "Tag.uri"),
        ),
        Merge.LONGEST,
        kept_by=("MENTIONS",),
        indexes=("kind", "name"),
    ),
)

RELATIONSHIPS = (
    Relationship("HAS_VERSION", "Paper", "Version", "All versions, also those that only the record names."),
    Relationship(
        "REVISES",
        "Version",
        "Version",
        "To the version before.",
        (
            P(
                "changed",
                "`title`, `abstract`, `sections`, `references`, `license`, `other` if none of these; null until both are loaded",
                "made",
                "strings",
            ),
        ),
    ),
    Relationship(
        "AUTHORED",
        "Author",
        "Version",
        "The byline.",
        (
            P("position", "place in the byline, from 1", "Paper.authors", "integer"),
            P("name", "name as printed there", "Author.name"),
            P("corresponding", "whether marked as corresponding", "Author.corresponding", "boolean"),
        ),
        owner="end",
    ),
    Relationship(
        "AFFILIATED_WITH",
        "Author",
        "Institution",
        "One for each version that says so.",
        (
            P("version", "id of that version", "Paper.doi, Paper.version"),
            P("text", "affiliation as printed", "Affiliation.text"),
        ),
        key="version",
        owner="key",
    ),
    Relationship("IN_CATEGORY", "Version", "Category", "Subject category.", owner="start"),
    Relationship("LICENSED_UNDER", "Version", "License", "Licence.", owner="start"),
    Relationship("PART_OF", "Section", "Version", "Outermost section.", owner="start"),
    Relationship("PART_OF", "Section", "Section", "Nested section.", owner="start"),
    Relationship("PART_OF", "Chunk", "Version", "Passage of the abstract, or that no section holds.", owner="start"),
    Relationship(
        "PART_OF", "Chunk", "Section", "Passage of a section, captions where their figure stands.", owner="start"
    ),
    Relationship("NEXT", "Chunk", "Chunk", "The next passage in reading order.", owner="start"),
    Relationship(
        "CITES",
        "Version",
        "Work",
        "An entry of the list of references, with the sentences that cite it.",
        (
            P("references", "ids of its entries in the document", "Reference.id", "strings"),
            P("text", "entry as printed", "Reference.text"),
            P("sentences", "sentences that cite it, in reading order", "Block.citations", "strings"),
            P("sections", "for each sentence the heading above it", "Section.title", "strings"),
            P("kinds", "for each sentence the kind of its section", "Section.kind", "strings"),
        ),
        owner="start",
    ),
    Relationship("PUBLISHED_AS", "Paper", "Work", "Journal version, from `Paper.published_doi`."),
    Relationship("SAME_AS", "Work", "Paper", "The work that others cite is this paper."),
    Relationship("FUNDED_BY", "Version", "Funder", "From `Paper.awards`.", owner="start"),
    Relationship("SUPPORTED_BY", "Version", "Award", "From `Paper.awards`.", owner="start"),
    Relationship("AWARDED_BY", "Award", "Funder", "From `Paper.awards`."),
    Relationship(
        "MENTIONS",
        "Version",
        "Mention",
        "From `Paper.mentions`.",
        (P("section", "heading under which it stands first", "Mention.section"),),
        owner="start",
    ),
    Relationship(
        "MENTIONS",
        "Version",
        "Entity",
        "From `scrapy crawl annotations`: everything that was found.",
        (
            P("found", "how often it was found", "AnnotatedPaper.annotations", "integer"),
            P("placed", "how often of these it stands in a passage with its offsets", "Annotation.place", "integer"),
            P("spellings", "its words, each once", "Annotation.exact", "strings"),
            P("sections", "sections in the words of the source, each once", "Annotation.section", "strings"),
            P("providers", "who found it", "Annotation.provider", "strings"),
        ),
    ),
    Relationship(
        "MENTIONS",
        "Chunk",
        "Entity",
        "The same, one for each place in a passage.",
        (
            P("offset", "offset of its first character, counted as `Chunk.start` is", "Annotation.start", "integer"),
            P("length", "characters", "Annotation.start, Annotation.end", "integer"),
            P("text", "its words there", "Annotation.exact"),
            P("provider", "who found it", "Annotation.provider"),
            P("source", "address of the annotation", "Annotation.id"),
        ),
        key="offset",
    ),
)

NODE = {node.label: node for node in NODES}
RELATIONSHIP = {relationship.name: relationship for relationship in RELATIONSHIPS}
OWNED = tuple(node.label for node in NODES if node.merge is Merge.OWNED)
"""Labels of the parts of a version; their keys begin with the version's and `#`."""


def markdown() -> str:
    """The tables of this module as Markdown."""
    lines = []
    for node in NODES:
        lines += [f"### {node.label}", "", node.meaning, "", *_table(node.properties, node.key, node.indexes), ""]
    lines += ["### Relationships", "", "| from | type | to | what it says |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.start} | `{r.type}` | {r.end} | {r.meaning} |" for r in RELATIONSHIPS]
    for relationship in RELATIONSHIPS:
        if relationship.properties:
            lines += ["", f"`{relationship.type}` has", "", *_table(relationship.properties, relationship.key, ())]
    return "\n".join(lines) + "\n"


def _table(properties: tuple[Property, ...], key: str, indexes: tuple[str, ...]) -> list[str]:
    lines = ["| property | type | what it is | from |", "| --- | --- | --- | --- |"]
    for p in properties:
        mark = " (key)" if p.name == key else " (index)" if p.name in indexes else ""
        lines.append(f"| `{p.name}`{mark} | {p.type} | {p.meaning} | {p.source} |")
    return lines


if __name__ == "__main__":
    print(markdown(), end="")
