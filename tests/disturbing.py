"""Crawls that are killed at random moments and started again, compared with one that was left alone. Also `make soak`."""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.crawling import NOTHING, Run, Site, local_site

PAPERS = 40
# without any delay Scrapy 2.19 sends all that waits for a host at once
CRAWL = ["search", "-a", "q=the", "-a", "server=both", "-a", f"limit={PAPERS}", "-s", "DOWNLOAD_DELAY=0.001"]
# by this time a crawl of that size is over
LONGEST = 0.6


def lines(run: Run) -> dict[tuple[str, int], str]:
    """The papers of a feed as JSON, but for when they were fetched; a paper that is there twice is a fault."""
    items = run.items
    found = {(item["doi"], item["version"]): json.dumps({**item, "fetched": ""}) for item in items}
    assert len(found) == len(items), "a paper is in the feed twice"
    return found


@dataclass
class Disturbed:
    """A command that is disturbed until it comes to its end."""

    site: Site
    folder: Path
    chance: random.Random
    kills: int = 0
    stopped: int = 0
    begun: int = 0
    # for each disturbance: how many requests the site had seen
    marks: list[int] = field(default_factory=list)

    def run(self) -> bool:
        """Start the command, and disturb it at a random moment of its work; whether it ended by itself."""
        feed = self.folder / "papers.jsonl"
        command = [sys.executable, "-m", "biorxivist", *self.site.arguments(self.folder, *CRAWL), "-o", feed.name]
        before = self.signs(feed)
        with subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE) as process:
            while process.poll() is None and self.signs(feed) == before:
                time.sleep(0.005)
            time.sleep(self.chance.uniform(0, LONGEST))
            if process.poll() is not None:
                assert process.returncode == 0, process.stderr.read().decode()
                return True
            clean = self.chance.random() < 0.2
            process.send_signal(signal.SIGTERM if clean else signal.SIGKILL)
            process.stderr.read()
        self.stopped += clean
        self.kills += not clean
        self.site.catch_up()
        self.marks.append(len(self.site.asked))
        return False

    def signs(self, feed: Path) -> tuple[int, int]:
        """What changes when a crawl works."""
        try:
            size = feed.stat().st_size
        except FileNotFoundError:
            # a crawl makes its feed and takes it away once, to see whether it can be written
            size = -1
        return self.site.requests.stat().st_size, size

    def check(self, undisturbed: dict[tuple[str, int], str]) -> None:
        """Nothing is lost, nothing is doubled, no document was fetched again but those on their way at a kill."""
        feed = self.folder / "papers.jsonl"
        assert lines(Run(0, "", feed)) == undisturbed
        asked = self.site.asked[self.begun :]
        on_their_way = Counter()
        for mark in self.marks:
            seen = [r for r in asked[: mark - self.begun] if not r["path"].endswith(NOTHING)]
            last = {request["host"]: request["path"] for request in seen}
            on_their_way.update(last.values())
        documents = Counter(r["path"] for r in asked if r["path"].endswith((".source.xml", ".full", "fullTextXML")))
        again = {path: n - 1 for path, n in documents.items() if n - 1 > on_their_way[path]}
        assert not again, f"fetched again: {again}"


def disturb(folder: Path, kills: int, seed: int) -> list[Disturbed]:
    """Commands with so many kills between them, each completed and compared with an undisturbed run."""
    chance = random.Random(seed)
    done: list[Disturbed] = []
    with local_site(folder, "--delay", "0", "--papers", str(PAPERS)) as site:
        alone = folder / "alone"
        alone.mkdir()
        run = site.crawl(alone, *CRAWL)
        assert run.status == 0, run.log
        undisturbed = lines(run)
        while sum(d.kills for d in done) < kills:
            disturbed = Disturbed(site, folder / f"disturbed{len(done)}", chance, begun=len(site.asked))
            disturbed.folder.mkdir()
            done.append(disturbed)
            ended = False
            while not ended and sum(d.kills for d in done) < kills:
                ended = disturbed.run()
            if not ended:
                run = site.crawl(disturbed.folder, *CRAWL, output="-o")
                assert run.status == 0, run.log
            disturbed.check(undisturbed)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        start = time.monotonic()
        done = disturb(Path(name), options.kills, options.seed)
    stops = sum(d.stopped for d in done)
    print(
        f"{len(done)} crawls of {PAPERS} papers, killed {options.kills} times and stopped {stops} times, "
        f"are as if left alone ({time.monotonic() - start:.0f} s)"
    )


if __name__ == "__main__":
    main()
