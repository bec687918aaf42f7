"""Headings of structured abstracts that the API glues to the first word of their paragraph."""

import re

from biorxivist.text import PARAGRAPH

TOPICS = (
    "Abstract|Added value of this study|Advances in knowledge|Aims?|Analys[ie]s|Approach|Article summary|Author contribution statement|Author summary"
    "|Availability|Backgrounds?|Budget|Case presentation|Clinical (?:implications?|perspective|relevance|significance|trial registration)"
    "|Competing interests?(?: statement)?|Conclusions?|Contribution to the field(?: statement)?|Data availability(?: statement)?"
    "|Data (?:analysis|collection|extraction|sources?|synthesis)|Dedication|Designs?|Discussions?|Dissemination|Ethical statement|Ethics(?: approval)?"
    "|Evidence before this study|Experimental approach|Exposures?|Findings|Funding|Graphical abstract|Highlights?|How this study might affect research"
    "|Hypothes[ie]s|Impact(?: statement)?|Implementation|Implications?(?: of all (?:the )?available evidence| for practice)?|Importance|In brief|Innovation"
    "|Interpretations?|Interventions?|Introductions?|Key (?:findings|messages?|points?|results|words)|Keywords|Lay summary"
    "|Level of evidence|Limitations(?: of this study)?|Location|Main (?:conclusions?|findings|results|outcomes?(?: measures?)?)|Major taxa studied|Materials?"
    "|Meaning|Measure(?:ment)?s|Methodology|Methods?|Motivations?|New (?:and|&) noteworthy|Novelty|Objectives?|One[- ]sentence summary"
    "|Outcome measures|Outcomes|Participants|Patient (?:and|or) public (?:contribution|involvement)|Patients|Plain[- ]language summary|Policy(?: implications)?|Population"
    "|Practice|Premise(?: of the study)?|Primary(?: outcomes?(?: measures?)?)?|Principal findings|Prologue|PROSPERO registration(?: number)?|Purpose"
    "|Questions?|Rationale|Relevance|Research (?:design|in context|question)|Results?|Secondary outcomes?(?: measures?)?|Settings?|Significance(?: statement)?"
    "|Statement of significance|Statistical analysis|Strengths|Structured abstract|Study (?:design|objectives?|populations?|registration|results|selection)|Subjects"
    "|Summary(?: statement| sentence| answer)?|Supplementary information|Synopsis|Systematic review registration|Take[- ]home message|Taxon|Teaser|Time period|Translational (?:relevance|statement)"
    "|Trial registration(?: number)?|What (?:is|are) (?:already )?(?:known|new|relevant|the implications)(?: on this (?:topic|subject)| about this (?:topic|subject))?\\??"
    "|What (?:the|this) (?:study|paper) adds|Withdrawal statement"
)
# "Methods and Results", "Design, Setting, and Participants"
JOINED = rf"(?:{TOPICS})(?:(?:,? ?(?:and|&|or) ?|, ?|/)(?:{TOPICS})){{0,3}}"
# "MethodsX is a journal": a sentence that begins here has a word behind its capital, or is "A …", or begins with a number or an
# abbreviation such as mRNA
FUSED = re.compile(
    rf"(?P<edge>^|{PARAGRAPH})(?P<heading>(?i:{JOINED}))(?<=[a-z?])(?=[A-Z][A-Za-z0-9'’-]|A [A-Za-z]|I [a-z]|\d[\d,.%]|[a-z]{{1,3}}[A-Z]{{2}})"
    rf"|(?P<edge2>^|{PARAGRAPH})(?P<capitals>(?i:{JOINED}))(?<=[A-Z]{{3}})(?=[A-Z][a-z]|[AI] [a-z]|\d[\d,.%])"
)
ALONE = re.compile(
    rf"^(?i:(?:structured )?abstract)\.?:?\s*{PARAGRAPH}|^(?i:abstract)\s?[:.]\s+(?=[A-Z])|^ABSTRACT\s+(?=[A-Z])"
    r"|^Abstract\s+(?=(?:Aims?|Background|Importance|Introduction|Objectives?|Purpose)\b)"
)


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
