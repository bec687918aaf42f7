"""What differs between two papers, the pairs that arguments name, and what people see of it."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biorxivist.differences import compare
from biorxivist.differences.pairs import Operands, find_pairs, read_operands
from biorxivist.differences.report import as_html, as_text, summary
from biorxivist.differences.words import GAP, NEW, OLD, SAME, marked
from biorxivist.errors import UsageError, UserError
from biorxivist.feed import to_json
from biorxivist.identifiers import Preprint
from biorxivist.items import Affiliation, Author, Block, Figure, Paper, Reference, Section, Table
from tests.crawling import local_site

DOI = "10.1101/2021.03.04.433999"


def section(title: str, *texts: str, sections: tuple = ()) -> Section:
    return Section(title=title, blocks=[Block("paragraph", t) for t in texts], sections=list(sections))


def a_paper(**changes) -> Paper:
    paper = Paper(
        doi=DOI,
        version=1,
        url=f"https://www.biorxiv.org/content/{DOI}v1",
        title="The boiling of teapots",
        abstract="Teapots boil at 100 degrees.",
        authors=[Author("Ada Quill", affiliations=["a1"]), Author("Tom Reed", orcid="0000-0001-2345-678X")],
        affiliations=[Affiliation("a1", "Kettle Institute")],
        license="CC-BY-4.0",
        sections=[
            section("1. Introduction", "Pots are old.", "Lids are older."),
            section("2. Methods", sections=(section("2.1 Water", "We took 2 l of water."), section("2.2 Fire", "It burned."))),
            section("3. Results", "It boiled."),
        ],
        figures=[Figure("F1", "Figure 1.", "A pot.", "Seen from above.")],
        tables=[Table("T1", "Table 1", "Lids", rows=[["lid", "g"], ["old", "90"]])],
        references=[Reference("c1", "1", "Quill A. 2001. On pots.", doi="10.1000/pots"), Reference("c2", "2", "Reed T. 2002. On lids.")],
    )  # fmt: skip
    return replace(paper, **changes)


def told(old: Paper, new: Paper) -> list[tuple[str, str, str]]:
    return [(d.part, d.kind, d.name) for d in compare(old, new)]


def test_a_paper_does_not_differ_from_itself_nor_by_ids_and_addresses():
    other = a_paper(version=2, url="x", posted="2021-04-04", fetched="now", source="page")
    other.figures = [replace(other.figures[0], id="fig-9", image_url="y")]
    other.references = [replace(r, id=f"r{r.label}", label=f"{r.label}.") for r in other.references]
    assert told(a_paper(), a_paper()) == told(a_paper(), other) == []


def test_two_sources_of_one_version_must_agree_on_its_day():
    assert told(a_paper(posted="2021-03-05"), a_paper(posted="2021-03-06")) == [("posted", "changed", "")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "The boiling of kettles"}, [("title", "changed", "")]),
        ({"abstract": ""}, [("abstract", "removed", "")]),
        ({"license": "CC-BY-NC-4.0", "published_doi": "10.1/x"}, [("license", "changed", ""), ("published_doi", "added", "")]),
        ({"withdrawn": True}, [("withdrawn", "added", "")]),
        ({"keywords": ["tea"]}, [("keyword", "added", "")]),
        ({"authors": [Author("Tom Reed", orcid="0000-0001-2345-678X")]}, [("author", "removed", "")]),
        ({"affiliations": [Affiliation("a1", "Lid Laboratory")]}, [("author", "changed", "")]),
        ({"figures": []}, [("figure", "removed", "Figure 1")]),
        ({"figures": [Figure("F1", "Figure 1.", "A pot.", "Seen from below.")]}, [("figure", "changed", "Figure 1")]),
        ({"tables": [Table("T1", "Table 1", "Lids", rows=[["lid", "g"], ["old", "91"]])]}, [("table", "changed", "Table 1")]),
        ({"references": [Reference("c1", "1", "Quill A (2001). On pots.", doi="10.1000/pots")]}, [("reference", "changed", ""), ("reference", "removed", "")]),
        ({"statements": [section("Funding", "None.")]}, [("statement", "added", "Funding")]),
    ],
)  # fmt: skip
def test_a_part_that_changed(changes, expected):
    assert told(a_paper(), a_paper(**changes)) == expected


def test_a_section_is_known_by_its_heading_without_its_number():
    new = a_paper(sections=[section("Introduction", "Pots are old.", "Lids are older."), *a_paper().sections[1:]])
    assert told(a_paper(), new) == [("section", "changed", "1. Introduction → Introduction")]


def test_sections_added_removed_moved_and_called_otherwise():
    old = a_paper()
    new = a_paper(
        sections=[
            section("3. Results", "It boiled."),
            section("Discussion", "Why it boiled."),
            section("4. Methods", sections=(section("Flames of all kinds", "It burned."),)),
        ]
    )
    assert told(old, new) == [
        ("section", "removed", "1. Introduction"),
        ("section", "added", "Discussion"),
        ("section", "changed", "2. Methods → 4. Methods"),
        ("section", "removed", "2. Methods › 2.1 Water"),
        ("section", "changed", "2. Methods › 2.2 Fire → 4. Methods › Flames of all kinds"),
    ]


def test_a_reference_that_was_edited_is_known_by_its_words():
    new = a_paper(references=[Reference("c9", "9", "Reed T, 2002. On lids, revised."), a_paper().references[0]])
    assert told(a_paper(), new) == [("reference", "changed", "")]


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_are_marked_with_some_around_them():
    before = "one two three four five six seven eight nine ten eleven twelve. " * 2
    runs = marked(before, before.replace("one", "ONE", 1).replace("twelve. one", "twelve. 1"), context=2)
    gap = (GAP, " … ")
    assert runs == [
        (OLD, "one"),
        (NEW, "ONE"),
        (SAME, " two three"),
        gap,
        (SAME, " twelve. "),
        (OLD, "one"),
        (NEW, "1"),
        (SAME, " two three"),
        gap,
    ]


def test_white_space_alone_is_a_change():
    assert marked("a [1]", "a[1]") == [(SAME, "a"), (OLD, " "), (SAME, "[1]")]


def test_a_word_that_stayed_by_chance_belongs_to_the_change():
    runs = marked("red hot iron lids of old men cooled", "the small blue cups of all these women sang")
    assert runs == [(OLD, "red hot iron lids of old men cooled"), (NEW, "the small blue cups of all these women sang")]


SENTENCES = st.lists(st.sampled_from(["a", "b", "c", "pot", ",", ".", "\n\n", "10⁶"]), max_size=40).map(" ".join)


@given(SENTENCES, SENTENCES)
def test_both_texts_are_in_the_runs(old, new):
    assume(old != new)
    runs = marked(old, new, context=10_000)
    for text, mark in ((old, OLD), (new, NEW)):
        assert "".join(t for m, t in runs if m in (SAME, mark)) == text


# --- reports ----------------------------------------------------------------------------------------------------------


def test_text_for_a_terminal():
    new = a_paper(
        version=2, posted="2021-04-04", abstract="Teapots boil at 99 degrees.", sections=a_paper().sections[:2]
    )
    differences = compare(a_paper(), new)
    assert as_text(a_paper(), new, differences) == (
        f"{DOI} v1 → v2 (2021-04-04)\n  abstract changed, section removed\n\nabstract changed\n    Teapots boil at [-100-]{{+99+}} degrees.\n\n"
        "section 3. Results removed\n    [-It boiled.-]\n"
    )
    assert as_text(a_paper(), new, differences, limit=1).endswith("… and 1 more\n")
    assert "\033[31m[-100-]\033[0m" in as_text(a_paper(), new, differences, colour=True)
    assert summary([]) == "no differences"


def test_a_page_that_nothing_of_a_paper_can_break():
    new = a_paper(title="<script>alert(1)</script>", abstract="a < b\n\n& c", url="javascript:x")
    page = as_html([(a_paper(), new, compare(a_paper(), new))])
    assert "<script>" not in page
    assert "javascript:" not in page
    assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in page
    assert page.count("<del>") == page.count("</del>")
    assert not re.search(r"<(ins|del)>[^<]*</?p>", page)


# --- what arguments name ----------------------------------------------------------------------------------------------


def feed(path, *papers: Paper):
    path.write_bytes(b"".join(to_json(p) + b"\n" for p in papers))
    return path


def nothing(preprints):
    raise AssertionError(f"a crawl of {preprints}")


def test_two_feeds_are_compared_paper_by_paper(tmp_path):
    old = feed(
        tmp_path / "a.jsonl", a_paper(), a_paper(doi="10.1101/1"), a_paper(doi="10.1101/2"), a_paper(doi="10.1101/3")
    )
    new = feed(
        tmp_path / "b.jsonl",
        a_paper(doi="10.1101/2", version=3),
        a_paper(),
        a_paper(doi="10.1101/4"),
        a_paper(doi="10.1101/1", version=2),
    )
    found = find_pairs(Operands([old, new]), nothing)
    assert {(str(a), str(b)) for a, b in found.pairs} == {
        (f"{DOI}v1", f"{DOI}v1"),
        ("10.1101/1v1", "10.1101/1v2"),
        ("10.1101/2v1", "10.1101/2v3"),
    }
    assert sorted(found.only) == [("10.1101/3v1", str(old)), ("10.1101/4v1", str(new))]
    assert len(find_pairs(Operands([old, new], [Preprint(DOI)]), nothing).pairs) == 1


def test_a_feed_with_versions_compares_each_with_the_next(tmp_path):
    path = feed(tmp_path / "a.jsonl", *(a_paper(version=v) for v in (3, 1, 2)), a_paper(doi="10.1101/1"))
    pairs = find_pairs(Operands([path]), nothing).pairs
    assert [(a.version, b.version) for a, b in pairs] == [(1, 2), (2, 3)]
    (pair,) = find_pairs(read_operands([str(path), f"{DOI}v1", "v3"]), nothing).pairs
    assert [p.version for p in pair] == [1, 3]


def test_a_version_that_no_feed_has_is_crawled(tmp_path):
    path = feed(tmp_path / "a.jsonl", a_paper())
    asked = []

    def crawl(preprints):
        asked.extend(preprints)
        return [a_paper(version=2)]

    (pair,) = find_pairs(read_operands([str(path), f"{DOI}v1", "v2"]), crawl).pairs
    assert ([p.version for p in pair], asked) == ([1, 2], [Preprint(DOI, 2)])
    with pytest.raises(UserError, match=f"{DOI}v2 could not be had"):
        find_pairs(read_operands([str(path), f"{DOI}v1", "v2"]), lambda preprints: [])


def test_a_json_feed_is_a_list_of_papers(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([json.loads(to_json(a_paper(version=v))) for v in (1, 2)]))
    assert len(find_pairs(Operands([path]), nothing).pairs) == 1
    path.write_text("{}")
    with pytest.raises(UserError, match="is no feed"):
        find_pairs(Operands([path, path]), nothing)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "give two feeds"),
        (["v2"], "neither a file nor a preprint"),
        ([f"{DOI}v1"], "give two feeds"),
        (["none.jsonl", f"{DOI}v1"], "no such file: none.jsonl"),
        (["teapot", "kettle"], "neither a file nor a preprint"),
    ],
)
def test_arguments_that_name_nothing(args, message):
    with pytest.raises(UsageError, match=message):
        read_operands(args)


# --- the command ------------------------------------------------------------------------------------------------------

MONOCYTES = "10.1101/2024.03.05.583102"


def diff(folder, *args: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "biorxivist", "diff", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


def test_versions_of_the_site_are_crawled_and_compared(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        run = diff(tmp_path, f"{MONOCYTES}v1", "v2", *site.settings)
        missing = diff(tmp_path, f"{MONOCYTES}v1", "v7", *site.settings)
    assert run.returncode == 1, run.stderr
    assert run.stdout.startswith(f"{MONOCYTES} v1 (2024-03-08, jats) → v2 (2024-06-19, jats)\n")
    assert "figure Figure 2 added" in run.stdout
    assert "statement Summary of Updates: added" in run.stdout
    assert (missing.returncode, missing.stdout) == (2, "")
    assert f"{MONOCYTES}v7 could not be had" in missing.stderr


def test_feeds_on_the_disk(tmp_path):
    feed(tmp_path / "a.jsonl", a_paper())
    feed(tmp_path / "b.jsonl", a_paper(title="Kettles"))
    assert diff(tmp_path, "a.jsonl", "a.jsonl").returncode == 0
    run = diff(tmp_path, "a.jsonl", "b.jsonl", "--html", "out.html")
    assert (run.returncode, run.stdout) == (1, "")
    assert "<ins>Kettles</ins>" in (tmp_path / "out.html").read_text()
    none = diff(tmp_path, "a.jsonl", "none.jsonl")
    assert (none.returncode, none.stderr) == (2, "scrapy diff: no such file: none.jsonl\n")
