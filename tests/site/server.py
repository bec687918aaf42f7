"""The four listeners, the request log, and the way from a request through the faults to an answer."""

import asyncio
import json
import signal
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from tests.site.annotations import PATH
from tests.site.answers import Answer, Asked
from tests.site.api import PAGE, Api
from tests.site.catalogue import Catalogue
from tests.site.europepmc import BASE, EuropePmc
from tests.site.faults import Faults
from tests.site.scripted import ScriptedSite
from tests.site.sites import Site

HOSTS = ("biorxiv", "medrxiv", "api", "europepmc")


@dataclass
class Host:
    """One listener: the routes behind it and the number of requests it is answering."""

    name: str
    routes: Site | Api | EuropePmc
    faults: Faults
    log: Path | None
    open: int = 0
    attempts: dict[str, int] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and log it."""
        self.open += 1
        started, concurrent = time.monotonic(), self.open
        status = 0
        try:
            answer = self.routes.answer(Asked(request.path, dict(request.query)))
            path = request.raw_path
            self.attempts[path] = self.attempts.get(path, 0) + 1
            fault = self.faults.choose(answer.kind, self.name + path, self.attempts[path])
            if fault and self.log:
                # some faults never end, and what has not ended is in no log
                with self.log.with_suffix(".failing").open("a", encoding="utf-8") as file:
                    file.write(f"{self.name}{path}\n")
            if fault:
                response = await fault.send(request, answer, self.attempts[path])
            else:
                response = whole(answer)
            status = response.status
            return response
        except ConnectionError:
            # the client has had enough; nobody reads this
            return web.Response(status=500)
        finally:
            self.open -= 1
            self._write(request, started, status, concurrent)

    def _write(self, request: web.Request, started: float, status: int, concurrent: int) -> None:
        if not self.log:
            return
        line = {
            "steady": started,
            "seconds": round(time.monotonic() - started, 4),
            "host": self.name,
            "path": request.raw_path,
            "agent": request.headers.get("User-Agent", ""),
            "status": status,
            "concurrent": concurrent,
        }
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def whole(answer: Answer) -> web.Response:
    """An answer as it should be."""
    charset = "utf-8" if answer.type.startswith("text/") or "json" in answer.type else None
    return web.Response(
        body=answer.body, status=answer.status, content_type=answer.type, charset=charset, headers=answer.headers
    )


async def serve(
    catalogue: Catalogue,
    port: int,
    delay: float,
    faults: Faults,
    log: Path | None,
    scripted: bool = False,
    page_size: int = PAGE,
    down: Collection[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; the first line on stdout points a crawl to the listeners. Hosts that are down refuse connections."""
    site = ScriptedSite if scripted else Site
    routes = (
        site(catalogue, "biorxiv", delay),
        site(catalogue, "medrxiv", delay),
        Api(catalogue, page_size),
        EuropePmc(catalogue),
    )
    hosts = [Host(name, route, faults, log) for name, route in zip(HOSTS, routes, strict=True)]
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runners = []
    addresses = []
    for number, host in enumerate(hosts):
        runner = web.ServerRunner(
            web.Server(host.handle, handler_cancellation=True, access_log=None), shutdown_timeout=0.1
        )
        await runner.setup()
        listener = web.TCPSite(runner, "127.0.0.1", port + number if port else 0)
        await listener.start()
        runners.append(runner)
        addresses.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        if host.name in down:
            await listener.stop()
    biorxiv, medrxiv, api, europepmc = addresses
    print(
        f"-s BIORXIV_URL={biorxiv} -s MEDRXIV_URL={medrxiv} -s BIORXIV_API_URL={api} "
        f"-s EUROPEPMC_URL={europepmc}{BASE} -s EUROPEPMC_ANNOTATIONS_URL={europepmc}{PATH} -s DOWNLOAD_DELAY=0 -s DOWNLOAD_SLOTS={{}}",
        flush=True,
    )
    await stop.wait()
    await asyncio.gather(*(runner.cleanup() for runner in runners))
