"""Files that are there whole or not at all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from biorxivist.errors import UserError


@contextmanager
def whole_file(path: Path | str) -> Iterator[BinaryIO]:
    """A file to write that takes its name when all is in it: after an error or a kill what was there before is still there.

    `-` is standard output. Raises `UserError` if the place cannot be written.
    """
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # where a link points to is written
    path = Path(path).resolve()
    # a pipe or a device cannot be replaced
    beside = path if path.exists() and not path.is_file() else path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = beside.open("wb")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None
    try:
        with file:
            yield file
            file.flush()
            if beside != path:
                os.fsync(file.fileno())
        if beside != path:
            beside.replace(path)
    except BaseException:
        if beside != path:
            beside.unlink(missing_ok=True)
        raise
