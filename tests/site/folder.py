"""A folder of recorded documents as holdings: everything in it is served under its proper address."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.site.catalogue import Holding, initials
from tests.site.definitions import NAMES
from tests.site.prose import number
from tests.site.recorded import Front, html_front, jats_front

# folder of the collection, what its files are, how their front matter is read; the first document of a kind counts
FOLDERS: list[tuple[str, str, Callable[[bytes], Front]]] = [
    ("html/landing", "landing", html_front),
    ("html/withdrawn", "landing", html_front),
    ("html/fulltext", "page", html_front),
    ("html/fulltext-reindented", "page", html_front),
    ("html/no-fulltext", "page", html_front),
    ("jats/site", "jats", jats_front),
    ("jats/no-body", "jats", jats_front),
    ("jats/meca", "jats", jats_front),
]
NAME = re.compile(r"(?P<id>(?:(?P<day>\d{4}\.\d\d\.\d\d)\.)?\d{6,8})v(?P<version>\d+)")


@dataclass
class Found:
    """All that the folder has of one version."""

    front: Front
    files: dict[str, Path] = field(default_factory=dict)


def holdings(folder: Path) -> list[Holding]:
    """The recorded papers; where a row of the API is lacking, the front matter of the document gives it."""
    found = _documents(folder)
    rows = _rows(folder)
    for key, row in rows.items():
        found.setdefault(key, Found(Front(*key, server=row.get("server", "biorxiv").lower(), posted=row["date"])))
    taken: set[tuple[str, str]] = set()
    return [_holding(item, rows.get(key), taken) for key, item in sorted(found.items())]


def _documents(folder: Path) -> dict[tuple[str, int], Found]:
    manifest = _manifest(folder)
    found: dict[tuple[str, int], Found] = {}
    for name, kind, reader in FOLDERS:
        for path in sorted((folder / name).glob("*.[hx][tm]*")):
            front = reader(path.read_bytes())
            doi, version = manifest.get(f"{name}/{path.name}") or _from_name(path.name)
            front.doi, front.version = doi or front.doi, version or front.version or 1
            item = found.setdefault((front.doi, front.version), Found(front))
            item.files.setdefault(kind, path)
            _complete(item.front, front)
    return found


def _complete(front: Front, other: Front) -> None:
    for name in (
        "server",
        "title",
        "abstract",
        "posted",
        "license",
        "category",
        "article_type",
        "authors",
        "corresponding",
    ):
        if not getattr(front, name):
            setattr(front, name, getattr(other, name))


def _manifest(folder: Path) -> dict[str, tuple[str, int]]:
    path = folder / "MANIFEST.tsv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["path"]: (row["doi"].lower(), int(row["version"])) for row in rows if row["doi"] and row["version"]}


def _from_name(name: str) -> tuple[str, int]:
    if not (match := NAME.match(name)):
        return "", 0
    prefix = "10.64898" if (match["day"] or "") >= "2025.12.01" else "10.1101"
    return f"{prefix}/{match['id']}", int(match["version"])


def _rows(folder: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows of files that hold one paper; answers that list many are left out, their papers are not in the folder."""
    found = {}
    for path in sorted((folder / "api").glob("*.json")):
        rows = list(_objects(json.loads(path.read_bytes())))
        if len({row["doi"] for row in rows}) == 1:
            for row in rows:
                found[row["doi"].lower(), int(row["version"])] = row
    return found


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict) and "collection" in data:
        data = data["collection"]
    for row in data if isinstance(data, list) else [data]:
        if isinstance(row, dict) and row.get("doi") and row.get("version"):
            yield row


def _holding(found: Found, row: dict[str, Any] | None, taken: set[tuple[str, str]]) -> Holding:
    front = found.front
    id = front.doi.partition("/")[2]
    posted = front.posted or "2000-01-01"
    # two versions of one day would have one address
    while (posted, id) in taken:
        posted = (date.fromisoformat(posted) + timedelta(days=1)).isoformat()
    taken.add((posted, id))
    record = (row or _record(front)) | {"date": posted, "jatsxml": _jatsxml(front, posted)}
    files = {kind: partial(path.read_bytes) for kind, path in found.files.items()}
    title, abstract = front.title or record["title"], front.abstract or record["abstract"]
    return Holding(
        front.doi,
        front.version,
        front.server,
        posted,
        record,
        **files,
        title=title,
        abstract=abstract,
        words=f"{title} {abstract}".lower(),
        authors=front.authors or [_named(name) for name in record["authors"].split(";")],
        ppr=f"PPR{number(front.doi, 10_000_000, 99_999_999)}",
    )


def _named(name: str) -> tuple[str, str]:
    surname, _, given = name.strip().partition(", ")
    return given, surname


def _jatsxml(front: Front, posted: str) -> str:
    day, id = posted.replace("-", "/"), front.doi.partition("/")[2]
    return f"https://www.{front.server}.org/content/early/{day}/{id}.source.xml"


def _record(front: Front) -> dict[str, Any]:
    names = [
        f"{surname}, {' '.join(f'{c}.' for c in initials(given))}" if given else surname
        for given, surname in front.authors
    ]
    kind = front.article_type or "new results"
    if front.server == "medrxiv":
        kind = "WITHDRAWN" if kind == "withdrawn" else "PUBLISHAHEADOFPRINT"
    return {
        "title": front.title,
        "authors": "; ".join(names),
        "author_corresponding": front.corresponding or "NA",
        "author_corresponding_institution": front.institution or "NA",
        "doi": front.doi,
        "date": front.posted,
        "version": str(front.version),
        "type": kind,
        "license": front.license,
        "category": front.category or "NA",
        "jatsxml": "",
        "abstract": front.abstract,
        "funder": "NA",
        "published": "NA",
        "server": NAMES[front.server],
    }
