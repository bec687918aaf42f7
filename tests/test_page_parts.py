"""The full-text page: figures, tables, formulas, references and citations."""

import pytest

from biorxivist.items import Citation
from tests.invented_pages import (
    ABSTRACT,
    ENTRY,
    FIGURE,
    LAZY,
    TABLE,
    blocks,
    cite,
    read,
    references,
    section,
)

# --- floats and formulas ----------------------------------------------------------------------------------------------


def test_figures_and_tables_stand_where_the_page_puts_them():
    paper = read(ABSTRACT + section("Results", f"<p>One.</p>{FIGURE}<p>Two.</p>{TABLE}"))
    assert [(b.kind, b.id) for b in paper.sections[0].blocks] == [
        ("paragraph", ""),
        ("figure", "F1"),
        ("paragraph", ""),
        ("table", "T1"),
    ]
    figure, table = paper.figures[0], paper.tables[0]
    assert (figure.label, figure.title, figure.caption) == (
        "Figure 1.",
        "A pot.",
        "Seen from above.\n\nSeen from below.",
    )
    assert figure.image_url == "https://x.org/F1.large.jpg"
    assert (table.label, table.caption, table.rows) == ("Table 1.", "Lids by weight.", [])
    assert table.image_url == "https://www.biorxiv.org/content/biorxiv/early/2021/03/05/2021.03.04.433999/T1.large.jpg"
    assert paper.text.split("\n\n")[2:] == [
        "One.", "Figure 1. A pot.", "Seen from above.", "Seen from below.", "Two.", "Table 1.", "Lids by weight.",
    ]  # fmt: skip


def test_a_float_inside_a_paragraph_or_an_item_follows_it():
    # what a script builds nests where a parser would not
    found = blocks(f"<ul class='list-unord'><li>clay {FIGURE}</li></ul><p>After.</p>")
    assert [(b.kind, b.text, b.id) for b in found] == [
        ("list", "- clay", ""),
        ("figure", "", "F1"),
        ("paragraph", "After.", ""),
    ]


def test_floats_with_the_same_id_are_told_apart():
    paper = read(ABSTRACT + section("Results", FIGURE + FIGURE + FIGURE.replace(' id="F1"', "")))
    assert len({f.id for f in paper.figures}) == 3
    assert [b.id for b in paper.sections[0].blocks] == [f.id for f in paper.figures]


def test_formulas_are_pictures_that_keep_their_place():
    content = (
        f'<p>Let <span class="inline-formula" id="inline-formula-1">{LAZY.format("i-1")}</span> be, then'
        f'<span class="disp-formula" id="disp-formula-1">{LAZY.format("g-1")}\n\n</span>holds.</p>'
        f'<span class="disp-formula" id="disp-formula-2">{LAZY.format("g-2")}<span class="disp-formula-label">(2)</span></span>'
        f'<p><span class="disp-formula" id="disp-formula-3">{LAZY.format("g-3")}</span></p>'
    )
    paper = read(ABSTRACT + section("Results", content))
    assert [(b.kind, b.text, b.id) for b in paper.sections[0].blocks] == [
        ("paragraph", "Let [formula] be, then [formula] holds.", ""),
        ("formula", "[formula]", "disp-formula-2"),
        ("formula", "[formula]", "disp-formula-3"),
    ]
    assert [(f.id, f.label, f.image_url) for f in paper.formulas] == [
        ("inline-formula-1", "", "https://x.org/embed/i-1.gif"),
        ("disp-formula-1", "", "https://x.org/embed/g-1.gif"),
        ("disp-formula-2", "(2)", "https://x.org/embed/g-2.gif"),
        ("disp-formula-3", "", "https://x.org/embed/g-3.gif"),
    ]


