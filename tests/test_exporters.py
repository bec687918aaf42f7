"""The feeds, read back as their users read them."""

import csv
import io
import json

from scrapy.exporters import JsonItemExporter

from biorxivist.exporters import COLUMNS, FlatCsv, FlushedJsonLines, Json
from biorxivist.items import Affiliation, Attempt, Author, Block, Figure, Paper, Reference, Section, Version

PAPER = Paper(
    doi="10.64898/2026.01.02.700001",
    version=2,
    server="biorxiv",
    title="=HYPERLINK(A1) is a title",
    abstract="Line one.\n\nLine “two”, with a comma; and more.",
    authors=[
        Author("Zoë Ångström", orcid="0000-0002-1825-0097", corresponding=True, affiliations=["a1"]),
        Author("王小明"),
    ],
    affiliations=[Affiliation("a1", "Institute of Invention, Utopia")],
    versions=[Version(1, "2026-01-05"), Version(2, "2026-02-05")],
    sections=[Section("s1", "Results", "results", 1, [Block("paragraph", "Text"), Block("figure", id="F1")])],
    figures=[Figure("F1", "Figure 1", "A title.", "A caption.")],
    references=[Reference("c1", doi="10.1000/xyz"), Reference("c2")],
    attempts=[Attempt("record"), Attempt("jats", outcome="refused", status=403)],
    text="-1 is how this text begins",
)


def exported(exporter, *items, **options) -> bytes:
    out = io.BytesIO()
    exporter = exporter(out, encoding="utf-8", **options)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return out.getvalue()


def test_json_lines_hold_every_field():
    (line,) = exported(FlushedJsonLines, PAPER).decode().splitlines()
    read = json.loads(line)
    assert list(read) == list(Paper.__dataclass_fields__)
    assert read["authors"][1]["name"] == "王小明"
    assert "王小明" in line
    assert read["sections"][0]["blocks"][1] == {"kind": "figure", "text": "", "id": "F1", "citations": []}


def test_json_says_what_scrapys_own_exporter_would_say():
    theirs = json.loads(exported(JsonItemExporter, PAPER, PAPER, indent=2))
    assert json.loads(exported(Json, PAPER, PAPER, indent=2)) == theirs
    assert json.loads(exported(Json, PAPER, PAPER)) == theirs
    assert len(theirs) == 2


def test_a_feed_holds_the_fields_that_the_user_named():
    (line,) = exported(FlushedJsonLines, PAPER, fields_to_export=["doi", "title"]).splitlines()
    assert json.loads(line) == {"doi": PAPER.doi, "title": PAPER.title}


def test_a_paper_is_in_the_file_as_soon_as_it_is_exported(tmp_path):
    path = tmp_path / "papers.jsonl"
    with path.open("wb") as file:
        FlushedJsonLines(file, encoding="utf-8").export_item(PAPER)
        assert json.loads(path.read_text())["doi"] == PAPER.doi


def test_csv_is_one_row_a_paper():
    rows = list(csv.reader(io.StringIO(exported(FlatCsv, PAPER, PAPER).decode())))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 3
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["authors"] == "Zoë Ångström; 王小明"
    assert row["corresponding"] == "Zoë Ångström"
    assert row["versions"] == "v1 2026-01-05; v2 2026-02-05"
    assert row["figures"] == "Figure 1 A title. A caption."
    assert row["references"] == "2"
    assert row["reference_dois"] == "10.1000/xyz"
    assert row["attempts"] == "record: ok; jats: refused"
    assert row["abstract"] == PAPER.abstract


def test_no_cell_is_a_formula():
    rows = list(csv.reader(io.StringIO(exported(FlatCsv, PAPER).decode())))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["title"] == "'=HYPERLINK(A1) is a title"
    assert row["text"].startswith("'-1 is")
    assert not [c for c in rows[1] if c.startswith(("=", "+", "-", "@"))]


def test_an_appended_csv_has_one_header(tmp_path):
    path = tmp_path / "papers.csv"
    for _ in range(2):
        with path.open("ab") as file:
            exporter = FlatCsv(file, encoding="utf-8")
            exporter.export_item(PAPER)
            exporter.finish_exporting()
    assert path.read_text().count("doi,version,server") == 1


def test_csv_columns_can_be_chosen():
    text = exported(FlatCsv, PAPER, fields_to_export=["doi", "version"]).decode()
    assert text.splitlines() == ["doi,version", "10.64898/2026.01.02.700001,2"]
