"""`make bench-ask`: how well papers are found, with real vectors, beside the pipeline of 2024 in the same run.

Known item: a question, and the paper that it was made from; abstracts, which it was made from, are not in the index. Questions are sentences of
abstracts without their names and numbers, in other words and another order, and those of `questions.tsv`, written by hand. Citing sentences:
the sentence, without its citations, and the title of the paper that it cites, among all that the papers cite. "The library does not say":
how many questions by hand are refused, and how many of `off_topic.tsv` are not; the bars were chosen on the first part of those.
The liar is a stub of a language model that is also told to lie by every paragraph: how many of its sentences are shown, by kind.
The pipeline of 2024 is CharacterTextSplitter of 1,000 characters and a plain vector search.
"""

import argparse
import logging
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from langchain_text_splitters import CharacterTextSplitter

from biorxivist.feed import to_json
from biorxivist.items import Block, Paper, Section
from biorxivist.library import Library, build
from biorxivist.library.embeddings import BATCH, configured
from biorxivist.readers.jats import read_jats
from biorxivist.sentences import sentences
from biorxivist.text import clean_paper
from tests.bench.liar import lies
from tests.conftest import CORPUS

BY_HAND = Path(__file__).with_name("questions.tsv")
OFF_TOPIC = Path(__file__).with_name("off_topic.tsv")
DEPTH = 10
WORD = re.compile(r"[A-Za-z][a-z]{2,}")
OTHER_WORDS = {
    "increased": "rose", "increases": "raises", "decreased": "fell", "reduced": "lowered", "show": "demonstrate", "showed": "found",
    "shows": "reveals", "demonstrate": "show", "suggest": "indicate", "suggests": "indicates", "using": "with", "investigated": "studied",
    "identified": "discovered", "associated": "linked", "effect": "influence", "effects": "consequences", "important": "key",
    "novel": "new", "approach": "method", "method": "technique", "patients": "people", "mice": "mouse", "large": "big", "role": "part",
    "study": "work", "results": "outcomes", "however": "but", "including": "such", "required": "needed", "promotes": "drives",
    "provides": "gives", "disease": "illness", "cells": "cell", "proteins": "protein", "genes": "gene", "models": "model",
}  # fmt: skip


def papers(count: int, wanted: set[str]) -> list[Paper]:
    """Recorded papers with full text, those of the questions by hand among them."""
    found = [clean_paper(read_jats(d.read_bytes())) for d in sorted(CORPUS.glob("jats/*/*.xml"))]
    full = {p.doi: p for p in found if p.doi and p.abstract and p.coverage == "full_text" and len(p.text) > 10_000}
    order = sorted(full, key=lambda doi: (doi not in wanted, random.Random(doi).random()))
    return [full[doi] for doi in order[:count]]


def reworded(sentence: str, seed: str) -> str:
    """A sentence without names and numbers, in other words and another order."""
    first, *rest = sentence.split(maxsplit=1)
    words = [w.lower() for w in WORD.findall(first.lower() + " " + " ".join(rest)) if not w[0].isupper()]
    words = [OTHER_WORDS.get(word, word) for word in words]
    random.Random(seed).shuffle(words)
    return " ".join(words)


def from_abstracts(papers: list[Paper]) -> Iterator[tuple[str, str]]:
    """Two questions a paper, with its DOI."""
    for paper in papers:
        whole = [paper.abstract[a:b] for a, b in sentences(paper.abstract)]
        long = [s for s in whole if len(WORD.findall(s)) >= 12]
        for sentence in random.Random(paper.doi).sample(long, min(2, len(long))):
            yield reworded(sentence, paper.doi), paper.doi


def by_hand(papers: list[Paper]) -> list[tuple[str, str]]:
    """The questions of `questions.tsv` whose paper is among these."""
    here = {p.doi for p in papers}
    rows = [line.split("\t") for line in BY_HAND.read_text(encoding="utf-8").splitlines()]
    return [(question, doi) for doi, question in rows if doi in here]


def ranks(questions: list[tuple[str, str]], find: Callable[[str], list[str]]) -> list[int]:
    """The rank of each question's paper among the papers found, 0 where it is not."""
    out = []
    for question, doi in questions:
        found = list(dict.fromkeys(find(question)))
        out.append(found.index(doi) + 1 if doi in found else 0)
    return out


def figures(name: str, found: list[int]) -> str:
    """Recall at 1, 5 and 10 and mean reciprocal rank as a line."""
    at = [sum(0 < rank <= k for rank in found) / len(found) for k in (1, 5, 10)]
    mrr = sum(1 / rank for rank in found if rank) / len(found)
    return f"  {name:<44} {at[0]:.3f}  {at[1]:.3f}  {at[2]:.3f}  {mrr:.3f}"


class Pipeline2024:
    """Text in pieces of 1,000 characters, cut at blank lines, and the nearest vectors."""

    def __init__(self, papers: list[Paper], embedder):
        # it warns of each piece above its limit
        logging.getLogger("langchain_text_splitters").setLevel(logging.ERROR)
        splitter = CharacterTextSplitter(chunk_size=1000, chunk_overlap=0)
        pieces = [(piece, p.doi) for p in papers for piece in splitter.split_text(p.text)]
        self.dois = [doi for _, doi in pieces]
        texts = [piece for piece, _ in pieces]
        self.embedder = embedder
        self.vectors = np.concatenate([embedder.embed(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)])

    def find(self, question: str) -> list[str]:
        """DOIs of the nearest pieces."""
        scores = self.vectors @ self.embedder.embed([question])[0]
        return [self.dois[i] for i in np.argsort(-scores)[:100]]


