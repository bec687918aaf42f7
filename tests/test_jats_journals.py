"""The JATS reader on structures that journals and Europe PMC use, and that the sites' own documents have rarely."""

import pytest

from biorxivist.items import Paper, Reference
from biorxivist.readers.jats import read_jats
from biorxivist.text import clean_paper

REFERENCES = "".join(
    f'<ref id="r{n}"><label>{n}</label><mixed-citation>Moss {n}</mixed-citation></ref>' for n in range(1, 6)
)


def read(body: str = "", meta: str = "", front: str = "", back: str = "", references: str = REFERENCES) -> Paper:
    names = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'
    article = (
        f"<article {names}><front><journal-meta><journal-id>medrxiv</journal-id></journal-meta><article-meta>{meta}"
        f"</article-meta>{front}</front><body>{body}</body><back>{back}<ref-list>{references}</ref-list></back></article>"
    )
    return clean_paper(read_jats(article.encode()))


def text_of(body: str) -> str:
    return read(body).sections[0].blocks[0].text


def test_a_range_whose_dash_is_raised_by_itself():
    raised = '<xref ref-type="bibr" rid="r1"><sup>1</sup></xref><sup>–</sup><xref ref-type="bibr" rid="r3"><sup>3</sup></xref>'
    (block,) = read(f"<p>Ferns{raised} grow.</p>").sections[0].blocks
    (cited,) = block.citations
    assert (block.text, cited.references) == ("Ferns¹⁻³ grow.", ["r1", "r2", "r3"])


# --- authors and affiliations -----------------------------------------------------------------------------------------


def byline(contribs: str, after: str = "") -> Paper:
    return read(meta=f"<contrib-group>{contribs}</contrib-group>{after}")


def person(surname: str, given: str, inside: str = "", kind: str = "author") -> str:
    name = f"<name><surname>{surname}</surname><given-names>{given}</given-names></name>"
    return f'<contrib contrib-type="{kind}">{name}{inside}</contrib>'


@pytest.mark.parametrize(
    ("aff", "text"),
    [
        ("<institution>Fern Lab</institution><institution>Moss University</institution><addr-line>1 Road</addr-line>"
         "<country>Chile</country>", "Fern Lab, Moss University, 1 Road, Chile"),
        ("<institution-wrap><institution>Fern Lab</institution><institution-id>https://ror.org/03vek6s52</institution-id>"
         "<institution>Moss University</institution></institution-wrap>\n<city>Arica</city>\n<country>Chile</country>",
         "Fern Lab, Moss University, Arica, Chile"),
        ("<institution>Moss University</institution>, Arica <country>Chile</country>", "Moss University, Arica Chile"),
        ("<sup>1</sup>Moss University, CO<sub>2</sub> Lab", "Moss University, CO2 Lab"),
        ("<label>1</label>Fern Lab<break/>Moss University,<break/>Chile", "Fern Lab, Moss University, Chile"),
    ],
)  # fmt: skip
def test_an_affiliation_whose_parts_no_punctuation_parts(aff: str, text: str):
    assert [a.text for a in byline("", f'<aff id="a1">{aff}</aff>').affiliations] == [text]


@pytest.mark.parametrize(
    ("kind", "id", "ror"),
    [("ror", "03vek6s52", "03vek6s52"), ("", "https://ror.org/03vek6s52", "03vek6s52"), ("grid", "grid.03vek6s52", "")],
)
def test_a_ror_id_is_known_by_its_address_or_its_type(kind: str, id: str, ror: str):
    institution = (
        f'<institution-wrap><institution-id institution-id-type="{kind}">{id}</institution-id></institution-wrap>'
    )
    assert byline("", f'<aff id="a1">{institution}Moss University</aff>').affiliations[0].ror == ror


def test_members_of_a_collective_whatever_they_are_called():
    collab = f"<collab>Fern Group<contrib-group>{person('Mem', 'Ann', kind='member')}</contrib-group></collab>"
    paper = byline(
        f'{person("Roe", "Bea")}<contrib contrib-type="group">{collab}</contrib>{person("Lab", "Cy", kind="collaborator")}'
        f"{person('Ed', 'Dan', kind='editor')}"
    )
    assert [(a.name, a.group) for a in paper.authors] == [
        ("Bea Roe", ""),
        ("Fern Group", "Fern Group"),
        ("Ann Mem", "Fern Group"),
        ("Cy Lab", "Fern Group"),
    ]


