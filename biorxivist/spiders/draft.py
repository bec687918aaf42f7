"""What is known of a paper while its sources are asked."""

from dataclasses import dataclass, field, replace

from biorxivist import identifiers
from biorxivist.identifiers import Preprint
from biorxivist.items import Attempt, Paper
from biorxivist.licenses import allows
from biorxivist.readers.merge import complete, with_record
from biorxivist.readers.record import Record
from biorxivist.readers.results import Hit
from biorxivist.spiders.addresses import Addresses
from biorxivist.text import holds_text


@dataclass(slots=True)
class Draft:
    """What is known so far of a wanted paper."""

    wanted: Preprint
    addresses: Addresses
    fulltext: bool = True
    license: str = "any"
    every: bool = False
    """Whether all versions are wanted and those beside the latest are still to be asked for."""
    hit: Hit | None = None
    record: Record | None = None
    partial: bool = False
    """Whether the record is of a listing that may not show all versions."""
    known: bool = False
    """Whether an earlier run delivered the paper, with the same record and without a text."""
    document: Paper | None = None
    scripted: bytes = b""
    """The page whose content a script is to put there, as it came without one."""
    attempts: list[Attempt] = field(default_factory=list)
    absent: str = ""
    """Why the wanted version cannot be had from any source."""

    @property
    def label(self) -> str:
        """The paper as the user named it."""
        return self.wanted.label

    @property
    def servers(self) -> list[str]:
        """Servers that may have the paper, the likelier first."""
        first = (
            self.wanted.server or (self.hit.server if self.hit else "") or identifiers.likely_server(self.wanted.doi)
        )
        return sorted(self.addresses.sites, key=lambda s: s != first)

    @property
    def metadata(self) -> Paper | None:
        """The paper without text, of the best source that answered."""
        if self.record:
            return self.record.paper(self.wanted.version)
        return self.hit.paper if self.hit else None

    @property
    def server(self) -> str:
        """The server that has the paper, or the likelier one."""
        return (self.metadata.server if self.metadata else "") or self.servers[0]

    @property
    def version(self) -> int:
        """The wanted version, the latest if none was named; 0 while that is not known."""
        return self.wanted.version or (self.record.paper(None).version if self.record else 0)

    @property
    def latest(self) -> bool:
        """Whether the latest version is wanted, as far as is known."""
        if not self.wanted.version:
            return True
        return bool(self.record) and not self.partial and self.wanted.version == self.record.paper(None).version

    @property
    def unwanted(self) -> str:
        """Why no text is to be asked for; empty if one is wanted."""
        if self.absent:
            return self.absent
        if not self.fulltext:
            return "fulltext=no"
        known = self.document or self.metadata
        if known and known.article_type == "withdrawn":
            return "this version is the notice of a withdrawal"
        if known and (self.record or self.document) and not allows(known.license, self.license):
            return f"licence is {known.license or 'not given'}, wanted is license={self.license}"
        return ""

    @property
    def wants_text(self) -> bool:
        """Whether the next source of a text is to be asked."""
        return not self.unwanted and not (self.document and any(map(holds_text, self.document.sections)))

    def paper(self) -> Paper | None:
        """The paper as far as the sources gave it; None if not even a title is known."""
        paper = self.metadata or Paper()
        if self.document:
            paper = (
                with_record(self.document, self.record.paper(self.wanted.version))
                if self.record
                else complete(self.document, paper)
            )
        if not paper.title:
            return None
        paper = replace(paper, doi=self.wanted.doi, attempts=list(self.attempts))
        if reason := self.unwanted:
            paper = replace(paper, sections=[], figures=[], tables=[], formulas=[], references=[], footnotes=[])
            paper.attempts.append(Attempt("full text", outcome="unwanted", detail=reason))
        return paper
