"""The list of references on a full-text page, with the links that HighWire adds."""

from html import escape
from urllib.parse import quote

from tests.site.prose import Reference


def citation(article: str, number: int, reference: Reference) -> str:
    """One entry of the list of references; the links behind it hold what the entry does not say."""
    data = f' data-doi="{reference.doi}"' if reference.doi else ""
    metadata = f'<div class="cit-metadata"><cite>{entry(reference)}</cite></div>'
    return (
        f'<li><span class="ref-label">{number}.</span><a class="rev-xref-ref" href="#xref-ref-{number}-1" '
        f'title="View reference {number} in text" id="ref-{number}">↵</a><div class="cit ref-cit ref-{reference.kind}" '
        f'id="cit-{article}.{number}"{data}>{metadata}{_sprinkles(reference)}</div></li>'
    )


def _sprinkles(r: Reference) -> str:
    links = []
    if r.kind in ("journal", "preprint"):
        links.append(("openurl", f"{{openurl}}?query=rft.jtitle%253D{quote(r.source)}", "OpenUrl"))
    if r.doi:
        links.append(("doi", f"/lookup/external-ref?access_num={r.doi}&amp;link_type=DOI", "CrossRef"))
    if r.pmid:
        links.append(("medline", f"/lookup/external-ref?access_num={r.pmid}&amp;link_type=MED", "PubMed"))
    if r.kind in ("journal", "preprint", "book"):
        links.append(("google-scholar", "/lookup/google-scholar?link_type=googlescholar", "Google Scholar"))
    inner = "".join(
        f'<a href="{href}" class="cit-ref-sprinkles cit-ref-sprinkles-{kind}"><span>{word}</span></a>'
        for kind, href, word in links
    )
    return f'<div class="cit-extra">{inner}</div>' if inner else ""


def entry(r: Reference) -> str:
    """The marked-up text of a reference."""
    names = ", ".join(
        f'<span class="cit-auth"><span class="cit-name-surname">{escape(surname)}</span> '
        f'<span class="cit-name-given-names">{initials}</span></span>'
        for surname, initials in r.authors
    )
    title = f'<span class="cit-article-title">{r.title}</span>'.replace("*", "")
    year = f'<span class="cit-pub-date">{r.year}</span>'
    source = f'<span class="cit-source">{escape(r.source)}</span>'.replace("*", "")
    if r.kind == "journal":
        pages = f'<span class="cit-fpage">{r.first}</span>–<span class="cit-lpage">{r.last}</span>'
        journal = f'<abbr class="cit-jnl-abbrev">{escape(r.source)}</abbr>'
        return f'{names}. {title}. {journal}. {year};<span class="cit-vol">{r.volume}</span>:{pages}.'
    if r.kind == "website":
        return f'<span class="cit-auth cit-collab">{escape(r.collective)}</span>. {title}. {year}. <a href="{r.url}">{r.url}</a>'
    if r.kind == "book":
        return f"{names}. {source}. Westhaven: Invented Press; {year}."
    if r.kind == "other":
        plain = ", ".join(f"{surname} {initials}" for surname, initials in r.authors)
        return escape(f"{plain}. {r.title}. In preparation ({r.year}).".replace("*", ""), quote=False)
    return f"{names}. {title}. {source}, {year}."