def test_one_of_a_name_in_several_scripts():
    japanese = '<name name-style="eastern"><surname>山田</surname><given-names>太郎</given-names></name>'
    western = '<name name-style="western"><surname>Yamada</surname><given-names>Taro</given-names></name>'
    groups = "<collab>Groupe</collab><collab>Group</collab>"
    paper = byline(
        f'<contrib contrib-type="author"><name-alternatives>{japanese}{western}</name-alternatives></contrib>'
        f'<contrib contrib-type="author"><collab-alternatives>{groups}</collab-alternatives></contrib>'
    )
    assert [(a.name, a.group) for a in paper.authors] == [("Taro Yamada", ""), ("Groupe", "Groupe")]
    twice = f'<ref id="r1"><element-citation><name-alternatives>{western}{japanese}</name-alternatives></element-citation></ref>'
    assert read(references=twice).references[0].authors == ["Yamada T"]


@pytest.mark.parametrize(
    ("collab", "name"),
    [
        ('Fern Group<xref ref-type="aff" rid="a1">1</xref>', "Fern Group"),
        ('Fern Group (<institution>Moss Lab</institution>)<sup><xref ref-type="aff" rid="a1">1</xref></sup>', "Fern Group (Moss Lab)"),
        ('<institution>Fern Group</institution><xref ref-type="aff" rid="a1">1</xref>', "Fern Group"),
    ],
)  # fmt: skip
def test_a_collective_with_a_pointer_to_its_affiliation(collab: str, name: str):
    affiliations = '<aff id="a1">Moss University</aff><aff id="a2">Fern College</aff>'
    (group,) = byline(f'<contrib contrib-type="author"><collab>{collab}</collab></contrib>', affiliations).authors
    assert (group.name, group.affiliations) == (name, ["a1"])


def test_a_person_beside_a_collective_is_a_person():
    (author,) = byline(person("Roe", "Ann", "<collab>Fern Group</collab>")).authors
    assert (author.name, author.group) == ("Ann Roe", "")


def test_a_note_on_the_corresponding_author_without_corresp():
    note = '<author-notes><fn id="n1" fn-type="corresp"><p>Write to Ann Roe.</p></fn></author-notes>'
    paper = byline(person("Roe", "Ann", '<xref ref-type="fn" rid="n1">*</xref>') + person("Doe", "Bea"), note)
    assert [a.corresponding for a in paper.authors] == [True, False]


# --- references -------------------------------------------------------------------------------------------------------


def reference(markup: str) -> Reference:
    return read(references=f'<ref id="r1"><label>1</label>{markup}</ref>').references[0]


@pytest.mark.parametrize("tag", ["name", "string-name"])
def test_names_that_stand_without_white_space_in_a_printed_reference(tag: str):
    names = (
        f"<{tag}><surname>Roe</surname><given-names>AB</given-names><suffix>Jr</suffix></{tag}>, "
        f"<{tag}><surname>Doe</surname><given-names>C</given-names></{tag}>"
    )
    found = reference(f"<mixed-citation>{names}. <article-title>Ferns</article-title>.</mixed-citation>")
    assert (found.text, found.authors) == ("Roe AB Jr, Doe C. Ferns.", ["Roe AB Jr", "Doe C"])


def test_a_volume_and_a_year_right_behind_the_source():
    found = reference(
        "<mixed-citation>Roe A. <source>Moss J</source><volume>8</volume>, <source>Fern</source><year>2001</year>.</mixed-citation>"
    )
    assert found.text == "Roe A. Moss J 8, Fern 2001."


def test_a_public_id_right_behind_the_last_words():
    found = reference(
        '<mixed-citation>Roe A. <source>Moss J</source>.<pub-id pub-id-type="pmid">12345678</pub-id></mixed-citation>'
    )
    assert (found.text, found.pmid) == ("Roe A. Moss J. 12345678", "12345678")


@pytest.mark.parametrize(
    ("people", "authors"),
    [
        ("<string-name><surname>Roe,</surname> <given-names>A. B.</given-names></string-name>", ["Roe AB"]),
        ("<string-name>…<surname>…Roe</surname> <given-names>A</given-names></string-name>", ["Roe A"]),
        ("<string-name><surname>Roe</surname> <given-names>A</given-names></string-name> <string-name><surname>et al.</surname></string-name>", ["Roe A"]),
        ("<collab>Fern Group, et al</collab> <collab>(</collab> <collab>).</collab>", ["Fern Group"]),
        ("<collab>WHO</collab>", ["WHO"]),
    ],
)  # fmt: skip
def test_authors_of_a_reference_are_names_alone(people: str, authors: list[str]):
    assert reference(f"<mixed-citation>{people} <year>2001</year></mixed-citation>").authors == authors


