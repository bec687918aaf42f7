"""How the sites are asked, read off the local site's own log."""

import shlex
import subprocess
import sys
import textwrap

from tests.crawling import local_site
from tests.taken_turns import assert_paced, keep_turns

QUERY = ["search", "-a", "q=monocyte OR TGF-beta", "-a", "server=both"]


def to_sites(requests: list[dict], kind: str) -> list[dict]:
    return [r for r in requests if r["host"] == kind]


def test_one_request_at_a_time_at_the_delay_that_robots_txt_asks_for(tmp_path):
    keep_turns(tmp_path / "data")
    with local_site(tmp_path, "--delay", "0.7") as site:
        run = site.crawl(tmp_path, *QUERY, "-a", "limit=4")
    assert run.status == 0, run.log
    assert "asks for 0.7 s between requests" in run.log
    for kind in ("biorxiv", "medrxiv"):
        assert_paced(tmp_path / "data", site, kind, 0.7)
    assert max(r["concurrent"] for r in site.asked) == 1


def test_robots_txt_is_asked_first_and_once(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        assert site.crawl(tmp_path, *QUERY).status == 0
    for kind in ("biorxiv", "medrxiv"):
        paths = [r["path"] for r in to_sites(site.asked, kind)]
        assert paths[0] == "/robots.txt"
        assert paths.count("/robots.txt") == 1
    for kind in ("api", "europepmc"):
        assert "/robots.txt" not in [r["path"] for r in to_sites(site.asked, kind)]


def test_an_honest_user_agent(tmp_path, monkeypatch):
    monkeypatch.setenv("BIORXIVIST_CONTACT", "mailto:curl-user@example.org")
    with local_site(tmp_path, "--delay", "0") as site:
        # the robots.txt bans a robot named curl, not a person whose address contains the word
        assert site.crawl(tmp_path, *QUERY, "-a", "limit=1").status == 0
    agents = {r["agent"] for r in site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("BioRxivist/0.1.0 (+https://")


SPIDER = """
    from scrapy import Request, Spider

    class Disallowed(Spider):
        name = "disallowed"

        async def start(self):
            for n in range(12):
                yield Request(f"{self.settings['BIORXIV_URL']}/search/word{n}", callback=self.parse, errback=self.refused)

        def parse(self, response):
            self.crawler.stats.inc_value("fetched")

        def refused(self, failure):
            print(failure.value.outcome, failure.value.detail)
"""


def test_robots_txt_holds_for_requests_that_wait_for_it(tmp_path):
    (tmp_path / "disallowed.py").write_text(textwrap.dedent(SPIDER))
    with local_site(tmp_path, "--delay", "0") as site:
        command = [sys.executable, "-m", "biorxivist", "runspider", "disallowed.py", *site.settings]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=True)
    refusals = [line for line in done.stdout.splitlines() if line.startswith("disallowed robots.txt of ")]
    assert len(refusals) == 12, shlex.join(command) + done.stdout + done.stderr
    assert [r["path"] for r in site.asked] == ["/robots.txt"]
