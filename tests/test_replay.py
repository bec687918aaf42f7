"""Crawls out of the archive: nothing is fetched twice, and what comes out is the same."""

import pytest

from biorxivist.archive import Archive
from tests.crawling import local_site
from tests.site.loading import papers

EVERYTHING = ["search", "-a", "server=both", "-a", "q=" + " OR ".join(f'DOI:"{p.doi}"' for p in papers().values())]
MONOCYTES = "10.1101/2024.03.05.583102"
DOCUMENTS = (".source.xml", ".full", "fullTextXML")
OFFLINE = ["-s", "HTTPCACHE_IGNORE_MISSING=True"]
EXPIRED = ["-s", "HTTPCACHE_EXPIRATION_SECS=0.001"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


@pytest.fixture(scope="module")
def first(site, tmp_path_factory):
    """A crawl of everything, with its own folder."""
    return site.crawl(tmp_path_factory.mktemp("all"), *EVERYTHING, feed="first.jsonl")


def lines(run) -> list[bytes]:
    return sorted(run.feed.read_bytes().splitlines())


def full_texts(run) -> list[dict]:
    return sorted((item for item in run.items if item["coverage"] == "full_text"), key=lambda item: item["doi"])


def without_time(run) -> list[dict]:
    return sorted(({**item, "fetched": ""} for item in run.items), key=lambda item: item["doi"])


def test_again_nothing_is_asked_and_the_feed_is_the_same(site, first):
    before = len(site.asked)
    again = site.crawl(first.feed.parent, *EVERYTHING)
    assert site.asked[before:] == []
    assert lines(again) == lines(first)
    assert again.status == first.status == 0


def test_after_a_day_all_but_documents_is_asked_again(site, first):
    before = len(site.asked)
    with Archive(first.feed.parent / "data") as archive:
        kept = {e.address for e in archive.entries() if e.lasting}
    again = site.crawl(first.feed.parent, *EVERYTHING, *EXPIRED)
    asked = [r["path"] for r in site.asked[before:]]
    assert len([url for url in kept if url.endswith(DOCUMENTS)]) == len(kept) > 20
    assert not {path for path in asked if any(url.endswith(path) for url in kept)}
    # what may come yet: a text that was not there, and what changes
    for part in ("/robots.txt", "/search", "/details/", ".source.xml"):
        assert any(part in path for path in asked), part
    assert full_texts(again) == full_texts(first)
    assert without_time(again) == without_time(first)


def test_offline_nothing_is_asked_however_old(site, first):
    before = len(site.asked)
    again = site.crawl(first.feed.parent, *EVERYTHING, *EXPIRED, *OFFLINE)
    assert site.asked[before:] == []
    assert full_texts(again) == full_texts(first)
    assert without_time(again) == without_time(first)
    assert again.status == 0


def test_offline_the_table_names_what_is_missing(site, first):
    before = len(site.asked)
    unknown = "10.1101/2020.01.01.999999"
    run = site.crawl(first.feed.parent, "paper", "-a", f"doi={MONOCYTES} {unknown}", *OFFLINE)
    assert site.asked[before:] == []
    assert [item["doi"] for item in run.items] == [MONOCYTES]
    assert run.status == 3
    assert f"not archived                     1  {unknown}" in run.log
    assert "Traceback" not in run.log


def test_a_search_that_is_not_in_the_archive_fails_offline(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte", *OFFLINE)
    assert "not archived                     1  search" in run.log
    assert run.status == 1
    assert "not in the archive" in run.log


def test_what_is_no_answer_is_not_kept_and_asked_again(tmp_path):
    # a challenge closes its kind of address, so it is played where nothing else is
    faults = ["refuse200@fulltext", "unavailable@jats:0.3", "garbage@jats:0.3", "garbage@page:0.5", "no-result-list@search:0.3", "html@record:0.3"]  # fmt: skip
    quick = ["-s", "RETRY_AFTER_DEFAULT=0", "-s", "RETRY_TIMES=1"]
    with local_site(tmp_path, "--delay", "0", *[a for f in faults for a in ("--fault", f)]) as site:
        site.crawl(tmp_path, *EVERYTHING, *quick)
        with Archive(tmp_path / "data") as archive:
            entries = archive.entries()
            for entry in entries:
                body = archive.body(entry)
                assert b"_cf_chl_opt" not in body
                assert b"503 Service Unavailable" not in body
                assert b'{"version":"6.9","hitCount":0}' not in body
        malformed = [e for e in entries if e.outcome == "malformed"]
        assert malformed
        assert not any(e.lasting for e in malformed)
        before = len(site.asked)
        site.crawl(tmp_path, *EVERYTHING, *quick)
        asked = [r["path"] for r in site.asked[before:]]
    assert all(any(e.address.endswith(path) for path in asked) for e in malformed)


def test_a_crawl_that_cannot_keep_what_it_fetches_does_not_begin(site, tmp_path):
    before = len(site.asked)
    (tmp_path / "data").touch()
    run = site.crawl(tmp_path, "search", "-a", "q=monocyte")
    assert run.status == 1
    assert run.log.startswith("scrapy crawl: cannot make the data folder")
    assert len(run.log.splitlines()) == 1
    assert site.asked[before:] == []
