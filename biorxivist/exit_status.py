"""The exit status of a crawl: whether it is complete."""

from typing import Any

COMPLETE, FAILED, WRONG_ARGUMENTS, INCOMPLETE = 0, 1, 2, 3


def exit_status(stats: dict[str, Any]) -> int:
    """The exit status that the stats of a run deserve."""
    if any(name.startswith("feedexport/failed_count") for name in stats):
        return FAILED
    if stats.get("biorxivist/papers/missing") or stats.get("spider_exceptions/count"):
        failed = not stats.get("biorxivist/papers/delivered") and stats.get("finish_reason") not in (
            "finished",
            "shutdown",
        )
        return FAILED if failed else INCOMPLETE
    # stopped when all had come
    whole = stats.get("finish_reason") == "shutdown" and stats.get("biorxivist/papers/delivered")
    if stats.get("finish_reason") != "finished" and not whole:
        return FAILED
    return INCOMPLETE if stats.get("biorxivist/graph/unwritten") else COMPLETE
