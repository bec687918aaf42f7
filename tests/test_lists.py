"""Lists that people have: lines, CSV, RIS and BibTeX, from a file and from standard input."""

import io
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biorxivist.lists import read_list
from tests.crawling import local_site

A, B = "10.1101/2024.03.05.583102", "10.1101/339741"
BIBTEX = """
@misc{quill_tea_2024,
\ttitle = {Tea in {RNA}},
\turl = {https://www.biorxiv.org/content/10.1101/2024.03.05.583102v1},
\tDOI = {10.1101/2024.03.05.583102},
\tpublisher = {bioRxiv},
\tmonth = mar,
}
@comment{jabref-meta: databaseType:bibtex;}
@string{nat = "Nature of Tea"}
@article{kettle_1953, doi = {10.1038/171737a0}, journal = nat}
@article{kettle_1953, title="No doi, but an address", url={https://www.biorxiv.org/content/early/2018/06/06/339741}}
@misc{broken_preprint, doi = {10.64898/tea}, publisher = {bioRxiv}}
@article{unclosed, title = {Tea
"""
RIS = """TY  - UNPB
TI  - Tea in RNA
DO  - 10.1101/2024.03.05.583102
PB  - bioRxiv
UR  - https://www.biorxiv.org/content/10.1101/2024.03.05.583102v1
ER  -

TY  - JOUR
TI  - A kettle
DO  - https://doi.org/10.1038/171737a0
TY  - GEN
TI  - No doi, and no end
UR  - https://example.org/tea
UR  - https://www.biorxiv.org/content/early/2018/06/06/339741
TY  - UNPB
PB  - medRxiv
"""
CSV = f'''"Key","Item Type","Publication Title","DOI","Url","Extra"
"K1","preprint","","{A}","","Pages: 1
Section: New Results"
"K2","journalArticle","Journal of Tea","10.1038/171737a0","",""
"K3","preprint","bioRxiv","","","DOI: {B}"
"K4","preprint","bioRxiv","","",""
"K5","book","","","",""
'''


def listed(tmp_path, text: str | bytes, name: str = "list.txt"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_list(str(tmp_path / name))


def dois(found) -> list[str]:
    return [p.doi for p in found.preprints]


def places(found) -> list[str]:
    return [place for place, _ in found.unreadable]


def test_bibtex(tmp_path):
    found = listed(tmp_path, BIBTEX, "library.bib")
    assert dois(found) == [A, B]
    assert found.others == ["kettle_1953 (line 11) (10.1038/171737a0)"]
    assert places(found) == ["broken_preprint (line 13)", "line 14"]


def test_ris(tmp_path):
    found = listed(tmp_path, RIS, "library.ris")
    assert dois(found) == [A, B]
    assert found.others == ["line 8 'A kettle' (https://doi.org/10.1038/171737a0)"]
    assert places(found) == ["line 15"]
    assert dois(listed(tmp_path, RIS.replace("  - ", " - ").replace("\n", "\r\n"))) == [A, B]


def test_csv(tmp_path):
    found = listed(tmp_path, CSV, "library.csv")
    assert dois(found) == [A, B]
    assert found.others == ["line 4 (10.1038/171737a0)", "line 7 (no DOI)"]
    assert places(found) == ["line 6"]


@pytest.mark.parametrize(
    "text",
    [
        f"Title;DOI\nTea;{A}\n;{B}v2\n".encode("utf-16"),
        f"doi\n{A}\n{B}\n",
        f"n\tpreprint_doi\n1\t{A}\n2\tdoi:{B}\n",
        f"\ufeffdoi,published_doi\n{A},10.1038/1\n{B},\n",
        f"# a list\n\n doi: {A}\nhttps://www.biorxiv.org/content/{B}v1.full\n",
        f"doi: {A}\r\n{B}",
    ],
)
def test_the_format_is_told_by_the_content(tmp_path, text):
    assert dois(listed(tmp_path, text)) == [A, B]


def test_a_line_of_another_publisher_is_unreadable_where_each_line_was_typed(tmp_path):
    found = listed(tmp_path, f"{A}\n10.1038/171737a0\n")
    assert places(found) == ["line 2"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "title,year\nTea,2024\n", "has no column DOI: there are title, year"),
        ("a.bib", "@article{kettle, doi={10.1038/1}}", "a.bib names no preprint of bioRxiv or medRxiv: its 1 entries"),
        ("a.txt", "# nothing yet\n", "a.txt names no preprint"),
        ("a.csv", "", "a.csv is empty"),
    ],
)
def test_a_list_without_a_preprint_is_an_argument_error(tmp_path, name, text, message):
    with pytest.raises(ValueError, match=message):
        listed(tmp_path, text, name)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    stdin, messages = sys.stdin, []
    for start in ("", "@article{", "TY  - GEN\n", "DOI,title\n", '"doi"\t"'):
        sys.stdin = io.TextIOWrapper(io.BytesIO((start + text).encode()))
        try:
            read_list("-")
        except ValueError as error:
            messages.append(str(error))
        finally:
            sys.stdin = stdin
    assert not [m for m in messages if "\n" in m]


