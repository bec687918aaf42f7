"""The archive: what was fetched once is kept, in one SQLite file. No Scrapy but in `cache`."""

from biorxivist.archive.entries import Entry
from biorxivist.archive.store import Archive, ArchiveError

__all__ = ["Archive", "ArchiveError", "Entry"]
