"""Invented papers of the size of real ones: 8 authors, 50 references cited in the text, 30 passages."""

import random
from collections.abc import Iterator

from biorxivist.items import Affiliation, Author, Award, Block, Citation, Paper, Reference, Section, Version

AUTHORS, REFERENCES, PASSAGES = 8, 50, 30
SENTENCE = "Cells of line {} were kept at rest for {} days before they were asked anything at all [{}]. "
FILLER = "Nothing else was done to them, and nobody can say whether they noticed it or whether it mattered to them in any way. "
KINDS = ("introduction", "results", "results", "discussion", "methods")


def bench_papers(count: int, whole: bool = True, seed: int = 1) -> Iterator[Paper]:
    """Papers that share authors, institutions and works as real ones do; without people and references if not `whole`."""
    random_ = random.Random(seed)
    for number in range(count):
        doi = f"10.1101/2024.{1 + number // 28 % 12:02}.{1 + number % 28:02}.{500000 + number}"
        paper = Paper(
            doi=doi,
            version=1,
            server="biorxiv",
            url=f"https://www.biorxiv.org/content/{doi}v1",
            title=f"What cells of line {number} do when nothing happens",
            abstract=(SENTENCE.format(number, 3, 1) + FILLER * 6).strip(),
            posted="2024-01-01",
            first_posted="2024-01-01",
            category=f"category {number % 25}",
            license="CC-BY-4.0",
            versions=[Version(1, "2024-01-01", f"What cells of line {number} do when nothing happens")],
            sections=list(sections(number, whole)),
            coverage="full_text",
            source="jats",
            fetched="2024-02-01T00:00:00+00:00",
        )
        if whole:
            add_people(paper, random_, number)
            paper.references = [reference(random_, n) for n in range(REFERENCES)]
        yield paper


def sections(number: int, cited: bool) -> Iterator[Section]:
    # the abstract is the first passage; a paragraph of about 900 characters is one
    rest = PASSAGES - 1
    for place, kind in enumerate(KINDS):
        size = rest // (len(KINDS) - place)
        rest -= size
        blocks = [paragraph(number, place * 6 + n, cited) for n in range(size)]
        yield Section(f"s{place}", kind.title(), kind, blocks=blocks)


def paragraph(number: int, place: int, cited: bool) -> Block:
    text = ""
    citations = []
    for n in range(2):
        id = (place * 2 + n) % REFERENCES
        text += SENTENCE.format(number, place, id)
        if cited:
            end = text.rindex("]") + 1
            citations.append(Citation(text.rindex("["), end, [f"r{id}"]))
        text += FILLER * 3
    return Block("paragraph", text.strip(), citations=citations)


def add_people(paper: Paper, random_: random.Random, number: int) -> None:
    places = random_.sample(range(4000), 3)
    paper.affiliations = [Affiliation(f"a{n}", f"Department {n} of Rest, University {n} of Elsewhere, Atlantis", f"University {n} of Elsewhere", "Atlantis") for n in places]  # fmt: skip
    for n in range(AUTHORS):
        person = random_.randrange(40000)
        orcid = f"0000-0001-{person // 10000:04}-{person % 10000:04}" if n % 3 == 0 else ""
        paper.authors.append(Author(f"Given{person} Family{person}", f"Given{person}", f"Family{person}", orcid, n == 0, [f"a{places[n % 3]}"]))  # fmt: skip
    paper.awards = [Award(f"Fund {number % 300}", "", f"R-{number}")]


def reference(random_: random.Random, n: int) -> Reference:
    # a few works are cited by many
    work = int(random_.random() ** 3 * 300_000)
    title = f"On the rest of cells of line {work} and what it does to the observer of them"
    doi = f"10.9999/work.{work}" if work % 3 else ""
    return Reference(f"r{n}", str(n), f"Family{work % 900} G, Other O ({1990 + work % 34}) {title}. Annals of Rest {work % 60}:{n}", doi, "", title, [f"Family{work % 900} G", "Other O"], "Annals of Rest", str(1990 + work % 34))  # fmt: skip
