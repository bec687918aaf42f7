"""docs/tour.ipynb: run in a real kernel against the local site, and shown in the repository as it came out."""

import base64
import json
import struct

import nbformat
import pytest

from tests.crawling import local_site
from tests.tour import NO_DELAY, TOUR, executed


@pytest.fixture(scope="module")
def tour(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour")
    with local_site(folder, *NO_DELAY) as site:
        return executed(site, folder), folder, site


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def said(cell):
    """What a cell printed, and its result as text."""
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)


def cell(notebook, source):
    """The only cell whose source has some text."""
    (found,) = [cell for cell in code(notebook) if source in cell.source]
    return found


def pictures(notebook):
    return [o.data["image/png"] for cell in code(notebook) for o in cell.outputs if "image/png" in o.get("data", {})]


def test_it_shows_what_a_search_gave_in_pictures(tour):
    images = [base64.b64decode(picture) for picture in pictures(tour[0])]
    assert len(images) == 3
    for image in images:
        assert image.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", image[16:24])
        assert width > 900
        assert height > 200
        # an empty frame has less
        assert len(image) > 8000


def test_it_finds_reads_and_shows_papers(tour):
    notebook, _, site = tour
    assert "9 of 9 papers are here" in said(cell(notebook, "BioRxivDriver()"))
    (card,) = [o for o in cell(notebook, "paper = found.results[0]\npaper").outputs if "text/html" in o.data]
    assert "<details><summary>Introduction" in card.data["text/html"]
    assert "Introduction (" in said(cell(notebook, "def outline"))
    assert said(cell(notebook, "texts = ")).count("full_text") == 5
    assert "geo          GSE999901" in said(cell(notebook, "paper.mentions"))
    assert "Document(id='" in said(cell(notebook, "langchain_doc"))
    assert all(asked["agent"].startswith("BioRxivist/") for asked in site.asked)


def test_its_commands_make_a_feed_and_answer_from_it(tour):
    notebook, folder, _ = tour
    assert "Papers delivered                   5" in said(cell(notebook, "biorxivist crawl"))
    assert len([json.loads(line) for line in (folder / "tour.jsonl").read_text().splitlines()]) == 5
    assert "of 5 papers match" in said(cell(notebook, "biorxivist grep"))
    answer = said(cell(notebook, "biorxivist ask"))
    assert "TGF-β" in answer
    assert "https://doi.org/10." in answer


def test_the_crawl_fetches_no_text_again(tour):
    asked = [(a["host"], a["path"]) for a in tour[2].asked if a["host"] in ("biorxiv", "medrxiv")]
    assert len(asked) == len(set(asked))


def test_the_repository_shows_it_as_it_came_out(tour):
    shown = nbformat.read(TOUR, as_version=4)
    nbformat.validate(shown)
    for kept, new in zip(code(shown), code(tour[0]), strict=True):
        kinds = [sorted((o.output_type, *sorted(o.get("data", {}))) for o in c.outputs) for c in (kept, new)]
        assert kinds[0] == kinds[1], f"python -m tests.tour renews the outputs: {kept.source[:60]}"
    text = TOUR.read_text(encoding="utf-8")
    for private in ("127.0.0.1", "/tmp/", "/root", "/home", "\\u001b["):
        assert private not in text
