"""What a language model found in the passages of a feed: kept in a file beside it, so that nothing is asked twice, and brought to the graph."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from biorxivist.chunks import chunk_paper
from biorxivist.feed import beside
from biorxivist.files import end_of_lines
from biorxivist.graph.entities import LLM, PLACES, RELATIONS, WHOLE, Passages, plan
from biorxivist.graph.extraction import Extract, Extractor, to_line
from biorxivist.graph.faults import GraphError
from biorxivist.graph.keys import fingerprint, normal
from biorxivist.graph.loading import Store
from biorxivist.graph.statements import STATES, Dialect, Statement
from biorxivist.graph.tables import Row, Rows
from biorxivist.graph.writing import Outcome, Plan
from biorxivist.items import Chunk, Paper

EXTRACT = TypeAdapter(Extract)
AT_ONCE = 8
PAPERS = 20


def answers_path(feed: Path) -> Path:
    """Where the answers for a feed are kept: `papers.extracted.jsonl` beside `papers.jsonl`."""
    return beside(feed, ".extracted.jsonl")


def read_answers(path: Path) -> dict[str, Extract]:
    """Answers by passage; of several the last. A last line that is cut off is left out. Raises `GraphError`."""
    found: dict[str, Extract] = {}
    if not path.exists():
        return found
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise GraphError(f"cannot read {path}: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            extract = EXTRACT.validate_json(line)
        except ValidationError:
            if number == len(lines):
                break
            raise GraphError(f"{path} line {number} is no answer of scrapy graph extract: delete that line") from None
        found[extract.chunk] = extract
    return found


def ask(
    papers: Iterable[Paper],
    sections: Iterable[str],
    extractor: Extractor,
    path: Path,
    told: Callable[[int], None] = lambda papers: None,
) -> tuple[int, int]:
    """Have the passages read that the file has no answer for; how many were asked, how many answers were unreadable. Raises `NoModel`."""
    known = read_answers(path)
    _end_line(path)
    asked = unreadable = 0
    with path.open("ab") as file:
        for number, paper in enumerate(papers, 1):
            todo = [c for c in passages(paper, sections) if not _is_known(known.get(c.id), c, extractor)]
            for start in range(0, len(todo), AT_ONCE):
                answers = extractor.extract(todo[start : start + AT_ONCE])
                file.writelines(to_line(answer) for answer in answers if answer)
                file.flush()
                unreadable += answers.count(None)
            asked += len(todo)
            told(number)
    return asked, unreadable


def _is_known(answer: Extract | None, chunk: Chunk, extractor: Extractor) -> bool:
    wanted = fingerprint(chunk.text), extractor.model, extractor.schema_digest
    return answer is not None and (answer.text, answer.model, answer.schema) == wanted


def _end_line(path: Path) -> None:
    """Cut off the half line that a crash left."""
    if path.exists():
        with path.open("rb+") as file:
            file.truncate(end_of_lines(file))


def passages(paper: Paper, sections: Iterable[str] = ()) -> list[Chunk]:
    """The passages of a paper that are read: its text and captions, of all sections or of some kinds."""
    wanted = set(sections)
    return [c for c in chunk_paper(paper) if c.kind != "table" and (not wanted or c.section_kind in wanted)]


# --- into the graph ---------------------------------------------------------------------------------------------------


def load_answers(papers: Iterable[Paper], answers: dict[str, Extract], store: Store) -> tuple[Outcome, list[str]]:
    """Bring answers to the papers that the store has; returns the others. Raises `GraphError`."""
    total, absent = Outcome(), []
    papers = iter(papers)
    while batch := list(islice(papers, PAPERS)):
        there = {row[0] for row in store.read(STATES, {"rows": [str(p) for p in batch]})[1]}
        absent += [str(p) for p in batch if str(p) not in there]
        builds = {str(p): (p.doi, partial(add_answers, str(p), _of(p, answers))) for p in batch if str(p) in there}
        if builds:
            total += store.follow(lambda dialect, builds=builds: plan(builds, dialect, (WHOLE, PLACES, RELATIONS), lambda key: key.startswith(LLM)))  # fmt: skip
    store.follow(_without_passage)
    return total, absent


def _of(paper: Paper, answers: dict[str, Extract]) -> list[Extract]:
    found = ((answers.get(chunk.id), chunk) for chunk in chunk_paper(paper))
    return [answer for answer, chunk in found if answer and answer.text == fingerprint(chunk.text)]


def add_answers(version: str, answers: list[Extract], rows: Rows, chunks: list[Row]) -> None:
    """Entities, where they stand, and what is said of them. `chunks` are the version's rows of that label."""
    held = Passages(chunks)
    found: dict[str, list[str]] = {}
    for answer in answers:
        place = answer.chunk.rpartition("#")[2].partition(":")[0]
        keys = []
        for thing in answer.things:
            end = thing.start + len(thing.name)
            key = f"{LLM}{thing.kind}:{normal(thing.name)}"
            keys.append(key if held.holding(place, thing.start, end, thing.name) == answer.chunk else "")
            if keys[-1]:
                rows.add("Entity", key, thing.kind, thing.name, None)
                rows.relate(PLACES.name, answer.chunk, key, thing.start, len(thing.name), thing.name, answer.model, None, keyed=True)  # fmt: skip
                found.setdefault(key, []).append(thing.name)
        for kind, start, end in answer.relations:
            if keys[start] and keys[end]:
                rows.relate(RELATIONS.name, keys[start], keys[end], f"{kind} {answer.chunk}", kind, answer.chunk, answer.model, keyed=True)  # fmt: skip
    models = sorted({answer.model for answer in answers})
    for key, names in found.items():
        rows.relate(WHOLE.name, version, key, len(names), len(names), list(dict.fromkeys(names)), [], models)


def _without_passage(dialect: Dialect) -> Plan:
    """Removes what a passage said that is not there any more."""
    yield Statement("MATCH (a:Entity)-[r:RELATED_TO]->(:Entity) WHERE NOT EXISTS { MATCH (c:Chunk)-[:MENTIONS]->(a) WHERE c.id = r.chunk } DELETE r", [])  # fmt: skip
    return Outcome()
