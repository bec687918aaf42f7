"""Commands that crawl nothing, run in this process as `scrapy NAME …` runs them."""

from dataclasses import dataclass

import pytest
from scrapy.cmdline import execute


@dataclass
class Done:
    """What a user has after a command."""

    status: int
    out: str
    err: str


class Shell:
    """Runs commands in a folder."""

    def __init__(self, folder, capfdbinary, monkeypatch):
        self.folder = folder
        self.captured = capfdbinary
        monkeypatch.chdir(folder)
        monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "biorxivist.settings")

    def scrapy(self, *args: object) -> Done:
        """`scrapy ARGS`."""
        with pytest.raises(SystemExit) as end:
            execute(["scrapy", *map(str, args)])
        out, err = self.captured.readouterr()
        return Done(end.value.code or 0, out.decode(), err.decode())
