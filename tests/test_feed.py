"""A feed read back is the papers that were written."""

import gzip
import json
from dataclasses import replace

import pytest

from biorxivist.feed import UnreadableFeed, from_json, read_feed, to_json
from biorxivist.items import SCHEMA, Paper
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.test_exporters import PAPER
from tests.test_pages import PAGES


def write(path, *papers, end=b"\n"):
    path.write_bytes(b"\n".join(map(to_json, papers)) + end)
    return path


@pytest.mark.parametrize("document", sorted(PAGES.glob("*/jats-site.xml")), ids=lambda p: p.parent.name)
def test_a_paper_survives_its_line(document):
    paper = clean_paper(read_jats(document.read_bytes()))
    assert from_json(to_json(paper)) == paper


def test_the_last_line_of_a_version_counts_at_its_place(tmp_path):
    first, other = replace(PAPER, license=""), replace(PAPER, version=3)
    newer = replace(PAPER, license="CC-BY-4.0")
    assert list(read_feed(write(tmp_path / "p.jsonl", first, other, newer))) == [other, newer]


def test_lines_in_another_order_of_fields_are_read(tmp_path):
    data = json.loads(to_json(PAPER))
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(dict(reversed(data.items()))) + "\n\n")
    assert list(read_feed(path)) == [PAPER]


def test_a_compressed_feed_is_read(tmp_path):
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(gzip.compress(to_json(PAPER) + b"\n"))
    assert list(read_feed(path)) == [PAPER]


def test_a_last_line_without_newline_is_read_and_one_cut_off_is_left_out(tmp_path, caplog):
    other = replace(PAPER, version=3)
    assert list(read_feed(write(tmp_path / "p.jsonl", PAPER, other, end=b""))) == [PAPER, other]
    whole = write(tmp_path / "p.jsonl", PAPER, other).read_bytes()
    (tmp_path / "p.jsonl").write_bytes(whole[:-40])
    assert list(read_feed(tmp_path / "p.jsonl")) == [PAPER]
    assert "cut off" in caplog.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"doi": "10.1101/1"}]\n', "line 1 is no paper"),
        (b"doi,version\n10.1101/1,1\n", "line 1 is no paper"),
        (b'{"title": "without a DOI"}\n', "line 1 is no paper"),
        (to_json(PAPER)[:-40] + b"\n" + to_json(replace(PAPER, version=3)) + b"\n", "line 1 is no paper"),
        (to_json(Paper(schema=SCHEMA + 1, doi="10.1101/1")) + b"\n", "newer BioRxivist"),
        (b"\xff\xfe\n", "line 1 is no paper"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_with_its_line(tmp_path, content, told):
    path = tmp_path / "p.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableFeed, match=told):
        list(read_feed(path))


def test_a_feed_that_is_not_there_or_not_compressed_is_said_to_be(tmp_path):
    with pytest.raises(UnreadableFeed, match="No such file"):
        list(read_feed(tmp_path / "none.jsonl"))
    path = write(tmp_path / "p.jsonl.gz", PAPER)
    with pytest.raises(UnreadableFeed, match="gzip"):
        list(read_feed(path))
