"""Passages: whole sentences, below the limit, at their offsets."""

import json
import statistics
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from biorxivist.chunks import chunk_paper, place_text, places, spans
from biorxivist.feed import to_json
from biorxivist.items import Block, Figure, Paper, Reference, Section, Table
from biorxivist.readers.jats import read_jats
from biorxivist.sentences import sentences
from biorxivist.text import clean_paper
from tests.cost import cpu_seconds
from tests.test_pages import PAGES

WORDS = "cells of the invented mouse were counted by two people who did not know which group they came from"
MILLISECOND = 0.001
LONG = WORDS.replace(" ", ", ") + "."


def section(title: str, *texts: str, kind: str = "other", sections: tuple[Section, ...] = ()) -> Section:
    return Section("", title, kind, 1, [Block("paragraph", t) for t in texts], list(sections))


METHODS = section(
    "Methods", kind="methods", sections=(section("", "Cells were kept. They grew."), section("Counting", LONG))
)
PAPER = Paper(
    doi="10.64898/2026.01.02.700001",
    version=2,
    title="A title",
    license="CC-BY-4.0",
    url="https://www.biorxiv.org/content/10.64898/2026.01.02.700001v2",
    abstract="We counted.\n\nWe found five.",
    sections=[
        Section("", "Results", "results", 1, [
            Block("paragraph", "There were five. " * 4 + "That is all."),
            Block("figure", id="F1"),
            Block("list", "first item\nsecond item"),
            Block("table", id="T1"),
        ]),
        METHODS,
    ],
    statements=[section("Funding", "Nobody paid.", kind="funding")],
    figures=[Figure("F1", "Figure 1", "Counts.", "a, All.\n\nb, Some."), Figure("F2", "Figure 2", "", "Not placed.")],
    tables=[Table("T1", "Table 1", "Counts.", "", "", [["group", "n"], ["", ""], ["wild\ntype", "5"]], ["n, mice"])],
    references=[Reference("c1", text="Okafor. A reference that is left out.")],
)  # fmt: skip


def test_a_paper_is_cut_along_its_sections():
    chunks = chunk_paper(PAPER)
    assert [(c.id.partition("#")[2], c.kind, c.section_path, c.section_kind) for c in chunks] == [
        ("abstract:0", "text", ["Abstract"], "abstract"),
        ("s1:0", "text", ["Results"], "results"),
        ("f1:0", "caption", ["Results"], "results"),
        ("t1:0", "caption", ["Results"], "results"),
        ("t1-rows:0", "table", ["Results"], "results"),
        ("s2.1:0", "text", ["Methods"], "methods"),
        ("s2.2:0", "text", ["Methods", "Counting"], "methods"),
        ("n1:0", "text", ["Funding"], "funding"),
        ("f2:0", "caption", [], "other"),
    ]
    assert chunks[1].text == "There were five. " * 4 + "That is all.\n\nfirst item\nsecond item"
    assert chunks[2].text == "Figure 1 Counts.\n\na, All.\n\nb, Some."
    assert chunks[4].text == "group | n\nwild type | 5\nn, mice"
    assert not [c for c in chunks if "left out" in c.text]
    assert {(c.doi, c.version, c.title, c.license, c.url) for c in chunks} == {
        (PAPER.doi, 2, "A title", "CC-BY-4.0", PAPER.url)
    }


def test_ids_are_stable_and_name_the_version():
    ids = [c.id for c in chunk_paper(PAPER, 40)]
    assert len(set(ids)) == len(ids)
    assert ids == [c.id for c in chunk_paper(replace(PAPER, title="Another"), 40)]
    assert ids[0] == "10.64898/2026.01.02.700001v2#abstract:0"


def test_a_long_sentence_is_cut_behind_a_comma():
    chunks = [c.text for c in chunk_paper(PAPER, 60) if c.section_path[-1:] == ["Counting"]]
    assert " ".join(chunks) == LONG
    assert all(c.endswith((",", ".")) for c in chunks)
    assert max(map(len, chunks)) <= 60


def test_accents_without_a_letter_are_cut_at_the_limit():
    assert list(spans("\u0301" * 2500, 1000)) == [(0, 1000), (1000, 2000), (2000, 2500)]


def test_a_word_above_the_limit_is_cut_but_no_letter_from_its_accent():
    text = "x" * 7 + "e\u0301" * 9
    parts = [text[a:b] for a, b in spans(text, 8)]
    assert "".join(parts) == text
    assert not [p for p in parts if p.startswith("\u0301")]


