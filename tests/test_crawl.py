"""The main job as a user runs it: `scrapy crawl` against the local site."""

import csv
import json

import pytest

from tests.crawling import Site, local_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def search(site: Site, folder, q: str, *args: str, **options):
    return site.crawl(folder, "search", "-a", f"q={q}", *args, **options)


def test_a_search_delivers_full_text(site, tmp_path):
    run = search(site, tmp_path, "single cell RNA sequencing", "-a", "limit=5")
    assert run.status == 0, run.log
    assert len(run.items) == 5
    for item in run.items:
        assert item["coverage"] in ("full_text", "abstract")
        assert item["server"] == "biorxiv"
        assert item["attempts"][0]["source"] == "record"
        assert item["fetched"].startswith("20")
    assert sum(i["coverage"] == "full_text" for i in run.items) >= 3
    assert "5 wanted" in run.log
    assert "Papers delivered" in run.log
