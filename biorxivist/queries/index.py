"""The words of a feed in SQLite: which papers a query finds, and where."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from biorxivist.chunks import places
from biorxivist.errors import UserError
from biorxivist.feed import read_feed
from biorxivist.files import open_beside
from biorxivist.items import Paper
from biorxivist.queries.language import COLUMNS, SECTIONS, Node, Term, terms
from biorxivist.queries.match import expression

VERSION = 1
KINDS = {name: name for name in SECTIONS} | {"data-availability": "data", "abstract": "abstract"}
# letters with and without accents are one; a hyphen parts words
TOKENS = "unicode61 remove_diacritics 2"
OPEN, CLOSE = "\x01", "\x02"
WORDS_SHOWN = 24


@contextmanager
def opened(feed: Path, keep: bool = False) -> Iterator["Index"]:
    """The index of a feed: made now, or the one kept beside the feed, if it is of this state of the feed."""
    kept = feed.with_name(f"{feed.name}.index")
    state = _state(feed)
    connection = _current(kept, state)
    if not connection and (keep or kept.exists()):
        _write(kept, feed, state)
        connection = _current(kept, state)
    if not connection:
        # a temporary file of SQLite, so that memory does not grow with the feed
        connection = sqlite3.connect("")
        fill(connection, feed, state)
    with closing(connection):
        yield Index(connection)


class Index:
    """The papers of one feed."""

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection

    def __len__(self) -> int:
        return self._one("SELECT count(*) FROM papers")

    def matches(self, node: Node) -> list[str]:
        """The papers that a query finds, DOI with version, in the order of the feed."""
        query = "SELECT doi FROM papers WHERE papers MATCH ? ORDER BY rowid"
        return [name for (name,) in self.connection.execute(query, [self._expression(node)])]

    def counts(self, node: Node) -> dict[Term, int]:
        """How many papers each term of a query finds alone."""
        count = "SELECT count(*) FROM papers WHERE papers MATCH ?"
        return {term: self._one(count, self._expression(term)) for term in terms(node)}

    def passages(self, node: Node) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """For each paper found: DOI with version, title, and up to three columns with what was found in them, between `OPEN` and `CLOSE`."""
        shown = [i for i, name in enumerate(COLUMNS) if name != "doi"]
        snippets = ", ".join(f"snippet(papers, {i}, '{OPEN}', '{CLOSE}', '…', {WORDS_SHOWN})" for i in shown)
        query = f"SELECT doi, title, {snippets} FROM papers WHERE papers MATCH ? ORDER BY rowid"
        for name, title, *texts in self.connection.execute(query, [self._expression(node)]):
            found = [
                (COLUMNS[i], " ".join(text.split()))
                for i, text in zip(shown, texts, strict=True)
                if text and OPEN in text
            ]
            yield name, title, found[:3]

    def words(self, pattern: str) -> list[str]:
        """The words of the feed that a pattern with `*` and `?` fits."""
        return [word for (word,) in self.connection.execute("SELECT term FROM words WHERE term GLOB ?", [pattern])]

    def _expression(self, node: Node) -> str:
        return expression(node, self.words)

    def _one(self, query: str, *values: str) -> int:
        return self.connection.execute(query, values).fetchone()[0]


# --- making -----------------------------------------------------------------------------------------------------------


def fill(connection: sqlite3.Connection, feed: Path, state: str) -> None:
    """Make the tables from a feed."""
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute(f"CREATE VIRTUAL TABLE papers USING fts5({columns}, tokenize='{TOKENS}')")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(papers, 'row')")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO papers VALUES ({marks})", map(row, read_feed(feed)))
    connection.execute("CREATE TABLE state (state TEXT)")
    connection.execute("INSERT INTO state VALUES (?)", [state])
    connection.commit()


def row(paper: Paper) -> list[str]:
    """The texts of a paper in the order of `COLUMNS`."""
    texts: dict[str, list[str]] = {name: [] for name in COLUMNS}
    texts["title"] = [paper.title]
    texts["keywords"] = paper.keywords
    texts["authors"] = [a.name for a in paper.authors]
    texts["affiliations"] = [a.text for a in paper.affiliations]
    texts["category"] = [paper.category]
    texts["references"] = [r.text or r.title for r in paper.references]
    texts["doi"] = [str(paper)]
    for place in places(paper):
        name = {"caption": "captions", "table": "tables"}.get(place.kind) or KINDS.get(place.section_kind, "other")
        texts[name].append(place.text)
    return ["\n".join(texts[name]) for name in COLUMNS]


def _state(feed: Path) -> str:
    try:
        stat = feed.stat()
    except OSError as error:
        raise UserError(f"cannot read the feed {feed}: {error.strerror}") from None
    return f"{VERSION} {stat.st_size} {stat.st_mtime_ns}"


def _current(kept: Path, state: str) -> sqlite3.Connection | None:
    if not kept.exists():
        return None
    connection = sqlite3.connect(f"file:{kept.resolve()}?mode=ro".replace("%", "%25").replace("#", "%23"), uri=True)
    try:
        if connection.execute("SELECT state FROM state").fetchone() == (state,):
            return connection
    except sqlite3.Error:
        raise UserError(f"{kept} is no index of scrapy grep: move it away") from None
    connection.close()
    return None


def _write(kept: Path, feed: Path, state: str) -> None:
    try:
        beside = open_beside(kept)
    except OSError as error:
        raise UserError(f"cannot write {kept}: {error.strerror}") from None
    beside.close()
    path = Path(beside.name)
    try:
        with closing(sqlite3.connect(path)) as connection:
            fill(connection, feed, state)
        path.replace(kept)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
