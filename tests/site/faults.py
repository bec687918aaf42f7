"""What can go wrong: the faults of `--fault NAME[@KIND][:SHARE]`.

A share of the addresses is chosen by a hash of the path, so a chosen address fails on every run and every time it is asked.
The transient faults choose by path and attempt, so a share of the attempts fails and asking again may succeed; `throttle` fails the
first attempt of the chosen addresses only. Without a share everything of the kind fails (`throttle`: every first attempt).
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.site.answers import Answer
from tests.site.prose import number

KINDS = (
    "robots", "record", "listing", "jats", "page", "landing", "search", "fulltext", "site-search", "script", "data", "other",
)  # fmt: skip
CHALLENGE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow">'
    '<meta http-equiv="refresh" content="120"></head><body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">'
    "<noscript>Enable JavaScript and cookies to continue</noscript></div></div><script>(function(){window._cf_chl_opt={cvId:'3',"
    "cZone:\"loopback\",cType:'managed'};})();</script>" + "<!-- padding of the challenge -->" * 170 + "</body></html>"
).encode()
STATUSES = {
    "refuse": (403, CHALLENGE, {}),
    "refuse200": (200, CHALLENGE, {}),
    "throttle": (429, b"error code: 1015\n", {"Retry-After": "1"}),
    "throttle-always": (429, b"error code: 1015\n", {"Retry-After": "1"}),
    "throttle-long": (429, b"error code: 1015\n", {"Retry-After": "3600"}),
    "unavailable": (503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", {}),
    "error": (500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", {}),
    "garbage": (200, bytes(range(256)) * 40, {}),
    "empty": (200, b"", {}),
    "missing": (404, b"<html><body><h1>Page Not Found</h1></body></html>", {}),
    "redirect-off-host": (302, b"", {"Location": "http://127.0.0.2:9/elsewhere"}),
    "no-posts": (200, b'{"messages":[{"status":"no posts found"}],"collection":[]}', {}),
    "server-not-recognized": (200, b'{"messages":[{"status":"Server not recognized"}],"collection":[]}', {}),
    "backend-error": (200, b"Error : (2002) Connection refused", {}),
    "html": (200, b"<!DOCTYPE html><html><body><h1>Temporarily out of service</h1></body></html>", {}),
    "no-result-list": (200, b'{"version":"6.9","hitCount":0}', {}),
    "endless": (200, b"for (;;) {}", {}),
    "robots-challenge": (403, CHALLENGE, {}),
    "robots-unavailable": (503, b"", {}),
}
LIES = ("overcount", "lost-row", "hidden-row", "category-ignored")
ACTS = ("stall", "slow", "truncate", "huge", "reset", *LIES)
TRANSIENT = ("unavailable", "error", "stall", "slow", "truncate", "reset", "backend-error", "no-result-list")
# the only kinds to which a fault makes sense; all others are for every kind but robots
ONLY = {
    "no-posts": "record", "server-not-recognized": "record", "backend-error": "record", "html": "record",
    "no-result-list": "search", "endless": "script", "robots-challenge": "robots", "robots-unavailable": "robots",
    **dict.fromkeys(LIES, "listing"),
}  # fmt: skip
SPELLING = re.compile(r"(?P<name>[a-z0-9-]+?)(?:@(?P<kind>[a-z-]+))?(?::(?P<share>\d*\.?\d+))?")
HUGE = 100 * 1024 * 1024
SLOW_PIECES, SLOW_PAUSE = 20, 0.25


@dataclass
class Fault:
    """One fault: which requests it meets, and what they get."""

    name: str
    kind: str = ""
    share: float = 1.0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """The fault that a user names; raises `ValueError` with one line."""
        match = SPELLING.fullmatch(text)
        if not match or match["name"] not in (*STATUSES, *ACTS):
            raise ValueError(f"unknown fault {text!r}: choose from {', '.join((*STATUSES, *ACTS))}")
        kind = match["kind"] or ONLY.get(match["name"], "")
        if kind and kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}: choose from {', '.join(KINDS)}")
        return cls(match["name"], kind, float(match["share"] or 1))

    def meets(self, kind: str, path: str, attempt: int) -> bool:
        """Whether a request fails."""
        if kind != self.kind and (self.kind or kind == "robots"):
            return False
        if self.name == "throttle" and attempt > 1:
            return False
        seed = f"{self.name}{path}" + (f"#{attempt}" if self.name in TRANSIENT else "")
        return number(seed, 0, 999_999) < self.share * 1_000_000

    async def send(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Answer a request in the way of this fault."""
        if self.name in STATUSES:
            status, body, headers = STATUSES[self.name]
            kind = "application/json" if body[:1] == b"{" else "text/html"
            return web.Response(body=body, status=status, headers=headers, content_type=kind)
        return await getattr(self, f"_{self.name.replace('-', '_')}")(request, answer)

    async def _stall(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response(status=504)

    async def _reset(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        request.transport.abort()
        return web.Response(status=500)

    async def _slow(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        response = await _begun(request, answer, len(answer.body))
        size = max(1, len(answer.body) // SLOW_PIECES)
        for start in range(0, len(answer.body), size):
            await response.write(answer.body[start : start + size])
            await asyncio.sleep(SLOW_PAUSE)
        return response

    async def _truncate(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        response = await _begun(request, answer, len(answer.body) + 1)
        await response.write(answer.body[: len(answer.body) // 2])
        request.transport.close()
        return response

    async def _huge(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        response = await _begun(request, answer, None)
        await response.write(answer.body[: len(answer.body) // 2])
        piece = b" " * 65536
        for _ in range(HUGE // len(piece)):
            await response.write(piece)
        await response.write(answer.body[len(answer.body) // 2 :])
        return response

    async def _overcount(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        # the total of several days is one too high
        def change(message: dict[str, Any], rows: list[Any]) -> None:
            message["total"] = str(int(message["total"]) + _is_long(request))

        return _listing(answer, change)

    async def _lost_row(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        # new versions have moved a row to a page that was read before; an interval of one day is whole
        return _listing(answer, lambda message, rows: rows.pop() if _is_long(request) else None)

    async def _hidden_row(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        return _listing(answer, lambda message, rows: rows.pop())

    async def _category_ignored(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        return _listing(answer, lambda message, rows: message.update(category="all"))


def _is_long(request: web.Request) -> bool:
    first, last = request.path.split("/")[3:5]
    return first != last


def _listing(answer: Answer, change: Callable[[dict[str, Any], list[Any]], Any]) -> web.Response:
    """A page of a listing with a change; an empty one as it is."""
    data = json.loads(answer.body)
    if data["collection"]:
        change(data["messages"][0], data["collection"])
    return web.json_response(data)


async def _begun(request: web.Request, answer: Answer, length: int | None) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.type})
    if length is None:
        response.enable_chunked_encoding()
    else:
        response.content_length = length
    await response.prepare(request)
    return response


class Faults:
    """All faults of a run; the first that meets a request decides."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults

    def choose(self, kind: str, path: str, attempt: int) -> Fault | None:
        """The fault of a request, if any."""
        return next((f for f in self.faults if f.meets(kind, path, attempt)), None)
