"""Rows of a version's byline: authors, their institutions."""

from collections import Counter, defaultdict
from dataclasses import replace

from biorxivist.graph.keys import author_key, institution_key, short_name
from biorxivist.graph.tables import Rows, version_id
from biorxivist.items import Affiliation, Author, Paper


def add_people(rows: Rows, paper: Paper) -> None:
    """Authors in the order of the byline, and where they work."""
    version = version_id(paper)
    affiliations = {affiliation.id: affiliation for affiliation in paper.affiliations}
    keys: Counter[str] = Counter()
    for position, author in enumerate(_with_own_orcids(paper.authors), 1):
        if not author.name:
            continue
        theirs = [affiliations[id] for id in author.affiliations if id in affiliations]
        key = author_key(author, theirs, paper.doi)
        keys[key] += 1
        # two of one name in one byline are two people; one ORCID twice is a slip of the document
        if keys[key] > 1 and not author.orcid:
            key = f"{key}#{keys[key]}"
        _add_author(rows, key, author)
        rows.relate("Author_AUTHORED_Version", key, version, position, author.name, author.corresponding)
        for affiliation in theirs:
            _add_affiliation(rows, key, affiliation, version)


def _with_own_orcids(authors: list[Author]) -> list[Author]:
    """The authors, an ORCID iD that a byline gives to several names kept by the only corresponding one, else by none."""
    holders: defaultdict[str, list[Author]] = defaultdict(list)
    for author in authors:
        if author.orcid:
            holders[author.orcid].append(author)
    shared = {orcid for orcid, them in holders.items() if len(set(map(short_name, them))) > 1}
    owners = {orcid: [author for author in holders[orcid] if author.corresponding] for orcid in shared}
    return [
        replace(author, orcid="") if author.orcid in shared and owners[author.orcid] != [author] else author
        for author in authors
    ]


def _add_author(rows: Rows, key: str, author: Author) -> None:
    kind = "collective" if author.group == author.name else "person"
    given, surname, orcid = author.given or None, author.surname or None, author.orcid or None
    rows.add("Author", key, author.name, given, surname, orcid, kind, short_name(author) or None)


def _add_affiliation(rows: Rows, author: str, affiliation: Affiliation, version: str) -> None:
    if key := institution_key(affiliation):
        name = affiliation.institution or affiliation.text or None
        rows.add("Institution", key, name, affiliation.country or None, affiliation.ror or None)
        rows.relate("Author_AFFILIATED_WITH_Institution", author, key, version, affiliation.text or None, keyed=True)
