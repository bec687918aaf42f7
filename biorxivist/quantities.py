"""Quantities in the words of a person."""


def duration(seconds: float) -> str:
    """Seconds in the words of a person: `3 days 4 h`, `2 h 20 min`, `5 min`, `40 s`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def size(bytes: int) -> str:
    """Bytes in the words of a person: `3.4 GB`, `12 MB`, `8 kB`."""
    for unit, power in (("GB", 1e9), ("MB", 1e6)):
        if bytes >= power:
            return f"{bytes / power:.{1 if bytes < 10 * power else 0}f} {unit}"
    return f"{bytes / 1e3:.0f} kB"
