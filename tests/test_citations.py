"""Citations, read back by the parsers that people use."""

import io
import json
import re
import warnings
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, MonthIntMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker

from biorxivist.citations import bibtex, citation_key, csl, ris
from biorxivist.exporters import BibTex, CslJson, Ris
from biorxivist.items import Author, Paper
from biorxivist.latex import latex, latex_title
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.crawling import local_site
from tests.test_exporters import exported
from tests.test_pages import PAGES

PAPER = Paper(
    doi="10.64898/2026.01.02.700001",
    version=2,
    server="biorxiv",
    url="https://www.biorxiv.org/content/10.64898/2026.01.02.700001v2",
    title="Loss of TGF-β & 50% of mRNA_1 in Drosophila costs $5 at 10⁶ cells",
    abstract="First {paragraph}.\n\nSecond: #1, ~2, a\\b, x^{2}, R_{cell}, ${\\alpha}_1 < 5%$.",
    authors=[
        Author("Zoë Ångström", "Zoë", "Ångström"),
        Author("Jean-Luc de la Tour", "Jean-Luc", "de la Tour"),
        Author("王小明"),
        Author("Cells and Tissues, a Consortium", group="Cells and Tissues, a Consortium"),
        Author("Ada Member", "Ada", "Member", group="Cells and Tissues, a Consortium"),
    ],
    posted="2026-02-05",
    first_posted="2026-01-05",
    license="CC-BY-4.0",
    keywords=["growth factor", "R&D"],
    published_doi="10.1000/abc_d",
)  # fmt: skip
KEY = "angstrom2026biorxiv700001v2"
URL = "https://www.biorxiv.org/content/10.64898/2026.01.02.700001v2"
OTHER = Paper(doi="10.1101/123456", version=1, server="medrxiv", title="Bare", withdrawn=True)


def bib(*papers: Paper) -> str:
    return exported(BibTex, *papers).decode()


def test_bibtexparser_reads_the_entry():
    library = bibtexparser.parse_string(
        bib(PAPER, OTHER), append_middleware=[LatexDecodingMiddleware(), MonthIntMiddleware()]
    )
    assert not library.failed_blocks
    assert [(e.entry_type, e.key) for e in library.entries] == [("misc", KEY), ("misc", "anonymousmedrxiv123456v1")]
    entry = {field.key: field.value for field in library.entries[0].fields}
    assert entry["title"] == PAPER.title.replace("10⁶", "106")
    assert entry["author"].startswith("Ångström, Zoë and de la Tour, Jean-Luc and 王小明 and Cells and Tissues")
    assert "Member" not in entry["author"]
    expected = {
        "doi": PAPER.doi, "url": URL, "version": "2", "type": "preprint", "publisher": "bioRxiv", "year": "2026", "month": 2,
        "howpublished": "Preprint at bioRxiv", "license": "CC-BY-4.0", "keywords": "growth factor, R&D",
        "note": "Published in a journal: https://doi.org/10.1000/abc_d",
    }  # fmt: skip
    assert {name: entry[name] for name in expected} == expected
    assert library.entries[1]["note"] == "Withdrawn"


def test_pybtex_reads_the_people():
    entry = parse_string(bib(PAPER), "bibtex").entries[KEY]
    people = entry.persons["author"]
    assert [LatexNodes2Text().latex_to_text(" ".join(p.last_names)) for p in people] == [
        "Ångström", "Tour", "王小明", "Cells and Tissues, a Consortium",
    ]  # fmt: skip
    assert people[1].prelast_names == ["de", "la"]


def test_titles_keep_their_capitals():
    assert (
        latex_title("Loss of TGF-β in Drosophila and E. coli")
        == r"Loss of {TGF-\ensuremath{\beta}} in {Drosophila} and {E.} coli"
    )
    assert latex_title("Growth of Stem Cells Under Light by mRNA") == "Growth of Stem Cells Under Light by {mRNA}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a & b % c $ d # e _ f { g } h ~ i ^ j \\ k", r"a \& b \% c \$ d \# e \_ f \{ g \} h \textasciitilde{} i \textasciicircum{} j \textbackslash{} k"),
        ("$5 and $10", r"\$5 and \$10"),
        ("for $\\alpha_1 = 5%$ and $n$", r"for {$\alpha_1 = 5\%$} and {$n$}"),
        ("$\\frac{1$ is broken", r"\$\textbackslash{}frac\{1\$ is broken"),
        ("10⁻⁶ and R^{2x} and H₂O and x_{ij}", r"10\textsuperscript{-}\textsuperscript{6} and R\textsuperscript{2x} and H\textsubscript{2}O and x\textsubscript{ij}"),
        ("two\n\nparagraphs", "two paragraphs"),
    ],
)  # fmt: skip
def test_nothing_in_a_text_is_a_command(text, expected):
    assert latex(text) == expected


