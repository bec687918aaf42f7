"""Who may import whom: the flow goes one way."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "biorxivist"
VOCABULARY = {"items", "identifiers", "text", "licenses", "categories", "mentions", "literals"}
ENVELOPE = {"signals", "exceptions"}  # what rooms say to each other through Scrapy
FEED = VOCABULARY | {"errors", "feed"}  # what works on the papers of a crawl
FORMATS = {
    "files",
    "sentences",
    "chunks",
    "tokenizers",
    "parquet",
    "latex",
    "citations",
    "differences",
    "markdown",
    "schema",
    "queries",
    "integrations",
    "export",
    "exporters",
}  # papers in the shapes that others use
ROOMS = {
    **dict.fromkeys(VOCABULARY, VOCABULARY),
    **{name: set() for name in ENVELOPE},
    "__init__": set(),
    "__main__": set(),
    "literals": set(),
    "errors": set(),
    "exit_status": set(),
    "secrets": set(),
    "quantities": set(),
    "report": {"quantities"},
    "feed": VOCABULARY | {"errors", "parquet"},
    "lists": VOCABULARY,
    "remembered": {"errors", "files"},
    "arguments": VOCABULARY | {"errors", "lists"},
    "readers": VOCABULARY | {"readers"},
    "placing": VOCABULARY | {"chunks"},
    "spiders": FEED | ENVELOPE | {"placing", "readers", "arguments", "secrets", "data", "remembered", "spiders"},
    "pipelines": VOCABULARY,
    "files": {"errors"},
    "sentences": set(),
    "differences": FEED | {"differences"},
    "chunks": VOCABULARY | {"sentences"},
    "tokenizers": {"errors"},
    "parquet": VOCABULARY | {"errors"},
    "latex": VOCABULARY,
    "citations": VOCABULARY | {"latex"},
    "markdown": VOCABULARY | {"latex", "citations", "markdown"},
    "schema": VOCABULARY,
    "integrations": FEED | {"chunks", "library", "integrations"},
    "queries": FEED | {"chunks", "files", "queries"},
    "export": VOCABULARY | {"errors", "files"},
    "resume": VOCABULARY | {"errors", "files"},
    "flushed": VOCABULARY | {"resume"},
    "exporters": FEED | {"parquet", "citations", "resume", "flushed"},
    "destinations": set(),
    "storages": {"destinations", "errors", "files", "parquet", "flushed"},
    "middlewares": VOCABULARY | ENVELOPE,
    "decompression": ENVELOPE,
    "handlers": ENVELOPE,
    "browser": ENVELOPE | {"middlewares", "handlers", "browser"},
    "extensions": VOCABULARY | ENVELOPE | {"errors", "data", "files", "exit_status", "quantities", "secrets", "report", "extensions", "graph"},
    "identity": {"__init__"},
    "spider_loader": set(),
    "settings": {"identity"},
    "data": {"errors"},
    "pace": ENVELOPE | {"errors", "data", "pace"},
    "archive": ENVELOPE | {"__init__", "errors", "data", "archive"},
    "commandline": {"errors"},
    "session": {"errors"},
    "library": FEED | {"chunks", "sentences", "secrets", "arguments", "library"},
    "mcp_graph": {"errors", "graph"},
    "mcp_server": FEED | {"mcp_graph", "__init__", "library", "webtools"},
    "notebook": VOCABULARY,
    "webtools": FEED | {"arguments", "session", "notebook", "integrations"},
    "graph": FEED | {"secrets", "files", "parquet", "sentences", "chunks", "graph"},
    "listing": set(),
    "doctor": VOCABULARY | {"errors", "settings", "identity", "secrets", "data", "archive", "destinations", "storages", "browser", "graph", "library", "doctor"},
    "commands": FEED | FORMATS | {"exit_status", "report", "files", "arguments", "readers", "commandline", "archive", "destinations", "storages", "graph", "library", "listing", "mcp_graph", "mcp_server", "quantities", "webtools", "secrets", "doctor"},
}  # fmt: skip
NO_SCRAPY = FEED | FORMATS - {"exporters", "export"} | {"readers", "lists", "remembered", "arguments", "graph"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(module: Path) -> set[str]:
    """Dotted names that a module imports, `from biorxivist import text` as `biorxivist.text`."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name}: import by full name"
            if node.module == "biorxivist":
                names |= {f"biorxivist.{alias.name}" for alias in node.names}
            else:
                names.add(node.module)
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_a_room_imports_only_what_stands_before_it(module):
    ours = {n.split(".")[1] for n in imports(module) if n.startswith("biorxivist.")}
    ours = {"__init__" if n.startswith("__") else n for n in ours}
    assert ours <= ROOMS[room(module)], f"{module.name} may not import {ours - ROOMS[room(module)]}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if room(m) in NO_SCRAPY], ids=lambda m: str(m.relative_to(PACKAGE))
)
def test_vocabulary_and_readers_work_without_scrapy(module):
    assert not [n for n in imports(module) if n.split(".")[0] in ("scrapy", "twisted")]


def test_the_check_sees_every_room():
    assert {room(m) for m in MODULES} == set(ROOMS)
