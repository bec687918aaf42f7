"""Searches and papers from Python, against the local site."""

import asyncio
import os
import signal
import sys
import threading

import pytest

from biorxivist.arguments import ArgumentError
from biorxivist.items import Paper
from biorxivist.session import SessionEnded
from biorxivist.webtools import (
    BioRxivDriver,
    BioRxivPaper,
    MissingPackage,
    PaperNotFound,
    SearchFailed,
    SearchResult,
    WebToolsError,
)
from tests.crawling import local_site

MONOCYTES = "10.1101/2024.03.05.583102"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0", "--papers", "200") as site:
        yield site


@pytest.fixture(scope="module")
def driver(site):
    driver = BioRxivDriver(settings=site.options)
    yield driver
    driver.session.close()


def test_nothing_is_asked_before_it_is_needed(site, driver):
    before = len(site.asked)
    result = driver.search_biorxiv("monocyte")
    assert repr(result) == "<SearchResult of 'monocyte': nothing fetched yet>"
    assert result.url == "https://www.biorxiv.org/search/monocyte%20numresults:75"
    assert len(site.asked) == before
    assert result.response.request.url.startswith(site.options["EUROPEPMC_URL"])
    assert result.response.status == 200


def test_pages_come_one_after_another_and_end_quietly(driver):
    result = driver.search_biorxiv("the")
    assert type(result) is SearchResult
    result.load_results()
    assert len(result.results) == 75
    result.more()
    assert len(result.results) == min(150, result.total)
    papers = result.all()
    assert len(papers) == len(set(papers)) == result.total
    assert result.more().all() is papers
    assert [p.doi for p in result] == [p.doi for p in papers]


def test_two_searches_share_no_paper(driver):
    first, second = driver.search_biorxiv("monocyte"), driver.search_biorxiv("sleep")
    assert first.results
    assert second.results
    assert first.results is not second.results
    assert first.results[0] != second.results[0]


def test_an_entry_tells_what_the_search_told_without_fetching_the_paper(site, driver):
    paper = driver.search_biorxiv(f'DOI:"{MONOCYTES}"').results[0]
    title = driver.paper(MONOCYTES).load().title
    before = len(site.asked)
    assert paper.title == title
    assert paper.abstract.startswith("Monocytes adapt")
    assert repr(paper) == f"[{paper.title}](https://biorxiv.org/content/{MONOCYTES})"
    assert len(site.asked) == before


def test_a_paper_has_everything_of_the_item(driver):
    paper = driver.search_biorxiv(f'DOI:"{MONOCYTES}"')[0]
    text = paper.text
    assert str(paper) == text
    assert paper[392:1000] == text[392:1000]
    assert len(paper) == len(text) > 5000
    assert repr(paper).endswith(f"(https://biorxiv.org/content/{MONOCYTES}v2)")
    assert [s.title for s in paper.sections][:2] == ["Introduction", "Results"]
    assert paper.license
    assert paper.references
    assert len(paper.versions) == 2
    assert paper.pdf_link == f"https://www.biorxiv.org/content/{MONOCYTES}v2.full.pdf"
    assert set(paper.to_dict()) == set(Paper.__dataclass_fields__)
    assert "sections" in dir(paper)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = paper.nonsense


def test_a_paper_gives_langchain_documents(driver):
    paper = driver.search_biorxiv(f'DOI:"{MONOCYTES}"')[0]
    documents = paper.langchain_doc
    assert documents[0].metadata["section"] == "Abstract"
    assert len({document.id for document in documents}) == len(documents) > 5
    for document in documents:
        about = document.metadata
        assert document.page_content
        assert (about["doi"], about["version"], about["license"]) == (MONOCYTES, 2, paper.license)
        assert (about["title"], about["source"]) == (paper.title, paper.url)


def test_without_langchain_documents_are_refused_in_one_line(driver, monkeypatch):
    monkeypatch.delitem(sys.modules, "biorxivist.integrations.langchain", raising=False)
    monkeypatch.setitem(sys.modules, "langchain_core.documents", None)
    monkeypatch.setitem(sys.modules, "langchain_core.document_loaders", None)
    with pytest.raises(MissingPackage, match=r"pip install 'biorxivist\[langchain\]'") as error:
        _ = driver.paper(MONOCYTES).langchain_doc
    assert isinstance(error.value, WebToolsError)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", [MONOCYTES + "v1", f"https://www.biorxiv.org/content/{MONOCYTES}v1.full"])