def without_abstract(paper: Paper) -> Paper:
    """The paper without what questions are made from."""
    return clean_paper(replace(paper, abstract=""))


def library_of(folder: Path, papers: list[Paper]) -> Library:
    """A library of these papers."""
    feed = folder / "papers.jsonl"
    feed.write_bytes(b"".join(to_json(p) + b"\n" for p in papers))
    build(feed)
    return Library(feed)


def finder(library: Library, words: bool = True, vectors: bool = True) -> Callable[[str], list[str]]:
    """Papers found by a library, by words, vectors or both."""

    def find(question: str) -> list[str]:
        vector = library.vector(question) if vectors else None
        found = library.index.passages(question if words else "", vector, limit=DEPTH, one_a_paper=True)
        return [passage.chunk.doi for passage in found]

    return find


def citing(papers: list[Paper]) -> tuple[list[tuple[str, str]], list[Paper]]:
    """Sentences that cite one paper, with its key; and what is cited, each as a paper of its title."""
    cited: dict[str, Paper] = {}
    questions = []
    for paper in papers:
        titles = {r.id: r.title for r in paper.references if len(r.title.split()) > 4}
        for id, title in titles.items():
            key = f"{paper.doi}/{id}"
            section = Section("", "Title", "other", 1, [Block("paragraph", title)])
            cited[key] = Paper(doi=key, version=1, title="", sections=[section])
        for block in (b for s in paper.sections for part in s.walk() for b in part.blocks):
            questions += [(text, f"{paper.doi}/{id}") for text, id in citing_sentences(block) if id in titles]
    return random.Random(1).sample(questions, min(300, len(questions))), list(cited.values())


def citing_sentences(block: Block) -> Iterator[tuple[str, str]]:
    """Sentences of a block that cite exactly one reference, without the citation."""
    for start, end in sentences(block.text):
        inside = [c for c in block.citations if start <= c.start and c.end <= end]
        if len(inside) == 1 and len(inside[0].references) == 1 and end - start > 60:
            (c,) = inside
            yield block.text[start : c.start] + " " + block.text[c.end : end], c.references[0]


def refusals(library: Library, questions: list[str]) -> Iterator[str]:
    """How many questions by hand, and off the topic, are answered, with vectors and without, as lines."""
    groups = {"by hand": questions}
    for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines():
        part, question = line.split("\t")
        groups.setdefault(f"off topic, {part}", []).append(question)
    for name, embedder in (("words alone", None), ("words and vectors", library.embedder)):
        asked = Library(library.store.path, embedder=embedder, llm=None)
        answered = {group: sum(bool(asked.ask(q).supported) for q in given) for group, given in groups.items()}
        asked.close()
        yield f"  {name:<44} " + ", ".join(f"{group} {answered[group]} of {len(groups[group])}" for group in groups)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=60)
    count = arguments.parse_args().papers
    embedder = configured()
    if not CORPUS.is_dir() or embedder is None:
        sys.exit(f"this needs recorded documents in {CORPUS} and real vectors: set EMBEDDINGS_URL and EMBEDDINGS_MODEL")
    wanted = {line.split("\t")[0] for line in BY_HAND.read_text(encoding="utf-8").splitlines()}
    chosen = papers(count, wanted)
    stripped = [without_abstract(p) for p in chosen]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        library, old = library_of(Path(one), stripped), Pipeline2024(stripped, embedder)
        ways = {
            "pipeline of 2024": old.find,
            "words alone": finder(library, vectors=False),
            "vectors alone": finder(library, words=False),
            "words and vectors": finder(library),
        }
        print(f"{len(chosen)} papers, {library.store.count('chunks'):,} passages{'':22} r@1    r@5    r@10   MRR")
        for title, questions in (
            ("sentences in other words", list(from_abstracts(chosen))),
            ("by hand", by_hand(chosen)),
        ):
            print(f"{title}, {len(questions)} questions")
            for name, find in ways.items():
                print(figures(name, ranks(questions, find)), flush=True)
        print("questions answered")
        print(*refusals(library, [question for question, _ in by_hand(chosen)]), sep="\n", flush=True)
        print("sentences of a language model that lies, and is told to by every paragraph")
        with tempfile.TemporaryDirectory() as third:
            print(*lies(Path(third), stripped, [question for question, _ in by_hand(chosen)]), sep="\n", flush=True)
        questions, cited = citing(chosen)
        print(f"citing sentences, {len(questions)} of them, {len(cited):,} cited papers")
        titles = library_of(Path(other), cited)
        for name, given in (
            ("words alone", {"vectors": False}),
            ("vectors alone", {"words": False}),
            ("words and vectors", {}),
        ):
            print(figures(name, ranks(questions, finder(titles, **given))), flush=True)


if __name__ == "__main__":
    main()
