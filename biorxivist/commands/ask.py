"""`scrapy ask`: a question to the papers of a library."""

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError

if TYPE_CHECKING:
    from biorxivist.library import Answer, Library, Passage

WIDTH = 100


class Command(FeedCommand):
    """Answer a question from the papers, each sentence with its source; or show the passages that fit it."""

    def syntax(self) -> str:
        return "QUESTION [LIBRARY|FEED] [--passages] [options]"

    def short_desc(self) -> str:
        return "Ask the papers of a library"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--passages", action="store_true", help="show the passages found, no answer")
        add("--limit", type=int, default=0, metavar="N", help="how many passages (default 8 for an answer, 10 shown)")
        add("--one-a-paper", action="store_true", help="the best passage of each paper only")
        add("--context", action="store_true", help="with the passages before and after")
        add("--json", action="store_true", help="JSON instead of text")
        add("--since", default="", metavar="DATE", help="posted on this day or later")
        add("--until", default="", metavar="DATE", help="posted on this day or before")
        add("--category", default="", help="subject category of the server")
        add("--license", default="any", metavar="any|cc|open", help="licence of the paper")
        add("--server", default="", metavar="biorxiv|medrxiv", help="server of the paper")
        add(
            "--section",
            action="append",
            default=[],
            metavar="KIND",
            help="kind of section: methods, results, …; repeatable",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if not 1 <= len(args) <= 2 or not args[0].strip():
            raise UsageError(f"give one question: scrapy ask {self.syntax()}")
        if opts.limit < 0:
            raise UsageError(f"--limit {opts.limit}: 1 or more")
        from biorxivist.library import Library

        library = Library(args[1] if len(args) == 2 else the_library())
        filters = {name: getattr(opts, name) for name in ("since", "until", "category", "license", "server")}
        filters["sections"] = tuple(opts.section)
        print(f"searched {library.by}", file=sys.stderr)
        if opts.passages:
            found = library.search(args[0], opts.limit or 10, opts.one_a_paper, opts.context, **filters)
            print(
                as_json(found)
                if opts.json
                else "\n\n".join(map(shown, range(1, len(found) + 1), found)) or "nothing found"
            )
        else:
            self.answer(library, args[0], opts, filters)
        library.close()

    def answer(self, library: "Library", question: str, opts: argparse.Namespace, filters: dict) -> None:
        """Print an answer as it comes, then its sources."""
        answer, stream = library.stream(question, **({"limit": opts.limit} if opts.limit else {}), **filters)
        for sentence in stream:
            if sentence.supported and not opts.json:
                print(sentence, flush=True)
        if opts.json:
            print(answer_json(answer))
        elif not answer.supported:
            print(answer)
        for number, passage in answer.sources.items() if not opts.json else ():
            print(f"\n[{number}] {passage.chunk.title}\n    {source(passage)}")
        if unsupported := [s for s in answer.sentences if not s.supported and str(s) != str(answer)]:
            faults = ", ".join(sorted({fault for s in unsupported for fault in s.faults}))
            print(
                f"\n{len(unsupported)} sentences left out, for they have no source in the library ({faults})",
                file=sys.stderr,
            )
        if answer.cut_off:
            raise UserError(answer.cut_off)


def the_library() -> Path:
    """The only library in this folder."""
    found = sorted(Path().glob("*.library"))
    if len(found) != 1:
        raise UsageError(
            f"name a library, {len(found)} are in this folder: scrapy ask QUESTION papers.library"
            if found
            else "no library in this folder: make one with scrapy index papers.jsonl"
        )
    return found[0]


def source(passage: "Passage") -> str:
    """Where a passage stands, with the link to its version."""
    chunk = passage.chunk
    facts = [passage.where, f"https://doi.org/{chunk.doi} version {chunk.version}", passage.posted, chunk.license]
    return " · ".join(filter(None, facts))


def shown(number: int, passage: "Passage") -> str:
    """A passage for a terminal."""
    body = textwrap.indent(textwrap.fill(passage.text, WIDTH - 4), "    ")
    return f"[{number}] {passage.chunk.title}\n    {source(passage)}\n{body}"


def as_json(passages: "list[Passage]") -> str:
    """Passages as JSON."""
    from pydantic import TypeAdapter

    from biorxivist.library import Passage

    return TypeAdapter(list[Passage]).dump_json(passages, indent=2).decode()


def answer_json(answer: "Answer") -> str:
    """An answer as JSON: its supported sentences, the passages that they cite, and what was left out and why."""
    sources = {number: json.loads(as_json([passage]))[0] for number, passage in answer.sources.items()}
    left_out = [{"text": s.text, "faults": s.faults} for s in answer.sentences if not s.supported]
    content = {
        "question": answer.question,
        "answer": str(answer),
        "sentences": [{"text": s.text, "sources": s.sources, "faults": s.faults} for s in answer.supported],
        "sources": sources,
        "left_out": left_out,
        "cut_off": answer.cut_off,
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