def test_a_library_is_fetched_and_its_other_entries_are_told_once(tmp_path):
    (tmp_path / "library.bib").write_text(BIBTEX.partition("@misc{broken")[0])
    with local_site(tmp_path, "--delay", "0") as site:
        run = site.crawl(tmp_path, "paper", "-a", "file=library.bib")
        assert run.status == 0, run.log
        assert sorted(item["doi"] for item in run.items) == [A, B]
        assert "library.bib: 1 entries are no preprints of bioRxiv or medRxiv: kettle_1953 (line 11)" in run.log
        command = [
            sys.executable,
            "-m",
            "biorxivist",
            "crawl",
            "paper",
            "-a",
            "file=-",
            *site.settings,
            "-O",
            "b.jsonl",
        ]
        done = subprocess.run(
            command, cwd=tmp_path, input=RIS, capture_output=True, text=True, timeout=600, check=False
        )
    assert done.returncode == 3
    assert "standard input line 15: is of bioRxiv or medRxiv, but has nothing for a DOI" in done.stderr
    assert len((tmp_path / "b.jsonl").read_text().splitlines()) == 2


TEXTS = ("jats", "page", "landing")


def test_the_papers_of_a_feed_are_brought_up_to_date(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        first = site.crawl(tmp_path, "search", "-a", "q=monocyte", output="-o")
        assert first.status == 0, first.log
        papers = {item["doi"]: item for item in first.items}
        linked = sorted(doi for doi, item in papers.items() if item["published_doi"])
        assert 0 < len(linked) < len(papers)
        # as it was fetched before a journal had any of them
        text = re.sub(r'"published_doi":"[^"]+"', '"published_doi":""', first.feed.read_text(encoding="utf-8"))
        first.feed.write_text(text, encoding="utf-8")
        before = len(site.asked)
        again = site.crawl(
            tmp_path, "paper", "-a", "file=papers.jsonl", "-s", "HTTPCACHE_EXPIRATION_SECS=0.001", output="-o"
        )
        assert again.status == 0, again.log
        asked = site.asked[before:]
    assert sorted(item["doi"] for item in again.items[len(papers) :]) == linked
    assert all(item == papers[item["doi"]] | {"attempts": item["attempts"]} for item in again.items[len(papers) :])
    came = {a["url"] for item in first.items for a in item["attempts"] if a["outcome"] == "ok" and a["source"] in TEXTS}
    assert len(came) >= len(papers) - 1
    assert not [a for a in asked if any(url.endswith(a["path"]) for url in came)], "what came is in the archive"
    assert len([a for a in asked if a["host"] == "api"]) == len(papers)


def test_a_feed_names_each_paper_once(tmp_path):
    line = '{"schema":1,"doi":"%s","version":%d,"server":"biorxiv","url":""}\n'
    found = listed(tmp_path, line % (A, 1) + line % (A, 2) + line % (B, 1) + "half a li")
    assert [(p.doi, p.version, p.server) for p in found.preprints] == [(A, None, "biorxiv"), (B, None, "biorxiv")]
    assert places(found) == ["line 4"]
