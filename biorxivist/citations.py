"""How to cite a paper: BibTeX, RIS and CSL-JSON, each with the type that the format has for preprints."""

import re
import unicodedata
from datetime import date
from itertools import chain, count
from typing import Any

import bibtexparser
import rispy
from bibtexparser.model import Entry, Field

from biorxivist.items import Author, Paper
from biorxivist.latex import latex, latex_name, latex_title

SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
# letters that are not a Latin letter with an accent
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905


def citation_key(paper: Paper) -> str:
    """A key that no other paper and version has, the same in every export: `okafor2026biorxiv700001v2`."""
    first = next(iter(byline(paper)), None)
    name = _plain(first.surname or first.name) if first else ""
    # 10.1101/2023.10.19.563100 and 10.1101/563100 are numbered in one row
    number = _plain(re.split(r"[/.]", paper.doi)[-1])
    version = f"v{paper.version}" if paper.version else ""
    return f"{name or 'anonymous'}{posted(paper)[:4]}{paper.server or 'preprint'}{number}{version}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return re.sub(r"[^a-z0-9]", "", letters)


def unique_key(paper: Paper, keys: dict[str, str]) -> str:
    """The key of a paper, with a number if another paper has it; `keys` remembers whose each is."""
    key, owner = citation_key(paper), str(paper)
    candidates = chain([key], (f"{key}-{number}" for number in count(2)))
    return next(c for c in candidates if keys.setdefault(c, owner) == owner)


def byline(paper: Paper) -> list[Author]:
    """The authors to cite: people and collectives, without the members that a collective only lists."""
    return [a for a in paper.authors if not (a.group and a.surname)]


def posted(paper: Paper) -> str:
    """The day to cite, ISO 8601: that of the version, or of the first; empty if neither is a day."""
    for day in (paper.posted, paper.first_posted):
        try:
            return date.fromisoformat(day).isoformat()
        except ValueError:
            continue
    return ""


def url(paper: Paper) -> str:
    """The landing page of the version, or what the DOI leads to."""
    return paper.url or f"https://doi.org/{paper.doi}"


def notes(paper: Paper) -> list[str]:
    """What a reader of the citation should know."""
    return [
        *(["Withdrawn"] if paper.withdrawn else []),
        *([f"Published in a journal: https://doi.org/{paper.published_doi}"] if paper.published_doi else []),
    ]


# --- BibTeX -----------------------------------------------------------------------------------------------------------


def bibtex(paper: Paper, key: str = "") -> str:
    """An entry of BibTeX and BibLaTeX, `@misc`, which both have for what no journal published."""
    values = {name: f"{{{value}}}" for name, value in _bibtex_values(paper).items() if value}
    if day := posted(paper):
        values |= {"year": f"{{{day[:4]}}}", "month": MONTHS[int(day[5:7]) - 1]}
    entry = Entry("misc", key or citation_key(paper), [Field(name, value) for name, value in values.items()])
    return bibtexparser.write_string(bibtexparser.Library([entry]), unparse_stack=[])


def _bibtex_values(paper: Paper) -> dict[str, str]:
    server = SERVERS.get(paper.server, "")
    return {
        "author": " and ".join(map(_bibtex_author, byline(paper))),
        "title": latex_title(paper.title),
        "howpublished": f"Preprint at {server}" if server else "Preprint",
        "publisher": server,
        "type": "preprint",
        "version": str(paper.version or ""),
        "doi": _verbatim(paper.doi),
        "url": _verbatim(url(paper)),
        "note": "; ".join(latex(note) for note in notes(paper)),
        "keywords": latex(", ".join(paper.keywords)),
        "license": paper.license,
        "abstract": latex(paper.abstract),
    }


def _bibtex_author(author: Author) -> str:
    if author.surname and not author.group:
        return ", ".join(latex_name(part) for part in (author.surname, author.given) if part)
    # braces keep "and" and commas of a collective in its name
    return f"{{{latex_name(author.group or author.name)}}}"


def _verbatim(address: str) -> str:
    # these fields are not typeset, and only a brace could end them
    return address.replace("{", "%7B").replace("}", "%7D")


# --- RIS --------------------------------------------------------------------------------------------------------------


class _Writer(rispy.RisWriter):
    def set_header(self, count: int) -> str:
        # its numbers before each entry are not of the format
        return ""


def ris(paper: Paper, key: str = "") -> str:
    """An entry of RIS, type `UNPB`, with the end that parts it from the next."""
    day = posted(paper)
    server = SERVERS.get(paper.server, "")
    entry = {
        "type_of_reference": "UNPB",
        "id": key or citation_key(paper),
        "title": paper.title,
        "authors": [_inverted(author) for author in byline(paper)],
        "year": day[:4],
        "date": f"{day.replace('-', '/')}/" if day else "",
        "publisher": server,
        "name_of_database": server,
        "type_of_work": "preprint",
        "edition": f"version {paper.version}" if paper.version else "",
        "doi": paper.doi,
        "urls": [url(paper)],
        "keywords": paper.keywords,
        "notes": [*notes(paper), *([f"License: {paper.license}"] if paper.license else [])],
        "abstract": paper.abstract,
    }
    return rispy.dumps([{name: _line(value) for name, value in entry.items() if value}], implementation=_Writer)


def _inverted(author: Author) -> str:
    if author.surname and not author.group:
        return ", ".join(filter(None, (author.surname, author.given)))
    return author.group or author.name


def _line(value: str | list[str]) -> str | list[str]:
    return " ".join(value.split()) if isinstance(value, str) else [" ".join(v.split()) for v in value]


# --- CSL-JSON ---------------------------------------------------------------------------------------------------------


def csl(paper: Paper, key: str = "") -> dict[str, Any]:
    """An item of CSL-JSON, type `article`, which CSL has for preprints."""
    day = posted(paper)
    item = {
        "id": key or citation_key(paper),
        "type": "article",
        "genre": "preprint",
        "title": paper.title,
        "author": list(map(_csl_author, byline(paper))),
        "issued": {"date-parts": [[int(part) for part in day.split("-")]]} if day else None,
        "publisher": SERVERS.get(paper.server, ""),
        "version": str(paper.version or ""),
        "DOI": paper.doi,
        "URL": url(paper),
        "keyword": ", ".join(paper.keywords),
        "note": "; ".join(notes(paper)),
        "abstract": paper.abstract,
    }
    return {name: value for name, value in item.items() if value}


def _csl_author(author: Author) -> dict[str, str]:
    if author.surname and not author.group:
        return {name: part for name, part in (("family", author.surname), ("given", author.given)) if part}
    return {"literal": author.group or author.name}
