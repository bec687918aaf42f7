"""Papers and searches as HTML for notebooks: no script, nothing fetched, every string escaped."""

from collections.abc import Iterable
from html import escape

from biorxivist.identifiers import SITES, landing_url
from biorxivist.items import Author, Paper, Section
from biorxivist.text import caption

STYLE = """<style>
.brx{font:14px/1.5 system-ui,sans-serif;max-width:52rem;color:inherit}
.brx h3{font-size:1.25em;line-height:1.3;margin:.2em 0 .3em}.brx h3 a,.brx li a{color:inherit;text-decoration-color:#b5121b}
.brx p{margin:.4em 0}.brx .by{opacity:.75}
.brx .tag{display:inline-block;border:1px solid currentColor;border-radius:1em;padding:0 .7em;margin:0 .35em .35em 0;font-size:.85em;opacity:.8}
.brx .tag.bad{color:#b5121b;font-weight:600;opacity:1}
.brx details{border-top:1px solid rgba(128,128,128,.35);padding:.3em 0}.brx summary{cursor:pointer;font-weight:600}
.brx details details{margin-left:1.2em}.brx summary small{font-weight:400;opacity:.65}
.brx ol{padding-left:1.8em;margin:.3em 0}.brx li{margin:.25em 0}
</style>"""
MANY_AUTHORS = 12


def paper_card(paper: Paper) -> str:
    """A paper: title, byline, what it is, abstract, and its sections, figures and tables to unfold."""
    parts = [
        f"<h3>{title_link(paper)}</h3>",
        f'<p class="by">{byline(paper.authors)}</p>' if paper.authors else "",
        f"<p>{''.join(tags(paper))}</p>",
        *(f"<p>{escape(p)}</p>" for p in paper.abstract.split("\n\n") if p),
        *map(section, paper.sections),
        captions("Figures", paper.figures),
        captions("Tables", paper.tables),
        references(paper),
    ]
    return f'{STYLE}<div class="brx">{"".join(parts)}</div>'


def result_list(heading: str, papers: Iterable[Paper]) -> str:
    """The papers of a search, a line each."""
    lines = "".join(
        f'<li>{title_link(p)}<br><span class="by">{byline(p.authors)}{" · " if p.authors else ""}{escape(p.posted or p.first_posted)}</span></li>'
        for p in papers
    )
    return f'{STYLE}<div class="brx"><p>{escape(heading)}</p><ol>{lines}</ol></div>'


def title_link(paper: Paper) -> str:
    """The title, linked to the landing page."""
    base = SITES.get(paper.server)
    url = landing_url(base, paper.doi, paper.version or None) if base else f"https://doi.org/{paper.doi}"
    return f'<a href="{escape(url)}">{escape(paper.title or paper.doi)}</a>'


def byline(authors: list[Author]) -> str:
    """Names of the authors, of many the first and the last."""
    names = [escape(a.name) for a in authors]
    if len(names) > MANY_AUTHORS:
        names = [*names[: MANY_AUTHORS - 2], f"… {len(names) - MANY_AUTHORS + 1} more …", names[-1]]
    return ", ".join(names)


def tags(paper: Paper) -> Iterable[str]:
    """What the paper is, in a word or two each."""
    if paper.withdrawn:
        yield '<span class="tag bad">withdrawn</span>'
    version = f"version {paper.version}" + (f" of {len(paper.versions)}" if paper.versions else "")
    published = f"published: {paper.published_doi}" if paper.published_doi else ""
    facts = [paper.server, version if paper.version else "", paper.posted, paper.category, paper.license, published]
    facts.append({"full_text": f"full text from {paper.source}", "abstract": "abstract only"}.get(paper.coverage, ""))
    for fact in filter(None, facts):
        yield f'<span class="tag">{escape(fact)}</span>'


def section(part: Section) -> str:
    """A section to unfold, nested ones inside."""
    blocks = "".join(f"<p>{escape(b.text)}</p>" for b in part.blocks if b.text)
    words = sum(len(b.text.split()) for b in part.blocks)
    size = f" <small>{words:,} words</small>" if words else ""
    inner = "".join(map(section, part.sections))
    return f"<details><summary>{escape(part.title or part.kind)}{size}</summary>{blocks}{inner}</details>"


def captions(heading: str, floats: list) -> str:
    """Captions of figures or tables to unfold."""
    if not floats:
        return ""
    lines = "".join(f"<p>{escape(' '.join(caption(f)))}</p>" for f in floats)
    return f"<details><summary>{heading} <small>{len(floats)}</small></summary>{lines}</details>"


def references(paper: Paper) -> str:
    """The list of references to unfold."""
    if not paper.references:
        return ""
    lines = "".join(f"<li>{reference_text(r.text, r.doi)}</li>" for r in paper.references)
    count = f"<small>{len(paper.references)}</small>"
    return f"<details><summary>References {count}</summary><ol>{lines}</ol></details>"


def reference_text(text: str, doi: str) -> str:
    """A reference, with its DOI as a link."""
    link = f' <a href="https://doi.org/{escape(doi)}">{escape(doi)}</a>' if doi else ""
    return escape(text) + link
