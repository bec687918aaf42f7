"""The archive as WARC files, which web archives and their tools share, and WARC files into the archive."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from biorxivist import __version__
from biorxivist.archive.entries import Damaged, Entry
from biorxivist.archive.store import Archive
from biorxivist.errors import UserError

# fields of ours, which other programs leave alone
ASKED, SOURCE, VERSION, OUTCOME, LASTING, BROWSER = (
    f"BioRxivist-{name}" for name in ("Asked", "Source", "Version", "Outcome", "Lasting", "Browser")
)
PHRASES = {200: "OK", 404: "Not Found", 410: "Gone"}
# what an address of another program's archive is, and whether it is a document of a version
KINDS = [
    (re.compile(r"^https?://[^/]+/robots\.txt$"), "robots", False),
    (re.compile(r"^https?://[^/]+/details/\w+/10\.\d+/"), "record", False),
    (re.compile(r"^https?://[^/]+/content/.*\.source\.xml$"), "jats", True),
    (re.compile(r"^https?://[^/]+/content/10\.\d+/[\w.]+v\d+\.full(-text)?$"), "page", True),
    (re.compile(r"^https?://[^/]+/content/10\.\d+/[\w.]+v\d+$"), "landing", False),
    (re.compile(r"^https?://[^/]+/.*/fullTextXML$"), "europepmc", False),
]
TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(slots=True)
class Counts:
    """What became of the records of a WARC file."""

    taken: int = 0
    known: int = 0
    """Answers of which the archive has the same or a newer one."""
    foreign: int = 0
    """Answers of no source of ours."""
    damaged: int = 0


def export_warc(archive: Archive, entries: Iterable[Entry], file: BinaryIO, gzip: bool = True) -> tuple[int, list[str]]:
    """Write answers as response records; gives their number and the addresses of damaged ones, which are left out."""
    writer = WARCWriter(file, gzip=gzip)
    software = {"software": f"BioRxivist/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record("biorxivist.warc", software))
    number, damaged = 0, []
    for entry in entries:
        try:
            body = archive.body(entry)
        except Damaged:
            damaged.append(entry.url)
            continue
        writer.write_record(_record(writer, entry, body))
        number += 1
    return number, damaged


def _record(writer: WARCWriter, entry: Entry, body: bytes) -> ArcWarcRecord:
    status = f"{entry.status} {PHRASES.get(entry.status, '')}".strip()
    http = StatusAndHeaders(status, [*entry.headers.items(), ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
    fields = {
        "WARC-Date": _date(entry.fetched),
        ASKED: entry.url, SOURCE: entry.source, VERSION: str(entry.version), OUTCOME: entry.outcome or "-",
        LASTING: str(int(entry.lasting)), BROWSER: str(int(entry.browser)),
    }  # fmt: skip
    return writer.create_warc_record(
        entry.address, "response", BytesIO(body), http_headers=http, warc_headers_dict=fields
    )


def import_warc(archive: Archive, path: Path, limit: int) -> Counts:
    """Take the answers of our sources out of a WARC file; bodies beyond a limit in bytes count as damaged. Raises `UserError`."""
    counts = Counts()
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                if record.rec_type == "response" and record.http_headers:
                    _take(archive, record, limit, counts)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    except (ArchiveLoadFailed, ValueError, EOFError) as error:
        raise UserError(f"{path} is no WARC file, or is cut off after {counts.taken} answers: {_line(error)}") from None
    return counts


def _take(archive: Archive, record: ArcWarcRecord, limit: int, counts: Counts) -> None:
    entry = _entry(record)
    if entry is None:
        counts.foreign += 1
        return
    entry.body = record.content_stream().read(limit + 1)
    record.content_stream().read()
    if len(entry.body) > limit or record.digest_checker.passed is False:
        counts.damaged += 1
        return
    known = archive.find(entry.url, entry.version, entry.browser)
    # rounded as a WARC file has it
    if known and _time(_date(known.fetched)) >= entry.fetched:
        counts.known += 1
        return
    entry.id = archive.keep(entry)
    if entry.outcome:
        archive.judge(entry, entry.outcome, entry.lasting)
    counts.taken += 1


def _entry(record: ArcWarcRecord) -> Entry | None:
    """The answer of a response record; None if it is none of ours."""
    ours, http = record.rec_headers, record.http_headers
    address = ours.get_header("WARC-Target-URI", "").strip("<>")
    url = ours.get_header(ASKED, address)
    source, lasting = ours.get_header(SOURCE), ours.get_header(LASTING) == "1"
    if source is None:
        source, lasting = next(((name, lasts) for kind, name, lasts in KINDS if kind.match(url)), ("", False))
    status = int(http.get_statuscode() or 0)
    if not source or status not in PHRASES:
        return None
    return Entry(
        url, source, int(ours.get_header(VERSION, "0")), ours.get_header(BROWSER) == "1",
        lasting and status == 200, ours.get_header(OUTCOME, "").strip("-"), _time(ours.get_header("WARC-Date", "")), status, address,
        {name: value for name in ("Content-Type", "Date", "ETag", "Last-Modified") if (value := http.get_header(name))},
    )  # fmt: skip


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(TIME)


def _time(value: str) -> float:
    return datetime.fromisoformat(value).timestamp()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
