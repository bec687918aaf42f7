"""What a section is, from its heading."""

import re
from functools import lru_cache

NUMBERING = re.compile(
    r"^(?:(?:section|part)\s+)?(?:\d+(?:\.\s?\d+)*(?:\s?[.:)|]\s*|\s+)|(?:[ivx]+|[a-h])[.:)]?\s+)", re.I
)

# the first pattern that fits decides: narrow kinds before the four of every paper; no pattern repeats a repetition
KINDS = [
    ("competing-interests", r"(?:competing|conflicts?(?: of)?|declarations? of|duality of|financial).{0,12}\binterests?\b|\bcoi\b|financial disclosures?|^(?:authors? )?disclosures?(?: statements?)?$|^conflicts?$|^interest statement"),
    ("data-availability", r"\b(?:data|codes?|software|materials?|resources?|reagents?)\b.{0,40}\b(?:availab|accessib|sharing|deposition|archiving|access$)|^availab|^data statement|accession (?:codes?|numbers?)"),
    ("author-contributions", r"\b(?:authors?|authorship|contributors?)\b.{0,4}(?:contributions?|statement|roles?)|^contribut(?:ions?|ors?|orship)(?: statement)?$|credit author|^(?:individual )?(?:contributions?|roles?) of (?:the )?authors?\b|^individual contributions"),
    ("funding", r"^(?:(?:declaration|statement) of |study )?(?:sources? of )?funding|financial support|funding (?:sources?|statement|information)|grant support|^grants?(?: (?:information|funding|sponsors?))?$|role of (?:the )?fund|^funders?$|^sources? of support"),
    ("acknowledgements", r"^a(?:ck|c|k)n?owle?d?ge?ment"),
    ("ethics", r"^ethic|ethics? (?:statement|approval|declaration|committee)|ethical (?:approval|consideration|statement|standards)|^(?:patient )?consent\b|institutional review|author declarations?$|informed consent|\bethics$|^irb\b"),
    ("supplementary", r"^(?:online\W{1,3}(?:only )?)?suppl|^supporting (?:information|material|data|files?|text|figures?|tables?|methods)|^si appendix|^expanded view|^additional (?:files?|information)|^extended data|^electronic supplement|^appendices and suppl|^list of suppl"),
    ("abbreviations", r"^(?:list of )?abbreviations|^glossary|^nomenclature|^acronyms|^list of symbols"),
    ("appendix", r"^(?:appendi(?:x|ces)|annex(?:es)?)\b"),
    ("methods", r"^(?:(?:materials?|subjects?|patients?|participants?|animals?|data|study|design|star|si|online|experimental|computational|laboratory|detailed|full|extended|statistical|models?|theory|population|and)\W{1,3}){0,6}(?:methods?|methodolog(?:y|ies)|procedures?$)\b|^methods? (?:and|&)|^experimental(?:$| (?:procedures?|section|design|details))"),
    ("results", r"^(?:main |key )?(?:results?|findings)\b"),
    ("discussion", r"^(?:general |overall )?discussions?\b"),
    ("conclusion", r"^(?:summary and )?(?:conclusions?|(?:concluding|closing|final) remarks|outlook)\b"),
    ("introduction", r"^(?:general )?introduction\b(?! (?:of|to)\b)|^intro$|^introductory remarks|^background(?:$| (?:and|information)\b)"),
]  # fmt: skip
PATTERNS = [(kind, re.compile(pattern, re.I)) for kind, pattern in KINDS]

# `sec-type` is spelled in every way an author can think of
SEC_TYPES = [
    ("supplementary", re.compile("suppl", re.I)),
    ("data-availability", re.compile("data-avail", re.I)),
    ("competing-interests", re.compile("coi|competing", re.I)),
    ("author-contributions", re.compile("^con$|contribution", re.I)),
    ("funding", re.compile("^funding|^financial", re.I)),
    ("ethics", re.compile("^ethic", re.I)),
    ("acknowledgements", re.compile("^ack", re.I)),
    ("abbreviations", re.compile("^(?:abbr|glossary)", re.I)),
    ("appendix", re.compile("^app", re.I)),
    ("methods", re.compile("^(?:materials|methods)", re.I)),
    ("introduction", re.compile("^intro", re.I)),
    ("results", re.compile("^results", re.I)),
    ("discussion", re.compile("^discussion", re.I)),
    ("conclusion", re.compile("^conclusion", re.I)),
]


@lru_cache(maxsize=10_000)
def section_kind(title: str, sec_type: str = "") -> str:
    """The `Section.kind` that a heading tells, else the one that JATS's `sec-type` tells, else `other`."""
    heading = NUMBERING.sub("", " ".join(title.split())).strip(" .:")
    for kind, pattern in PATTERNS:
        if pattern.search(heading):
            return kind
    for kind, pattern in SEC_TYPES if sec_type else ():
        if pattern.search(sec_type):
            return kind
    return "other"
