"""`scrapy export` and `scrapy schema`: any feed in any format."""

import csv
import json
import subprocess
import sys
from dataclasses import replace

import bibtexparser
import jsonschema
import pytest
import rispy

from biorxivist.chunks import chunk_paper
from biorxivist.feed import read_feed, to_json
from biorxivist.items import Chunk, Paper
from biorxivist.readers.jats import read_jats
from biorxivist.schema import json_schema
from biorxivist.text import clean_paper
from tests.test_exporters import PAPER
from tests.test_pages import PAGES

PAPERS = [clean_paper(read_jats(d.read_bytes())) for d in sorted(PAGES.glob("*/jats-site.xml"))]


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_bytes(b"".join(to_json(paper) + b"\n" for paper in PAPERS))
    return path


def test_formats_that_keep_all_lead_back_to_the_feed(shell, feed):
    for name in ("papers.parquet", "papers.json"):
        assert shell.scrapy("export", feed, name).status == 0
        done = shell.scrapy("export", name, f"{name}.jsonl")
        assert (done.status, done.err) == (0, f"{len(PAPERS)} papers in {name}.jsonl\n")
        assert (shell.folder / f"{name}.jsonl").read_bytes() == feed.read_bytes()


def test_formats_that_keep_less_have_every_paper(shell, feed):
    for target in ("p.csv", "p.bib", "p.ris", "p.csl", "pandoc.json:csl"):
        assert shell.scrapy("export", feed, target).status == 0
    dois = [p.doi for p in PAPERS]
    with (shell.folder / "p.csv").open(newline="") as file:
        assert [row["doi"] for row in csv.DictReader(file)] == dois
    assert [e["doi"] for e in bibtexparser.parse_file(shell.folder / "p.bib").entries] == dois
    assert [e["doi"] for e in rispy.loads((shell.folder / "p.ris").read_text())] == dois
    for name in ("p.csl", "pandoc.json"):
        assert [e["DOI"] for e in json.loads((shell.folder / name).read_bytes())] == dois


def test_standard_output_takes_a_named_format(shell, feed):
    done = shell.scrapy("export", feed, "-:ris")
    assert len(rispy.loads(done.out)) == len(PAPERS)


def test_a_folder_gets_a_markdown_file_a_paper(shell, feed):
    for args in (("md/",), ("--to", "notes")):
        assert shell.scrapy("export", feed, *args).status == 0
        files = sorted((shell.folder / args[-1]).iterdir())
        assert len(files) == len(PAPERS)
        assert all(f.read_text().startswith("---\ntitle: ") for f in files)


def test_no_doi_leads_out_of_the_folder(shell):
    hostile = ["../../etc/passwd", "/tmp/x", "..", "a\\..\\b", "con", "x" * 900, ".hidden", "10.1101/\u0000"]
    (shell.folder / "p.jsonl").write_bytes(b"".join(to_json(Paper(doi=doi, title="t")) + b"\n" for doi in hostile))
    assert shell.scrapy("export", "p.jsonl", "--to", "md/").status == 0
    assert len(list((shell.folder / "md").glob("*.md"))) == len(hostile)
    assert sorted(p.name for p in shell.folder.iterdir()) == ["md", "p.jsonl"]


@pytest.mark.parametrize(("license", "count"), [("open", 3), ("cc", 4), ("any", 6)])
def test_papers_are_chosen_by_their_licence(shell, license, count):
    given = ["CC-BY-4.0", "CC0-1.0", "CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "all-rights-reserved", ""]
    lines = [to_json(replace(PAPER, version=n, license=name)) + b"\n" for n, name in enumerate(given, 1)]
    (shell.folder / "p.jsonl").write_bytes(b"".join(lines))
    done = shell.scrapy("export", "p.jsonl", "chosen.jsonl", "--license", license)
    assert [p.license for p in read_feed(shell.folder / "chosen.jsonl")] == given[:count]
    assert (f"{6 - count} left out by their licence" in done.err) == (count < 6)


def test_several_feeds_become_one_and_fields_are_chosen(shell, feed):
    (shell.folder / "more.jsonl").write_bytes(to_json(PAPER) + b"\n")
    assert shell.scrapy("export", feed, "more.jsonl", "all.jsonl", "-s", "FEED_EXPORT_FIELDS=doi,title").status == 0
    lines = [json.loads(line) for line in (shell.folder / "all.jsonl").read_text().splitlines()]
    assert lines[-1] == {"doi": PAPER.doi, "title": PAPER.title}
    assert len(lines) == len(PAPERS) + 1


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "give a feed and where to write"),
        (("papers.jsonl",), "give a feed and where to write"),
        (("papers.jsonl", "p.docx"), "p.docx: the name ends in .jsonl, .json, .csv"),
        (("none.jsonl", "p.bib"), "cannot read the feed none.jsonl"),
        (("broken.json", "p.bib"), "broken.json is no list of papers"),
        (("papers.jsonl", "papers.jsonl/p.bib"), "cannot write"),
        (("papers.jsonl", "--to", "papers.jsonl/md/"), "cannot write"),
    ],
)
def test_what_cannot_be_done_gets_one_line_and_leaves_no_file(shell, feed, args, told):
    (shell.folder / "broken.json").write_text('[{"doi": 5}]')
    done = shell.scrapy("export", *args)
    assert done.status in (1, 2)
    assert told in done.err
    assert done.err.count("\n") == 1
    assert sorted(p.name for p in shell.folder.iterdir()) == ["broken.json", "papers.jsonl"]


def test_a_failed_export_keeps_the_old_file(shell, feed):
    (shell.folder / "p.bib").write_text("old")
    (shell.folder / "broken.jsonl").write_bytes(feed.read_bytes() + b"{}\n")
    assert shell.scrapy("export", "broken.jsonl", "p.bib").status == 1
    assert (shell.folder / "p.bib").read_text() == "old"


def test_a_reader_that_stops_is_no_error(feed):
    command = f"{sys.executable} -m biorxivist export {feed} -:bib | head -c 10"
    done = subprocess.run(
        command, shell=True, cwd=feed.parent, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.stdout == "@misc{okon"
    assert "Traceback" not in done.stderr


# --- schema -----------------------------------------------------------------------------------------------------------


def test_every_line_fits_the_schema(shell, feed):
    schema = json.loads(shell.scrapy("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for line in feed.read_bytes().splitlines():
        validator.validate(json.loads(line))
    chunks = jsonschema.Draft202012Validator(json.loads(shell.scrapy("schema", "chunk").out))
    for chunk in chunk_paper(PAPERS[0]):
        chunks.validate({name: getattr(chunk, name) for name in Chunk.__dataclass_fields__})


def test_the_schema_sees_what_is_wrong_however_deep():
    validator = jsonschema.Draft202012Validator(json_schema())
    paper = json.loads(to_json(PAPERS[0]))
    nested = next(s for s in paper["sections"] if s["sections"])["sections"][0]
    nested["blocks"][0]["text"] = 5
    assert not validator.is_valid(paper)
    assert not validator.is_valid({"dio": ""})


def test_every_field_of_the_schema_is_described():
    def fields(schema):
        for field in schema.get("properties", {}).values():
            yield field
            yield from fields(field.get("items", {}))

    schema = json_schema()
    everything = [*fields(schema), *fields(schema["$defs"]["Section"])]
    assert len(everything) > 100
    assert all(field["description"] for field in everything)


def test_a_schema_of_what_there_is_not_is_refused(shell):
    done = shell.scrapy("schema", "figure")
    assert (done.status, done.err) == (2, "scrapy schema: figure: there are paper and chunk\n")
