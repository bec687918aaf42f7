"""A month of normal life: every 20th answer bad in some way, over 2,000 papers, run as often as a user would until it is complete.

Challenges close their kind of address for a run, so there are two months: one without them that must be complete at once, and one with them.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crawling import Run, local_site
from tests.site.loading import texts

SETTINGS = ["-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_AFTER_DEFAULT=1", "-s", "HTTPCACHE_EXPIRATION_SECS=86400"]


def lacking(run: Run, count: int) -> list[str]:
    """Papers that did not come, or without the text that exists."""
    expected = texts(count)
    came = {item["doi"]: item["coverage"] == "full_text" for item in run.items}
    return [doi for doi, text in expected.items() if doi not in came or (text and not came[doi])]


def month(papers: int, faults: list[str], runs: int) -> bool:
    """Run a search until it is complete; whether it came to that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        named = [part for fault in faults for part in ("--fault", fault)]
        with local_site(folder, "--delay", "0", "--papers", str(papers), *named) as site:
            for number in range(1, runs + 1):
                start = time.monotonic()
                run = site.crawl(
                    folder, "search", "-a", "q=the", "-a", "server=both", *SETTINGS, output="-o", timeout=3600
                )
                report(number, run, lacking(run, papers), time.monotonic() - start)
                if run.status == 0 and not lacking(run, papers):
                    return True
    return False


def report(number: int, run: Run, lacking: list[str], seconds: float) -> None:
    """Print what a run brought."""
    record = run.record
    outcomes = Counter()
    for answers in record["attempts"].values():
        outcomes.update(answers)
    asked = record["requests"]
    print(
        f"  run {number}: exit status {run.status}, {record['papers']['delivered']:,} of {record['papers']['wanted']:,} delivered, "
        f"{len(lacking)} lacking, {asked['sent']:,} requests, {asked['asked_again']:,} asked again, "
        f"{asked['from_archive']:,} from the archive, {record['memory_mb']} MB, {seconds:.0f} s"
    )
    print("    " + ", ".join(f"{outcome} {n:,}" for outcome, n in outcomes.most_common()), flush=True)


def main() -> None:
    """Print both months; ends with 1 if one did not become complete."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=2000)
    papers = arguments.parse_args().papers
    print(f"{papers:,} papers, every 20th answer bad:", flush=True)
    done = month(papers, ["life:0.05"], 1)
    print("and now and then a challenge page:", flush=True)
    done &= month(papers, ["challenges:0.002", "life:0.05"], 30)
    sys.exit(not done)


if __name__ == "__main__":
    main()