TEXT = st.text(alphabet=st.sampled_from("ab AB.,;\n\u0301(日"), max_size=300)
MEASURES = st.sampled_from([len, lambda t: len(t.encode()), lambda t: len(t.split()) + len(t) // 3])


@given(TEXT, st.integers(4, 80), MEASURES)
def test_passages_hold_the_whole_text_and_keep_the_limit(text, limit, measure):
    place = 0
    for start, end in spans(text, limit, measure):
        assert place <= start < end
        assert not text[place:start].strip()
        assert measure(text[start:end]) <= limit
        place = end
    assert not text[place:].strip()


@given(
    st.lists(st.sampled_from(["Cells grew.", "They were seen by A. Lind et al. in 2019.", LONG]), max_size=30), MEASURES
)
def test_only_a_sentence_above_the_limit_is_cut(parts, measure):
    text = " ".join(parts)
    limit = 60
    whole = {end for _, end in sentences(text)}
    long = [(a, b) for a, b in sentences(text) if measure(text[a:b]) > limit]
    for _, end in spans(text, limit, measure):
        assert end in whole or any(a < end < b for a, b in long)


def test_a_passage_takes_as_many_sentences_as_fit():
    text = "Cells grew. " * 20
    assert [b - a for a, b in spans(text, 40)][:-1] == [35] * 6
    words = [len(text[a:b].split()) for a, b in spans(text, 7, lambda t: len(t.split()))]
    assert words == [6] * 6 + [4]


def test_a_limit_that_nothing_fits_in_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        chunk_paper(PAPER, 0)
    with pytest.raises(ValueError, match="not even the character '日'"):
        list(spans("日本", 2, lambda t: len(t.encode())))


def test_a_chunk_of_another_paper_has_no_place():
    with pytest.raises(ValueError, match="no place 's1'"):
        place_text(replace(PAPER, sections=[]), chunk_paper(PAPER)[1])


@pytest.mark.parametrize("document", sorted(PAGES.glob("*/jats-site.xml")), ids=lambda p: p.parent.name)
def test_chunks_of_a_document_are_its_texts(document):
    check(clean_paper(read_jats(document.read_bytes())), 300)


def check(paper: Paper, limit: int) -> tuple[int, int]:
    """Asserts what holds for every paper; returns how many chunks there are and how many end inside a sentence."""
    chunks = chunk_paper(paper, limit)
    texts = {place.name: place.text for place in places(paper)}
    held = dict.fromkeys(texts, "")
    cut = 0
    for chunk in chunks:
        text = place_text(paper, chunk)
        assert text[chunk.start : chunk.end] == chunk.text
        assert 0 < len(chunk.text) <= limit
        held[chunk.id.partition("#")[2].partition(":")[0]] += chunk.text
        cut += not any(end == chunk.end for _, end in sentences(text))
    assert {n: "".join(t.split()) for n, t in held.items()} == {n: "".join(t.split()) for n, t in texts.items()}
    assert "".join("".join(held.values()).split()).startswith("".join(paper.abstract.split()))
    return len(chunks), cut


def test_recorded_papers_are_cut_fast_and_rarely_inside_a_sentence(corpus):
    documents = (
        sorted((corpus / "jats" / "site").glob("*.xml"))[::4] + sorted((corpus / "jats" / "meca").glob("*.xml"))[::6]
    )
    papers = [clean_paper(read_jats(d.read_bytes())) for d in documents]
    counts = [check(paper, 1000) for paper in papers]
    assert sum(cut for _, cut in counts) <= 0.05 * sum(chunks for chunks, _ in counts)
    assert statistics.median(cpu_seconds(partial(chunk_paper, paper), MILLISECOND) for paper in papers) <= MILLISECOND


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_bytes(to_json(PAPER) + b"\n")
    return path


def scrapy(folder, *args) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "biorxivist", *map(str, args)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


def test_the_command_writes_a_line_a_chunk(tmp_path, feed):
    done = scrapy(tmp_path, "chunks", feed, "-o", "chunks.jsonl", "--limit", 50)
    assert (done.returncode, done.stdout) == (0, "")
    lines = [json.loads(line) for line in (tmp_path / "chunks.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [c.id for c in chunk_paper(PAPER, 50)]
    assert list(lines[0]) == [
        "id", "kind", "text", "section_path", "section_kind", "start", "end", "doi", "version", "title", "license", "url",
    ]  # fmt: skip
    assert f"{len(lines)} passages of 1 papers" in done.stderr


def test_the_command_counts_tokens(tmp_path, feed):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        [WORDS], trainers.WordPieceTrainer(special_tokens=["[UNK]", "[CLS]"], show_progress=False)
    )
    # as files of embedding models come: with a mark for the model, and texts cut at its length
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A", special_tokens=[("[CLS]", 1)])
    tokenizer.enable_truncation(5)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    tokenizer.no_truncation()
    done = scrapy(tmp_path, "chunks", feed, "--limit", 12, "--tokenizer", "tokenizer.json")
    assert done.returncode == 0, done.stderr
    chunks = [json.loads(line) for line in done.stdout.splitlines()]
    sizes = [len(tokenizer.encode(c["text"], add_special_tokens=False).ids) for c in chunks]
    assert 10 <= max(sizes) <= 12
    assert scrapy(tmp_path, "chunks", feed, "--limit", 12, "--tokenizer", tmp_path).stdout == done.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "give a feed"),
        (("papers.jsonl", "--limit", "0"), "--limit 0: a size of 1 or more"),
        (("none.jsonl",), "cannot read the feed none.jsonl"),
        (("papers.jsonl", "-o", "papers.jsonl/chunks"), "cannot write"),
        (
            ("papers.jsonl", "--tokenizer", "papers.jsonl"),
            "no tokenizer papers.jsonl: give a tokenizer.json or the name",
        ),
    ],
)
def test_what_cannot_be_done_gets_one_line(tmp_path, feed, args, told):
    done = scrapy(tmp_path, "chunks", *args)
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("scrapy chunks: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
