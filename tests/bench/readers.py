"""`make bench-readers`: speed and memory of the readers beside pyeuropepmc and trafilatura, as multiples of a bare parse by lxml.

Each task runs five times on each document, all tasks of a document in turn; the best time of CPU counts, and the median over the
documents is printed, so that the figures of one run can be compared on any machine. Memory is what a fresh process grows by at its
peak while it reads one document, in multiples of the document.
"""

import argparse
import ctypes
import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from lxml import etree, html
from pyeuropepmc import FullTextXMLParser

from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import read_page
from biorxivist.text import clean_paper

FOLDER = Path(__file__).resolve().parents[1]
CORPUS = FOLDER.parent.parent / "shared" / "corpus"
BARE, RUNS = "bare parse by lxml", 5
Task = Callable[[bytes], object]


def parse_xml(body: bytes) -> etree._Element:
    """A bare parse as safe as ours, which nothing is taken from."""
    return etree.fromstring(
        body, etree.XMLParser(recover=True, no_network=True, resolve_entities=False, load_dtd=False)
    )


def walked(parse: Task) -> Task:
    """A parse, and the text of every `p`."""
    return lambda body: ["".join(p.itertext()) for p in parse(body).iter("p")]


def touched(parse: Task) -> Task:
    """A parse, and tag, text and tail of every element: what no reader in Python can do without."""
    return lambda body: [(e.tag, e.text, e.tail) for e in parse(body).iter()]


def by_pyeuropepmc(body: bytes) -> tuple[object, ...]:
    """What pyeuropepmc has of the same: metadata, sections, references, tables and the whole as plain text."""
    parser = FullTextXMLParser(body.decode())
    parts = (
        parser.extract_metadata(),
        parser.get_full_text_sections(),
        parser.extract_references(),
        parser.extract_tables(),
    )
    return *parts, parser.to_plaintext()


JATS: dict[str, Task] = {
    BARE: parse_xml,
    "… and a walk over <p>": walked(parse_xml),
    "… and a look at every element": touched(parse_xml),
    "biorxivist read_jats": read_jats,
    "biorxivist read_jats, clean_paper": lambda body: clean_paper(read_jats(body)),
    "pyeuropepmc FullTextXMLParser": by_pyeuropepmc,
}
HTML: dict[str, Task] = {
    BARE: html.fromstring,
    "… and a walk over <p>": walked(html.fromstring),
    "… and a look at every element": touched(html.fromstring),
    "biorxivist read_page": read_page,
    "biorxivist read_page, clean_paper": lambda body: clean_paper(read_page(body)),
    "trafilatura bare_extraction": trafilatura.bare_extraction,
}
# what readers, cleaning and mentions are about, so that their code is in use too
SHORT = "<p>Short\u2009, ( a\u0301 ) with\nGSE190001 and https://github.com/kettle/lid, <sup>2</sup>.</p>".encode() * 3
ARTICLE = (
    b"""<article><front><journal-meta><journal-id>biorxiv</journal-id></journal-meta><article-meta>
<article-id pub-id-type="doi">10.1101/1</article-id><title-group><article-title>Kettles</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Lid</surname><given-names>A. B.</given-names></name></contrib>
<aff id="a1"><institution>Kitchen</institution></aff></contrib-group><pub-date pub-type="epub"><year>2020</year></pub-date>
<permissions><license><p>CC BY 4.0</p></license></permissions></article-meta></front><body>%s</body><back><ref-list><ref id="r1">
<citation><name><surname>Pot</surname><given-names>C.</given-names></name><year>2019</year></citation></ref></ref-list></back></article>"""
    % SHORT
)
PAGE = (
    b"""<html><head><meta name="citation_doi" content="10.1101/1"></head><body><div class="fulltext-view">%s<div class="section ref-list">
<ol class="cit-list"><li><div class="cit ref-cit"><cite><span class="cit-auth">Pot C</span></cite></div></li></ol></div></div></body></html>"""
    % SHORT
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document, and what is measured on it."""

    name: str
    recorded: str
    """Where the corpus has them."""
    invented: str
    """Where the tests have them."""
    shortest: bytes
    tasks: dict[str, Task]

    def bodies(self, every: int) -> list[bytes]:
        """Every nth recorded document, or every invented one."""
        files = sorted(CORPUS.glob(self.recorded))[::every] or sorted((FOLDER / "pages").glob(self.invented))
        return [path.read_bytes() for path in files]


KINDS = [
    Kind("JATS of the site", "jats/site/*.xml", "*/jats-site.xml", ARTICLE, JATS),
    Kind("JATS of MECA", "jats/meca/*.xml", "*/jats-meca.xml", ARTICLE, JATS),
    Kind("full-text pages", "html/fulltext/*.html", "*/page.html", PAGE, HTML),
]


def seconds(task: Task, body: bytes) -> float:
    """CPU that one run takes."""
    start = time.process_time()
    task(body)
    return time.process_time() - start


def multiples(tasks: dict[str, Task], body: bytes) -> dict[str, float]:
    """The best time of each task in multiples of that of a bare parse."""
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(RUNS):
        for name, task in tasks.items():
            best[name] = min(best[name], seconds(task, body))
    return {name: taken / best[BARE] for name, taken in best.items()}


def growth(task: Task, shortest: bytes, body: bytes) -> float:
    """By how many times the document a fresh process grows at its peak, code apart: a short document is read before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            task(shortest)
            gc.collect()
            # what was freed is given back, so that it is asked for again
            ctypes.CDLL(None).malloc_trim(0)
            before = _kilobytes("VmRSS")
            Path("/proc/self/clear_refs").write_text("5")
            task(body)
            os.write(writing, str((_kilobytes("VmHWM") - before) * 1024 / len(body)).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as told:
        return float(told.read())


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--every", type=int, default=1, help="measure every nth document")
    every = arguments.parse_args().every
    # memory first, while this process has none to give away
    memory = {kind.name: _memory(kind, every) for kind in KINDS}
    for kind in KINDS:
        bodies = kind.bodies(every)
        times = [multiples(kind.tasks, body) for body in bodies]
        size = statistics.median(map(len, bodies)) / 1000
        print(
            f"\n{kind.name}: {len(bodies)}, the median of {size:,.0f} kB\n\n{'':36} {'CPU':>7} {'memory':>8} {'at most':>8}"
        )
        for name, grown in memory[kind.name].items():
            cpu = statistics.median(found[name] for found in times)
            print(f"{name:36} {cpu:7.2f} {statistics.median(grown):8.1f} {max(grown):8.1f}", flush=True)


def _memory(kind: Kind, every: int) -> dict[str, list[float]]:
    return {name: [growth(task, kind.shortest, b) for b in kind.bodies(every)] for name, task in kind.tasks.items()}


if __name__ == "__main__":
    main()
