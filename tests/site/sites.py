"""www.biorxiv.org and www.medrxiv.org: robots.txt, pages, JATS, figures, search."""

import base64
import re

from tests.site import chrome
from tests.site.answers import Answer, Asked
from tests.site.catalogue import Catalogue, Holding
from tests.site.definitions import NAMES
from tests.site.search_page import search_page

CONTENT = re.compile(r"/content/(?P<doi>10\.\d+/[\d.]*\d)(?:v(?P<version>\d+))?(?P<rest>[./].*)?")
EARLY = re.compile(
    r"/content/(?:(?:biorxiv|medrxiv)/)?early/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/+(?P<id>\d[\d.]*\d(?:v\d+)?)(?P<rest>[./].*)?"
)
TABS = {".article-info", ".article-metrics", ".supplementary-material", ".external-links", ".abstract", ".short", ""}
FULL = {".full", ".full-text", ".full.xml", ".full+html"}
FULL_TEXT_TAB = b'data-trigger="full-text"'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
    "////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
NAMED = [
    "BLEXBot",
    "Bytespider",
    "openai",
    "Bolt",
    "GPTBot",
    "ClaudeBot",
    "CCBot",
    "python-requests/2.32.3",
    "wget",
    "curl",
]
RULES = """# styles and scripts
Allow: /misc/*.css$
Allow: /misc/*.js?
# folders
Disallow: /includes/
Disallow: /scripts/
# files
Disallow: /cron.php
# addresses
Disallow: /admin/
Disallow: /search/
Disallow: /user/register/
Disallow: /?q=admin/
Disallow: /?q=search/
"""


class Site:
    """The routes of one of the two sites."""

    def __init__(self, catalogue: Catalogue, server: str, delay: float):
        self.catalogue = catalogue
        self.server = server
        self.delay = delay

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request."""
        path = asked.path
        if path == "/robots.txt":
            return Answer(self.robots(), type="text/plain", kind="robots")
        if path.startswith("/search/"):
            page = int(asked.query.get("page", "0") or 0)
            return Answer(search_page(self.catalogue, self.server, path[8:], page), kind="site-search")
        if match := CONTENT.fullmatch(path):
            found = self.catalogue.version(match["doi"], int(match["version"]) if match["version"] else None)
            rest = match["rest"] or ""
            if found and found.server == self.server and not match["version"]:
                address = f"/content/{found.doi}v{found.version}{rest}"
                return Answer(status=302, kind=_kind(rest), headers={"Location": address})
            return self._document(found, rest)
        if match := EARLY.fullmatch(path):
            found = self.catalogue.early(f"{match['y']}-{match['m']}-{match['d']}", match["id"])
            return self._document(found, match["rest"] or "")
        return self.not_found("other")

    def _document(self, found: Holding | None, rest: str) -> Answer:
        kind = _kind(rest)
        if not found or found.server != self.server:
            return self.not_found(kind)
        if rest == ".source.xml":
            return Answer(found.jats(), type="application/xml", kind=kind) if found.jats else self.not_found(kind)
        if rest in FULL or rest in TABS:
            render = found.landing if rest in TABS else found.page
            if not render and rest in FULL and found.landing and FULL_TEXT_TAB not in found.landing():
                # a paper without a full text shows its abstract there
                render = found.landing
            return Answer(render(), kind=kind) if render else self.not_found(kind)
        if rest in (".full.pdf", ".pdf") or re.fullmatch(r"/DC\d+/embed/media-\d+\.\w+", rest):
            return Answer(PDF, type="application/pdf")
        if re.fullmatch(r"/[FT]\d+\.(?:large|medium)\.(?:jpg|gif)", rest):
            return Answer(JPEG, type="image/jpeg")
        return self.not_found(kind)

    def not_found(self, kind: str) -> Answer:
        """The page for an address that does not exist."""
        main = (
            '<h1 class="title" id="page-title">Page Not Found</h1><p>The page you are looking for does not exist.</p>'
        )
        return Answer(chrome.whole(NAMES[self.server], "Page not found", "", main, "").encode(), 404, kind=kind)

    def robots(self) -> bytes:
        """robots.txt: bioRxiv shuts out bots by name, both ask for a delay and for their search to be left alone."""
        named = "".join(f"User-agent: {name}\nDisallow: /\n" for name in NAMED) if self.server == "biorxiv" else ""
        delay = f"Crawl-delay: {self.delay:g}\n" if self.delay else ""
        return f"#\n# robots.txt\n#\n\n{named}\nUser-agent: *\n{delay}{RULES}".encode()


def _kind(rest: str) -> str:
    if rest == ".source.xml":
        return "jats"
    if rest in FULL:
        return "page"
    return "landing" if rest in TABS else "other"
