"""What all tests share: where the recorded documents are, and what a run must not skip."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

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
