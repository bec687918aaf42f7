"""Which versions of a paper a run delivers, and how it says that a paper was withdrawn."""

import pytest

from tests.crawling import local_site
from tests.site.loading import papers

ADMISSIONS = "10.1101/2023.11.20.23298765"
WITHDRAWN = "10.1101/2022.07.14.500321"
PAPERS = {paper.doi: paper for paper in papers().values()}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def delivered(run) -> list[tuple[str, int]]:
    return sorted((item["doi"], item["version"]) for item in run.items)


def test_all_versions_of_papers_that_are_named_without_one(site, tmp_path):
    before = len(site.asked)
    named = f"doi={ADMISSIONS} {WITHDRAWN} {WITHDRAWN}v1 10.1101/2024.03.05.583102v1"
    run = site.crawl(tmp_path, "paper", "-a", named, "-a", "versions=all")
    assert run.status == 0, run.log
    every = [(ADMISSIONS, 1), (ADMISSIONS, 2), (ADMISSIONS, 3), (WITHDRAWN, 1), (WITHDRAWN, 2)]
    assert delivered(run) == sorted([*every, ("10.1101/2024.03.05.583102", 1)])
    asked = [r["path"] for r in site.asked[before:] if r["host"] == "api" and ADMISSIONS in r["path"]]
    assert len(asked) == 1, "the versions of a paper share its record"
    for item in run.items:
        if item["doi"] == ADMISSIONS:
            assert item["coverage"] == "full_text"
            assert item["posted"] == item["versions"][item["version"] - 1]["posted"]


def test_a_withdrawn_paper_is_said_to_be_in_log_and_table(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={WITHDRAWN}", "-a", "versions=all")
    texts = {item["version"]: item["coverage"] for item in run.items}
    assert texts == {1: "full_text", 2: "abstract"}
    assert all(item["withdrawn"] for item in run.items)
    assert f"{WITHDRAWN}v2, abstract, withdrawn" in run.log
    assert f"  of them withdrawn{2:>17}  {WITHDRAWN}v1, {WITHDRAWN}v2" in run.log or (
        f"  of them withdrawn{2:>17}  {WITHDRAWN}v2, {WITHDRAWN}v1" in run.log
    )


def test_a_limit_counts_papers_not_versions(site, tmp_path):
    run = site.crawl(tmp_path, "search", "-a", "q=the OR a", "-a", "server=both", "-a", "limit=3", "-a", "versions=all")
    assert run.status == 0, run.log
    dois = {item["doi"] for item in run.items}
    assert len(dois) == 3
    assert delivered(run) == sorted((doi, v) for doi in dois for v in range(1, len(PAPERS[doi].versions) + 1))


def test_without_the_record_older_versions_are_missing(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--fault", "backend-error@record") as site:
        run = site.crawl(tmp_path, "paper", "-a", f"doi={ADMISSIONS}", "-a", "versions=all")
    assert run.status == 3
    assert len(run.items) == 1
    assert f"{ADMISSIONS} (older versions)" in run.log


def test_another_word_is_explained(site, tmp_path):
    run = site.crawl(tmp_path, "paper", "-a", f"doi={ADMISSIONS}", "-a", "versions=first")
    assert run.status == 2
    assert "argument versions=first: must be 'latest' or 'all'" in run.log
