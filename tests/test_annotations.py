"""`scrapy crawl annotations`: what text mining found, placed in our own text; and in the graph."""

import json
import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.chunks import places
from biorxivist.feed import read_annotations_feed, read_feed, to_json
from biorxivist.graph.entities import entity_key
from biorxivist.graph.loading import load, load_annotations
from biorxivist.graph.questions import question
from biorxivist.graph.writing import Outcome
from biorxivist.items import AnnotatedPaper, Annotation, Block, Paper, Section, Tag
from biorxivist.placing import place_annotations
from biorxivist.readers.annotations import read_annotations
from biorxivist.readers.strict import MalformedDocument
from tests.crawling import local_site
from tests.graph_papers import DOI, OTHER, expected, paper, snapshot
from tests.test_graph_stores import store  # noqa: F401 - both stores

QUICK = ["-s", "RETRY_AFTER_DEFAULT=0.05", "-s", "RETRY_TIMES=1"]
MONOCYTES = "10.1101/2024.03.05.583102"
BRCA1 = Tag("BRCA1", "http://purl.uniprot.org/uniprot/P38398")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


@pytest.fixture(scope="module")
def papers(site, tmp_path_factory):
    """A feed of every paper of the site that a search finds."""
    run = site.crawl(tmp_path_factory.mktemp("papers"), "search", "-a", "q=cells", "-a", "server=both")
    assert run.status == 0, run.log
    return run.feed


def annotate(site, folder, feed, *args, output="-O", name="annotations.jsonl"):
    return site.crawl(folder, "annotations", "-a", f"file={feed}", *QUICK, *args, feed=name, output=output)


# --- the crawl --------------------------------------------------------------------------------------------------------


