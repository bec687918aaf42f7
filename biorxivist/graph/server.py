"""Neo4j: the graph in a server."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Self

from biorxivist.graph.faults import INSTALL, GraphError, Unreachable
from biorxivist.graph.guarded import check
from biorxivist.graph.schema import NODES
from biorxivist.graph.statements import NEO4J, Dialect, Statement
from biorxivist.graph.tables import Rows
from biorxivist.graph.writing import Line, Outcome, Plan, Records, plan, states, unknown

OLDEST = 5


@dataclass(frozen=True)
class Address:
    """Where a Neo4j is and who we are there. The password is taken from the environment only."""

    uri: str
    user: str = "neo4j"
    database: str | None = None
    patience: float = 30
    """Seconds in which a failed transaction is tried again."""
    password: str = field(default_factory=lambda: os.environ.get("NEO4J_PASSWORD", ""), repr=False)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """What `NEO4J_URI`, `NEO4J_USERNAME` and `NEO4J_DATABASE` name, with `NEO4J_PATIENCE`."""
        patience = float(settings["NEO4J_PATIENCE"])
        return cls(settings["NEO4J_URI"], settings["NEO4J_USERNAME"], settings["NEO4J_DATABASE"] or None, patience)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn the driver's errors into a line that says what to do."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except (Neo4jError, DriverError, ValueError, OSError) as error:
            raise self.told(error) from error

    def told(self, error: Exception) -> GraphError:
        """What an error of the driver means."""
        from neo4j import exceptions

        if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired | OSError):
            return Unreachable(f"no Neo4j answers at {self.uri}: start it, or set NEO4J_URI ({_line(error)})")
        if isinstance(error, exceptions.DatabaseUnavailable):
            return Unreachable(
                f"the database at {self.uri} is not there now, its server's log says why ({_line(error)})"
            )
        return GraphError(self._refusal(error))

    def _refusal(self, error: Exception) -> str:
        from neo4j import exceptions

        code = getattr(error, "code", "") or ""
        if isinstance(error, exceptions.AuthError):
            return (
                f"Neo4j at {self.uri} refuses user {self.user}: set NEO4J_USERNAME and NEO4J_PASSWORD ({_line(error)})"
            )
        if isinstance(error, exceptions.UnsupportedServerProduct):
            return f"what answers at {self.uri} is no Neo4j, or one that is too old: Neo4j {OLDEST} or newer is needed"
        if isinstance(error, exceptions.ConfigurationError | ValueError):
            return f"NEO4J_URI={self.uri}: give an address like bolt://localhost:7687 or neo4j+s://… ({_line(error)})"
        if "ReadOnly" in code or "NotALeader" in code or code.endswith("Security.Forbidden"):
            return f"the database at {self.uri} cannot be written by user {self.user}: {_line(error)}"
        if code.startswith("Neo.DatabaseError.Transaction."):
            return f"Neo4j at {self.uri} cannot write, its disk may be full: make room, restart it and load again; what it has is whole ({_line(error)})"  # fmt: skip
        if code.endswith("DatabaseNotFound"):
            return f"Neo4j at {self.uri} has no database {self.database}: set NEO4J_DATABASE"
        return f"Neo4j at {self.uri}: {_line(error)}"


def _line(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(text.split())[:300]


class Quiet(list[Any]):
    """Rows as a parameter. The driver writes every parameter out for its log, whether the log is on or not."""

    def __repr__(self) -> str:
        return f"[{len(self)} rows]"


def parameter(statement: Statement) -> Quiet:
    """The rows of a statement as the driver takes them fastest."""
    return Quiet(list(row) if type(row) is tuple else row for row in statement.rows)


def planned(statement: Statement) -> str:
    """Its text. Each finds its nodes by unique keys, for which there is one good plan however large the graph is:

    making it again whenever the graph has grown takes longer than writing a batch.
    """
    return f"CYPHER replan=skip {statement.text}"


def definitions() -> Iterator[str]:
    """Constraints and indexes of the model."""
    for node in NODES:
        name = f"{node.label.lower()}_{node.key}"
        yield f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{node.label}) REQUIRE n.{node.key} IS UNIQUE"
        for index in node.indexes:
            yield f"CREATE INDEX {node.label.lower()}_{index} IF NOT EXISTS FOR (n:{node.label}) ON (n.{index})"


def options(address: Address) -> dict[str, Any]:
    """What the driver is made with."""
    return {
        "auth": (address.user, address.password),
        "connection_timeout": 10,
        "max_transaction_retry_time": address.patience,
        "user_agent": "BioRxivist",
    }


def check_version(address: Address, agent: str) -> None:
    """Refuse a server that does not know the Cypher that is written here."""
    major = agent.rpartition("/")[2].lstrip("v").split(".")[0]
    if major.isdigit() and int(major) < OLDEST:
        raise GraphError(f"{agent} at {address.uri} is too old: Neo4j {OLDEST} or newer is needed")


class Neo4j:
    """A server, for commands."""

    writers = 2
    """While one transaction is committed, the next is run."""

    def __init__(self, address: Address):
        driver = driver_module()
        self.address = address
        with address.faults():
            self.driver = driver.GraphDatabase.driver(address.uri, **options(address))
        self.nodes = self.relationships = 0
        self.counting = Lock()

    def __enter__(self) -> Self:
        try:
            with self.address.faults():
                self.driver.verify_connectivity()
                check_version(self.address, self.driver.get_server_info().agent)
        except GraphError:
            self.driver.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.driver.close()

    def define(self) -> None:
        """Constraints and indexes, where they are not there yet."""
        with self.address.faults(), self.driver.session(database=self.address.database) as session:
            for text in definitions():
                session.execute_write(_run, text)

    def unknown(self, batch: list[Line]) -> list[Line]:
        """The lines that are not there as they are."""
        statement = states(batch)
        return unknown(batch, self.read(statement.text, {"rows": statement.rows})[1])

    def write(self, batch: list[Line], rows: Rows) -> Outcome:
        """One transaction, tried again after a deadlock or a lost connection."""
        return self.follow(lambda dialect: plan(batch, rows, dialect))

    def follow(self, make: Callable[[Dialect], Plan]) -> Outcome:
        """Do what a plan says, in one transaction; it is made anew for every try."""
        with self.address.faults(), self.driver.session(database=self.address.database) as session:
            return session.execute_write(self._follow, make)

    def _follow(self, tx: Any, make: Callable[[Dialect], Plan]) -> Outcome:
        todo = make(NEO4J)
        found: Records | None = None
        nodes = relationships = 0
        while True:
            try:
                statement = todo.send(found)
            except StopIteration as end:
                # counted once, whatever was tried before
                with self.counting:
                    self.nodes += nodes
                    self.relationships += relationships
                return end.value
            result = tx.run(planned(statement), rows=parameter(statement))
            found = [tuple(record) for record in result]
            counters = result.consume().counters
            nodes += counters.nodes_created
            relationships += counters.relationships_created

    def change(self, text: str, parameters: dict[str, Any] | None = None) -> None:
        """A statement in a transaction of its own."""
        with self.address.faults(), self.driver.session(database=self.address.database) as session:
            session.execute_write(_run, text, parameters)

    def read(self, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Columns and rows of a question, in a transaction that may only read."""
        with (
            self.address.faults(),
            self.driver.session(database=self.address.database, default_access_mode="READ") as session,
        ):
            return session.execute_read(_read, text, parameters)

    def ask(
        self, text: str, parameters: dict[str, Any], seconds: float, rows: int
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """See `Guarded`; the server ends what takes too long."""
        check(text)
        with (
            self.address.faults(),
            self.driver.session(database=self.address.database, default_access_mode="READ") as session,
            session.begin_transaction(timeout=seconds) as tx,
        ):
            if not _is_reading(tx, text, parameters):
                raise GraphError(
                    "a query only reads: this one would change something, or ask something else than the graph"
                )
            result = tx.run(text, parameters)
            found = result.fetch(rows + 1)
            return list(result.keys()), [tuple(record) for record in found[:rows]], len(found) > rows


def _is_reading(tx: Any, text: str, parameters: dict[str, Any]) -> bool:
    """Whether the server itself plans nothing but reads of its graph."""
    summary = tx.run(f"EXPLAIN {text}", parameters).consume()
    todo, operators = [summary.plan or {}], []
    while todo:
        step = todo.pop()
        operators.append(step.get("operatorType", "").partition("@")[0])
        todo += step.get("children", [])
    return summary.query_type == "r" and not {"LoadCSV", "ProcedureCall"} & set(operators)


def _run(tx: Any, text: str, parameters: dict[str, Any] | None = None) -> None:
    tx.run(text, parameters).consume()


def _read(tx: Any, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
    result = tx.run(text, parameters)
    return list(result.keys()), [tuple(record) for record in result]


def driver_module() -> Any:
    """The driver; raises `GraphError` where it is not installed."""
    try:
        import neo4j
    except ImportError:
        raise GraphError(f"Neo4j needs its driver: {INSTALL}") from None
    # a label that does not exist yet, or a transaction that is tried again, is no news
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    return neo4j
