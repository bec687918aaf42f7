"""What is fuzzed: each reader with documents of ours to begin with, and the errors that it may raise."""

import functools
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from biorxivist.chunks import chunk_paper, place_text, places
from biorxivist.differences import compare
from biorxivist.differences.report import as_html, as_text
from biorxivist.errors import UserError
from biorxivist.feed import read_feed, to_json
from biorxivist.identifiers import normalize_doi, parse_preprint
from biorxivist.items import Paper
from biorxivist.licenses import license_id
from biorxivist.lists import read_list
from biorxivist.mentions import find_mentions
from biorxivist.readers.jats import read_jats
from biorxivist.readers.leftovers import mend_abstract
from biorxivist.readers.meca import read_meca
from biorxivist.readers.page import has_full_text, read_landing, read_page
from biorxivist.readers.record import read_interval, read_record
from biorxivist.readers.results import read_results
from biorxivist.readers.search_page import read_search_page
from biorxivist.readers.strict import MalformedDocument, json_object
from biorxivist.text import clean, clean_paper
from tests.fuzz.mutations import damaged, damaged_json
from tests.invented_pages import ABSTRACT, ENTRY, FIGURE, TABLE, cite, page, references, section
from tests.test_jats import DOCUMENT, FLOW
from tests.test_meca import FILES, archive
from tests.test_mentions import NAMED

PAGES = Path(__file__).parent.parent / "pages"
SECONDS, MEGABYTES = 1.0, 512


@dataclass(frozen=True, slots=True)
class Target:
    """A reader under test."""

    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    errors: tuple[type[Exception], ...] = (MalformedDocument,)
    damage: Callable[[bytes, list[bytes], Random], bytes] = damaged

    def document(self, chance: Random) -> bytes:
        """A damaged document."""
        seeds = self.seeds()
        return self.damage(chance.choice(seeds), seeds, chance)

    def outcome(self, body: bytes) -> str:
        """`read`, or the name of the reader's own error; any other error comes through."""
        try:
            self.read(body)
        except self.errors as error:
            return type(error).__name__ if "\n" not in str(error) else f"{type(error).__name__} of several lines"
        return "read"


# --- what is called ---------------------------------------------------------------------------------------------------


def _page(body: bytes) -> None:
    clean_paper(read_page(body))
    has_full_text(body)


