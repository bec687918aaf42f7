"""Whatever happens to a crawl, the same command completes it."""

import ctypes
import os
import resource
import textwrap
from pathlib import Path

import pytest

from tests.crawling import local_site
from tests.disturbing import CRAWL, disturb, lines


def test_killed_twenty_times_at_random_moments(tmp_path):
    done = disturb(tmp_path, kills=20, seed=int.from_bytes(os.urandom(4)))
    assert sum(crawl.kills for crawl in done) == 20


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0", "--papers", "40") as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(site, tmp_path_factory):
    run = site.crawl(tmp_path_factory.mktemp("alone"), *CRAWL)
    assert run.status == 0, run.log
    return lines(run)


def again(site, folder: Path, undisturbed, **options):
    """The same command once more completes the feed, and fetches no document again."""
    before = len(site.asked)
    run = site.crawl(folder, *CRAWL, output="-o", **options)
    assert run.status == 0, run.log
    assert lines(run) == undisturbed
    return [r["path"] for r in site.asked[before:]]


def test_again_adds_nothing_and_fetches_nothing(site, undisturbed, tmp_path):
    site.crawl(tmp_path, *CRAWL, output="-o")
    whole = (tmp_path / "papers.jsonl").read_bytes()
    before = len(site.asked)
    run = site.crawl(tmp_path, *CRAWL, output="-o")
    assert site.asked[before:] == []
    assert (tmp_path / "papers.jsonl").read_bytes() == whole
    assert lines(run) == undisturbed
    assert " ".join(("of them in the feed before", str(len(undisturbed)))) in " ".join(run.log.split())


def test_a_disk_that_is_too_full_for_the_archive(site, undisturbed, tmp_path):
    run = site.crawl(tmp_path, *CRAWL, output="-o", preexec_fn=lambda: limited(300_000))
    assert run.status in (1, 3), run.log
    assert "make room on its disk, then run the command again. The crawl ends here" in run.log
    again(site, tmp_path, undisturbed)


def test_a_disk_that_is_too_full_for_the_feed(site, undisturbed, tmp_path):
    site.crawl(tmp_path, *CRAWL, feed="other.jsonl")
    run = site.crawl(tmp_path, *CRAWL, output="-o", preexec_fn=lambda: limited(100_000))
    assert run.status == 1, run.log
    assert "cannot write the feed: File too large. The crawl ends here" in run.log
    assert again(site, tmp_path, undisturbed) == []


def limited(size: int) -> None:
    """No file of this process may grow beyond a size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_folder_that_cannot_be_written(site, tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    before = len(site.asked)
    run = site.crawl(tmp_path, *CRAWL, output="-o", preexec_fn=bound_by_modes)
    assert run.status == 1
    assert "scrapy crawl: cannot open the archive" in run.log
    assert "set BIORXIVIST_DATA to a folder that you can write to" in run.log
    assert len(run.log.splitlines()) == 1
    assert site.asked[before:] == []


def bound_by_modes() -> None:
    """Take from root what lets it write where nobody may."""
    if os.geteuid() == 0:
        capbset_drop, dac_override = 24, 1
        ctypes.CDLL(None).prctl(capbset_drop, dac_override, 0, 0, 0)


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_is_set_wrong(site, undisturbed, tmp_path, days):
    # the clock changes between the two runs
    (tmp_path / "sitecustomize.py").write_text(
        f"import time\nreal = time.time\ntime.time = lambda: real() + {days} * 86400"
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert site.crawl(tmp_path, *CRAWL, output="-o", env=env).status == 0
    asked = again(site, tmp_path, undisturbed)
    # what changes is asked again, since nobody knows its age
    assert any("/details/" in path for path in asked)
    with_text = [p for p in undisturbed.values() if '"source": "jats"' in p and '"coverage": "full_text"' in p]
    assert len(with_text) > 20
    assert sum(path.endswith(".source.xml") for path in asked) < 10


def test_a_pipeline_that_fails(site, undisturbed, tmp_path):
    (tmp_path / "failing.py").write_text(
        textwrap.dedent("""
            class Failing:
                def process_item(self, item):
                    if hash(item.doi) % 3 == 0:
                        raise RuntimeError("a bug")
                    return item
        """)
    )
    pipelines = '{"biorxivist.pipelines.Clean": 100, "failing.Failing": 150, "biorxivist.pipelines.Check": 200}'
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "1"}
    run = site.crawl(tmp_path, *CRAWL, "-s", f"ITEM_PIPELINES={pipelines}", output="-o", env=env)
    assert run.status == 3
    assert 0 < len(run.items) < len(undisturbed)
    assert again(site, tmp_path, undisturbed) == []


def test_two_crawls_do_not_write_one_feed(site, tmp_path):
    import fcntl

    with (tmp_path / "papers.jsonl").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = len(site.asked)
        run = site.crawl(tmp_path, *CRAWL, output="-o")
    assert run.status == 1
    assert run.log == "scrapy crawl: cannot write the feed papers.jsonl: another crawl is writing it\n"
    assert site.asked[before:] == []


@pytest.mark.parametrize("feed", ["papers.jsonl", "papers.csv", "papers.json"])
def test_a_file_that_cannot_be_gone_on_with_is_told_before_anything_is_asked(site, tmp_path, feed):
    (tmp_path / feed).write_text("My notes\n")
    before = len(site.asked)
    run = site.crawl(tmp_path, *CRAWL, feed=feed, output="-o")
    assert run.status == 1
    assert run.log.startswith(f"scrapy crawl: cannot write the feed {feed}: ")
    assert len(run.log.splitlines()) == 1
    assert (tmp_path / feed).read_text() == "My notes\n"
    assert site.asked[before:] == []