def test_a_version_is_taken_as_named(driver, name):
    assert driver.paper(name).version == 1
    assert driver.paper(name).load().item.version == 1


def test_a_paper_can_be_had_without_a_driver(driver):
    assert BioRxivPaper(MONOCYTES, driver.session).title.startswith("Single-cell")


def test_it_works_inside_a_running_event_loop_and_without_blocking_one(driver):
    async def notebook():
        blocking = driver.search_biorxiv("monocyte").results
        result = await driver.search_biorxiv("monocyte").aload_results()
        papers = [paper async for paper in result]
        loaded = await asyncio.gather(*(paper.aload() for paper in papers[:5]))
        return blocking, papers, loaded

    blocking, papers, loaded = asyncio.run(notebook())
    assert blocking[0] == papers[0]
    assert all(paper.item.text for paper in loaded)


def test_threads_share_a_driver(driver):
    texts = []
    papers = driver.search_biorxiv("the").results[:8]
    threads = [threading.Thread(target=lambda p=p: texts.append(p.text)) for p in papers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert len(texts) == len(papers)


def test_what_does_not_exist_is_said_in_one_line(driver):
    with pytest.raises(PaperNotFound, match="check the DOI") as error:
        _ = driver.paper("10.1101/2020.01.01.999999").text
    assert "\n" not in str(error.value)
    with pytest.raises(ArgumentError, match="must not be empty"):
        driver.search_biorxiv(" ")
    with pytest.raises(WebToolsError, match="'europepmc' or 'site'"):
        BioRxivDriver(source="google")
    with pytest.raises(ValueError, match="another publisher"):
        driver.paper("10.1038/s41586-020-2649-2")
    assert driver.search_biorxiv("zzzzqqqq").results == []


def test_a_search_that_fails_says_what_to_do(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--fault", "error@search") as site:
        driver = BioRxivDriver(settings=site.options | {"RETRY_TIMES": 0})
        with pytest.raises(SearchFailed, match="try again later"):
            _ = driver.search_biorxiv("monocyte").results
        driver.session.close()


def test_a_session_whose_crawl_was_killed_says_so_and_starts_again(site):
    driver = BioRxivDriver(settings=site.options)
    assert driver.search_biorxiv("monocyte").results
    os.kill(driver.session.process.pid, signal.SIGSTOP)
    waiting = driver.session.ask(doi=MONOCYTES)
    os.kill(driver.session.process.pid, signal.SIGKILL)
    with pytest.raises(SessionEnded, match="ask again"):
        waiting.result(20)
    assert driver.search_biorxiv("monocyte").results
    driver.session.close()


def test_a_notebook_shows_papers_and_searches(driver):
    result = driver.search_biorxiv("monocyte")
    card = result[0]._repr_html_()
    assert "<details><summary>Introduction" in card
    assert "<script" not in card
    assert f"{len(result.results)} of {result.total} papers" in result._repr_html_()


def test_the_sites_own_search_is_refused_until_the_user_disobeys_its_robots_txt(site):
    driver = BioRxivDriver(source="site", settings=site.options)
    with pytest.raises(SearchFailed, match=r"robots.txt.*BioRxivDriver\(\) asks Europe PMC.*ROBOTSTXT_OBEY"):
        driver.search_biorxiv("monocyte").load_results()
    driver.session.close()


def test_the_sites_own_search_gives_the_addresses_and_versions_that_it_shows(site):
    driver = BioRxivDriver(source="site", settings=site.options | {"ROBOTSTXT_OBEY": False})
    result = driver.search_biorxiv("The Cells")
    assert result.response.request.url == site.options["BIORXIV_URL"] + "/search/The+Cells%20numresults:75"
    assert len(result.load_results().results) == 75
    result.more()
    assert len(result.results) == min(150, result.total)
    paper = result.results[0]
    assert repr(paper).startswith(f"[{paper.title}](https://biorxiv.org/content/{paper.doi}v")
    assert paper.text
    assert len(result.all()) == result.total
    driver.session.close()
