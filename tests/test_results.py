"""Europe PMC's search results: preprints of the two servers, and answers that are none."""

import json

import pytest

from biorxivist.items import Affiliation, Award
from biorxivist.readers.results import EmptyAnswer, read_results
from biorxivist.readers.strict import MalformedDocument


def entry(**changes):
    """One invented entry; a change to None takes a field out."""
    fields = {
        "id": "PPR700001",
        "source": "PPR",
        "doi": "10.1101/2023.02.03.512345",
        "title": "Tides in <i>Mytilus</i>.",
        "authorString": "Berg A, Nunez C.",
        "authorList": {
            "author": [
                {
                    "fullName": "Berg A",
                    "firstName": "Anna",
                    "lastName": "Berg",
                    "initials": "A",
                    "authorId": {"type": "ORCID", "value": "0000-0002-1825-009X"},
                    "authorAffiliationDetailsList": {
                        "authorAffiliation": [
                            {"affiliation": "Institute of Tides, Norway. anna.berg@tides.example.org."},
                            {"affiliation": "School of Sand"},
                        ]
                    },
                },
                {"fullName": "Nunez C", "lastName": "Nunez", "initials": "C", "authorAffiliationDetailsList": {"authorAffiliation": {"affiliation": "School of Sand"}}},
                {"collectiveName": "Mussel Study Group"},
            ]
        },
        "abstractText": "<h4>Background</h4>Tides turn at 10<sup>3</sup> m.",
        "keywordList": {"keyword": ["tides", "Mytilus"]},
        "grantsList": {"grant": [{"grantId": "A1", "agency": "Sea Fund"}]},
        "bookOrReportDetails": {"publisher": "bioRxiv", "yearOfPublication": 2023},
        "firstPublicationDate": "2023-02-05",
        "license": "cc by-nc",
        "inEPMC": "N",
        "hasPDF": "Y",
    } | changes  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def answer(*entries, **changes):
    return {"hitCount": 12, "nextCursorMark": "AoE=", "resultList": {"result": list(entries)}} | changes


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        ("Tides of Mytilus.", "Tides of Mytilus"),
        ("Why tides?", "Why tides?"),
        ("A role for vitamin D.", "A role for vitamin D"),
        ("Tides of Mytilus sp.", "Tides of Mytilus sp."),
        ("A reply to Poe et al.", "A reply to Poe et al."),
        ("Tides, and yet...", "Tides, and yet..."),
        (".", ""),
        ("", ""),
    ],
)
def test_a_title_is_without_the_full_stop_that_europe_pmc_adds(listed, title):
    (hit,) = read_results(answer(entry(title=listed))).hits
    assert hit.paper.title == title


def test_the_fields_of_a_hit():
    results = read_results(answer(entry()))
    (hit,) = results.hits
    assert (results.total, results.next_cursor, results.listed) == (12, "AoE=", 1)
    assert (hit.doi, hit.id, hit.source, hit.server) == ("10.1101/2023.02.03.512345", "PPR700001", "PPR", "biorxiv")
    paper = hit.paper
    assert (paper.doi, paper.version, paper.server, paper.source) == (hit.doi, 0, "biorxiv", "europepmc")
    assert (paper.title, paper.first_posted, paper.posted) == ("Tides in Mytilus", "2023-02-05", "")
    assert paper.abstract.split("\u2029") == ["Background", "Tides turn at 10³ m."]
    assert paper.keywords == ["tides", "Mytilus"]
    assert paper.license == "CC-BY-NC-4.0"
    assert paper.awards == [Award("Sea Fund", award="A1")]
    assert paper.url == "https://doi.org/10.1101/2023.02.03.512345"