def test_every_paper_of_a_feed_comes_with_its_annotations_and_their_offsets(site, papers, tmp_path):
    before = len(site.asked)
    run = annotate(site, tmp_path, papers)
    assert run.status == 0, run.log
    known = {p.doi: p for p in read_feed(papers)}
    assert [item["doi"] for item in run.items] == list(known)
    placed = 0
    for annotated in read_annotations_feed(run.feed):
        texts = {place.name: place.text for place in places(known[annotated.doi])}
        texts["title"] = known[annotated.doi].title
        for annotation in annotated.annotations:
            assert bool(annotation.place) != bool(annotation.unplaced)
            if annotation.place:
                placed += 1
                assert texts[annotation.place][annotation.start : annotation.end] in spelled(annotation.exact)
    found = sum(len(item["annotations"]) for item in run.items)
    assert found > 100
    assert placed / found > 0.95
    kinds = {a["kind"] for item in run.items for a in item["annotations"]}
    assert kinds == {"gene", "disease", "chemical", "organism", "go", "accession"}
    asked = [r["path"] for r in site.asked[before:]]
    # eight papers a request, one after another, each host's honest agent
    assert len(asked) == 2 * -(-len(known) // 8)
    assert {r["concurrent"] for r in site.asked[before:]} == {1}
    assert all(r["agent"].startswith("BioRxivist/") for r in site.asked[before:])


def spelled(exact: str) -> set[str]:
    """How our text may spell what was mined."""
    return {exact, exact.replace("Ca2+", "Ca²⁺"), exact.replace("Ca2+", "Ca²")}


def test_again_costs_nothing_and_writes_nothing(site, papers, tmp_path):
    first = annotate(site, tmp_path, papers)
    content, asked = first.feed.read_bytes(), len(site.asked)
    assert annotate(site, tmp_path, papers, output="-o").status == 0
    assert first.feed.read_bytes() == content
    assert len(site.asked) == asked
    assert annotate(site, tmp_path, papers).feed.read_bytes() == content, "from the archive, the same to the byte"


def test_only_the_newest_version_is_annotated(site, papers, tmp_path):
    wanted = next(p for p in read_feed(papers) if p.doi == MONOCYTES)
    feed = tmp_path / "two.jsonl"
    feed.write_bytes(b"".join(to_json(p) + b"\n" for p in (wanted, replace(wanted, version=1))))
    run = annotate(site, tmp_path, feed)
    assert [(i["doi"], i["version"]) for i in run.items] == [(MONOCYTES, wanted.version)]


def test_a_paper_that_europe_pmc_does_not_have_yet_is_not_missing(site, tmp_path):
    feed = tmp_path / "new.jsonl"
    feed.write_bytes(to_json(paper("10.1101/2099.01.01.000001")) + b"\n")
    run = annotate(site, tmp_path, feed)
    assert run.status == 0, run.log
    assert [(i["id"], i["annotations"]) for i in run.items] == [("", [])]
    assert "not at Europe PMC (yet)" in run.log


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("throttle@annotations", ""),
        ("no-result-list:0.3", ""),
        ("garbage@annotations", "malformed"),
        ("forbidden@annotations", "refused"),
        ("throttle-always@annotations", "throttled"),
        ("refuse@search", "refused"),
        ("missing@annotations", "complete"),
    ],
)
def test_what_goes_wrong_there(papers, tmp_path, fault, reason):
    with local_site(tmp_path, "--delay", "0", "--fault", fault) as site:
        run = annotate(site, tmp_path, papers, "-s", "RETRY_AFTER_TIMES=1")
        asked = len(site.asked)
    total = len(list(read_feed(papers)))
    if reason in ("", "complete"):
        assert (run.status, len(run.items)) == (0, total), run.log
        assert all(not i["annotations"] for i in run.items) == (reason == "complete")
    else:
        assert (run.status, run.items) == (3, []), run.log
        missing = run.record["missing"]
        assert {m["reason"] for m in missing} == {reason}
        assert len(missing) == total
    # at most one batch is taken apart, each answer asked for twice
    assert asked <= 4 * -(-total // 8) + 8 * 4, "a host that fails is not hammered"


def test_one_paper_that_cannot_be_had_costs_the_others_nothing(papers, tmp_path):
    wanted = list(read_feed(papers))
    id = next(i["id"] for i in annotate_once(papers, tmp_path) if i["doi"] == MONOCYTES)
    with local_site(tmp_path, "--delay", "0", "--fault", f"garbage@annotations={id}") as site:
        run = annotate(site, tmp_path, papers, "-s", f"BIORXIVIST_DATA={tmp_path / 'other'}")
    assert run.status == 3, run.log
    assert [i["doi"] for i in run.items] == [p.doi for p in wanted if p.doi != MONOCYTES]
    assert f"{MONOCYTES}v2" in run.log


def annotate_once(papers, tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        return annotate(site, tmp_path, papers).items


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["-a", "file=none.jsonl"], "no such feed"),
        ([], "argument file is missing: allowed are file"),
    ],
)
def test_wrong_arguments(site, tmp_path, args, told):
    run = site.crawl(tmp_path, "annotations", *args)
    assert run.status == 2
    assert told in run.log
    assert "Traceback" not in run.log


def test_other_files_than_feeds_of_papers(site, papers, tmp_path):
    run = annotate(site, tmp_path, papers, name="annotations.parquet")
    assert run.status == 1
    assert len(run.log.splitlines()) == 1
    assert "annotations are written as JSON Lines" in run.log
    (tmp_path / "odd.jsonl").write_text('{"doi": 3}\n')
    run = annotate(site, tmp_path, tmp_path / "odd.jsonl")
    assert run.status == 1, run.log
    assert "is no paper" in run.log


def test_annotations_are_taken_for_no_papers(site, papers, tmp_path, shell):
    run = annotate(site, tmp_path, papers)
    done = shell.scrapy("chunks", run.feed)
    assert done.status == 1
    assert "is a feed of annotations: scrapy graph load takes it" in done.err


# --- reading ----------------------------------------------------------------------------------------------------------


def answer(*annotations, **fields) -> bytes:
    return json.dumps([{"source": "PPR", "extId": "PPR1", "annotations": list(annotations), **fields}]).encode()


