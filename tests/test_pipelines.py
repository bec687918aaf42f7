"""Check and Unique: what is dropped, and what only counted. (Clean is `text.clean_paper`.)"""

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from biorxivist.items import Paper
from biorxivist.pipelines import Check, Clean, Unique


def paper(**fields) -> Paper:
    return Paper(**{"doi": "10.1101/000001", "version": 1, "server": "biorxiv", "title": "Invented", **fields})


@pytest.fixture
def crawler():
    crawler = get_crawler()
    crawler._apply_settings()
    return crawler


def test_clean_makes_the_text():
    cleaned = Clean().process_item(paper(abstract=" An  abstract ,  invented . "))
    assert cleaned.abstract == cleaned.text == "An abstract, invented."
    assert cleaned.coverage == "abstract"


@pytest.mark.parametrize("lacking", ["doi", "server", "title"])
def test_what_is_not_a_paper_is_dropped_and_counted(crawler, lacking):
    with pytest.raises(DropItem, match=lacking):
        Check.from_crawler(crawler).process_item(paper(**{lacking: ""}))
    assert crawler.stats.get_value(f"biorxivist/check/dropped/{lacking}") == 1


def test_what_is_incomplete_is_kept_and_counted(crawler, caplog):
    item = paper(posted="2025-01-01", abstract="x", url="https://example.org", version=1)
    assert Check.from_crawler(crawler).process_item(item) is item
    assert crawler.stats.get_value("biorxivist/check/missing/authors") == 1
    assert "10.1101/000001v1 has no authors" in caplog.text


def test_a_version_is_delivered_once():
    unique = Unique()
    assert unique.process_item(paper()).version == 1
    assert unique.process_item(paper(version=2)).version == 2
    with pytest.raises(DropItem, match="version 1 is in the feed already"):
        unique.process_item(paper())
