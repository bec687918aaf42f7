"""Headings of structured abstracts that the API glues to the first word of their paragraph."""

import re

from biorxivist.text import PARAGRAPH

TOPICS = (
    "Abstract|Added value of this study|Aims?|Analys[ie]s|Approach|Author contribution statement|Author summary|Availability(?: and implementation)?"
    "|Backgrounds?|Case presentation|Conclusions?|Data availability(?: statement)?|Data sources?|Designs?"
    "|Discussions?|Ethical statement|Ethics and dissemination|Evidence before this study|Exposures?|Findings|Funding|Graphical abstract"
    "|Highlights?|Hypothes[ie]s|Impact statement|Implementation|Implications of all (?:the )?available evidence|Importance"
    "|Interpretations?|Interventions?|Introductions?|Key (?:findings|messages?|points?|results)|Lay summary"
    "|Limitations|Main (?:conclusions?|results|outcomes?(?: and measures| measures?)?)|Materials?|Methodology|Methods?"
    "|Motivations?|New and noteworthy|Objectives?|One[- ]sentence summary|Outcome measures|Outcomes|Participants|Patients"
    "|Plain language summary|Principal findings|Purpose|Rationale|Relevance|Research in context|Results?|Settings?"
    "|Significance(?: statement)?|Statement of significance|Study (?:design|registration)|Study selection|Summary(?: statement| sentence)?|Supplementary information|Synopsis"
    "|Teaser|Trial registration(?: number)?|Translational relevance|What is already known on this (?:topic|subject)|What this study adds"
)
JOINED = rf"(?:{TOPICS})(?:(?:,? ?(?:and|&) ?|/)(?:{TOPICS}))?"
# "MethodsX is a journal": a sentence that begins here has a word behind its capital, or is "A …"
FUSED = re.compile(
    rf"(?P<edge>^|{PARAGRAPH})(?P<heading>(?i:{JOINED}))(?<=[a-z])(?=[A-Z][A-Za-z0-9'’-]|[AI] [a-z])"
    rf"|(?P<edge2>^|{PARAGRAPH})(?P<capitals>(?i:{JOINED}))(?<=[A-Z]{{3}})(?=[A-Z][a-z]|[AI] [a-z])"
)
ALONE = re.compile(rf"^abstract\.?:?\s*{PARAGRAPH}", re.I)


def split_headings(text: str) -> str:
    """Abstract with each known heading as a paragraph of its own, and without the bare heading "Abstract"."""
    before = None
    while text != before:
        before = text
        text = ALONE.sub("", FUSED.sub(_apart, text))
    return text


def _apart(match: re.Match[str]) -> str:
    edge, heading = (match["edge"], match["heading"]) if match["heading"] else (match["edge2"], match["capitals"])
    return f"{edge}{heading}{PARAGRAPH}"
