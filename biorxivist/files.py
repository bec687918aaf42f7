"""Files that are there whole or not at all: they are written beside their place and take it when all is in them."""

import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from biorxivist.errors import UserError

BLOCK = 1 << 20
UNFINISHED = re.compile(r"\..+\.(\d+)\.unfinished", re.DOTALL)


# what a write fails with where there is no room: a full disk, a quota, a limit of the process
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def open_beside(path: Path) -> BinaryIO:
    """A file to write for a place; `put_in_place` gives it that place. A pipe or a device is written itself.

    What killed processes left unfinished in its folder is removed.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        return path.open("wb")
    remove_unfinished(path.parent)
    file = path.with_name(f".{path.name[:200]}.{os.getpid()}.unfinished").open("wb")
    lock(file)
    return file


def remove_unfinished(folder: Path) -> None:
    """Remove the unfinished files of processes that are no more; one of another machine holds a lock on its own."""
    for left in folder.glob(".*.unfinished"):
        writer = UNFINISHED.fullmatch(left.name)
        if writer and ended(int(writer[1])):
            with suppress(OSError), left.open("r+b") as file:
                if lock(file):
                    left.unlink()


def ended(process: int) -> bool:
    """Whether this machine has no such process; False where that cannot be asked."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def lock(file: IO[Any]) -> bool:
    """Hold a file until it is closed or this process ends; whether no other one holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


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
    except BaseException as error:
        # what waits to be written does not fit either
        with suppress(OSError):
            file.close()
        if Path(file.name) != path.resolve():
            Path(file.name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in FULL:
            raise UserError(f"cannot write {path}: {error.strerror}") from error
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


def end_of_lines(file: BinaryIO) -> int:
    """Where the last whole line ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - BLOCK)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0
