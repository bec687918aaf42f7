"""What a footnote is: a statement, an e-mail address, or a note."""

import re

from biorxivist.readers.kinds import section_kind
from biorxivist.text import PARAGRAPH

# by JATS's `fn-type`, which pages have in the class of their items
TYPES = {
    "conflict": "competing-interests",
    "coi-statement": "competing-interests",
    "con": "author-contributions",
    "supported-by": "funding",
    "financial-disclosure": "funding",
    "dataset": "data-availability",
    "update": "other",
}
STATEMENTS = (
    "competing-interests",
    "author-contributions",
    "funding",
    "data-availability",
    "ethics",
    "acknowledgements",
)
# what a note says of itself before a colon, or before its first sentence
HEADING = re.compile(
    r"\s*((?i:(?:declarations? of )?(?:potential )?(?:competing|conflicts? of|financial)(?: financial)? interests?(?: statements?)?"
    r"|financial disclosures?|(?:sources? of |study )?(?:funding|financial support)(?: statement| information)?|grant information"
    r"|authors?['’]? contributions?|(?:data|code)(?: and code)? availability(?: statement)?))(?=\s*:|\.?\s+[A-Z])"
)
# what is left of a note that gave e-mail addresses, whose names may stand beside them
ADDRESSES = re.compile(
    r"(?i:e-?mails?|electronic|address(?:es)?|correspond(?:ing|ence)|contributing|other|authors?|mailto|to|the|of|for|and|[\W_])*+"
    r"|\W*(?i:e-?mails?(?: address(?:es)?)?)\s?:(?:[A-Z][\w.’'-]*+|(?:and|de|van|von)\b|\W)*+"
)


def statement_kind(type: str, title: str, text: str) -> str:
    """The `Section.kind` of a note that its type, the title of its group or its beginning tells to be a statement; empty of others."""
    if kind := TYPES.get(type.lower()):
        return kind
    heading = title or ((match := HEADING.match(text)) and match[1]) or ""
    kind = section_kind(heading) if heading else ""
    return kind if kind in STATEMENTS else ""


def gives_addresses(text: str) -> bool:
    """Whether e-mail addresses, which are not kept, were all that a note held."""
    if ADDRESSES.fullmatch(text):
        return True
    # a list of names, each before its address
    parts = [part.strip() for part in text.split(PARAGRAPH)] if text.endswith(":") else []
    return len(parts) > 1 and all(part.endswith(":") or not part for part in parts)
