"""Ids that only their context tells: codes of PDB, UniProt and GenBank behind the name of the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from biorxivist.mentions.accessions import NCBI

PDB_CODE = r"[1-9](?:[A-Z0-9]{3}|[a-z0-9]{3})"
UNIPROT_CODE = r"(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})"
GENBANK_CODE = r"(?:[A-Z]\d{5}|[A-Z]{2}(?:\d{8}|\d{6})|[A-Z]{3}(?:\d{7}|\d{5})|[A-Z]{4}\d{8,10})(?:\.\d{1,2})?"

# between the name of a database and its first code; the first group holds what says that a code follows
SAYS = (
    r"IDs?|ids?|[Cc]odes?|[Aa]ccessions?|[Nn]umbers?|[Nn]os?\.?|[Nn]r\.?|[Ee]ntry|[Ee]ntries|[Ii]dentifiers?|AC|[:|=#]"
)
WORDS = r"under|with|the|of|for|in|by|is|are|was|were|used|as|and|at|following|respective|structures?|models?|files?|coordinates|deposition|database|databank|sequences?|protein|nucleotide|KB|Knowledgebase|RCSB|PDB|UniProt|Swiss-?Prot|GenBank|NCBI"
BRIDGE = re.compile(rf"(?:[\s()\[\],/-]{{0,3}}(?:({SAYS})|(?:{WORDS})\b)){{0,8}}[\s(\[\"“]{{0,3}}")
# what may stand behind a code before the next one: a chain, what it is the code of
ASIDE = (
    r"(?:[_:.-]?[A-Z]\b|[_:.]\w{1,3}(?:\.[A-Z])?\b)?(?:\s?[(\[][^()\[\]]{0,80}[)\]]|\s(?:for|in|from) [^,;.()]{1,40})?"
)
NEXT = re.compile(
    rf"\)?{ASIDE}\s?(?:[,;/&]|\band\b|\bor\b|\bto\b|[-–])\s?(?:(?:and|or|the|PDB|IDs?|codes?|UniProt|GenBank)\b:?\s?){{0,3}}"
)
# the code stands in parentheses behind what it is the code of
NAMED = re.compile(r"[^,;.()]{1,40}\((?=\w{4,14}\))")
# "accession number for this kettle is KX900001"
PHRASE = re.compile(r"[^,;.()]{1,40}? (?:is|are|was|were):? ")


@dataclass(frozen=True, slots=True)
class Database:
    """A database whose codes need its name before them, or behind them in parentheses."""

    kind: str
    code: re.Pattern[str]
    url: str
    doubtful: re.Pattern[str] | None = None
    """What looks like a code and is none unless `SAYS` announces it."""


# an ordinal, a quantity, a year of digits alone
NO_PDB_CODE = re.compile(r"\d{4}|\d+(?:st|nd|rd|th|[µumn]?[mMgsKLl]|[kK]?[DdB][Aa]?|bp|ps|fs|ns|kb|x|X|k|h|d|fold)")
PDB = Database(
    "pdb",
    re.compile(rf"({PDB_CODE})(?![A-Za-z0-9])|({PDB_CODE})(?=[A-Z](?![A-Za-z0-9]))"),
    "https://www.rcsb.org/structure/{}",
    NO_PDB_CODE,
)
UNIPROT = Database(
    "uniprot", re.compile(rf"({UNIPROT_CODE})(?:-\d{{1,2}})?(?![A-Za-z0-9])"), "https://www.uniprot.org/uniprotkb/{}"
)
GENBANK = Database("genbank", re.compile(rf"({GENBANK_CODE})(?![A-Za-z0-9])"), NCBI + "nuccore/{}")  # fmt: skip

NAMES = {
    **dict.fromkeys(("PDB", "Protein Data Bank", "Protein Databank", "pdb"), PDB),
    **dict.fromkeys(("UniProt", "Uniprot", "UNIPROT", "Swiss-Prot", "SwissProt"), UNIPROT),
    **dict.fromkeys(("GenBank", "Genbank", "GENBANK"), GENBANK),
}


def codes(database: Database, text: str, start: int, end: int) -> tuple[list[str], int]:
    """The codes that a text gives for a database whose name stands from `start` to `end`, and where they end."""
    found = []
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        found += _before(database, text, start - 1)
    bridge = BRIDGE.match(text, end)
    announced, place = bool(bridge[1]), bridge.end()
    trusted = announced
    if announced and not database.code.match(text, place) and (phrase := PHRASE.match(text, place)):
        place, trusted = phrase.end(), False
    while place > end and (match := _next(database, text, place, announced, trusted)):
        found.append(_code(match))
        end = match.end()
        following = NEXT.match(text, end)
        place, trusted = following.end() if following else 0, False
    return found, end


def _before(database: Database, text: str, end: int) -> Iterator[str]:
    word = text[max(0, end - 16) : end].split()[-1:]
    if word and (match := database.code.fullmatch(word[0].strip("(,;"))) and _is_sure(database, match):
        yield _code(match)


def _next(database: Database, text: str, place: int, announced: bool, trusted: bool) -> re.Match[str] | None:
    match = database.code.match(text, place)
    if not match and announced and (named := NAMED.match(text, place)):
        match, trusted = database.code.match(text, named.end()), False
    return match if match and (_is_sure(database, match) or (trusted and not match[0].isdecimal())) else None


def _is_sure(database: Database, match: re.Match[str]) -> bool:
    return not (database.doubtful and database.doubtful.fullmatch(match[0]))


def _code(match: re.Match[str]) -> str:
    return next(filter(None, match.groups())).upper()