def test_an_annotation_is_read():
    row = {
        "prefix": "mutated ",
        "exact": "BRCA1",
        "postfix": " in",
        "tags": [{"name": "BRCA1", "uri": BRCA1.uri}],
        "id": "http://europepmc.org/abstract/PPR/PPR1#1",
        "type": "Gene_Proteins",
        "section": "Abstract (http://purl.org/dc/terms/abstract)",
        "provider": "Europe PMC",
    }
    wanted = Annotation(
        "gene", "BRCA1", [BRCA1], section="Abstract", provider="Europe PMC", id=row["id"], prefix="mutated ", postfix=" in"
    )  # fmt: skip
    assert read_annotations(answer(row)) == {"PPR1": [wanted]}
    assert read_annotations(b"[]") == {}
    bare = {"exact": "GSE1", "type": "Accession Numbers"}
    assert (
        read_annotations(answer(bare, {**bare, "tags": None}, {**bare, "type": "Gene Function"}, {"type": 3}))["PPR1"]
        == [Annotation("accession", "GSE1")] * 2
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"<html>", b"[3]", b'[{"extId":1}]', answer(annotations=3), answer(3), b"\xff[" * 9, b"[" * 10**6],
)
def test_what_is_no_answer_is_malformed(body):
    with pytest.raises(MalformedDocument):
        read_annotations(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["exact", "type", "tags", "extId", "annotations", "x"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_no_answer_breaks_the_reader(data):
    try:
        found = read_annotations(json.dumps(data).encode())
    except MalformedDocument:
        return
    for annotations in found.values():
        assert all(a.exact.strip() for a in annotations)


# --- placing ----------------------------------------------------------------------------------------------------------


def one(text: str, exact: str, prefix: str = "", postfix: str = "", section: str = "") -> Annotation:
    made = Annotation("gene", exact, prefix=prefix, postfix=postfix, section=section)
    return place_annotations(Paper(abstract=text), [made])[0]


def test_words_are_found_through_other_spaces_marks_and_case():
    text = "The  TGF‑β signal needs Ca²⁺, and CO₂ (see IL-6)."
    for exact, prefix, postfix, there in (
        ("TGF-β", "the ", " signal", "TGF‑β"),
        ("Ca2+", "signal needs ", ", and", "Ca²"),
        ("CO2", "and ", " (see", "CO₂"),
        ("il-6", "CO2 (see ", ").", "IL-6"),
    ):
        found = one(text, exact, prefix, postfix)
        assert (found.place, found.unplaced) == ("abstract", "")
        assert text[found.start : found.end] == there


def test_what_cannot_be_placed_says_why():
    assert one("BRCA1 was lost.", "TP53").unplaced == "absent"
    assert one("BRCA11 was lost, xBRCA1 too.", "BRCA1").unplaced == "absent", "a part of a word is another word"
    assert one("BRCA1 was lost.", "BRCA1", "was kept and never ", " and found again").unplaced == "absent"
    assert one("BRCA1 and BRCA1.", "BRCA1").unplaced == "ambiguous"
    assert one("BRCA1.", "—").unplaced == "absent"


def test_repeated_words_are_told_apart_by_context_section_and_order():
    text = "We lost BRCA1 in cells. We kept BRCA1 in mice."
    assert one(text, "BRCA1", "We kept ", " in mice").start == text.rindex("BRCA1")
    repeated = Paper(abstract="BRCA1 is lost.", sections=[Section(blocks=[Block("paragraph", "BRCA1 is lost.")])])
    in_both = [Annotation("gene", "BRCA1", postfix=" is lost.", section=s) for s in ("Abstract", "Introduction")]
    assert [a.place for a in place_annotations(repeated, in_both)] == ["abstract", "s1"]
    twice = Paper(abstract="Then BRCA1 was lost. " * 2)
    alike = [Annotation("gene", "BRCA1", prefix="Then ", postfix=" was lost. ")] * 2
    assert [a.start for a in place_annotations(twice, alike)] == [5, 26]
    assert {a.unplaced for a in place_annotations(twice, alike[:1])} == {"ambiguous"}


@given(st.lists(st.text(string.ascii_letters + "βé²", min_size=1, max_size=8), min_size=1, max_size=30), st.data())
def test_what_is_placed_has_its_words(words, data):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    exact = words[start]
    made = one(text, exact, " ".join(words[:start]) + " ", " " + " ".join(words[start + 1 :]))
    if made.place:
        assert text[made.start : made.end].casefold() == exact.casefold()
    else:
        assert made.unplaced == "ambiguous"


# --- the graph --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("http://purl.uniprot.org/uniprot/P38398", "uniprot:P38398"),
        ("https://identifiers.org/taxonomy:9606", "taxonomy:9606"),
        ("http://identifiers.org/taxonomy/9606", "taxonomy:9606"),
        ("http://purl.obolibrary.org/obo/NCBITaxon_9606", "taxonomy:9606"),
        ("http://purl.obolibrary.org/obo/GO_0006915", "go:0006915"),
        ("http://linkedlifedata.com/resource/umls-concept/C0006142", "umls:C0006142"),
        ("http://identifiers.org/geo/GSE1", "geo:GSE1"),
        ("http://identifiers.org/ena.embl:KX1", "ena.embl:KX1"),
        ("https://example.org/entry/1", "http://example.org/entry/1"),
        ("http://example.org/snp.cgi?rs=1", "http://example.org/snp.cgi?rs=1"),
        ("http://identifiers.org/x?y=1", "http://identifiers.org/x?y=1"),
        ("http://[", "http://["),
        ("nonsense", "gene:brca 1"),
        ("", "gene:brca 1"),
    ],
)
def test_an_entity_has_one_key(uri, key):
    assert entity_key("gene", Tag("BRCA-1", uri)) == key


