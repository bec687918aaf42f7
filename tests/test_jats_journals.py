"""The JATS reader on structures that journals and Europe PMC use, and that the sites' own documents have rarely."""

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
