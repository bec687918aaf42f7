"""`scrapy archive`: what is in it, whether it is whole, what can go, and WARC files out of it and into it."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from time import time

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from biorxivist.archive import Archive, Entry
from biorxivist.archive.warc import export_warc, import_warc
from biorxivist.errors import UserError

SITE = "https://www.biorxiv.org"
JATS = f"{SITE}/content/early/2024/01/01/2024.01.01.000001.source.xml"
PAGE = f"{SITE}/content/10.1101/2024.01.01.000001v1.full"
RECORD = "https://api.biorxiv.org/details/biorxiv/10.1101/2024.01.01.000001/na/json"
DAY = 24 * 3600
ENTRIES = [
    Entry(JATS, "jats", 1, lasting=True, outcome="ok", body=b"<article/>" * 500, headers={"Content-Type": "text/xml"}, fetched=time() - 9 * DAY),
    Entry(RECORD, "record", outcome="ok", body=b"{}", fetched=time()),
    Entry(PAGE, "page", 1, outcome="malformed", body=b"\x00\xff", fetched=time()),
    Entry(f"{SITE}/robots.txt", "robots", outcome="ok", body=b"", fetched=time() - 2 * DAY, address=f"{SITE}/robots"),
    Entry(RECORD + "2", "record", outcome="not_found", status=404, body="nö".encode(), fetched=time()),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    fill(tmp_path / "data", ENTRIES)
    return tmp_path / "data"


def fill(folder: Path, entries: list[Entry]) -> None:
    with Archive(folder) as archive:
        for entry in entries:
            entry.id = archive.keep(entry)


def command(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "biorxivist", "archive", *args, "-s", f"BIORXIVIST_DATA={folder}"]
    return subprocess.run(line, cwd=folder.parent, capture_output=True, text=True, timeout=600, check=False)


def contents(folder: Path) -> list[tuple]:
    """Everything but the numbers."""
    with Archive(folder) as archive:
        return sorted(
            (e.url, e.source, e.version, e.browser, e.lasting, e.outcome, round(e.fetched, 3), e.status, e.address, str(e.headers), archive.body(e))
            for e in archive.entries()
        )  # fmt: skip


def test_list_and_size(folder):
    rows = [json.loads(line) for line in command(folder, "list", "--json", "--source", "jats,page").stdout.splitlines()]
    assert [(row["source"], row["kept"], row["bytes"]) for row in rows] == [
        ("jats", "for ever", 5000),
        ("page", "a while", 2),
    ]
    assert len(command(folder, "list", "--older", "1").stdout.splitlines()) == 1 + 2
    assert command(folder, "list", "--json", "--match", "000001v1").stdout.count("\n") == 1
    sizes = {row["source"]: row for row in map(json.loads, command(folder, "size", "--json").stdout.splitlines())}
    assert sizes["record"]["answers"] == 2
    assert sizes["jats"]["bytes packed"] < sizes["jats"]["bytes"] == 5000


def test_verify_names_what_is_damaged_and_prune_drops_it(folder):
    assert command(folder, "verify").stdout == "5 answers are whole\n"
    with Archive(folder) as archive:
        archive.database.execute("UPDATE entries SET sha256 = zeroblob(32) WHERE source = 'jats'")
    found = command(folder, "verify")
    assert (found.returncode, found.stdout) == (1, f"damaged: {JATS}\n")
    assert found.stderr.startswith("scrapy archive: 1 answers are damaged.")
    assert command(folder, "prune", "--damaged").stdout.startswith("1 answers dropped")
    assert command(folder, "verify").returncode == 0


def test_prune_drops_what_a_crawl_asks_again_and_documents_only_when_told(folder):
    assert command(folder, "prune", "--dry-run").stdout == "2 answers would go\n"
    assert len(contents(folder)) == 5
    command(folder, "prune")
    assert {row[0] for row in contents(folder)} == {JATS, RECORD, RECORD + "2"}
    command(folder, "prune", "--documents", "--older", "7")
    assert {row[0] for row in contents(folder)} == {RECORD, RECORD + "2"}


@pytest.mark.parametrize("name", ["all.warc.gz", "all.warc"])
def test_out_as_warc_and_in_again_nothing_changes(folder, tmp_path, name):
    assert command(folder, "export", name).returncode == 0
    other = tmp_path / "other"
    assert "5 answers taken, 0 known" in command(other, "import", name).stdout
    assert contents(other) == contents(folder)
    assert "0 answers taken, 5 known" in command(other, "import", name).stdout
    assert contents(other) == contents(folder)
    with (tmp_path / name).open("rb") as file:
        records = list(ArchiveIterator(file, check_digests="raise"))
        assert [r.rec_type for r in records] == ["warcinfo"] + ["response"] * 5


def test_what_is_exported_is_known_where_it_came_from(tmp_path):
    # a clock tells parts of microseconds, a WARC file does not: half of these times are rounded up
    times = [1_780_000_000 + n / 7e6 for n in range(200)]
    fill(tmp_path, [Entry(f"{RECORD}{n}", "record", outcome="ok", body=b"{}", fetched=t) for n, t in enumerate(times)])
    with Archive(tmp_path) as archive, (tmp_path / "all.warc.gz").open("wb") as file:
        export_warc(archive, archive.entries(), file)
    with Archive(tmp_path) as archive:
        counts = import_warc(archive, tmp_path / "all.warc.gz", 1000)
        assert (counts.taken, counts.known) == (0, 200)


def warc(
    path: Path, url: str, body: bytes, status: str = "200 OK", headers=(), date: str = "2026-03-01T00:00:00Z"
) -> None:
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        fields = {"WARC-Date": date}
        writer.write_record(
            writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=http, warc_headers_dict=fields)
        )


def test_a_warc_file_of_another_program(tmp_path):
    path = tmp_path / "wget.warc.gz"
    warc(
        path,
        PAGE,
        gzip.compress(b"<html>text</html>"),
        headers=[("Content-Encoding", "gzip"), ("Set-Cookie", "secret=1")],
    )
    warc(path, f"{SITE}/misc/style.css", b"body {}")
    warc(path, JATS, b"refused", status="403 Forbidden")
    with Archive(tmp_path / "data") as archive:
        counts = import_warc(archive, path, 1_000_000)
        assert (counts.taken, counts.foreign) == (1, 2)
        (entry,) = archive.entries()
        assert archive.body(entry) == b"<html>text</html>"
        # nobody has read it yet: its reader decides whether it stays
        assert (entry.source, entry.lasting, entry.outcome) == ("page", True, "")
        assert "Set-Cookie" not in entry.headers


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(tmp_path):
    fill(tmp_path / "data", [Entry(RECORD, "record", outcome="ok", body=b"new", fetched=time())])
    warc(tmp_path / "old.warc.gz", RECORD, b"old")
    with Archive(tmp_path / "data") as archive:
        assert import_warc(archive, tmp_path / "old.warc.gz", 1000).known == 1
        assert archive.find(RECORD).body == b"new"


def test_a_bomb_is_left_out(tmp_path):
    warc(tmp_path / "bomb.warc.gz", PAGE, gzip.compress(bytes(50_000_000)), headers=[("Content-Encoding", "gzip")])
    with Archive(tmp_path / "data") as archive:
        counts = import_warc(archive, tmp_path / "bomb.warc.gz", 1_000_000)
        assert (counts.taken, counts.damaged) == (0, 1)


@pytest.mark.parametrize("content", [b"no WARC at all\n", b"\x1f\x8b\x08broken", b""])
def test_a_file_that_is_no_warc_is_one_line(tmp_path, content):
    (tmp_path / "x.warc.gz").write_bytes(content)
    with Archive(tmp_path / "data") as archive:
        if content:
            with pytest.raises(UserError, match="no WARC file"):
                import_warc(archive, tmp_path / "x.warc.gz", 1000)
        assert archive.entries() == []


def test_a_file_that_is_cut_off_gives_what_is_whole(folder, tmp_path):
    command(folder, "export", "all.warc.gz")
    whole = (tmp_path / "all.warc.gz").read_bytes()
    for end in range(400, len(whole), 211):
        (tmp_path / "cut.warc.gz").write_bytes(whole[:end])
        with Archive(tmp_path / f"data{end}") as archive:
            try:
                counts = import_warc(archive, tmp_path / "cut.warc.gz", 1_000_000)
                taken = counts.taken
            except UserError:
                taken = len(archive.entries())
        assert set(contents(tmp_path / f"data{end}")) <= set(contents(folder))
        assert taken <= 5


@pytest.mark.parametrize("args", [[], ["lst"], ["export"], ["list", "x"]])
def test_wrong_use_is_told_in_one_line(folder, args):
    done = command(folder, *args)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
