"""MECA archives: what they add to their JATS, and what is no archive of an article."""

import io
import zipfile
from pathlib import Path

import pytest

from biorxivist.readers.jats import read_jats
from biorxivist.readers.meca import read_meca
from biorxivist.readers.strict import LARGEST, MalformedDocument
from biorxivist.text import clean_paper

JATS = Path(__file__).parent.joinpath("pages", "p01_monocytes", "jats-meca.xml").read_bytes()
MANIFEST = """<!DOCTYPE manifest SYSTEM "http://schema.highwire.org/Manifest.dtd">
<manifest xmlns="http://manuscriptexchange.org"><item type="article" id="x"><title>Pots</title>
<instance media-type="application/pdf" href="content/1.pdf"/><instance media-type="application/xml" href="content%s1.xml"/></item>
<item type="figure"><instance href="content/1_fig1.tif"/></item></manifest>"""
TRANSFER = """<transfer xmlns="http://www.manuscriptexchange.org" id="u" reference="/biorxiv/early/2024/01/24/2024.01.20.1.atom"/>"""
FILES = {"manifest.xml": MANIFEST % "/", "transfer.xml": TRANSFER, "content/1.xml": JATS, "content/1.pdf": b"%PDF"}


def archive(files: dict[str, str | bytes], folder: str = "") -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(folder + name, content)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        (FILES, ""),
        (FILES, "one/more/"),
        (FILES | {"manifest.xml": MANIFEST % "\\"}, ""),
        (FILES | {"content/more.xml": b"<supplement/>"}, ""),
        ({name: content for name, content in FILES.items() if name != "manifest.xml"}, ""),
        (FILES | {"manifest.xml": "no manifest"}, ""),
    ],
)
def test_an_archive_is_its_article_and_the_day_of_its_posting(files, folder):
    paper, article = read_meca(archive(files, folder)), read_jats(JATS)
    assert article.posted == ""
    assert (paper.posted, paper.server) == ("2024-01-24", article.server)
    assert paper.first_posted == ("2024-01-24" if paper.version == 1 else "")
    assert clean_paper(paper).text == clean_paper(article).text


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"content/1.pdf": b"%PDF"}, "no XML of an article in 1 files"),
        (FILES | {"content/1.xml": b"<article/>"}, "neither front nor body"),
        (FILES | {"content/1.xml": b" " * (LARGEST + 1)}, "more than the"),
        ({"content/1.xml": JATS, "content/2.xml": JATS}, "no XML of an article"),
        ({str(n): b"" for n in range(10_001)}, "10,001 files"),
    ],
)
def test_what_is_no_archive_of_an_article_is_malformed(files, found):
    with pytest.raises(MalformedDocument, match=found):
        read_meca(archive(files))


def test_a_damaged_archive_is_malformed(tmp_path: Path):
    whole = archive(FILES).getvalue()
    path = tmp_path / "a.meca"
    for damaged in (b"", b"no zip", whole[:-200], whole[:40] + b"\xff" * 60 + whole[100:]):
        path.write_bytes(damaged)
        with pytest.raises(MalformedDocument) as error:
            read_meca(path)
        assert "\n" not in str(error.value)
    with pytest.raises(FileNotFoundError):
        read_meca(tmp_path / "none.meca")


def test_recorded_archives(corpus: Path):
    papers = [clean_paper(read_meca(path)) for path in sorted((corpus / "meca").glob("*.meca"))]
    assert [(p.doi, p.version, p.posted, p.coverage) for p in papers] == [
        ("10.1101/2021.11.30.21265428", 1, "2021-12-02", "full_text"),
        ("10.1101/2021.11.11.21266219", 3, "2021-12-02", "full_text"),
        ("10.1101/2021.05.10.21256804", 2, "2021-11-30", "full_text"),
    ]
    assert [p.first_posted for p in papers] == ["2021-12-02", "", ""]