@pytest.mark.parametrize(
    ("markup", "doi"),
    [
        ("doi: 10.1002/(SICI)1097-0258(1998)17:15/16&lt;1661::AID-SIM968&gt;3.0.CO;2-2.", "10.1002/(sici)1097-0258(1998)17:15/16<1661::aid-sim968>3.0.co;2-2"),
        ('<pub-id pub-id-type="doi">10.1002/(SICI)1&lt;1::AID-2&gt;3.0.CO;2-2</pub-id>', "10.1002/(sici)1<1::aid-2>3.0.co;2-2"),
        ('<ext-link xlink:href="https://doi.org/10.1016/S0140%2820%2930183-5">link</ext-link>', "10.1016/s0140(20)30183-5"),
        ('<ext-link ext-link-type="doi" xlink:href="10.1016/j.fern.2010.01">link</ext-link>', "10.1016/j.fern.2010.01"),
        ("see &lt;10.1000/fern1&gt;", "10.1000/fern1"),
    ],
)  # fmt: skip
def test_dois_however_written(markup: str, doi: str):
    assert reference(f"<mixed-citation>Roe A. Ferns. {markup}</mixed-citation>").doi == doi


def test_pubmed_id_of_an_old_address():
    address = "http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&amp;db=PubMed&amp;list_uids=12345678&amp;dopt=Abstract"
    found = reference(f'<mixed-citation>Roe <ext-link xlink:href="{address}">x</ext-link></mixed-citation>')
    assert found.pmid == "12345678"


def test_a_reference_without_punctuation_tells_all_that_it_has():
    found = reference(
        '<element-citation publication-type="web"><person-group><collab>Fern Office</collab></person-group>'
        "<article-title>Why ferns?</article-title><conf-name>Fern Days</conf-name><publisher-name>Moss Press</publisher-name><year>2020</year>"
        '<ext-link xlink:href="https://fern.example/why">https://fern.example/why</ext-link></element-citation>'
    )
    assert found.text == "Fern Office. Why ferns? Fern Days. Moss Press. 2020. https://fern.example/why."
    assert found.source == "Fern Days"


def test_several_citations_in_one_entry_with_labels_of_their_own():
    found = reference(
        "<mixed-citation><label>a</label>Roe A, <source>Moss</source>.</mixed-citation>"
        "<mixed-citation><label>b</label>Doe B, <source>Fern</source>.</mixed-citation>"
    )
    assert (found.label, found.text) == ("1", "a Roe A, Moss. b Doe B, Fern.")


# --- body and back matter ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<label>(1)</label><italic>E</italic> = mc<sup>2</sup>", "E = mc²"),
        ("<mml:math><mml:mfrac><mml:mi>a</mml:mi></mml:mfrac></mml:math>", "[formula]"),
    ],
)
def test_a_display_formula_that_is_printed_as_text(formula: str, text: str):
    alone, inside = (
        read(f"<disp-formula>{formula}</disp-formula><p>So <disp-formula>{formula}</disp-formula>.</p>")
        .sections[0]
        .blocks
    )
    assert (alone.kind, alone.text, inside.text) == ("formula", text, f"So {text}.")


def test_an_inline_formula_that_is_printed_as_text():
    assert text_of("<p>Let <inline-formula><italic>x</italic><sub>i</sub></inline-formula> be.</p>") == "Let xᵢ be."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>fern</p><p>moss</p>", "fern\nmoss"),
        ("fern<break/>moss", "fern moss"),
        ('<list list-type="bullet"><list-item><p>fern</p></list-item><list-item><p>moss</p></list-item></list>', "- fern\n- moss"),
    ],
)  # fmt: skip
def test_a_cell_of_several_paragraphs(cell: str, text: str):
    (table,) = read(f"<table-wrap><table><tr><td>{cell}</td></tr></table></table-wrap>").tables
    assert table.rows == [[text]]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<def-list><def-item><term>FF</term><def><p>fern front</p><p>or so</p></def></def-item></def-list>", "FF: fern front\nor so"),
        ("<p>So <array><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></array>.</p>", "So\na b\nc d."),
        ('<p>Before<fig id="f"><label>Figure 1</label></fig>after.</p>', "Before after."),
    ],
)  # fmt: skip
def test_nothing_is_glued(markup: str, text: str):
    assert text_of(markup) == text


