"""What differs between two items: two versions of a paper, or one version read from two sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from biorxivist.differences.matching import Entry, flat, match_entries, match_sections
from biorxivist.items import Author, Figure, Paper, Reference, Section


@dataclass(slots=True)
class Difference:
    """One part of a paper that is not in both as it is in one."""

    part: str
    """`title`, `abstract`, `section`, `figure`, `reference`, `license`, …: the field of `Paper`, its singular for a list."""
    kind: str
    """`added`, `removed` or `changed`."""
    name: str = ""
    """Which one: the headings of a section, the label of a figure; of one that is called otherwise now, both."""
    old: str = ""
    """Text before; paragraphs are separated by a blank line."""
    new: str = ""
    """Text after."""


# fields that are one text; those of a date differ between versions by their nature
TEXTS = (
    "title", "abstract", "category", "article_type", "license", "copyright", "published_doi", "withdrawn", "received",
    "first_posted", "coverage",
)  # fmt: skip
OF_A_VERSION = ("server", "posted")


def compare(old: Paper, new: Paper) -> list[Difference]:
    """The differences of two cleaned papers in the order of a paper; addresses, ids and what a run noted do not count."""
    same_version = (old.doi, old.version) == (new.doi, new.version)
    return [
        *_texts(old, new, TEXTS + OF_A_VERSION if same_version else TEXTS),
        *_listed("author", _authors(old), _authors(new)),
        *_listed("keyword", map(_entry, old.keywords), map(_entry, new.keywords)),
        *_sections("section", old.sections, new.sections),
        *_sections("statement", old.statements, new.statements),
        *_listed("figure", map(_float, old.figures), map(_float, new.figures)),
        *_listed("table", map(_float, old.tables), map(_float, new.tables)),
        *_listed("formula", *([Entry("", f.label, f.tex) for f in p.formulas if f.tex] for p in (old, new))),
        *_listed("footnote", map(_entry, old.footnotes), map(_entry, new.footnotes)),
        *_listed("supplement", *([Entry(s.label, s.label, s.title or s.label) for s in p.supplements] for p in (old, new))),
        *_listed("award", *([_entry(f"{a.funder} {a.award}".strip()) for a in p.awards] for p in (old, new))),
        *_listed("mention", *([Entry(m.id, "", f"{m.kind} {m.id}") for m in p.mentions] for p in (old, new))),
        *_listed("reference", map(_reference, old.references), map(_reference, new.references)),
    ]  # fmt: skip


def _texts(old: Paper, new: Paper, names: tuple[str, ...]) -> Iterator[Difference]:
    for name in names:
        before, after = (_text(getattr(paper, name)) for paper in (old, new))
        if before != after:
            yield Difference(name, _kind(before, after), "", before, after)


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else "yes" if value else ""


def _kind(old: str, new: str) -> str:
    return "changed" if old and new else "added" if new else "removed"


# --- lists ------------------------------------------------------------------------------------------------------------


def _listed(part: str, old: Iterator[Entry], new: Iterator[Entry]) -> Iterator[Difference]:
    for before, after in match_entries(list(old), list(new)):
        if before is None or after is None or before.text != after.text:
            texts = [entry.text if entry else "" for entry in (before, after)]
            kind = "added" if before is None else "removed" if after is None else "changed"
            yield Difference(part, kind, _called(*(entry.name if entry else None for entry in (before, after))), *texts)


def _called(old: str | None, new: str | None) -> str:
    return (old or new or "") if old is None or new is None or old == new else f"{old} → {new}"


def _entry(text: str) -> Entry:
    return Entry(text.casefold(), "", text)


def _authors(paper: Paper) -> list[Entry]:
    places = {a.id: a.text for a in paper.affiliations}
    return [Entry(a.name.casefold(), "", _author(a, places)) for a in paper.authors]


def _author(author: Author, places: dict[str, str]) -> str:
    marks = [
        author.orcid,
        "corresponding" if author.corresponding else "",
        *(places.get(id, "") for id in author.affiliations),
    ]
    return "; ".join(filter(None, (author.name, *marks)))


def _float(entry: Figure) -> Entry:
    head = " ".join(filter(None, (entry.label, entry.title)))
    rows = [" | ".join(row) for row in getattr(entry, "rows", ())]
    return Entry(
        entry.label.casefold(), entry.label.rstrip(" .:|"), "\n\n".join(filter(None, (head, entry.caption, *rows)))
    )


IDS = re.compile(r"\s*\b(?:doi|PMID):\s?\S+", re.I)


def _reference(entry: Reference) -> Entry:
    key = entry.doi or re.sub(r"\W+", " ", f"{entry.title or entry.text} {entry.year}").strip().casefold()
    # JATS prints ids that a page has behind links, and a page has links that JATS has not
    return Entry(key, "", IDS.sub("", entry.text).rstrip())


# --- sections ---------------------------------------------------------------------------------------------------------


def _sections(part: str, old: list[Section], new: list[Section]) -> Iterator[Difference]:
    for before, after in match_sections(list(flat(old)), list(flat(new))):
        names = [entry.name if entry else None for entry in (before, after)]
        texts = [entry.text if entry else "" for entry in (before, after)]
        if before is None or after is None:
            yield Difference(part, "added" if before is None else "removed", _called(*names), *texts)
        elif texts[0] != texts[1] or names[0] != names[1]:
            yield Difference(part, "changed", _called(*names), *texts)
