"""What all tests share: where the recorded documents are, and what a run must not skip."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from tests.commands import Shell
from tests.neo4j import Server, missing, neo4j_server

# what must not fail by chance tries the same examples every time: `--hypothesis-profile=random` tries others
QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("same", derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)
settings.register_profile("random", deadline=None, suppress_health_check=QUIET)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("BIORXIVIST_CORPUS", ROOT.parent / "shared" / "corpus"))


# no test touches what the user keeps; `tests.crawling` gives each crawl a folder of its own
DATA = TemporaryDirectory(prefix="biorxivist-")
os.environ["BIORXIVIST_DATA"] = DATA.name


def absent(what: str) -> None:
    """Skip with the reason, or fail where everything is required (`REQUIRE_ALL=1`, as in CI)."""
    (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(what)


# what takes long comes first, so that no worker ends long after the others
LONG = (
    "graph", "faults", "survival", "listing", "browser", "recorded", "site_search", "scrapyd", "privacy", "crawl", "replay",
    "record", "upkeep", "progress", "library", "pace", "politeness", "jats_corpus", "page_corpus", "fuzz",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a module stay with one worker, as they share what is started for them; those of the graph share a Neo4j."""
    rank = {name: number for number, name in enumerate(LONG)}
    graph = {item.path for item in items if "neo4j" in item.fixturenames or item.path.stem.startswith("test_graph_")}
    for item in items:
        group = "graph" if item.path in graph else item.path.stem.removeprefix("test_")
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: rank.get(item.get_closest_marker("xdist_group").args[0], len(LONG)))


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
