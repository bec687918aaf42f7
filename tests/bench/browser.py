"""`python -m tests.bench.browser`: memory of a crawl whose pages all go through the browser.

Prints the memory of the crawl and of what it started (Playwright's driver, Chromium) as the feed grows.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.crawling import local_site

PARTS = {"python": "crawl", "node": "driver"}


def resident(process: psutil.Process) -> dict[str, float]:
    """Memory in MB of a crawl, of its driver and of its browser, what processes share counted once."""
    found = dict.fromkeys(("crawl", "driver", "chromium"), 0.0)
    for member in [process, *process.children(recursive=True)]:
        try:
            name, memory = member.name(), member.memory_full_info().pss
        except psutil.Error:
            continue
        part = next((part for start, part in PARTS.items() if name.startswith(start)), "chromium")
        found[part] += memory / 1024 / 1024
    return found


def watched(command: list[str], feed: Path, every: int) -> list[tuple[int, dict[str, float]]]:
    """The memory of a crawl, each time its feed has grown by so many lines."""
    samples: list[tuple[int, dict[str, float]]] = []
    with subprocess.Popen(command, cwd=feed.parent) as crawl:
        process = psutil.Process(crawl.pid)
        while crawl.poll() is None:
            time.sleep(0.25)
            lines = feed.read_bytes().count(b"\n") if feed.exists() else 0
            if lines >= (len(samples) + 1) * every:
                samples.append((lines, resident(process)))
                told = "  ".join(f"{part} {memory:6.1f} MB" for part, memory in samples[-1][1].items())
                print(f"  {lines:>5} pages  {told}", flush=True)
    if crawl.returncode:
        sys.exit(f"{' '.join(command)} ended with {crawl.returncode}")
    return samples


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=500)
    pages = arguments.parse_args().pages
    site = ["--scripted", "--papers", str(pages + 100), "--delay", "0", "--fault", "missing@jats"]
    with tempfile.TemporaryDirectory() as name, local_site(Path(name), *site) as local:
        feed = Path(name) / "papers.jsonl"
        search = ["search", "-a", "q=the", "-a", "server=both", "-a", f"limit={pages}", "-L", "WARNING"]
        command = [sys.executable, "-m", "biorxivist", "crawl", *search, *local.settings, "-O", str(feed)]
        print(f"{pages} pages, each opened in the browser:", flush=True)
        samples = watched(command, feed, max(1, pages // 10))
        opened = feed.read_bytes().count(b'"source": "browser", "url"') or feed.read_bytes().count(
            b'"source":"browser","url"'
        )
        first, last = samples[len(samples) // 2][1], samples[-1][1]
        growth = ", ".join(f"{part} {last[part] - first[part]:+.1f} MB" for part in last)
        print(f"{opened} opened; growth over the second half: {growth}")


if __name__ == "__main__":
    main()