def test_mathml_becomes_tex():
    # no recorded page has any; what a browser gives may
    math = "<math><mi>x</mi><mo>=</mo><mn>2</mn></math>"
    content = f'<p>Let <span class="inline-formula">{math}</span> and {math}.</p><span class="disp-formula" id="d1">{math}</span>'
    paper = read(ABSTRACT + section("Results", content))
    assert [b.text for b in paper.sections[0].blocks] == ["Let $x = 2$ and $x = 2$.", "$$x = 2$$"]
    assert [(f.id, f.tex) for f in paper.formulas] == [("d1", "x = 2")]


# --- references -------------------------------------------------------------------------------------------------------


def test_a_reference_has_its_fields():
    found = read(ABSTRACT + references(ENTRY)).references[0]
    assert (found.id, found.label) == ("ref-1", "1.")
    assert found.text == "Quill, A. B., and Teapot Consortium (2019). On CO₂ in pots. J. Pots 7: 12–19."
    assert found.authors == ["Quill AB", "Teapot Consortium"]
    assert (found.title, found.source, found.year, found.volume, found.pages) == (
        "On CO₂ in pots",
        "J. Pots",
        "2019",
        "7",
        "12-19",
    )


@pytest.mark.parametrize(
    ("old", "new", "doi", "pmid"),
    [
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="10.1000/A.B(7)"', "10.1000/a.b(7)", ""),
        (
            'href="{openurl}?x"',
            'href="/lookup/external-ref?access_num=10.1000%2FPOT.1&amp;link_type=DOI"',
            "10.1000/pot.1",
            "",
        ),
        (
            'href="{openurl}?x"',
            'href="/lookup/external-ref?access_num=123456&amp;link_type=MED&amp;atom=x"',
            "",
            "123456",
        ),
        ("</cite>", "doi: 10.1000/pot.2.</cite>", "10.1000/pot.2", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="https://doi.org/10.1000/pot.3"', "10.1000/pot.3", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="doi: 10.1000/pot.4"', "10.1000/pot.4", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="10.1000/pot.5. Published online 4 May 2002"', "10.1000/pot.5", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="10.1000/s1- 2002-0159"', "10.1000/s1-2002-0159", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="10.1000/s2&amp;ndash;01"', "10.1000/s2-01", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="0944-2006/01/103"', "", ""),
        ('id="cit-x.1"', 'id="cit-x.1" data-doi="10.1000/pots/"', "", ""),
        ("</cite>", "doi: 10.1000/j. pots.2002</cite>", "", ""),
        ("</cite>", '<span class="cit-pub-id cit-pub-id-pmid">777</span></cite>', "", "777"),
    ],
)
def test_identifiers_of_a_reference_come_from_wherever_the_page_has_them(old, new, doi, pmid):
    found = read(ABSTRACT + references("A pot.").replace(old, new)).references[0]
    assert (found.doi, found.pmid) == (doi, pmid)


def test_references_without_ids_labels_or_mark_up_are_still_counted():
    items = '<li><div class="cit ref-cit ref-web" id="cit-x.1"><div class="cit-metadata unstructured">A page.</div></div></li><li>Bare</li><li></li>'
    found = read(ABSTRACT + f'<div class="section ref-list"><ol class="cit-list">{items}</ol></div>').references
    assert [(r.id, r.label, r.text) for r in found] == [
        ("ref-1", "1", "A page."),
        ("ref-2", "2", "Bare"),
        ("ref-3", "3", ""),
    ]


def test_citations_know_their_place_and_ranges_are_expanded():
    view = references(*("A" for _ in range(6)))
    block = blocks(
        f"<p>Pots <em>boil</em> [{cite(1)}–{cite(3)}, {cite(5)}] and sing <sup>{cite(2)}-{cite(4)}</sup>.</p>", view
    )[0]
    assert [(block.text[c.start : c.end], c.references) for c in block.citations] == [
        ("1–3", ["ref-1", "ref-2", "ref-3"]), ("5", ["ref-5"]), ("²⁻⁴", ["ref-2", "ref-3", "ref-4"]),
    ]  # fmt: skip


