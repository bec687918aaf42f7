"""The files in `papers/`: one paper each, a head in TOML and a body in the notation of `markup`."""

import functools
import tomllib
from dataclasses import replace
from pathlib import Path

from tests.site.definitions import Author, Caption, Formula, Paper, Posting

PAPERS = Path(__file__).with_name("papers")


@functools.cache
def papers() -> dict[str, Paper]:
    """All invented papers by DOI, in the order of their files."""
    found = [load(path) for path in sorted(PAPERS.glob("*.md"))]
    return {paper.doi: paper for paper in found}


def load(path: Path) -> Paper:
    """The paper of a file."""
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    data = tomllib.loads(head)
    body = body.strip() or (PAPERS / "skeletons" / f"{data.pop('skeleton')}.md").read_text(encoding="utf-8")
    data.pop("skeleton", None)
    if isinstance(data["abstract"], str):
        data["abstract"] = [["", data["abstract"]]]
    for name, kind in (("figures", Caption), ("tables", Caption), ("formulas", Formula), ("versions", Posting)):
        data[name] = [kind(**entry) for entry in data.get(name, [])]
    data["authors"] = [Author(*entry) for entry in data["authors"]]
    return Paper(slug=path.stem, body=body, **data)


def multiplied(count: int) -> dict[str, Paper]:
    """The papers, and under invented DOIs as many copies as make `count` papers."""
    originals = list(papers().values())
    found = dict(papers())
    for number in range(max(0, count - len(originals))):
        original = originals[number % len(originals)]
        head, _, tail = original.doi.rpartition("." if "." in original.id else "/")
        separator = "." if "." in original.id else "/"
        doi = f"{head}{separator}{(int(tail) + 1 + number // len(originals)) % 10 ** len(tail):0{len(tail)}}"
        if doi not in found:
            found[doi] = replace(original, doi=doi)
    return found


def texts(count: int) -> dict[str, bool]:
    """The papers that Europe PMC lists, and whether a full text of them exists."""
    listed = {doi: paper for doi, paper in multiplied(count).items() if paper.europepmc != "none"}
    return {
        doi: not paper.withdrawn and (paper.document(len(paper.versions)).has_text or paper.europepmc == "full")
        for doi, paper in listed.items()
    }
