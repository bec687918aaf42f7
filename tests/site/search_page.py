"""The sites' own search pages, which robots.txt disallows."""

import re
from html import escape
from urllib.parse import quote, unquote

from tests.site import chrome
from tests.site.catalogue import Catalogue, Holding
from tests.site.definitions import NAMES

KEY = re.compile(r"^([a-z_0-9]+):(.*)$")


def search_page(catalogue: Catalogue, server: str, query: str, page: int) -> bytes:
    """One page of results for the part of an address behind `/search/`."""
    query = unquote(query)
    options = {m[1]: m[2] for part in query.split(" ") if (m := KEY.match(part))}
    terms = " ".join(part for part in query.split(" ") if part and not KEY.match(part)).replace("+", " ")
    wanted = options.get("jcode", server).split("||")
    words = terms.lower().split()
    found = [h for h in catalogue.latest() if h.server in wanted and all(w in h.words for w in words)]
    first, last = options.get("limit_from", ""), options.get("limit_to", "9")
    found = [h for h in found if first <= h.posted <= last]
    if "ascending" in options.get("direction", ""):
        found.reverse()
    size = int(options.get("numresults", "10"))
    shown = found[page * size : (page + 1) * size]
    address = f"/search/{quote(query)}"
    last = max(0, (len(found) - 1) // size)
    return _page(server, terms, found, shown, _pager(address, page, last))


def _page(server: str, terms: str, found: list[Holding], shown: list[Holding], pager: str) -> bytes:
    total = f"{len(found):,} Results" if found else "No Results"
    items = "".join(_item(h, n) for n, h in enumerate(shown))
    listing = f'<ul class="highwire-search-results-list">{items}</ul>{pager}' if shown else "No results found"
    main = (
        '<div class="panel-pane pane-highwire-search-token-summary pane-page-title"><div class="pane-content">'
        f'<div class="highwire-search-summary" id="search-summary-wrapper"><h1 id="page-title">\n{total}</h1>\n</div></div></div>'
        '<div class="highwire-search-summary" id="search-summary-wrapper--2">'
        f"<p>for term &quot;{escape(terms)}&quot;</p></div>"
        '<select class="hw-search-tool-numresults form-select" name="numresults"><option value="10">10</option>'
        '<option value="25">25</option><option value="50">50</option><option value="75">75</option></select>'
        f'<div class="highwire-search-results highwire-article-citation-list no-show-abstract">{listing}</div>'
    )
    script = f"<script>window.googleanalytics_search_results = {len(found)};</script>\n" if found else ""
    return chrome.whole(NAMES[server], "Search", script, main, "").encode()


def _item(holding: Holding, number: int) -> str:
    name = NAMES[holding.server]
    people = ", ".join(_author(n, author) for n, author in enumerate(holding.authors))
    sequence = f'data-seqnum="{number}" ' if number else ""
    title = f'<span class="highwire-cite-title">{escape(holding.title)}</span>'
    return (
        f'<li class="{"first " if not number else ""}{"even" if number % 2 else "odd"} search-result result-jcode-{holding.server} '
        'search-result-highwire-citation"><div class="highwire-article-citation highwire-citation-type-highwire-article" '
        f'data-pisa="{holding.pisa}" data-pisa-master="{holding.server};{holding.id}" {sequence}data-apath="{holding.apath}">'
        '<div class="highwire-cite highwire-cite-highwire-article highwire-citation-biorxiv-article-pap-list clearfix">\n'
        f'<span class="highwire-cite-title">\n<a href="/content/{holding.doi}v{holding.version}" class="highwire-cite-linked-title" '
        f'data-icon-position="" data-hide-link-title="0">{title}</a>    </span>\n'
        f'<div class="highwire-cite-authors"><span class="highwire-citation-authors">{people}</span></div>\n'
        f'<div class="highwire-cite-metadata"><span class="highwire-cite-metadata-journal highwire-cite-metadata">{name} </span>'
        f'<span class="highwire-cite-metadata-pages highwire-cite-metadata">{holding.id}; </span>'
        '<span class="highwire-cite-metadata-doi highwire-cite-metadata"><span class="doi_label">doi:</span> '
        f"https://doi.org/{holding.doi} </span></div>\n</div>\n</div></li>"
    )


def _author(number: int, author: tuple[str, str]) -> str:
    given, surname = author
    inner = f'<span class="nlm-given-names">{given}</span> <span class="nlm-surname">{surname}</span>'
    if not given:
        inner = f'<span class="nlm-collab">{surname}</span>'
    return (
        f'<span class="highwire-citation-author{" first" if not number else ""}" data-delta="{number}">{inner}</span>'
    )


def _pager(address: str, page: int, last: int) -> str:
    if not last:
        return ""

    def link(to: int) -> str:
        return f"{address}?page={to}" if to else address

    steps = ""
    if page:
        steps += f'<li class="pager-previous first odd"><a href="{link(page - 1)}" class="link-icon">Previous</a></li>'
    if page < last:
        steps += f'<li class="pager-next last odd"><a href="{link(page + 1)}" class="link-icon link-icon-after">Next</a></li>'
    around = range(max(0, page - 2), min(last, page + 4) + 1)
    items = "".join(
        f'<li class="pager-current">{n + 1}</li>'
        if n == page
        else f'<li class="pager-item"><a title="Go to page {n + 1}" href="{link(n)}">{n + 1}</a></li>'
        for n in around
    )
    if around[-1] < last:
        items += f'<li class="pager-ellipsis even">…</li><li class="pager-last last"><a href="{link(last)}">{last + 1}</a></li>'
    return (
        f'<div class="pager-wrapper"><ul class="pager pager-items-last">{steps}</ul>'
        f'<ul class="pager pager-items">{items}</ul></div>'
    )
