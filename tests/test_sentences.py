"""Sentences of invented scientific prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.sentences import last_end, sentences

# each line a text, `|` where a sentence ends
TEXTS = """
Cells were fixed.| They were stained.
We followed the protocol of Okafor et al. for all samples.| Nothing else was changed.
Okafor et al. (2019) saw less.| Lind et al. 2020 saw more.
This agrees with Okafor et al.| However, the effect was smaller.
The rise is shown in Fig. 1A.| Cells were seen twice.
See Figs. 2 and 3, Eq. 4, Refs. 5–7 and Suppl. Table S1.| The rest is new.
Some cells (e.g. T cells, i.e. Those that express CD3) were left out.
E. coli and S. Typhimurium grew.| B. subtilis did not.
Strains of E. Coli were mixed.
Growth was slow (p < 0.05).| It stopped later.
Growth was slow, p < 0.05.| It stopped later.
At pH 7.4.| Cells died.
Doses of 0.5 mg, 1.25 mg and 2.5 mg were given.
Dr. Okafor and Prof. Lind agreed.| They signed.
A. B. Okafor and J.R. Lind wrote the text.| All authors read it.
Samples came from the U.S. Geological Survey.| They were frozen.
Bacillus sp. NRRL and Aspergillus spp. were cultured.| Both grew.
Bars show mean ± s.e.m.| Scale bar, 10 µm.
Bars show mean ± s.d. of n = 3.
WT vs. KO mice were compared.| None died.
The primer (Cat. No. AB-1234; Okafor Inc., USA) was used.| It bound.
Was it real?| Yes!| It was.
Is TGF-β needed? no, it is not.
The protein is small.| p53 binds it.| mRNA levels fell.| α-synuclein rose.
The protein is small.[12,13]| It binds.¹²| It folds.^{3,4}| It fails.
He wrote “it works.”| We did not see it.
We saw it (data not shown.)| Others did not.
a, Overview of the setup.| b, Counts per field.| c–e, As in b.
1. Cells are thawed.| 2. Cells are counted.
Cells were kept at 37 °C.| Medium was changed after 2 h.| Plates were read.
Reads were mapped with v. 2.1 of the tool, see https://example.org/a.b?c=d for more.| It ran.
We thank K.| The rest was ours.
It took 50 ms.| Later it took 20.
Only 5 of 20 (approx. 25%) were kept, ca. 3 per litter, cf. Table 2.| No. 7 was lost.
The answer is no.| Cells grew.
FIG. 3. Cells of both groups.| They grew.
It was published in Dec. 2019.| Since then nothing was.
Dept. of Cells, Univ. of Nowhere.| We thank them.
…and then it ended.| Now it begins.
""".strip().splitlines()  # fmt: skip


@pytest.mark.parametrize("marked", TEXTS)
def test_sentences_end_where_they_end(marked):
    parts = marked.split("| ")
    text = " ".join(parts)
    assert [text[a:b] for a, b in sentences(text)] == parts


def test_a_line_ends_a_sentence():
    text = "Methods of analysis\n\nFirst item\nsecond item, i.e.\n  third"
    assert [text[a:b] for a, b in sentences(text)] == [
        "Methods of analysis", "First item", "second item, i.e.", "third",
    ]  # fmt: skip


PROSE = st.text(alphabet="ab AB.?!1\n([)]”e.g. ", max_size=200)


@given(PROSE)
def test_sentences_hold_every_character_but_the_space_between_them(text):
    spans = list(sentences(text))
    place = 0
    for start, end in spans:
        assert place <= start < end
        assert not text[place:start].strip()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        place = end
    assert not text[place:].strip()


@given(PROSE, st.integers(0, 200))
def test_the_last_end_before_a_place_is_an_end_of_a_sentence(text, stop):
    stop = min(stop, len(text))
    ends = [end for _, end in sentences(text) if end <= stop and end < len(text.rstrip())]
    # the end of the text is no question
    assert not text[stop:].strip() or last_end(text, 0, stop) == (ends[-1] if ends else 0)
