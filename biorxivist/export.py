"""Papers to a file of any format that a crawl writes."""

from collections.abc import Iterable
from pathlib import Path

from scrapy.exporters import BaseItemExporter
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from biorxivist.errors import UsageError
from biorxivist.files import whole_file
from biorxivist.items import Paper

OURS = ("jsonl", "json", "csv", "parquet", "bib", "ris", "csl")


def write_file(papers: Iterable[Paper], target: str, settings: BaseSettings) -> None:
    """Write papers to `FILE` by its ending, or to `FILE:FORMAT`, `-:FORMAT`; whole or not at all. Raises `UserError`."""
    path, exporter = exporter_of(target, settings)
    names = settings.getlist("FEED_EXPORT_FIELDS") or None
    with whole_file(path) as file:
        indent = settings.getint("FEED_EXPORT_INDENT")
        writer = exporter(file, fields_to_export=names, encoding="utf-8", indent=indent)
        writer.start_exporting()
        for paper in papers:
            writer.export_item(paper)
        writer.finish_exporting()


def exporter_of(target: str, settings: BaseSettings) -> tuple[str, type[BaseItemExporter]]:
    """The file that a target names, and what writes its format; raises `UsageError`."""
    formats = settings.getwithbase("FEED_EXPORTERS")
    path, _, name = target.rpartition(":")
    if not path or not formats.get(name):
        path, name = target, Path(target).suffix[1:]
    if not formats.get(name):
        endings = ", .".join(OURS)
        raise UsageError(
            f"{target}: the name ends in .{endings}, or in :FORMAT, or has no ending: a folder of Markdown"
        )
    return path, load_object(formats[name])
