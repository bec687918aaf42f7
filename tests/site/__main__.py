"""`python -m tests.site`: serve invented papers, or a folder of recorded ones, on loopback."""

import argparse
import asyncio
from pathlib import Path

from tests.site.api import PAGE
from tests.site.catalogue import Catalogue
from tests.site.faults import Fault, Faults
from tests.site.invented import holdings
from tests.site.server import HOSTS, serve


def arguments() -> argparse.ArgumentParser:
    """What the command accepts."""
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="recorded documents, laid out like the project's corpus")
    parser.add_argument("--port", type=int, default=0, help="first of four ports; 0 takes free ones")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=Fault.parse,
        metavar="NAME[@KIND][=PART][:SHARE]",
        help="see tests/site/faults.py",
    )
    parser.add_argument("--papers", type=int, default=0, metavar="N", help="repeat the invented papers up to N papers")
    parser.add_argument(
        "--delay", type=float, default=0.2, metavar="SECONDS", help="Crawl-delay of robots.txt; 0 leaves it out"
    )
    parser.add_argument("--scripted", action="store_true", help="pages whose text and history a script puts there")
    parser.add_argument(
        "--page-size", type=int, default=PAGE, metavar="N", help="records on a page of the API's listings"
    )
    parser.add_argument(
        "--today", metavar="DATE", help="the sites as they were on a day, which is made the present one"
    )
    parser.add_argument(
        "--down", action="append", default=[], choices=HOSTS, help="a host that refuses connections; may be repeated"
    )
    parser.add_argument("--log", type=Path, help="one JSON line a request")
    return parser


def main() -> None:
    """Serve until the process is told to end."""
    options = arguments().parse_args()
    if options.folder:
        from tests.site.folder import holdings as recorded

        catalogue = Catalogue(recorded(options.folder))
    else:
        catalogue = Catalogue(holdings(options.papers))
    if options.today:
        catalogue = catalogue.on(options.today)
    asyncio.run(
        serve(
            catalogue,
            options.port,
            options.delay,
            Faults(options.fault),
            options.log,
            options.scripted,
            options.page_size,
            options.down,
        )
    )


if __name__ == "__main__":
    main()
