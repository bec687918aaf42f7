"""The API record: its versions, its failures, and the rows that servers really gave."""

import json

import pytest

from biorxivist.items import Affiliation, Award
from biorxivist.readers.record import read_interval, read_record
from biorxivist.readers.strict import MalformedDocument

DOI = "10.1101/2023.02.03.512345"


def row(**changes):
    """One invented row; a change to None takes a field out."""
    fields = {
        "title": "Tides of TGF{beta} in <i>Mytilus</i>",
        "authors": "van der Berg, A. B.; Nuñez, C.; Mussel Study Group; ",
        "author_corresponding": "Carla  Nunez",
        "author_corresponding_institution": "Institute of Tides",
        "doi": "10.1101/2023.02.03.512345",
        "date": "2023-02-05",
        "version": "1",
        "type": "new results",
        "license": "cc_by",
        "category": "Marine Biology",
        "jatsxml": "https://www.biorxiv.org/content/early/2023/02/05/2023.02.03.512345.source.xml",
        "abstract": "BackgroundTides turn.\n\nResultsThey did.",
        "funder": "NA",
        "published": "NA",
        "server": "bioRxiv",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def answer(*rows, **message):
    return {"messages": [{"status": "ok", "category": "all"} | message], "collection": list(rows)}


# --- a record ---------------------------------------------------------------------------------------------------------


def test_the_fields_of_a_row():
    record = read_record(answer(row()))
    (paper,) = record.papers
    assert record.status == "ok"
    assert (paper.doi, paper.version, paper.server) == (DOI, 1, "biorxiv")
    assert paper.url == f"https://www.biorxiv.org/content/{DOI}v1"
    assert paper.title == "Tides of TGFβ in Mytilus"
    assert paper.abstract.split("\u2029") == ["Background", "Tides turn.", "Results", "They did."]
    assert (paper.posted, paper.first_posted) == ("2023-02-05", "2023-02-05")
    assert (paper.category, paper.article_type, paper.license) == ("marine biology", "new results", "CC-BY-4.0")
    assert (paper.published_doi, paper.withdrawn, paper.awards, paper.source) == ("", False, [], "record")
    assert record.jatsxml == {1: "https://www.biorxiv.org/content/early/2023/02/05/2023.02.03.512345.source.xml"}


def test_the_byline_of_a_row():
    (paper,) = read_record(answer(row())).papers
    first, second, group = paper.authors
    assert (first.name, first.given, first.surname) == ("A. B. van der Berg", "A. B.", "van der Berg")
    assert (group.name, group.group, group.surname) == ("Mussel Study Group", "Mussel Study Group", "")
    assert [a.corresponding for a in paper.authors] == [False, True, False]
    assert paper.affiliations == [Affiliation("aff1", "Institute of Tides", "Institute of Tides")]
    assert (first.affiliations, second.affiliations) == ([], ["aff1"])


@pytest.mark.parametrize(
    ("authors", "name", "expected"),
    [
        ("Li, X.; Li, Y.", "Yan Li", 1),
        ("Li, X.; Li, X. Y.", "Xin Li", None),
        ("Berg, A.; van der Berg, C.", "C van der Berg", 1),
        ("Baker, C. L.; Zhan, C.", "Curtis Baker Jr.", 0),
        ("MacMullen,, L. E.", "Laura E MacMullen", 0),
        ("Park, I.-H.", "In-Hyun Park", 0),
        ("O&apos;Neil, P.", "Pat O'Neil", 0),
        ("Ferbi, I.", "Ingvar Ferby", None),
        ("Ng, K.", "NA", None),
        ("Cheng, J.", "King Ng", None),
    ],
)
def test_only_a_certain_author_is_corresponding(authors, name, expected):
    (paper,) = read_record(answer(row(authors=authors, author_corresponding=name))).papers
    marked = [i for i, a in enumerate(paper.authors) if a.corresponding]
    assert marked == ([] if expected is None else [expected])
    assert paper.affiliations


def test_versions_are_sorted_and_each_knows_all():
    rows = [
        row(version="10", date="2024-01-01", license="cc_no", title="Newest"),
        row(version=2, date="2023-06-01"),
        row(),
        row(version="2", date="2023-06-01", license="cc0_ng"),
    ]
    record = read_record(answer(*rows))
    assert [p.version for p in record.papers] == [1, 2, 10]
    assert [v.version for v in record.papers[0].versions] == [1, 2, 10]
    assert [v.license for v in record.papers[2].versions] == ["CC-BY-4.0", "CC0-1.0", "all-rights-reserved"]
    assert {p.first_posted for p in record.papers} == {"2023-02-05"}
    assert record.paper().title == "Newest"
    assert record.paper(2).posted == "2023-06-01"
    with pytest.raises(KeyError, match="no version 3: the record has 1, 2, 10"):
        record.paper(3)


def test_without_version_1_the_first_posting_is_unknown():
    (paper,) = read_record(answer(row(version="2"))).papers
    assert paper.first_posted == ""


@pytest.mark.parametrize("spelling", ["withdrawn", "WITHDRAWN"])
def test_a_withdrawn_paper_is_withdrawn_in_all_versions(spelling):
    record = read_record(answer(row(), row(version="2", type=spelling)))
    assert [p.withdrawn for p in record.papers] == [True, True]
    assert [p.article_type for p in record.papers] == ["new results", "withdrawn"]


def test_medrxiv_has_no_article_types():
    changes = {"type": "PUBLISHAHEADOFPRINT", "server": "medRxiv", "license": "", "published": "10.7554/eLife.93778"}
    (paper,) = read_record(answer(row(**changes))).papers
    assert (paper.article_type, paper.license, paper.published_doi) == ("", "", "10.7554/elife.93778")
    assert paper.url.startswith("https://www.medrxiv.org/content/")


def test_of_the_funders_only_grant_numbers_are_kept():
    funders = [
        {"name": "Wrong", "id": "https://ror.org/x", "award": "A1; B2;"},
        {"name": "X", "award": ""},
        {"award": "A1"},
    ]
    (paper,) = read_record(answer(row(funder=funders))).papers
    assert paper.awards == [Award(award="A1"), Award(award="B2")]


def test_a_row_without_server_has_that_of_its_jats():
    (paper,) = read_record(answer(row(server=None))).papers
    assert paper.server == "biorxiv"


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["no posts found", "No posts found ", "no articles found", "no articles found for published version of "]
)
def test_nothing_found_is_an_answer(status):
    data = {"messages": [{"status": status}], "collection": []}
    assert read_record(data).papers == []
    assert read_record(data).status == status.lower().strip()
    assert read_interval(data).papers == []
    with pytest.raises(KeyError, match="none"):
        read_record(data).paper()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"messages": [{"status": "Server not recognized"}], "collection": []}, "Server not recognized"),
        ({"messages": [{"status": "Both dates must be in yyyy-mm-dd format"}], "collection": []}, "yyyy-mm-dd"),
        ({"messages": [{"status": "funder value not found"}]}, "funder value"),
        ({"messages": [], "collection": []}, "status"),
        ({"messages": "down", "collection": []}, "status"),
        ({"error": "down"}, "status"),
        ({}, "status"),
        ({"messages": [{"status": "ok"}]}, "collection"),
        ({"messages": [{"status": "ok"}], "collection": ["x"]}, "collection"),
        (answer(row(doi=None)), r"collection\[0\].doi"),
        (answer(row(doi="see journal")), r"collection\[0\].doi"),
        (answer(row(), row(version=None)), rf"collection\[1\].version.*{DOI}"),
        (answer(row(version="two")), "version"),
        (answer(row(version="0")), "version"),
        (answer(row(title=" ")), rf"collection\[0\].title.*{DOI}"),
        (answer(row(server="chemRxiv")), "chemRxiv"),
    ],
)
def test_what_is_no_answer_is_malformed(data, named):
    for read in (read_record, read_interval):
        with pytest.raises(MalformedDocument, match=named):
            read(data)


