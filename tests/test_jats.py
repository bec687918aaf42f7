"""The JATS reader on invented documents."""

import pytest

from biorxivist.items import Paper, Section
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper

DOCUMENT = """ <?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"
 xmlns:hwp="http://schema.highwire.org/Journal">
<front><journal-meta><journal-id>BIORXIV</journal-id></journal-meta><article-meta>
<article-id pub-id-type="doi">10.1101/2024.01.02.ABC</article-id>
<article-id pub-id-type="other" hwp:sub-type="pisa">biorxiv;2024.01.02.abcv2</article-id>
<article-categories><subj-group subj-group-type="heading"><subject>New Results</subject></subj-group>
<subj-group subj-group-type="hwp-journal-coll"><subject>HIV/AIDS (all of it)</subject></subj-group></article-categories>
<title-group><article-title>Uptake of CO<sub>2</sub> &amp; ferns&nbsp;at night</article-title></title-group>
<contrib-group>
<contrib contrib-type="author" corresp="yes"><contrib-id contrib-id-type="orcid">http://orcid.org/0000-0002-1825-009x</contrib-id>
<name><surname>Roe</surname><given-names>Ann B.</given-names><suffix>Jr</suffix></name><email>ann@roe.org</email>
<xref ref-type="aff" rid="a1 a2">1,2</xref></contrib>
<contrib contrib-type="author"><collab>The Fern Group<contrib-group><contrib contrib-type="author">
<name><surname>Inner</surname><given-names>Ned</given-names></name></contrib></contrib-group></collab></contrib>
<contrib contrib-type="editor"><name><surname>Not</surname><given-names>Me</given-names></name></contrib>
<aff id="a1"><label>1</label><institution-wrap><institution-id institution-id-type="ror">https://ror.org/03vek6s52</institution-id>
<institution>Fern College</institution></institution-wrap>, <country>Chile</country>; E-mail: <email>q@q.cl</email></aff>
<aff id="a2"><label>2</label>Moss Institute</aff></contrib-group>
<author-notes><corresp id="cor1">To ann@roe.org</corresp><fn fn-type="conflict"><p>None declared.</p></fn>
<fn><p>Email: ann@roe.org</p></fn><fn><label>*</label><p>Equal work.</p></fn></author-notes>
<pub-date pub-type="epub"><day>9</day><month>1</month><year>2024</year></pub-date>
<pub-date pub-type="epub-version"><day>3</day><month>11</month><year>2024</year></pub-date>
<history><date date-type="received"><day>02</day><month>1</month><year>2024</year></date></history>
<permissions><copyright-statement>© 2024, The Authors</copyright-statement>
<license xlink:href="http://creativecommons.org/licenses/by-nc/4.0/"><p>free</p></license></permissions>
<abstract><title>Abstract</title><sec><title>Aim</title><p>We look.</p></sec><sec><title>Finding</title><p>We saw.</p></sec></abstract>
<kwd-group><title>Keywords</title><kwd>ferns</kwd><kwd>CO<sub>2</sub></kwd></kwd-group>
<funding-group><award-group><funding-source><institution-wrap><institution-id>https://doi.org/10.13039/7</institution-id>
<institution>Fern Fund</institution></institution-wrap></funding-source><award-id>F1</award-id><award-id>F2</award-id></award-group></funding-group>
</article-meta><notes><notes notes-type="financial-disclosure"><title>Funding Statement</title><p>Paid.</p></notes>
<fn-group content-type="summary-of-updates"><title>Updates:</title><fn fn-type="update"><p>More ferns.</p></fn></fn-group></notes></front>
<body>%s</body><back>
<ack><title>Thanks</title><p>To all.</p></ack>
<glossary><title>Abbreviations</title><def-list><def-item><term>FF</term><def><p>fern front</p></def></def-item></def-list></glossary>
<app-group><app id="app1"><label>Appendix A</label><title>Proof</title><p>It holds.</p></app></app-group>
<ref-list><ref id="r1"><label>1</label><citation publication-type="journal"><string-name><surname>Roe</surname>, <given-names>A. B.</given-names></string-name>
<etal>et al.</etal> <article-title>Old ferns<sup>+</sup></article-title>. <source>J. Fern.</source> <volume>3</volume>, <fpage>4</fpage>–<lpage>9</lpage>
(<year>2001</year>). doi:<pub-id pub-id-type="doi">https://doi.org/10.1000/ABC(1)2.</pub-id></citation></ref>
<ref id="r2"><mixed-citation publication-type="book"><string-name><given-names>Mary Ann</given-names> <surname>Doe</surname></string-name>.
<source>The book</source>, <year>1999</year>. PMID: 123456</mixed-citation></ref>
<ref id="r3"><element-citation publication-type="journal"><person-group person-group-type="author"><name><surname>Poe</surname><given-names>EA</given-names></name>
<collab>Moss Group</collab></person-group><article-title>Moss</article-title><source>Moss J</source><year>2010</year><volume>8</volume>
<elocation-id>e77</elocation-id></element-citation></ref></ref-list></back>
<sub-article><body><p>A review that is not the paper.</p></body></sub-article></article>"""

