"""A page of Europe PMC's search results (`resultType=core`)."""

import re
from dataclasses import dataclass, field
from typing import Any

from biorxivist.identifiers import SITES, normalize_doi
from biorxivist.items import Affiliation, Author, Award, Paper
from biorxivist.licenses import license_id
from biorxivist.readers.inline import without_addresses, without_contacts
from biorxivist.readers.leftovers import mend, mend_abstract
from biorxivist.readers.strict import MalformedDocument, glimpse

NUMBER = re.compile(r"\d{1,12}", re.A)
PREPRINTS = "PPR"
# Europe PMC puts one behind every title; an ellipsis and an abbreviation have their own
FULL_STOP = re.compile(r"(?<!\.)(?<! al)(?<! sp)(?<! spp)\.$")
ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


class EmptyAnswer(MalformedDocument):
    """An answer without a list of results, as about every fifth valid query gets. Asked again, it is complete."""


@dataclass(slots=True)
class Hit:
    """One preprint that was found."""

    doi: str
    """DOI, lower case; empty where the entry has none."""
    id: str
    """Europe PMC's id, `PPR123456`, one for all versions."""
    source: str
    """Europe PMC's source, `PPR` for preprints."""
    server: str
    """`biorxiv` or `medrxiv`."""
    paper: Paper
    """Metadata of the entry; `version` is 0, since it does not tell one."""
    has_full_text: bool
    """Whether Europe PMC says that it holds the full text."""


@dataclass(slots=True)
class Results:
    """One page of results."""

    hits: list[Hit] = field(default_factory=list)
    """Preprints of bioRxiv and medRxiv on the page, in the order of the answer."""
    total: int = 0
    """Number of entries that the query has."""
    next_cursor: str = ""
    """`cursorMark` of the next page; empty or unchanged on the last."""
    listed: int = 0
    """Number of entries on the page, those of other servers included; 0 behind the last page."""


def read_results(data: dict[str, Any]) -> Results:
    """A page of results; raises `EmptyAnswer` if it must be asked again, `MalformedDocument` if it is an error or no answer."""
    if "errCode" in data or "errMsg" in data:
        raise MalformedDocument("errMsg", f"{data.get('errCode', '')} {data.get('errMsg', '')}".strip())
    rows = data["resultList"].get("result") if isinstance(data.get("resultList"), dict) else None
    if rows is None:
        raise EmptyAnswer("resultList.result", f"found {glimpse(str(data))}")
    total = data.get("hitCount")
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise MalformedDocument("resultList.result", f"found {glimpse(str(rows))}, expected a list of objects")
    if isinstance(total, bool) or not NUMBER.fullmatch(str(total)):
        raise MalformedDocument("hitCount", f"found {glimpse(str(total))}, expected a number")
    hits = [_hit(row, place) for place, row in enumerate(rows) if _server(row)]
    return Results(hits, int(str(total)), _text(data, "nextCursorMark"), len(rows))


def _server(row: dict[str, Any]) -> str:
    publisher = _text(_object(row, "bookOrReportDetails"), "publisher").lower()
    return publisher if publisher in SITES and row.get("source") == PREPRINTS else ""


def _hit(row: dict[str, Any], place: int) -> Hit:
    doi, id, server = normalize_doi(_text(row, "doi")), _text(row, "id"), _server(row)
    if not id:
        raise MalformedDocument(
            f"resultList.result[{place}].id", f"found {row.get('id')!r} in the entry of {doi or '?'}"
        )
    return Hit(doi, id, PREPRINTS, server, _paper(row, doi, server), _has_full_text(row, id))


def _has_full_text(row: dict[str, Any], id: str) -> bool:
    return row.get("inEPMC") == "Y" or id in _strings(_object(row, "fullTextIdList").get("fullTextId"))


def _paper(row: dict[str, Any], doi: str, server: str) -> Paper:
    authors, affiliations = _byline(row)
    grants = _objects(_object(row, "grantsList").get("grant"))
    return Paper(
        doi=doi,
        server=server,
        # without a version only the resolver is sure to lead to the paper
        url=f"https://doi.org/{doi}" if doi else "",
        title=FULL_STOP.sub("", mend(_text(row, "title"))),
        abstract=mend_abstract(without_addresses(_text(row, "abstractText"))),
        authors=authors,
        affiliations=affiliations,
        first_posted=_text(row, "firstPublicationDate"),
        license=license_id(_text(row, "license")),
        keywords=[mend(k) for k in _strings(_object(row, "keywordList").get("keyword"))],
        awards=[Award(_text(g, "agency"), award=_text(g, "grantId")) for g in grants],
        source="europepmc",
    )


# --- byline -----------------------------------------------------------------------------------------------------------


def _byline(row: dict[str, Any]) -> tuple[list[Author], list[Affiliation]]:
    affiliations: dict[str, Affiliation] = {}
    entries = _objects(_object(row, "authorList").get("author"))
    authors = [author for entry in entries if (author := _author(entry, affiliations))]
    if not authors:
        # "Weyer NM, Fuller A."
        names = [n.strip() for n in _text(row, "authorString").rstrip(".").split(",")]
        authors = [Author(n) for n in names if n]
    return authors, list(affiliations.values())


def _author(entry: dict[str, Any], affiliations: dict[str, Affiliation]) -> Author | None:
    collective = mend(_text(entry, "collectiveName"))
    surname = mend(_text(entry, "lastName"))
    given = mend(_text(entry, "firstName") or _text(entry, "initials"))
    name = collective or f"{given} {surname}".strip() or mend(_text(entry, "fullName"))
    if not name:
        return None
    identifier = _object(entry, "authorId")
    orcid = ORCID.search(_text(identifier, "value")) if _text(identifier, "type").upper() == "ORCID" else None
    ids = [_affiliation(text, affiliations) for text in _affiliations(entry)]
    return Author(name, given, surname, orcid[0] if orcid else "", affiliations=ids, group=collective)


def _affiliations(entry: dict[str, Any]) -> list[str]:
    details = _object(entry, "authorAffiliationDetailsList").get("authorAffiliation")
    texts = [_text(d, "affiliation") for d in _objects(details)] or [_text(entry, "affiliation")]
    return list(dict.fromkeys(filter(None, map(_without_email, texts))))


def _affiliation(text: str, affiliations: dict[str, Affiliation]) -> str:
    """The id of an affiliation, a new one for a text that was not there before."""
    return affiliations.setdefault(text, Affiliation(f"aff{len(affiliations) + 1}", text)).id


def _without_email(text: str) -> str:
    return without_contacts(mend(text)).strip(" ;,.")


# --- Europe PMC writes a list of one as its only element, and leaves out what is empty ---------------------------------


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _object(row: dict[str, Any], name: str) -> dict[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]


def _strings(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
