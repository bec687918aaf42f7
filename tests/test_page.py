"""The full-text page: what it is of, its sections and its running text."""

import pytest

from biorxivist.items import Affiliation, Author
from tests.invented_pages import (
    ABSTRACT,
    AUTHORS,
    DOI,
    FIGURE,
    POPUPS,
    TOP,
    blocks,
    cite,
    read,
    references,
    section,
)

# --- front ------------------------------------------------------------------------------------------------------------


def test_a_page_tells_which_paper_it_is_of():
    paper = read(ABSTRACT + section("Results", "<p>Text.</p>"))
    assert (paper.doi, paper.version, paper.server) == (DOI, 2, "biorxiv")
    assert paper.url == f"https://www.biorxiv.org/content/{DOI}v2"
    assert (paper.posted, paper.first_posted) == ("2021-03-05", "")
    assert (paper.article_type, paper.license, paper.withdrawn) == ("new results", "CC-BY-4.0", False)
    assert paper.copyright == "© 2021, Posted by Cold Spring Harbor Laboratory"
    assert (paper.title, paper.source, paper.coverage) == ("The boiling of teapots at 10² degrees", "page", "full_text")


def test_authors_come_from_the_byline_and_its_pop_ups():
    paper = read(ABSTRACT)
    assert paper.authors == [
        Author("Ada B. Quill", "Ada B.", "Quill", "0000-0001-2345-678X", True, ["aff1"]),
        Author("Tom Reed Jr.", "Tom", "Reed", "", False, ["aff1", "aff2"]),
        Author("Teapot Consortium", group="Teapot Consortium"),
    ]
    assert paper.affiliations == [
        Affiliation("aff1", "Kettle Institute, Spouton, Utopia", "Kettle Institute", "Utopia"),
        Affiliation("aff2", "Lid Laboratory"),
    ]


def test_a_name_that_is_not_marked_up_is_its_words():
    link = '<a href="http://orcid.org/0000-0001-2345-678X"><span class="title element-invisible">View ORCID Profile</span></a>'
    byline = f'<span class="highwire-citation-author" data-delta="0">{link}Ada Quill</span>'
    assert read(ABSTRACT, top=TOP.replace(AUTHORS, byline)).authors[0].name == "Ada Quill"


@pytest.mark.parametrize(
    "around",
    [
        "{}; <a>ada{{at}}kettle.org</a>",
        "{}. E-mail: ada@kettle.org",
        "{}. Emails: ada@kettle.org and tom@kettle.org",
        "{} &lt;ada@kettle.org&gt;",
        "{} ( ada@kettle.org, tom@kettle.org )",
        "<span class='nlm-sup'>1</span><span class='nlm-sup'>†</span>{}, Electronic address: ada@kettle.org.",
    ],
)
def test_an_affiliation_has_no_label_and_nothing_of_an_address(around):
    text = "<span class='nlm-institution'>Kettle Institute</span>, 2 Spout St, <span class='nlm-country'>Utopia</span>"
    popups = f"""<div class="author-tooltip-0"><div class='author-affiliation'>{around.format(text)}</div></div>"""
    paper = read(ABSTRACT, top=TOP.replace(POPUPS, popups))
    assert paper.affiliations == [
        Affiliation("aff1", "Kettle Institute, 2 Spout St, Utopia", "Kettle Institute", "Utopia")
    ]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("E-mail addresses of the other authors: {}, {}", []),
        ("Email: {}, Email: {}", []),
        ("<strong>Author details</strong> AEP: {}</p><p>MH: {}", []),
        ("Ask Tom Reed: {}", ["Ask Tom Reed:"]),
    ],
)
def test_a_footnote_of_addresses_is_none(note, expected):
    address = '<span class="em-link"><span class="em-addr">ada{at}kettle.org</span></span>'
    group = f'<div class="section fn-group"><ul><li class="fn-other" id="fn-1"><p>{note.format(address, address)}</p></li></ul></div>'
    assert read(ABSTRACT + group).footnotes == expected


def test_without_a_byline_the_meta_tags_tell_the_authors():
    paper = read(ABSTRACT, top="<h1>No byline</h1>")
    assert [a.name for a in paper.authors] == ["Ada B. Quill", "Tom Reed"]
    assert [a.affiliations for a in paper.authors] == [["aff1"], ["aff1", "aff2"]]
    assert (paper.authors[0].orcid, paper.authors[0].corresponding) == ("0000-0001-2345-678X", True)
    assert [a.text for a in paper.affiliations] == ["Kettle Institute", "Lid Laboratory"]
    assert paper.title == "The boiling of teapots"


