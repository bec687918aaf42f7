"""A real Neo4j for tests and benchmarks."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

SCRIPT = Path(__file__).with_name("server")
PASSWORD = "for-tests-only"


@dataclass
class Server:
    """A server that runs in its own process."""

    uri: str
    home: Path
    environment: dict[str, str]
    within: Sequence[str] = ()
    """The beginning of a command that sees its disk."""

    def script(self, *args: str) -> str:
        """Run `server ARGS`; returns what it printed."""
        done = subprocess.run(
            [*self.within, SCRIPT, *args], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"tests/neo4j/server {' '.join(args)}: {done.stderr[-2000:]}{done.stdout[-2000:]}"
        return done.stdout

    def stop(self) -> None:
        self.script("stop")

    def start(self, *settings: str) -> None:
        """Start it on its address, with settings beside those that all have."""
        self.environment["NEO4J_SETTINGS"] = "\n".join(settings)
        self.script("start", self.uri.rpartition(":")[2])


def missing() -> str:
    """Why there can be no server on this machine; empty if there can."""
    absent = [tool for tool in ("java", "mvn") if not shutil.which(tool)]
    return f"Neo4j needs Java 17 and Maven: no {' and no '.join(absent)} here" if absent else ""


@contextmanager
def neo4j_server(home: Path, *settings: str, heap: str = "512m", within: Sequence[str] = ()) -> Iterator[Server]:
    """A server with an empty database on a free port; its data is in `home`."""
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_PASSWORD": PASSWORD, "NEO4J_HEAP": heap}
    server = Server(f"bolt://127.0.0.1:{free_port()}", home, environment, within)
    server.start(*settings)
    try:
        yield server
    finally:
        server.stop()
