"""What can go wrong: the faults of `--fault NAME[@KIND][=PART][:SHARE]`.

KIND is what was asked for, PART a piece of its host's name and path (`biorxiv/robots.txt`). A share of the addresses is chosen by a hash of the path, so a chosen address
fails on every run and every time it is asked. The transient faults choose by path and attempt, so a share of the attempts fails and
asking again may succeed; `throttle` fails the first attempt of the chosen addresses only. Without a share everything of the kind fails
(`throttle`: every first attempt). `life` is a transient mixture of what a month of crawling meets.
"""

import re
from dataclasses import dataclass

from aiohttp import web

from tests.site.answers import Answer
from tests.site.lies import LIES
from tests.site.misdeeds import BOMBS, MISDEEDS
from tests.site.prose import number

KINDS = (
    "robots", "record", "listing", "jats", "page", "landing", "search", "fulltext", "annotations", "site-search", "script", "data", "other",
)  # fmt: skip
CHALLENGE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow">'
    '<meta http-equiv="refresh" content="120"></head><body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">'
    "<noscript>Enable JavaScript and cookies to continue</noscript></div></div><script>(function(){window._cf_chl_opt={cvId:'3',"
    "cZone:\"loopback\",cType:'managed'};})();</script>" + "<!-- padding of the challenge -->" * 170 + "</body></html>"
).encode()
PAGE = b"<!DOCTYPE html><html><head><title>bioRxiv</title></head><body>%s</body></html>"
STATUSES = {
    "refuse": (403, CHALLENGE, {}),
    "refuse200": (200, CHALLENGE, {}),
    "challenges": (403, CHALLENGE, {}),
    "forbidden": (403, PAGE % b"<h1>Access denied</h1>", {}),
    "unauthorized": (401, PAGE % b"<h1>Log in</h1>", {"WWW-Authenticate": 'Basic realm="proofs"'}),
    "throttle": (429, b"error code: 1015\n", {"Retry-After": "1"}),
    "throttle-always": (429, b"error code: 1015\n", {"Retry-After": "1"}),
    "throttle-bare": (429, b"error code: 1015\n", {}),
    "throttle-longer": (429, b"error code: 1015\n", {"Retry-After": "4"}),
    "throttle-long": (429, b"error code: 1015\n", {"Retry-After": "3600"}),
    "unavailable": (503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", {}),
    "error": (500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", {}),
    "bad-gateway": (502, b"error code: 502\n", {}),
    "gateway-timeout": (504, b"error code: 504\n", {}),
    "origin-down": (521, b"error code: 521\n", {}),
    "garbage": (200, bytes(range(256)) * 40, {}),
    "empty": (200, b"", {}),
    "empty-page": (200, PAGE % b'<div id="page"></div>', {}),
    "no-content": (204, b"", {}),
    "missing": (404, b"<html><body><h1>Page Not Found</h1></body></html>", {}),
    "gone": (410, PAGE % b"<h1>Gone</h1>", {}),
    "redirect-off-host": (302, b"", {"Location": "http://127.0.0.2:9/elsewhere"}),
    "redirect-file": (302, b"", {"Location": "file:///etc/hostname"}),
    "redirect-nowhere": (302, b"", {}),
    "loop": (302, b"", {"Location": "?again"}),
    "no-posts": (200, b'{"messages":[{"status":"no posts found"}],"collection":[]}', {}),
    "no-articles": (200, b'{"messages":[{"status":"no articles found for published version of "}],"collection":[]}', {}),
    "server-not-recognized": (200, b'{"messages":[{"status":"Server not recognized"}],"collection":[]}', {}),
    "dates": (200, b'{"messages":[{"status":"Both dates must be in yyyy-mm-dd format"}],"collection":[]}', {}),
    "backend-error": (200, b"Error : (2002) Connection refused", {}),
    "html": (200, b"<!DOCTYPE html><html><body><h1>Temporarily out of service</h1></body></html>", {}),
    "other-json": (200, b"[]", {}),
    "no-result-list": (200, b'{"version":"6.9","hitCount":0}', {}),
    "endless": (200, b"for (;;) {}", {}),
    "search-error": (200, b'{"errCode":404,"errMsg":"Invalid cursorMark"}', {}),
    "robots-challenge": (403, CHALLENGE, {}),
    "robots-unavailable": (503, b"", {}),
}  # fmt: skip
# what every 20th answer of a month may be: all but a challenge, which closes its kind of address for the run
LIFE = (
    "throttle", "unavailable-soon", "error", "bad-gateway", "gateway-timeout", "origin-down", "garbage", "empty", "empty-page",
    "reset", "truncate", "short", "long", "cut-chunks", "cut-close", "not-http", "bad-gzip", "cut-gzip", "cut-brotli", "html", "slow",
    "stall", "huge-length", "gzip-bomb", "loop",
)  # fmt: skip
STATUSES["unavailable-soon"] = (503, STATUSES["unavailable"][1], {"Retry-After": "1"})
TRANSIENT = {
    "unavailable",
    "error",
    "stall",
    "slow",
    "truncate",
    "reset",
    "backend-error",
    "no-result-list",
    "life",
    "challenges",
}
# the only kinds to which a fault makes sense; all others are for every kind but robots
ONLY = {
    "no-posts": "record", "server-not-recognized": "record", "backend-error": "record", "html": "record",
    "no-result-list": "search", "search-error": "search", "robots-challenge": "robots", "robots-unavailable": "robots",
    "endless": "script", **dict.fromkeys(LIES, "listing"),
}  # fmt: skip
ACTS = {**MISDEEDS, **LIES}
NAMES = (*STATUSES, *ACTS, "life")
SPELLING = re.compile(r"(?P<name>[a-z0-9-]+?)(?:@(?P<kind>[a-z-]+))?(?:=(?P<part>[^:]+))?(?::(?P<share>\d*\.?\d+))?")


@dataclass
class Fault:
    """One fault: which requests it meets, and what they get."""

    name: str
    kind: str = ""
    share: float = 1.0
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """The fault that a user names; raises `ValueError` with one line."""
        match = SPELLING.fullmatch(text)
        if not match or match["name"] not in NAMES:
            raise ValueError(f"unknown fault {text!r}: choose from {', '.join(NAMES)}")
        kind = match["kind"] or ONLY.get(match["name"], "")
        if kind and kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}: choose from {', '.join(KINDS)}")
        return cls(match["name"], kind, float(match["share"] or 1), match["part"] or "")

    def meets(self, kind: str, path: str, attempt: int) -> bool:
        """Whether a request fails."""
        if (kind != self.kind and (self.kind or kind == "robots")) or self.part not in path:
            return False
        if self.name in ("throttle", "throttle-longer") and attempt > 1:
            return False
        seed = f"{self.name}{path}" + (f"#{attempt}" if self.name in TRANSIENT else "")
        return number(seed, 0, 999_999) < self.share * 1_000_000

    async def send(self, request: web.Request, answer: Answer, attempt: int) -> web.StreamResponse:
        """Answer a request in the way of this fault."""
        name = self.name
        if name == "life":
            name = LIFE[number(f"what{request.raw_path}#{attempt}", 0, len(LIFE) - 1)]
        if name in STATUSES:
            status, body, headers = STATUSES[name]
            kind = "application/json" if body[:1] in (b"{", b"[") else "text/html"
            return web.Response(body=body, status=status, headers=headers, content_type=kind)
        return await ACTS[name](request, answer)


class Faults:
    """All faults of a run; the first that meets a request decides."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        for name in {name for fault in faults for name in (LIFE if fault.name == "life" else (fault.name,))} & set(
            BOMBS
        ):
            BOMBS[name]()

    def choose(self, kind: str, path: str, attempt: int) -> Fault | None:
        """The fault of a request, if any."""
        return next((f for f in self.faults if f.meets(kind, path, attempt)), None)
