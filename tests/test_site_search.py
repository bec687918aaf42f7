"""`-a source=site`: the site's own search, which its robots.txt disallows."""

import pytest

from tests.crawling import Run, Site, local_site
from tests.site.invented import holdings

COPIES = 300
DISOBEY = ["-s", "ROBOTSTXT_OBEY=False"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0", "--papers", str(COPIES)) as site:
        yield site


def search(site: Site, folder, *args: str, obey: bool = False) -> Run:
    given = [part for arg in ("source=site", *args) for part in ("-a", arg)]
    return site.crawl(folder, "search", *given, *([] if obey else DISOBEY))


def found(word: str, servers: tuple[str, ...], first: str = "", last: str = "9") -> list[str]:
    latest = {h.doi: h for h in sorted(holdings(COPIES), key=lambda h: h.version)}
    return sorted(d for d, h in latest.items() if h.server in servers and word in h.words and first <= h.posted <= last)


def paths(site: Site, before: int) -> list[str]:
    return [r["path"] for r in site.asked[before:] if r["path"].startswith("/search/")]


def test_robots_txt_is_obeyed_with_one_line_of_advice(site, tmp_path):
    before = len(site.asked)
    run = search(site, tmp_path, "q=cells", obey=True)
    assert run.status == 1
    assert run.items == []
    assert paths(site, before) == []
    (line,) = [line for line in run.log.splitlines() if "WARNING" in line]
    assert "disallows /search/cells" in line
    assert (
        "without source=site Europe PMC is asked; robots.txt is yours to disobey with -s ROBOTSTXT_OBEY=False" in line
    )


def test_all_pages_are_read_when_the_user_decides_so(site, tmp_path):
    before = len(site.asked)
    run = search(site, tmp_path, "q=Cells", "fulltext=no")
    assert run.status == 0, run.log
    wanted = found("cells", ("biorxiv",))
    assert len(wanted) > 75
    assert sorted(i["doi"] for i in run.items) == wanted
    assert f"{len(wanted)} papers found, {len(wanted)} wanted" in run.log
    base = "/search/Cells%20jcode:biorxiv%20numresults:75"
    assert paths(site, before) == [base, *(f"{base}?page={n}" for n in range(1, -(-len(wanted) // 75)))]
    assert run.log.count("robots.txt is not obeyed in this run") == 1


def test_both_sites_dates_and_a_limit(site, tmp_path):
    run = search(site, tmp_path, "q=the", "server=both", "since=2024-01-01", "until=2024-12-31", "fulltext=no")
    assert run.status == 0, run.log
    wanted = found("the", ("biorxiv", "medrxiv"), "2024-01-01", "2024-12-31")
    assert sorted(i["doi"] for i in run.items) == wanted
    assert {i["server"] for i in run.items} == {"biorxiv", "medrxiv"}
    before = len(site.asked)
    run = search(site, tmp_path, "q=the", "since=2024-01-01", "limit=2", "versions=all")
    assert run.status == 0, run.log
    assert len({i["doi"] for i in run.items}) == 2
    assert len(paths(site, before)) == 1


def test_nothing_found_is_complete(site, tmp_path):
    run = search(site, tmp_path, "q=xylophone quasar")
    assert (run.status, run.items) == (0, [])


@pytest.mark.parametrize(
    ("q", "what"),
    [("a AND b", "AND"), ('"tea cup"', '"'), ("TITLE:tea", "TITLE:"), ("(tea)", "("), ("tea NOT cup", "NOT")],
)
def test_what_the_site_cannot_express_is_an_argument_error(site, tmp_path, q, what):
    before = len(site.asked)
    run = search(site, tmp_path, f"q={q}")
    assert run.status == 2
    assert f"the site's search knows words and dates, but not {what!r}; leave source=site out" in run.log
    assert len(run.log.splitlines()) == 1
    assert len(site.asked) == before


@pytest.mark.parametrize(
    ("fault", "status", "line"),
    [
        ("refuse@site-search", 1, "a challenge page instead of the document; without source=site Europe PMC is asked"),
        ("html@site-search", 1, "div.highwire-search-results"),
        ("error@site-search:0.5", None, "HTTP status 500"),
    ],
)
def test_a_page_that_cannot_be_had(tmp_path, fault, status, line):
    with local_site(tmp_path, "--delay", "0", "--papers", str(COPIES), "--fault", fault) as site:
        run = search(site, tmp_path, "q=cells", "fulltext=no")
    if status is None:
        assert (run.status == 0) == (len(run.items) == len(found("cells", ("biorxiv",))))
    else:
        assert run.status == status
        assert line in run.log
