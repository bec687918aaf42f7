"""The archive's file: what it keeps, for how long, and what it does about damage, other processes and wrong clocks."""

import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path
from time import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biorxivist.archive import Archive, ArchiveError, Entry
from biorxivist.archive.entries import Damaged, pack, unpack
from biorxivist.errors import UserError

DAY = 24 * 3600
URL = "https://www.biorxiv.org/content/10.1101/1v1.full"


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "data") as archive:
        yield archive


def keep(archive: Archive, body: bytes = b"text", outcome: str = "ok", age: float = 0, **fields) -> Entry:
    entry = Entry(URL, body=body, fetched=time() - age, **fields)
    entry.id = archive.keep(entry)
    if outcome:
        archive.judge(entry, outcome, entry.lasting)
    return entry


def test_an_answer_comes_back_as_it_was(archive):
    kept = keep(
        archive, "β".encode() * 9999, source="page", headers={"ETag": '"1"'}, address=URL + "-text", lasting=True
    )
    found = archive.find(URL)
    assert (found.body, found.headers, found.address) == (kept.body, kept.headers, kept.address)
    assert (found.source, found.lasting, found.outcome, found.status) == ("page", True, "ok", 200)
    assert found.fetched == kept.fetched
    assert archive.find(URL, version=2) is archive.find(URL, browser=True) is archive.find(URL + "x") is None


def test_only_its_owner_can_read_it(archive):
    keep(archive)
    assert stat.S_IMODE(archive.path.parent.stat().st_mode) == 0o700
    files = list(archive.path.parent.iterdir())
    assert archive.path in files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize(
    ("entry", "fresh"),
    [
        ({"age": DAY / 2}, True),
        ({"age": 2 * DAY}, False),
        ({"age": 2 * DAY, "lasting": True}, True),
        ({"age": 2 * DAY, "lasting": True, "outcome": ""}, True),
        ({"outcome": ""}, False),
        ({"outcome": "not_found"}, True),
        ({"outcome": "malformed"}, False),
        ({"age": -DAY / 2}, True),
        ({"age": -2 * DAY}, False),
        ({"age": -2 * DAY, "lasting": True}, True),
    ],
)
def test_documents_are_kept_for_ever_and_the_rest_for_a_day(archive, entry, fresh):
    keep(archive, **entry)
    assert (archive.find(URL, max_age=DAY) is not None) == fresh
    assert archive.find(URL) is not None


def test_without_an_age_nothing_is_too_old(archive):
    keep(archive, age=1000 * DAY)
    assert archive.find(URL, max_age=0)


def test_a_good_answer_takes_the_place_of_older_ones_and_a_malformed_one_does_not(archive):
    keep(archive, b"good")
    keep(archive, b"bad", "malformed")
    keep(archive, b"bad again", "malformed")
    assert archive.find(URL).body == b"good"
    assert [e.outcome for e in archive.entries()] == ["ok", "malformed"]
    keep(archive, b"better")
    assert archive.find(URL).body == b"better"
    assert len(archive.entries()) == 1


def test_a_malformed_answer_is_better_than_none_where_nobody_is_asked(archive):
    keep(archive, b"bad", "malformed")
    assert archive.find(URL, max_age=DAY) is None
    assert archive.find(URL).body == b"bad"


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["ok", "empty", "malformed", ""]), st.binary(max_size=40)), min_size=1))
def test_whatever_came_the_newest_readable_answer_is_found(tmp_path_factory, answers):
    with Archive(tmp_path_factory.mktemp("data")) as archive:
        for outcome, body in answers:
            keep(archive, body, outcome)
        # an answer that nobody has read stands only as long as none came after it
        read = [a for a in answers[:-1] if a[0]] + answers[-1:]
        readable = [body for outcome, body in read if outcome != "malformed"]
        assert archive.find(URL).body == (readable or [answers[-1][1]])[-1]
        assert len(archive.entries()) <= 3


def test_a_damaged_answer_is_left_aside(archive, caplog):
    entry = keep(archive, b"first" * 100)
    keep(archive, b"second" * 100, "malformed")
    packed = bytearray(pack(b"first" * 100))
    packed[-3] ^= 1
    archive.database.execute("UPDATE entries SET body = ? WHERE id = ?", (bytes(packed), entry.id))
    assert archive.find(URL).body == b"second" * 100
    assert "is damaged and left aside" in caplog.text
    with pytest.raises(Damaged):
        archive.body(entry)


def test_a_body_that_unpacks_to_more_than_it_should_takes_no_memory():
    bomb = pack(bytes(300_000_000))
    tracemalloc.start()
    with pytest.raises(Damaged):
        unpack(bomb, 1000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


WRITER = """
    import sys
    from biorxivist.archive import Archive, Entry
    with Archive(sys.argv[1]) as archive:
        for n in range(60):
            entry = Entry(f"http://{sys.argv[2]}/{n}", body=b"x" * 20_000, fetched=1)
            entry.id = archive.keep(entry)
            archive.judge(entry, "ok", True)
"""


def test_several_processes_write_beside_each_other(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path / "data")]
    writers = [subprocess.Popen([*command, str(n)], stderr=subprocess.PIPE, text=True) for n in range(4)]
    for writer in writers:
        assert writer.wait(60) == 0, writer.stderr.read()
    with Archive(tmp_path / "data") as archive:
        assert len(archive.entries()) == 240
        assert all(len(archive.body(entry)) == 20_000 for entry in archive.entries())


def test_it_is_read_where_it_cannot_be_written(archive):
    keep(archive, b"kept")
    with Archive(archive.path.parent, readonly=True) as reader:
        assert reader.find(URL).body == b"kept"
        with pytest.raises(ArchiveError, match="readonly database; set BIORXIVIST_DATA"):
            keep(reader)


def test_what_a_user_can_mend_is_told_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cannot make the data folder .*file/data: .*; set BIORXIVIST_DATA"):
        Archive(tmp_path / "file" / "data")
    (tmp_path / "archive.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(ArchiveError, match="file is not a database; move the file away"):
        Archive(tmp_path)


def test_an_archive_of_a_later_format_is_left_alone(tmp_path):
    Archive(tmp_path).close()
    with sqlite3.connect(tmp_path / "archive.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="newer BioRxivist"):
        Archive(tmp_path)


def test_nothing_is_lost_when_the_disk_is_full(tmp_path):
    script = textwrap.dedent("""
        import resource, sys
        from biorxivist.archive import Archive, ArchiveError, Entry
        archive = Archive(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        import os
        for n in range(100):
            try:
                archive.keep(Entry(f"http://x/{n}", outcome="ok", lasting=True, body=os.urandom(20_000)))
            except ArchiveError as error:
                print(n)
                print(error)
                break
    """)
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    kept, line = done.stdout.splitlines()
    assert "make room on its disk" in line
    with Archive(tmp_path) as archive:
        assert len(archive.entries()) == int(kept) > 5
        for entry in archive.entries():
            archive.body(entry)


def test_home_is_understood(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    with Archive("~/papers") as archive:
        assert archive.path == Path(tmp_path, "papers", "archive.sqlite")
    assert os.path.exists(tmp_path / "papers")
