"""Feeds: JSON Lines that survive a kill, Parquet for queries, CSV for spreadsheets, citations for reference managers."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from biorxivist import resume
from biorxivist.citations import bibtex, csl, ris, unique_key
from biorxivist.feed import to_json
from biorxivist.flushed import Flushed, continued
from biorxivist.items import Paper
from biorxivist.parquet import ParquetWriter
from biorxivist.text import caption

JOIN = "; "


class Json(JsonItemExporter):
    """JSON: one list of papers."""

    def export_item(self, item: Paper) -> None:
        self._add_comma_after_first()
        self.file.write(to_json(item, self.fields_to_export, self.indent or None))


class FlushedJsonLines(Flushed, JsonLinesItemExporter):
    """JSON Lines, a line a paper."""

    def __init__(self, file: BytesIO, **kwargs: Any):
        super().__init__(file, **kwargs)
        if path := continued(file):
            self.mend(path)
            self.before = resume.written_lines(path)

    @classmethod
    def mend(cls, path: Path, fields: list[str] | None = None) -> None:
        resume.mend_lines(path)

    def export_item(self, item: Paper) -> None:
        line = to_json(item, self.fields_to_export) + b"\n"
        self.write(
            item, resume.line_content(line) if self.before else b"", lambda: self.file.write(line) and self.file.flush()
        )


class Parquet(BaseItemExporter):
    """Parquet: a row a paper, typed and nested. The file can be read when it is finished."""

    def __init__(self, file: BytesIO, **kwargs: Any):
        super().__init__(**kwargs)
        self.writer = ParquetWriter(file, self.fields_to_export)

    def export_item(self, item: Paper) -> None:
        self.writer.write(item)

    def finish_exporting(self) -> None:
        self.writer.close()


class BibTex(BaseItemExporter):
    """BibTeX: an entry a paper."""

    entry = staticmethod(bibtex)

    def __init__(self, file: BytesIO, **kwargs: Any):
        super().__init__(**kwargs)
        self.file = file
        self.keys: dict[str, str] = {}

    def export_item(self, item: Paper) -> None:
        entry = self.entry(item, unique_key(item, self.keys))
        self.file.write(entry.encode(self.encoding or "utf-8") + b"\n")
        self.file.flush()


class Ris(BibTex):
    """RIS: an entry a paper."""

    entry = staticmethod(ris)


class CslJson(JsonItemExporter):
    """CSL-JSON: one list with an item a paper."""

    def __init__(self, file: BytesIO, **kwargs: Any):
        super().__init__(file, **kwargs)
        self.keys: dict[str, str] = {}

    def export_item(self, item: Paper) -> None:
        self._add_comma_after_first()
        entry = csl(item, unique_key(item, self.keys))
        self.file.write(json.dumps(entry, ensure_ascii=False, indent=self.indent or None).encode())


# one cell a column; nested fields in the words that a reader of a spreadsheet expects
COLUMNS: dict[str, Callable[[Paper], Any]] = {
    "doi": lambda p: p.doi,
    "version": lambda p: p.version,
    "server": lambda p: p.server,
    "url": lambda p: p.url,
    "title": lambda p: p.title,
    "authors": lambda p: JOIN.join(a.name for a in p.authors),
    "orcids": lambda p: JOIN.join(a.orcid for a in p.authors if a.orcid),
    "corresponding": lambda p: JOIN.join(a.name for a in p.authors if a.corresponding),
    "affiliations": lambda p: JOIN.join(a.text for a in p.affiliations),
    "posted": lambda p: p.posted,
    "first_posted": lambda p: p.first_posted,
    "received": lambda p: p.received,
    "category": lambda p: p.category,
    "article_type": lambda p: p.article_type,
    "license": lambda p: p.license,
    "copyright": lambda p: p.copyright,
    "keywords": lambda p: JOIN.join(p.keywords),
    "awards": lambda p: JOIN.join(" ".join(filter(None, (a.funder, a.award))) for a in p.awards),
    "published_doi": lambda p: p.published_doi,
    "withdrawn": lambda p: "yes" if p.withdrawn else "no",
    "versions": lambda p: JOIN.join(f"v{v.version} {v.posted}" for v in p.versions),
    "sections": lambda p: JOIN.join(s.title for s in p.sections if s.title),
    "statements": lambda p: JOIN.join(f"{s.title}: " + " ".join(b.text for b in s.blocks) for s in p.statements),
    "figures": lambda p: JOIN.join(" ".join(caption(f)) for f in p.figures),
    "tables": lambda p: JOIN.join(" ".join(caption(t)) for t in p.tables),
    "references": lambda p: len(p.references),
    "reference_dois": lambda p: JOIN.join(r.doi for r in p.references if r.doi),
    "supplements": lambda p: JOIN.join(s.url or s.title for s in p.supplements),
    "mentions": lambda p: JOIN.join(m.id for m in p.mentions),
    "coverage": lambda p: p.coverage,
    "source": lambda p: p.source,
    "attempts": lambda p: JOIN.join(f"{a.source}: {a.outcome}" for a in p.attempts),
    "fetched": lambda p: p.fetched,
    "abstract": lambda p: p.abstract,
    "text": lambda p: p.text,
}


def cell(value: Any) -> Any:
    """A value as a spreadsheet cell: no text that the program would take for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


class FlatCsv(Flushed, CsvItemExporter):
    """CSV with one row a paper: people and lists joined by `; `, the full text in one cell, no formulas."""

    def __init__(self, file: BytesIO, **kwargs: Any):
        kwargs["fields_to_export"] = kwargs.get("fields_to_export") or list(COLUMNS)
        if path := continued(file):
            self.mend(path, kwargs["fields_to_export"])
            self.before = resume.written_rows(path)
        # a feed that is gone on with has its header
        super().__init__(file, include_headers_line=not path or not path.stat().st_size, **kwargs)

    def export_item(self, item: Paper) -> None:
        cells = [str(value) for _, value in self.get_serialized_fields(item)]
        self.write(
            item, resume.row_content(self.fields_to_export, cells) if self.before else b"", lambda: self.write_row(item)
        )

    @classmethod
    def mend(cls, path: Path, fields: list[str] | None = None) -> None:
        resume.mend_rows(path, fields or list(COLUMNS))

    def write_row(self, item: Paper) -> None:
        super().export_item(item)
        self.stream.flush()

    def get_serialized_fields(self, item: Paper, default_value: Any = None, include_empty: bool | None = None):
        for name in self.fields_to_export:
            yield name, cell(COLUMNS[name](item))
