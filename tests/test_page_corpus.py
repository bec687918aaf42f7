"""Recorded pages: facts that were looked up in the pages themselves."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from biorxivist.items import Paper, Section
from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import read_page
from biorxivist.readers.page.landing import has_full_text, read_landing
from biorxivist.readers.page.tree import first_of_class, parse_page, words
from biorxivist.readers.strict import MalformedDocument
from biorxivist.text import clean_paper

INTERFACE = re.compile(
    r"Download (?:figure|powerpoint)|Open in new tab|View (?:inline|popup|this table)|OpenUrl|CrossRef|Embedded Image|↵|\{at\}"
)
ADDRESS = re.compile(r"[\w.-]+@[\w-]+\.\w+")


def flat(sections: list[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from flat(section.sections)


def read(corpus: Path, name: str) -> Paper:
    return clean_paper(read_page((corpus / f"html/{name}.html").read_bytes()))


# name: kinds of the sections of level 1 in order, all sections, references, figures, tables, formulas, footnotes
FACTS = {
    "fulltext/001263v1": ("IMRDA", 15, 51, 4, 1, 2, 0),
    "fulltext/030957v2": ("IMRs", 11, 82, 5, 1, 0, 0),
    "fulltext/164814v1": ("oaA", 3, 30, 3, 1, 0, 1),
    "fulltext/2020.01.20.911826v1": ("IMRDadcsAg", 30, 61, 8, 2, 9, 1),
    "fulltext/387282v3": ("IMRDsoA", 23, 126, 13, 2, 10, 1),
    "fulltext/441170v1": ("AIMRoDCpp", 22, 25, 6, 2, 0, 0),
    "fulltext/568725v1": ("IMRDaoA", 26, 101, 6, 1, 1, 0),
    "fulltext/583625v1": ("IRCaMA", 16, 334, 4, 0, 0, 0),
    "fulltext/661892v1": ("IMRDaA", 19, 79, 9, 0, 0, 0),
    "fulltext/705137v2": ("IRCMaA", 25, 96, 4, 3, 20, 3),
    "fulltext/771279v1": ("IRDgsaA", 16, 64, 8, 4, 2, 0),
    "fulltext/848101v1": ("oooCdcaA", 11, 6, 5, 0, 0, 0),
    "fulltext-reindented/2020.02.19.955567v3": ("IRDcMA", 26, 83, 5, 0, 85, 3),
    "fulltext-reindented/2020.05.26.104687v16": ("IMRoo", 6, 39, 5, 3, 1, 1),
    "fulltext-reindented/2021.10.11.21264863v2": ("IRDMdfacdsA", 41, 106, 6, 2, 0, 1),
}
LETTERS = {
    "introduction": "I", "methods": "M", "results": "R", "discussion": "D", "conclusion": "C", "acknowledgements": "A",
    "author-contributions": "a", "data-availability": "d", "competing-interests": "c", "supplementary": "s", "abbreviations": "g",
    "appendix": "p", "funding": "f", "other": "o",
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_facts(corpus, name):
    paper = read(corpus, name)
    assert (
        "".join(LETTERS[s.kind] for s in paper.sections),
        len(list(flat(paper.sections))),
        len(paper.references),
        len(paper.figures),
        len(paper.tables),
        len(paper.formulas),
        len(paper.footnotes),
    ) == FACTS[name]


def test_fields_of_references(corpus):
    first = read(corpus, "fulltext/164814v1").references[0]
    assert (first.id, first.label, first.authors, first.year, first.volume, first.pages) == (
        "ref-1",
        "1.",
        ["Rohr JR"],
        "2011",
        "26",
        "270",
    )
    assert (first.doi, first.pmid) == ("10.1016/j.tree.2011.03.002", "21481487")
    first = read(corpus, "fulltext-reindented/2020.02.19.955567v3").references[0]
    assert first.authors == ["Aldaz S", "Escudero LM", "Freeman M"]
    assert (first.source, first.pages, first.doi) == ("Nat. Commun", "1761", "10.1038/ncomms2763")
    references = read(corpus, "fulltext/848101v1").references
    assert [r.doi for r in references][:1] == ["10.1093/biosci/biu076"]


def test_ranges_of_citations(corpus):
    expected = {
        "fulltext/583625v1": ("4-6", ["ref-4", "ref-5", "ref-6"]),
        "fulltext/661892v1": ("4–7", ["ref-4", "ref-5", "ref-6", "ref-7"]),
        "fulltext/705137v2": ("1–3", ["ref-1", "ref-2", "ref-3"]),
        "fulltext-reindented/2021.10.11.21264863v2": ("1 – 4", ["ref-1", "ref-2", "ref-3", "ref-4"]),
    }
    for name, (text, references) in expected.items():
        blocks = [b for s in flat(read(corpus, name).sections) for b in s.blocks]
        ranges = [(b.text[c.start : c.end], c.references) for b in blocks for c in b.citations if len(c.references) > 1]
        assert ranges[0] == (text, references), name


def test_kinds_of_blocks(corpus):
    expected = {
        "fulltext/568725v1": {"box": 1, "figure": 6, "table": 1, "paragraph": 46},
        "fulltext/771279v1": {"quote": 1, "figure": 8, "table": 4, "paragraph": 69},
        "fulltext/387282v3": {"formula": 3, "figure": 13, "table": 2, "paragraph": 43},
        "fulltext/350009v1": {"list": 3, "figure": 4, "paragraph": 47},
    }
    for name, kinds in expected.items():
        assert Counter(b.kind for s in flat(read(corpus, name).sections) for b in s.blocks) == kinds, name


def test_every_full_text(corpus):
    paths = sorted(corpus.glob("html/fulltext*/*.html"))
    assert len(paths) == 76
    for path in paths:
        paper = read(corpus, f"{path.parent.name}/{path.stem}")
        assert (paper.coverage, paper.version) == ("full_text", int(path.stem.rpartition("v")[2])), path
        assert paper.doi == f"10.1101/{path.stem.rpartition('v')[0]}"
        assert paper.title, path
        assert paper.abstract, path
        assert paper.license.startswith("CC"), path
        assert paper.authors, path
        assert not INTERFACE.search(repr(paper)), path
        assert not ADDRESS.search(repr(paper)), path
        check_ids(paper)


def check_ids(paper: Paper) -> None:
    """Ids are unique, every block and citation points to something, and offsets hold the words of the citation."""
    floats = [f.id for f in [*paper.figures, *paper.tables, *paper.formulas]]
    references = [r.id for r in paper.references]
    assert len(set(floats)) == len(floats)
    assert len(set(references)) == len(references)
    blocks = [b for s in flat(paper.sections) for b in s.blocks]
    assert {b.id for b in blocks if b.id} <= set(floats)
    assert [b.id for b in blocks if b.kind == "figure"] == [f.id for f in paper.figures]
    assert all(f.image_url.startswith("https://www.") for f in [*paper.figures, *paper.tables, *paper.formulas])
    for block in blocks:
        for citation in block.citations:
            cited = block.text[citation.start : citation.end]
            assert cited
            assert cited == cited.strip()
            assert set(citation.references) <= set(references)


def test_every_landing_page(corpus):
    paths = sorted(corpus.glob("html/landing/*.html"))
    assert len(paths) == 46
    for path in paths:
        body = path.read_bytes()
        paper = clean_paper(read_landing(body))
        suffix, version = path.stem.rpartition("v")[::2]
        assert paper.doi.endswith(f"/{suffix}"), path
        assert paper.version == int(version), path
        assert paper.title, path
        assert paper.abstract, path
        assert paper.authors, path
        assert all(a.affiliations for a in paper.authors if not a.group), path
        assert paper.license.startswith("CC"), path
        assert paper.posted == printed_day(body), path
        assert (paper.sections, paper.coverage) == ([], "abstract")
        assert not INTERFACE.search(repr(paper)), path
        assert not ADDRESS.search(repr(paper)), path


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def printed_day(body: bytes) -> str:
    """The day behind "Posted" in the side bar."""
    month, day, year = (
        words(first_of_class(parse_page(body), "div", "pane-1"))
        .removeprefix("Posted ")
        .rstrip(".")
        .replace(",", "")
        .split()
    )
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"


def test_landing_pages_have_statements_where_the_server_prints_them(corpus):
    for path in sorted(corpus.glob("html/landing/*.html")):
        paper = read_landing(path.read_bytes())
        kinds = [s.kind for s in paper.statements]
        if paper.server == "medrxiv":
            assert {"competing-interests", "funding", "ethics", "data-availability"} <= set(kinds), path
    paper = clean_paper(read_landing((corpus / "html/landing/2026.07.01.735904v1.html").read_bytes()))
    assert [(a.funder, a.funder_id, a.award) for a in paper.awards] == [
        ("National Institutes of Health", "01cwqze88", "R01-DC004290"),
        ("National Institutes of Health", "01cwqze88", "R01-GM109086"),
        ("University of Wisconsin School of Medicine and Public Health Department of Anesthesiology", "", ""),
    ]
    assert (paper.license, paper.category, [a.orcid[-4:] for a in paper.authors][:2]) == (
        "CC-BY-NC-ND-4.0",
        "neuroscience",
        ["0381", "9935"],
    )


def test_withdrawn_papers_and_papers_without_a_full_text(corpus):
    for path in corpus.glob("html/withdrawn/*.html"):
        paper = clean_paper(read_page(path.read_bytes()))
        assert (paper.withdrawn, paper.sections, paper.coverage) == (True, [], "abstract"), path
    for path in corpus.glob("html/no-fulltext/*.html"):
        paper = clean_paper(read_page(path.read_bytes()))
        assert (paper.withdrawn, paper.sections, paper.coverage) == (False, [], "abstract"), path
        assert not has_full_text(path.read_bytes()), path
    assert all(has_full_text(p.read_bytes()) for p in corpus.glob("html/fulltext/*.html"))


def test_pages_of_no_article(corpus):
    others = [
        *corpus.glob("html/errors/*.html"),
        *corpus.glob("html/search/*.html"),
        *corpus.glob("html/listing/*.html"),
    ]
    assert len(others) == 12
    for path in others:
        for reader in (read_page, read_landing, has_full_text):
            with pytest.raises(MalformedDocument):
                reader(path.read_bytes())


# --- the same version as HTML and as JATS -----------------------------------------------------------------------------


def test_a_full_text_agrees_with_its_jats(corpus):
    page = read(corpus, "fulltext/289876v1")
    jats = clean_paper(read_jats((corpus / "jats/site/289876v1.xml").read_bytes()))
    for name in (
        "doi",
        "version",
        "server",
        "url",
        "title",
        "abstract",
        "authors",
        "posted",
        "category",
        "license",
        "copyright",
        "figures",
    ):
        assert [*map(without_ids, [getattr(page, name)])] == [*map(without_ids, [getattr(jats, name)])], name
    assert Counter(page.text.split("\n\n")) == Counter(jats.text.split("\n\n"))
    fields = ("label", "text", "title", "authors", "source", "year", "volume", "pages")
    assert [[getattr(r, f) for f in fields] for r in page.references] == [
        [getattr(r, f) for f in fields] for r in jats.references
    ]
    with_text = [[s.title for s in flat(p.sections) if s.blocks or s.sections] for p in (page, jats)]
    assert sorted(with_text[0]) == sorted(with_text[1])


@pytest.mark.parametrize("name", ["21265300", "21265133", "21265289", "21265354", "21265401"])
def test_a_landing_page_agrees_with_its_jats(corpus, name):
    path = next(corpus.glob(f"html/landing/*{name}v1.html"))
    landing = clean_paper(read_landing(path.read_bytes()))
    jats = clean_paper(read_jats((corpus / f"jats/meca/{path.stem}.xml").read_bytes()))
    for field in ("doi", "version", "server", "url", "title", "abstract", "category", "license"):
        assert getattr(landing, field) == getattr(jats, field), field
    assert [without_ids(a) for a in landing.authors] == [without_ids(a) for a in jats.authors]
    assert [s.kind for s in landing.statements if s.kind != "data-availability"] == [s.kind for s in jats.statements]


def without_ids(value):
    """A value without the ids that every document makes for itself."""
    if isinstance(value, list):
        return [without_ids(v) for v in value]
    if hasattr(value, "affiliations"):
        return (value.name, value.given, value.surname, value.orcid, value.corresponding, len(value.affiliations))
    return (value.label, value.title, value.caption, value.image_url) if hasattr(value, "caption") else value


def test_a_name_has_its_suffix(corpus):
    withdrawn = clean_paper(read_landing((corpus / "html/withdrawn/2020.07.14.195297v7.html").read_bytes()))
    found = [(a.name, a.given, a.surname) for a in withdrawn.authors if a.name.endswith("II")]
    assert found == [("Keith A. Nair II", "Keith A.", "Nair")]


def test_an_entry_of_two_works_has_both(corpus):
    (found,) = [r for r in read(corpus, "fulltext/771279v1").references if r.label == "7."]
    assert (found.doi, found.year) == ("10.1371/journal.pone.0087468", "2014")
    assert found.text.startswith("Couret J")
    assert found.text.endswith("10.3390/insects9040158")


def test_the_doi_of_a_reference_is_one(corpus):
    for path in sorted(corpus.glob("html/fulltext*/*.html")):
        for reference in read_page(path.read_bytes()).references:
            assert not reference.doi or re.fullmatch(r"10\.\d{4,9}/[!-~]*[\w>)]", reference.doi), (
                path.name,
                reference.doi,
            )
