"""No path from a document reaches the file system: hostile strings in every field of a paper, through everything that writes files."""

import json
import os
import re
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints
from xml.sax.saxutils import escape

import pytest

from biorxivist.feed import to_json
from biorxivist.items import Paper
from tests.commands import Shell
from tests.crawling import local_site

# in whatever shape it appears in a path, a string of a document has put it there
MARK = "zz-hostile"
NAMES = [
    f"../../{MARK}", f"..\\..\\{MARK}", f"{{root}}/{MARK}", f"file://{{root}}/{MARK}", f"{MARK}/../../../{MARK}", f"./{MARK}/.",
    f"{MARK}\0.md", f"{MARK}\n/x", f"CON.{MARK}", f"C:\\{MARK}", f"\\\\host\\share\\{MARK}", f"~/{MARK}", f"${{HOME}}/{MARK}", f"%(data)s/{MARK}",
    f"{MARK}" + "x" * 5000, f"|touch {MARK}", f"`touch {MARK}`", f"-o{MARK}", f"'; ATTACH '{{root}}/{MARK}.db' AS x; --",
    f"s3://bucket/{MARK}", f"{MARK}:ads", f".{MARK}", f"{MARK}.", f"10.1101/../../{MARK}", f"<a href='../{MARK}'>{MARK}</a>", f"{MARK}\u202e\U0001f600",
]  # fmt: skip
HARMLESS = "a word"


def filled(kind: type, text: str, depth: int = 0) -> Any:
    """An object of a dataclass, every string of it the same text."""
    hints = get_type_hints(kind)
    return kind(
        **{field.name: value(hints[field.name], text, depth) for field in fields(kind) if field.name != "schema"}
    )


def value(hint: Any, text: str, depth: int) -> Any:
    if arguments := get_args(hint):
        return [] if depth > 3 else [value(arguments[0], text, depth + 1)]
    if is_dataclass(hint):
        return filled(hint, text, depth + 1)
    return {str: text, int: 1, bool: False}[hint]


def feed(path: Path, texts: list[str]) -> Path:
    path.write_bytes(b"".join(to_json(filled(Paper, text)) + b"\n" for text in texts))
    return path


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.fixture
def touched(monkeypatch) -> list[str]:
    """What this process opens, makes, moves or links under a name with the mark."""
    found: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple) -> None:
        if watching and event.partition(".")[0] in (
            "open",
            "os",
            "shutil",
            "sqlite3",
            "tempfile",
            "pathlib",
            "subprocess",
            "glob",
        ):
            found.extend(f"{event} {part!r}" for part in map(str, arguments) if MARK in part)

    sys.addaudithook(watch)
    yield found
    # a hook stays for the life of the process
    watching.clear()


WRITERS = [
    *(("export", "{feed}", f"out.{ending}") for ending in ("jsonl", "json", "csv", "parquet", "bib", "ris", "csl")),
    ("chunks", "{feed}", "-o", "chunks.jsonl"),
    ("index", "{feed}"),
    ("grep", "hostile OR word", "{feed}", "-o", "found.jsonl"),
    ("graph", "load", "{feed}"),
    ("graph", "export", "{feed}", "graph/"),
    ("graph", "export", "{feed}", "graph.graphml"),
]


def written(shell: Shell, folder: Path, texts: list[str]) -> set[str]:
    """What all writers leave in a folder of their own."""
    folder.mkdir(parents=True)
    os.chdir(folder)
    feed(folder / "papers.jsonl", texts)
    for writer in WRITERS:
        done = shell.scrapy(
            *(word.replace("{feed}", "papers.jsonl") for word in writer), "-s", f"BIORXIVIST_DATA={folder}/data"
        )
        assert done.status == 0, (writer, done.err)
    return tree(folder)


