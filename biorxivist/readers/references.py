"""What both kinds of lists of references are read by: names, shortened as such lists do, and PubMed ids."""

import re
from functools import lru_cache

PMID = re.compile(
    r"\bPMID:?\s{0,3}(\d{4,9})\b|(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?|\blist_uids=)(\d{4,9})\b"
)
EDGES = " \t\n\xa0,;…&"
PARTS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def short_name(surname: str, given: str) -> str:
    """`Surname Initials` without points: `Heeney MM` from `M. M.`, `MM` or `Mary Margaret`."""
    return f"{surname.strip(EDGES)} {initials(given)}".strip()


@lru_cache(maxsize=10_000)
def initials(given: str) -> str:
    """The initials of given names; a run of capitals such as `KE` is initials already."""
    return "".join(part if part.isupper() and len(part) < 5 else part[0].upper() for part in PARTS.findall(given))
