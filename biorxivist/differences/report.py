"""Differences for people: as text for a terminal, as one page of HTML."""

from collections import Counter
from collections.abc import Iterator
from html import escape

from biorxivist.differences import Difference
from biorxivist.differences.words import GAP, NEW, OLD, SAME, marked
from biorxivist.items import Paper

SHORT = 400
"""Characters of an added or removed text that a terminal is shown."""
PLAIN = {SAME: ("", ""), GAP: ("", ""), OLD: ("[-", "-]"), NEW: ("{+", "+}")}
COLOURED = {SAME: ("", ""), GAP: ("", ""), OLD: ("\033[31m[-", "-]\033[0m"), NEW: ("\033[32m{+", "+}\033[0m")}
TAGS = {SAME: ("", ""), GAP: ("<i>", "</i>"), OLD: ("<del>", "</del>"), NEW: ("<ins>", "</ins>")}
LABELS = {
    "license": "licence",
    "article_type": "article type",
    "published_doi": "journal version",
    "first_posted": "first posted",
}
PLURALS = {"category": "categories"}


def heading(old: Paper, new: Paper) -> str:
    """One line that says what was compared."""
    if old.doi != new.doi:
        return f"{_named(old)} → {_named(new)}"
    return f"{old.doi} {_version(old)} → {_version(new)}"


def _named(paper: Paper) -> str:
    return f"{paper.doi or paper.title[:60]} {_version(paper)}".strip()


def _version(paper: Paper) -> str:
    told = ", ".join(filter(None, (paper.posted, paper.source)))
    return f"v{paper.version} ({told})" if told else f"v{paper.version}"


def summary(differences: list[Difference]) -> str:
    """One line that counts the differences by part: `title changed, 3 sections changed, 2 references added`."""
    counts = Counter((d.part, d.kind) for d in differences)
    told = [
        f"{_label(part)} {kind}" if count == 1 else f"{count} {PLURALS.get(part, part + 's')} {kind}"
        for (part, kind), count in counts.items()
    ]
    return ", ".join(told) or "no differences"


def _label(part: str) -> str:
    return LABELS.get(part, part)


# --- text -------------------------------------------------------------------------------------------------------------


def as_text(old: Paper, new: Paper, differences: list[Difference], limit: int = 0, colour: bool = False) -> str:
    """The differences as lines; of many only the first `limit`, 0 is all."""
    shown = differences[:limit] if limit else differences
    lines = [heading(old, new), f"  {summary(differences)}", *(line for d in shown for line in _lines(d, colour))]
    if rest := len(differences) - len(shown):
        lines.append(f"… and {rest} more")
    return "\n".join(lines) + "\n"


def _lines(difference: Difference, colour: bool) -> Iterator[str]:
    yield ""
    yield f"{_label(difference.part)} {difference.name}".strip() + f" {difference.kind}"
    style = COLOURED if colour else PLAIN
    for line in "".join(_runs(difference, style)).split("\n"):
        if line.strip():
            yield f"    {line.strip()}"


def _runs(difference: Difference, style: dict[str, tuple[str, str]]) -> Iterator[str]:
    if difference.kind == "changed":
        runs = marked(difference.old, difference.new)
    else:
        text = difference.old or difference.new
        runs = [
            (OLD if difference.old else NEW, text if len(text) <= SHORT else text[:SHORT].rpartition(" ")[0] + " …")
        ]
    for mark, text in runs:
        before, after = style[mark]
        # a mark that spans paragraphs begins anew in each
        yield "\n\n".join(_marked(part, before, after) for part in text.split("\n\n"))


def _marked(text: str, before: str, after: str) -> str:
    bare = text.rstrip()
    return f"{before}{bare}{after}{text[len(bare) :]}" if bare else text


# --- HTML -------------------------------------------------------------------------------------------------------------

STYLE = """body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}h1{font-size:1.4em}
h2{font-size:1.05em;border-top:1px solid #ddd;padding-top:1em;margin-bottom:.3em}h2 small,.sum{color:#666;font-weight:normal}
ins{background:#dcf5dc;text-decoration:none}del{background:#fbe0e0;color:#844}i{color:#888}p{margin:.4em 0}
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}ins{background:#1d4020}del{background:#4a2020;color:#e0a0a0}h2{border-color:#444}}"""


def as_html(pairs: list[tuple[Paper, Paper, list[Difference]]]) -> str:
    """A page of its own with the differences of one or several pairs, removed words struck out, added ones marked."""
    title = heading(*pairs[0][:2]) if len(pairs) == 1 else f"{len(pairs)} papers compared"
    body = "\n".join(part for pair in pairs for part in _article(*pair))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<style>{STYLE}</style></head><body>
{body}
</body></html>
"""


def _article(old: Paper, new: Paper, differences: list[Difference]) -> Iterator[str]:
    link = f' <a href="{escape(new.url)}">{escape(new.doi)}</a>' if new.url.startswith("https://") else ""
    yield f"<h1>{escape(new.title or old.title)}</h1>"
    yield f'<p class="sum">{escape(heading(old, new))}{link}<br>{escape(summary(differences))}</p>'
    for difference in differences:
        name = f": {escape(difference.name)}" if difference.name else ""
        yield f"<h2>{escape(_label(difference.part)).capitalize()}{name} <small>{difference.kind}</small></h2>"
        yield f"<p>{_html(difference)}</p>"


def _html(difference: Difference) -> str:
    if difference.kind == "changed":
        runs = marked(difference.old, difference.new)
    else:
        runs = [(OLD if difference.old else NEW, difference.old or difference.new)]
    return "".join(
        "</p><p>".join(_marked(escape(part).replace("\n", "<br>"), *TAGS[mark]) for part in text.split("\n\n"))
        for mark, text in runs
    )
