"""Leftovers of typesetting become the text they stand for; other text stays as it is."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.readers.leftovers import mend, mend_abstract
from biorxivist.text import LINE, PARAGRAPH, clean

FIGURE = 'O_FIG O_LINKSMALLFIG WIDTH=200 HEIGHT=70 SRC="FIGDIR/small/1v1_ufig1.gif" ALT="Figure 1">\nView larger version (18K):\norg.highwire.dtl.DTLVardef@5e41c0org.highwire.dtl.DTLVardef@12f30c2_HPS_FORMAT_FIGEXP  M_FIG '


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("TGF{beta}1 and {Delta}F508", "TGFβ1 and ΔF508"),
        ("{varepsilon}4, {varphi}, {kappa}B", "ε4, φ, κB"),
        ("37 {degrees}C {+/-} 1 {micro}m", "37 °C ± 1 µm"),
        ("ha{superscript 2} {middle dot} s", "ha² · s"),
        ("[&ge;]5 and [&le;] 6 and a[-&gt;]b", "≥5 and ≤ 6 and a→b"),
        ("TGF[beta]", "TGFβ"),
        ("[x1D05]-glucose", "ᴅ-glucose"),
        ("p &lt; 0.05 &amp; q &gt; 1", "p < 0.05 & q > 1"),
        ("<i>E. coli</i> at 10<sup>6</sup> in CO<sub>2</sub>", "E. coli at 10⁶ in CO₂"),
        ("x<SUP><I>n+1</I></SUP>", "xⁿ⁺¹"),
        ("<h4>Background</h4>We look.<h4>Results</h4>We see.", "Background\n\nWe look.\n\nResults\n\nWe see."),
        ('<p class="first">One.</p><p>Two.<br/>Three.</p>', "One.\n\nTwo.\nThree."),
        ("<jats:p>One <jats:italic>two</jats:italic>.</jats:p>", "One two."),
        ("a named PO_SCPLOWEAFOWLC_SCPLOW, free", "a named PEAFOWL, free"),
        ("GO_SCPLOWRAC_SCPLOWNPA finds", "GRANPA finds"),
        ("AO_SCPLOWBSTRACTC_SCPLOWNutrients cycle.", "Nutrients cycle."),
        ("AO_SCPLOWBSTRACTC_SCPLOWO_ST_ABSBackgroundC_ST_ABSThe index.", "Background\n\nThe index."),
        ("End.\n\nOO_SCPLOWRIGINALITYC_SCPLOWO_SCPCAP C_SCPCAPO_SCPLOWANDC_SCPLOW SO_SCPLOWIGNIFICANCEC_SCPLOWGrowth is.", "End.\n\nORIGINALITY AND SIGNIFICANCE\n\nGrowth is."),
        ("O_ST_ABSEvidence before this studyC_ST_ABSSome.", "Evidence before this study\n\nSome."),
        ("End.\n\nHighlightsO_LIOne.\nC_LIO_LImTwo.\nC_LI\n\nMore.", "End.\n\nHighlights\n\nOne.\nmTwo.\n\nMore."),
        (f"End.\n\nGraphical abstract\n\n{FIGURE}C_FIG", "End."),
        (f"End.\n\n\n\n{FIGURE}O_FLOATNOFigure 1:C_FLOATNO A caption.\n\nC_FIG More.", "End.\n\nMore."),
        (f"End.\n\n{FIGURE}", "End."),
        ("End.\n\nO_TBL O_LINKSMALLTBL WIDTH=1>\nRows C_TBL", "End."),
        ("BackgroundSleep matters.\n\nResultsInsulin rose.\n\nConclusionsA lot.", "Background\n\nSleep matters.\n\nResults\n\nInsulin rose.\n\nConclusions\n\nA lot."),
        ("ConclusionSleep matters.", "Conclusion\n\nSleep matters."),
        ("METHODSWe measured.\n\nMethods and ResultsWe did.", "METHODS\n\nWe measured.\n\nMethods and Results\n\nWe did."),
        ("AbstractBackgroundSleep matters.", "Background\n\nSleep matters."),
        ("MethodsI ran.\n\nResultsC19 scores rose.", "Methods\n\nI ran.\n\nResults\n\nC19 scores rose."),
        ("One.\n\nResults50% of pots broke.\n\nRESULTS1,234 pots.", "One.\n\nResults\n\n50% of pots broke.\n\nRESULTS\n\n1,234 pots."),
        ("ResultssDII was low.\n\nConclusionsmiRNA fell.\n\nMethodsrfMRI data.", "Results\n\nsDII was low.\n\nConclusions\n\nmiRNA fell.\n\nMethods\n\nrfMRI data."),
        ("BackgroundA PVG is.\n\nNew & NoteworthyOdor does.", "Background\n\nA PVG is.\n\nNew & Noteworthy\n\nOdor does."),
        ("Design, Setting, and ParticipantsThis cohort.\n\nMain Outcomes and MeasuresThe rate.", "Design, Setting, and Participants\n\nThis cohort.\n\nMain Outcomes and Measures\n\nThe rate."),
        ("Strengths and limitations of this studyThe jury.\n\nWhat is new?This was first.", "Strengths and limitations of this study\n\nThe jury.\n\nWhat is new?\n\nThis was first."),
        ("How this study might affect research, practice or policyIt is.\n\nPatient or Public ContributionNone had.", "How this study might affect research, practice or policy\n\nIt is.\n\nPatient or Public Contribution\n\nNone had."),
        ("Primary and secondary outcome measuresThe rate.\n\nStudy ResultsTreating it.", "Primary and secondary outcome measures\n\nThe rate.\n\nStudy Results\n\nTreating it."),
        ("AO_SCPLOWBSTRACTC_SCPLOWBO_SCPLOWACKGROUNDC_SCPLOWThe lid.", "BACKGROUND\n\nThe lid."),
        ("AO_SCPLOWBSTRACTC_SCPLOWCLAY-only pots leak.", "CLAY-only pots leak."),
        ("Abstract: The lid.", "The lid."),
        ("ABSTRACT The lid fits.", "The lid fits."),
        ("Abstract Introduction The lid.", "Introduction The lid."),
        ("Structured abstractO_ST_ABSAimC_ST_ABSWe look.", "Aim\n\nWe look."),
        ("End.\n\nGraphical Abstract O_FIG_DISPLAY_L [Figure 1] M_FIG_DISPLAY C_FIG_DISPLAY", "End."),
        ("End.\n\nO_TEXTBOXSignificanceTides matter.\n\nC_TEXTBOX", "End.\n\nSignificance\n\nTides matter."),
        ("a flow: O_FD O_INLINEFIG[Formula 1]C_INLINEFIGM_FD(1)C_FD where S, [Formula] and [Formula: see text]", "a flow: [formula] (1) where S, [formula] and [formula]"),
        ("at 1.5[A], 2 [A] and 0.4", "at 1.5Å, 2 Å and 0.4"),
        ("b = [-]0.4 and 10{superscript -}{superscript 3}", "b = −0.4 and 10⁻³"),
        ("the &lt;i&gt;lid&lt;/i&gt; gene &amp;lt; &amp;alpha; at CO&lt;sub&gt;2&lt;/sub&gt;", "the lid gene < α at CO₂"),
    ],
)  # fmt: skip
def test_a_leftover_becomes_its_text(raw, expected):
    assert clean(mend_abstract(raw)) == expected
    as_read = expected.replace("\n\n", PARAGRAPH).replace("\n", LINE)
    assert mend_abstract(as_read) == as_read


@pytest.mark.parametrize(
    "text",
    [
        "p<0.05 and q >0.1, n<10% of b>a",
        "when a <b and c> d",
        "the set {A, B} or {x} of [A] and [12]",
        "the 3 [AB] and [-] strains",
        "MethodsX is a journal",
        "Abstract thinking is rare",
        "Method1 and Method2 agree",
        "AIM2 and Aim2 are genes",
        "Resulting PeerJ papers, ResultsInsulin inside: see ResultsInsulin",
        "A&B; Q&A;",
        "[xFFFFF] and [x0007]",
        "AT&T and R&D",
        " spaces  stay\n",
        "",
    ],
)
def test_what_is_no_leftover_stays(text):
    assert mend_abstract(text) == text


def test_a_title_has_no_headings():
    assert mend("DesignMaster: a tool") == "DesignMaster: a tool"


@given(st.text(alphabet="ABcde 019.,;:-()/%<>=+&_\n'αβ²é", max_size=60))
def test_text_without_leftovers_is_unchanged(text):
    if not re.search(r"\n[^\S\n]*\n|</?[a-z]|[A-Z]_|&\w+;", text, re.I):
        assert mend_abstract(text) == text


@given(
    st.text(max_size=40),
    st.sampled_from(["{beta}", "O_LI", "C_FIG", "O_FIG", "O_ST_ABS", "<i>", "&lt;", "\n\n", "[x1D05]"]),
    st.text(max_size=20),
)
def test_mend_takes_any_text(before, mark, after):
    assert isinstance(mend_abstract(before + mark + after), str)


def test_no_leftover_remains_in_the_recorded_abstracts(corpus):
    texts = []
    for path in sorted(corpus.glob("api/details*.json")):
        texts += [row[name] for row in json.loads(path.read_text())["collection"] for name in ("title", "abstract")]
    with_leftovers = [t for t in texts if re.search(r"\{[a-z]{2,}\}|\{\+/-\}|[OC]_[A-Z]{2,}|\[&|&[a-z]+;", t)]
    assert len(texts) > 600
    assert len(with_leftovers) > 30
    for text in with_leftovers:
        assert not re.search(
            r"\{[a-z]{2,}\}|\{\+/-\}|[OCM]_[A-Z]{2,}|\[&|&[a-z]+;|highwire|FORMAT_FIGEXP", mend_abstract(text)
        )
