"""`scrapy graph extract`: what a language model says of passages, held to a schema and to their words. The model is a stub."""

import json
from dataclasses import replace

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biorxivist.chunks import chunk_paper
from biorxivist.feed import to_json
from biorxivist.graph.entities import LLM
from biorxivist.graph.extraction import SCHEMA, Extractor
from biorxivist.graph.faults import GraphError
from biorxivist.graph.loading import load, load_annotations
from biorxivist.graph.relations import answers_path, ask, load_answers, read_answers
from biorxivist.graph.writing import Outcome
from tests.endpoint import endpoint
from tests.graph_papers import DOI, INTRODUCTION, paper, snapshot
from tests.test_annotations import annotated
from tests.test_graph_stores import store  # noqa: F401 - both stores

INTRO = f"{DOI}v1#s1:0"
MONOCYTES, SIGNAL = f"{LLM}cell:monocytes", f"{LLM}chemical:signal"


def nodes(*named):
    return [{"id": str(n), "label": label, "properties": {"name": name}} for n, (label, name) in enumerate(named)]


GOOD = {
    "nodes": nodes(("Cell", "monocytes"), ("Chemical", "signal")),
    "relationships": [{"type": "ACTIVATES", "start_node_id": "1", "end_node_id": "0", "properties": {}}],
}
NOTHING = {"nodes": [], "relationships": []}


@pytest.fixture
def model():
    with endpoint() as served:
        answers(served, GOOD)
        yield served


def answers(served, introduction, rest=NOTHING):
    """Let the model say something of the introduction's passage."""

    def answer(messages):
        said = introduction if INTRODUCTION in messages[-1]["content"] else rest
        return said if isinstance(said, str) else json.dumps(said)

    served.answer = answer


def extractor(served, **options):
    return Extractor(served.url, "stub", **options)


def extracted(served, folder, store, papers=None, **options):  # noqa: F811
    """Ask and load, as the command does."""
    papers, path = papers or [paper()], folder / "papers.extracted.jsonl"
    done = ask(papers, (), extractor(served, **options), path)
    return done, load_answers(papers, read_answers(path), store)


def test_what_a_model_found_hangs_on_the_passage_that_says_it(model, store, tmp_path):  # noqa: F811
    load([paper()], store)
    before = snapshot(store)
    assert extracted(model, tmp_path, store) == ((len(chunk_paper(paper())), 0), (Outcome(new=1), []))
    found = snapshot(store)
    assert found["Entity"] == {
        MONOCYTES: (MONOCYTES, "cell", "Monocytes", None),
        SIGNAL: (SIGNAL, "chemical", "signal", None),
    }
    at = INTRODUCTION.index("signal")
    assert found["Chunk_MENTIONS_Entity"] == {
        (INTRO, MONOCYTES, 0): (0, 9, "Monocytes", "stub", None),
        (INTRO, SIGNAL, at): (at, 6, "signal", "stub", None),
    }
    evidence = f"ACTIVATES {INTRO}"
    assert found["Entity_RELATED_TO_Entity"] == {(SIGNAL, MONOCYTES, evidence): (evidence, "ACTIVATES", INTRO, "stub")}
    asked = len(model.asked)
    assert extracted(model, tmp_path, store) == ((0, 0), (Outcome(unchanged=1), []))
    assert len(model.asked) == asked
    assert snapshot(store) == found
    # nothing is left when it is taken back
    load_answers([paper()], {}, store)
    assert snapshot(store) == before


def test_the_schema_and_the_passage_reach_the_model(model, tmp_path):
    ask([paper()], ["introduction"], extractor(model), tmp_path / "x.jsonl")
    prompts = [asked["messages"][-1]["content"] for asked in model.asked]
    # the caption of the figure stands there too
    assert len(prompts) == sum(c.section_kind == "introduction" for c in chunk_paper(paper())) > 0
    assert all("ASSOCIATED_WITH" in prompt for prompt in prompts)
    assert sum(INTRODUCTION in prompt for prompt in prompts) == 1


