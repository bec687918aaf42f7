"""The graph for MCP clients: its model, and questions in Cypher that only read, within a time and a number of rows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Any

import anyio
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from biorxivist.errors import UserError
from biorxivist.graph.guarded import ROWS, SECONDS, Guarded, answer
from biorxivist.graph.questions import QUESTIONS
from biorxivist.graph.schema import NODES, RELATIONSHIPS

OpenGraph = Callable[[], AbstractContextManager[Guarded]]
# characters of one answer
LONGEST = 40_000


class Graph:
    """Tools that ask a graph. It is opened for each question, so that others can load it."""

    def __init__(self, opened: OpenGraph, seconds: float = SECONDS):
        self.opened, self.seconds = opened, seconds
        self.turn = anyio.CapacityLimiter(2)

    async def graph_schema(self) -> dict[str, Any]:
        """The graph of papers: labels and relationship types with their properties, and questions in Cypher to start from."""
        return {
            "nodes": {n.label: {p.name: p.meaning for p in n.properties} for n in NODES},
            "relationships": [
                {"pattern": f"(:{r.start})-[:{r.type}]->(:{r.end})", "meaning": r.meaning, "properties": [p.name for p in r.properties]}
                for r in RELATIONSHIPS
            ],
            "questions": {q.meaning: q.text for q in QUESTIONS.values()},
        }  # fmt: skip

    async def query_graph(
        self,
        query: Annotated[str, Field(description="Cypher that only reads; values as $parameters. See graph_schema")],
        parameters: Annotated[dict[str, Any], Field(description="Values of the $parameters")] = {},  # noqa: B006 - a schema's default
        limit: Annotated[int, Field(ge=1, le=ROWS)] = 25,
    ) -> dict[str, Any]:
        """Ask the graph of papers, authors, institutions, funders, citations, genes and passages in Cypher. Nothing can be changed."""
        try:
            return await anyio.to_thread.run_sync(self.ask, query, parameters, limit, limiter=self.turn)
        except UserError as error:
            raise ToolError(str(error)) from None

    def ask(self, query: str, parameters: dict[str, Any], limit: int) -> dict[str, Any]:
        """Rows of an answer, and whether there are more; raises `GraphError`."""
        with self.opened() as store:
            columns, rows, more = store.ask(query, parameters, self.seconds, limit)
        shown = answer(columns, rows, LONGEST)
        return {"columns": columns, "rows": shown, "more": more or len(shown) < len(rows)}
