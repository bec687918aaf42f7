"""Front matter of JATS: what the paper is, when it was posted, under which licence, and its statements."""

import re
from collections.abc import Iterator

from biorxivist.categories import category_name
from biorxivist.items import Award, Block, Paper, Section
from biorxivist.licenses import RIGHTS_RESERVED, license_id
from biorxivist.readers.jats.text import footnote, passage, rich
from biorxivist.readers.jats.tree import HIGHWIRE, Element, first, link, plain
from biorxivist.readers.kinds import section_kind
from biorxivist.readers.notes import statement_kind
from biorxivist.readers.reading import Reading
from biorxivist.text import PARAGRAPH

PISA = re.compile(r"^(?P<server>\w+);(?P<suffix>.+)v(?P<version>\d+)$")
SERVERS = ("biorxiv", "medrxiv")
JOURNAL = ("journal-id", "journal-title", "abbrev-journal-title")
RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*")
REGISTRY = re.compile(r"^https?://(?:dx\.)?(?:doi|ror)\.org/")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
WITHDRAWN = re.compile(r"^\s*(?:\[?withdrawn|\[?retracted)\b", re.I)
# abstracts for others than the readers of the paper
BESIDE = ("graphical", "teaser", "toc", "plain-language-summary", "key-points", "highlights", "video")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_identity(article: Element, meta: Element, paper: Paper) -> str:
    """Fill DOI, version, server, address and dates; the address of the folder of the paper's files, empty if unknown."""
    ids = {
        (e.get("pub-id-type"), e.get(HIGHWIRE + "sub-type")): plain(e).strip() for e in meta.iterchildren("article-id")
    }
    pisa = PISA.match(ids.get(("other", "pisa"), ""))
    paper.doi = RESOLVER.sub("", ids.get(("doi", None), "").lower())
    paper.server = _server(article)
    paper.version = int(pisa["version"][:6]) if pisa else _version(meta)
    if paper.server and paper.doi and paper.version:
        paper.url = f"https://www.{paper.server}.org/content/{paper.doi}v{paper.version}"
    _read_dates(meta, paper)
    if pisa and paper.server and paper.posted:
        day = paper.posted.replace("-", "/")
        return f"https://www.{paper.server}.org/content/{paper.server}/early/{day}/{pisa['suffix']}"
    return ""


def _server(article: Element) -> str:
    # `front/journal-meta//…`: paths take lxml many times as long
    holders = (e for front in article.iterchildren("front") for e in front.iterchildren("journal-meta"))
    text = " ".join((e.text or "").lower() for holder in holders for e in holder.iter(*JOURNAL))
    return next((server for server in SERVERS if server in text), "")


def _version(meta: Element) -> int:
    for element in meta.iter("article-version"):
        # `1.N`; `N.1` in 2021; `N` at Europe PMC, beside a status in words
        numbers = [int(n) for n in plain(element).strip().split(".") if n.isdecimal() and len(n) < 7]
        if numbers:
            return numbers[1] if len(numbers) > 1 and numbers[0] == 1 else numbers[0]
    return 0


def _read_dates(meta: Element, paper: Paper) -> None:
    dates = {e.get("pub-type") or e.get("date-type") or "pub": _day(e) for e in meta.iter("pub-date")}
    history = {
        e.get("date-type"): _day(e)
        for tag in ("history", "pub-history")
        for holder in meta.iterchildren(tag)
        for e in holder.iter("date")
    }
    epub = dates.get("epub") or dates.get("pub") or dates.get("preprint") or history.get("preprint") or ""
    # documents of late 2021 have no full date but the receipt's, which is the same day
    received = dates.get("hwp-received") or ""
    paper.posted = dates.get("epub-version") or (epub if paper.version < 2 else "") or received
    paper.first_posted = epub
    paper.received = history.get("received") or dates.get("hwp-received") or ""
    if not paper.first_posted and paper.version == 1:
        paper.first_posted = paper.posted


def _day(element: Element) -> str:
    year, month, day = (plain(first(element, name)).strip() for name in ("year", "month", "day"))
    if month[:3].lower() in MONTHS:
        month = str(MONTHS.index(month[:3].lower()) + 1)
    if not (year.isdecimal() and month.isdecimal() and day.isdecimal()):
        start = element.get(HIGHWIRE + "start") or element.get("iso-8601-date") or ""
        return match[0] if (match := DAY.match(start)) else ""
    return f"{year:0>4}-{month:0>2}-{day:0>2}"


def read_about(meta: Element, paper: Paper, reading: Reading) -> None:
    """Fill title, abstract, category, type, licence, keywords and grants."""
    titles = first(meta, "title-group")
    if titles is not None:
        title, subtitle = (_title(first(titles, name), reading) for name in ("article-title", "subtitle"))
        colon = "" if title.rstrip()[-1:] in tuple(":?!.") else ":"
        paper.title = f"{title}{colon} {subtitle}" if title and subtitle else title or subtitle
    abstracts = [(e.get("abstract-type"), e) for e in meta.iterchildren("abstract")]
    if abstracts and all(kind for kind, _ in abstracts):
        abstracts = [(None, e) for kind, e in abstracts if kind not in BESIDE][:1]
    texts = (passage(e, reading, skip=("title", "label")).text for kind, e in abstracts if not kind)
    paper.abstract = PARAGRAPH.join(text for text in texts if text.strip())
    _read_categories(meta, paper)
    _read_permissions(meta, paper)
    for group in meta.iterchildren("kwd-group"):
        if group.get("kwd-group-type") not in ("abbreviations", "hwp-journal-coll"):
            paper.keywords += [word for e in group.iter("kwd", "compound-kwd") for word in _keywords(e, reading)]
    paper.awards = [award for group in meta.iter("award-group") for award in _awards(group)]