FLOW = """<p>Loose start <xref ref-type="bibr" rid="r1 r2">1,2</xref>.</p>
<sec id="s1" sec-type="results"><label>1.</label><title>What we saw</title>
<p>Many<sup><xref ref-type="bibr" rid="r1">1</xref>–<xref ref-type="bibr" rid="r3">3</xref></sup> of 10<sup>6</sup>
(<xref ref-type="fig" rid="f1">Fig. 1</xref>)<fig id="f1" hwp:id="F1"><label>Figure 1.</label><caption><title>Ferns.</title><p>Left.</p><p>Right.</p></caption>
<graphic xlink:href="x_fig1"/></fig> were green<fn id="fn1"><label>a</label><p>Or so.</p></fn>, write to x@y.org.</p>
<p>First: <list list-type="order"><list-item><p>one</p><list list-type="bullet"><list-item><p>deep</p></list-item></list></list-item>
<list-item><label>(b)</label><p>two</p></list-item></list> then.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Counts.</p></caption><table><tr><th colspan="2">Both</th></tr>
<tr><td rowspan="2">a</td><td>10<sup>2</sup></td></tr><tr><td>c</td></tr></table><table-wrap-foot><fn><p>Rounded.</p></fn></table-wrap-foot></table-wrap>
<boxed-text><label>Box 1</label><caption><title>Moss</title></caption><p>Too.</p></boxed-text>
<disp-quote><p>Green it is.</p></disp-quote><code>x = 1
  y = 2</code><sec><title>Methods</title><p>Looking.</p></sec><p>After all.</p>
<fig id="f1"><label>Figure 2.</label></fig></sec>
<supplementary-material id="S1" hwp:id="DC1"><label>File S1</label><caption><p>Raw data</p></caption><media xlink:href="s/1.csv" hwp:id="media-1"/></supplementary-material>"""

FOLDER = "https://www.biorxiv.org/content/biorxiv/early/2024/11/03/2024.01.02.abc"


def read(body: str) -> Paper:
    return clean_paper(read_jats((DOCUMENT % body).encode()))


@pytest.fixture(scope="module")
def paper() -> Paper:
    return read(FLOW)


def test_identity(paper: Paper):
    assert (paper.doi, paper.version, paper.server, paper.source) == ("10.1101/2024.01.02.abc", 2, "biorxiv", "jats")
    assert paper.url == "https://www.biorxiv.org/content/10.1101/2024.01.02.abcv2"
    assert (paper.posted, paper.first_posted, paper.received) == ("2024-11-03", "2024-01-09", "2024-01-02")
    assert (paper.category, paper.article_type, paper.withdrawn) == ("hiv aids", "new results", False)
    assert (paper.license, paper.copyright) == ("CC-BY-NC-4.0", "© 2024, The Authors")


def test_a_document_without_a_full_date_was_posted_when_it_was_received():
    epub = '<pub-date pub-type="epub"><day>9</day><month>1</month><year>2024</year></pub-date>'
    receipt = epub.replace('"epub"', '"hwp-received"')
    document = (DOCUMENT % "").replace(
        epub, '<pub-date pub-type="epub-original"><year>2024</year></pub-date>' + receipt
    )
    version = '<pub-date pub-type="epub-version"><day>3</day><month>11</month><year>2024</year></pub-date>'
    assert version in document
    paper = read_jats(document.replace(version, "").encode())
    assert (paper.posted, paper.first_posted) == ("2024-01-09", "")