EVIL = "Gene`) DETACH DELETE (n) //"
WRONG = [
    {"nodes": nodes((EVIL, "Monocytes")), "relationships": []},
    {"nodes": nodes(("Gene", EVIL), ("Gene", "BRCA1"), ("Gene", "mono"), ("Gene", ""), ("Gene", "  ")), "relationships": []},
    {"nodes": [{"id": "0", "label": "Gene", "properties": {}}, {"id": "1", "label": "Gene", "properties": {"name": 3}}, {"id": "2", "label": "Gene", "properties": {"name": ["Monocytes"]}}], "relationships": []},
]  # fmt: skip


@pytest.mark.parametrize("said", WRONG)
def test_things_that_the_schema_or_the_passage_does_not_have_are_left_out(model, store, tmp_path, said):  # noqa: F811
    load([paper()], store)
    before = snapshot(store)
    answers(model, said)
    assert extracted(model, tmp_path, store)[1][0] == Outcome(unchanged=1)
    assert snapshot(store) == before
    assert read_answers(tmp_path / "papers.extracted.jsonl")[INTRO].dropped >= 1


def test_relations_that_the_schema_does_not_have_are_left_out(model, store, tmp_path):  # noqa: F811
    load([paper()], store)
    good = GOOD["relationships"][0]
    said = GOOD | {"relationships": [good, good, {**good, "type": EVIL}, {**good, "type": "LOVES"}, {**good, "end_node_id": "7"}, {**good, "end_node_id": "1"}]}  # fmt: skip
    answers(model, said)
    extracted(model, tmp_path, store)
    found = snapshot(store)
    assert {key[2] for key in found["Entity_RELATED_TO_Entity"]} == {f"ACTIVATES {INTRO}"}
    assert read_answers(tmp_path / "papers.extracted.jsonl")[INTRO].dropped == 4


@pytest.mark.parametrize(
    "said", ["I am sorry.", "", "[]", "[3]", '{"nodes": 3}', '{"nodes": [{"id": 1}]}', "null", "{" * 999]
)
def test_an_unreadable_answer_is_asked_for_again(model, store, tmp_path, said):  # noqa: F811
    load([paper()], store)
    before = snapshot(store)
    answers(model, said)
    (_, unreadable), _ = extracted(model, tmp_path, store)
    known = read_answers(tmp_path / "papers.extracted.jsonl")
    assert unreadable == (INTRO not in known)
    assert snapshot(store) == before
    answers(model, GOOD)
    (again, _), _ = extracted(model, tmp_path, store)
    assert again == unreadable
    assert bool(snapshot(store)["Entity"]) == bool(unreadable)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["Gene", "Cell", "Monocytes", "ACTIVATES", "0", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["nodes", "relationships", "id", "label", "properties", "name", "type", "start_node_id", "end_node_id"]), inner),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"nodes": st.lists(st.fixed_dictionaries({"id": ODD, "label": ODD, "properties": ODD}), max_size=3) | ODD, "relationships": ODD}))  # fmt: skip
def test_no_answer_gets_beyond_the_schema(model, said):
    model.answer = lambda messages: json.dumps(said)
    chunk = next(c for c in chunk_paper(paper()) if c.id == INTRO)
    model.reader = getattr(model, "reader", None) or extractor(model)
    (found,) = model.reader.extract([chunk])
    labels = {node["label"].lower() for node in SCHEMA["node_types"]}
    for thing in found.things if found else ():
        assert thing.kind in labels
        assert chunk.text[thing.start - chunk.start :].startswith(thing.name)


def test_only_a_changed_passage_is_asked_again(model, store, tmp_path):  # noqa: F811
    load([paper()], store)
    extracted(model, tmp_path, store)
    changed = paper(abstract="Cells were quick.")
    load([changed], store)
    assert extracted(model, tmp_path, store, [changed]) == ((1, 0), (Outcome(unchanged=1), []))


