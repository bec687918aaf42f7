"""api.biorxiv.org: `/details` and `/pubs`, with its page size of 30 and all its ways to say no with status 200."""

import re
from typing import Any

from biorxivist.categories import CATEGORIES
from tests.site.answers import Answer, Asked, json_answer
from tests.site.catalogue import Catalogue, Holding

PAGE = 30  # 100 until the spring of 2026, and in the documentation
PUBS_PAGE = 100
SERVERS = ("biorxiv", "medrxiv")
DOI = re.compile(r"/(?P<name>details|pubs)/(?P<server>[^/]+)/(?P<doi>10\.\d+/.+?)(?:v\d+)?(?:/(?:na|\d+))?(?:/json)?/?")
INTERVAL = re.compile(
    r"/(?P<name>details|pubs)/(?P<server>[^/]+)/(?P<first>\d{4}-\d\d-\d\d)/(?P<last>\d{4}-\d\d-\d\d)"
    r"(?:/(?P<cursor>\d+))?(?:/json)?/?"
)
NOTHING = "no posts found"


class Api:
    """The routes of the API."""

    def __init__(self, catalogue: Catalogue, page: int = PAGE):
        self.catalogue = catalogue
        self.page = page

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request."""
        path = re.sub("/{2,}", "/", asked.path)
        if match := INTERVAL.fullmatch(path) or DOI.fullmatch(path):
            if match["server"] not in SERVERS:
                return refusal("Server not recognized")
            if match.re is DOI:
                return self._paper(match)
            return self._interval(match, asked)
        if path.startswith("/details/"):
            known = path.split("/")[2] in SERVERS
            return refusal("Both dates must be in yyyy-mm-dd format" if known else "Server not recognized")
        return Answer(b"<html><body>404 Not Found</body></html>", 404)

    def _paper(self, match: re.Match[str]) -> Answer:
        versions = [h for h in self.catalogue.versions(match["doi"]) if h.server == match["server"]]
        if match["name"] == "pubs":
            links = [publication(h) for h in versions[-1:] if h.record["published"] != "NA"]
            # `/pubs` never parses a DOI of the newer prefix
            if not links or match["doi"].startswith("10.64898"):
                return refusal("no articles found for published version of ")
            return json_answer({"messages": [{"status": "ok"}], "collection": links}, "record")
        if not versions:
            return refusal(NOTHING)
        return json_answer(
            {"messages": [{"status": "ok", "category": "all"}], "collection": [h.record for h in versions]}, "record"
        )

    def _interval(self, match: re.Match[str], asked: Asked) -> Answer:
        server, first, last = match["server"], match["first"], match["last"]
        found = self.catalogue.interval(server, first, last)
        wanted = asked.query.get("category", "").replace("_", " ").lower()
        # what it does not know, a slash and a closed category included, it ignores
        category = wanted if wanted in CATEGORIES[server] else "all"
        if category != "all":
            found = [h for h in found if h.record["category"].replace("/", " ") == category]
        if match["name"] == "pubs":
            return self._pubs(found, match)
        return self._page(found, match, category)

    def _page(self, found: list[Holding], match: re.Match[str], category: str) -> Answer:
        cursor = int(match["cursor"] or 0)
        page = found[cursor : cursor + self.page]
        if not page:
            return refusal(NOTHING, "listing")
        message = {
            "status": "ok",
            "category": category,
            "interval": f"{match['first']}:{match['last']}",
            "funder": "all",
            # an int when it is 0, else the string that was sent
            "cursor": match["cursor"] if cursor else 0,
            "count": len(page),
            "count_new_papers": str(sum(h.version == 1 for h in found)),
            "total": str(len(found)),
        }
        return json_answer({"messages": [message], "collection": [h.record for h in page]}, "listing")

    def _pubs(self, found: list[Holding], match: re.Match[str]) -> Answer:
        cursor = int(match["cursor"] or 0)
        links = [publication(h) for h in found if h.record["published"] != "NA" and h.version == 1]
        page = links[cursor : cursor + PUBS_PAGE]
        if not page:
            return refusal("no articles found")
        message = {"status": "ok", "cursor": cursor, "count": len(page), "total": len(links)}
        return json_answer({"messages": [message], "collection": page}, "record")


def refusal(status: str, kind: str = "record") -> Answer:
    """A status other than `ok`, with an empty collection."""
    return json_answer({"messages": [{"status": status}], "collection": []}, kind)


def publication(holding: Holding) -> dict[str, Any]:
    """The row of `/pubs`."""
    record = holding.record
    row = {f"preprint_{name}": record[name] for name in ("doi", "title", "authors", "category", "date", "abstract")}
    return row | {
        "published_doi": record["published"],
        "published_journal": "Annals of Invented Biology",
        "preprint_platform": record["server"],
        "published_date": "2024-12-01",
        "preprint_author_corresponding": record["author_corresponding"],
        "preprint_author_corresponding_institution": record["author_corresponding_institution"],
    }
