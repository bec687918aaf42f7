"""What headings tell."""

import pytest

from biorxivist.readers.kinds import section_kind
from tests.cost import cpu_seconds

HEADINGS = {
    "introduction": ["Introduction", "1. INTRODUCTION", "Background", "Background and related work", "Intro", "Introductory remarks"],
    "methods": [
        "Methods", "Materials and Methods", "MATERIALS, SUBJECTS, AND METHODS", "STAR★Methods", "STAR ★ METHODS", "Online Methods",
        "4 Method", "Patients & methods", "Experimental procedures", "2.1 Procedure", "Study Design and Methods", "SI Materials and Methods",
        "2.Methods", "2 | Methods", "2. 1. Methods", "Experimental", "Experimental Details", "Models and methods", "Study population and methods",
    ],
    "results": ["Results", "III. Results", "Results and Discussion", "Findings"],
    "discussion": ["Discussion:", "General discussion"],
    "conclusion": ["Conclusions", "5 Concluding remarks", "Final remarks", "Summary and outlook"],
    "data-availability": ["Data Availability Statement", "Code and data availability", "Accession numbers", "Software availability", "Data archiving statement"],
    "funding": ["Funding", "Source of funding", "Role of the funding source", "Declaration of sources of funding", "Financial support", "Grant information", "Grants", "Study funding"],
    "competing-interests": ["Competing Interests", "Conflict of interest", "Declaration of interests", "Duality of interest", "Disclosures", "7 Disclosure statement", "Author Disclosure Statement"],
    "author-contributions": ["Author contributions", "Authors’ contributions", "CONTRIBUTORSHIP STATEMENT", "Contributors", "Individual contributions", "Contributions of authors"],
    "acknowledgements": ["Acknowledgments", "ACKNOWLEDGEMENT", "Ackowledgments", "Acknowlegements", "Aknowledgements"],
    "ethics": ["Ethics approval", "Informed consent", "Compliance with ethical standards", "Patient consent for publication", "Research ethics"],
    "supplementary": ["Supplementary Material", "Supporting information", "Online-only supplement", "Extended Data Figure Legends", "SI Appendix", "Supporting Text"],
    "abbreviations": ["List of abbreviations", "Glossary"],
    "appendix": ["Appendix A: A proof", "Appendices", "Annex 1"],
    "other": ["Background selection model", "Procedure to select predictors", "Introduction of a network", "Materials", "Animals", "3D methods", "Grants of land", "Acknowledging doubt",
        "Summary", "Conflicts between ferns", "Experimental ferns", ""],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "heading"), [(kind, heading) for kind, all_ in HEADINGS.items() for heading in all_])
def test_headings(kind: str, heading: str):
    assert section_kind(heading) == kind


def test_sec_type_counts_where_the_heading_tells_nothing():
    assert section_kind("", "supplememtary-material") == "supplementary"
    assert section_kind("Ferns", "COI-statement") == "competing-interests"
    assert section_kind("Results", "methods") == "results"
    assert section_kind("Who did what", "author-contributions") == "author-contributions"
    assert section_kind("", "financial-disclosure") == "funding"


@pytest.mark.parametrize("part", ["materials and ", "★", "study ", "data ", "1.", "-", "competing ", "a "])
def test_long_headings_take_linear_time(part: str):
    assert cpu_seconds(lambda: section_kind(part * (60_000 // len(part)) + "x"), 1) < 1
