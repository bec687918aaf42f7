"""What the archive keeps of an answer, and for how long it speaks for its source."""

import sys
from dataclasses import dataclass, field

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# level 6 over 222 recorded documents: 19 % of their size in 1 ms each; zlib's best 20 % in 3 ms, zstd's best 18 % in 36 ms
LEVEL = 6
MALFORMED = "malformed"


class Damaged(ValueError):
    """A body in the archive is not what was put there."""


@dataclass(slots=True)
class Entry:
    """One answer of a source."""

    url: str
    """Address asked, without credentials."""
    source: str = ""
    """`record`, `jats`, `page`, …, as in `Attempt.source`; `robots` for a robots.txt."""
    version: int = 0
    """Version of the paper whose document it is, where the address does not tell it; else 0."""
    browser: bool = False
    """Whether a browser fetched it and it holds what scripts put there."""
    lasting: bool = False
    """Whether it is a document of a version, which never changes."""
    outcome: str = ""
    """What its reader found, as in `Attempt.outcome`; empty while nobody has read it."""
    fetched: float = 0.0
    """When, in seconds since 1970."""
    status: int = 200
    address: str = ""
    """Address that answered, after redirects."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    size: int = 0
    """Bytes of the body."""
    id: int = 0
    """Number in the archive."""

    def fresh(self, now: float, max_age: float) -> bool:
        """Whether it can stand for asking again; a `max_age` of 0 is without end.

        An answer of a future time, which a clock set back gives, is as old as it is ahead.
        """
        if self.outcome == MALFORMED:
            return False
        if self.lasting:
            return True
        return self.outcome != "" and (not max_age or abs(now - self.fetched) < max_age)


def pack(body: bytes) -> bytes:
    """A body as the archive keeps it."""
    return zstd.compress(body, level=LEVEL)


def unpack(packed: bytes, size: int) -> bytes:
    """The body of that size; raises `Damaged`, before it takes more memory than the body needs."""
    try:
        body = zstd.ZstdDecompressor().decompress(packed, max_length=size + 1)
    except zstd.ZstdError as error:
        raise Damaged(str(error)) from None
    if len(body) != size:
        raise Damaged(f"the body should have {size} bytes")
    return body
