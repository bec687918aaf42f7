"""The report of a run: everything that its record says, nothing that it could do."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from biorxivist.quantities import duration, size
from biorxivist.report import bars, columns, render

RECORD = {
    "schema": 1,
    "run": "2026-11-25T110308Z-search-7504",
    "state": "ended",
    "spider": "search",
    "arguments": {"q": '"TGF-beta" AND monocyte', "server": "both"},
    "started": "2026-11-25T11:03:08+00:00",
    "written": "2026-11-25T13:23:59+00:00",
    "exit_status": 3,
    "finish_reason": "finished",
    "papers": {"found": 1400, "wanted": 1200, "delivered": 1199, "unchanged": 0, "missing": 3, "open": 0, "withdrawn": ["10.1101/1v1"]},
    "counts": {
        "server": {"biorxiv": 1000, "medrxiv": 199},
        "license": {"CC-BY-4.0": 900, "": 299},
        "category": {f"category {n}": 100 - n for n in range(20)},
        "posted": {"2025-01-03": 600, "2025-03-30": 599},
        "coverage": {"full_text": 1100, "abstract": 99},
        "text": {"jats": 1000, "europepmc": 100},
    },
    "missing": [
        {"paper": "10.1101/2024.03.05.583102", "reason": "refused", "detail": "jats: a challenge page", "delivered": True},
        {"paper": "10.64898/2026.04.08.716779v2", "reason": "refused", "detail": "jats: a challenge page", "delivered": True},
        {"paper": "dois.txt line 4", "reason": "malformed", "detail": "'x' is no DOI", "delivered": False},
    ],
    "attempts": {"jats": {"ok": 1000, "refused": 2}, "record": {"ok": 1199}},
    "requests": {"sent": 2500, "answered": 2490, "bytes": 412_000_000, "from_archive": 12, "asked_again": 3},
    "waits": [{"host": "www.biorxiv.org", "answers": 1002, "seconds": 7025.5, "delay": 6900.5, "other_crawls": 0.0, "retry_after": 125.0}],
    "feeds": ["papers.jsonl"],
    "log": {"WARNING": 4, "ERROR": 0, "CRITICAL": 0},
    "settings": {"USER_AGENT": "BioRxivist/0.1.0"},
    "versions": {"python": "3.13.1", "biorxivist": "0.1.0"},
    "memory_mb": 180,
}  # fmt: skip


def words(page: str) -> str:
    root = html.document_fromstring(page)
    for style in root.iter("style"):
        style.text = ""
    return " ".join(" ".join(root.itertext()).split())


def lacking(detail: str) -> str:
    entry = {"paper": "10.1101/1v1", "reason": "unavailable", "detail": detail, "delivered": True, "count": 1}
    return words(render(changed(missing=[entry])))


def test_what_a_delivered_paper_lacks_is_named():
    assert "record: no answer in time (delivered without version and licence)" in lacking("record: no answer in time")
    assert "1 of them without version and licence, which the API did not give." in lacking("record: no answer in time")
    assert "jats: no answer in time (delivered without full text)" in lacking("jats: no answer in time")


def changed(**changes) -> dict:
    return copy.deepcopy(RECORD) | changes


def test_a_report_says_what_its_record_says():
    text = words(render(RECORD))
    for said in (
        "Incomplete",
        "1,199 of 1,200 papers delivered, 2 of them without a full text that may exist. The reasons are below.",
        "Run the same command again later",
        "of 1,400 found",
        '"TGF-beta" AND monocyte',
        "Refused 2",
        "jats: a challenge page (delivered without full text) 10.1101/2024.03.05.583102 10.64898/2026.04.08.716779v2",
        "dois.txt line 4",
        "Full text from the site's JATS 1,000 83 %",
        "not given 299 25 %",
        "5 others",
        "API record 1,199",
        "www.biorxiv.org the pause between two requests: 1 h 55 min the host asked to wait: 2 min 1 h 57 min 1,002",
        "2,500 sent, 12 answered by the archive, 3 asked again, 412 MB received",
        "2 h 21 min",
    ):
        assert said in text, (said, text)


def test_missing_papers_have_links_and_lines_of_a_file_have_none():
    links = [a.get("href") for a in html.document_fromstring(render(RECORD)).iter("a")]
    assert links == ["https://doi.org/10.1101/2024.03.05.583102", "https://doi.org/10.64898/2026.04.08.716779"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exit_status": 0, "missing": []}, "Complete 1,199 of 1,200 papers delivered. Nothing that exists is missing."),
        ({"exit_status": 1, "missing": [], "finish_reason": "search_failed"}, "Failed 1,199 of 1,200 papers delivered. The run ended early: search failed."),
        ({"exit_status": None, "state": "running", "missing": []}, "The run is still going on, or was killed"),
        ({"exit_status": None, "state": "stopped", "missing": []}, "The run was stopped by force."),
    ],
)  # fmt: skip
def test_the_verdict(changes, said):
    assert said in words(render(changed(**changes)))


def test_a_run_without_anything_has_a_report():
    empty = changed(
        counts={}, missing=[], attempts={}, waits=[], feeds=[], arguments={}, exit_status=0,
        papers=dict.fromkeys(("found", "wanted", "delivered", "unchanged", "missing", "open"), 0) | {"withdrawn": []},
    )  # fmt: skip
    assert "Complete 0 of 0 papers delivered." in words(render(empty))


def everywhere(text: str) -> dict:
    """The record with a text in every place that comes from outside."""
    return changed(
        run=text, arguments={text: text}, finish_reason=text, feeds=[text], versions={text: text},
        counts=RECORD["counts"] | {name: {text: 3} for name in ("server", "license", "category", "posted", "text")},
        missing=[{"paper": text, "reason": text, "detail": text, "delivered": False}],
        attempts={text: {text: 1}},
        waits=[{"host": text, "answers": 1, "seconds": 3.0, "delay": 1.0, "other_crawls": 1.0, "retry_after": 1.0}],
    )  # fmt: skip


PLAIN = {element.tag for element in html.document_fromstring(render(RECORD)).iter() if isinstance(element.tag, str)}
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='alert(1)", "</style><b>", "javascript:alert(1)",
    "10.1101/1\"onmouseover=alert(1)//", "{{ 7 * 7 }}", "{% raw %}", "</title><h1>", "<!--", "&lt;b&gt;",
]  # fmt: skip


@settings(max_examples=40)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=40)))
def test_what_comes_from_outside_is_text(text):
    root = html.document_fromstring(render(everywhere(text)))
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= PLAIN
    for element in elements:
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("href", "https://doi.org/").startswith("https://doi.org/")
    assert "49" not in words(render(everywhere("{{ 7 * 7 }}")))


def test_a_report_needs_nothing_else():
    page = render(RECORD)
    root = html.document_fromstring(page)
    assert not root.xpath("//script | //link | //img | //iframe | //@src | //@style[contains(., 'url')]")
    assert "url(" not in page
    assert "@import" not in page
    assert root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == ["default-src 'none'; style-src 'unsafe-inline'"]  # fmt: skip


def test_many_missing_papers_are_counted_and_the_first_named():
    one = RECORD["missing"][0]
    missing = [one | {"paper": f"10.1101/{n:06}"} for n in range(1200)]
    text = words(render(changed(missing=missing)))
    assert "Refused 1,200" in text
    assert "and 700 more, named in run.json" in text


# --- pictures ---------------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 10**6), max_size=20))
def test_bars_are_as_long_as_their_figures(counts):
    found = bars(counts)
    assert [bar["count"] for bar in found] == [n for n in counts.values() if n]
    assert all(0 < bar["length"] <= 100 for bar in found)
    assert sum(bar["share"] for bar in found) == pytest.approx(100 if found else 0)


@given(st.dictionaries(st.dates().map(str), st.integers(1, 1000), max_size=12))
def test_columns_stand_for_every_paper_and_have_no_gap(posted):
    found = columns(posted)
    assert sum(column["count"] for column in found) == sum(posted.values())
    assert [column["label"] for column in found] == sorted({column["label"] for column in found})


def test_columns_are_days_months_or_years():
    assert [c["label"] for c in columns({"2026-02-27": 1, "2026-03-02": 2})] == ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]  # fmt: skip
    assert [c["label"] for c in columns({"2025-11-27": 1, "2026-02-02": 2})] == ["2025-11", "2025-12", "2026-01", "2026-02"]  # fmt: skip
    assert [c["label"] for c in columns({"2013-11-27": 1, "2026-02-02": 2})] == [str(y) for y in range(2013, 2027)]
    assert columns({"": 4, "soon": 1}) == []


def test_words_for_figures():
    assert [duration(s) for s in (0, 99.4, 100, 8400)] == ["0 s", "99 s", "2 min", "2 h 20 min"]
    assert [size(n) for n in (0, 8000, 412_000_000, 2.5e9)] == ["0 kB", "8 kB", "412 MB", "2.5 GB"]


def test_a_record_is_json():
    assert json.loads(json.dumps(RECORD)) == RECORD