def annotated(doi: str = DOI, *extra: Annotation) -> AnnotatedPaper:
    """The monocytes of the introduction as a gene, and one that is in no passage."""
    whole = paper(doi)
    rows = [
        Annotation("gene", "Monocytes", [BRCA1], provider="Europe PMC", id="a#1", postfix=" migrate", section="Introduction"),
        Annotation("gene", "monocytes", [BRCA1], provider="Europe PMC", id="a#2", prefix="Slow ", section="Title"),
        Annotation("disease", "slowness", [Tag("slowness", "http://example.org/d/1")], provider="Europe PMC", id="a#3"),
        *extra,
    ]  # fmt: skip
    return AnnotatedPaper(1, doi, 1, "biorxiv", "europepmc", "PPR1", place_annotations(whole, rows), "2026-01-01T00:00:00+00:00")  # fmt: skip


def mentions(found):
    return {name: found[name] for name in ("Version_MENTIONS_Entity", "Chunk_MENTIONS_Entity")}


WANTED = {
    "Version_MENTIONS_Entity": {
        (f"{DOI}v1", "uniprot:P38398"): (2, 1, ("Monocytes", "monocytes"), ("Introduction", "Title"), ("Europe PMC",)),
        (f"{DOI}v1", "http://example.org/d/1"): (1, 0, ("slowness",), (), ("Europe PMC",)),
    },
    "Chunk_MENTIONS_Entity": {
        (f"{DOI}v1#s1:0", "uniprot:P38398", 0): (0, 9, "Monocytes", "Europe PMC", "a#1"),
    },
}


def test_annotations_hang_on_versions_and_passages(store):  # noqa: F811
    load([paper()], store)
    assert load_annotations([annotated()], store) == (Outcome(new=1), [])
    found = snapshot(store)
    assert mentions(found) == WANTED
    assert found["Entity"] == {
        "uniprot:P38398": ("uniprot:P38398", "gene", "BRCA1", BRCA1.uri),
        "http://example.org/d/1": ("http://example.org/d/1", "disease", "slowness", "http://example.org/d/1"),
    }
    assert load_annotations([annotated()], store) == (Outcome(unchanged=1), [])
    assert snapshot(store) == found
    # papers again: what hangs on passages that did not change stays
    load([paper(category="zoology")], store)
    assert mentions(snapshot(store)) == WANTED


def test_what_a_new_line_of_annotations_does_not_have_is_gone(store):  # noqa: F811
    load([paper(), paper(OTHER)], store)
    load_annotations([annotated(), annotated(OTHER)], store)
    less = annotated()
    less.annotations = less.annotations[:1]
    assert load_annotations([less], store) == (Outcome(changed=1), [])
    found = snapshot(store)
    assert (f"{DOI}v1", "http://example.org/d/1") not in found["Version_MENTIONS_Entity"]
    assert "http://example.org/d/1" in found["Entity"], "the other paper has it"
    bare = [replace(annotated(doi), annotations=[]) for doi in (DOI, OTHER)]
    load_annotations(bare, store)
    load([paper()], store)
    assert snapshot(store) == expected([paper(), paper(OTHER)])