def test_what_a_passage_said_that_is_gone_is_gone(model, store, tmp_path):  # noqa: F811
    load([paper()], store)
    extracted(model, tmp_path, store)
    changed = paper(sections=paper().sections[1:])
    load([changed], store)
    answers(model, NOTHING)
    extracted(model, tmp_path, store, [changed])
    found = snapshot(store)
    assert not found["Entity_RELATED_TO_Entity"]
    assert not found["Entity"]


def test_what_text_mining_and_a_model_found_do_not_touch_each_other(model, store, tmp_path):  # noqa: F811
    load([paper()], store)
    load_annotations([annotated()], store)
    mined = snapshot(store)
    extracted(model, tmp_path, store)
    both = snapshot(store)
    assert set(mined["Entity"]) < set(both["Entity"])
    assert load_annotations([annotated()], store) == (Outcome(unchanged=1), [])
    load_annotations([replace(annotated(), annotations=[])], store)
    assert set(snapshot(store)["Entity"]) == {MONOCYTES, SIGNAL}


def test_a_schema_of_ones_own(model, tmp_path):
    own = tmp_path / "schema.json"
    own.write_text(json.dumps({"node_types": [{"label": "Speed", "properties": [{"name": "name", "type": "STRING"}]}]}))
    answers(model, {"nodes": nodes(("Speed", "migrate"), ("Cell", "Monocytes")), "relationships": []})
    ask([paper()], (), extractor(model, schema=own), tmp_path / "x.jsonl")
    assert [(t.kind, t.name) for t in read_answers(tmp_path / "x.jsonl")[INTRO].things] == [("speed", "migrate")]
    # another schema is another question
    assert ask([paper()], (), extractor(model), tmp_path / "x.jsonl")[0] > 0
    for content in ("{", "[]", '{"node_types": 3}'):
        own.write_text(content)
        with pytest.raises(GraphError, match=r"schema\.json is no schema"):
            extractor(model, schema=own)


def test_the_command(model, shell, tmp_path, monkeypatch):
    feed = tmp_path / "papers.jsonl"
    feed.write_bytes(to_json(paper()) + b"\n")
    data = ("-s", f"BIORXIVIST_DATA={tmp_path / 'data'}")
    done = shell.scrapy("graph", "extract", feed, *data)
    assert (done.status, done.err) == (2, "scrapy graph: extract needs a language model: set LLM_URL and LLM_MODEL, and LLM_API_KEY if it wants one\n")  # fmt: skip
    monkeypatch.setenv("LLM_URL", model.url)
    monkeypatch.setenv("LLM_MODEL", "stub")
    model.failures = [web.Response(status=401, text="who?") for _ in range(20)]
    done = shell.scrapy("graph", "extract", feed, *data)
    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert "gave no answer of stub: Error code: 401" in done.err
    model.failures = []
    done = shell.scrapy("graph", "extract", feed, *data)
    assert done.status == 3
    assert "load their feed and then this one again" in done.err
    shell.scrapy("graph", "load", feed, *data)
    # a crash left half a line
    path = answers_path(feed)
    path.write_bytes(path.read_bytes()[:-9])
    done = shell.scrapy("graph", "extract", feed, *data)
    assert done.status == 0, done.err
    assert done.err.startswith("1 passages asked now, ")
    done = shell.scrapy("graph", "show", "relations", "--json", *data)
    assert json.loads(done.out) == {"thing": "signal", "relation": "ACTIVATES", "other": "Monocytes", "passages": 1, "passage": INTRO}  # fmt: skip
    answers(model, "nonsense")
    done = shell.scrapy("graph", "extract", feed, "--schema", "none.json", *data)
    assert (done.status, "cannot read the schema none.json" in done.err) == (1, True)
    path.write_text("nonsense\n\n")
    done = shell.scrapy("graph", "extract", feed, *data)
    assert (done.status, "line 1 is no answer of scrapy graph extract" in done.err) == (1, True)
