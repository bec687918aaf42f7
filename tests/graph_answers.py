"""docs/questions.md: every question that is ready to ask, with what it answers of the invented papers of the local site.

`python -m tests.graph_answers > docs/questions.md` writes it anew.
"""

import contextlib
import io
import shlex
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from biorxivist.feed import read_annotations_feed, read_feed
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.loading import load, load_annotations
from biorxivist.graph.questions import LIMIT, question
from biorxivist.listing import print_rows
from tests.crawling import local_site

MONOCYTES = "10.1101/2024.03.05.583102"
KIDNEYS = "10.1101/2022.02.28.482301"
# a question, its parameters, how many rows of the answer
ASKED: tuple[tuple[str, list[str], int], ...] = (
    ("papers", ["Ngozi Okonkwo"], 5),
    ("coauthors", ["Ngozi Okonkwo"], 5),
    ("versions", [KIDNEYS], 25),
    ("citations", ["10.1101/120481"], 5),
    ("cited", [], 3),
    ("similar", [KIDNEYS], 5),
    ("datasets", ["github"], 5),
    ("entities", ["gene"], 5),
    ("mentioning", ["TGFB1"], 5),
    ("related", [MONOCYTES], 3),
    ("funders", [], 5),
    ("institutions", [], 4),
    ("categories", [], 4),
    ("published", [], 5),
    ("withdrawn", [], 5),
)
HEAD = """# Questions and answers

The questions of `scrapy graph show`, with what they answer of the invented papers of the local site (`python -m tests.site`), which share few
people and no works, so that `similar` finds none. What goes into a query is always bound as a parameter, never pasted. The graph was made by

```
scrapy crawl search -a q=the -a server=both -O papers.jsonl
scrapy crawl paper -a doi={doi} -a versions=all -O versions.jsonl
scrapy crawl annotations -a file=papers.jsonl -O annotations.jsonl
scrapy graph load papers.jsonl versions.jsonl annotations.jsonl
```

The Cypher of each is in [`questions.py`](../biorxivist/graph/questions.py); `relations` answers after `scrapy graph extract`.
"""


@contextlib.contextmanager
def graph(folder: Path) -> Iterator[Ladybug]:
    """A graph of what the local site has: all papers, all versions of one, annotations."""
    with local_site(folder, "--delay", "0") as site:
        papers = site.crawl(folder, "search", "-a", "q=the", "-a", "server=both")
        versions = site.crawl(folder, "paper", "-a", f"doi={KIDNEYS}", "-a", "versions=all", feed="versions.jsonl")
        mined = site.crawl(folder, "annotations", "-a", f"file={papers.feed}", feed="annotations.jsonl")
    assert (papers.status, versions.status, mined.status) == (0, 0, 0), papers.log + versions.log + mined.log
    with Ladybug(folder / "graph.lbug", write=True) as store:
        store.define()
        load(chain(read_feed(papers.feed), read_feed(versions.feed)), store)
        load_annotations(read_annotations_feed(mined.feed), store)
        yield store


def page(store: Ladybug) -> str:
    """Questions and answers as Markdown."""
    parts = [HEAD.format(doi=KIDNEYS)]
    for name, given, limit in ASKED:
        asked = question(name)
        answer = io.StringIO()
        with contextlib.redirect_stdout(answer):
            print_rows(*store.read(asked.text, asked.bound(given, limit)))
        shown = f" --limit {limit}" if limit < LIMIT else ""
        typed = shlex.join(["scrapy", "graph", "show", name, *given])
        parts.append(
            f"## {name}\n\n{asked.meaning[0].upper()}{asked.meaning[1:]}.\n\n```\n$ {typed}{shown}\n{answer.getvalue()}```\n"
        )
    return "\n".join(parts)


def main() -> None:
    """Print the page."""
    with tempfile.TemporaryDirectory() as folder, graph(Path(folder)) as store:
        print(page(store), end="")


if __name__ == "__main__":
    main()
