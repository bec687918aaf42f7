"""Ladybug: the graph in a file of this machine, without a server."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from biorxivist.graph.faults import INSTALL, GraphError
from biorxivist.graph.guarded import check
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.statements import LADYBUG, Dialect, Statement
from biorxivist.graph.tables import Rows
from biorxivist.graph.vocabulary import Property
from biorxivist.graph.writing import Line, Outcome, Plan, plan, states, unknown

ROOM = 64 * 2**20
"""Bytes of the disk that a batch and the clearing of the log may take."""
TYPES = {"string": "STRING", "integer": "INT64", "boolean": "BOOL", "strings": "STRING[]"}


def definitions() -> Iterator[str]:
    """Tables of the model."""
    for node in NODES:
        columns = ", ".join(_column(p) for p in node.properties)
        yield f"CREATE NODE TABLE IF NOT EXISTS {node.label}({columns}, PRIMARY KEY(`{node.key}`))"
    for type in dict.fromkeys(r.type for r in RELATIONSHIPS):
        same = [r for r in RELATIONSHIPS if r.type == type]
        pairs = [f"FROM {r.start} TO {r.end}" for r in same]
        columns = list(dict.fromkeys(_column(p) for r in same for p in r.properties))
        yield f"CREATE REL TABLE IF NOT EXISTS {type}({', '.join(pairs + columns)})"
        # a file of an earlier model
        for addition in pairs + columns:
            yield f"ALTER TABLE {type} ADD IF NOT EXISTS {addition}"


def _column(p: Property) -> str:
    return f"`{p.name}` {TYPES[p.type]}"


def graph_path(settings: Mapping[str, Any]) -> Path:
    """Where the graph is if no other file is named."""
    return Path(settings["BIORXIVIST_DATA"]) / "graph.lbug"


class Ladybug:
    """A file, for commands. One process writes at a time; any number may read while none writes."""

    writers = 1

    def __init__(self, path: Path, write: bool = False):
        self.path = path
        self.writes = write

    def __enter__(self) -> Self:
        try:
            import ladybug
        except ImportError:
            raise GraphError(f"the graph in a file needs Ladybug: {INSTALL}") from None
        if not self.writes and not self.path.exists():
            raise GraphError(f"there is no graph in {self.path} yet: scrapy graph load papers.jsonl")
        with self.faults():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # a load that was killed leaves half a record at the end of the log, which is of no whole transaction
            self.database = ladybug.Database(self.path, read_only=not self.writes, throw_on_wal_replay_failure=False)
            self.connection = ladybug.Connection(self.database)
            # a question may come while a batch is being written
            self.reader = ladybug.Connection(self.database)
        return self

    def __exit__(self, *_: object) -> None:
        self.reader.close()
        self.connection.close()
        self.database.close()

    def define(self) -> None:
        """Tables, where they are not there yet."""
        for text in definitions():
            self._run(Statement(text, []))

    def unknown(self, batch: list[Line]) -> list[Line]:
        """The lines that are not there as they are."""
        statement = states(batch)
        return unknown(batch, self.read(statement.text, {"rows": statement.rows})[1])

    def write(self, batch: list[Line], rows: Rows) -> Outcome:
        """One transaction."""
        return self.follow(lambda dialect: plan(batch, rows, dialect))

    def follow(self, make: Callable[[Dialect], Plan]) -> Outcome:
        """Do what a plan says, in one transaction."""
        self._need_room()
        todo = make(LADYBUG)
        found = None
        self._run(Statement("BEGIN TRANSACTION", []))
        try:
            while True:
                found = self._run(todo.send(found))
        except StopIteration as end:
            self._run(Statement("COMMIT", []))
            return end.value
        except BaseException:
            # Ladybug ends some transactions itself when a statement fails
            with suppress(RuntimeError):
                self.connection.execute("ROLLBACK")
            raise

    def _need_room(self) -> None:
        """Ladybug may end the whole process where the disk is full."""
        if (free := shutil.disk_usage(self.path.parent).free) < ROOM:
            raise GraphError(f"the disk of {self.path} is full: {free // 2**20} MB are free, {ROOM // 2**20} MB are needed; what is in the graph stays, so make room and load again")  # fmt: skip

    def _run(self, statement: Statement) -> list[tuple[Any, ...]]:
        rows = [dict(zip(statement.names, row, strict=False)) if statement.names else row for row in statement.rows]
        return self._ask(self.connection, statement.text, {"rows": rows} if "$rows" in statement.text else {})[1]

    def read(self, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Columns and rows of a question; a file that was opened to read refuses to write."""
        return self._ask(self.reader, text, parameters)

    def ask(
        self, text: str, parameters: dict[str, Any], seconds: float, rows: int
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """See `Guarded`."""
        check(text)
        self.reader.set_query_timeout(int(seconds * 1000))
        with self.faults():
            result = self.reader.execute(text, parameters)
            found = []
            while len(found) <= rows and result.has_next():
                found.append(tuple(result.get_next()))
            return result.get_column_names(), found[:rows], len(found) > rows

    def _ask(self, connection: Any, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self.faults():
            result = connection.execute(text, parameters)
            return result.get_column_names(), [tuple(row) for row in result.get_all()]

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn Ladybug's errors into a line that says what to do."""
        try:
            yield
        except (RuntimeError, OSError) as error:
            text = " ".join(str(error).split())
            if "lock" in text.lower() and "IO exception" in text:
                text = "another process has it open: try again when that has ended"
            raise GraphError(f"{self.path}: {text[:300]}") from error
