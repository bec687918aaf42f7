"""A run that is asked to end leaves soon, keeps what is on its way and names what it did not ask."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

from biorxivist import settings
from biorxivist.pace.turns import Turns
from tests.crawling import Run, local_site
from tests.waiting import LONGEST, until

HOUR = 3600
MONOCYTES = "10.1101/2024.03.05.583102"
SEARCH = ["search", "-a", "q=the", "-a", "server=both"]


@contextmanager
def crawling(site, folder, *args: str, delay: float = HOUR, **environment: str):
    """A crawl with an hour between two requests, and what it has logged so far."""
    command = [sys.executable, "-m", "biorxivist", *site.arguments(folder, *args), "-s", f"DOWNLOAD_DELAY={delay}"]
    command += ["-o", "papers.jsonl"]
    env = {**os.environ, **environment}
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        log: list[str] = []
        reader = threading.Thread(target=lambda: log.extend(process.stderr))
        reader.start()
        try:
            yield process, log
        finally:
            process.kill()
            reader.join()


def stopped(process, log, folder, number: int = signal.SIGTERM) -> Run:
    """What a user has after a signal: without our doing the crawl would wait for hours."""
    process.send_signal(number)
    status = process.wait(timeout=LONGEST)
    until(lambda: any("Report of this run" in line for line in log))
    return Run(status, "".join(log), folder / "papers.jsonl")


def undone(run: Run) -> list[dict]:
    return [entry for entry in run.record["missing"] if entry["reason"] == "not asked"]


def test_what_waits_for_its_turn_is_dropped(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        with crawling(site, tmp_path, *SEARCH) as (process, log):
            begun = len(site.asked)
            # the search and one record; all others wait
            until(lambda: len(site.asked) >= begun + 2)
            run = stopped(process, log, tmp_path)
            record = run.record
        assert len(site.asked) == begun + 2
        assert run.status == 3, run.log
        assert run.items == []
        assert (record["state"], record["finish_reason"]) == ("ended", "shutdown")
        assert "Traceback" not in run.log
        assert "robots.txt could not be read" not in run.log
        again = site.crawl(tmp_path, *SEARCH, output="-o")
    assert again.status == 0, again.log
    papers = [item["doi"] for item in again.items]
    assert len(papers) == len(set(papers)) == record["papers"]["wanted"]
    # each by its name
    assert {entry["paper"]: entry["reason"] for entry in record["missing"]} == dict.fromkeys(papers, "not asked")
    assert f"not asked{len(papers):>25}" in run.log
    documents = [r["path"] for r in site.asked if r["path"].endswith(".source.xml")]
    assert len(documents) == len(set(documents))


def test_what_is_on_its_way_is_finished(tmp_path):
    (tmp_path / "noticing.py").write_text(
        textwrap.dedent("""
            from pathlib import Path
            from scrapy import signals

            class Noticing:
                @classmethod
                def from_crawler(cls, crawler):
                    extension = cls()
                    crawler.signals.connect(extension.came, signal=signals.bytes_received)
                    return extension

                def came(self, request):
                    if request.meta.get("source") == "jats":
                        Path("begun").touch()
        """)
    )
    extensions = f"EXTENSIONS={json.dumps(settings.EXTENSIONS | {'noticing.Noticing': 1})}"
    paper = "paper", "-a", f"doi={MONOCYTES}", "-s", extensions
    with (
        local_site(tmp_path, "--delay", "0", "--fault", "slow@jats") as site,
        crawling(site, tmp_path, *paper, delay=0, PYTHONPATH=str(tmp_path)) as (process, log),
    ):
        until((tmp_path / "begun").exists)
        run = stopped(process, log, tmp_path)
    (item,) = run.items
    assert (item["source"], item["coverage"]) == ("jats", "full_text")
    # it was all that was wanted
    assert run.status == 0, run.log


def test_a_wait_that_a_host_asked_for_is_not_waited_for(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--papers", "5", "--fault", "throttle-long@jats") as site:
        patient = "-s", f"RETRY_AFTER_MAX={2 * HOUR}"
        with crawling(site, tmp_path, *SEARCH, *patient, delay=0) as (process, log):
            until(lambda: any("asks to wait: next request there in 3600 s" in line for line in log))
            run = stopped(process, log, tmp_path)
    assert run.status == 3, run.log
    assert undone(run)
    assert sum(wait["retry_after"] for wait in run.record["waits"]) < HOUR / 2
    # a text that was not asked for is not taken for one that is not there
    assert all(item["coverage"] == "full_text" or item["withdrawn"] for item in run.items)


def test_a_turn_that_other_crawls_have_is_not_waited_for(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--papers", "5") as site:
        api = urlsplit(site.options["BIORXIV_API_URL"]).netloc
        turns = Turns(tmp_path / "data")
        turns.take(api, HOUR)
        turns.close()
        with crawling(site, tmp_path, *SEARCH) as (process, log):
            until(lambda: any("is asked by another crawl too, they take turns" in line for line in log))
            run = stopped(process, log, tmp_path)
    assert (run.status, run.items) == (3, [])
    assert len(undone(run)) == run.record["papers"]["found"] > 5
    assert "Waited while other crawls had their turn: 1 h" not in run.log
    assert not any(r["host"] == "api" for r in site.asked)


def test_a_list_names_all_that_ctrl_c_left_out(tmp_path):
    dois = [f"10.1101/2024.01.01.{number}" for number in range(100000, 100200)]
    (tmp_path / "list.txt").write_text("\n".join(dois))
    with (
        local_site(tmp_path, "--delay", "0") as site,
        crawling(site, tmp_path, "paper", "-a", "file=list.txt") as (process, log),
    ):
        until(lambda: any(r["host"] == "api" for r in site.asked))
        run = stopped(process, log, tmp_path, signal.SIGINT)
    assert run.status == 3
    assert {entry["paper"] for entry in run.record["missing"]} == set(dois)


def test_a_search_counts_what_was_not_listed(tmp_path):
    with (
        local_site(tmp_path, "--delay", "0", "--papers", "250") as site,
        crawling(site, tmp_path, *SEARCH) as (process, log),
    ):
        until(lambda: any(r["host"] == "api" for r in site.asked))
        run = stopped(process, log, tmp_path)
    assert run.status == 3
    names = [entry["paper"] for entry in undone(run)]
    (more,) = [name for name in names if not name.startswith("10.")]
    number, word = more.split()
    assert word == "more"
    assert run.record["papers"]["missing"] == sum(entry["count"] for entry in undone(run))
    assert int(number) + len(names) - 1 + len({item["doi"] for item in run.items}) == run.record["papers"]["found"]
    assert run.record["papers"]["found"] > 200
