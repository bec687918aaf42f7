"""Questions ready to ask, in the Cypher that Neo4j and Ladybug share. Parameters are bound, never pasted."""

from dataclasses import dataclass
from typing import Any

from biorxivist.graph.faults import GraphError

LIMIT = 25


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it wants to know."""

    name: str
    meaning: str
    text: str
    parameters: tuple[str, ...] = ()
    """Names of what is given on the command line, in order."""
    optional: bool = False
    """Whether the parameters may be left out; they are empty then."""

    def bound(self, values: list[str], limit: int) -> dict[str, Any]:
        """Parameters of the statement; raises `GraphError` if there are too few or too many."""
        fewest = 0 if self.optional else len(self.parameters)
        if not fewest <= len(values) <= len(self.parameters):
            raise GraphError(f"show {self.name} takes {self.usage or 'nothing'}: {self.meaning}")
        given = dict(zip(self.parameters, values, strict=False))
        wanted: dict[str, Any] = {name: given.get(name, "") for name in self.parameters}
        if "$limit" in self.text:
            wanted["limit"] = limit
        return wanted

    @property
    def usage(self) -> str:
        """Its parameters as the command line takes them."""
        words = " ".join(name.upper() for name in self.parameters)
        return f"[{words}]" if self.optional and words else words


# the version that a paper's own properties are from
NEWEST = "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version) WHERE v.version = p.version "
# an author with all nodes that are the same person
BY_AUTHOR = (
    "MATCH (named:Author) WHERE named.name = $author OR named.id = 'orcid:' + $author OR named.short = $author "
    "MATCH (named)-[:SAME_PERSON_AS*0..4]-(a:Author) WITH DISTINCT a "
)
BY_PAPERS = "ORDER BY papers DESC, {} LIMIT $limit"

QUESTIONS = {
    question.name: question
    for question in (
        Question(
            "coauthors",
            "who wrote papers with an author, given as printed, as ORCID iD or as `doe j`",
            BY_AUTHOR + "MATCH (a)-[:AUTHORED]->(v:Version)<-[:AUTHORED]-(b:Author) WHERE a.id <> b.id "
            "WITH b, count(DISTINCT v.doi) AS papers "
            "RETURN b.name AS coauthor, b.orcid AS orcid, papers " + BY_PAPERS.format("coauthor"),
            ("author",),
        ),
        Question(
            "papers",
            "the papers of an author, given as printed, as ORCID iD or as `doe j`",
            BY_AUTHOR + "MATCH (a)-[:AUTHORED]->(:Version)<-[:HAS_VERSION]-(p:Paper) "
            "RETURN DISTINCT p.first_posted AS posted, p.doi AS doi, p.title AS title, a.name AS author "
            "ORDER BY posted DESC, doi LIMIT $limit",
            ("author",),
        ),
        Question(
            "citations",
            "which papers cite a DOI, and in which sentences",
            "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version)-[c:CITES]->(w:Work) "
            "WHERE w.id = 'doi:' + $doi AND v.version = p.version "
            "RETURN p.doi AS paper, p.title AS title, c.kinds AS sections, c.sentences AS sentences ORDER BY paper LIMIT $limit",
            ("doi",),
        ),
        Question(
            "cited",
            "the works that most papers cite",
            NEWEST + "MATCH (v)-[:CITES]->(w:Work) WITH w, count(DISTINCT p.doi) AS papers "
            "RETURN w.title AS title, w.year AS year, w.doi AS doi, papers " + BY_PAPERS.format("title, year, doi"),
        ),
        Question(
            "similar",
            "papers that cite the same works as a paper",
            "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version)-[:CITES]->(w:Work)<-[:CITES]-(u:Version)<-[:HAS_VERSION]-(q:Paper) "
            "WHERE p.doi = $doi AND q.doi <> $doi AND v.version = p.version AND u.version = q.version "
            "RETURN q.doi AS paper, q.title AS title, count(DISTINCT w.id) AS shared ORDER BY shared DESC, paper LIMIT $limit",
            ("doi",),
        ),
        Question(
            "versions",
            "the versions of a paper, and what changed from one to the next",
            "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version) WHERE p.doi = $doi OPTIONAL MATCH (v)-[r:REVISES]->(:Version) "
            "RETURN v.version AS version, v.posted AS posted, v.title AS title, v.license AS license, v.coverage AS coverage, "
            "r.changed AS changed ORDER BY version",
            ("doi",),
        ),
        Question(
            "datasets",
            "accessions, code and resources by the number of papers that name them; of one kind if it is given (`geo`, `github`, …)",
            NEWEST + "MATCH (v)-[:MENTIONS]->(m:Mention) WHERE $kind = '' OR m.kind = $kind "
            "WITH m, count(DISTINCT p.doi) AS papers "
            "RETURN m.kind AS kind, m.value AS id, m.url AS url, papers " + BY_PAPERS.format("kind, id"),
            ("kind",),
            optional=True,
        ),
        Question(
            "entities",
            "genes, diseases, … by the number of papers that name them; of one kind if it is given (`gene`, `disease`, …)",
            NEWEST + "MATCH (v)-[:MENTIONS]->(e:Entity) WHERE $kind = '' OR e.kind = $kind "
            "WITH e, count(DISTINCT p.doi) AS papers "
            "RETURN e.kind AS kind, e.name AS name, e.id AS id, papers " + BY_PAPERS.format("kind, id"),
            ("kind",),
            optional=True,
        ),
        Question(
            "mentioning",
            "papers that name a gene, disease, …, given by its name or id, how often and in which words",
            "MATCH (e:Entity) WHERE e.id = $entity OR toLower(e.name) = toLower($entity) "
            "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version)-[r:MENTIONS]->(e) WHERE v.version = p.version "
            "RETURN p.doi AS paper, p.title AS title, e.id AS id, r.found AS found, r.spellings AS words, r.sections AS sections "
            "ORDER BY found DESC, paper LIMIT $limit",
            ("entity",),
        ),
        Question(
            "related",
            "papers that name the same genes, diseases, … as a paper; organisms, which too many share, do not count",
            "MATCH (p:Paper)-[:HAS_VERSION]->(v:Version)-[:MENTIONS]->(e:Entity)<-[:MENTIONS]-(u:Version)<-[:HAS_VERSION]-(q:Paper) "
            "WHERE p.doi = $doi AND q.doi <> $doi AND v.version = p.version AND u.version = q.version AND e.kind <> 'organism' "
            "RETURN q.doi AS paper, q.title AS title, count(DISTINCT e.id) AS shared, collect(DISTINCT e.name) AS names "
            "ORDER BY shared DESC, paper LIMIT $limit",
            ("doi",),
        ),
        Question(
            "relations",
            "what passages say of genes, diseases, …, after `scrapy graph extract`; of one thing if its name is given",
            "MATCH (a:Entity)-[r:RELATED_TO]->(b:Entity) "
            "WHERE $entity = '' OR toLower(a.name) = toLower($entity) OR toLower(b.name) = toLower($entity) "
            "RETURN a.name AS thing, r.kind AS relation, b.name AS other, count(DISTINCT r.chunk) AS passages, min(r.chunk) AS passage "
            "ORDER BY passages DESC, thing, relation, other LIMIT $limit",
            ("entity",),
            optional=True,
        ),
        Question(
            "funders",
            "funders by the number of papers",
            NEWEST + "MATCH (v)-[:FUNDED_BY]->(f:Funder) WITH f, count(DISTINCT p.doi) AS papers "
            "RETURN f.name AS funder, f.id AS id, papers " + BY_PAPERS.format("funder"),
        ),
        Question(
            "institutions",
            "institutions by the number of papers",
            NEWEST + "MATCH (v)<-[:AUTHORED]-(a:Author)-[r:AFFILIATED_WITH]->(i:Institution) WHERE r.version = v.id "
            "WITH i, count(DISTINCT p.doi) AS papers "
            "RETURN i.name AS institution, i.country AS country, i.ror AS ror, papers "
            + BY_PAPERS.format("institution"),
        ),
        Question(
            "categories",
            "subject categories by the number of papers",
            NEWEST + "MATCH (v)-[:IN_CATEGORY]->(c:Category) WITH c, count(DISTINCT p.doi) AS papers "
            "RETURN c.name AS category, papers " + BY_PAPERS.format("category"),
        ),
        Question(
            "published",
            "papers with their journal version",
            "MATCH (p:Paper)-[:PUBLISHED_AS]->(w:Work) "
            "RETURN p.first_posted AS posted, p.doi AS paper, w.doi AS published, p.title AS title ORDER BY posted DESC, paper LIMIT $limit",
        ),
        Question(
            "withdrawn",
            "papers that were withdrawn, and the papers that cite them",
            "MATCH (p:Paper) WHERE p.withdrawn OPTIONAL MATCH (w:Work)-[:SAME_AS]->(p) "
            "OPTIONAL MATCH (w)<-[:CITES]-(v:Version) "
            "RETURN p.doi AS paper, p.title AS title, count(DISTINCT v.doi) AS citing ORDER BY paper LIMIT $limit",
        ),
    )
}


def question(name: str) -> Question:
    """The question of a name; raises `GraphError` with the names there are."""
    if name not in QUESTIONS:
        raise GraphError(f"no question {name}: there are {', '.join(QUESTIONS)}")
    return QUESTIONS[name]
