"""The API record of api.biorxiv.org: all versions of a paper, or the versions of many papers that an interval lists."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from biorxivist.identifiers import SITES, host_of, landing_url, normalize_doi
from biorxivist.items import Affiliation, Author, Award, Paper, Version
from biorxivist.licenses import license_id
from biorxivist.readers.inline import without_addresses
from biorxivist.readers.leftovers import mend, mend_abstract
from biorxivist.readers.strict import MalformedDocument, glimpse
from biorxivist.text import unstacked

COLLECTIVE = re.compile(
    r"\b(?:alliance|association|cent(?:er|re)|collaborat(?:ion|ive|ors)|committee|community|consorti(?:um|a)|core|council|department|foundation"
    r"|group|initiative|institute|investigators|laborator(?:y|ies)|members|network|panel|partnership|program(?:me)?|project|registry|society|stud(?:y|ies)"
    r"|task ?force|team|trial(?:ists)?|university|working)\b",
    re.I,
)
NUMBER = re.compile(r"\d{1,9}", re.A)
# the status is the only thing that tells an unknown DOI or an empty interval from a fault
NOTHING = ("no posts found", "no articles found")


@dataclass(slots=True)
class Record:
    """What the API knows of one DOI."""

    status: str
    """The API's own word: `ok`, or `no posts found` where it does not have the DOI."""
    papers: list[Paper] = field(default_factory=list)
    """Metadata of each version, oldest first; empty where the API does not have the DOI."""
    jatsxml: dict[int, str] = field(default_factory=dict)
    """Address of the JATS by version, where the API gives one."""

    def paper(self, version: int | None = None) -> Paper:
        """The metadata of a version, the latest by default; raises `KeyError` for one that does not exist."""
        known = {p.version: p for p in self.papers}
        wanted = version or max(known, default=0)
        if wanted not in known:
            raise KeyError(f"no version {version or 'at all'}: the record has {', '.join(map(str, known)) or 'none'}")
        return known[wanted]


@dataclass(slots=True)
class Interval:
    """One page of a listing."""

    status: str
    """`ok`, or `no posts found` for an empty interval and behind the last page."""
    papers: list[Paper] = field(default_factory=list)
    """Metadata of each version on the page, in the order of the API; `versions` is empty, since a listing does not tell all."""
    jatsxml: dict[tuple[str, int], str] = field(default_factory=dict)
    """Address of the JATS by DOI and version, where the API gives one."""
    category: str = ""
    """Echo of the category filter; `all` means that none is in force, whatever was asked for."""
    cursor: int = 0
    """Offset of the page."""
    count: int = 0
    """Number of versions on the page; the next page begins at `cursor + count`."""
    total: int = 0
    """Number of versions in the interval, sometimes a little too high."""
    new_papers: int = 0
    """Number of first postings in the interval."""


def read_record(data: dict[str, Any]) -> Record:
    """All versions of one DOI; `papers` is empty if the API does not have it, anything else raises `MalformedDocument`."""
    message, rows = _answer(data)
    papers = [_paper(row, place) for place, row in enumerate(rows)]
    if message["status"] == "ok" and not papers:
        raise MalformedDocument("collection", "empty, though the status is ok")
    if len(dois := {p.doi for p in papers}) > 1:
        raise MalformedDocument("collection[].doi", f"found {len(dois)} DOIs, expected 1: {', '.join(sorted(dois))}")
    # where a version is there twice, the later row is the newer one
    papers = [p for _, p in sorted({p.version: p for p in papers}.items())]
    addresses = {int(row["version"]): row["jatsxml"] for row in rows if host_of(_text(row, "jatsxml"))}
    return Record(message["status"], _together(papers), addresses)


def record_of(papers: list[Paper], jatsxml: dict[int, str]) -> Record:
    """The record of a paper whose versions, or some of them, a listing showed."""
    return Record("ok", _together(sorted(papers, key=lambda p: p.version)), jatsxml)


def read_interval(data: dict[str, Any]) -> Interval:
    """One page of a listing; `papers` is empty behind its end, anything else that is no page raises `MalformedDocument`."""
    message, rows = _answer(data)
    papers = [_paper(row, place) for place, row in enumerate(rows)]
    addresses = {
        (p.doi, p.version): row["jatsxml"]
        for p, row in zip(papers, rows, strict=True)
        if host_of(_text(row, "jatsxml"))
    }
    numbers = {name: _number(message, name) for name in ("cursor", "total")}
    # an answer without the new fields is as long as its collection
    return Interval(
        message["status"],
        papers,
        addresses,
        _text(message, "category").lower(),
        count=_number(message, "count") or len(rows),
        new_papers=_number(message, "count_new_papers"),
        **numbers,
    )


