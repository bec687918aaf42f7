"""Files that are there whole or not at all: they are written beside their place and take it when all is in them."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from biorxivist.errors import UserError


def open_beside(path: Path) -> BinaryIO:
    """A file to write for a place; `put_in_place` gives it that place. A pipe or a device is written itself."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    replaceable = path.is_file() or not path.exists()
    return (path.with_name(f".{path.name[:200]}.{os.getpid()}") if replaceable else path).open("wb")


def put_in_place(file: BinaryIO, path: Path) -> None:
    """Close a file of `open_beside`, all of it on the disk, and let it take its place."""
    file.flush()
    written = Path(file.name)
    if written != path.resolve():
        os.fsync(file.fileno())
        file.close()
        written.replace(path.resolve())
    file.close()


@contextmanager
def whole_file(path: Path | str) -> Iterator[BinaryIO]:
    """A file to write that takes its place at the end; after an error what was there before is still there.

    `-` is standard output. Raises `UserError` if the place cannot be written.
    """
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(path)
    try:
        file = open_beside(path)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None
    try:
        yield file
        put_in_place(file, path)
    except BaseException:
        file.close()
        if Path(file.name) != path.resolve():
            Path(file.name).unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """An empty folder to fill, whose files take their places in `path` at the end; after an error nothing has changed there.

    Raises `UserError` if the place cannot be written.
    """
    path = Path(path).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_dir():
            raise UserError(f"cannot write into {path}: it is a file")
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name[:200]}.", dir=path.parent))
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None
    try:
        yield beside
        path.mkdir(exist_ok=True)
        for file in sorted(beside.iterdir()):
            file.replace(path / file.name)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
