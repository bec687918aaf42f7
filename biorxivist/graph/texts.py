"""Rows of a version's text: sections as they nest, passages in reading order."""

from collections.abc import Iterator

from biorxivist.chunks import chunk_paper, section_text
from biorxivist.graph.keys import fingerprint
from biorxivist.graph.tables import Rows, version_id
from biorxivist.items import Paper, Section


def places(paper: Paper) -> Iterator[tuple[str, list[str], Section]]:
    """Every section in reading order with its place (`s2.1`, `n1` for statements, as in `Chunk.id`) and the headings down to it."""
    for letter, sections in (("s", paper.sections), ("n", paper.statements)):
        yield from _nested(letter, sections, [])


def _nested(prefix: str, sections: list[Section], above: list[str]) -> Iterator[tuple[str, list[str], Section]]:
    for number, section in enumerate(sections, 1):
        place = f"{prefix}{number}"
        path = [*above, section.title] if section.title else above
        yield place, path, section
        yield from _nested(f"{place}.", section.sections, path)


def add_texts(rows: Rows, paper: Paper) -> str:
    """Sections and passages; returns the fingerprint of all headings and texts."""
    version = version_id(paper)
    digests = []
    homes: dict[tuple[str, str], str] = {}
    for ordinal, (place, path, section) in enumerate(places(paper), 1):
        id = f"{version}#{place}"
        digests.append(fingerprint(section.title, section_text(section)))
        rows.add("Section", id, ordinal, section.title or None, section.kind, section.level, path or None, digests[-1])
        above = place.rpartition(".")[0]
        rows.relate(*_part_of("Section", id, version, above))
        homes.update({(block.kind, block.id): place for block in section.blocks if block.id})
    _add_chunks(rows, paper, version, homes)
    return fingerprint(*digests) if digests else ""


def _add_chunks(rows: Rows, paper: Paper, version: str, homes: dict[tuple[str, str], str]) -> None:
    sections = rows.nodes["Section"]
    floats = {f"{kind[0]}{n}": homes.get((kind, f.id), "") for kind, found in (("figure", paper.figures), ("table", paper.tables)) for n, f in enumerate(found, 1)}  # fmt: skip
    before = ""
    for ordinal, chunk in enumerate(chunk_paper(paper), 1):
        rows.add("Chunk", chunk.id, ordinal, chunk.text, chunk.kind, chunk.section_path or None, chunk.section_kind, chunk.start, chunk.end)  # fmt: skip
        place = chunk.id.rpartition("#")[2].partition(":")[0].partition("-")[0]
        place = floats.get(place, place)
        rows.relate(*_part_of("Chunk", chunk.id, version, place if f"{version}#{place}" in sections else ""))
        if before:
            rows.relate("Chunk_NEXT_Chunk", before, chunk.id)
        before = chunk.id


def _part_of(label: str, id: str, version: str, place: str) -> tuple[str, str, str]:
    return (
        (f"{label}_PART_OF_Section", id, f"{version}#{place}") if place else (f"{label}_PART_OF_Version", id, version)
    )