def _answer(data: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The message, with its status in lower case, and the rows of an answer."""
    messages = data.get("messages")
    message = messages[0] if isinstance(messages, list) and messages else messages
    if not isinstance(message, dict) or not isinstance(message.get("status"), str):
        raise MalformedDocument("messages[0].status", f"found {glimpse(str(data))}")
    status = " ".join(message["status"].lower().split())
    if status.startswith(NOTHING):
        return message | {"status": status}, []
    if status != "ok":
        raise MalformedDocument("messages[0].status", f"found {message['status']!r}")
    rows = data.get("collection")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MalformedDocument("collection", f"found {glimpse(str(rows))}, expected a list of objects")
    return message | {"status": status}, rows


def _together(papers: list[Paper]) -> list[Paper]:
    """The versions of one paper, each with what the others tell of it."""
    versions = [Version(p.version, p.posted, p.title, p.article_type, p.license, p.url) for p in papers]
    return [
        replace(
            p,
            versions=versions,
            first_posted=versions[0].posted if versions[0].version == 1 else "",
            # a withdrawal is posted as a version of its own, the last
            withdrawn=papers[-1].withdrawn,
        )
        for p in papers
    ]


# --- one row ----------------------------------------------------------------------------------------------------------


def _paper(row: dict[str, Any], place: int) -> Paper:
    doi = normalize_doi(_text(row, "doi"))
    version = _number(row, "version")
    title = mend(_text(row, "title"))
    for name, value in (("doi", doi), ("version", version), ("title", title)):
        if not value:
            raise MalformedDocument(
                f"collection[{place}].{name}", f"found {row.get(name)!r} in the row of {doi or '?'}"
            )
    server = _server(row, place)
    posted, article_type = _text(row, "date"), _article_type(row)
    institution = _known(row, "author_corresponding_institution")
    affiliations = [Affiliation("aff1", institution, institution)] if institution else []
    return Paper(
        doi=doi,
        version=version,
        server=server,
        url=landing_url(SITES[server], doi, version),
        title=title,
        abstract=mend_abstract(without_addresses(_known(row, "abstract"))),
        authors=_authors(row, affiliations),
        affiliations=affiliations,
        posted=posted,
        first_posted=posted if version == 1 else "",
        category=_known(row, "category").lower(),
        article_type=article_type,
        license=license_id(_text(row, "license")),
        awards=_awards(row),
        published_doi=normalize_doi(_known(row, "published")),
        withdrawn=article_type == "withdrawn",
        source="record",
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _known(row: dict[str, Any], name: str) -> str:
    """A text, empty where the API says that it has none."""
    value = _text(row, name)
    return "" if value in ("NA", "N/A", "null") else value


def _number(row: dict[str, Any], name: str) -> int:
    """A number, which is a JSON string in some fields and answers; 0 where there is none."""
    value = row.get(name)
    if value is None or value == "":
        return 0
    digits = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not NUMBER.fullmatch(digits):
        raise MalformedDocument(name, f"found {glimpse(str(value))}, expected a number")
    return int(digits)


def _server(row: dict[str, Any], place: int) -> str:
    host = host_of(_text(row, "jatsxml"))
    server = _text(row, "server").lower() or next((s for s in SITES if s in host), "")
    if server not in SITES:
        raise MalformedDocument(f"collection[{place}].server", f"found {row.get('server')!r}")
    return server


def _article_type(row: dict[str, Any]) -> str:
    kind = _known(row, "type").lower()
    # medRxiv gives every paper the production status in place of a type
    return "" if kind == "publishaheadofprint" else kind


def _awards(row: dict[str, Any]) -> list[Award]:
    """The grant numbers. Names and ROR ids of the funders are left out: the API gives wrong ones."""
    funders = row.get("funder")
    rows = [f for f in funders if isinstance(f, dict)] if isinstance(funders, list) else []
    numbers = [n.strip() for f in rows for n in _known(f, "award").split(";")]
    return [Award(award=n) for n in dict.fromkeys(filter(None, numbers))]


def _authors(row: dict[str, Any], affiliations: list[Affiliation]) -> list[Author]:
    # entities first: they end with the separator
    authors = [_author(name) for name in mend(_known(row, "authors")).split(";") if name.strip(" ,")]
    corresponding = _corresponding(authors, mend(_known(row, "author_corresponding")))
    if corresponding:
        corresponding.corresponding = True
        corresponding.affiliations = [a.id for a in affiliations]
    return authors


def _author(name: str) -> Author:
    """`Surname, I. M.`; several words with nothing behind the comma are a collective's name."""
    surname, given = (part.strip(" ,") for part in name.partition(",")[::2])
    if not given and ("," not in name or COLLECTIVE.search(surname)):
        return Author(surname, group=surname)
    return Author(f"{given} {surname}".strip(), given, surname)


def _corresponding(authors: list[Author], name: str) -> Author | None:
    """The one author whose surname, and if need be first initial, the full name has; None if that is not certain."""
    words = re.sub(r" (?:jr|sr|ii|iii|iv)$", "", _folded(name))
    found = [a for a in authors if a.surname and f" {words} ".endswith(f" {_folded(a.surname)} ")]
    if len(found) > 1:
        longest = max(len(a.surname) for a in found)
        found = [a for a in found if len(a.surname) == longest]
    if len(found) > 1:
        found = [a for a in found if _folded(a.given)[:1] == words[:1]]
    return found[0] if len(found) == 1 else None


def _folded(name: str) -> str:
    """A name without accents, case and punctuation, to compare two spellings."""
    letters = unicodedata.normalize("NFKD", unstacked(name)).casefold()
    return " ".join("".join(c if c.isalpha() else " " for c in letters if not unicodedata.combining(c)).split())
