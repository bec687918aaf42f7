"""One paper from several documents."""

from biorxivist.items import Author, Block, Paper, Section, Version
from biorxivist.readers.merge import complete, with_landing, with_record


def section(kind: str, text: str = "Text.") -> Section:
    return Section(kind, kind.title(), kind, 1, [Block("paragraph", text)])


def test_an_empty_field_is_taken_from_the_other_document():
    document = Paper(doi="10.1101/000001", title="Title", authors=[Author("A")])
    other = Paper(doi="10.1101/000001", title="title of the record", category="ecology", authors=[Author("B")])
    merged = complete(document, other)
    assert (merged.title, merged.category, merged.authors) == ("Title", "ecology", [Author("A")])
    assert document.category == ""


def test_what_changes_after_posting_is_the_records():
    document = Paper(title="Title with TGF-β", license="all-rights-reserved", posted="2024-01-02")
    record = Paper(title="Title with TGF-{beta}", license="CC-BY-4.0", published_doi="10.1000/j", versions=[Version(1)])
    merged = with_record(document, record)
    assert merged.title == "Title with TGF-β"
    assert (merged.license, merged.published_doi, merged.posted) == ("CC-BY-4.0", "10.1000/j", "2024-01-02")
    assert merged.versions == [Version(1)]


def test_a_licence_that_the_record_leaves_blank_stays_the_documents():
    assert with_record(Paper(license="CC-BY-4.0"), Paper()).license == "CC-BY-4.0"


def test_a_landing_page_adds_statements_but_no_second_back_matter():
    page = Paper(
        sections=[section("methods"), section("acknowledgements"), section("abbreviations")],
        footnotes=["Revised.", "A note."],
    )
    landing = Paper(
        statements=[
            section("competing-interests"),
            section("acknowledgements"),
            section("abbreviations"),
            section("data-availability"),
            section("other", "Revised."),
        ],
        license="CC-BY-4.0",
    )
    merged = with_landing(page, landing)
    assert [s.kind for s in merged.statements] == ["competing-interests", "data-availability", "other"]
    assert merged.footnotes == ["A note."]
    assert merged.sections == page.sections
    assert merged.license == "CC-BY-4.0"
