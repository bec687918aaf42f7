"""Several crawls ask a host together as often as one alone would."""

import subprocess
import sys
import textwrap
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biorxivist.pace.turns import Turns
from tests.crawling import local_site
from tests.taken_turns import LEAST, assert_paced, assert_turns, host_of, keep_turns, taken

HOST = "www.biorxiv.org"


class Clock:
    def __init__(self, now: float = 1000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def turns(tmp_path, clock):
    turns = Turns(tmp_path, clock)
    yield turns
    turns.close()


def test_the_first_turn_is_now_and_each_later_one_a_delay_behind(turns, clock):
    assert turns.take(HOST, 7) == 0
    assert turns.take(HOST, 7) == 7
    assert turns.take(HOST, 7) == 14
    assert turns.take("api.biorxiv.org", 1) == 0
    clock.now += 100
    assert turns.take(HOST, 7) == 0


def test_a_single_crawl_never_waits(turns, clock):
    for _ in range(20):
        assert turns.take(HOST, 7) == 0
        clock.now += 7


def test_the_longer_delay_of_two_crawls_counts(turns, clock):
    turns.take(HOST, 7)
    assert turns.take(HOST, 1) == 7
    clock.now += 7
    assert turns.take(HOST, 7) == 7


def test_a_host_that_asks_to_wait_is_left_alone_by_all(turns, clock, tmp_path):
    turns.hold(HOST, 60)
    other = Turns(tmp_path, clock)
    assert other.held(HOST) == 60
    assert other.take(HOST, 7) == 60
    assert turns.take(HOST, 7) == 67
    turns.hold(HOST, 5)
    assert other.held(HOST) == 60
    clock.now += 61
    assert other.held(HOST) == 0


def test_nobody_is_stopped_for_more_than_a_day(turns):
    turns.hold(HOST, 1e12)
    assert turns.held(HOST) == 24 * 3600


def test_after_a_restart_of_the_machine_the_turns_of_before_are_forgotten(turns, clock, tmp_path):
    turns.hold(HOST, 60)
    turns.take(HOST, 7)
    clock.now = 3.0
    later = Turns(tmp_path, clock)
    later.boot = "another"
    assert later.take(HOST, 7) == 0
    assert later.take(HOST, 7) == 7


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 20), st.booleans()), max_size=30))
def test_however_crawls_come_and_go_two_requests_are_a_delay_apart(tmp_path_factory, steps):
    folder, clock = tmp_path_factory.mktemp("data"), Clock()
    crawls = [Turns(folder, clock) for _ in range(3)]
    sent = []
    for crawl, passed, killed in steps:
        clock.now += passed
        wait = crawls[crawl].take(HOST, 7)
        if not killed:
            sent.append(clock.now + wait)
    assert all(later - earlier > 6.999 for earlier, later in pairwise(sorted(sent)))
    for crawl in crawls:
        crawl.close()


TAKER = """
    import sys, time
    from biorxivist.pace.turns import Turns
    turns = Turns(sys.argv[1])
    for _ in range(10):
        time.sleep(turns.take("host", 0.02))
        print(time.monotonic())
"""


def test_a_turn_knows_whether_it_waits_for_another_crawl(turns, clock, tmp_path):
    one, other = turns, Turns(tmp_path, clock)
    one.take(HOST, 7)
    one.take(HOST, 7)
    assert not one.others
    other.take(HOST, 7)
    assert other.others
    one.take(HOST, 7)
    assert one.others
    clock.now += 100
    other.take(HOST, 7)
    assert not other.others
    # whose wait it is when a host has asked for one
    other.hold(HOST, 60)
    other.take(HOST, 7)
    assert not other.others
    clock.now += 100
    other.hold(HOST, 60)
    one.take(HOST, 7)
    assert one.others


def test_processes_take_turns(tmp_path):
    tmp_path /= "data"
    keep_turns(tmp_path)
    command = [sys.executable, "-c", textwrap.dedent(TAKER), str(tmp_path)]
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    times = sorted(float(line) for taker in takers for line in taker.communicate(timeout=600)[0].split())
    # a process may wake late, and the next one in time
    assert_turns(tmp_path, "host", times, 0.02)
    assert len(times) == 40


def start(site, folder, *args):
    folder.mkdir(exist_ok=True)
    # one data folder for both, as one user has
    command = [sys.executable, "-m", "biorxivist", *site.arguments(folder, *args), "-O", "papers.jsonl"]
    command += ["-s", f"BIORXIVIST_DATA={folder.parent / 'data'}"]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)


def test_two_crawls_share_one_pace_and_say_so(tmp_path):
    keep_turns(tmp_path / "data")
    with local_site(tmp_path, "--delay", "0.5") as site:
        crawls = [
            start(site, tmp_path / server, "search", "-a", f"q={query}", "-a", "limit=5")
            for server, query in (("one", "monocyte OR cells"), ("two", "the NOT monocyte"))
        ]
        logs = [crawl.communicate(timeout=600)[1] for crawl in crawls]
    assert [crawl.returncode for crawl in crawls] == [0, 0], logs
    assert_paced(tmp_path / "data", site, "biorxiv", 0.5)
    assert sum(log.count("is asked by another crawl too, they take turns") for log in logs) >= 1
    assert all(log.count("they take turns") <= 2 for log in logs)
    assert any("Waited while other crawls had their turn" in log for log in logs)


def test_told_to_wait_one_crawl_makes_the_other_wait(tmp_path):
    keep_turns(tmp_path / "data")
    with local_site(tmp_path, "--delay", "0.2", "--fault", "throttle-always@jats") as site:
        first = start(
            site, tmp_path / "one", "paper", "-a", "doi=10.1101/2024.03.05.583102", "-s", "RETRY_AFTER_TIMES=1"
        )
        second = start(site, tmp_path / "two", "paper", "-a", "doi=10.1101/612340", "-s", "RETRY_AFTER_TIMES=1")
        logs = [crawl.communicate(timeout=600)[1] for crawl in (first, second)]
    asked = [r for r in site.asked if r["host"] == "biorxiv" and r["path"] != "/robots.txt"]
    times = [r["steady"] for r in asked]
    held = {until for _, until in taken(tmp_path / "data", host_of(site, "biorxiv")) if until > 0}
    assert held, logs
    for until in held:
        # it was answered with Retry-After: 1; the other crawl may have had its turn already
        assert sum(until - 1 < time < until - LEAST for time in times) <= 1, (until, times)
    assert sum(r["status"] == 429 for r in asked) >= 2


def test_a_host_that_wants_to_be_left_alone_for_long_is_not_asked_by_the_next_crawl(tmp_path):
    with local_site(tmp_path, "--delay", "0.1", "--fault", "throttle-long@jats") as site:
        site.crawl(tmp_path, "paper", "-a", "doi=10.1101/2024.03.05.583102")
        before = len([r for r in site.asked if r["host"] == "biorxiv"])
        run = site.crawl(tmp_path, "paper", "-a", "doi=10.1101/612340")
        assert len([r for r in site.asked if r["host"] == "biorxiv"]) == before
    assert "has asked another crawl to wait" in run.log
    assert run.status == 3
