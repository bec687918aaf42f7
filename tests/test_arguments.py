"""What a user may type behind `-a`, and what they are told otherwise."""

from datetime import date

import pytest

from biorxivist.arguments import ArgumentError, PaperArguments, SearchArguments, parse
from biorxivist.identifiers import Preprint

WRONG = [
    (SearchArguments, {}, "argument q is missing: allowed are fulltext, license"),
    (SearchArguments, {"q": "  "}, "must not be empty"),
    (SearchArguments, {"q": '"TGF-beta'}, "quotation mark without its partner"),
    (SearchArguments, {"q": "a) OR (b"}, "parenthesis without its partner"),
    (SearchArguments, {"q": "x", "limt": "3"}, "unknown argument limt: allowed are"),
    (SearchArguments, {"q": "x", "server": "arxiv"}, "server=arxiv: must be 'biorxiv', 'medrxiv' or 'both'"),
    (SearchArguments, {"q": "x", "since": "yesterday"}, "since=yesterday: must be a date like 2025-03-14"),
    (SearchArguments, {"q": "x", "until": "2025-02-30"}, "until=2025-02-30: must be a date"),
    (
        SearchArguments,
        {"q": "x", "since": "2025-02-02", "until": "2025-02-01"},
        "since=2025-02-02 is after until=2025-02-01",
    ),
    (SearchArguments, {"q": "x", "limit": "0"}, "limit=0: must be greater than or equal to 1"),
    (SearchArguments, {"q": "x", "limit": "many"}, "limit=many: must be a valid integer"),
    (SearchArguments, {"q": "x", "fulltext": "maybe"}, "fulltext=maybe: must be yes or no"),
    (SearchArguments, {"q": "x", "license": "mit"}, "license=mit: must be 'any', 'cc' or 'open'"),
    (PaperArguments, {}, "give doi=10.1101/… or file=dois.txt"),
    (PaperArguments, {"doi": "10.1101/339747", "file": __file__}, "one of the two"),
    (PaperArguments, {"doi": " "}, "must not be empty"),
    (PaperArguments, {"doi": "10.1038/nature12373"}, "10.1038/nature12373"),
    (PaperArguments, {"file": "/no/such/file"}, "no such file: /no/such/file"),
    (PaperArguments, {"doi": "10.1101/339747", "q": "x"}, "unknown argument q"),
]


@pytest.mark.parametrize(("model", "given", "expected"), WRONG)
def test_a_wrong_argument_is_explained_in_one_line(model, given, expected):
    with pytest.raises(ArgumentError) as error:
        parse(model, given)
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


def test_a_search():
    args = parse(
        SearchArguments, {"q": ' "TGF-beta" AND (monocyte) ', "server": "both", "since": "2025-01-01", "limit": "50"}
    )
    assert args.q == '"TGF-beta" AND (monocyte)'
    assert (args.server, args.since, args.until, args.limit) == ("both", date(2025, 1, 1), None, 50)
    assert args.fulltext
    assert args.license == "any"


def test_a_parenthesis_within_quotes_is_a_character():
    assert parse(SearchArguments, {"q": '"smiley :)" OR x'}).q == '"smiley :)" OR x'


def test_scrapyd_adds_a_job():
    assert parse(SearchArguments, {"q": "x", "_job": "a1b2"}).job == "a1b2"


def test_one_doi_or_several():
    one = parse(PaperArguments, {"doi": " doi: 10.1101/2023.10.19.563100v2. "}).doi
    assert one == [Preprint("10.1101/2023.10.19.563100", 2)]
    two = parse(PaperArguments, {"doi": "10.1101/339747, https://doi.org/10.64898/2026.04.22.720218"}).doi
    assert [p.doi for p in two] == ["10.1101/339747", "10.64898/2026.04.22.720218"]
