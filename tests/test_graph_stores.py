"""The graph in its stores: a real Neo4j and a Ladybug file hold exactly the rows, whatever came in whatever order."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biorxivist.graph import loading
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.faults import GraphError
from biorxivist.graph.loading import Store, load
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from biorxivist.items import Author, Award, Section
from tests.graph_papers import DOI, HOSTILE, LAB, OTHER, expected, paper, second, snapshot
from tests.neo4j import PASSWORD

WIPE = "MATCH (n) DETACH DELETE n"


def wiped(server) -> Neo4j:
    store = Neo4j(Address(server.uri, password=PASSWORD))
    with store, store.driver.session() as session:
        session.run(WIPE).consume()
    return Neo4j(Address(server.uri, password=PASSWORD))


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request, tmp_path) -> Iterator[Store]:
    if request.param == "neo4j":
        made = wiped(request.getfixturevalue("neo4j"))
    else:
        made = Ladybug(tmp_path / "graph.lbug", write=True)
    with made as store:
        store.define()
        yield store


def one_by_one(papers, store) -> Outcome:
    total = Outcome()
    for written in papers:
        total += load([written], store)
    return total


def test_a_store_holds_the_rows_and_nothing_else(store):
    papers = [paper(), second(), paper(OTHER, title=HOSTILE)]
    assert load(papers, store) == Outcome(new=3)
    assert snapshot(store) == expected(papers)


def test_loading_again_changes_nothing(store):
    papers = [paper(), second(), paper(OTHER)]
    load(papers, store)
    before = snapshot(store)
    assert load(reversed(papers), store) == Outcome(unchanged=3)
    assert snapshot(store) == before


def test_batches_that_are_written_at_once_give_the_graph_of_their_order(store, monkeypatch):
    monkeypatch.setattr(loading, "PAPERS", 1)
    papers = [paper(f"10.1101/2024.02.29.{number:06}") for number in range(12)]
    told = [line for paper in papers for line in (replace(paper, title="Passing"), paper)]
    assert load(told, store) == Outcome(new=12, changed=12)
    assert snapshot(store) == expected(papers)


def test_every_order_gives_the_same_graph(store):
    papers = [paper(), second(), paper(OTHER, affiliations=[replace(LAB, text=LAB.text.upper())])]
    one_by_one(papers, store)
    # the last one changes a line and takes it back
    for order in list(permutations(papers))[1::2]:
        one_by_one([replace(order[0], title="Passing"), *order], store)
        assert snapshot(store) == expected(papers)


def test_what_a_changed_line_does_not_have_any_more_is_gone(store):
    before = paper()
    after = replace(
        before,
        authors=[*before.authors[1:], Author("New Author", "New", "Author")],
        awards=[Award("Quiet Foundation")],
        mentions=[],
        license="CC0-1.0",
        references=before.references[:1],
        sections=[Section("s3", "Methods", "methods", blocks=before.sections[1].blocks)],
    )
    load([before], store)
    assert load([after], store) == Outcome(changed=1)
    assert snapshot(store) == expected([after])


def test_what_others_still_have_stays(store):
    kept = paper(OTHER)
    load([paper(), kept], store)
    bare = paper(
        authors=[], affiliations=[], awards=[], mentions=[], references=[], sections=[], license="", category=""
    )
    load([bare], store)
    assert snapshot(store) == expected([bare, kept])


def test_a_passage_that_did_not_change_keeps_what_others_hung_on_it(neo4j):
    with wiped(neo4j) as store, store.driver.session() as session:
        store.define()
        load([paper()], store)
        session.run("MATCH (c:Chunk) SET c.embedding = [1.0, 2.0]").consume()
        load([paper(abstract="Another one.")], store)
        found = dict(session.run("MATCH (c:Chunk) RETURN c.text, c.embedding").values())
    assert found["We waited."] == [1.0, 2.0]
    assert found["Another one."] is None


def test_a_line_without_text_takes_none_away(store):
    load([paper()], store)
    bare = paper(coverage="abstract", sections=[], references=[], published_doi="10.9999/j.2", withdrawn=True)
    assert load([replace(bare, fetched="2025-01-01T00:00:00+00:00")], store) == Outcome(older=1)
    found = snapshot(store)
    assert found["Section"].keys() == expected([paper()])["Section"].keys()
    assert (DOI, "doi:10.9999/j.2") in found["Paper_PUBLISHED_AS_Work"]
    assert found["Paper"][DOI][-1] is True


def test_what_was_fetched_earlier_is_no_news(store):
    load([paper()], store)
    assert load([paper(title="Old", fetched="2023-01-01T00:00:00+00:00")], store) == Outcome(older=1)
    assert snapshot(store) == expected([paper()])


def test_a_withdrawn_paper_is_marked_for_good(store):
    notice = second(withdrawn=True, article_type="withdrawn", coverage="abstract")
    for order in ([paper(), notice], [notice, paper()]):
        one_by_one(order, store)
        assert snapshot(store)["Paper"][DOI][-1] is True


def test_a_new_version_tells_what_changed(store):
    one_by_one([second(), paper()], store)
    found = snapshot(store)
    assert found["Version_REVISES_Version"] == {(f"{DOI}v2", f"{DOI}v1"): (("title", "sections", "references"),)}
    assert found["Paper"][DOI][1] == 2


def test_a_paper_without_a_number_of_its_version(store):
    papers = [paper(version=0, versions=[])]
    load(papers, store)
    assert snapshot(store) == expected(papers)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@st.composite
def lines(draw):
    """A line of a small world, in which papers share authors, works and funders."""
    made = paper(
        draw(st.sampled_from([DOI, OTHER])),
        draw(st.integers(1, 3)),
        title=draw(st.sampled_from([HOSTILE, "A title", "Another"])),
        license=draw(st.sampled_from(["", "CC-BY-4.0"])),
        withdrawn=draw(st.booleans()),
    )
    names = draw(st.lists(st.sampled_from(["Wei Wang", "Jane Doe", "JANE DOE", "Zoë Ångström"]), max_size=3))
    made.authors = [Author(n, *n.split(" "), affiliations=["a1"], orcid=draw(st.sampled_from(["", "0000-0001-0000-0001"]))) for n in names]  # fmt: skip
    made.references = draw(st.lists(st.sampled_from(made.references), max_size=2, unique_by=lambda r: r.id))
    made.awards = [Award(draw(TEXTS), "", draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))]
    return made


@settings(max_examples=6)
@given(papers=st.lists(lines(), max_size=4, unique_by=str), data=st.data())
def test_any_feed_in_any_order_and_any_batches(neo4j, papers, data):
    with wiped(neo4j) as store:
        store.define()
        one_by_one(data.draw(st.permutations(papers)), store)
        load(data.draw(st.permutations(papers)), store)
        assert snapshot(store) == expected(papers)
        store.nodes = store.relationships = 0
        assert load(papers, store) == Outcome(unchanged=len(papers))
        assert (store.nodes, store.relationships) == (0, 0)


def test_a_question_cannot_write(neo4j, tmp_path):
    with Ladybug(tmp_path / "graph.lbug", write=True) as store:
        store.define()
    for store in (Ladybug(tmp_path / "graph.lbug"), wiped(neo4j)):
        with store, pytest.raises(GraphError, match=r"read|Writing"):
            store.read("CREATE (p:Paper {doi: 'x'})", {})