def test_questions_and_other_groups_of_paragraphs():
    question = (
        "<question-wrap><question><label>1</label><p>Why?</p></question><answer><p>So.</p></answer></question-wrap>"
    )
    assert [b.text for b in read(question).sections[0].blocks] == ["1", "Why?", "So."]


def test_a_supplement_whose_file_has_the_caption():
    media = '<media xlink:href="1.csv"><label>File 1</label><caption><p>Counts.</p></caption></media>'
    inline = '<inline-supplementary-material xlink:href="2.csv">Table S2</inline-supplementary-material>'
    paper = read(f'<p>See {inline}.</p><supplementary-material id="s1">{media}</supplementary-material>')
    assert [(s.label, s.title, s.url) for s in paper.supplements] == [
        ("Table S2", "", "2.csv"),
        ("File 1", "Counts.", "1.csv"),
    ]
    assert paper.text == "See Table S2."


def test_a_caption_of_several_titles():
    caption = "<caption><title>Ferns.</title><p>Green.</p><title>Moss.</title><p>Too.</p></caption>"
    (figure,) = read(f"<fig>{caption}</fig>").figures
    assert (figure.title, figure.caption) == ("Ferns.", "Green.\n\nMoss.\n\nToo.")


def test_what_a_figure_says_outside_its_caption():
    (figure,) = read(
        "<fig><label>Figure 1</label><caption><p>Ferns.</p></caption><p>At dawn.</p><attrib>By Roe</attrib></fig>"
    ).figures
    assert figure.caption == "Ferns.\n\nAt dawn.\n\nBy Roe"


def test_what_appendices_say_before_the_first():
    back = "<app-group><title>Appendices</title><p>Two follow.</p><app><title>Appendix A</title><p>It holds.</p></app></app-group>"
    (section,) = read(back=back).sections
    assert (section.title, section.kind, section.blocks[0].text) == ("Appendices", "appendix", "Two follow.")
    assert [s.title for s in section.sections] == ["Appendix A"]


def test_statements_among_the_footnotes_of_the_back():
    back = (
        "<fn-group><title>Competing interests</title><fn><p>None declared.</p></fn></fn-group>"
        '<fn-group><fn fn-type="con"><p>Roe grew the ferns.</p></fn><fn><p>Or so.</p></fn></fn-group>'
    )
    paper = read(back=back)
    assert [(s.kind, s.title, s.blocks[0].text) for s in paper.statements] == [
        ("competing-interests", "Competing interests", "None declared."),
        ("author-contributions", "", "Roe grew the ferns."),
    ]
    assert paper.footnotes == ["Or so."]


# --- front matter -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        (
            '<article-title>Ferns<xref ref-type="fn" rid="n1"><sup>*</sup></xref> at night</article-title>',
            "Ferns at night",
        ),
        ("<article-title>Why ferns?</article-title><subtitle>A study</subtitle>", "Why ferns? A study"),
        ("<article-title>Ferns:</article-title><subtitle>a study</subtitle>", "Ferns: a study"),
    ],
)
def test_titles(titles: str, title: str):
    assert read(meta=f"<title-group>{titles}</title-group>").title == title


@pytest.mark.parametrize(
    ("heading", "type"), [("New Results", "new results"), ("Withdrawn", "withdrawn"), ("Article", "")]
)
def test_the_type_is_one_of_those_of_the_servers(heading: str, type: str):
    group = f'<subj-group subj-group-type="heading"><subject>{heading}</subject></subj-group>'
    assert read(meta=f"<article-categories>{group}</article-categories>").article_type == type


def test_the_abstract_where_every_abstract_has_a_type():
    graphical = '<abstract abstract-type="graphical"><p>A picture.</p></abstract>'
    summary = '<abstract abstract-type="summary"><title>Summary</title><p>Ferns grow.</p></abstract>'
    plain = '<abstract abstract-type="plain-language-summary"><p>Ferns!</p></abstract>'
    assert read(meta=graphical + summary + plain).abstract == "Ferns grow."
    assert read(meta=f"{graphical}{summary}<abstract><p>We grew ferns.</p></abstract>").abstract == "We grew ferns."