def test_the_byline_of_a_hit():
    paper = read_results(answer(entry())).hits[0].paper
    first, second, group = paper.authors
    assert (first.name, first.given, first.surname, first.orcid) == ("Anna Berg", "Anna", "Berg", "0000-0002-1825-009X")
    assert (second.name, second.affiliations) == ("C Nunez", ["aff2"])
    assert (group.name, group.group) == ("Mussel Study Group", "Mussel Study Group")
    assert paper.affiliations == [
        Affiliation("aff1", "Institute of Tides, Norway"),
        Affiliation("aff2", "School of Sand"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "a.b@c.org",
        " Electronic address: a.b@c.org.",
        " (a.b@c.org)",
        "; e-mail: a.b@c.org",
        " <a.b@c.org>; x_y@z.ac.uk.",
    ],
)
def test_no_address_of_a_person_is_kept(address):
    author = {
        "lastName": "Berg",
        "authorAffiliationDetailsList": {"authorAffiliation": {"affiliation": f"Dept X, {address}"}},
    }
    paper = read_results(answer(entry(authorList={"author": author}))).hits[0].paper
    assert [a.text for a in paper.affiliations] == ["Dept X"]


def test_without_a_list_the_byline_is_split():
    paper = read_results(answer(entry(authorList=None))).hits[0].paper
    assert [a.name for a in paper.authors] == ["Berg A", "Nunez C"]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"inEPMC": "Y"}, True),
        ({"inEPMC": "N", "fullTextIdList": {"fullTextId": ["PPR700001"]}}, True),
        ({"inEPMC": "N", "fullTextIdList": {"fullTextId": "PPR700001"}}, True),
        ({"inEPMC": "N"}, False),
        ({"inEPMC": None}, False),
    ],
)
def test_the_answer_tells_whether_there_is_a_full_text(flags, expected):
    assert read_results(answer(entry(**flags))).hits[0].has_full_text is expected


def test_other_servers_and_journals_are_left_out_but_counted():
    entries = [
        entry(bookOrReportDetails={"publisher": "medRxiv"}),
        entry(bookOrReportDetails={"publisher": "Research Square"}),
        entry(bookOrReportDetails=None),
        entry(source="MED"),
    ]
    results = read_results(answer(*entries))
    assert [h.server for h in results.hits] == ["medrxiv"]
    assert results.listed == 4


def test_a_bare_entry_is_a_hit():
    (hit,) = read_results(answer({"id": "PPR1", "source": "PPR", "bookOrReportDetails": {"publisher": "bioRxiv"}})).hits
    assert (hit.doi, hit.paper.title, hit.paper.authors) == ("", "", [])


@pytest.mark.parametrize("changes", [{"resultList": None}, {"resultList": {}}, {"resultList": {"result": None}}])
def test_an_answer_without_results_is_to_be_asked_again(changes):
    with pytest.raises(EmptyAnswer, match="resultList"):
        read_results(answer(**changes))
    with pytest.raises(EmptyAnswer):
        read_results({"version": "6.9"})


def test_no_results_is_an_answer():
    results = read_results({"hitCount": "0", "resultList": {"result": []}})
    assert (results.hits, results.total, results.next_cursor, results.listed) == ([], 0, "", 0)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"errCode": 404, "errMsg": "Bad cursor"}, "404 Bad cursor"),
        (answer(hitCount=None), "hitCount"),
        (answer(hitCount="many"), "hitCount"),
        (answer(resultList={"result": {"id": "x"}}), "result"),
        (answer(entry(id=None)), "10.1101/2023.02.03.512345"),
    ],
)
def test_what_is_no_answer_is_malformed(data, named):
    with pytest.raises(MalformedDocument, match=named) as error:
        read_results(data)
    assert not isinstance(error.value, EmptyAnswer)


def test_recorded_entries_read_as_preprints_would(corpus):
    data = json.loads((corpus / "api/europepmc_search_core__zhangyee.json").read_text())
    assert read_results(data).hits == []
    assert read_results(data).total == 993768
    for row in data["resultList"]["result"]:
        row |= {"source": "PPR", "bookOrReportDetails": {"publisher": "bioRxiv"}}
    results = read_results(data)
    assert len(results.hits) == results.listed == len(data["resultList"]["result"])
    for hit in results.hits:
        assert all((hit.paper.title, hit.paper.authors, hit.paper.keywords))
        assert "@" not in repr(hit)