def test_annotations_of_unknown_papers_are_told_and_make_nothing(store):  # noqa: F811
    load([paper()], store)
    assert load_annotations([annotated(OTHER)], store) == (Outcome(), [f"{OTHER}v1"])
    assert snapshot(store) == expected([paper()])


def test_offsets_of_another_text_place_nothing(store):  # noqa: F811
    load([paper(sections=[Section("s1", "Introduction", "introduction", blocks=[Block("paragraph", "Other words stand here now.")])])], store)  # fmt: skip
    load_annotations([annotated()], store)
    found = mentions(snapshot(store))
    assert found["Chunk_MENTIONS_Entity"] == {}
    assert found["Version_MENTIONS_Entity"][f"{DOI}v1", "uniprot:P38398"][:2] == (2, 0)


def test_hostile_names_are_data(store):  # noqa: F811
    evil = "x'}) DETACH DELETE n // `\" \\"
    load([paper()], store)
    load_annotations([annotated(DOI, Annotation("chemical", evil, [Tag(evil, f"http://example.org/{evil}")]))], store)
    assert evil in {row[2] for row in snapshot(store)["Entity"].values()}


def test_questions_about_entities(store):  # noqa: F811
    load([paper(), paper(OTHER)], store)
    load_annotations([annotated(), annotated(OTHER)], store)

    def ask(name: str, *values: str) -> list[tuple]:
        asked = question(name)
        return store.read(asked.text, asked.bound(list(values), 25))[1]

    assert ask("entities") == [
        ("disease", "slowness", "http://example.org/d/1", 2),
        ("gene", "BRCA1", "uniprot:P38398", 2),
    ]
    assert ask("entities", "gene") == [("gene", "BRCA1", "uniprot:P38398", 2)]
    assert [(row[0], row[2], row[3]) for row in ask("mentioning", "brca1")] == [(DOI, "uniprot:P38398", 2), (OTHER, "uniprot:P38398", 2)]  # fmt: skip
    assert [(row[0], row[2], sorted(row[3])) for row in ask("related", DOI)] == [(OTHER, 2, ["BRCA1", "slowness"])]


def test_a_file_of_an_earlier_model_is_gone_on_with(tmp_path):
    import ladybug

    from biorxivist.graph.embedded import Ladybug

    connection = ladybug.Connection(ladybug.Database(tmp_path / "old.lbug"))
    for text in (
        "CREATE NODE TABLE Version(id STRING, PRIMARY KEY(id))",
        "CREATE NODE TABLE Mention(id STRING, PRIMARY KEY(id))",
        "CREATE REL TABLE MENTIONS(FROM Version TO Mention, section STRING)",
    ):
        connection.execute(text)
    connection.close()
    with Ladybug(tmp_path / "old.lbug", write=True) as old:
        old.define()
        names = old.read("CALL show_connection('MENTIONS') RETURN *", {})[1]
    assert ("Version", "Entity") in {row[:2] for row in names}


def test_the_command_loads_both_in_any_order(site, papers, tmp_path, shell, monkeypatch):
    run = annotate(site, tmp_path, papers)
    data = ("-s", f"BIORXIVIST_DATA={tmp_path / 'graph'}")
    done = shell.scrapy("graph", "load", run.feed, *data)
    assert done.status == 3
    assert "are of papers that the graph does not have, load their feed and then this one again" in done.err
    done = shell.scrapy("graph", "load", run.feed, papers, *data)
    assert done.status == 0
    assert re.search(r"annotations of papers: [1-9]\d* new", done.err)
    done = shell.scrapy("graph", "show", "mentioning", "TGFB1", "--json", *data)
    assert MONOCYTES in done.out
    text = "MATCH (c:Chunk)-[r:MENTIONS]->(e:Entity) RETURN c.text AS t, c.start AS s, r.offset AS o, r.length AS n, r.text AS w"
    rows = [json.loads(line) for line in shell.scrapy("graph", "query", text, "--json", *data).out.splitlines()]
    assert len(rows) > 50
    assert all(r["t"][r["o"] - r["s"] :][: r["n"]] in spelled(r["w"]) for r in rows)
