"""`make bench-chunks`: passages of at most 1,000 characters beside the splitters of LangChain and chonkie, as ratios within one run.

Ours take papers and theirs the papers' `text`, read before the clock starts. A passage counts as cut if it does not end with closing
punctuation: a heading or a table counts too, so that 0 % is nobody's aim.
"""

import argparse
import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import chonkie
from langchain_text_splitters import CharacterTextSplitter, RecursiveCharacterTextSplitter, TextSplitter

from biorxivist.chunks import LIMIT, chunk_paper
from biorxivist.feed import read_feed
from biorxivist.items import Paper
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.conftest import CORPUS

PAGES = Path(__file__).resolve().parent.parent / "pages"
CLOSED = tuple(".!?…:;\"'”’»)]}$")


def of_langchain(splitter: TextSplitter) -> Callable[[Paper], list[str]]:
    """What a splitter of LangChain makes of a paper's text."""
    return lambda paper: splitter.split_text(paper.text)


def of_chonkie(chunker: chonkie.BaseChunker) -> Callable[[Paper], list[str]]:
    """What a chunker of chonkie makes of a paper's text."""
    return lambda paper: [chunk.text for chunk in chunker.chunk(paper.text)]


SIZE = {"chunk_size": LIMIT, "chunk_overlap": 0}
SPLITTERS: dict[str, Callable[[Paper], list[str]]] = {
    "biorxivist chunk_paper": lambda paper: [chunk.text for chunk in chunk_paper(paper)],
    "LangChain CharacterTextSplitter": of_langchain(CharacterTextSplitter(**SIZE)),
    "LangChain RecursiveCharacterTextSplitter": of_langchain(RecursiveCharacterTextSplitter(**SIZE)),
    "chonkie SentenceChunker": of_chonkie(chonkie.SentenceChunker("character", **SIZE)),
    "chonkie RecursiveChunker": of_chonkie(chonkie.RecursiveChunker("character", LIMIT)),
    "chonkie FastChunker": of_chonkie(chonkie.FastChunker(chunk_size=LIMIT)),
}


def main() -> None:
    # LangChain warns of each passage above the limit
    logging.disable(logging.WARNING)
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("feed", nargs="?", help="papers to cut (default: recorded documents, or the invented ones)")
    feed = arguments.parse_args().feed
    documents = sorted((CORPUS / "jats" / "site").glob("*.xml"))[::2] or sorted(PAGES.glob("*/jats-site.xml"))
    papers = list(read_feed(feed)) if feed else [clean_paper(read_jats(d.read_bytes())) for d in documents]
    papers = [paper for paper in papers if paper.coverage == "full_text"]
    print(f"{len(papers)} papers, {sum(len(p.text) for p in papers):,} characters, limit {LIMIT:,}\n")
    print(f"{'splitter':42} {'ms/paper':>9} {'ratio':>6} {'passages':>9} {'above':>6} {'longest':>8} {'cut':>5}")
    ours = 0.0
    for name, split in SPLITTERS.items():
        median, passages = measured(split, papers)
        ours = ours or median
        above = sum(len(p) > LIMIT for p in passages)
        cut = sum(not p.rstrip().endswith(CLOSED) for p in passages) / len(passages)
        row = f"{name:42} {median:9.2f} {median / ours:6.1f} {len(passages):9,} {above:6,} {max(map(len, passages)):8,} {cut:5.0%}"
        print(row, flush=True)


def measured(split: Callable[[Paper], list[str]], papers: list[Paper]) -> tuple[float, list[str]]:
    """Median over the papers of the best of five runs in milliseconds of CPU, and the passages."""
    times, passages = [], []
    for paper in papers:
        runs = []
        for _ in range(5):
            start = time.process_time()
            parts = split(paper)
            runs.append(time.process_time() - start)
        times.append(min(runs) * 1000)
        passages += parts
    return statistics.median(times), passages


if __name__ == "__main__":
    main()
