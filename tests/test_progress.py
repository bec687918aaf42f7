"""The progress bar, on a terminal of its own; and none elsewhere."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

from tests.crawling import Site, local_site

BAR = re.compile(r"\d+% \|.{20}\| (\d+) of (\d+) papers, (.*?) \[")
LINE = re.compile(r"(?:\d\d:\d\d:\d\d (?:INFO|WARNING):.*|  \S.*|Papers .*|Waited .*|)")


def on_a_terminal(site: Site, folder, *args: str, columns: int = 150) -> tuple[int, str]:
    """Exit status of a crawl and all that it wrote to the terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    command = [sys.executable, "-m", "biorxivist", "crawl", *args, *site.settings, "-O", "papers.jsonl"]
    environment = os.environ | {"TERM": "xterm"}
    with subprocess.Popen(command, cwd=folder, stderr=theirs, stdout=subprocess.PIPE, env=environment) as process:
        os.close(theirs)
        written = b""
        while piece := read(ours):
            written += piece
    os.close(ours)
    return process.returncode, written.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # the other end is closed
        return b""


def test_a_bar_tells_how_far_the_run_is_and_leaves_the_log_whole(tmp_path):
    # longer than the bar's second, so that one sees the wait however busy the machine is
    faults = ["--fault", "missing@jats:0.4", "--fault", "refuse@page", "--fault", "throttle-longer@jats:0.2"]
    with local_site(tmp_path, "--delay", "0.3", "--papers", "40", *faults) as site:
        status, shown = on_a_terminal(site, tmp_path, "search", "-a", "q=cells")
    assert status == 3
    bars = BAR.findall(shown)
    total = (tmp_path / "papers.jsonl").read_text().count("\n")
    assert total > 10
    assert {int(wanted) for _, wanted, _ in bars} == {total}
    done = [int(n) for n, _, _ in bars]
    assert done == sorted(done)
    assert done[-1] > total / 2
    assert re.search(r"\d+ with full text, \d+ refused", bars[-1][2])
    assert "next request to 127.0.0.1:" in shown
    assert re.search(r"asks to wait until \d\d:\d\d:\d\d", shown)
    for line in shown.replace("\r\n", "\n").split("\n"):
        # what stands there when the line is finished
        last = line.split("\r")[-1].replace("\x1b[A", "").rstrip()
        assert LINE.fullmatch(last), repr(line)


def test_a_bar_is_there_before_any_paper_is_known(tmp_path):
    with local_site(tmp_path, "--delay", "0", "--fault", "throttle@search") as site:
        status, shown = on_a_terminal(site, tmp_path, "search", "-a", "q=monocyte", "-a", "limit=1")
    assert status == 0
    looking = re.findall(r"looking for papers(.*?) \[\d", shown)
    assert looking[0] == ""
    # the host asked for a second, and the bar is renewed each second
    assert shown.index("looking for papers") < shown.index("papers found")
    assert "looking for papers" not in shown[shown.rindex("1 of 1: ") :]


def test_no_bar_in_a_preview_or_without_a_terminal(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        status, shown = on_a_terminal(site, tmp_path, "search", "-a", "q=monocyte", "-a", "preview=yes")
        assert (status, BAR.search(shown), "looking for" in shown) == (0, None, False)
        run = site.crawl(tmp_path, "search", "-a", "q=monocyte", "-a", "limit=1")
    assert "papers," not in run.log
    assert "1 of 1: " in run.log
