"""`scrapy mcp`: serve MCP clients."""

import argparse
import os
import secrets
import sys
from pathlib import Path

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError

TOKEN = "BIORXIVIST_MCP_TOKEN"


class Command(FeedCommand):
    """Serve search, papers, passages and answers to an MCP client: on standard input and output, or by HTTP on this machine."""

    def syntax(self) -> str:
        return "[LIBRARY|FEED] [--http PORT]"

    def short_desc(self) -> str:
        return "Serve MCP clients"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--http", type=int, metavar="PORT", help=f"by HTTP on 127.0.0.1, behind the token of {TOKEN} or a new one"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError(f"give one library: scrapy mcp {self.syntax()}")
        try:
            from biorxivist.mcp_server import Token, make_server
            from biorxivist.webtools import BioRxivDriver
        except ImportError:
            raise UserError("this needs pip install biorxivist[ask]") from None
        given = dict(pair.split("=", 1) for pair in opts.set)
        server = make_server(Path(args[0]) if args else None, BioRxivDriver(settings=given))
        if opts.http is None:
            server.run("stdio")
            return
        import uvicorn

        token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
        print(f"http://127.0.0.1:{opts.http}/mcp with the header Authorization: Bearer {token}", file=sys.stderr)
        uvicorn.run(Token(server.streamable_http_app(), token), host="127.0.0.1", port=opts.http, log_level="warning")