def test_a_record_is_of_one_paper():
    with pytest.raises(MalformedDocument, match="2 DOIs"):
        read_record(answer(row(), row(doi="10.1101/339747")))
    with pytest.raises(MalformedDocument, match="empty"):
        read_record(answer())


def test_messages_may_be_a_bare_object():
    assert read_record({"messages": {"status": "ok"}, "collection": [row()]}).papers


# --- a listing --------------------------------------------------------------------------------------------------------


def test_a_listing_has_papers_of_many_dois_and_numbers():
    page = read_interval(
        answer(row(), row(doi="10.1101/339747", version="3"), cursor="45", count=2, total="145", count_new_papers="95")
    )
    assert [(p.doi, p.version, p.versions) for p in page.papers] == [(DOI, 1, []), ("10.1101/339747", 3, [])]
    assert (page.category, page.cursor, page.count, page.total, page.new_papers) == ("all", 45, 2, 145, 95)
    assert set(page.jatsxml) == {(DOI, 1), ("10.1101/339747", 3)}


@pytest.mark.parametrize(
    ("name", "papers", "cursor", "total"),
    [
        ("details_biorxiv_2024-01-01_2024-12-31_cursor0__zhangyee", 100, 0, 60568),
        ("details_biorxiv_2024-09-17_cursor45__pantheon", 100, 45, 145),
        ("details_biorxiv_2026-07-15_2026-07-18__pu5ha", 3, 0, 3),
        ("details_medrxiv__zhangyee", 100, 0, 15523),
        ("details_medrxiv_2026-08__harsh4873", 10, 0, 246),
    ],
)
def test_recorded_listings(corpus, name, papers, cursor, total):
    page = read_interval(json.loads((corpus / "api" / f"{name}.json").read_text()))
    assert (len(page.papers), page.cursor, page.total) == (papers, cursor, total)
    for paper in page.papers:
        assert paper.server == name.split("_")[1]
        assert all((paper.title, paper.abstract, paper.authors, paper.posted, paper.category))
        assert paper.article_type in ("new results", "confirmatory results", "contradictory results", "withdrawn", "")
    marked = sum(any(a.corresponding for a in p.authors) for p in page.papers)
    assert marked >= 0.98 * papers


def test_recorded_rows_of_single_papers(corpus):
    rows = [json.loads(p.read_text()) for p in sorted((corpus / "api").glob("biorxiv_*.json"))]
    papers = [read_record(answer(r)).paper() for r in rows]
    assert [(p.doi, p.version) for p in papers] == [
        ("10.1101/2025.05.05.652292", 2),
        ("10.64898/2026.04.08.716779", 1),
        ("10.64898/2026.04.10.717745", 1),
        ("10.1101/006965", 13),
        ("10.1101/104331", 2),
        ("10.1101/106666", 2),
        ("10.1101/107243", 3),
        ("10.1101/125088", 2),
    ]
    assert papers[0].awards[:2] == [Award(award="R00HG009662"), Award(award="R01HG012928")]
    assert papers[4].published_doi == "10.1371/journal.pone.0237493"