def test_sections_of_an_abstract_without_their_numbers():
    section = "<sec><label>1</label><title>Aim</title><p>We look.</p></sec>"
    assert read(meta=f"<abstract>{section}</abstract>").abstract == "Aim\n\nWe look."


def test_keywords_of_parts_and_in_one_element():
    compound = "<compound-kwd><compound-kwd-part>Pteris</compound-kwd-part><compound-kwd-part>fern</compound-kwd-part></compound-kwd>"
    paper = read(meta=f"<kwd-group><kwd>ferns; moss;lichen</kwd>{compound}</kwd-group>")
    assert paper.keywords == ["ferns", "moss", "lichen", "Pteris fern"]


def test_funding_in_words_and_its_sources():
    groups = (
        "<funding-group><award-group><support-source>Fern Fund</support-source><award-id>F1</award-id></award-group>"
        "<funding-statement>Roe was paid by the Fern Fund.</funding-statement></funding-group>"
    )
    for meta in (groups, f"<support-group>{groups}</support-group>"):
        paper = read(meta=meta)
        assert [(a.funder, a.award) for a in paper.awards] == [("Fern Fund", "F1")]
        assert [(s.kind, s.blocks[0].text) for s in paper.statements] == [("funding", "Roe was paid by the Fern Fund.")]


def test_funding_that_is_told_twice():
    note = '<notes><notes notes-type="financial-disclosure"><title>Funding</title><p>Roe was paid.</p></notes></notes>'
    meta = "<funding-group><funding-statement>Roe was paid.</funding-statement></funding-group>"
    assert [s.title for s in read(meta=meta, front=note).statements] == ["Funding"]


def test_a_license_that_only_its_words_link_to():
    link = '<ext-link xlink:href="https://creativecommons.org/licenses/by-nc/4.0/">Creative Commons</ext-link>'
    assert (
        read(meta=f"<permissions><license><license-p>Under {link}.</license-p></license></permissions>").license
        == "CC-BY-NC-4.0"
    )


def test_statements_beside_the_article_meta():
    front = (
        '<ack><p>To all.</p></ack><notes><sec sec-type="data-availability"><title>Where</title><p>In a shed.</p></sec></notes>'
        '<fn-group><fn fn-type="conflict"><p>None.</p></fn></fn-group>'
    )
    assert [(s.kind, s.title, s.blocks[0].text) for s in read(front=front).statements] == [
        ("acknowledgements", "", "To all."),
        ("data-availability", "Where", "In a shed."),
        ("competing-interests", "", "None."),
    ]


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Competing interests: Roe owns a fern.", "competing-interests"),
        ("<bold>Competing Interest Statement</bold> None.", "competing-interests"),
        ("DECLARATION OF FINANCIAL INTERESTS Roe owns a fern.", "competing-interests"),
        ("Source of financial support: the Fern Fund.", "funding"),
        ("Grant information: F1", "funding"),
        ("Funding This work was paid by the Fern Fund.", "funding"),
        ("Author contributions: Roe grew the ferns.", "author-contributions"),
        ("Funding agencies had no part in this.", ""),
        ("Author note: Roe moved.", ""),
        ("Data: see Methods.", ""),
        ("These authors contributed equally.", ""),
    ],
)  # fmt: skip
def test_a_note_of_the_byline_whose_words_tell_that_it_is_a_statement(note: str, kind: str):
    paper = read(meta=f"<author-notes><fn><label>*</label><p>{note}</p></fn></author-notes>")
    assert [s.kind for s in paper.statements] == ([kind] if kind else [])
    assert len(paper.footnotes) == (not kind)


@pytest.mark.parametrize(
    "note",
    [
        "Email addresses: <email>a@b.org</email> (Ann Roe), <email>c@d.org</email> (Bea van Doe)",
        "E-mail addresses: AR: a@b.org BD: c@d.org",
        "Email addresses other authors: a@b.org; c@d.org",
        "Contributing authors: a@b.org; c@d.org;",
    ],
)
def test_nothing_is_left_of_notes_that_give_addresses(note: str):
    assert read(meta=f"<author-notes><fn><p>{note}</p></fn></author-notes>").footnotes == []


def test_an_address_of_the_web_is_kept():
    note = "<author-notes><fn><p>E-mail address: a@b.org URL: https://fern.example</p></fn></author-notes>"
    assert read(meta=note).footnotes == ["E-mail address: URL: https://fern.example"]
