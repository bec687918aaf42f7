"""Two documents of one version agree: invented ones, and the exact pairs among the recorded ones."""

from collections import Counter
from pathlib import Path

import pytest

from biorxivist.differences import compare
from biorxivist.items import Paper
from biorxivist.readers.jats import read_jats
from biorxivist.readers.merge import with_landing
from biorxivist.readers.page import read_landing, read_page
from biorxivist.text import clean_paper
from tests.test_pages import FOLDERS, PAGES, paper

# what a kind of document does not have, or has in another form, by the mark-up of the servers
LACKS = {
    "jats-meca": {"first_posted", "posted"},
    "page": {"received", "first_posted", "keyword", "award", "supplement"},
    "europepmc": {"received", "first_posted", "category", "article_type", "statement", "award", "table", "formula", "mention"},
    "landing": {"received", "posted", "first_posted", "coverage", "keyword", "supplement", "section", "figure", "table", "reference", "formula"},
}  # fmt: skip


def differences(one: Paper, other: Paper, kind: str) -> list[tuple[str, str]]:
    """Parts that differ though both kinds of document have them."""
    return [(d.part, d.name) for d in compare(one, other) if d.part not in LACKS[kind]]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = text.split()
    return Counter(zip(*(words[n:] for n in range(4)), strict=False))


def likeness(one: str, other: str) -> float:
    """F of the runs of four words in the one against those in the other."""
    first, second = shingles(one), shingles(other)
    return 2 * (first & second).total() / (first.total() + second.total())


def counts(paper: Paper) -> dict[str, int]:
    lists = ("authors", "affiliations", "figures", "tables", "formulas", "references", "footnotes", "mentions")
    blocks = [block for section in flat(paper.sections) for block in section.blocks]
    return {name: len(getattr(paper, name)) for name in lists} | {
        "blocks": len(blocks),
        "citations": sum(len(block.citations) for block in blocks),
        "cited": sum(len(citation.references) for block in blocks for citation in block.citations),
    }


def flat(sections):
    for section in sections:
        yield section
        yield from flat(section.sections)


# --- invented ---------------------------------------------------------------------------------------------------------

WITH_TEXT = [folder for folder in FOLDERS if (PAGES / folder / "page.html").exists()]


def both_pages(folder: str) -> Paper:
    page, landing = ((PAGES / folder / name).read_bytes() for name in ("page.html", "landing.html"))
    return clean_paper(with_landing(read_page(page), read_landing(landing)))


@pytest.mark.parametrize("folder", WITH_TEXT)
def test_both_dialects_of_jats(folder):
    site, meca = paper(folder, "jats-site"), paper(folder, "jats-meca")
    assert (site.text, counts(site)) == (meca.text, counts(meca))
    assert differences(site, meca, "jats-meca") == []


@pytest.mark.parametrize("folder", WITH_TEXT)
def test_pages_and_jats(folder):
    site, page = paper(folder, "jats-site"), both_pages(folder)
    assert site.text == page.text
    # members of a collective, and the headings of empty sections and of notes, are not on the pages
    members = sum(bool(a.group and a.surname) for a in site.authors)
    expected = counts(site)
    expected["authors"] -= members
    assert counts(page) == expected
    found = [(part, name) for part, name in differences(site, page, "page") if "Summary of Updates" not in name]
    assert found == [("author", "")] * members + [("section", "Supplementary material")] * bool(site.supplements)


@pytest.mark.parametrize("folder", WITH_TEXT)
def test_europe_pmc_and_jats(folder):
    site, other = paper(folder, "jats-site"), paper(folder, "europepmc")
    assert likeness(*(without_formulas(p.text) for p in (site, other))) >= 0.99
    # it has display formulas as TeX where the site has pictures
    assert [d for d in compare(site, other) if d.part == "section" and "$$" not in d.new] == []
    assert [part for part, _ in differences(site, other, "europepmc") if part != "section"] == []


def without_formulas(text: str) -> str:
    parts = text.split("$$")
    return "[formula]".join(parts[::2])


# --- recorded ---------------------------------------------------------------------------------------------------------


def test_the_recorded_full_text(corpus: Path):
    jats = clean_paper(read_jats((corpus / "jats/site/289876v1.xml").read_bytes()))
    page, landing = ((corpus / f"html/{kind}/289876v1.html").read_bytes() for kind in ("fulltext", "landing"))
    page = clean_paper(with_landing(read_page(page), read_landing(landing)))
    assert counts(page) == counts(jats)
    assert likeness(page.text, jats.text) >= 0.99
    assert differences(jats, page, "page") == [("section", "Supporting information")]


LANDINGS = ["289876", "2021.10.20.21265300", "2021.10.21.21265133", "2021.10.21.21265289", "2021.10.21.21265354", "2021.10.22.21265401"]  # fmt: skip


@pytest.mark.parametrize("name", LANDINGS)
def test_the_recorded_landing_pages(corpus: Path, name: str):
    (document,) = corpus.glob(f"jats/*/{name}v1.xml")
    jats = clean_paper(read_jats(document.read_bytes()))
    landing = clean_paper(read_landing((corpus / f"html/landing/{name}v1.html").read_bytes()))
    assert likeness(landing.abstract, jats.abstract) >= 0.99
    assert (landing.title, len(landing.authors), len(landing.affiliations)) == (
        jats.title,
        len(jats.authors),
        len(jats.affiliations),
    )
    # medRxiv's JATS has the availability of data in its back matter
    found = [d for d in differences(jats, landing, "landing") if d != ("statement", "Data Availability")]
    assert [d for d in found if d[0] != "mention"] == []
