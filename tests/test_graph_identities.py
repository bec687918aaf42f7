"""Which authors are one person: evidence, never a bare name, the same links in whatever order papers came."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.graph import identities
from biorxivist.graph.embedded import Ladybug
from biorxivist.graph.identities import Person, links
from biorxivist.graph.keys import author_key
from biorxivist.graph.loading import Store, load
from biorxivist.graph.questions import question
from biorxivist.graph.writing import Outcome
from biorxivist.items import Affiliation, Author, Paper
from tests.graph_papers import paper
from tests.test_graph_commands import run, write
from tests.test_graph_stores import wiped

WANG, POE, ROE, MOE = (Author(f"{g} {s}", g, s) for g, s in (("Wei", "Wang"), ("Ann", "Poe"), ("Jo", "Roe"), ("Max", "Moe")))  # fmt: skip
WITH_ORCID = replace(WANG, orcid="0000-0001-0000-0009")
INITIAL = Author("W. Wang", "W.", "Wang")
PLACE = Affiliation("a1", "University of Rest", "University of Rest")


def papers_of(*bylines: list[Author], affiliations=()) -> list[Paper]:
    return [
        paper(f"10.1101/2024.05.05.{n:06}", authors=byline, affiliations=list(affiliations))
        for n, byline in enumerate(bylines, 1)
    ]


def key(author: Author, number: int) -> str:
    return author_key(author, [], f"10.1101/2024.05.05.{number:06}")


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request, tmp_path) -> Iterator[Store]:
    made = wiped(request.getfixturevalue("neo4j")) if request.param == "neo4j" else Ladybug(tmp_path / "graph.lbug", write=True)  # fmt: skip
    with made as store:
        store.define()
        yield store


def linked(store: Store) -> set[tuple]:
    return set(store.read(identities.LINKS, {})[1])


def test_common_coauthors_make_one_person_and_a_bare_name_does_not(store):
    papers = papers_of([WITH_ORCID, POE, ROE], [WANG, POE, ROE], [INITIAL, ROE, POE, MOE], [WANG, MOE], [WANG])
    load(papers, store)
    assert store.follow(identities.plan).new == 5
    one, two, three = key(WITH_ORCID, 1), key(WANG, 2), key(INITIAL, 3)
    mine = {link for link in linked(store) if "wang" in link[0]}
    assert mine == {(two, one, 2, 0), (three, one, 2, 0), (two, three, 2, 0)}
    asked = question("papers")
    found = store.read(asked.text, asked.bound([WITH_ORCID.orcid], 25))[1]
    assert [row[1] for row in found] == [p.doi for p in papers[:3]]
    asked = question("coauthors")
    found = store.read(asked.text, asked.bound([WITH_ORCID.orcid], 25))[1]
    assert [row[0] for row in found] == ["Ann Poe"] * 3 + ["Jo Roe"] * 3 + ["Max Moe"]


def test_a_second_time_changes_nothing_and_what_is_gone_goes(store):
    papers = papers_of([WITH_ORCID, POE, ROE], [WANG, POE, ROE])
    load(papers, store)
    assert store.follow(identities.plan) == Outcome(new=3)
    before = linked(store)
    assert store.follow(identities.plan) == Outcome(unchanged=3)
    load(papers, store)
    assert linked(store) == before
    load([replace(papers[1], authors=[WANG, POE, MOE])], store)
    outcome = store.follow(identities.plan)
    assert outcome.new == 0
    assert linked(store) == set()


def test_one_coauthor_and_the_same_institution(store):
    here = [replace(a, affiliations=["a1"]) for a in (WANG, POE)]
    load(papers_of(here, [*here, replace(MOE, affiliations=[])], affiliations=[PLACE]), store)
    store.follow(identities.plan)
    assert (key(WANG, 2), key(WANG, 1), 1, 1) in linked(store)


def test_every_order_gives_the_same_links(store):
    papers = papers_of([WITH_ORCID, POE, ROE], [WANG, POE, ROE], [INITIAL, ROE, POE], [WANG, MOE])
    load(papers, store)
    store.follow(identities.plan)
    before = linked(store)
    for some in ([papers[3], papers[1]], [papers[2]], papers[::-1]):
        load([replace(p, title="Passing") for p in some], store)
        store.follow(identities.plan)
    load(papers, store)
    assert store.follow(identities.plan).new == 0
    assert linked(store) == before


def test_the_command(tmp_path):
    write(tmp_path / "papers.jsonl", papers_of([WITH_ORCID, POE, ROE], [WANG, POE, ROE]))
    run(tmp_path, "load", "papers.jsonl")
    assert run(tmp_path, "link-authors")[2] == "links between authors: 3 new, 0 changed or removed, 0 as before\n"
    assert run(tmp_path, "link-authors")[2] == "links between authors: 0 new, 0 changed or removed, 3 as before\n"
    assert run(tmp_path, "load", "papers.jsonl")[2] == "0 new, 0 changed, 2 as before\n"


# --- the rule ---------------------------------------------------------------------------------------------------------


def someone(id: str, given: str = "wei", orcid: str = "", versions: str = "", coauthors: str = "a b c", places: str = "") -> Person:  # fmt: skip
    sets = (frozenset((text or id).split()) for text in (versions, coauthors, places))
    return Person(id, orcid, given.split(), *sets)


@pytest.mark.parametrize(
    "other",
    [
        someone("2", given="wenbo"),
        someone("2", orcid="0000-0002"),
        someone("2", versions="1"),
        someone("2", coauthors="a x y"),
        someone("2", coauthors="x y z"),
        someone("2", coauthors="x y z", places="1"),
    ],
    ids=["another given name", "another iD", "one byline", "one co-author", "none", "an institution alone"],
)
def test_two_people(other):
    assert list(links([someone("1", orcid="0000-0001"), other])) == []


def test_names_shared_by_two_large_bylines_are_chance():
    crowd = " ".join(f"x{n}" for n in range(30))
    assert list(links([someone("1", coauthors=f"a b {crowd}"), someone("2", coauthors=f"a b {crowd.replace('x', 'y')}")])) == []  # fmt: skip


def test_an_initial_between_two_full_names_links_neither():
    between = someone("3", given="w", coauthors="a b x y")
    people = [someone("1", coauthors="a b c"), someone("2", given="wenbo", coauthors="x y z"), between]
    assert list(links(people)) == []


@given(st.permutations(range(6)))
def test_the_rule_does_not_depend_on_the_order(order):
    def people() -> list[Person]:
        return [
            someone("1", orcid="0000-0001"),
            someone("2"),
            someone("3", given="w"),
            someone("4", given="wenbo", coauthors="x y z"),
            someone("5", given="wenbo q", coauthors="x y"),
            someone("6", coauthors="u v"),
        ]

    wanted = {("2", "1", 3, 0), ("3", "1", 3, 0), ("3", "2", 3, 0), ("5", "4", 2, 0)}
    assert set(links([people()[n] for n in order])) == wanted
