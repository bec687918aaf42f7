"""Rows of what a version cites, with the sentences that cite it."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from biorxivist.graph.keys import fingerprint, work_key
from biorxivist.graph.tables import Rows, version_id
from biorxivist.graph.texts import places
from biorxivist.items import Block, Paper, Reference
from biorxivist.sentences import sentences

Cited = tuple[str, str, str]
"""A sentence, the heading above it, the kind of its section."""


def add_citations(rows: Rows, paper: Paper) -> str:
    """Works and citations; returns the fingerprint of the works cited."""
    version = version_id(paper)
    cited = citing_sentences(paper)
    entries: dict[str, list[Reference]] = defaultdict(list)
    for reference in paper.references:
        if key := work_key(reference):
            entries[key].append(reference)
            _add_work(rows, key, reference)
    for key, references in entries.items():
        # a dict keeps the order and drops what two entries of one work share
        ids = [reference.id for reference in references]
        found = dict.fromkeys(chain.from_iterable([cited[id] for id in ids if id in cited]))
        texts, headings, kinds = map(list, zip(*found, strict=True)) if found else (None, None, None)
        rows.relate("Version_CITES_Work", version, key, ids, references[0].text or None, texts, headings, kinds)
    return fingerprint(*sorted(entries)) if entries else ""


def _add_work(rows: Rows, key: str, reference: Reference) -> None:
    authors = "; ".join(reference.authors) or None
    rows.add("Work", key, reference.doi or None, reference.pmid or None, reference.title or None, authors, reference.source or None, reference.year[:4] or None)  # fmt: skip


def citing_sentences(paper: Paper) -> dict[str, list[Cited]]:
    """For each id of a reference the sentences that cite it, in reading order."""
    found: dict[str, list[Cited]] = defaultdict(list)
    for _, path, section in places(paper):
        heading = path[-1] if path else ""
        for block in section.blocks:
            if block.citations:
                for sentence, references in _sentences(block):
                    for reference in references:
                        found[reference].append((sentence, heading, section.kind))
    return found


def _sentences(block: Block) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a block that cite, with the ids of the references that each cites."""
    citations = sorted(block.citations, key=lambda citation: citation.start)
    spans = sentences(block.text)
    start, stop = next(spans, (0, 0))
    held: dict[str, None] = {}
    for citation in citations:
        while citation.start >= stop and (span := next(spans, None)):
            if held:
                yield block.text[start:stop], list(held)
                held = {}
            start, stop = span
        held.update(dict.fromkeys(citation.references))
    if held:
        yield block.text[start:stop], list(held)
