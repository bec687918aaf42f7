"""The readers against documents of invented papers: one test a document and field, expectations from the papers' definitions."""

import functools
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from biorxivist.items import Paper, Section
from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import read_page
from biorxivist.readers.page.landing import read_landing
from biorxivist.readers.record import read_record
from biorxivist.readers.results import read_results
from biorxivist.text import clean_paper

PAGES = Path(__file__).with_name("pages")
READERS = {
    "jats-site": read_jats,
    "jats-meca": read_jats,
    "europepmc": read_jats,
    "page": read_page,
    "landing": read_landing,
}
FOLDERS = sorted(path.parent.name for path in PAGES.glob("*/expected.json"))


@functools.cache
def expectations(folder: str) -> dict[str, dict[str, Any]]:
    """Expected fields of every document of a paper."""
    data = json.loads((PAGES / folder / "expected.json").read_bytes())
    common = next(iter(data.values()))
    found = {}
    for name, own in data.items():
        left_out = own.pop("not compared", [])
        found[name] = {k: v for k, v in (common | own).items() if k not in left_out}
    return found


@functools.cache
def paper(folder: str, name: str) -> Paper:
    """What the reader makes of a document."""
    (path,) = (PAGES / folder).glob(f"{name}.[hx][tm]*")
    return clean_paper(READERS[name](path.read_bytes()))


def section(found: Section) -> dict[str, Any]:
    """A section as the expectations write it."""
    blocks = [
        {"kind": b.kind, "text": b.text, "id": b.id, "citations": [[c.start, c.end, c.references] for c in b.citations]}
        for b in found.blocks
    ]
    nested = [section(s) for s in found.sections]
    return {"title": found.title, "kind": found.kind, "level": found.level, "blocks": blocks, "sections": nested}


def comparable(found: Paper, field: str, wanted: Any) -> Any:
    """A field as the expectations write it."""
    value = getattr(found, field)
    if field == "sections":
        return [section(s) for s in value]
    if field == "statements":
        return [{"title": s.title, "kind": s.kind, "text": "\n\n".join(b.text for b in s.blocks)} for s in value]
    if field == "authors":
        places = {a.id: a.text for a in found.affiliations}
        return [asdict(a) | {"affiliations": [places[id] for id in a.affiliations]} for a in value]
    if isinstance(value, list) and value and isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        return [{key: v for key, v in asdict(entry).items() if key in wanted[0]} for entry in value]
    return value


CASES = [
    (folder, name, field) for folder in FOLDERS for name, fields in expectations(folder).items() for field in fields
]


@pytest.mark.parametrize(("folder", "name", "field"), CASES, ids=str)
def test_field(folder, name, field):
    wanted = expectations(folder)[name][field]
    assert comparable(paper(folder, name), field, wanted) == wanted


@pytest.mark.parametrize("folder", FOLDERS)
def test_record(folder):
    fields = next(iter(expectations(folder).values()))
    record = read_record(json.loads((PAGES / folder / "record.json").read_bytes()))
    found = record.paper(fields["version"])
    for name in ("doi", "version", "server", "posted", "license", "category", "article_type", "withdrawn", "title"):
        assert getattr(found, name) == fields[name], name
    assert [v.version for v in found.versions] == list(range(1, fields["version"] + 1))
    assert record.jatsxml[fields["version"]].endswith(f"{fields['doi'].partition('/')[2]}.source.xml")


@pytest.mark.parametrize("folder", FOLDERS)
def test_results(folder):
    fields = next(iter(expectations(folder).values()))
    results = read_results(json.loads((PAGES / folder / "results.json").read_bytes()))
    (hit,) = results.hits
    assert (hit.doi, hit.server, results.total) == (fields["doi"], fields["server"], 1)
    assert hit.id.startswith("PPR")


def test_every_kind_of_document_is_there():
    names = {name for folder in FOLDERS for name in expectations(folder)}
    assert names == set(READERS)
