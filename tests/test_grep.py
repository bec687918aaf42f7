"""`scrapy grep`: the query language, and what it finds."""

import json
import re
import sqlite3
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.errors import UserError
from biorxivist.feed import read_feed, to_json
from biorxivist.items import Author, Block, Figure, Paper, Reference, Section
from biorxivist.queries.index import Index, fill, opened
from biorxivist.queries.language import BadQuery, parse, terms


def paper(version: int, title: str, *sections: tuple[str, str], abstract: str = "", **fields) -> Paper:
    held = [Section("", kind.title(), kind, 1, [Block("paragraph", text)]) for kind, text in sections]
    return Paper(doi="10.1101/1", version=version, title=title, abstract=abstract, sections=held, **fields)


PAPERS = [
    paper(1, "CRISPR screens", ("methods", "Crisprs show some off-target effects in E. coli.")),
    paper(2, "Guides", ("results", "CRISPR has few, in our hands and in those of others, off target effects."), authors=[Author("Zoë Ångström")]),
    paper(3, "Antibodies", ("methods", "Rituximab and adalimumab, at 10⁶ cells."), abstract="TGF-β colour.", references=[Reference("r", text="Crispr")]),
    paper(4, "Lipids 18:1", ("other", "The color of crisprlike offtarget hits."), figures=[Figure("F1", "Figure 1", "", "An offtarget caption.")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    feed = write(tmp_path_factory.mktemp("feed") / "p.jsonl", *PAPERS)
    with opened(feed) as index:
        yield index


def write(path, *papers: Paper):
    path.write_bytes(b"".join(to_json(p) + b"\n" for p in papers))
    return path


def found(index: Index, query: str) -> list[int]:
    return [int(name[-1]) for name in index.matches(parse(query))]


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ("crispr", [1, 2]),
        ("CRISPR*", [1, 2, 4]),
        ("crispr* NEAR5 (off-target OR offtarget)", [1, 4]),
        ("crispr* NEAR20 (off-target OR offtarget)", [1, 2, 4]),
        ("(off-target OR offtarget) NEAR/5 crispr*", [1, 4]),
        ("crispr* NEAR9 off-target", [1]),
        ("crispr* NEAR off-target", [1, 2]),
        ("crisprs NEAR3 off NEAR3 target", [1]),
        ("off-target", [1, 2]),
        ('"off target effects"', [1, 2]),
        ("“target off”", []),
        ("off target", [1, 2]),
        ("off AND colour OR lipids", [4]),
        ("off AND (colour OR crispr)", [1, 2]),
        ("effects NOT guides", [1]),
        ("effects AND NOT guides", [1]),
        ("crispr OR colour NOT tgf", [1, 2]),
        ("*mab", [3]),
        ("ritu?imab", [3]),
        ("colo*r", [3, 4]),
        ("c?lor OR colo?r", [3, 4]),
        ("*mab NEAR2 ritux*", [3]),
        ("zzz*zzz", []),
        ("crispr OR zzz?zzz", [1, 2]),
        ("crispr AND zzz?zzz", []),
        ("TGF-β", [3]),
        ("tgf-?", [3]),
        ("10⁶", [3]),
        ("18:1", [4]),
        ("title:crispr", [1]),
        ("TITLE:crispr", [1]),
        ("title:(crispr OR lipids)", [1, 4]),
        ("methods:off-target", [1]),
        ("body:off-target", [1, 2]),
        ("captions:offtarget", [4]),
        ("results:(crispr NEAR20 off-target)", [2]),
        ("abstract:colour AND NOT title:crispr", [3]),
        ("angstrom", []),
        ("authors:angstrom", [2]),
        ("references:crispr", [3]),
        ("doi:10.1101", [1, 2, 3, 4]),
        ('"E. coli"', [1]),
        ("near AND or", []),
    ],
)
def test_queries_find(index, query, versions):
    assert found(index, query) == versions


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "empty"),
        ("(a", "not closed"),
        ("a)", "closes nothing"),
        ("()", "missing before )"),
        ("a AND", "missing at the end"),
        ("OR a", "missing before OR"),
        ("a AND OR b", "missing before OR"),
        ("NEAR5 a", "missing before NEAR5"),
        ("NOT a", "NOT needs something before"),
        ('say "so', "quotes that begin"),
        ("a + b", "+ holds no word"),
        ("foo:bar", "no field foo: there are title, abstract"),
        ("(a AND b) NEAR c", "NEAR joins words"),
        ("title:a NEAR abstract:b", "NEAR joins what stands in one field"),
    ],
)
def test_a_wrong_query_is_told_what_is_wrong(index, query, told):
    with pytest.raises(BadQuery, match=re.escape(told)):
        found(index, query)


def test_wildcards_that_stand_for_too_much_are_refused(tmp_path):
    words = " ".join(f"a{n}b c{n}d" for n in range(60))
    with opened(write(tmp_path / "p.jsonl", paper(1, words))) as index, pytest.raises(BadQuery, match="3,600 choices"):
        index.matches(parse("a*b NEAR5 c*d"))


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "crispr*",
                '"off target"',
                "AND",
                "OR",
                "NOT",
                "NEAR3",
                "(",
                ")",
                "title:",
                "x?",
                "β",
                "-",
                "'",
                "{",
                ";",
            ]
        ),
        max_size=9,
    ).map(" ".join)
    | st.text(max_size=20)
)
def test_any_query_is_answered_or_refused(query):
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    with suppress(BadQuery):
        Index(connection).matches(parse(query))


