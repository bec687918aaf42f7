"""Where feeds go: files that a kill leaves as they were, and what cannot be written told before anything is crawled."""

from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.settings import BaseSettings
from scrapy.utils.conf import feed_complete_default_values_from_settings
from scrapy.utils.misc import load_object
from w3lib.url import file_uri_to_path

from biorxivist.destinations import known_path
from biorxivist.errors import UserError
from biorxivist.files import lock, open_beside, put_in_place
from biorxivist.flushed import Flushed
from biorxivist.parquet import MissingPyArrow

# formats that cannot be read without their end, or continued behind it
WHOLE = frozenset({"parquet", "json", "csl"})


class WholeFiles(FileFeedStorage):
    """Local files; those that cannot be read without their end take their place when they are complete."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None):
        super().__init__(uri, feed_options=feed_options)
        self.whole = (feed_options or {}).get("format") in WHOLE

    def open(self, spider: Spider) -> IO[bytes]:
        if self.whole:
            return open_beside(Path(self.path))
        file = super().open(spider)
        lock(file)
        return file

    def store(self, file: IO[bytes]) -> None:
        if self.whole:
            put_in_place(file, Path(self.path))
        else:
            super().store(file)


def unwritable_feed(settings: BaseSettings) -> str:
    """Why a feed could not be written; empty if all can."""
    for uri, given in settings.getdict("FEEDS").items():
        options = feed_complete_default_values_from_settings(dict(given), settings, str(uri))
        if options.get("format") == "parquet" and not find_spec("pyarrow"):
            return str(MissingPyArrow())
        if urlsplit(str(uri)).scheme in ("", "file"):
            named = file_uri_to_path(uri) if str(uri).startswith("file:") else str(uri)
            path = known_path(named, settings["BIORXIVIST_DATA"])
            exporter = load_object(settings.getwithbase("FEED_EXPORTERS").get(options["format"], object))
            if fault := _unwritable_file(path, options, exporter):
                return f"cannot write the feed {path}: {fault}"
    return ""


def _unwritable_file(path: Path, options: dict[str, Any], exporter: type) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        with path.open("ab") as file:
            if not lock(file):
                return "another crawl is writing it"
        if not existed:
            path.unlink()
        elif options.get("format") in WHOLE and not options.get("overwrite") and path.is_file() and path.stat().st_size:
            return (
                f"{options['format']} has an end and cannot be continued; -O replaces the file, .jsonl can be continued"
            )
        elif issubclass(exporter, Flushed) and not options.get("overwrite") and path.is_file():
            exporter.mend(path, options.get("fields"))
    except OSError as error:
        return error.strerror
    except UserError as error:
        return str(error)
    return ""
