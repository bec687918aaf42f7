"""Parquet: typed, nested, whole, read by those who use it."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pandas
import polars
import pyarrow
import pytest
from pyarrow import parquet

from biorxivist.errors import UserError
from biorxivist.items import Block, Paper, Section, Version
from biorxivist.parquet import ParquetWriter, from_row, read_parquet, schema, to_row
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.conftest import ROOT
from tests.crawling import local_site
from tests.test_exporters import PAPER
from tests.test_pages import PAGES
from tests.waiting import until

NESTED = [
    Section("a", "A", level=1, sections=[Section("b", "B", level=2, sections=[Section("c", "C", level=3)]), Section("d", "D", level=2)]),
    Section("e", "E", level=1, blocks=[Block("paragraph", "Text")]),
]  # fmt: skip
DATED = replace(
    PAPER, posted="2026-02-05", first_posted="2026-01-05", fetched="2026-02-06T07:08:09+00:00", sections=NESTED
)


def written(path, *papers: Paper, **options):
    with path.open("wb") as file:
        writer = ParquetWriter(file, **options)
        for paper in papers:
            writer.write(paper)
        writer.close()
    return path


def test_a_row_keeps_every_field():
    assert schema().names == list(Paper.__dataclass_fields__)
    assert from_row(to_row(DATED)) == DATED
    assert from_row(to_row(Paper(doi="10.1101/1"))) == Paper(doi="10.1101/1")


@pytest.mark.parametrize("document", sorted(PAGES.glob("*/jats-site.xml")), ids=lambda p: p.parent.name)
def test_a_document_survives_its_file(tmp_path, document):
    paper = clean_paper(read_jats(document.read_bytes()))
    assert list(read_parquet(written(tmp_path / "p.parquet", paper, DATED))) == [paper, DATED]


def test_columns_have_types(tmp_path):
    read = parquet.read_table(written(tmp_path / "p.parquet", DATED))
    assert read.schema.field("posted").type == pyarrow.date32()
    assert pyarrow.types.is_timestamp(read.schema.field("fetched").type)
    assert pyarrow.types.is_struct(read.schema.field("authors").type.value_type)
    assert read["posted"][0].as_py() == date(2026, 2, 5)
    assert read["fetched"][0].as_py() == datetime(2026, 2, 6, 7, 8, 9, tzinfo=UTC)
    assert read["received"][0].as_py() is None
    assert read["versions"][0].as_py()[1]["posted"] == date(2026, 2, 5)
    assert [(s["title"], s["level"]) for s in read["sections"][0].as_py()] == [
        ("A", 1),
        ("B", 2),
        ("C", 3),
        ("D", 2),
        ("E", 1),
    ]


def test_duckdb_polars_and_pandas_read_it(tmp_path):
    path = written(tmp_path / "p.parquet", DATED, replace(DATED, doi="10.1101/2", license="CC-BY-4.0"))
    rows = duckdb.sql(f"SELECT year(posted), len(authors), authors[1].orcid, license FROM '{path}' ORDER BY license")
    assert rows.fetchall() == [(2026, 2, "0000-0002-1825-0097", ""), (2026, 2, "0000-0002-1825-0097", "CC-BY-4.0")]
    titles = duckdb.sql(
        f"SELECT s.title FROM (SELECT unnest(sections) AS s FROM '{path}') WHERE s.level = 2"
    ).fetchall()
    assert titles == [("B",), ("D",)] * 2
    frame = (
        polars.scan_parquet(path).select(polars.col("posted").dt.year(), polars.col("references").list.len()).collect()
    )
    assert frame.rows() == [(2026, 2)] * 2
    assert list(pandas.read_parquet(path, columns=["doi", "version"])["version"]) == [2, 2]
    assert pandas.read_parquet(path)["affiliations"][0][0]["text"] == "Institute of Invention, Utopia"


def test_the_questions_of_the_readme_have_answers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    documents = sorted(PAGES.glob("*/jats-site.xml"))
    written(tmp_path / "papers.parquet", *(clean_paper(read_jats(d.read_bytes())) for d in documents))
    questions = re.findall(r"^SELECT .+;$", (ROOT / "README.md").read_text(), re.M)
    answers = [duckdb.sql(question).fetchall() for question in questions]
    assert len(answers) == 3
    assert all(answers)


def test_row_groups_are_written_as_they_fill(tmp_path):
    path = tmp_path / "p.parquet"
    with path.open("wb") as file:
        writer = ParquetWriter(file, row_group=5000)
        sizes = []
        for number in range(12):
            writer.write(replace(PAPER, version=number))
            file.flush()
            sizes.append(path.stat().st_size)
        writer.close()
    assert len(set(sizes)) == 3
    assert parquet.ParquetFile(path).num_row_groups == 3
    assert [p.version for p in read_parquet(path)] == list(range(12))


def test_the_fields_that_the_user_named_are_the_columns(tmp_path):
    assert parquet.read_table(written(tmp_path / "p.parquet", PAPER, names=["doi", "title"])).to_pylist() == [
        {"doi": PAPER.doi, "title": PAPER.title}
    ]


def test_a_date_that_is_none_is_null():
    assert to_row(Paper(posted="2026", versions=[Version(1, "soon")]))["posted"] is None


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "p.parquet"
    path.write_bytes(b"PAR1 but not really")
    with pytest.raises(UserError, match="no Parquet file of papers"):
        list(read_parquet(path))


# --- feeds of a crawl -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--papers", "200", "--delay", "0") as site:
        yield site


def test_a_crawl_writes_parquet(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte", "-a", "limit=3", feed="papers.parquet")
    assert run.status == 0, run.log
    papers = list(read_parquet(run.feed))
    assert len(papers) == 3
    assert all(p.text for p in papers)
    assert sorted(p.name for p in tmp_path.iterdir() if "papers" in p.name) == ["papers.parquet"]


def test_a_killed_crawl_leaves_the_old_file_or_none(site, tmp_path):
    old = tmp_path / "papers.json"
    old.write_bytes(b"the old feed")
    feeds = "-O", "papers.parquet", "-O", "papers.json"
    command = [sys.executable, "-m", "biorxivist", "crawl", "search", "-a", "q=the", *site.settings, *feeds]
    # none of its answers is the last one
    command += ["-s", "DOWNLOAD_DELAY=0.5"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        # the first paper opens the files
        until(lambda: len(list(tmp_path.glob(f".papers.*.{process.pid}.unfinished"))) == 2)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert old.read_bytes() == b"the old feed"
    assert not (tmp_path / "papers.parquet").exists()
    assert len(list(tmp_path.glob(".papers.*"))) == 2
    # those of a process that lives are its own
    ours = tmp_path / f".others.parquet.{os.getpid()}.unfinished"
    ours.touch()
    run = site.crawl(tmp_path, "paper", "-a", "doi=10.1101/2024.03.05.583102", feed="other.parquet")
    assert run.status == 0, run.log
    assert list(tmp_path.glob(".*")) == [ours]


def test_a_file_that_has_an_end_is_not_continued(site, tmp_path):
    written(tmp_path / "papers.parquet", PAPER)
    command = [
        sys.executable,
        "-m",
        "biorxivist",
        "crawl",
        "search",
        "-a",
        "q=the",
        *site.settings,
        "-o",
        "papers.parquet",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 1
    assert "cannot be continued" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(read_parquet(tmp_path / "papers.parquet")) == [PAPER]


def test_without_pyarrow_one_line_says_what_to_install(site, tmp_path):
    hidden = "import sys; sys.modules['pyarrow'] = None; from biorxivist.__main__ import main; main()"
    command = [sys.executable, "-c", hidden, "crawl", "search", "-a", "q=the", *site.settings, "-O", "papers.parquet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "scrapy crawl: Parquet needs a package: pip install 'biorxivist[parquet]'\n",
    )