def test_title_abstract_and_keywords(paper: Paper):
    assert paper.title == "Uptake of CO₂ & ferns at night"
    assert paper.abstract == "Aim\n\nWe look.\n\nFinding\n\nWe saw."
    assert paper.keywords == ["ferns", "CO₂"]
    assert [(a.funder, a.funder_id, a.award) for a in paper.awards] == [
        ("Fern Fund", "10.13039/7", "F1"),
        ("Fern Fund", "10.13039/7", "F2"),
    ]


def test_authors(paper: Paper):
    ann, group, ned = paper.authors
    assert (ann.name, ann.given, ann.surname) == ("Ann B. Roe Jr", "Ann B.", "Roe")
    assert (ann.orcid, ann.corresponding, ann.affiliations) == ("0000-0002-1825-009X", True, ["a1", "a2"])
    assert (group.name, group.group, group.surname) == ("The Fern Group", "The Fern Group", "")
    assert (ned.name, ned.group) == ("Ned Inner", "The Fern Group")
    first, second = paper.affiliations
    assert (first.text, first.institution, first.country, first.ror) == (
        "Fern College, Chile",
        "Fern College",
        "Chile",
        "03vek6s52",
    )
    assert second.text == "Moss Institute"


def test_statements_and_footnotes(paper: Paper):
    assert [(s.kind, s.title, s.blocks[0].text) for s in paper.statements] == [
        ("funding", "Funding Statement", "Paid."),
        ("other", "Updates:", "More ferns."),
        ("competing-interests", "", "None declared."),
    ]
    assert paper.footnotes == ["Equal work.", "Or so."]


def test_no_address_survives(paper: Paper):
    assert "@" not in str([getattr(paper, name) for name in Paper.__dataclass_fields__])


def test_sections_in_reading_order(paper: Paper):
    loose, seen, thanks, glossary, appendix = paper.sections
    assert (loose.title, loose.blocks[0].text) == ("", "Loose start 1,2.")
    assert (seen.id, seen.title, seen.kind, seen.level) == ("s1", "What we saw", "results", 1)
    kinds = ["paragraph", "figure", "paragraph", "list", "paragraph", "table", "box", "quote", "code"]
    assert [b.kind for b in seen.blocks] == kinds
    methods, rest = seen.sections
    assert (methods.title, methods.kind, methods.level) == ("Methods", "methods", 2)
    assert (rest.title, [b.kind for b in rest.blocks]) == ("", ["paragraph", "figure"])
    assert (thanks.kind, thanks.title) == ("acknowledgements", "Thanks")
    assert (glossary.kind, glossary.blocks[0].text) == ("abbreviations", "FF: fern front")
    assert (appendix.kind, appendix.title) == ("appendix", "Appendix A Proof")
    assert "review" not in paper.text


def test_blocks(paper: Paper):
    texts = {b.kind: b.text for b in reversed(paper.sections[1].blocks)}
    assert texts["paragraph"] == "Many^{1–3} of 10⁶ (Fig. 1) were green, write to."
    assert texts["list"] == "1. one\n- deep\n(b) two"
    assert texts["box"] == "Box 1\n\nMoss\n\nToo."
    assert texts["code"] == "x = 1\n  y = 2"


def test_citations(paper: Paper):
    loose, seen = paper.sections[:2]
    assert [(c.start, c.end, c.references) for c in loose.blocks[0].citations] == [(12, 15, ["r1", "r2"])]
    (cited,) = seen.blocks[0].citations
    assert seen.blocks[0].text[cited.start : cited.end] == "1–3"
    assert cited.references == ["r1", "r2", "r3"]


