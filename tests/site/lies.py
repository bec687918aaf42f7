"""Faults of the API's listings: whole pages that are wrong."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.site.answers import Answer

Change = Callable[[web.Request, dict[str, Any], list[Any]], Any]


def lie(change: Change) -> Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]:
    """A page of a listing with a change of its message or rows; an empty one as it is."""

    async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
        data = json.loads(answer.body)
        if data["collection"]:
            change(request, data["messages"][0], data["collection"])
        return web.json_response(data)

    return send


def _is_long(request: web.Request) -> bool:
    first, last = request.path.split("/")[3:5]
    return first != last


def _overcount(request: web.Request, message: dict[str, Any], rows: list[Any]) -> None:
    # the total of several days is one too high
    message["total"] = str(int(message["total"]) + _is_long(request))


LIES = {
    "overcount": lie(_overcount),
    # new versions have moved a row to a page that was read before; an interval of one day is whole
    "lost-row": lie(lambda request, message, rows: rows.pop() if _is_long(request) else None),
    "hidden-row": lie(lambda request, message, rows: rows.pop()),
    "category-ignored": lie(lambda request, message, rows: message.update(category="all")),
}
