"""The API record: names, and what the API writes where it knows nothing."""

from typing import Any

import pytest

from biorxivist.items import Author
from biorxivist.readers.record import read_interval, read_record

ROW = {
    "title": "The boiling of teapots", "authors": "Quill, A. B.; Reed, T.", "author_corresponding": "Ada B. Quill",
    "author_corresponding_institution": "Kettle Institute", "doi": "10.1101/2021.03.04.433999", "date": "2021-03-05", "version": "1",
    "type": "new results", "license": "cc_by", "category": "ecology", "jatsxml": "https://www.biorxiv.org/x.source.xml",
    "abstract": "Pots boil.", "funder": "NA", "published": "NA", "server": "bioRxiv",
}  # fmt: skip


def answer(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "messages": [{"status": "ok", "cursor": 0, "count": len(rows), "total": str(len(rows))}],
        "collection": [*rows],
    }


def authors(names: str, corresponding: str = "") -> list[Author]:
    row = ROW | {"authors": names, "author_corresponding": corresponding, "author_corresponding_institution": "NA"}
    return read_record(answer(row)).papers[0].authors


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("van der Pot, A. B.", Author("A. B. van der Pot", "A. B.", "van der Pot")),
        ("Pot, A. d. l.", Author("A. d. l. Pot", "A. d. l.", "Pot")),
        ("Quill-O'Lid, J.-L.", Author("J.-L. Quill-O'Lid", "J.-L.", "Quill-O'Lid")),
        ("Gr&ouml;t, A.; ", Author("A. Gröt", "A.", "Gröt")),
        ("Suharti,", Author("Suharti", "", "Suharti")),
        ("Suharti,  ;", Author("Suharti", "", "Suharti")),
        ("Teapot Network,  ;", Author("Teapot Network", group="Teapot Network")),
        ("The LID-1 Consortium,", Author("The LID-1 Consortium", group="The LID-1 Consortium")),
        ("Friends of Pots", Author("Friends of Pots", group="Friends of Pots")),
    ],
)
def test_a_name_has_its_parts(names, expected):
    assert authors(names) == [expected]


@pytest.mark.parametrize(
    ("corresponding", "found"),
    [
        ("Ada Quill", ["A. B. Quill"]),
        ("Tom  Réed", ["T. Reed"]),
        ("Zoe Reed", ["Z. Reed"]),
        ("Lin Kettle", []),
        ("NA", []),
    ],
)
def test_the_corresponding_author_is_told_by_name(corresponding, found):
    given = authors("Quill, A. B.; Reed, T.; Reed, Z.", corresponding)
    assert [a.name for a in given if a.corresponding] == found


def test_headings_are_parted_in_an_abstract_and_not_in_a_title():
    row = ROW | {"title": "DesignMaster: CO{square} of pots", "abstract": "BackgroundPots boil.\n\nResultsThey do."}
    paper = read_interval(answer(row)).papers[0]
    assert paper.title == "DesignMaster: CO□ of pots"
    assert paper.abstract.split("\u2029") == ["Background", "Pots boil.", "Results", "They do."]