def test_headings_of_a_structured_abstract_are_paragraphs_and_its_own_heading_is_left_out():
    view = """<div class="section abstract" id="abstract-1"><h2>A<span class="sc">bstract</span></h2>
    <div id="sec-1" class="subsection"><p id="p-1"><strong>Background</strong> Pots <em>boil</em>.</p></div>
    <div id="sec-2" class="subsection"><h3>Findings</h3><p>They <strong>do</strong> not sing.</p></div>
    <p><strong>Pots</strong> in bold are no heading.</p></div>"""
    assert read(view).abstract.split("\n\n") == [
        "Background", "Pots boil.", "Findings", "They do not sing.", "Pots in bold are no heading.",
    ]  # fmt: skip


# --- sections ---------------------------------------------------------------------------------------------------------


def test_sections_nest_and_what_follows_a_nested_one_stays_behind_it():
    view = section(
        "2. Materials and Methods",
        '<p>First.</p><div id="sec-2" class="subsection"><h3>Pots</h3><p>Clay.</p><div class="section" id="sec-3"><h4>Lids</h4><p>Tin.</p></div></div>'
        "<p>Last.</p>Loose.",
    )
    methods = read(ABSTRACT + view).sections[0]
    assert (methods.id, methods.title, methods.kind, methods.level) == (
        "sec-1",
        "2. Materials and Methods",
        "methods",
        1,
    )
    pots, rest = methods.sections
    assert (pots.title, pots.level, pots.sections[0].title, pots.sections[0].level) == ("Pots", 2, "Lids", 3)
    assert (rest.title, rest.kind, [b.text for b in rest.blocks]) == ("", "methods", ["Last.", "Loose."])
    text = read(ABSTRACT + view).text
    assert text.split("\n\n")[1:] == [
        "2. Materials and Methods",
        "First.",
        "Pots",
        "Clay.",
        "Lids",
        "Tin.",
        "Last.",
        "Loose.",
    ]


