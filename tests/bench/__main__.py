"""`make bench`: memory over 5,000 papers of the local site, and papers a second beside a spider that only fetches.

Prints resident memory as the feed grows, and both rates in one run on one machine: a ratio, no absolute claim.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.crawling import local_site

FETCH_ONLY = Path(__file__).with_name("fetch_only.py")


def resident(pid: int) -> float:
    """Resident memory of a process in MB, 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0)


def watched(
    command: list[str], folder: Path, feed: Path | None = None, every: int = 1000
) -> tuple[tuple[float, float], list[tuple[int, float]]]:
    """Seconds that a command took, by the clock and of CPU, and its memory each time its feed has grown by `every` lines."""
    samples: list[tuple[int, float]] = []
    start, before = time.monotonic(), cpu()
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stderr=log) as process:
        lines = position = 0
        while process.poll() is None:
            time.sleep(0.25)
            if feed and feed.exists():
                with feed.open("rb") as written:
                    written.seek(position)
                    new = written.read()
                position += len(new)
                lines += new.count(b"\n")
                memory = resident(process.pid)
                if memory and lines >= (len(samples) + 1) * every:
                    samples.append((lines, memory))
                    print(f"  {lines:>6,} papers  {memory:7.1f} MB", flush=True)
        if process.returncode not in (0, 3):
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n" + (folder / "log").read_text()[-2000:])
    return (time.monotonic() - start, cpu() - before), samples


def cpu() -> float:
    """CPU seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=5000)
    papers = arguments.parse_args().papers
    with tempfile.TemporaryDirectory() as name, local_site(Path(name), "--papers", str(papers), "--delay", "0") as site:
        folder = Path(name)
        scrapy = [sys.executable, "-m", "biorxivist"]
        feed = folder / "papers.jsonl"
        print(f"A search that delivers {papers:,} papers:", flush=True)
        search = [
            "crawl",
            "search",
            "-a",
            "q=the",
            "-a",
            "server=both",
            "-a",
            f"limit={papers}",
            *site.settings,
            "-O",
            str(feed),
        ]
        seconds, samples = watched([*scrapy, *search, "-L", "WARNING"], folder, feed, every=max(1, papers // 10))
        with feed.open() as lines:
            delivered = [json.loads(line) for line in lines]
        urls = [a["url"] for item in delivered for a in item["attempts"] if a["url"]]
        (folder / "urls").write_text("\n".join(urls))
        print("The same documents, fetched and not read:", flush=True)
        # an archive of its own: it must be fetched
        fetch = ["runspider", str(FETCH_ONLY), "-a", f"urls={folder / 'urls'}", *site.settings, "-L", "WARNING"]
        fetched, _ = watched([*scrapy, *fetch, "-s", f"BIORXIVIST_DATA={folder / 'fetched'}"], folder)
        report(len(delivered), seconds, fetched, samples)


def report(
    papers: int, crawl: tuple[float, float], fetch: tuple[float, float], samples: list[tuple[int, float]]
) -> None:
    """Print the figures."""
    for name, crawled, fetched in zip(("papers/s", "papers/s of CPU"), crawl, fetch, strict=True):
        print(f"{papers / crawled:.1f} {name}, fetch-only {papers / fetched:.1f}: {fetched / crawled:.0%} of it")
    half = samples[len(samples) // 2 :]
    growth = half[-1][1] - half[0][1]
    print(f"memory over the second half of the run: {half[0][1]:.0f} MB to {half[-1][1]:.0f} MB ({growth:+.1f} MB)")


if __name__ == "__main__":
    main()
