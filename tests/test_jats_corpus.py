"""The JATS reader on recorded documents: counts and identifiers, checked against their mark-up by eye."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from biorxivist.items import Paper, Section
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper

# doi, version, server, posted, received, category, article type, licence; then counts
FACTS: dict[str, tuple[tuple, dict]] = {
    "site/289876v1.xml": (
        ("10.1101/289876", 1, "biorxiv", "2018-03-28", "2018-03-28", "ecology", "new results", "CC-BY-NC-4.0"),
        {
            "authors": 5, "byline": 5, "affiliations": 2, "corresponding": 1, "orcids": 0, "last": "Rossi", "sections": 20, "deepest": 3, "kinds": "acknowledgements conclusion discussion introduction methods results supplementary",
            "figures": 5, "tables": 1, "formulas": 0, "supplements": 1, "citations": 113, "references": 76, "dois": 4,
            "first_doi": "10.1094/php-2007-1004-01-br", "statements": "", "footnotes": 0, "keywords": 5, "coverage": "full_text",
        },
    ),
    "site/211557v1.xml": (
        ("10.1101/211557", 1, "biorxiv", "2017-10-30", "2017-10-30", "evolutionary biology", "new results", "CC-BY-4.0"),
        {
            "authors": 3, "byline": 3, "affiliations": 4, "corresponding": 0, "orcids": 0, "last": "Desai", "sections": 47, "deepest": 3, "kinds": "acknowledgements appendix introduction",
            "figures": 7, "tables": 0, "formulas": 509, "supplements": 0, "citations": 96, "references": 51, "dois": 0,
            "first_doi": "", "statements": "", "footnotes": 0, "keywords": 0, "coverage": "full_text",
        },
    ),
    "site/016840v18.xml": (
        ("10.1101/016840", 18, "biorxiv", "2015-11-13", "2015-03-20", "developmental biology", "new results", "CC-BY-4.0"),
        {
            "authors": 1, "byline": 1, "affiliations": 1, "corresponding": 1, "orcids": 1, "last": "Veloso", "sections": 50, "deepest": 2, "kinds": "acknowledgements conclusion discussion introduction methods results supplementary",
            "figures": 9, "tables": 15, "formulas": 86, "supplements": 0, "citations": 99, "references": 76, "dois": 0,
            "first_doi": "", "statements": "", "footnotes": 0, "keywords": 0, "coverage": "full_text",
        },
    ),
    "site/000851v1.xml": (
        ("10.1101/000851", 1, "biorxiv", "2013-11-22", "2013-11-22", "bioinformatics", "contradictory results", "CC-BY-ND-3.0"),
        {
            "authors": 2, "byline": 2, "affiliations": 1, "corresponding": 0, "orcids": 0, "last": "Gingeras", "sections": 10, "deepest": 2, "kinds": "",
            "figures": 2, "tables": 4, "formulas": 0, "supplements": 0, "citations": 5, "references": 3, "dois": 0,
            "first_doi": "", "statements": "", "footnotes": 0, "keywords": 0, "coverage": "full_text",
        },
    ),
    "site/2021.06.18.448859v4.xml": (
        ("10.1101/2021.06.18.448859", 4, "biorxiv", "2021-10-27", "2021-06-18", "developmental biology", "new results", "CC-BY-NC-ND-4.0"),
        {
            "authors": 9, "byline": 9, "affiliations": 2, "corresponding": 1, "orcids": 7, "last": "Patton", "sections": 0, "deepest": 0, "kinds": "",
            "figures": 0, "tables": 0, "formulas": 0, "supplements": 7, "citations": 0, "references": 0, "dois": 0,
            "first_doi": "", "statements": "competing-interests other", "footnotes": 0, "keywords": 0, "coverage": "abstract",
        },
    ),
    "site/405621v1.xml": (
        ("10.1101/405621", 1, "biorxiv", "2018-08-31", "2018-08-31", "paleontology", "new results", "CC-BY-4.0"),
        {
            "authors": 4, "byline": 4, "affiliations": 3, "corresponding": 0, "orcids": 4, "last": "Butler", "sections": 29, "deepest": 2, "kinds": "author-contributions competing-interests conclusion data-availability discussion ethics funding introduction methods results",
            "figures": 13, "tables": 5, "formulas": 1, "supplements": 0, "citations": 385, "references": 177, "dois": 0,
            "first_doi": "", "statements": "", "footnotes": 0, "keywords": 6, "coverage": "full_text",
        },
    ),
    "site/191296v7.xml": (
        ("10.1101/191296", 7, "biorxiv", "2020-10-19", "2017-09-21", "systems biology", "new results", "CC-BY-NC-ND-4.0"),
        {
            "authors": 22, "byline": 22, "affiliations": 4, "corresponding": 1, "orcids": 2, "last": "Shapiro", "sections": 51, "deepest": 3, "kinds": "acknowledgements competing-interests data-availability funding methods supplementary",
            "figures": 8, "tables": 0, "formulas": 0, "supplements": 11, "citations": 59, "references": 70, "dois": 0,
            "first_doi": "", "statements": "competing-interests other", "footnotes": 1, "keywords": 0, "coverage": "full_text",
        },
    ),
    "site/381814v2.xml": (
        ("10.1101/381814", 2, "biorxiv", "2019-02-05", "2018-07-31", "bioinformatics", "new results", "CC-BY-4.0"),
        {
            "authors": 11, "byline": 11, "affiliations": 1, "corresponding": 0, "orcids": 1, "last": "Grant", "sections": 12, "deepest": 3, "kinds": "discussion introduction methods results",
            "figures": 8, "tables": 9, "formulas": 51, "supplements": 0, "citations": 7, "references": 8, "dois": 2,
            "first_doi": "10.1093/bioinformatics/bty471", "statements": "", "footnotes": 1, "keywords": 0, "coverage": "full_text",
        },
    ),
    "no-body/2020.09.08.288423v2.xml": (
        ("10.1101/2020.09.08.288423", 2, "biorxiv", "2021-10-28", "2020-09-08", "evolutionary biology", "new results", "CC-BY-NC-ND-4.0"),
        {
            "authors": 3, "byline": 3, "affiliations": 2, "corresponding": 1, "orcids": 2, "last": "Murray", "sections": 0, "deepest": 0, "kinds": "",
            "figures": 0, "tables": 0, "formulas": 0, "supplements": 0, "citations": 0, "references": 0, "dois": 0,
            "first_doi": "", "statements": "competing-interests", "footnotes": 0, "keywords": 0, "coverage": "abstract",
        },
    ),
    "meca/2020.11.30.20241000v1.xml": (
        ("10.1101/2020.11.30.20241000", 1, "medrxiv", "", "2020-11-30", "genetic and genomic medicine", "", "CC-BY-NC-ND-4.0"),
        {
            "authors": 33, "byline": 15, "affiliations": 32, "corresponding": 1, "orcids": 1, "last": "Zhou", "sections": 23, "deepest": 2, "kinds": "acknowledgements author-contributions competing-interests data-availability discussion ethics funding introduction methods results supplementary",
            "figures": 6, "tables": 1, "formulas": 0, "supplements": 1, "citations": 73, "references": 72, "dois": 0,
            "first_doi": "", "statements": "competing-interests funding ethics", "footnotes": 0, "keywords": 5, "coverage": "full_text",
        },
    ),
    "meca/2022.11.20.516954v1.xml": (
        ("10.1101/2022.11.20.516954", 1, "biorxiv", "", "2022-11-20", "evolutionary biology", "new results", "CC-BY-4.0"),
        {
            "authors": 3, "byline": 3, "affiliations": 3, "corresponding": 1, "orcids": 3, "last": "Takahashi", "sections": 26, "deepest": 3, "kinds": "acknowledgements competing-interests discussion funding introduction methods results supplementary",
            "figures": 9, "tables": 0, "formulas": 4, "supplements": 0, "citations": 120, "references": 80, "dois": 66,
            "first_doi": "10.1093/oso/9780198743156.001.0001", "statements": "competing-interests", "footnotes": 0, "keywords": 4, "coverage": "full_text",
        },
    ),
    "meca/2021.02.19.21252066v1.xml": (
        ("10.1101/2021.02.19.21252066", 1, "medrxiv", "", "2021-02-19", "cardiovascular medicine", "", "CC-BY-NC-ND-4.0"),
        {
            "authors": 1, "byline": 1, "affiliations": 1, "corresponding": 1, "orcids": 0, "last": "", "sections": 22, "deepest": 2, "kinds": "data-availability discussion ethics funding introduction methods results supplementary",
            "figures": 3, "tables": 1, "formulas": 0, "supplements": 2, "citations": 31, "references": 40, "dois": 33,
            "first_doi": "10.1016/j.jacc.2017.11.006", "statements": "competing-interests other funding ethics", "footnotes": 0, "keywords": 4, "coverage": "full_text",
        },
    ),
    "meca/2021.10.20.21265300v1.xml": (
        ("10.1101/2021.10.20.21265300", 1, "medrxiv", "", "2021-10-20", "nephrology", "", "CC-BY-NC-ND-4.0"),
        {
            "authors": 10, "byline": 10, "affiliations": 2, "corresponding": 1, "orcids": 2, "last": "Rodrigues", "sections": 10, "deepest": 2, "kinds": "acknowledgements conclusion data-availability discussion introduction methods results",
            "figures": 2, "tables": 4, "formulas": 0, "supplements": 0, "citations": 35, "references": 22, "dois": 0,
            "first_doi": "", "statements": "competing-interests funding ethics", "footnotes": 0, "keywords": 4, "coverage": "full_text",
        },
    ),
    "meca/2023.12.30.573694v2.xml": (
        ("10.1101/2023.12.30.573694", 2, "biorxiv", "", "2023-12-30", "neuroscience", "new results", "CC-BY-4.0"),
        {
            "authors": 1, "byline": 1, "affiliations": 1, "corresponding": 1, "orcids": 1, "last": "Huber", "sections": 23, "deepest": 2, "kinds": "acknowledgements conclusion discussion introduction methods results",
            "figures": 14, "tables": 0, "formulas": 6, "supplements": 0, "citations": 132, "references": 98, "dois": 11,
            "first_doi": "10.1073/pnas.1209918109", "statements": "competing-interests other data-availability data-availability", "footnotes": 0, "keywords": 0, "coverage": "full_text",
        },
    ),
}  # fmt: skip

ADDRESS = re.compile(r"[\w.-]+@[\w-]+\.[a-z]{2,}")


def flat(sections: list[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from flat(section.sections)


def read(path: Path) -> Paper:
    return clean_paper(read_jats(path.read_bytes()))


@pytest.mark.parametrize("name", FACTS)
def test_identity(corpus: Path, name: str):
    p = read(corpus / "jats" / name)
    found = (p.doi, p.version, p.server, p.posted, p.received, p.category, p.article_type, p.license)
    assert found == FACTS[name][0]


@pytest.mark.parametrize("name", FACTS)
def test_counts(corpus: Path, name: str):
    p = read(corpus / "jats" / name)
    sections = list(flat(p.sections))
    assert FACTS[name][1] == {
        "authors": len(p.authors),
        "byline": sum(not (a.group and a.surname) for a in p.authors),
        "affiliations": len(p.affiliations),
        "corresponding": sum(a.corresponding for a in p.authors),
        "orcids": sum(bool(a.orcid) for a in p.authors),
        "last": p.authors[-1].surname,
        "sections": len(sections),
        "deepest": max([s.level for s in sections], default=0),
        "kinds": " ".join(sorted({s.kind for s in p.sections} - {"other"})),
        "figures": len(p.figures),
        "tables": len(p.tables),
        "formulas": len(p.formulas),
        "supplements": len(p.supplements),
        "citations": sum(len(b.citations) for s in sections for b in s.blocks),
        "references": len(p.references),
        "dois": sum(bool(r.doi) for r in p.references),
        "first_doi": next((r.doi for r in p.references if r.doi), ""),
        "statements": " ".join(s.kind for s in p.statements),
        "footnotes": len(p.footnotes),
        "keywords": len(p.keywords),
        "coverage": p.coverage,
    }


def test_a_picture_has_the_address_that_the_page_gives(corpus: Path):
    p = read(corpus / "jats" / "site" / "289876v1.xml")
    folder = "https://www.biorxiv.org/content/biorxiv/early/2018/03/28/289876"
    assert [f.image_url for f in p.figures] == [f"{folder}/F{n}.large.jpg" for n in range(1, 6)]


@pytest.mark.parametrize("folder", ["site", "meca", "no-body"])
def test_every_document_hangs_together(corpus: Path, folder: str):
    for path in sorted((corpus / "jats" / folder).glob("*.xml")):
        p = read(path)
        assert p.doi, path
        assert p.version, path
        assert p.posted or folder == "meca", path
        assert p.title, path
        assert p.authors, path
        assert p.license.startswith("CC"), path
        ids = [x.id for x in [*p.figures, *p.tables, *p.formulas]]
        assert len(ids) == len(set(ids)), path
        blocks = [b for s in flat(p.sections) for b in s.blocks]
        placed = [b.id for b in blocks if b.kind in ("figure", "table")]
        assert sorted(placed) == sorted(x.id for x in [*p.figures, *p.tables]), path
        references = {r.id for r in p.references}
        for block in blocks:
            for c in block.citations:
                assert block.text[c.start : c.end].strip(), path
                assert references.issuperset(c.references), path
        known = {a.id for a in p.affiliations}
        assert all(known.issuperset(a.affiliations) for a in p.authors), path
        assert not ADDRESS.search(str([getattr(p, name) for name in Paper.__dataclass_fields__])), path
