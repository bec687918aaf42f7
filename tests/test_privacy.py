"""No address of an author in anything that a crawl of real documents writes, and nothing written that others may read."""

import csv
import re
import stat
from pathlib import Path

import pytest

from tests.crawling import Run, local_site
from tests.site.folder import holdings

# with a domain, so that "COVID-19@Spain" is none; `x{at}y` is how the sites themselves hide an address
SIGN = re.compile(r"@|＠|&#64;|\{at\}|\[at\]|\(at\)|mailto:", re.IGNORECASE)
DOT = r"\s?(?:\.|\[dot\]|\(dot\)|\{dot\})\s?"
ADDRESS = re.compile(
    rf"[\w.+-]\s?(?:{SIGN.pattern})\s?[\w-]+(?:{DOT}[\w-]+)*{DOT}[a-z]{{2,}}|\{{at\}}|mailto:", re.IGNORECASE
)


def addresses(text: str) -> list[str]:
    """What looks like an e-mail address, with what stands around it."""
    around = (text[max(0, sign.start() - 40) : sign.end() + 80] for sign in SIGN.finditer(text))
    return [words for words in around if ADDRESS.search(words, 30)]


FEEDS = ("papers.json", "papers.csv", "papers.bib", "papers.ris", "papers.csl.json")


@pytest.fixture(scope="module")
def run(corpus, tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "dois.txt").write_text("\n".join(sorted({f"{h.doi}v{h.version}" for h in holdings(corpus)})))
    more = [part for name in FEEDS for part in ("-O", name.replace(".csl.json", ".csl"))]
    with local_site(folder, str(corpus), "--delay", "0") as site:
        return site.crawl(folder, "paper", "-a", "file=dois.txt", *more, "-s", "BIORXIVIST_BROWSER=no", timeout=600)


def written(run: Run) -> list[Path]:
    """All that a crawl wrote but the archive, which keeps the documents as they came, and what the test put there."""
    folder = run.feed.parent
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [f for f in files if not f.name.startswith(("archive.sqlite", "dois.txt", "requests.jsonl"))]


def test_the_documents_hold_addresses(corpus):
    documents = [path for kind in ("landing", "fulltext") for path in (corpus / "html" / kind).iterdir()]
    documents += (corpus / "jats" / "meca").iterdir()
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in documents)
    assert sum(bool(addresses(text)) for text in texts) > 20


def test_no_address_of_an_author_is_written(run):
    assert len(run.items) > 250, run.log
    files = written(run)
    assert {"papers.jsonl", "papers.csv", "papers.bib", "run.json", "report.html"} <= {f.name for f in files}
    for path in files:
        assert addresses(path.read_text(encoding="utf-8", errors="replace")) == [], path.name
    assert addresses(run.log) == []


def test_no_cell_of_real_papers_is_a_formula(run):
    csv.field_size_limit(10**7)
    with (run.feed.parent / "papers.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 250
    assert [cell[:40] for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def test_what_is_kept_between_runs_is_its_owners_alone(run):
    data = run.feed.parent / "data"
    assert (data / "archive.sqlite").is_file()
    for path in (data, *data.rglob("*")):
        if not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
