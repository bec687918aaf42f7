"""A real Scrapyd: deploy, schedule, follow, cancel, schedule again."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.crawling import ROOT, Site, local_site
from tests.ports import free_port
from tests.waiting import until

PASSWORD = ("harvest", "a secret")
VERSION = "0.1.0.dev7"
CONFIGURATION = """[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
items_dir =
jobstorage = scrapyd.jobstorage.SqliteJobStorage
poll_interval = 0.2
"""
TARGET = """[deploy:server]
url = http://127.0.0.1:{port}/
project = biorxivist
username = {0}
password = {1}
"""


@dataclass
class Server:
    """A Scrapyd with the egg of this project."""

    url: str
    data: Path
    deployed: dict
    own_log: Path

    def get(self, path: str, **options) -> requests.Response:
        return requests.get(f"{self.url}/{path}", timeout=300, auth=PASSWORD, **options)

    def schedule(self, site: Site, spider: str, **arguments: str) -> str:
        """A job's id."""
        settings = [word for word in site.settings if "=" in word and not word.startswith("BIORXIVIST_DATA")]
        form = {"project": "biorxivist", "spider": spider, "setting": settings, **arguments}
        answer = requests.post(f"{self.url}/schedule.json", form, timeout=300, auth=PASSWORD).json()
        assert answer["status"] == "ok", answer
        return answer["jobid"]

    def cancel(self, job: str) -> None:
        form = {"project": "biorxivist", "job": job}
        assert (
            requests.post(f"{self.url}/cancel.json", form, timeout=300, auth=PASSWORD).json()["prevstate"] == "running"
        )

    def wait(self, job: str) -> None:
        """Follow a job to its end."""
        until(lambda: self.get("status.json", params={"job": job}).json()["currstate"] == "finished")

    def log(self, job: str) -> str:
        return self.get(f"logs/biorxivist/search/{job}.log").text

    @property
    def feeds(self) -> list[Path]:
        """The feeds in the data folder."""
        return list((self.data / "feeds").glob("*"))

    @property
    def papers(self) -> list[str]:
        """DOIs of all of them."""
        lines = [line for feed in self.feeds for line in feed.read_text(encoding="utf-8").splitlines()]
        return [json.loads(line)["doi"] for line in lines]


def checkout(folder: Path) -> Path:
    """A copy of what an egg is built from, under a version of its own: the environment has this project as well."""
    folder.mkdir()
    for name in ("pyproject.toml", "scrapy.cfg", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "biorxivist", folder / "biorxivist", ignore=shutil.ignore_patterns("__pycache__"))
    init = folder / "biorxivist" / "__init__.py"
    init.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{VERSION}"', init.read_text()))
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scrapyd")
    port = free_port()
    (folder / "scrapyd.conf").write_text(CONFIGURATION.format(port=port))
    (folder / ".scrapy.cfg").write_text(TARGET.format(*PASSWORD, port=port))
    environment = {**os.environ, "HOME": str(folder), "BIORXIVIST_DATA": str(folder / "data"), "PYTHONPATH": ""}
    environment |= dict(zip(("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD"), PASSWORD, strict=True))
    tools = Path(sys.executable).parent
    with (folder / "log").open("w") as log, subprocess.Popen(
        [tools / "scrapyd"], cwd=folder, env=environment, stdout=log, stderr=log
    ) as process:  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            until(lambda: answers(url))
            done = subprocess.run(
                [tools / "scrapyd-deploy", "server"],
                cwd=checkout(folder / "checkout"), env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert '"status": "ok"' in done.stdout, done.stdout + done.stderr
            yield Server(url, folder / "data", json.loads(done.stdout[done.stdout.index("{") :]), folder / "log")
        finally:
            process.terminate()


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=300).status_code == 401
    except requests.RequestException:
        return False


def test_the_egg_is_deployed_behind_a_password(server):
    assert server.deployed["project"] == "biorxivist"
    assert {"search", "paper", "listing"} <= set(
        server.get("listspiders.json", params={"project": "biorxivist"}).json()["spiders"]
    )
    for path in ("listprojects.json", "logs/", "schedule.json"):
        assert requests.get(f"{server.url}/{path}", timeout=300).status_code == 401


def test_a_cancelled_job_that_is_scheduled_again_comes_to_the_complete_result(server, tmp_path):
    query = {"q": "monocyte OR TGF-beta OR the", "limit": "40"}
    with local_site(tmp_path, "--papers", "100", "--delay", "0.15") as site:
        job = server.schedule(site, "search", **query)
        until(lambda: len(server.papers) >= 2)
        server.cancel(job)
        server.wait(job)
        part = server.papers
        # what was sent already is waited for
        assert 2 <= len(part) < 40
        assert "not asked" in server.log(job)
        again = server.schedule(site, "search", **query)
        server.wait(again)
    assert len(server.papers) == len(set(server.papers)) == 40
    assert server.papers[: len(part)] == part
    (feed,) = server.feeds
    assert re.fullmatch(r"search-monocyte-or-tgf-beta-or-the-[0-9a-f]{6}\.jsonl", feed.name)
    # the egg ran and not the project that stands beside it
    assert {r["agent"].split()[0] for r in site.asked} == {f"BioRxivist/{VERSION}"}
    documents = Counter(r["path"] for r in site.asked if r["path"].endswith(".source.xml"))
    assert set(documents.values()) == {1}
    log = server.log(again)
    assert re.search(r"(?m)^\d{4}-\d\d-\d\d [\d:]{8} INFO: 40 of 40: ", log)
    assert re.search(r"Papers or texts missing +0$", log, re.M)


def test_a_job_may_name_its_feed_and_wrong_arguments_are_in_the_servers_log(server, tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        site.settings.append('FEEDS={"%(data)s/named/%(job)s.csv": {"format": "csv"}}')
        job = server.schedule(site, "search", q="monocyte", limit="1", fulltext="no", jobid="by-name")
        wrong = server.schedule(site, "search", q="monocyte", limt="1")
        server.wait(job)
        server.wait(wrong)
    assert (server.data / "named" / "by-name.csv").read_text(encoding="utf-8").startswith("doi,")
    assert "unknown argument limt: allowed are" in server.own_log.read_text()
