"""What all tests share: where the recorded documents are, and what a run must not skip."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.commands import Shell
from tests.neo4j import Server, missing, neo4j_server

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("BIORXIVIST_CORPUS", ROOT.parent / "shared" / "corpus"))


# no test touches what the user keeps; `tests.crawling` gives each crawl a folder of its own
DATA = TemporaryDirectory(prefix="biorxivist-")
os.environ["BIORXIVIST_DATA"] = DATA.name


def absent(what: str) -> None:
    """Skip with the reason, or fail where everything is required (`REQUIRE_ALL=1`, as in CI)."""
    (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(what)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of recorded documents of bioRxiv and medRxiv."""
    if not CORPUS.is_dir():
        absent(f"no recorded documents in {CORPUS}: set BIORXIVIST_CORPUS to their folder")
    return CORPUS


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory) -> Iterator[Server]:
    """A real Neo4j, the same for all tests of a run."""
    if uri := os.environ.get("BIORXIVIST_TEST_NEO4J"):
        # one that is running, which the tests empty; its password must be theirs
        yield Server(uri, tmp_path_factory.mktemp("neo4j"), {})
        return
    if why := missing():
        absent(why)
    with neo4j_server(tmp_path_factory.mktemp("neo4j")) as server:
        yield server


@pytest.fixture
def shell(tmp_path, capfdbinary, monkeypatch) -> Shell:
    """A shell in a fresh folder for commands that crawl nothing."""
    return Shell(tmp_path, capfdbinary, monkeypatch)
