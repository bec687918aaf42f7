"""Relationships of the graph."""

from biorxivist.graph.vocabulary import Property, Relationship

P = Property

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
        told=False,
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
        told=False,
    ),
    Relationship(
        "RELATED_TO",
        "Entity",
        "Entity",
        "From `scrapy graph extract`: what a language model says of two things that one passage names.",
        (
            P("evidence", "kind and passage", "made"),
            P("kind", "`ACTIVATES`, `INHIBITS`, …: one of the schema's", "made"),
            P("chunk", "id of the passage that says so", "Chunk.id"),
            P("model", "language model", "made"),
        ),
        key="evidence",
        told=False,
    ),
    Relationship(
        "SAME_PERSON_AS",
        "Author",
        "Author",
        "From `scrapy graph link-authors`: two nodes of one person, see below.",
        (
            P("coauthors", "full names of co-authors that both have", "made", "integer"),
            P("institutions", "institutions that both have", "made", "integer"),
        ),
        told=False,
    ),
)
