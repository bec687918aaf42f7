"""What the vocabulary calls the things of an invented paper."""

from biorxivist.text import LINE, PARAGRAPH
from tests.site.markup import Block

# ids of references, figures, tables, formulas
IDS = {
    "page": {"ref": "ref-", "figure": "F", "table": "T", "formula": "disp-formula-"},
    "europepmc": {"ref": "R", "figure": "F", "table": "T", "formula": "FD"},
    "jats": {"ref": "c", "figure": "fig", "table": "tbl", "formula": "eqn"},
}
SPDX = {"cc_no": "all-rights-reserved", "cc0": "CC0-1.0", "cc0_ng": "CC0-1.0", "": ""}
KINDS = {
    "introduction": "introduction", "background": "introduction", "methods": "methods", "materials and methods": "methods",
    "results": "results", "discussion": "discussion", "discussion and outlook": "discussion", "conclusions": "conclusion",
    "data availability": "data-availability", "code availability": "data-availability", "acknowledgements": "acknowledgements",
    "acknowledgments": "acknowledgements", "author contributions": "author-contributions", "funding": "funding",
    "competing interests": "competing-interests", "ethics statement": "ethics", "supplementary material": "supplementary",
    "appendix": "appendix", "abbreviations": "abbreviations",
}  # fmt: skip
STATEMENTS = {
    "competing-interest-statement": "competing-interests", "financial-disclosure": "funding", "disclosures": "ethics",
    "clinical-trial-statement": "other", "clinical-protocols-statement": "other",
}  # fmt: skip


def _lines(block: Block) -> str:
    return LINE.join(block.items)


BLOCKS = {
    "paragraph": lambda b: ("paragraph", b.text),
    "list": lambda b: ("list", LINE.join(f"- {item}" for item in b.items)),
    "ordered": lambda b: ("list", LINE.join(f"{n}. {item}" for n, item in enumerate(b.items, 1))),
    "definitions": lambda b: ("list", _lines(b).replace(" :: ", ": ")),
    "quote": lambda b: ("quote", PARAGRAPH.join(b.items)),
    "box": lambda b: ("box", PARAGRAPH.join([b.text, *b.items])),
    "code": lambda b: ("code", "\n".join(b.items)),
}
