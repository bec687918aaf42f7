"""Keys of nodes: the same thing gets the same key, whoever names it and in whatever order papers come."""

import re
import unicodedata
from hashlib import blake2b

from biorxivist.items import Affiliation, Author, Award, Reference

SEPARATORS = re.compile(r"[\W_]+")
TITLE = 120
"""Characters of a title's normal form that tell works apart; subtitles are printed or not."""
EVIDENCE = 3
"""Words that an affiliation needs to tell namesakes apart: a country or a bare university does not."""


def normal(text: str) -> str:
    """A text without case, accents and punctuation, words parted by one space."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return SEPARATORS.sub(" ", text.casefold()).strip()


def fingerprint(*parts: str | bytes) -> str:
    """32 hexadecimal digits that stand for the parts."""
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    framed = b"".join([piece for d in data for piece in (len(d).to_bytes(8, "big"), d)])
    return blake2b(framed, digest_size=16).hexdigest()


def work_key(reference: Reference) -> str:
    """DOI, else PubMed id, else a fingerprint of first author, year and title, or of the entry as printed; empty for an empty entry."""
    if reference.doi:
        return f"doi:{reference.doi}"
    if reference.pmid:
        return f"pmid:{reference.pmid}"
    title = normal(reference.title)[:TITLE]
    if title:
        # initials are printed or not
        first = normal(reference.authors[0]).split(" ")[0] if reference.authors else ""
        year = reference.year[:4]
        # a short title such as "Introduction" needs its journal or book
        where = normal(reference.source) if len(title) < 30 else ""
        return f"ref:{fingerprint(first, year, title, where)}"
    text = normal(reference.text)
    return f"ref:{fingerprint(text)}" if text else ""


def short_name(author: Author) -> str:
    """Surname and first initial, `doe j`: what spellings of one person's name have in common."""
    if author.group and not author.surname:
        return normal(author.name)
    given, surname = normal(author.given), normal(author.surname)
    if not surname:
        *names, surname = normal(author.name).split(" ") or [""]
        given = given or " ".join(names)
    return f"{surname} {given[:1]}".strip()


def author_key(author: Author, affiliations: list[Affiliation], doi: str) -> str:
    """ORCID; else the full name at an affiliation that is told in detail; else the name within the paper."""
    if author.orcid:
        return f"orcid:{author.orcid}"
    name = normal(author.name)
    full = len(normal(author.given).split(" ")[0]) > 1
    for affiliation in affiliations[:1]:
        place = normal(affiliation.text)
        if full and len(place.split(" ")) > EVIDENCE:
            return f"name:{name}:{fingerprint(place)}"
    return f"paper:{name}:{doi}"


def institution_key(affiliation: Affiliation) -> str:
    """ROR id, else the normal form of institution and country, or of the whole affiliation; empty for an empty one."""
    if affiliation.ror:
        return f"ror:{affiliation.ror}"
    if name := normal(affiliation.institution):
        return f"name:{name}:{normal(affiliation.country)}"
    name = normal(affiliation.text)
    return f"name:{name}" if name else ""


def funder_key(award: Award) -> str:
    """ROR or Crossref Funder id, else the normal form of the name; empty without a funder."""
    if award.funder_id:
        return f"{'doi' if award.funder_id.startswith('10.') else 'ror'}:{award.funder_id.lower()}"
    name = normal(award.funder)
    return f"name:{name}" if name else ""


def award_key(award: Award, funder: str) -> str:
    """The funder's key and the number; empty without a number."""
    number = normal(award.award).replace(" ", "")
    return f"{funder}:{number}" if number else ""
