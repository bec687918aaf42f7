"""What the local site holds: papers in their versions, each with the documents that exist of it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

Render = Callable[[], bytes] | None


@dataclass
class Holding:
    """One version of a paper. A document that does not exist is None."""

    doi: str
    version: int
    server: str
    posted: str
    record: dict[str, Any]
    """The row of the API."""
    jats: Render = None
    page: Render = None
    landing: Render = None
    title: str = ""
    """As printed; the API's own spelling is in the record."""
    abstract: str = ""
    words: str = ""
    """All that a search looks through, lower case."""
    authors: list[tuple[str, str]] = field(default_factory=list)
    """Given names and surname; a collective has its name as surname."""
    ppr: str = ""
    """Europe PMC's id, empty where it does not have the paper."""
    europepmc: Render = None
    """Europe PMC's full text."""
    first: str = ""
    """When the first version was posted; the catalogue fills it in."""

    @property
    def id(self) -> str:
        """The DOI without its prefix."""
        return self.doi.partition("/")[2]

    @property
    def pisa(self) -> str:
        """`biorxiv;2024.03.05.583102v1`."""
        return f"{self.server};{self.id}v{self.version}"

    @property
    def apath(self) -> str:
        """`/biorxiv/early/2024/03/08/2024.03.05.583102.atom`."""
        return f"/{self.server}/early/{self.posted.replace('-', '/')}/{self.id}.atom"


class Catalogue:
    """All holdings, by what an address says of them."""

    def __init__(self, holdings: Iterable[Holding]):
        self.papers: dict[str, list[Holding]] = {}
        self._early: dict[tuple[str, str], Holding] = {}
        self._suffixes: dict[str, str] = {}
        for holding in holdings:
            self.papers.setdefault(holding.doi, []).append(holding)
        for doi, versions in self.papers.items():
            versions.sort(key=lambda h: h.version)
            for holding in versions:
                holding.first = versions[0].posted
                self._early[holding.posted, holding.id] = holding
            self._suffixes[versions[0].id] = doi
        self._ppr = {h[-1].ppr: h[-1] for h in self.papers.values() if h[-1].ppr}

    def on(self, today: str) -> "Catalogue":
        """What was there on a day, with that day moved to the present one.

        The sites make the full texts of a posting within two days, Europe PMC has it within three.
        """
        there = [h for versions in self.papers.values() for h in versions if h.posted <= today]
        return Catalogue(_aged(h, (date.fromisoformat(today) - date.fromisoformat(h.posted)).days) for h in there)

    def versions(self, doi: str) -> list[Holding]:
        """All versions of a DOI, oldest first; empty for an unknown one."""
        return self.papers.get(doi.lower(), [])

    def version(self, doi: str, version: int | None) -> Holding | None:
        """One version, the latest by default."""
        found = self.versions(doi)
        return next((h for h in reversed(found) if version in (None, h.version)), None)

    def early(self, posted: str, suffix: str) -> Holding | None:
        """The version that was posted on a day."""
        if match := re.fullmatch(r"(.*\d)v(\d+)", suffix):
            return self.version(self._suffixes.get(match[1], ""), int(match[2]))
        return self._early.get((posted, suffix))

    def ppr(self, id: str) -> Holding | None:
        """The paper under an id of Europe PMC."""
        return self._ppr.get(id.upper())

    def latest(self) -> list[Holding]:
        """The latest version of every paper, newest first."""
        return sorted((h[-1] for h in self.papers.values()), key=lambda h: (h.posted, h.doi), reverse=True)

    def interval(self, server: str, first: str, last: str) -> list[Holding]:
        """All versions of a server that were posted in an interval, oldest first."""
        found = (h for versions in self.papers.values() for h in versions if h.server == server)
        return sorted((h for h in found if first <= h.posted <= last), key=lambda h: (h.posted, h.doi, h.version))


def _aged(holding: Holding, days: int) -> Holding:
    posted = (datetime.now(UTC).date() - timedelta(days)).isoformat()
    jatsxml = holding.record["jatsxml"].replace(holding.posted.replace("-", "/"), posted.replace("-", "/"))
    holding = replace(holding, posted=posted, record=holding.record | {"date": posted, "jatsxml": jatsxml})
    if days < 2:
        # JATS and page come after the PDF
        holding = replace(holding, jats=None, page=None)
    return replace(holding, ppr="", europepmc=None) if days < 3 else holding


def initials(given: str) -> str:
    """First letters of given names: `JM`."""
    return "".join(part[0] for part in re.split(r"[\s-]+", given) if part)
