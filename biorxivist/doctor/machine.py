"""Checks of this machine: Python, packages, and the folders that are written to."""

import platform
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from scrapy import Spider
from scrapy.settings import BaseSettings

from biorxivist.archive.cache import unusable_archive
from biorxivist.data import data_folder
from biorxivist.destinations import unusable_destination
from biorxivist.doctor import Finding, verdict
from biorxivist.storages import unwritable_feed


def python(settings: BaseSettings) -> Finding:
    """The interpreter, and every package that BioRxivist needs."""
    unmet = [fault for needed in _needed() if (fault := _unmet(needed))]
    advice = f"{'; '.join(unmet)}: make setup, or pip install --upgrade biorxivist"
    return verdict(advice if unmet else "", f"Python {platform.python_version()}, Scrapy {version('scrapy')}")


def _needed() -> list[Requirement]:
    try:
        found = map(Requirement, requires("biorxivist") or [])
    except PackageNotFoundError:
        # a checkout or an egg: nothing says what it needs
        return []
    return [needed for needed in found if not needed.marker or needed.marker.evaluate({"extra": ""})]


def _unmet(needed: Requirement) -> str:
    try:
        found = version(needed.name)
    except PackageNotFoundError:
        return f"{needed.name} is not installed"
    return (
        ""
        if needed.specifier.contains(found, prereleases=True)
        else f"{needed.name} is {found}, not {needed.specifier}"
    )


def data(settings: BaseSettings) -> Finding:
    """The folder of what is kept, and the archive in it. Raises `UserError`."""
    folder = data_folder(settings["BIORXIVIST_DATA"])
    if fault := unwritable_folder(folder):
        return Finding("wrong", f"{fault}; set BIORXIVIST_DATA to a folder of yours")
    free = shutil.disk_usage(folder).free / 1e9
    return verdict(unusable_archive(settings), f"{folder}, {free:,.1f} GB free")


def feeds(settings: BaseSettings) -> Finding:
    """The places of FEEDS, or the folder where we are."""
    given: dict[str, dict[str, Any]] = settings.getdict("FEEDS")
    if not given:
        return verdict(unwritable_folder(Path.cwd()), f"files can be written in {Path.cwd()}")
    trial = settings.copy()
    # a feed that is gone on with would be mended, and nothing is to change
    trial.set("FEEDS", {uri: {**options, "overwrite": True} for uri, options in given.items()}, "cmdline")
    fault = unusable_destination(trial, Spider) or unwritable_feed(trial)
    return verdict(fault, f"{', '.join(map(str, given))} can be written")


def unwritable_folder(folder: Path) -> str:
    """Why no file can be written in a folder; empty if one can."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"cannot write in {folder}: {error.strerror}"