def test_a_citation_of_nothing_in_the_list_is_only_text():
    block = blocks(f"<p>See {cite(9)}, {cite(1)}.</p>", references("A"))[0]
    assert (block.text, block.citations) == ("See 9, 1.", [Citation(7, 8, ["ref-1"])])


@pytest.mark.parametrize(
    ("year", "expected"),
    [("(1976)", "1976"), ("2019)", "2019"), ("(2006", "2006"), ("2014a", "2014a"), ("n.d.", "n.d.")],
)
def test_a_year_has_no_brackets(year, expected):
    entry = f'Quill A <span class="cit-pub-date">{year}</span> <span class="cit-article-title">A pot</span>.'
    assert read(ABSTRACT + references(entry)).references[0].year == expected


def test_authors_are_names_without_what_joins_them():
    names = "".join(
        f'<span class="cit-auth"><span class="cit-name-surname">{surname}</span>, <span class="cit-name-given-names">{given}</span></span>, '
        for surname, given in (
            ("Quill", "A."),
            ("& Reed", "T."),
            ("… van Pot", "L. M."),
            ("and Lid", "J."),
            ("Anders", "K."),
        )
    )
    entry = (
        names
        + '<span class="cit-auth">et al.</span> <span class="cit-auth cit-collab">–</span> <span class="cit-article-title">A pot</span>.'
    )
    assert read(ABSTRACT + references(entry)).references[0].authors == [
        "Quill A",
        "Reed T",
        "van Pot LM",
        "Lid J",
        "Anders K",
    ]


def test_fields_of_a_reference_may_stand_in_other_elements():
    entry = (
        '<span class="cit-auth"><span class="cit-name-surname">Quill</span></span>. <em><abbr class="cit-jnl-abbrev">J. Pots</abbr></em> '
        '<otherinfo>(6), <span class="cit-fpage">473</span>–<span class="cit-lpage">80</span></otherinfo>.'
    )
    found = read(ABSTRACT + references(entry)).references[0]
    assert (found.source, found.pages) == ("J. Pots", "473-80")
    assert found.text == "Quill. J. Pots (6), 473–80."


def test_names_that_stand_before_an_entry_belong_to_it():
    editors = (
        '<ol class="{}"><li><span class="{}"><span class="cit-name-surname">Quill</span> <span class="cit-name-given-names">AB</span>'
        '</span>, </li><li><span class="{}"><span class="cit-name-surname">Reed</span> <span class="cit-name-given-names">T</span></span></li></ol>'
    )
    entry = '<cite>, eds. <span class="cit-pub-date">2014</span>. <span class="cit-source">On pots</span>.</cite>'
    one = references("X").replace("<cite>X</cite>", editors.format("cit-ed-list", "cit-ed", "cit-ed") + entry)
    two = references("X").replace("<cite>X</cite>", editors.format("cit-auth-list", "cit-auth", "cit-auth") + entry)
    copy = references("X").replace(
        "<cite>X</cite>", editors.format("duplicate", "cit-ed", "cit-ed") + "<cite>A pot.</cite>"
    )
    found = [read(ABSTRACT + view).references[0] for view in (one, two, copy)]
    assert [f.text for f in found] == ["Quill AB, Reed T, eds. 2014. On pots."] * 2 + ["A pot."]
    assert [f.authors for f in found] == [[], ["Quill AB", "Reed T"], []]


def test_an_entry_of_several_works_has_all_their_text_and_the_fields_of_the_first():
    second = '<div class="cit ref-cit ref-book" id="cit-x.2" data-doi="10.1000/2"><div class="cit-metadata"><cite>Repr. in: <span class="cit-source">Lids</span>.</cite></div></div>'
    view = references(ENTRY).replace("</div></div></li>", f"</div></div>{second}</li>")
    found = read(ABSTRACT + view).references
    assert [(f.source, f.doi, f.year) for f in found] == [("J. Pots", "", "2019")]
    assert (
        found[0].text == "Quill, A. B., and Teapot Consortium (2019). On CO₂ in pots. J. Pots 7: 12–19. Repr. in: Lids."
    )
