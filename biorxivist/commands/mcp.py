"""`scrapy mcp`: serve MCP clients."""

import argparse
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError
from biorxivist.graph.embedded import Ladybug, graph_path
from biorxivist.graph.guarded import SECONDS
from biorxivist.graph.loading import Store
from biorxivist.graph.server import Address, Neo4j

TOKEN = "BIORXIVIST_MCP_TOKEN"


class Command(FeedCommand):
    """Serve search, papers, passages and answers to an MCP client: on standard input and output, or by HTTP on this machine."""

    def syntax(self) -> str:
        return "[LIBRARY|FEED] [--graph FILE] [--http PORT]"

    def short_desc(self) -> str:
        return "Serve MCP clients"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--graph", type=Path, metavar="FILE", help="a graph in a file; else that of NEO4J_URI, or of BIORXIVIST_DATA if there is one")  # fmt: skip
        parser.add_argument("--graph-seconds", type=float, default=SECONDS, metavar="N", help=f"longest time of a question to the graph (default {SECONDS})")  # fmt: skip
        parser.add_argument(
            "--http", type=int, metavar="PORT", help=f"by HTTP on 127.0.0.1, behind the token of {TOKEN} or a new one"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError(f"give one library: scrapy mcp {self.syntax()}")
        try:
            from biorxivist.mcp_graph import Graph
            from biorxivist.mcp_server import Token, make_server
            from biorxivist.webtools import BioRxivDriver
        except ImportError:
            raise UserError("this needs pip install 'biorxivist[ask]'") from None
        given = dict(pair.split("=", 1) for pair in opts.set)
        opened = self.graph(opts.graph)
        graph = Graph(opened, opts.graph_seconds) if opened else None
        server = make_server(Path(args[0]) if args else None, BioRxivDriver(settings=given), graph)
        if opts.http is None:
            server.run("stdio")
            return
        import uvicorn

        with listening(opts.http) as sock:
            token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
            # a secret of the user's is theirs to show
            shown = f"of {TOKEN}" if os.environ.get(TOKEN) else token
            address = f"http://127.0.0.1:{sock.getsockname()[1]}/mcp"
            print(f"{address} with the header Authorization: Bearer {shown}", file=sys.stderr, flush=True)
            config = uvicorn.Config(Token(server.streamable_http_app(), token), log_level="warning")
            uvicorn.Server(config).run(sockets=[sock])

    def graph(self, file: Path | None) -> Callable[[], Store] | None:
        """What opens the graph, if there is one."""
        if self.settings["NEO4J_URI"] and not file:
            return lambda: Neo4j(Address.of(self.settings))
        path = file or graph_path(self.settings)
        if file and not path.exists():
            raise UserError(f"there is no graph in {path}: scrapy graph load papers.jsonl --file {path}")
        return (lambda: Ladybug(path)) if path.exists() else None


def listening(port: int) -> socket.socket:
    """A socket of this machine alone that listens on a port, 0 for any that is free; raises `UserError`."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        told = getattr(error, "strerror", None) or error
        raise UserError(f"cannot listen on port {port}: {told}; give another one, or 0 for any that is free") from None