def test_floats(paper: Paper):
    first, second = paper.figures
    assert (first.id, first.label, first.title, first.caption) == ("f1", "Figure 1.", "Ferns.", "Left.\n\nRight.")
    assert first.image_url == f"{FOLDER}/F1.large.jpg"
    assert second.id != "f1"
    assert second.label == "Figure 2."
    (table,) = paper.tables
    assert table.rows == [["Both", "Both"], ["a", "10²"], ["a", "c"]]
    assert (table.caption, table.footnotes) == ("Counts.", ["Rounded."])
    (file,) = paper.supplements
    assert (file.id, file.label, file.title) == ("S1", "File S1", "Raw data")
    assert file.url == f"{FOLDER}/DC1/embed/media-1.csv"


def test_references(paper: Paper):
    old, book, moss = paper.references
    assert (old.label, old.doi, old.authors, old.title) == ("1", "10.1000/abc(1)2", ["Roe AB"], "Old ferns⁺")
    assert (old.source, old.volume, old.pages, old.year) == ("J. Fern.", "3", "4-9", "2001")
    assert old.text.startswith("Roe, A. B. et al. Old ferns⁺.")
    assert (book.title, book.authors, book.pmid) == ("The book", ["Doe MA"], "123456")
    assert (moss.authors, moss.pages, moss.text) == (
        ["Poe EA", "Moss Group"],
        "e77",
        "Poe EA, Moss Group. Moss. Moss J. 2010;8:e77.",
    )


@pytest.mark.parametrize(
    ("markup", "text", "tex"),
    [
        ("<tex-math><![CDATA[\\documentclass{m}\\begin{document}$$a & b$$\\end{document}]]></tex-math>", "$$a & b$$", "a & b"),
        ("<mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac></mml:math>", r"$$\frac{a}{b}$$", r"\frac{a}{b}"),
        ('<alternatives><graphic xlink:href="e1.gif"/></alternatives>', "[formula]", ""),
        ("<mml:math><mml:mfrac><mml:mi>a</mml:mi></mml:mfrac></mml:math>", "[formula]", ""),
    ],
)  # fmt: skip
def test_display_formulas(markup: str, text: str, tex: str):
    formula = f'<disp-formula id="e1"><label>(1)</label>{markup}</disp-formula>'
    alone, inside = read(f"{formula}<p>So {formula.replace('e1', 'e2')} holds.</p>").sections[0].blocks
    assert (alone.kind, alone.id, alone.text) == ("formula", "e1", text)
    assert (inside.kind, inside.text) == ("paragraph", f"So {text} holds.")
    first, second = read(f"{formula}<p>{formula.replace('e1', 'e2')}</p>").formulas
    assert (first.id, first.label, first.tex, second.id) == ("e1", "(1)", tex, "e2")


def test_inline_formulas():
    math = "<inline-formula><mml:math><mml:mi>α</mml:mi></mml:math></inline-formula>"
    picture = '<inline-formula hwp:id="inline-1"><inline-graphic xlink:href="i.gif" hwp:id="inline-graphic-1"/></inline-formula>'
    paper = read(f"<p>Let {math} be {picture}.</p>")
    assert paper.sections[0].blocks[0].text == r"Let $\alpha$ be [formula]."
    assert [f.image_url for f in paper.formulas] == [f"{FOLDER}/embed/inline-graphic-1.gif"]


@pytest.mark.parametrize(
    ("versions", "version"),
    [("1.3", 3), ("4.1", 4), ("1.1", 1), ("2", 2), ("preprint", 0)],
)
def test_version_of_a_document_without_pisa(versions: str, version: int):
    front = f"<front><article-meta><article-version>{versions}</article-version></article-meta></front>"
    assert read_jats(f"<article>{front}</article>".encode()).version == version


def test_front_only_and_floats_group():
    front = "<front><article-meta><abstract><p>Short.</p></abstract></article-meta></front>"
    assert clean_paper(read_jats(f"<article>{front}</article>".encode())).coverage == "abstract"
    floats = "<body/><floats-group><fig id='f'><caption><p>Late.</p></caption></fig></floats-group>"
    paper = clean_paper(read_jats(f"<article>{front}{floats}</article>".encode()))
    assert paper.text == "Short.\n\nLate."


def test_section_without_text_keeps_its_heading_out_of_the_text():
    sections = read("<sec><title>Empty</title><supplementary-material><label>S</label></supplementary-material></sec>")
    assert isinstance(sections.sections[0], Section)
    assert "Empty" not in sections.text
