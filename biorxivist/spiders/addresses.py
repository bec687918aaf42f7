"""Where the sources are. Every host is a setting, so that the whole program runs against `tests/site`."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from scrapy.settings import BaseSettings

from biorxivist import identifiers


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base addresses of the sites (by server) and of the APIs."""

    sites: dict[str, str]
    api: str
    europepmc: str
    annotations: str = ""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The addresses of `BIORXIV_URL`, `MEDRXIV_URL`, `BIORXIV_API_URL`, `EUROPEPMC_URL` and `EUROPEPMC_ANNOTATIONS_URL`."""
        sites = {"biorxiv": settings["BIORXIV_URL"], "medrxiv": settings["MEDRXIV_URL"]}
        names = ("BIORXIV_API_URL", "EUROPEPMC_URL", "EUROPEPMC_ANNOTATIONS_URL")
        return cls(sites, *(settings[name].rstrip("/") for name in names))

    def record(self, server: str, doi: str) -> str:
        """The API record of a paper: all its versions."""
        return identifiers.record_url(self.api, server, doi)

    def listing(self, server: str, first: date, last: date, cursor: int = 0, category: str = "") -> str:
        """A page of the API's listing of an interval, both days included."""
        query = f"?{urlencode({'category': category})}" if category else ""
        return f"{self.api}/details/{server}/{first}/{last}/{cursor}/json{query}"

    def search(self, query: str, cursor: str = "*", page_size: int = 25) -> str:
        """A page of Europe PMC's answer to a query, with abstracts."""
        fields = {"query": query, "format": "json", "resultType": "core", "pageSize": page_size, "cursorMark": cursor}
        return f"{self.europepmc}/search?{urlencode(fields)}"

    def europepmc_full_text(self, id: str) -> str:
        """The full text that Europe PMC has under its id."""
        return f"{self.europepmc}/{id}/fullTextXML"

    def annotations_of(self, ids: list[str]) -> str:
        """What text mining found in preprints, given by Europe PMC's ids."""
        fields = {"articleIds": ",".join(f"PPR:{id}" for id in ids), "format": "JSON"}
        return f"{self.annotations}/annotationsByArticleIds?{urlencode(fields, safe=':,')}"
