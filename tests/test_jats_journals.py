"""The JATS reader on structures that journals and Europe PMC use, and that the sites' own documents have rarely."""

import pytest

from biorxivist.items import Paper
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



def test_a_note_on_the_corresponding_author_without_corresp():
    note = '<author-notes><fn id="n1" fn-type="corresp"><p>Write to Ann Roe.</p></fn></author-notes>'
    paper = byline(person("Roe", "Ann", '<xref ref-type="fn" rid="n1">*</xref>') + person("Doe", "Bea"), note)
    assert [a.corresponding for a in paper.authors] == [True, False]
