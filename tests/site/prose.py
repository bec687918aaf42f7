"""Invented prose: sentences and references made from word lists, the same on every run."""

import functools
import hashlib
import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
SLOT = re.compile(r"<(\w+)>")


def number(seed: str, low: int, high: int) -> int:
    """A number that the seed alone decides."""
    return low + int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") % (high - low + 1)


def paragraphs(paper, kind: str, count: int, version: int) -> list[str]:
    """Paragraphs for a section of a kind; the last one of results and discussion changes with the version."""
    found = []
    for index in range(count):
        changes = version > 1 and index == count - 1 and kind in ("results", "discussion")
        seed = f"{paper.slug}/{kind}/{index}" + (f"/{version}" if changes else "")
        found.append(_paragraph(paper, kind, random.Random(seed)))
    return found


def _paragraph(paper, kind: str, rng: random.Random) -> str:
    templates = WORDS["sentences"][kind]
    chosen = rng.sample(templates, min(len(templates), rng.randint(4, 6)))
    return " ".join(_filled(template, paper, rng) for template in chosen)


def _filled(template: str, paper, rng: random.Random) -> str:
    text = SLOT.sub(lambda m: _slot(m[1], paper, rng), template)
    return text[0].upper() + text[1:]


def _slot(name: str, paper, rng: random.Random) -> str:
    if name == "cite":
        return _citation(paper.references, rng)
    if name == "n":
        return str(rng.randint(3, 96))
    if name == "p":
        return f"*p* = 0.0{rng.randint(10, 49)}"
    if name == "big":
        return f"{rng.randint(1, 9)}.{rng.randint(0, 9)} × 10^{{{rng.randint(3, 9)}}}"
    return rng.choice(WORDS["topics"][paper.topic].get(name) or WORDS["common"][name])


def _citation(count: int, rng: random.Random) -> str:
    first = rng.randint(1, count)
    shape = rng.random()
    if shape < 0.5 or first > count - 3:
        return f"[@{first}]"
    return f"[@{first},{first + 2}]" if shape < 0.75 else f"[@{first}-{first + 2}]"


@dataclass
class Reference:
    """One entry of a list of references."""

    kind: str
    """`journal`, `book`, `website`, `preprint`, `thesis` or `other` (text without mark-up)."""
    authors: list[tuple[str, str]] = field(default_factory=list)
    collective: str = ""
    title: str = ""
    source: str = ""
    year: str = ""
    volume: str = ""
    first: str = ""
    last: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""


KINDS = (
    "journal",
    "journal",
    "journal",
    "book",
    "journal",
    "preprint",
    "journal",
    "website",
    "thesis",
    "journal",
    "other",
)


@functools.cache
def references(slug: str, topic: str, count: int) -> list[Reference]:
    """A list of references."""
    return [_reference(f"{slug}/ref/{n}", topic, KINDS[n % len(KINDS)]) for n in range(count)]


def _reference(seed: str, topic: str, kind: str) -> Reference:
    rng = random.Random(seed)
    names = WORDS["common"]
    people = [(rng.choice(names["surname"]), rng.choice(names["initials"])) for _ in range(rng.randint(1, 4))]
    words = WORDS["topics"][topic]
    title = f"{rng.choice(names['opening'])} {rng.choice(words['process'])} in {rng.choice(words['subject'])}"
    year = str(rng.randint(1998, 2024))
    serial = number(seed, 10_000, 99_999)
    found = Reference(kind, people, title=title, year=year)
    if kind == "journal":
        page = rng.randint(12, 900)
        found.source, found.volume = rng.choice(names["journal"]), str(rng.randint(2, 240))
        found.first, found.last = str(page), str(page + rng.randint(3, 15))
        # lists of real papers have a DOI or a PMID for a part of their entries only
        found.doi = f"10.5555/inv.{year}.{serial}" if serial % 3 else ""
        found.pmid = str(20_000_000 + serial) if serial % 4 == 0 else ""
    elif kind == "preprint":
        found.source, found.doi = "bioRxiv", f"10.1101/{serial + 100_000}"
    elif kind == "book":
        found.source, found.title = f"Principles of {rng.choice(words['process'])}", ""
    elif kind == "thesis":
        found.source = "University of Westhaven"
    elif kind == "website":
        found.authors, found.collective = [], f"The {rng.choice(names['surname'])} Project"
        found.url = f"https://example.org/{serial}"
    return found