def test_a_body_without_sections_is_a_section_without_a_title():
    paper = read(
        ABSTRACT
        + "<p>One.</p><p>Two.</p>"
        + section("Acknowledgements", "<p>Thanks.</p>", classes="section ack")
        + FIGURE
    )
    assert [(s.title, s.kind, s.level, len(s.blocks)) for s in paper.sections] == [
        ("", "other", 1, 2), ("Acknowledgements", "acknowledgements", 1, 1), ("", "other", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("classes", "title", "kind"),
    [
        ("section ack", "Thanks", "acknowledgements"),
        ("section app", "More pots", "appendix"),
        ("section glossary", "Words", "abbreviations"),
        ("section data-availability", "Where it is", "data-availability"),
        ("section COI-statement", "Interests", "competing-interests"),
        ("subsection supplementary-materials", "", "supplementary"),
        ("section", "Conclusions", "conclusion"),
    ],
)
def test_the_class_of_back_matter_tells_its_kind(classes, title, kind):
    found = read(ABSTRACT + section(title, "<p>Text.</p>", classes=classes)).sections[0]
    assert (found.title, found.kind) == (title, kind)


def test_references_footnotes_and_abstract_are_no_sections():
    notes = (
        '<div class="section fn-group"><h2>Footnotes</h2><ul><li class="fn" id="fn-1"><p><a class="rev-xref" href="#x">↵</a><span class="fn-label">¶</span>'
        ' Both poured.</p></li><li class="fn-other"><p><span class="em-link"><span class="em-addr">ada{at}kettle.org</span></span></p></li></ul></div>'
    )
    paper = read(ABSTRACT + section("Results", "<p>Text.</p>") + notes + references("A"))
    assert [s.title for s in paper.sections] == ["Results"]
    assert paper.footnotes == ["Both poured."]
    assert "kettle.org" not in repr(paper)


# --- running text -----------------------------------------------------------------------------------------------------


def test_words_stay_whole_in_inline_mark_up():
    text = blocks(
        "<p>anti<em>micro</em>bial 10<sup>6</sup> CO<sub>2</sub>, <strong>x</strong><sub>max</sub> and C<sub>in/out</sub></p>"
    )[0].text
    assert text == "antimicrobial 10⁶ CO₂, xₘₐₓ and C_{in/out}"


def test_indentation_inside_inline_mark_up_changes_no_word():
    text = blocks("<p>\n   Pots of\n   <em>\n    clay\n   </em>\n   (\n   <a class='xref-fig' href='#F1'>\n    Fig 1\n   </a>\n   ), 10\n   <sup>\n    6\n   </sup>\n   .\n  </p>")[0].text  # fmt: skip
    assert text == "Pots of clay (Fig 1), 10 ⁶."


def test_addresses_are_not_kept():
    text = blocks(
        '<p>Write to <span class="em-link"><span class="em-addr">ada{at}kettle.org</span></span> or tom@lid.org soon.</p>'
    )[0].text
    assert text == "Write to or soon."


def test_lists_are_one_block_with_a_line_for_each_item():
    content = """<ul class="list-unord " id="l"><li><p>clay</p></li><li><p>tin</p><p>or iron</p></li></ul>
    <ol class="list-ord "><li><p>fill</p><ol class="list-alphalower "><li><p>half</p></li><li><p>full</p></li></ol></li><li><p>boil</p></li></ol>
    <ul class="list-simple "><li><p><span class="list-label">* </span>pour</p></li><li><p>drink</p></li></ul>
    <dl><dt>QTL<span class="def-item-dt-sep"></span></dt><dd>quite tall lid</dd></dl>"""
    found = blocks(content)
    assert [b.kind for b in found] == ["list"] * 4
    assert [b.text for b in found] == [
        "- clay\n- tin\nor iron", "1. fill\na. half\nb. full\n2. boil", "* pour\ndrink", "QTL: quite tall lid",
    ]  # fmt: skip


def test_boxes_quotes_statements_and_code():
    content = """<div class="boxed-text" id="boxed-text-1"><div class="subsection"><h3>Box 1</h3><p>Inside.</p></div></div>
    <blockquote class="disp-quote"><p>Tea!</p></blockquote>
    <div class="statement"><span class="statement-label">Lemma 1.</span> <p>Pots are round.</p><p>Lids too.</p></div>
    <pre>if pot:
    pour()</pre>"""
    assert [(b.kind, b.text) for b in blocks(content)] == [
        ("box", "Box 1\n\nInside."), ("quote", "Tea!"), ("paragraph", "Lemma 1. Pots are round."), ("paragraph", "Lids too."),
        ("code", "if pot:\n    pour()"),
    ]  # fmt: skip


def test_a_quotation_in_a_paragraph_is_a_block():
    found = blocks(
        f'<p>Reed wrote: <q id="disp-quote-1">Pots <em>boil</em> {cite(1)}.</q> And <q>so</q> on {cite(1)}.</p>',
        references("A."),
    )
    assert [(b.kind, b.text, [b.text[c.start : c.end] for c in b.citations]) for b in found] == [
        ("paragraph", "Reed wrote:", []),
        ("quote", "Pots boil 1.", ["1"]),
        ("paragraph", "And so on 1.", ["1"]),
    ]


def test_cells_and_lines_are_apart_and_a_list_goes_on_counting():
    found = blocks(
        '<table><tr><th>Pot</th><td>1</td></tr></table><ol start="4" class="list-ord"><li>Four<br/>more</li><li>Five</li></ol>'
    )
    assert [b.text for b in found] == ["Pot 1", "4. Four more\n5. Five"]


def test_loose_words_are_one_paragraph():
    found = blocks(
        f"<ul class='list-unord'><li>Clay</li></ul>and <em>tin</em>, H<sub>2</sub>O {cite(1)}.<p>Next.</p>",
        references("A."),
    )
    assert [(b.kind, b.text) for b in found] == [
        ("list", "- Clay"),
        ("paragraph", "and tin, H₂O 1."),
        ("paragraph", "Next."),
    ]
    assert [(c.start, c.end, c.references) for c in found[1].citations] == [(13, 14, ["ref-1"])]


def test_footnotes_need_no_list():
    group = '<div class="section fn-group"><h2>Footnotes</h2><div class="fn"><p>Alone.</p></div><ul><li class="fn"><p>In a list.</p></li></ul><p>Loose.</p></div>'
    assert read(ABSTRACT + group).footnotes == ["Alone.", "In a list.", "Loose."]
