"""Real `scrapy crawl` runs against the local site."""

import http.client
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
# a path at which no host has anything
NOTHING = "/nothing"


@dataclass
class Run:
    """What a user has after a crawl."""

    status: int
    log: str
    feed: Path

    @property
    def items(self) -> list[dict]:
        """Items of a JSON Lines feed."""
        return [json.loads(line) for line in self.feed.read_text(encoding="utf-8").splitlines()]

    @property
    def record(self) -> dict:
        """The record of the run."""
        return json.loads((self.feed.parent / "data/runs/latest/run.json").read_text(encoding="utf-8"))

    def item(self, doi: str) -> dict:
        """The only item of a DOI."""
        (found,) = [item for item in self.items if item["doi"] == doi]
        return found


@dataclass
class Site:
    """A local site that runs in its own process."""

    settings: list[str]
    requests: Path

    @property
    def options(self) -> dict[str, str]:
        """The same settings by name."""
        return dict(s.split("=", 1) for s in self.settings if s != "-s")

    @property
    def asked(self) -> list[dict]:
        """Its log: one dict a request, oldest first."""
        return [json.loads(line) for line in self.requests.read_text().splitlines()]

    @property
    def failing(self) -> list[str]:
        """Host and path of all requests that met a fault, those included to which no answer has come yet."""
        log = self.requests.with_suffix(".failing")
        return log.read_text().splitlines() if log.exists() else []

    def catch_up(self) -> None:
        """Return when the site has come to all that was sent before, as after a kill."""
        for name, address in self.options.items():
            if name.endswith("_URL"):
                connection = http.client.HTTPConnection(urlsplit(address).netloc)
                connection.request("GET", NOTHING)
                connection.getresponse().read()
                connection.close()

    def crawl(
        self,
        folder: Path,
        *args: str,
        feed: str = "papers.jsonl",
        output: str = "-O",
        timeout: float = 600,
        **options: Any,
    ) -> Run:
        """`scrapy crawl ARGS -O FEED` in a folder of its own, what is kept between runs included; options of `subprocess.run`."""
        command = [sys.executable, "-m", "biorxivist", *self.arguments(folder, *args), output, feed]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False, **options
        )
        return Run(done.returncode, done.stderr, folder / feed)

    def arguments(self, folder: Path, *args: str) -> list[str]:
        """What comes behind `scrapy` for such a crawl, but for its feed."""
        return ["crawl", *self.settings, "-s", f"BIORXIVIST_DATA={folder / 'data'}", *args]


@contextmanager
def local_site(folder: Path, *args: str) -> Iterator[Site]:
    """A local site with the given arguments of `python -m tests.site`; its request log is in the folder, and what its crawls keep."""
    log = folder / "requests.jsonl"
    log.touch()
    command = [sys.executable, "-m", "tests.site", *args, "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("-s "), f"the local site did not start: {line!r}"
            yield Site([*shlex.split(line), "-s", f"BIORXIVIST_DATA={folder / 'data'}"], log)
        finally:
            process.terminate()
