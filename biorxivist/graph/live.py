"""Neo4j for a crawl: the same plan in an event loop."""

from typing import Any

from biorxivist.graph.server import Address, check_version, definitions, driver_module, options, parameter, planned
from biorxivist.graph.statements import NEO4J
from biorxivist.graph.tables import Rows
from biorxivist.graph.writing import Line, Outcome, Records, build, lines, plan, states, unknown
from biorxivist.items import Paper


class LiveNeo4j:
    """A server, for a program that has other things to do while it waits."""

    def __init__(self, address: Address):
        self.address = address
        with address.faults():
            self.driver = driver_module().AsyncGraphDatabase.driver(address.uri, **options(address))
        self.defined = False

    async def open(self) -> None:
        """Constraints and indexes; raises `GraphError`."""
        with self.address.faults():
            await self.driver.verify_connectivity()
            check_version(self.address, (await self.driver.get_server_info()).agent)
            async with self.driver.session(database=self.address.database) as session:
                for text in definitions():
                    await session.execute_write(_run, text)
        self.defined = True

    async def close(self) -> None:
        await self.driver.close()

    async def write(self, papers: list[Paper]) -> Outcome:
        """Write papers in one transaction; raises `GraphError`, nothing being written then."""
        if not self.defined:
            await self.open()
        batch = lines(papers)
        with self.address.faults():
            async with self.driver.session(database=self.address.database) as session:
                todo = unknown(batch, await session.execute_read(_states, batch))
                outcome = Outcome(unchanged=len(batch) - len(todo))
                return outcome + await session.execute_write(_follow, todo, build(todo)) if todo else outcome


async def _run(tx: Any, text: str) -> None:
    await (await tx.run(text)).consume()


async def _states(tx: Any, batch: list[Line]) -> Records:
    statement = states(batch)
    return [tuple(record) async for record in await tx.run(planned(statement), rows=parameter(statement))]


async def _follow(tx: Any, batch: list[Line], rows: Rows) -> Outcome:
    todo = plan(batch, rows, NEO4J)
    found: Records | None = None
    while True:
        try:
            statement = todo.send(found)
        except StopIteration as end:
            return end.value
        found = [tuple(record) async for record in await tx.run(planned(statement), rows=parameter(statement))]