@given(st.text(max_size=60), st.text(alphabet="ab$\\{}%^_&~# ", max_size=40))
def test_any_text_makes_an_entry_that_can_be_read(title, abstract):
    paper = clean_paper(replace(PAPER, title=title, abstract=abstract, authors=[Author("x", abstract, title)]))
    entry = bibtex(paper)
    assert entry.count("{") - entry.count("\\{") == entry.count("}") - entry.count("\\}")
    library = bibtexparser.parse_string(entry)
    assert [e.key for e in library.entries] == [citation_key(paper)]
    fields = {field.key: field.value for field in library.entries[0].fields}
    LatexWalker(fields.get("title", ""), tolerant_parsing=False).get_latex_nodes()
    assert not re.search(r"[%#&]", re.sub(r"\\.", "", fields.get("abstract", "")))
    (read,) = rispy.loads(ris(paper))
    assert read["doi"] == PAPER.doi


def test_rispy_reads_the_entry():
    first, second = rispy.loads(exported(Ris, PAPER, OTHER).decode())
    assert first == {
        "type_of_reference": "UNPB", "id": KEY, "title": PAPER.title, "year": "2026", "date": "2026/02/05/", "publisher": "bioRxiv",
        "authors": ["Ångström, Zoë", "de la Tour, Jean-Luc", "王小明", "Cells and Tissues, a Consortium"],
        "name_of_database": "bioRxiv", "type_of_work": "preprint", "edition": "version 2", "doi": PAPER.doi, "urls": [URL],
        "keywords": ["growth factor", "R&D"], "abstract": " ".join(PAPER.abstract.split()),
        "notes": ["Published in a journal: https://doi.org/10.1000/abc_d", "License: CC-BY-4.0"],
    }  # fmt: skip
    assert (second["id"], second["notes"]) == ("anonymousmedrxiv123456v1", ["Withdrawn"])


def test_citeproc_sets_the_item(tmp_path):
    items = json.loads(exported(CslJson, PAPER, OTHER))
    assert items[0]["type"] == "article"
    assert items[0]["issued"] == {"date-parts": [[2026, 2, 5]]}
    assert (items[0]["genre"], items[0]["version"], items[0]["publisher"]) == ("preprint", "2", "bioRxiv")
    assert items[0]["note"] == "Published in a journal: https://doi.org/10.1000/abc_d"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        bibliography.register(Citation([CitationItem(KEY)]))
        (text,) = map(str, bibliography.bibliography())
    assert text == (
        f"Ångström, Z. et al. (2026) “{PAPER.title}”. bioRxiv. Available at: https://doi.org/10.64898/2026.01.02.700001."
    )


def test_keys_tell_versions_and_papers_apart():
    twin = replace(PAPER, doi="10.64898/2025.12.24.700001")
    papers = [PAPER, replace(PAPER, version=3), twin, PAPER]
    for text, pattern in ((bib(*papers), r"@misc\{(.+),"), (exported(Ris, *papers).decode(), "ID  - (.+)")):
        assert re.findall(pattern, text) == [KEY, "angstrom2026biorxiv700001v3", f"{KEY}-2", KEY]
    assert [item["id"] for item in json.loads(exported(CslJson, *papers))] == [
        KEY,
        "angstrom2026biorxiv700001v3",
        f"{KEY}-2",
        KEY,
    ]


def test_a_paper_that_says_little_is_cited_with_what_it_says():
    bare = Paper(doi="10.1101/2020.01.02.123456")
    assert csl(bare) == {
        "id": "anonymouspreprint123456", "type": "article", "genre": "preprint", "DOI": bare.doi, "URL": f"https://doi.org/{bare.doi}",
    }  # fmt: skip
    assert (
        citation_key(Paper(doi="10.1101/1", authors=[Author("Łukasz Sørensen", "Łukasz", "Sørensen-Groß")]))
        == "sorensengrosspreprint1"
    )
    assert bibtexparser.parse_string(bibtex(bare)).entries[0]["howpublished"] == "Preprint"


@pytest.mark.parametrize("document", sorted(PAGES.glob("*/jats-site.xml")), ids=lambda p: p.parent.name)
def test_documents_are_cited(document):
    paper = clean_paper(read_jats(document.read_bytes()))
    (entry,) = bibtexparser.parse_string(bibtex(paper), append_middleware=[LatexDecodingMiddleware()]).entries
    assert entry["doi"] == paper.doi
    assert parse_string(bibtex(paper), "bibtex").entries[entry.key].persons["author"][0].last_names


def test_a_crawl_writes_citations(tmp_path):
    (tmp_path / "site").mkdir()
    feeds = "-O", "x.ris", "-O", "x.json:csl"
    with local_site(tmp_path / "site", "--delay", "0") as site:
        run = site.crawl(tmp_path, "search", "-a", "q=monocyte", "-a", "fulltext=no", *feeds, feed="x.bib")
    assert run.status == 0, run.log
    keys = [e.key for e in bibtexparser.parse_file(run.feed).entries]
    assert len(keys) >= 2
    assert [e["id"] for e in rispy.loads((tmp_path / "x.ris").read_text())] == keys
    assert [e["id"] for e in json.load(io.BytesIO((tmp_path / "x.json").read_bytes()))] == keys
