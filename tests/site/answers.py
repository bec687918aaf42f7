"""What a host of the local site gives back: a request as its routes see it, and an answer without any network in it."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """A request: decoded path and query."""

    path: str
    query: dict[str, str]


@dataclass
class Answer:
    """An answer; `kind` is what `--fault NAME@KIND` names."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html"
    kind: str = "other"
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(data: Any, kind: str) -> Answer:
    """JSON, as both APIs send it."""
    return Answer(json.dumps(data, ensure_ascii=False).encode(), type="application/json", kind=kind)
