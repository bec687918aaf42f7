"""What `scrapy doctor` looks at: each check tells what is so and, where it should be otherwise, what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scrapy.settings import BaseSettings

State = Literal["ok", "note", "off", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in one line. `note` may be as the user wants it, `off` is not configured, `wrong` is to be mended."""

    state: State
    text: str


Check = Callable[[BaseSettings], Finding]


def verdict(fault: str, otherwise: str) -> Finding:
    """`wrong` with a fault, `ok` without one."""
    return Finding("wrong", fault) if fault else Finding("ok", otherwise)
