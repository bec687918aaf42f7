"""Each question that is ready to ask, in both stores."""

import json
from dataclasses import replace

import pytest

from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.extraction import Extract, Thing
from biorxivist.graph.faults import GraphError
from biorxivist.graph.keys import fingerprint
from biorxivist.graph.loading import load, load_annotations
from biorxivist.graph.questions import QUESTIONS, question
from biorxivist.graph.relations import load_answers
from biorxivist.listing import fitted, print_rows
from tests.graph_papers import DOI, HOSTILE, INTRODUCTION, JOURNAL, OTHER, paper, second
from tests.test_annotations import annotated
from tests.test_graph_stores import wiped

WITHDRAWN = "10.1101/2024.02.29.000003"
TITLE = "Slow monocytes, revisited"
ASKED = {
    "coauthors": (["doe j"], [("Wei Wang", None, 2), ("J. Roe", None, 1), ("J. Roe", None, 1)]),
    "papers": (["0000-0001-2345-6789"], [("2024-03-01", DOI, TITLE, "Jane Doe"), ("2024-03-01", OTHER, HOSTILE, "Jane Doe")]),
    "citations": (["10.9999/speed"], [
        (DOI, TITLE, ["introduction"] * 2, ["Monocytes migrate [1].", "They need a signal [1,2]."]),
        (OTHER, HOSTILE, ["introduction"] * 2, ["Monocytes migrate [1].", "They need a signal [1,2]."]),
    ]),
    "cited": ([], [("Speed", "2001", "10.9999/speed", 2), ("Signals of silent cells in still water", "1999", None, 1)]),
    "similar": ([DOI], [(OTHER, HOSTILE, 1)]),
    "versions": ([DOI], [
        (1, "2024-03-01", "Slow monocytes", "CC-BY-4.0", "full_text", None),
        (2, "2024-03-02", TITLE, "CC-BY-4.0", "full_text", ["title", "sections", "references"]),
    ]),
    "datasets": (["geo"], [("geo", "GSE1", "https://example.org/GSE1", 2)]),
    "entities": (["gene"], [("gene", "BRCA1", "uniprot:P38398", 2)]),
    "mentioning": (["brca1"], [
        (DOI, TITLE, "uniprot:P38398", 2, ["Monocytes", "monocytes"], ["Introduction", "Title"]),
        (OTHER, HOSTILE, "uniprot:P38398", 2, ["Monocytes", "monocytes"], ["Introduction", "Title"]),
    ]),
    "related": ([DOI], [(OTHER, HOSTILE, 2, ["BRCA1", "slowness"])]),
    "relations": (["signal"], [("signal", "ACTIVATES", "Monocytes", 1, f"{DOI}v2#s1:0")]),
    "funders": ([], [("Fund of Elsewhere", "doi:10.13039/1", 2), ("Quiet Foundation", "name:quiet foundation", 2)]),
    "institutions": ([], [
        ("Department of Quiet Medicine, Hospital of Nowhere, Atlantis", None, None, 2),
        ("University of Elsewhere", "Atlantis", "0elsewhere1", 2),
    ]),
    "categories": ([], [("cell biology", 2)]),
    "published": ([], [("2024-03-01", DOI, JOURNAL, TITLE)]),
    "withdrawn": ([], [(WITHDRAWN, "Slow monocytes", 0)]),
}  # fmt: skip


@pytest.fixture(scope="module", params=["ladybug", "neo4j"])
def store(request, tmp_path_factory):
    if request.param == "neo4j":
        made = wiped(request.getfixturevalue("neo4j"))
    else:
        made = Ladybug(tmp_path_factory.mktemp("graph") / "graph.lbug", write=True)
    bare = {"authors": [], "sections": [], "references": [], "awards": [], "mentions": [], "category": ""}
    with made as store:
        store.define()
        load([paper(), second(), paper(OTHER, title=HOSTILE), paper(WITHDRAWN, withdrawn=True, **bare)], store)
        load_annotations([replace(annotated(), version=2), annotated(OTHER)], store)
        things = [Thing("chemical", "signal", INTRODUCTION.index("signal")), Thing("cell", "Monocytes", 0)]
        said = Extract(f"{DOI}v2#s1:0", fingerprint(INTRODUCTION), "stub", "", things, [("ACTIVATES", 0, 1)])
        load_answers([second()], {said.chunk: said}, store)
        yield store


def test_every_question_is_asked_here():
    # those to entities in tests/test_annotations.py
    assert set(ASKED) | {"entities", "mentioning", "related"} == set(QUESTIONS)


@pytest.mark.parametrize("name", ASKED)
def test_the_answer(store, name):
    given, wanted = ASKED[name]
    asked = question(name)
    _, rows = store.read(asked.text, asked.bound(given, 25))
    # a list of names has no order
    assert [tuple(sorted(v) if name == "related" and isinstance(v, list) else v for v in row) for row in rows] == wanted


def test_a_parameter_is_only_a_value(store):
    for hostile in (HOSTILE, "' OR 1=1 //", "$doi", "}) MATCH (n"):
        asked = question("citations")
        assert store.read(asked.text, asked.bound([hostile], 25))[1] == []


def test_too_few_and_too_many_parameters():
    for name, given in (("coauthors", []), ("cited", ["x"]), ("datasets", ["geo", "sra"])):
        with pytest.raises(GraphError, match=f"show {name} takes"):
            question(name).bound(given, 25)
    with pytest.raises(GraphError, match="no question pepers: there are coauthors"):
        question("pepers")


def test_answers_for_people_and_for_programs(capsys):
    print_rows(["title", "n"], [("A\nlong | one", 1), (["x", "y"], None)])
    assert capsys.readouterr().out == "title         n\nA long | one  1\nx | y\n"
    print_rows(["title", "n"], [("é", None)], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"title": "é", "n": None}
    assert fitted([50, 10], 42) == [30, 10]
