"""Papers as rows: keys that mean one thing, sentences that cite, no relationship into the void."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.graph.keys import author_key, award_key, funder_key, institution_key, normal, short_name, work_key
from biorxivist.graph.rows import rows_of
from biorxivist.graph.schema import NODE, NODES, RELATIONSHIP, RELATIONSHIPS, markdown
from biorxivist.graph.tables import Rows, digest
from biorxivist.items import Affiliation, Attempt, Author, Award, Paper, Reference
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.conftest import ROOT
from tests.graph_papers import CLINIC, DOI, LAB, OTHER, paper, second

TYPES = {"string": str, "integer": int, "boolean": bool, "strings": list}


def check(rows: Rows) -> None:
    """Rows are what the schema says, and relationships lead from node to node."""
    for label, table in rows.nodes.items():
        for row in table.values():
            assert row[0], f"{label} without a key"
            check_values(row, NODE[label].properties)
    for name, table in rows.relationships.items():
        relationship = RELATIONSHIP[name]
        for row in table.values():
            assert row[0] in rows.nodes[relationship.start], f"{name} from {row[0]}"
            assert row[1] in rows.nodes[relationship.end], f"{name} to {row[1]}"
            check_values(row[2:], relationship.properties)


def check_values(values, properties) -> None:
    for value, p in zip(values, properties, strict=True):
        assert value is None or type(value) is TYPES[p.type], f"{p.name} is {value!r}"
        assert value not in ("", []), f"{p.name} is empty and not null"


def test_rows_of_invented_papers():
    rows = rows_of([paper(), second(), paper(OTHER), paper(version=0, versions=[]), Paper(doi=DOI)])
    check(rows)
    # entities come with annotations, see tests/test_annotations.py; links between authors with all papers, see tests/test_graph_identities.py
    wanted = {r.name for r in RELATIONSHIPS if r.end != "Entity" and r.type != "SAME_PERSON_AS"}
    assert set(rows.relationships) == wanted, "a kind of relationship is never made"
    assert {label for label, table in rows.nodes.items() if not table} == {"Entity"}, "a label is never made"


def test_rows_of_recorded_papers(corpus):
    papers = [clean_paper(read_jats(path.read_bytes())) for path in sorted((corpus / "jats").glob("*/*.xml"))[::6]]
    assert len(papers) > 20
    rows = rows_of(papers)
    check(rows)
    cites = rows.relationships["Version_CITES_Work"].values()
    assert sum(bool(row[4]) for row in cites) / len(cites) > 0.9, "entries of lists of references without a sentence"
    for row in cites:
        assert len(row[4] or ()) == len(row[5] or ()) == len(row[6] or ())
    assert len(rows.relationships["Chunk_NEXT_Chunk"]) > len(rows.nodes["Chunk"]) - len(papers) - 1


def test_sentences_that_cite():
    cites = rows_of([paper()]).relationships["Version_CITES_Work"]
    (speed,) = [row for row in cites.values() if row[1] == "doi:10.9999/speed"]
    (silent,) = [row for row in cites.values() if row[1].startswith("ref:")]
    assert speed[4] == ["Monocytes migrate [1].", "They need a signal [1,2]."]
    assert speed[5:] == (["Introduction"] * 2, ["introduction"] * 2)
    assert silent[4] == ["They need a signal [1,2]."]


def test_sections_nest_and_captions_stand_with_their_figure():
    rows = rows_of([paper()])
    v = f"{DOI}v1"
    assert list(rows.relationships["Section_PART_OF_Section"]) == [(f"{v}#s1.1", f"{v}#s1")]
    assert rows.nodes["Section"][f"{v}#s1.1"][5] == ["Introduction", "Aim"]
    homes = {row[0]: row[1] for row in rows.relationships["Chunk_PART_OF_Section"].values()}
    assert homes[f"{v}#f1:0"] == f"{v}#s1.1"
    assert list(rows.relationships["Chunk_PART_OF_Version"]) == [(f"{v}#abstract:0", v)]
    texts = [row[2] for row in sorted(rows.nodes["Chunk"].values(), key=lambda row: row[1])]
    assert texts[0].startswith("Cells were slow")
    assert texts[-1] == "We waited."


def test_earlier_versions_exist_though_no_record_lists_them():
    rows = rows_of([paper(version=3, versions=[])])
    assert set(rows.nodes["Version"]) == {f"{DOI}v{n}" for n in (1, 2, 3)}
    assert [row[1] for row in sorted(rows.nodes["Version"].values())] == [0, 0, 1]


def test_a_damaged_number_of_a_version_makes_no_million_rows():
    rows = rows_of([replace(paper(), version=999_999_999)])
    assert 0 < len(rows.nodes["Version"]) <= 1000
    check(rows)


# --- keys -------------------------------------------------------------------------------------------------------------

SIGNALS = Reference(
    "x", title="Signals of silent cells in still water", authors=["Poe E"], source="Annals", year="1999"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Reference("a", doi="10.1/x", title="One"), Reference("b", doi="10.1/x", pmid="7", title="Other")),
        (Reference("a", pmid="7", title="One"), Reference("b", pmid="7")),
        (SIGNALS, replace(SIGNALS, authors=["Poe EA"], title="Signals of Silent Cells in Still Water.", year="1999a")),
        (Reference("a", text="Poe E. Unwritten, in preparation"), Reference("b", text="Poe E (Unwritten); in preparation.")),
    ],
)  # fmt: skip
def test_one_work(one, other):
    assert work_key(one) == work_key(other) != ""


@pytest.mark.parametrize(
    "other",
    [
        replace(SIGNALS, year="2001"),
        replace(SIGNALS, authors=["Roe J"]),
        replace(SIGNALS, title="Signals of silent cells in still water II"),
        replace(SIGNALS, doi="10.1/x"),
    ],
)
def test_two_works(other):
    assert work_key(SIGNALS) != work_key(other)


def test_a_short_title_needs_its_place():
    one, other = (Reference("a", title="Introduction", source=source, year="2001") for source in ("Cells", "Sails"))
    assert work_key(one) != work_key(other)
    assert work_key(Reference("a")) == ""


WANG = Author("Wei Wang", "Wei", "Wang")


def test_an_author_is_never_merged_on_a_bare_name():
    assert author_key(WANG, [], DOI) != author_key(WANG, [], OTHER)
    vague = [Affiliation("a", "University of Elsewhere")]
    assert author_key(WANG, vague, DOI) != author_key(WANG, vague, OTHER)
    assert author_key(WANG, [LAB], DOI) != author_key(WANG, [CLINIC], DOI)
    initial = Author("W. Wang", "W.", "Wang")
    assert author_key(initial, [LAB], DOI) != author_key(initial, [LAB], OTHER)


def test_an_author_is_one_by_orcid_or_by_name_and_place():
    assert author_key(WANG, [LAB], DOI) == author_key(replace(WANG, name="WEI WANG"), [LAB, CLINIC], OTHER)
    known = replace(WANG, orcid="0000-0001-2345-6789")
    assert author_key(known, [LAB], DOI) == author_key(replace(known, name="W Wang"), [], OTHER)


def test_two_of_one_name_in_one_byline_are_two_people():
    twice = paper(authors=[replace(WANG, affiliations=["a1"]), replace(WANG, affiliations=["a1"]), Author("Zoe")])
    rows = rows_of([twice])
    assert len(rows.nodes["Author"]) == 3
    assert [row[2] for row in rows.relationships["Author_AUTHORED_Version"].values()] == [1, 2, 3]


def test_an_orcid_of_several_names_is_one_persons():
    # a byline of 2015 may give the iD of one author to all
    orcid = "0000-0001-2345-6789"
    wang, poe, zoe = (
        Author(f"{given} {surname}", given, surname, orcid)
        for given, surname in (("Wei", "Wang"), ("Ann", "Poe"), ("Zoe", "Roe"))
    )
    known = rows_of([paper(authors=[wang, replace(poe, corresponding=True), zoe])])
    assert sorted(row[4] or "" for row in known.nodes["Author"].values()) == ["", "", orcid]
    assert len(rows_of([paper(authors=[wang, poe])]).nodes["Author"]) == 2
    assert len(rows_of([paper(authors=[wang, replace(wang, name="W Wang", given="W")])]).nodes["Author"]) == 1


@pytest.mark.parametrize(
    ("author", "short"),
    [
        (Author("Jane Q. Doe", "Jane Q.", "Doe"), "doe j"),
        (Author("José Ángel Núñez"), "nunez j"),
        (Author("The Slow Cell Consortium", group="The Slow Cell Consortium"), "the slow cell consortium"),
    ],
)
def test_short_names(author, short):
    assert short_name(author) == short


def test_a_name_without_a_letter_has_no_short_form():
    check(rows_of([paper(authors=[Author("+")])]))


def test_institutions_funders_awards():
    assert institution_key(LAB) == "ror:0elsewhere1"
    assert institution_key(Affiliation("a", "x", "MIT", "USA")) != institution_key(
        Affiliation("a", "x", "MIT", "India")
    )
    assert funder_key(Award("Any", "10.13039/1")) == funder_key(Award("Other", "10.13039/1")) == "doi:10.13039/1"
    assert funder_key(Award("Fund, of Elsewhere")) == funder_key(Award("fund of elsewhere"))
    assert award_key(Award("F", "", "R-01 / 2"), "f") == award_key(Award("F", "", "r01/2"), "f")
    assert award_key(Award("F"), "f") == ""


@given(st.text())
def test_a_normal_form_is_its_own(text):
    assert normal(normal(text)) == normal(text)


# --- merging ----------------------------------------------------------------------------------------------------------


@given(
    st.permutations(
        [
            paper(),
            second(),
            paper(OTHER, title="A longer title of it"),
            paper(OTHER, 2),
            paper(OTHER, 3, withdrawn=True),
        ]
    )
)
def test_rows_do_not_depend_on_the_order(papers):
    rows, other = rows_of(papers), rows_of(reversed(papers))
    assert rows.nodes == other.nodes
    assert rows.relationships == other.relationships


def test_a_digest_knows_what_matters():
    assert digest(paper()) == digest(paper(attempts=[Attempt("jats")], text="made of the rest"))
    assert digest(paper()) != digest(paper(license="CC0-1.0"))


def test_the_page_has_every_table_of_the_model():
    page = (ROOT / "docs" / "graph.md").read_text(encoding="utf-8")
    assert markdown() in page, "paste what `python -m biorxivist.graph.schema` prints"
    assert all(node.label in page for node in NODES)
