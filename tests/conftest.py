"""What all tests share: where the recorded documents are, and what a run must not skip."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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


# what needs a Neo4j, which a worker starts once
GRAPH = ("graph_", "mcp_graph", "doctor")


def group(nodeid: str) -> str:
    """What stays with one worker: a module, as its tests share what is started for them, or all that need a Neo4j."""
    module = nodeid.partition(".py")[0].rpartition("test_")[2]
    return "graph" if module.startswith(GRAPH) else module


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(group(item.nodeid), len(LONG)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by group, in their order."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)


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
