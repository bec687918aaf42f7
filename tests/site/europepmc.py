"""Europe PMC: search with cursors, full text, and beside this service its annotations."""

import base64
import functools
import html
import re
from typing import Any

from tests.site.annotations import Annotations
from tests.site.answers import Answer, Asked, json_answer
from tests.site.catalogue import Catalogue, Holding, initials
from tests.site.prose import number
from tests.site.query import Malformed, open_access, parse

BASE = "/europepmc/webservices/rest"
FULL_TEXT = re.compile(re.escape(BASE) + r"/(?:PPR/)?(PPR\d+)/fullTextXML")
VERSION = "6.9"


class EuropePmc:
    """The routes of the service."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue = catalogue
        self.annotations = Annotations(catalogue)
        self.found = functools.lru_cache(maxsize=50)(self._found)

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request."""
        if asked.path == f"{BASE}/search":
            return self._search(asked.query)
        if match := FULL_TEXT.fullmatch(asked.path):
            holding = self.catalogue.ppr(match[1])
            if holding and holding.europepmc:
                return Answer(holding.europepmc(), type="application/xml", kind="fulltext")
            return Answer(b"", 404, "application/xml", "fulltext")
        return self.annotations.answer(asked)

    def _found(self, query: str) -> list[Holding]:
        test = parse(query)
        return [h for h in self.catalogue.latest() if h.ppr and test(h)]

    def _search(self, query: dict[str, str]) -> Answer:
        words = query.get("query", "")
        if not words.strip():
            return trouble(404, "No query found: please provide a query")
        size = int(query.get("pageSize", "25")) if query.get("pageSize", "25").isdecimal() else 25
        if query.get("format", "xml") != "json":
            return Answer(b"<responseWrapper/>", type="application/xml", kind="search")
        try:
            found = self.found(words)
            start = _offset(query.get("cursorMark", "*"))
        except Malformed:
            return json_answer({"version": VERSION, "hitCount": 0}, "search")
        size = min(max(size, 1), 1000)
        page = found[start : start + size]
        return json_answer(self._page(query, found, page, start, size), "search")

    def _page(self, query: dict, found: list[Holding], page: list[Holding], start: int, size: int) -> dict[str, Any]:
        kind = query.get("resultType", "lite")
        mark = query.get("cursorMark", "*")
        following = _mark(start + len(page)) if page else mark
        return {
            "version": VERSION,
            "hitCount": len(found),
            **({"nextCursorMark": following} if page or start else {}),
            "request": {
                "queryString": query["query"],
                "resultType": kind,
                "cursorMark": mark,
                "pageSize": size,
                "sort": query.get("sort", ""),
                "synonym": False,
            },
            "resultList": {"result": [self.result(h, kind) for h in page]},
        }

    def result(self, holding: Holding, kind: str = "core") -> dict[str, Any]:
        """One result, as short or long as was asked for."""
        if kind == "idlist":
            return {"id": holding.ppr, "source": "PPR"}
        first = holding.first
        text = "Y" if holding.europepmc else "N"
        lite = {
            "id": holding.ppr,
            "source": "PPR",
            "doi": holding.doi,
            "title": holding.title.rstrip(".") + ".",
            "authorString": ", ".join(map(_short, holding.authors)) + ".",
            "pubYear": first[:4],
            "pubType": "preprint",
            "isOpenAccess": "Y" if open_access(holding) else "N",
            "inEPMC": text,
            "inPMC": "N",
            "hasPDF": text,
            "hasBook": "N",
            "hasSuppl": "N",
            "citedByCount": 0,
            "hasReferences": "N",
            "hasTextMinedTerms": "Y",
            "hasDbCrossReferences": "N",
            "hasLabsLinks": "N",
            "firstIndexDate": first,
            "firstPublicationDate": first,
            "versionNumber": holding.version,
            "bookOrReportDetails": {"publisher": holding.record["server"], "yearOfPublication": int(first[:4])},
        }
        if holding.europepmc:
            lite["fullTextIdList"] = {"fullTextId": [holding.ppr]}
        return lite if kind == "lite" else lite | _core(holding)


def _core(holding: Holding) -> dict[str, Any]:
    abstract = html.escape(holding.abstract, quote=False)
    # a third of the abstracts come with tags
    if number(holding.doi, 0, 2) == 0:
        first, dot, rest = abstract.partition(". ")
        abstract = f"<h4>Background</h4>{first}{dot}<h4>Findings</h4>{rest}" if rest else abstract
    authors = [
        {
            "fullName": _short(name),
            "firstName": name[0],
            "lastName": name[1],
            "initials": _short(name).rpartition(" ")[2],
        }
        if name[0]
        else {"collectiveName": name[1]}
        for name in holding.authors
    ]
    found = {
        "authorList": {"author": authors},
        "abstractText": abstract,
        "language": "eng",
        "pubTypeList": {"pubType": ["Preprint"]},
        "fullTextUrlList": {
            "fullTextUrl": [
                {
                    "availability": "Open access",
                    "availabilityCode": "OA",
                    "documentStyle": "doi",
                    "site": "DOI",
                    "url": f"https://doi.org/{holding.doi}",
                }
            ]
        },
    }
    code = holding.record["license"]
    return found | ({"license": code.replace("_", " ")} if code not in ("", "cc_no") else {})


def _short(name: tuple[str, str]) -> str:
    return f"{name[1]} {initials(name[0])}".strip()


def _mark(offset: int) -> str:
    return "AoIIQ" + base64.b64encode(f"Yg13Sg{offset:08}".encode()).decode()


def _offset(mark: str) -> int:
    if mark == "*":
        return 0
    try:
        return int(base64.b64decode(mark.removeprefix("AoIIQ"), validate=True).removeprefix(b"Yg13Sg"))
    except ValueError:
        raise Malformed(mark) from None


def trouble(code: int, message: str) -> Answer:
    """An error, which comes with status 200."""
    return json_answer({"errCode": code, "errMsg": message}, "search")
