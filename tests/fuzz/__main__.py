"""`python -m tests.fuzz [--mutations N] [--target NAME]…`: damaged documents for every reader, as many as asked for.

Each target runs in a process of its own. A finding is a document that raises anything but the reader's own error, takes more than a
second of CPU, or more than 512 MB beyond what the process had. Findings are kept in a folder and can be read again by their number:
`--target jats --first NUMBER --mutations 1`.
"""

import argparse
import logging
import multiprocessing
import os
import resource
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from tests.fuzz.targets import MEGABYTES, SECONDS, TARGETS

HANGS = 60  # seconds of a case before its process is given up
MB = 1 << 20


def peak() -> float:
    """Highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MB if sys.platform == "darwin" else 1024)


def run(name: str, first: int, last: int, folder: Path, state, results) -> None:
    """Read the documents of a target; `state` tells the number that is being read, `results` gets what came out."""
    logging.disable()
    target = TARGETS[name]
    target.outcome(target.seeds()[0])
    start = peak()
    # the virtual size is always more than what is resident: well above the bound, so that the case is found by its peak
    limit = _virtual() + 3 * MEGABYTES * MB
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(first, last):
        state.value = number
        body = target.document(Random(f"{name} {number}"))
        began = time.process_time()
        try:
            outcomes[target.outcome(body)] += 1
            fault = ""
        except BaseException:
            fault = traceback.format_exc(limit=-4)
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SECONDS:
            fault += f"\n{took:.1f} s"
        if peak() - start > MEGABYTES:
            fault += f"\n{peak() - start:.0f} MB"
        if fault:
            outcomes["FOUND"] += 1
            (folder / f"{name}-{number}").write_bytes(body)
            (folder / f"{name}-{number}.txt").write_text(fault)
            print(f"{name} {number}: {fault.strip().splitlines()[-1]}", flush=True)
            start = max(start, peak() - MEGABYTES)
    results.put((outcomes, slowest, peak() - start))


def _virtual() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 4 << 30


def fuzz(name: str, first: int, count: int, folder: Path) -> Counter[str]:
    """Read damaged documents of a target, anew behind each that kills or hangs its process."""
    total: Counter[str] = Counter()
    slowest, most, last = 0.0, 0.0, first + count
    began = time.monotonic()
    while first < last:
        state, results = multiprocessing.Value("q", first), multiprocessing.SimpleQueue()
        process = multiprocessing.Process(target=run, args=(name, first, last, folder, state, results))
        process.start()
        seen, since = -1, time.monotonic()
        while process.is_alive() and results.empty():
            process.join(0.5)
            if state.value != seen:
                seen, since = state.value, time.monotonic()
            elif time.monotonic() - since > HANGS:
                process.kill()
        if results.empty():
            process.join()
            number = state.value
            (folder / f"{name}-{number}").write_bytes(TARGETS[name].document(Random(f"{name} {number}")))
            print(f"{name} {number}: the process hung or died ({process.exitcode})", flush=True)
            total["FOUND"] += 1
            total["before it"] += number - first
            first = number + 1
        else:
            outcomes, seconds, memory = results.get()
            process.join()
            total += outcomes
            slowest, most, first = max(slowest, seconds), max(most, memory), last
    told = ", ".join(f"{count:,} {name}" for name, count in total.most_common())
    print(
        f"{name:12} {count:>9,} in {time.monotonic() - began:.0f} s: {told}; slowest {slowest:.2f} s, {most:+.0f} MB",
        flush=True,
    )
    return total


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--mutations", type=int, default=1_000_000, help="over all targets")
    arguments.add_argument("--target", action="append", choices=TARGETS, help="default: all")
    arguments.add_argument("--first", type=int, default=0, help="number of the first document")
    arguments.add_argument("--workers", type=int, default=os.cpu_count(), help="targets at once, default one a core")
    arguments.add_argument("--keep", type=Path, default=Path("findings"), help="folder for findings")
    given = arguments.parse_args()
    given.keep.mkdir(exist_ok=True)
    names = given.target or list(TARGETS)
    share = -(-given.mutations // len(names))
    with ThreadPoolExecutor(given.workers) as pool:
        totals = pool.map(lambda name: fuzz(name, given.first, share, given.keep), names)
        found = sum(total["FOUND"] for total in totals)
    print(f"{share * len(names):,} documents, {found} findings" + (f" in {given.keep}/" if found else ""))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
