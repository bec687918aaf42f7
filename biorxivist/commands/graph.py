"""`scrapy graph`: the papers of a feed as a knowledge graph, and questions to it."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError
from biorxivist.exit_status import INCOMPLETE
from biorxivist.feed import holds_annotations, read_annotations_feed, read_feed
from biorxivist.graph import identities
from biorxivist.graph.embedded import Ladybug, graph_path
from biorxivist.graph.export import FORMATS, export
from biorxivist.graph.extraction import Extractor
from biorxivist.graph.import_csv import ARGUMENTS
from biorxivist.graph.loading import Store, load, load_annotations
from biorxivist.graph.passages import Indexes, define, embed, search
from biorxivist.graph.questions import LIMIT, QUESTIONS, question
from biorxivist.graph.relations import answers_path, ask, load_answers, read_answers
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.server import Address, Neo4j
from biorxivist.graph.writing import Outcome
from biorxivist.listing import print_rows

T = TypeVar("T")
EVERY = 10
"""Seconds between two lines of progress."""


class Command(FeedCommand):
    """Load feeds into a graph, ask it, export it: in Neo4j if NEO4J_URI is set, else in a file of this machine."""

    def syntax(self) -> str:
        return (
            "load FEED… | link-authors | show [QUESTION …] | query CYPHER [-p NAME=VALUE] | count | export FEED… FOLDER/|FILE.graphml "
            "| embed | search QUESTION | extract FEED"
        )

    def short_desc(self) -> str:
        return "Make a knowledge graph of feeds, in Neo4j or in a file, and ask it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--file", type=Path, help="graph in this file, whatever NEO4J_URI says (default graph.lbug in BIORXIVIST_DATA)")  # fmt: skip
        parser.add_argument("-p", dest="parameters", action="append", default=[], metavar="NAME=VALUE", help="parameter of a query, may be repeated")  # fmt: skip
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"rows of an answer (default {LIMIT})")
        parser.add_argument("--format", choices=FORMATS, default="", help="of an export: parquet (default of a folder), csv for neo4j-admin, graphml (default of FILE.graphml)")  # fmt: skip
        parser.add_argument(
            "--embed-again", action="store_true", help="embed every passage anew, with the model named now"
        )
        parser.add_argument("--section", action="append", default=[], metavar="KIND", help="extract from sections of this kind only (abstract, results, …), may be repeated")  # fmt: skip
        parser.add_argument("--schema", type=Path, help="what to extract, a GraphSchema of neo4j-graphrag in JSON")
        parser.add_argument("--json", action="store_true", help="an answer as JSON Lines")

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        actions: dict[str, Callable[[list[str], argparse.Namespace], None]] = {
            "load": self.load,
            "show": self.show,
            "query": self.query,
            "link-authors": self.link_authors,
            "count": self.count,
            "export": self.export,
            "embed": self.embed,
            "search": self.search,
            "extract": self.extract,
        }
        if not args or args[0] not in actions:
            raise UsageError(f"scrapy graph {self.syntax()}")
        actions[args[0]](args[1:], opts)

    def store(self, opts: argparse.Namespace, write: bool = False) -> Store:
        """Where the graph is."""
        if self.settings["NEO4J_URI"] and not opts.file:
            return Neo4j(Address.of(self.settings))
        return Ladybug(opts.file or graph_path(self.settings), write)

    def load(self, feeds: list[str], opts: argparse.Namespace) -> None:
        """Bring feeds into the graph."""
        if not feeds:
            raise UsageError("give a feed: scrapy graph load papers.jsonl")
        mined = [feed for feed in feeds if holds_annotations(feed)]
        papers = [feed for feed in feeds if feed not in mined]
        with self.store(opts, write=True) as store:
            store.define()
            if papers:
                outcome = load((paper for feed in papers for paper in read_feed(feed)), store, _progress(_told))
                print(_told(outcome), file=sys.stderr)
            # behind the papers, whose passages they name
            if mined:
                self.load_annotations(mined, store)

    def load_annotations(self, feeds: list[str], store: Store) -> None:
        """Bring what text mining found to the papers of the graph."""
        outcome, absent = load_annotations((a for feed in feeds for a in read_annotations_feed(feed)), store)
        print(f"annotations of papers: {_told(outcome)}", file=sys.stderr)
        self.tell_absent(absent)

    def link_authors(self, args: list[str], opts: argparse.Namespace) -> None:
        """Link the nodes of one person, by common co-authors and institutions."""
        with self.store(opts, write=True) as store:
            store.define()
            outcome = store.follow(identities.plan)
        print(f"links between authors: {outcome.new:,} new, {outcome.changed:,} changed or removed, {outcome.unchanged:,} as before", file=sys.stderr)  # fmt: skip

    def show(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask one of the questions that are ready, or list them."""
        if not args:
            rows = [(f"{q.name} {q.usage}".strip(), q.meaning) for q in QUESTIONS.values()]
            print_rows(["question", "answer"], rows, opts.json)
            return
        asked = question(args[0])
        with self.store(opts) as store:
            print_rows(*store.read(asked.text, asked.bound(args[1:], opts.limit)), opts.json)

    def query(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask in Cypher; nothing can be changed."""
        if len(args) != 1:
            raise UsageError('give one query: scrapy graph query "MATCH (p:Paper) RETURN p.title LIMIT 5"')
        parameters = dict(_parameter(given) for given in opts.parameters)
        with self.store(opts) as store:
            print_rows(*store.read(args[0], parameters), opts.json)

    def extract(self, args: list[str], opts: argparse.Namespace) -> None:
        """Have a language model read the passages of a feed, and bring what it found to the papers of the graph."""
        if len(args) != 1:
            raise UsageError("give one feed: scrapy graph extract papers.jsonl")
        url, model, key = (os.environ.get(f"LLM_{name}", "") for name in ("URL", "MODEL", "API_KEY"))
        if not url or not model:
            raise UsageError(
                "extract needs a language model: set LLM_URL and LLM_MODEL, and LLM_API_KEY if it wants one"
            )
        feed = Path(args[0])
        extractor, path = Extractor(url, model, key, opts.schema), answers_path(feed)
        total = sum(1 for _ in read_feed(feed, newest=True))
        with tqdm(desc="papers read", total=total, disable=None) as bar:
            asked, unreadable = ask(
                read_feed(feed, newest=True), opts.section, extractor, path, lambda done: bar.update(done - bar.n)
            )
        answers = read_answers(path)
        with self.store(opts, write=True) as store:
            store.define()
            outcome, absent = load_answers(read_feed(feed, newest=True), answers, store)
        dropped = sum(answer.dropped for answer in answers.values())
        print(f"{asked:,} passages asked now, {len(answers):,} answers in {path}; {dropped:,} things and relations left out that the schema or their passage does not have", file=sys.stderr)  # fmt: skip
        print(f"extracts of papers: {_told(outcome)}", file=sys.stderr)
        if unreadable:
            print(f"{unreadable:,} answers were unreadable: run it again to ask for them once more", file=sys.stderr)
            self.exitcode = INCOMPLETE
        self.tell_absent(absent)

    def tell_absent(self, absent: list[str]) -> None:
        """Name papers that the graph would have to have."""
        if absent:
            named = ", ".join(absent[:5]) + (", …" if len(absent) > 5 else "")
            print(f"{len(absent):,} are of papers that the graph does not have, load their feed and then this one again: {named}", file=sys.stderr)  # fmt: skip
            self.exitcode = INCOMPLETE

    def passages(self, opts: argparse.Namespace) -> tuple[Neo4j, Indexes]:
        """The Neo4j that has the passages, and its indexes."""
        store = self.store(opts)
        if not isinstance(store, Neo4j):
            raise UsageError(
                "only a Neo4j has indexes of passages: set NEO4J_URI. Without one, scrapy index and scrapy ask"
            )
        return store, Indexes(self.settings["NEO4J_VECTOR_INDEX"], self.settings["NEO4J_FULLTEXT_INDEX"])

    def embed(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the indexes of words and vectors of the passages, and embed those that have no vector."""
        from biorxivist.library.embeddings import configured
        from biorxivist.library.index import for_embedding

        if args:
            raise UsageError("embed takes no feed: it works on the passages that are in the graph")
        store, indexes = self.passages(opts)
        embedder = configured()
        with store, tqdm(desc="passages embedded", disable=None) as bar:
            if embedder is None:
                define(store, indexes)
                print(f"{indexes.fulltext}: words only, since EMBEDDINGS_URL and EMBEDDINGS_MODEL name no embedder", file=sys.stderr)  # fmt: skip
                return

            def told(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            done = embed(store, embedder, indexes, for_embedding, opts.embed_again, told)
        print(f"{indexes.vector}, {indexes.fulltext}: {done:,} passages embedded now", file=sys.stderr)

    def search(self, args: list[str], opts: argparse.Namespace) -> None:
        """Passages by words and nearness."""
        from biorxivist.library.embeddings import configured

        if len(args) != 1:
            raise UsageError('give one question: scrapy graph search "What drives monocyte maturation?"')
        store, indexes = self.passages(opts)
        embedder = configured()
        with store:
            vector = embedder.embed(args)[0] if embedder else None
            found = search(store, indexes, args[0], vector, opts.limit)
        rows = [(f"{f.doi}v{f.version}", " › ".join(f.path), f.text, f.title, f.url) for f in found]
        print_rows(["paper", "section", "text", "title", "url"], rows, opts.json)

    def count(self, args: list[str], opts: argparse.Namespace) -> None:
        """Nodes and relationships of each kind."""
        with self.store(opts) as store:
            rows = [(n.label, *store.read(f"MATCH (n:{n.label}) RETURN count(n)", {})[1][0]) for n in NODES]
            for type in dict.fromkeys(r.type for r in RELATIONSHIPS):
                rows.append((type, *store.read(f"MATCH ()-[r:{type}]->() RETURN count(r)", {})[1][0]))
        print_rows(["label or type", "count"], rows, opts.json)

    def export(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the graph of feeds to files, without any store."""
        if len(args) < 2:
            raise UsageError("give a feed and where to write: scrapy graph export papers.jsonl graph/")
        *feeds, target = args
        done = export(feeds, target, opts.format, _progress(_read))
        told = f"{done.nodes:,} nodes and {done.relationships:,} relationships of {done.papers:,} papers in {target}"
        print(told, file=sys.stderr)
        self.tell_absent(done.absent)
        if opts.format == "csv":
            print(f"to import them: cd {shlex.quote(target)} && neo4j-admin database import full neo4j @{ARGUMENTS}", file=sys.stderr)  # fmt: skip


def _parameter(given: str) -> tuple[str, str | int]:
    name, equals, value = given.partition("=")
    if not name or not equals:
        raise UsageError(f"-p {given}: give NAME=VALUE")
    return name, int(value) if value.isdecimal() else value


def _progress(words: Callable[[T], str]) -> Callable[[T], None]:
    next_time = time.monotonic() + EVERY

    def told(news: T) -> None:
        nonlocal next_time
        if time.monotonic() >= next_time:
            print(words(news), file=sys.stderr)
            next_time = time.monotonic() + EVERY

    return told


def _read(papers: int) -> str:
    return f"{papers:,} papers read"


def _told(outcome: Outcome) -> str:
    older = f", {outcome.older:,} older than what is there" if outcome.older else ""
    return f"{outcome.new:,} new, {outcome.changed:,} changed, {outcome.unchanged:,} as before{older}"