SCHEMA = """
CREATE VIRTUAL TABLE papers USING fts5(title, abstract, keywords, introduction, methods, results, discussion, conclusion, data, funding, ethics,
  other, captions, tables, authors, affiliations, category, "references", doi, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE words USING fts5vocab(papers, 'row');
INSERT INTO papers (title, doi) VALUES ('a crispr off target xy β', '10.1101/1v1');
"""


def test_each_term_is_counted_once(index):
    query = parse('crispr* AND (title:crispr OR "off target" OR crispr* OR nowhere)')
    assert [(str(t), n) for t, n in index.counts(query).items()] == [
        ("crispr*", 3), ("title:crispr", 1), ('"off target"', 2), ("nowhere", 0),
    ]  # fmt: skip
    assert len(terms(query)) == 4


# --- the command ------------------------------------------------------------------------------------------------------

QUERY = "crispr* NEAR5 (off-target OR offtarget)"


@pytest.fixture
def feed(tmp_path):
    return write(tmp_path / "p.jsonl", *PAPERS)


def test_the_terminal_shows_counts_and_passages(shell, feed):
    done = shell.scrapy("grep", QUERY, "p.jsonl")
    assert done.status == 0
    assert done.err.splitlines() == [
        "      3  crispr*", "      2  off-target", "      1  offtarget", "      2  of 4 papers match",
    ]  # fmt: skip
    assert done.out.splitlines() == [
        "10.1101/1v1  CRISPR screens",
        "  methods: Crisprs show some off-target effects in E. coli.",
        "10.1101/1v4  Lipids 18:1",
        "  other: The color of crisprlike offtarget hits.",
    ]
    assert shell.scrapy("grep", QUERY, "p.jsonl", "--count").out == ""


def test_what_is_found_is_a_feed_of_any_format(shell, feed):
    for name in ("found.jsonl", "found.parquet"):
        done = shell.scrapy("grep", QUERY, "p.jsonl", "-o", name)
        assert (done.status, done.out) == (0, "")
        assert [p.version for p in read_feed(shell.folder / name)] == [1, 4]
    assert list(read_feed(shell.folder / "found.jsonl")) == [PAPERS[0], PAPERS[3]]
    assert shell.scrapy("grep", QUERY, "p.jsonl", "-o", "-:csl").out.count('"type"') == 2


def test_several_feeds_are_counted_together(shell, feed):
    write(shell.folder / "more.jsonl", replace(PAPERS[0], version=9))
    done = shell.scrapy("grep", QUERY, "p.jsonl", "more.jsonl", "-o", "all.jsonl")
    assert "3  of 5 papers match" in done.err
    assert [json.loads(line)["version"] for line in (shell.folder / "all.jsonl").read_text().splitlines()] == [1, 4, 9]


def test_a_kept_index_is_used_until_the_feed_changes(shell, feed, monkeypatch):
    assert "2  of 4" in shell.scrapy("grep", QUERY, "p.jsonl", "--keep").err
    kept = shell.folder / "p.jsonl.index"
    made = kept.stat().st_mtime_ns
    monkeypatch.setattr("biorxivist.queries.index.fill", lambda *_: pytest.fail("made again"))
    assert "2  of 4" in shell.scrapy("grep", QUERY, "p.jsonl").err
    monkeypatch.setattr("biorxivist.queries.index.fill", fill)
    write(feed, *PAPERS[:2])
    assert "1  of 2" in shell.scrapy("grep", QUERY, "p.jsonl").err
    assert kept.stat().st_mtime_ns != made
    assert sorted(p.name for p in shell.folder.iterdir()) == ["p.jsonl", "p.jsonl.index"]


def test_a_file_that_is_no_index_is_left_alone(shell, feed):
    (shell.folder / "p.jsonl.index").write_text("notes of mine")
    done = shell.scrapy("grep", QUERY, "p.jsonl", "--keep")
    assert (done.status, done.err) == (1, "scrapy grep: p.jsonl.index is no index of scrapy grep: move it away\n")
    assert (shell.folder / "p.jsonl.index").read_text() == "notes of mine"


@pytest.mark.parametrize(
    ("args", "told", "status"),
    [
        ((), "give a query and a feed", 2),
        (("crispr",), "give a query and a feed", 2),
        (("(crispr", "p.jsonl"), "a ( is not closed", 2),
        (("crispr", "none.jsonl"), "cannot read the feed none.jsonl", 1),
        (("crispr", "p.jsonl", "-o", "x.docx"), "x.docx: the name ends in", 2),
    ],
)
def test_what_cannot_be_done_gets_one_line(shell, feed, args, told, status):
    done = shell.scrapy("grep", *args)
    assert done.status == status
    assert done.err.splitlines()[-1].startswith("scrapy grep: ")
    assert told in done.err.splitlines()[-1]


def test_a_feed_that_cannot_be_read_is_said_to_be(tmp_path):
    (tmp_path / "p.jsonl").write_text("{}\n")
    with pytest.raises(UserError, match="has no doi"), opened(tmp_path / "p.jsonl", keep=True):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["p.jsonl"]
