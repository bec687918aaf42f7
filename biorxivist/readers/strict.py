"""Selections that fail loudly: a reader says what it looked for and what it found."""

import functools
import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
LARGEST, MOST_TAGS = 8 << 20, 150_000
"""Bytes and tags of a document that a reader takes: four times the largest known and six times the fullest, read within a second."""
LARGEST_ANSWER = 24 << 20
"""Bytes of an answer in JSON that is read."""


class MalformedDocument(ValueError):
    """A document is not what its reader expects. Raised by the readers; the spider adds the address."""

    def __init__(self, selector: str, found: str):
        super().__init__(f"{selector}: {found}")
        self.selector = selector
        self.found = found


def glimpse(body: bytes | str, limit: int = 60) -> str:
    """The beginning of a document as one line, for an error message."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    text = " ".join(text[: limit * 4].split())
    return repr(text[:limit]) if text else "nothing"


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; raises `MalformedDocument` for an empty body, plain text, HTML or another JSON value."""
    check_size(body, LARGEST_ANSWER)
    try:
        data = json.loads(body)
        if SURROGATE.search(body):
            # half a character could be written to no feed
            data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise MalformedDocument("JSON object", f"found {glimpse(body)}") from None
    if not isinstance(data, dict):
        raise MalformedDocument("JSON object", f"found a JSON {type(data).__name__}")
    return data


def check_size(body: bytes, largest: int) -> None:
    """Raise `MalformedDocument` for a document that is too large."""
    if len(body) > largest:
        raise MalformedDocument("document", f"{len(body):,} bytes, more than the {largest:,} that a reader takes")


def check_tags(body: bytes) -> None:
    """Raise `MalformedDocument` for a document with more tags than `MOST_TAGS`."""
    # a real tag is longer than this, so that most documents need not be looked at
    if len(body) > 2 * MOST_TAGS and (tags := body.count(b"<")) > MOST_TAGS:
        raise MalformedDocument("document", f"{tags:,} tags, more than the {MOST_TAGS:,} that a reader takes")


Reader = Callable[[bytes], T]


def any_bytes(read: Reader[T]) -> Reader[T]:
    """A reader that reads a document with odd bytes as well, and refuses one above `LARGEST` or `MOST_TAGS`.

    libxml2 lets some bytes pass that are no UTF-8 to Python.
    """

    @functools.wraps(read)
    def reader(body: bytes) -> T:
        check_size(body, LARGEST)
        check_tags(body)
        try:
            return read(body)
        except UnicodeDecodeError:
            pass
        try:
            return read(body.decode("utf-8", "replace").encode())
        except UnicodeDecodeError as error:
            raise MalformedDocument("UTF-8", f"found {glimpse(error.object)}") from None

    return reader


def one(selector: str, found: list[T]) -> T:
    """The only match of a selection; raises `MalformedDocument` for none or several."""
    if len(found) != 1:
        raise MalformedDocument(selector, f"found {len(found)}, expected 1")
    return found[0]
