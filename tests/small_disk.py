"""Disks of a few megabytes, for whoever may make a user namespace; root is not needed."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Disk:
    """A file system that only some commands see."""

    folder: Path
    within: list[str]
    """The beginning of a command that sees it."""
    outside: Path
    """The folder as all others see it."""

    def run(self, script: str) -> subprocess.CompletedProcess:
        """Run a script of `sh` in its folder."""
        command = [*self.within, "sh", "-c", f"cd {self.folder} && {script}"]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)

    def fill(self) -> None:
        """Take all the room that is left."""
        self.run("dd if=/dev/zero of=ballast bs=4096")

    def clear(self) -> None:
        """Give the room back."""
        (self.outside / "ballast").unlink()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Disk]:
    """A disk of a size like `72m` in a folder; skips where none can be made."""
    if not shutil.which("unshare"):
        pytest.skip("no small disk can be made here: unshare and nsenter are needed")
    mount = f"mount -t tmpfs -o size={size} none {folder} && echo mounted && exec cat"
    with subprocess.Popen(["unshare", "-rm", "sh", "-c", mount], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as holder:  # fmt: skip
        if holder.stdout.readline() != b"mounted\n":
            # containers often forbid it, whatever is installed in them
            pytest.skip("no small disk can be made here: unshare -rm and mount -t tmpfs are needed")
        within = ["nsenter", f"--target={holder.pid}", "--user", "--mount", "--preserve-credentials"]
        yield Disk(folder, within, Path(f"/proc/{holder.pid}/root{folder}"))
        # its end is the end of the disk
        holder.stdin.close()