def _title(element: Element | None, reading: Reading) -> str:
    for mark in element.findall(".//xref") if element is not None and len(element) else ():
        # it points to a note
        mark.clear(keep_tail=True)
    return rich(element, reading)


def _keywords(element: Element, reading: Reading) -> Iterator[str]:
    parts = [rich(part, reading) for part in element.iterchildren("compound-kwd-part")]
    text = " ".join(parts) if parts else rich(element, reading)
    yield from (word for word in text.split(";") if word.strip())


def _read_categories(meta: Element, paper: Paper) -> None:
    holders = meta.iterchildren("article-categories")
    for group in (group for holder in holders for group in holder.iterchildren("subj-group")):
        subject = " ".join(plain(first(group, "subject")).lower().split())
        if group.get("subj-group-type") == "heading" and paper.server:
            # others than the servers have headings of their own
            paper.article_type = subject if subject.endswith("results") or subject == "withdrawn" else ""
        elif group.get("subj-group-type") == "hwp-journal-coll" and not paper.category:
            paper.category = category_name(subject)
    paper.withdrawn = paper.article_type == "withdrawn" or bool(WITHDRAWN.match(paper.title))


def _read_permissions(meta: Element, paper: Paper) -> None:
    permissions = first(meta, "permissions")
    if permissions is None:
        return
    paper.copyright = plain(first(permissions, "copyright-statement"))
    for element in permissions.iterchildren("license"):
        addresses = [link(element), *(plain(e) for e in element if str(e.tag).endswith("license_ref"))]
        addresses += map(link, element.iter("ext-link", "uri"))
        text = " ".join(element.itertext())
        paper.license = next(filter(None, map(license_id, [*addresses, text])), "")
        if paper.license:
            return
    paper.license = RIGHTS_RESERVED if license_id(paper.copyright) == RIGHTS_RESERVED else ""


def _awards(group: Element) -> Iterator[Award]:
    source = next(group.iterchildren("funding-source", "support-source"), None)
    funder = funder_id = ""
    if source is not None:
        funder_id = plain(next(source.iter("institution-id"), None)).strip() or link(source)
        funder = plain(next(source.iter("institution"), None)) or plain(source).replace(funder_id, "")
    for award in [plain(e).strip() for e in group.iterchildren("award-id")] or [""]:
        if funder or award:
            yield Award(" ".join(funder.split()), REGISTRY.sub("", funder_id), award)


# --- statements and footnotes of the byline ---------------------------------------------------------------------------


def read_statements(front: Element, meta: Element, paper: Paper, reading: Reading) -> None:
    """Fill statements from what stands beside the `article-meta` and the notes of the byline, and footnotes with the rest of these."""
    for notes in front.iterchildren("notes", "ack"):
        _read_notes(notes, paper, reading)
    _read_groups(front, reading)
    for group in meta.iterchildren("author-notes"):
        for note in group.iterchildren("fn"):
            read_note(note, "", reading)
    # some documents say in their mark-up of grants what they said in a note
    said = {statement.blocks[0].text.strip() for statement in paper.statements}
    for element in meta.iter("funding-statement"):
        if (text := rich(element, reading).strip()) not in said:
            _add_statement("", "funding", text, paper)


def _read_notes(notes: Element, paper: Paper, reading: Reading) -> None:
    title = rich(first(notes, "title"), reading)
    kind = section_kind(title, notes.get("notes-type") or notes.get("sec-type") or "")
    kind = "acknowledgements" if notes.tag == "ack" else kind
    _add_statement(title, kind, passage(notes, reading, skip=("title", "notes", "fn-group", "sec")).text, paper)
    for inner in notes.iterchildren("notes", "sec"):
        _read_notes(inner, paper, reading)
    _read_groups(notes, reading)


def _read_groups(holder: Element, reading: Reading) -> None:
    for group in holder.iterchildren("fn-group"):
        heading = rich(first(group, "title"), reading)
        for note in group.iterchildren("fn"):
            read_note(note, heading, reading)


def read_note(note: Element, title: str, reading: Reading) -> None:
    """Add a note to the paper's statements if its type, the title of its group or its beginning tells that it is one, else to its footnotes."""
    text = footnote(note, reading)
    if kind := statement_kind(note.get("fn-type") or "", title, text):
        _add_statement(title, kind, text, reading.paper)
    elif text:
        reading.paper.footnotes.append(text)


def _add_statement(title: str, kind: str, text: str, paper: Paper) -> None:
    if text.strip():
        paper.statements.append(Section(title=title, kind=kind, blocks=[Block("paragraph", text)]))
