"""Waiting for what must come, however slow the machine is."""

import time
from collections.abc import Callable

LONGEST = 300
PAUSE = 0.02


def until(true: Callable[[], object], longest: float = LONGEST) -> None:
    """Return when something has become true; what has not by the longest time is never coming."""
    end = time.monotonic() + longest
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(PAUSE)
