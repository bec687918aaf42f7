"""The folders of the records of runs: `runs/TIME-SPIDER-PROCESS` in the data folder, and `runs/latest`, which leads to the last."""

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from biorxivist.data import data_folder
from biorxivist.files import ended

FILES = ("run.json", ".run.json.*", "report.html", ".report.html.*")
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z-.+-(?P<process>\d+)")


def run_name(started: datetime, spider: str) -> str:
    """The name of this process's run."""
    return f"{started:%Y-%m-%dT%H%M%SZ}-{spider}-{os.getpid()}"


def run_folder(data: Path | str, name: str, keep: int) -> Path:
    """Make the folder of a run, and let go of all but the newest; raises `UserError` or `OSError`."""
    runs = data_folder(data_folder(data) / "runs")
    folder = data_folder(runs / name)
    point(runs / "latest", name)
    if keep:
        forget(runs, keep)
    return folder


def point(link: Path, target: str) -> None:
    """Let a symbolic link lead to its new target, without a moment in which it leads nowhere."""
    beside = link.with_name(f".{link.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        beside.unlink()
    beside.symlink_to(target)
    beside.replace(link)


def forget(runs: Path, keep: int) -> None:
    """Drop the oldest runs, but none that goes on and no file of a user."""
    found = sorted(path.name for path in runs.iterdir() if NAME.fullmatch(path.name) and not path.is_symlink())
    for name in found[:-keep]:
        if ended(int(NAME.fullmatch(name)["process"])):
            # and what a kill left half written
            for file in (file for pattern in FILES for file in (runs / name).glob(pattern)):
                file.unlink(missing_ok=True)
            # what somebody put there stays, and another crawl may be faster
            with suppress(OSError):
                (runs / name).rmdir()