def test_writers_of_papers(shell, tmp_path, touched):
    hostile = [name.replace("{root}", str(tmp_path)) for name in NAMES]
    harmless = written(shell, tmp_path / "a/b/c/harmless", [HARMLESS])
    assert touched == []
    assert written(shell, tmp_path / "a/b/c/hostile", hostile) == harmless
    assert touched == []
    assert [path.name for path in tmp_path.rglob(f"*{MARK}*")] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_a_folder_of_markdown(shell, tmp_path):
    hostile = [name.replace("{root}", str(tmp_path)) for name in NAMES]
    place = tmp_path / "a/b"
    place.mkdir(parents=True)
    feed(place / "papers.jsonl", [*hostile, *hostile])
    done = shell.scrapy("export", place / "papers.jsonl", place / "md/")
    assert done.status == 0, done.err
    assert {path.name for path in tmp_path.iterdir()} == {"a"}
    assert {path.name for path in place.iterdir()} == {"papers.jsonl", "md"}
    names = [path.name for path in (place / "md").iterdir()]
    # two names that look alike are two files
    assert len(names) == len(set(NAMES))
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}v1\.md", name), name
        assert not re.match(r"(?i)(con|nul|aux|prn|com\d|lpt\d)(\.|$)", name), name


ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article"><front><article-meta>
<article-id pub-id-type="doi">{doi}</article-id><title-group><article-title>{text}</article-title></title-group>
<abstract><p>{text}</p></abstract></article-meta></front><body><sec><title>{text}</title><p>{text} and what was found there.</p>
<fig id="{text}"><label>{text}</label><caption><p>{text}</p></caption><graphic xlink:href="{text}"/></fig>
<supplementary-material xlink:href="{text}" id="s1"><label>{text}</label></supplementary-material></sec></body></article>"""


def hostile_site(folder: Path, names: list[str]) -> list[str]:
    """Recorded documents that are hostile, with their records; gives the DOIs."""
    (folder / "api").mkdir(parents=True)
    (folder / "jats/site").mkdir(parents=True)
    dois = []
    for number, name in enumerate(names, 100001):
        # what XML cannot hold, no document can
        text = escape(re.sub(r"[\0\n]", " ", name), {'"': "&quot;"})
        dois.append(doi := f"10.1101/2024.01.01.{number}")
        row = dict.fromkeys(
            (
                "title",
                "authors",
                "category",
                "license",
                "abstract",
                "type",
                "published",
                "funder",
                "author_corresponding",
            ),
            name,
        )
        row |= {
            "doi": doi,
            "version": "1",
            "date": "2024-01-01",
            "server": "bioRxiv",
            "jatsxml": name,
            "author_corresponding_institution": name,
        }
        (folder / f"api/{number}.json").write_text(json.dumps({"messages": [{"status": "ok"}], "collection": [row]}))
        (folder / f"jats/site/2024.01.01.{number}v1.xml").write_text(ARTICLE.format(doi=doi, text=text))
    return dois


WATCH = f"""
import os, sys
log = os.open({{log!r}}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def watch(event, arguments):
    if event.partition(".")[0] in ("open", "os", "shutil", "sqlite3", "tempfile", "subprocess", "glob"):
        for part in map(repr, arguments):
            if "{MARK}" in part:
                os.write(log, (event + " " + part + chr(10)).encode("utf-8", "replace"))
sys.addaudithook(watch)
"""


def test_a_crawl_with_all_that_it_writes(tmp_path):
    names = [name.replace("{root}", str(tmp_path)) for name in NAMES]
    place = tmp_path / "a/b"
    place.mkdir(parents=True)
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch/sitecustomize.py").write_text(WATCH.format(log=str(tmp_path / "watch/log")))
    dois = hostile_site(tmp_path / "documents", names)
    # what a user lists is no document, but comes from anywhere: it is missing under its name
    (place / "list.txt").write_text(
        "\n".join([*dois, *(f"10.1101/{re.sub(chr(10), ' ', name)}" for name in names[:6])])
    )
    feeds = {
        "%(data)s/feeds/%(name)s-%(query)s.jsonl": "jsonl",
        "out/%(query)s-%(job)s.csv": "csv",
        "out/p.parquet": "parquet",
    }
    feeds = json.dumps({uri: {"format": format} for uri, format in feeds.items()})
    graph = ("-s", f"BIORXIVIST_RECORD={place / 'record'}", "-s", f"FEEDS={feeds}")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "watch")}
    with local_site(tmp_path / "documents", str(tmp_path / "documents"), "--delay", "0") as site:
        run = site.crawl(place, "paper", "-a", "file=list.txt", *graph, output="-o", env=env)
    assert {item["doi"] for item in run.items} == set(dois), run.log
    assert {item["coverage"] for item in run.items} == {"full_text"}
    assert MARK in (place / "record/report.html").read_text()
    assert (tmp_path / "watch/log").read_text() == ""
    assert [str(path) for path in tmp_path.rglob(f"*{MARK}*")] == []
    assert {path.name for path in tmp_path.iterdir()} == {"a", "watch", "documents"}
    assert {path.name for path in place.iterdir()} == {"list.txt", "papers.jsonl", "out", "data", "record"}
    assert {path.name for path in (place / "data").iterdir()} >= {"archive.sqlite", "runs", "feeds"}
