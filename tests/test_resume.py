"""Feeds that are gone on with, wherever a crash cut them off."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biorxivist.exporters import FlatCsv, FlushedJsonLines
from biorxivist.feed import read_feed
from biorxivist.items import Attempt, Author, Paper
from biorxivist.resume import NotContinued

EXPORTERS = {"papers.jsonl": FlushedJsonLines, "papers.csv": FlatCsv}
TEXT = 'A "quoted" text, with commas;\n\nand {"attempts":[],"fetched":"x"} in it, β and 10⁶.\r\nEnd'
PAPERS = [
    Paper(doi=f"10.1101/{n}", version=n % 3, title=f"Title {n}", authors=[Author("Zoë")], text=TEXT * n,
          coverage="full_text", attempts=[Attempt("jats", detail="a ] and } in it")], fetched=f"2026-01-0{n}T00:00:00+00:00")
    for n in range(1, 6)
]  # fmt: skip


def write(path: Path, *papers: Paper, mode: str = "ab", **options) -> None:
    with path.open(mode) as file:
        exporter = EXPORTERS[path.name](file, encoding="utf-8", **options)
        exporter.start_exporting()
        for paper in papers:
            exporter.export_item(paper)
        exporter.finish_exporting()


@pytest.fixture(params=EXPORTERS)
def feed(request, tmp_path) -> Path:
    return tmp_path / request.param


@settings(max_examples=60)
@given(st.data())
def test_cut_off_anywhere_it_is_completed(feed, data):
    write(feed, *PAPERS, mode="wb")
    whole = feed.read_bytes()
    feed.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    write(feed, *PAPERS)
    assert feed.read_bytes() == whole


def test_nothing_is_written_twice_in_any_order(feed):
    write(feed, *PAPERS)
    whole = feed.read_bytes()
    write(feed, *reversed(PAPERS))
    assert feed.read_bytes() == whole


def test_how_a_paper_was_fetched_makes_no_new_line(feed):
    write(feed, *PAPERS)
    whole = feed.read_bytes()
    write(feed, *(replace(p, fetched="2027", attempts=[Attempt("page", outcome="refused")]) for p in PAPERS))
    assert feed.read_bytes() == whole


def test_a_changed_record_is_a_new_line_and_the_last_one_counts(tmp_path):
    feed = tmp_path / "papers.jsonl"
    published = replace(PAPERS[0], published_doi="10.1038/x")
    write(feed, *PAPERS)
    write(feed, published, PAPERS[1])
    assert len(feed.read_bytes().splitlines()) == len(PAPERS) + 1
    assert next(p for p in read_feed(feed) if p.doi == published.doi) == published
    # and back again
    write(feed, PAPERS[0])
    assert len(feed.read_bytes().splitlines()) == len(PAPERS) + 2
    write(feed, PAPERS[0])
    assert len(feed.read_bytes().splitlines()) == len(PAPERS) + 2


def test_a_text_that_came_later_is_a_new_line_and_a_refusal_takes_none_away(feed):
    poor = replace(PAPERS[0], text="", coverage="abstract", attempts=[Attempt("jats", outcome="refused")])
    withdrawn = replace(poor, withdrawn=True, attempts=[Attempt("record")])
    write(feed, poor)
    write(feed, PAPERS[0])
    assert contents(feed) == ["abstract", "full_text"]
    write(feed, poor)
    assert contents(feed) == ["abstract", "full_text"]
    write(feed, withdrawn)
    assert contents(feed) == ["abstract", "full_text", "abstract"]


def contents(feed: Path) -> list[str]:
    with feed.open(newline="", encoding="utf-8") as file:
        items = csv.DictReader(file) if feed.suffix == ".csv" else map(json.loads, file)
        return [item["coverage"] for item in items]


def test_fields_of_the_users_choice(feed):
    fields = ["doi", "version", "title"]
    for _ in range(2):
        write(feed, *PAPERS, fields_to_export=fields)
    assert len(feed.read_bytes().splitlines()) == len(PAPERS) + (feed.suffix == ".csv")
    write(feed, replace(PAPERS[0], title="New"), fields_to_export=fields)
    assert len(feed.read_bytes().splitlines()) == len(PAPERS) + (feed.suffix == ".csv") + 1


@pytest.mark.parametrize("content", [b"My notes,\nwithout an end", b"My notes", b'{\n  "doi": "10.1101/1"\n}', b"[]\n"])
def test_a_file_of_something_else_is_not_touched(feed, content):
    feed.write_bytes(content)
    with pytest.raises(NotContinued):
        write(feed, *PAPERS)
    assert feed.read_bytes() == content


def test_zeros_that_a_power_cut_left_are_taken_away(tmp_path):
    feed = tmp_path / "papers.jsonl"
    write(feed, *PAPERS)
    whole = feed.read_bytes()
    feed.write_bytes(whole + bytes(5000))
    write(feed, *PAPERS)
    assert feed.read_bytes() == whole


def test_a_large_feed_costs_little_memory(tmp_path):
    import tracemalloc

    from biorxivist.resume import written_lines

    feed = tmp_path / "papers.jsonl"
    with feed.open("wb") as file:
        for n in range(20_000):
            file.write(b'{"schema":1,"doi":"10.1101/%d","version":1,"title":"t","coverage":"abstract"}\n' % n)
    tracemalloc.start()
    assert len(written_lines(feed)) == 20_000
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 20_000 * 300