def _identifiers(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    normalize_doi(text)
    license_id(text)
    parse_preprint(text)


def _texts(body: bytes) -> None:
    text = (
        body.decode("utf-8", "surrogatepass" if b"\xed" in body else "replace")
        if _decodes(body)
        else body.decode("latin-1")
    )
    cleaned = clean(text)
    assert "\n" in cleaned or clean(cleaned) == cleaned
    find_mentions(Paper(abstract=cleaned))
    mend_abstract(text)


def _decodes(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@functools.cache
def _file(name: str) -> Path:
    return Path(tempfile.mkdtemp()) / name


def _feed(body: bytes) -> None:
    path = _file("papers.jsonl")
    # a line that is cut off is left out, which would be most of what is tried
    path.write_bytes(body + b"\n")
    for paper in read_feed(path):
        to_json(paper)


def _list(body: bytes) -> None:
    path = _file("papers.txt")
    path.write_bytes(body)
    read_list(str(path))


def _formats(body: bytes) -> None:
    """What is made of a paper: passages, differences."""
    paper = clean_paper(read_jats(body))
    texts = {place.name: place.text for place in places(paper)}
    for number, chunk in enumerate(chunk_paper(paper)):
        name = chunk.id.rpartition("#")[2].partition(":")[0]
        assert texts[name][chunk.start : chunk.end] == chunk.text
        # it looks through all places, which is bearable for the chunks of an answer
        assert number > 50 or place_text(paper, chunk) == texts[name]
    other = _paper()
    differences = compare(other, paper)
    assert as_text(other, paper, differences)
    assert as_html([(other, paper, differences)])


@functools.cache
def _paper() -> Paper:
    return clean_paper(read_jats(_jats()[0]))


# --- documents --------------------------------------------------------------------------------------------------------


@functools.cache
def _jats() -> list[bytes]:
    return [(DOCUMENT % FLOW).encode(), *_of("jats-site.xml", "jats-meca.xml", "europepmc.xml")]


@functools.cache
def _archives() -> list[bytes]:
    return [archive(FILES).getvalue(), archive(FILES, "more/").getvalue()]


@functools.cache
def _pages() -> list[bytes]:
    content = f"<p>Pots {cite(1)}</p>{FIGURE}{TABLE}<ul class='list-simple'><li>x</li></ul>"
    own = page(ABSTRACT + section("Results", content) + references(ENTRY))
    return [own, own, *_of("page.html")]


@functools.cache
def _landing() -> list[bytes]:
    return [page(ABSTRACT, kind="abstract-view"), *_of("landing.html")]


@functools.cache
def _records() -> list[bytes]:
    return _of("record.json")


@functools.cache
def _results() -> list[bytes]:
    return _of("results.json")


@functools.cache
def _search_pages() -> list[bytes]:
    return [SEARCH_PAGE]


@functools.cache
def _words() -> list[bytes]:
    sentences = [text.encode() for _, _, text in NAMED]
    return [
        *sentences,
        b" ".join(sentences),
        "10⁶ cells (CO₂), p < 0.05 ; see O_FIG [&ge;] {beta}\u2028x\u2029y".encode(),
    ]


@functools.cache
def _names() -> list[bytes]:
    return [
        b"10.1101/2023.10.19.563100v2", b"https://www.biorxiv.org/content/10.1101/2023.10.19.563100v1.full-text", b"doi: 10.64898/2026.04.08.716779",
        b"https://doi.org/10.1101%2F001263", b"biorxiv;2020.01.16.908814v1", b"https://www.medrxiv.org/content/medrxiv/early/2020/04/01/2020.03.30.20047720.full.pdf",
        b"This article is made available under a CC-BY-NC-ND 4.0 International license http://creativecommons.org/licenses/by/4.0/",
    ]  # fmt: skip


@functools.cache
def _feeds() -> list[bytes]:
    return [to_json(clean_paper(read_jats(body))) for body in _jats()[:6]]


def _of(*names: str) -> list[bytes]:
    found = [path.read_bytes() for name in names for path in sorted(PAGES.glob(f"*/{name}"))]
    assert found, names
    return found


RESULT = b"""<div class="highwire-article-citation" data-pisa="biorxiv;2021.03.04.433999v2" data-apath="/biorxiv/early/2021/03/05/2021.03.04.433999.atom">
<a href="/content/10.1101/2021.03.04.433999v2" class="highwire-cite-linked-title"><span>The boiling of <i>teapots</i></span></a>
<span class="highwire-citation-author"><span class="nlm-given-names">Ada</span> <span class="nlm-surname">Quill</span></span>
<span class="highwire-cite-metadata-doi">doi: https://doi.org/10.1101/2021.03.04.433999</span></div>"""
LISTS = [
    b"# read next\n10.1101/001263\nhttps://www.biorxiv.org/content/10.1101/2023.10.19.563100v1\ndoi:10.64898/2026.04.08.716779\n",
    b"Title,DOI,Publisher\n\"A, b\",10.1101/001263,bioRxiv\nC,10.1000/x,Other\n",
    b"TY  - JOUR\nTI  - Pots\nDO  - 10.1101/001263\nPB  - bioRxiv\nER  - \n\nTY  - JOUR\nDO  - 10.1000/x\nER  - \n",
    b"@article{quill2021,\n title = {Pots {CO}$_2$},\n doi = {10.1101/001263},\n publisher = {bioRxiv}\n}\n@comment{x}\n@string{a = {b}}\n",
]  # fmt: skip
SEARCH_PAGE = b"""<!DOCTYPE html><html><head><title>Search</title></head><body><div class="highwire-search-summary">1,234 Results</div>
<div class="highwire-search-results">%s</div><ul class="pager"><li class="pager-next"><a href="/search/x?page=2">Next</a></li></ul></body></html>""" % (
    RESULT * 3
)

TARGETS = {
    "jats": Target(lambda body: clean_paper(read_jats(body)), _jats),
    "meca": Target(lambda body: clean_paper(read_meca(io.BytesIO(body))), _archives),
    "page": Target(_page, _pages),
    "landing": Target(lambda body: clean_paper(read_landing(body)), _landing),
    "record": Target(lambda body: [clean_paper(p) for p in read_record(json_object(body)).papers], _records, damage=damaged_json),
    "interval": Target(lambda body: read_interval(json_object(body)), _records, damage=damaged_json),
    "results": Target(lambda body: [clean_paper(h.paper) for h in read_results(json_object(body)).hits], _results, damage=damaged_json),
    "search_page": Target(read_search_page, _search_pages),
    "feed": Target(_feed, _feeds, (UserError,), damaged_json),
    "formats": Target(_formats, _jats),
    "list": Target(_list, lambda: LISTS, (ValueError,)),
    "identifiers": Target(_identifiers, _names, (ValueError,)),
    "texts": Target(_texts, _words, ()),
}  # fmt: skip
