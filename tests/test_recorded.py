"""Real documents: the spiders deliver every recorded paper, and the readers lose none of its text."""

import csv
import json
import re
import subprocess
import sys

import pytest

from tests.conftest import absent
from tests.crawling import ROOT, local_site

TEXTS = {"jats/site", "jats/meca", "html/fulltext", "html/fulltext-reindented"}
# site JATS whose body holds nothing but supplementary files
WITHOUT_TEXT = {"10.1101/282129v2", "10.1101/2021.06.18.448859v4", "10.1101/2021.08.18.456820v2"}


@pytest.fixture(scope="module")
def recorded(corpus) -> dict[str, set[str]]:
    """Kinds of document by DOI and version."""
    found: dict[str, set[str]] = {}
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["doi"] and row["version"] and row["kind"].startswith(("jats/", "html/")):
                found.setdefault(f"{row['doi']}v{row['version']}", set()).add(row["kind"])
    return found


def test_every_recorded_paper_is_delivered(corpus, recorded, tmp_path):
    (tmp_path / "dois.txt").write_text("\n".join(recorded))
    with local_site(tmp_path, str(corpus), "--delay", "0") as site:
        run = site.crawl(tmp_path, "paper", "-a", "file=dois.txt")
    assert run.status == 0, run.log[-3000:]
    delivered = {f"{item['doi']}v{item['version']}": item for item in run.items}
    assert delivered.keys() == recorded.keys()
    with_text = {paper for paper, kinds in recorded.items() if kinds & TEXTS} - WITHOUT_TEXT
    assert {paper for paper, item in delivered.items() if item["coverage"] == "full_text"} == with_text
    for paper in with_text:
        expected = "jats" if recorded[paper] & {"jats/site", "jats/meca"} else "page"
        assert delivered[paper]["source"] == expected, paper
        assert len(delivered[paper]["text"]) > 1000, paper
        assert not re.search(r"[\w.]@[\w-]+\.\w{2,}", json.dumps(delivered[paper]["authors"])), paper


@pytest.mark.parametrize(
    ("kind", "folder", "reader"),
    [
        ("jats", "jats/site", "biorxivist.readers.jats:read_jats"),
        ("jats", "jats/meca", "biorxivist.readers.jats:read_jats"),
        ("html", "html/fulltext", "biorxivist.readers.page:read_page"),
        ("html", "html/fulltext-reindented", "biorxivist.readers.page:read_page"),
    ],
)
def test_readers_lose_nothing_of_the_mark_up(corpus, tmp_path, kind, folder, reader):
    scorer = corpus.parent / "tools" / "score.py"
    if not scorer.exists():
        absent(f"no scorer at {scorer}")
    files = [str(f) for f in sorted((corpus / folder).iterdir())]
    out = tmp_path / "score.json"
    command = [
        sys.executable,
        str(scorer),
        kind,
        *files,
        "--read",
        reader,
        "--then",
        "biorxivist.text:clean_paper",
        "--json",
        str(out),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(out.read_text())["rows"].values()
    assert len(rows) == len(files)
    for name, least in (("F", 0.985), ("head", 0.985), ("cap", 0.985)):
        values = [row[name] for row in rows if row[name] is not None]
        assert sum(values) / len(values) >= least, (name, done.stdout)
    for name in ("refs", "figs", "tabs"):
        assert sum(row[name] for row in rows) == sum(row[f"want_{name}"] for row in rows), name
