"""The landing page of bioRxiv and medRxiv to a `Paper`: what is known of a paper beside its text."""

from collections.abc import Iterator

from biorxivist.items import Award, Block, Paper, Section
from biorxivist.licenses import license_id
from biorxivist.readers.kinds import section_kind
from biorxivist.readers.notes import statement_kind
from biorxivist.readers.page.body import blocks_of, build, footnote, notes_of
from biorxivist.readers.page.front import read_abstract, read_front, take_view
from biorxivist.readers.page.history import read_history
from biorxivist.readers.page.links import read_links
from biorxivist.readers.page.meta import RESOLVER, read_tags
from biorxivist.readers.page.text import rich
from biorxivist.readers.page.tree import Element, classes, first_of_class, of_class, parse_page, words
from biorxivist.readers.reading import Reading
from biorxivist.readers.strict import any_bytes
from biorxivist.text import clean

HEADINGS = ("h2", "h3", "h4")
FLOW = ("p", "ul", "ol", "dl", "blockquote")


@any_bytes
def read_landing(body: bytes) -> Paper:
    """The paper of a landing page, without sections, its strings as marked up (`biorxivist.text.clean_paper` cleans them).

    Raises `MalformedDocument` for any other page, one that is cut off or nested too deep.
    """
    root = parse_page(body)
    reading = Reading(Paper(source="landing"))
    view = take_view(root)
    read_front(root, read_tags(root, body), reading)
    _read_license(root, reading.paper)
    read_history(root, reading.paper)
    if view is not None:
        reading.paper.abstract = read_abstract(view, reading)
        reading.paper.mentions = read_links(view)
        reading.paper.statements = list(_statements(view, reading))
        reading.paper.awards = _awards(view) or reading.paper.awards
    return reading.paper


@any_bytes
def has_full_text(body: bytes) -> bool:
    """Whether the site has a full text of the paper, as any page of the paper tells: by its tab and the link to the text.

    Raises `MalformedDocument` as `read_landing` does.
    """
    root = parse_page(body)
    read_tags(root, body)
    tab = any(e.get("data-trigger") == "full-text" for e in of_class(root, "a", "panels-ajax-tab-tab"))
    return tab and any(e.get("rel") == "alternate" and e.get("type") == "text/plain" for e in root.iter("link"))


def _read_license(root: Element, paper: Paper) -> None:
    statement = first_of_class(root, "span", "license-type")
    if statement is None:
        return
    addresses = [e.get("href") or "" for e in statement.iter("a")]
    paper.license = next(filter(None, map(license_id, [*addresses, words(statement)])), paper.license)


# --- statements -------------------------------------------------------------------------------------------------------


def _statements(view: Element, reading: Reading) -> Iterator[Section]:
    """Statements below the abstract: a heading with what follows it, sections, and notes that state something."""
    current: Section | None = None
    for child in view.iterchildren(*HEADINGS, *FLOW, "div"):
        if child.tag in FLOW and current:
            current.blocks += blocks_of(child, set(), reading)
            continue
        if current:
            yield current
            current = None
        if child.tag == "div":
            yield from _part(child, set(classes(child)), reading)
        else:
            title = rich(child, reading).strip() if child.tag in HEADINGS else ""
            current = Section(title=title, kind=section_kind(title))
            current.blocks += blocks_of(child, set(), reading) if child.tag in FLOW else []
    if current:
        yield current


def _part(part: Element, names: set[str], reading: Reading) -> Iterator[Section]:
    if "fn-group" in names:
        yield from _notes(part, reading)
    elif "section" in names and "abstract" not in names:
        yield build(part, names, 1, reading)


def _notes(group: Element, reading: Reading) -> Iterator[Section]:
    for item in notes_of(group):
        text = footnote(item, reading)
        types = [name[3:] for name in classes(item) if name.lower().startswith("fn-")] or [""]
        if text and (kind := next(filter(None, (statement_kind(type, "", text) for type in types)), "")):
            yield Section(item.get("id") or "", kind=kind, blocks=[Block("paragraph", text)])
        elif text:
            reading.paper.footnotes.append(text)


# --- grants -----------------------------------------------------------------------------------------------------------


def _awards(view: Element) -> list[Award]:
    awards: list[Award] = []
    for group in of_class(view, "div", "award-group"):
        source = first_of_class(group, "span", "funding-source")
        funder_id = words(first_of_class(source, "span", "institution-id")) if source is not None else ""
        funder = clean(words(source).replace(funder_id, "")).strip(" ,;")
        numbers = [words(e).strip(" ,;") for e in of_class(group, "span", "award-id")]
        awards += [Award(funder, RESOLVER.sub("", funder_id), number) for number in numbers or [""]]
    return awards
