"""docs/questions.md says what the program prints."""

from pathlib import Path

import pytest

from biorxivist.graph.questions import QUESTIONS
from tests.conftest import ROOT
from tests.graph_answers import ASKED, graph, page

PAGE = ROOT / "docs" / "questions.md"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> str:
    folder: Path = tmp_path_factory.mktemp("answers")
    with graph(folder) as store:
        return page(store)


def lines(text: str) -> list[list[str]]:
    """Words of each line; the order within a list of an answer is not promised."""
    return [sorted(line.replace(" | ", " ").split()) for line in text.splitlines()]


def test_the_page_is_what_the_program_prints(written):
    renew = "python -m tests.graph_answers > docs/questions.md"
    assert lines(PAGE.read_text(encoding="utf-8")) == lines(written), f"write it anew: {renew}"


def test_every_question_is_on_it():
    # relations come from a language model
    assert {name for name, *_ in ASKED} == set(QUESTIONS) - {"relations"}
