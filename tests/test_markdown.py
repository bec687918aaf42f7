"""Markdown, read back by a parser of CommonMark."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from biorxivist.items import Block, Citation, Figure, Formula, Paper, Reference, Section, Supplement, Table
from biorxivist.markdown.inline import cited, inline, line, link
from biorxivist.markdown.paper import file_name, to_markdown
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper
from tests.test_citations import PAPER as CITED
from tests.test_pages import PAGES

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def rendered(text: str) -> str:
    """What a reader of the Markdown sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", PARSER.render(text))).strip()


HOSTILE = [
    "# not a heading", "- not an item", "1. not an item", "2) nor this", "> not a quote", "a *star* and _under_ and `code`", "[not](a-link)",
    "![not](a-picture)", "<script>alert(1)</script>", "<b>bold</b> &lt; &#65; & b", "a | b", "\\* \\ *", "~~gone~~", "===", "---", "+ plus",
    "gp_120 at 5 < 6 > 4", "costs $5 and $10", "a  \nb", "https://example.org/a_b_c?d=e. And", "see (https://example.org/x), or", "!", "![",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_text_is_markup(text):
    assert rendered(line(text)) == " ".join(text.split())


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co"]), max_size=40)
    | st.text(alphabet="*_`[]()<>#!|~\\&-+.1 a:/=", max_size=40)
)
def test_any_text_is_seen_as_it_is(text):
    text = " ".join(text.replace("$", "").replace("^{", "").replace("_{", "").split())
    assert rendered(line(text)) == text


def test_formulas_and_raised_text_stay_readable():
    assert (
        inline("R2d2^{HC} at $\\alpha_1 < 5$ and x_{i*j}")
        == "R2d2<sup>HC</sup> at $\\alpha_1 < 5$ and x<sub>i\\*j</sub>"
    )


def test_citations_lead_to_their_references():
    text = "As seen [4–6] by Lind (2019)."
    citations = [Citation(21, 25, ["none"]), Citation(9, 12, ["c4", "c5"])]
    assert cited(text, citations, {"c4": "ref-4", "c5": "ref-5"}) == "As seen \\[[4–6](#ref-4)\\] by Lind (2019)."


def test_only_addresses_of_the_web_are_links():
    assert link("a", "https://example.org/(x)") == "[a](https://example.org/%28x%29)"
    for address in ("javascript:alert(1)", "file:///etc/passwd", "F1.jpg", "https://a b", "https://a\n)[x](y"):
        assert link("a", address) == "a"


PAPER = replace(
    CITED,
    sections=[
        Section("", "Results", "results", 1, [
            Block("paragraph", "Seen before [1].", citations=[Citation(13, 14, ["r1"])]),
            Block("figure", id="F1"),
            Block("list", "- first\n2. second [1]", citations=[Citation(19, 20, ["r1"])]),
            Block("formula", "$$x = 1$$", id="E1"),
            Block("formula", "[formula]", id="E2"),
            Block("code", "a = `b`\n```"),
            Block("quote", "It is so.\n\nIs it?"),
        ], [Section("", "Counts", "other", 2, [Block("table", id="T1")]), Section("", "Empty")]),
    ],
    statements=[Section("", "Funding", "funding", 1, [Block("paragraph", "None.")])],
    footnotes=["A note."],
    figures=[Figure("F1", "Figure 1", "Counts.", "a, All.\n\nb, Some.", "https://example.org/F1.jpg"), Figure("F9", "Figure 9", "", "Not placed.")],
    tables=[Table("T1", "Table 1", "", "Counts.", "https://example.org/T1.jpg", [["g|p", "n"], ["*", "5"], ["short"]], ["n, mice"])],
    formulas=[Formula("E1", tex="x = 1"), Formula("E2", "(2)", image_url="https://example.org/E2.gif")],
    references=[
        Reference("r1", "1.", "Lind A. Counting. https://doi.org/10.1000/ABC", "10.1000/abc", "123"),
        Reference("r2", doi="10.1000/def", title="On mice", authors=["Okafor B"], year="2019"),
    ],
    supplements=[Supplement("s", "File S1", "Counts", "https://example.org/s1.csv"), Supplement("t", "", "More", "s2.csv")],
)  # fmt: skip


def test_a_paper_is_one_text():
    body = to_markdown(PAPER).partition("\n---\n\n")[2]
    assert body.partition("## Results")[2] == """

Seen before \\[[1](#ref-1)\\].

![Figure 1](https://example.org/F1.jpg)

**Figure 1 Counts.** a, All.

b, Some.

- first
2. second \\[[1](#ref-1)\\]

$$x = 1$$

![(2)](https://example.org/E2.gif)

````
a = `b`
```
````

> It is so.
>
> Is it?

### Counts

**Table 1** Counts.

| g\\|p | n |
| --- | --- |
| \\* | 5 |
| short |  |

n, mice

## Figures and tables

**Figure 9** Not placed.

## Funding

None.

## Notes

- A note.

## Supplementary files

- [File S1](https://example.org/s1.csv) Counts
- More

## References

- <a id="ref-1"></a>1. Lind A. Counting. [10.1000/ABC](https://doi.org/10.1000/abc) [PMID 123](https://pubmed.ncbi.nlm.nih.gov/123/)
- <a id="ref-2"></a>Okafor B. On mice. 2019 [10.1000/def](https://doi.org/10.1000/def)
"""  # fmt: skip


def test_front_matter_is_yaml():
    hostile = 'A: "title" # with\ttab, \x85 and --- and {braces}'
    paper = replace(PAPER, title=hostile, keywords=["yes", "no: 1", "- x", "2026-01-01"])
    front = yaml.safe_load(to_markdown(paper).split("---\n")[1])
    assert front == {
        "title": hostile, "author": ["Zoë Ångström", "Jean-Luc de la Tour", "王小明", "Cells and Tissues, a Consortium"], "date": "2026-02-05",
        "doi": PAPER.doi, "version": 2, "server": "biorxiv", "url": PAPER.url, "license": "CC-BY-4.0",
        "keywords": ["yes", "no: 1", "- x", "2026-01-01"], "published_doi": "10.1000/abc_d", "coverage": "metadata",
        "citation_key": "angstrom2026biorxiv700001v2",
    }  # fmt: skip


@given(st.text(max_size=200), st.integers(0, 99))
def test_a_file_name_is_a_name_and_no_path(doi, version):
    name = file_name(Paper(doi=doi, version=version))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.md", name)
    assert Path("md", name).resolve().parent == Path("md").resolve()


def test_file_names_tell_papers_apart():
    names = [
        file_name(Paper(doi=d, version=v))
        for d in ("10.1101/1.2", "10.1101/a/b", "10.1101/a_b", "../x", "..%x", "")
        for v in (1, 2)
    ]
    assert len(set(names)) == 12
    assert names[0] == "10.1101_1.2v1.md"


@pytest.mark.parametrize("document", sorted(PAGES.glob("*/*.xml")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_document_reads_as_its_text(document):
    paper = clean_paper(read_jats(document.read_bytes()))
    seen = " ".join(rendered(to_markdown(paper).partition("\n---\n\n")[2]).split())
    for section in paper.sections:
        for block in section.blocks:
            if block.kind == "paragraph" and "$" not in block.text and "{" not in block.text:
                assert " ".join(block.text.split()) in seen
