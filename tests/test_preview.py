"""`-a preview=yes`: what a run would fetch, without fetching a paper."""

import re
import subprocess
import sys

import pytest

from tests.crawling import Site, local_site

PAPER = "10.1101/2024.03.05.583102"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0", "--papers", "200") as site:
        yield site


def preview(site: Site, folder, *args: str, delay: str = "7") -> tuple[int, str, list[str]]:
    """Exit status, standard output and the paths that were asked; the feed is there before."""
    (folder / "papers.jsonl").write_text("kept\n")
    before = len(site.asked)
    given = [part for arg in ("preview=yes", *args[1:]) for part in ("-a", arg)]
    own = ["-s", f"BIORXIVIST_DATA={folder / 'data'}", "-s", f"DOWNLOAD_DELAY={delay}", "-O", "papers.jsonl"]
    command = [sys.executable, "-m", "biorxivist", "crawl", args[0], *given, *site.settings, *own]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert (folder / "papers.jsonl").read_text() == "kept\n", "no feed is written"
    return done.returncode, done.stdout, [r["path"] for r in site.asked[before:]]


def test_a_search(site, tmp_path):
    status, shown, asked = preview(site, tmp_path, "search", "q=cells", "server=both", "limit=50")
    assert status == 0
    assert len(asked) == 1
    assert "fullText" not in asked[0]
    assert re.match(r"\d+ papers found, 50 wanted\n\n", shown)
    assert len(re.findall(r"^  \d{4}-\d\d-\d\d  10\.\S+ +\S", shown, re.M)) == 10
    assert "takes about 7 min, at one request in 7 s" in shown
    assert "about 6.3 MB for a JSON Lines feed and 1.5 MB for the archive" in shown


def test_metadata_cost_little(site, tmp_path):
    status, shown, _ = preview(site, tmp_path, "search", "q=cells", "fulltext=no", "limit=2", delay="1")
    assert status == 0
    assert "takes about 2 s,\nand" in shown
    assert len(re.findall(r"^  \d{4}-", shown, re.M)) == 2


def test_a_listing_asks_for_the_first_page_of_each_month(site, tmp_path):
    status, shown, asked = preview(site, tmp_path, "listing", "since=2024-03-01", "until=2024-05-31", delay="0")
    assert status == 0
    assert len(asked) == 3
    assert all(path.startswith("/details/biorxiv/2024-0") for path in asked)
    assert re.match(r"At most \d+ papers found", shown)
    assert f"  2024-03-08  {PAPER}v1   Single-cell" in shown
    assert not (tmp_path / "data" / "listings").exists()


def test_a_list_and_the_sites_own_search(site, tmp_path):
    status, shown, asked = preview(site, tmp_path, "paper", f"doi={PAPER}v1 10.1101/339741")
    assert (status, asked) == (0, [])
    assert shown.startswith("2 papers found, 2 wanted\n")
    assert f"{PAPER}v1" in shown
    status, shown, asked = preview(site, tmp_path, "search", "q=cells", "source=site")
    assert (status, shown, asked) == (1, "", ["/robots.txt"])
