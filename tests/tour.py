"""`python -m tests.tour`: run docs/tour.ipynb against the local site, and keep its outputs in it."""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

from tests.crawling import ROOT, Site, local_site

TOUR = ROOT / "docs" / "tour.ipynb"
NO_DELAY = ("--delay", "0")


def executed(site: Site, folder: Path) -> nbformat.NotebookNode:
    """The tour as a user runs it in a folder: a kernel of its own, and nothing but the environment says where the sources are."""
    settings = "".join(f"{name} = {value!r}\n" for name, value in site.options.items() if name != "DOWNLOAD_SLOTS")
    (folder / "tour_settings.py").write_text(f"from biorxivist.settings import *\n\n{settings}DOWNLOAD_SLOTS = {{}}\n")
    environment = {
        **os.environ, "SCRAPY_SETTINGS_MODULE": "tour_settings", "PYTHONPATH": str(folder), "BIORXIVIST_DATA": str(folder / "data"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "IPYTHONDIR": str(folder / "ipython"),
        "TERM": "dumb", "NO_COLOR": "1",
    }  # fmt: skip
    for name in ("NEO4J_URI", "LLM_URL", "EMBEDDINGS_URL", "EMBEDDINGS_MODEL"):
        environment.pop(name, None)
    tour = nbformat.read(TOUR, as_version=4)
    with TemporaryDirectory(prefix="kernel-") as sockets:
        # not ports, which another program may take between the choice and the start
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
        client = NotebookClient(tour, km=kernel, timeout=300, record_timing=False, coalesce_streams=True)
        asyncio.run(run(client, kernel, env=environment, cwd=str(folder)))
    return tour


async def run(client: NotebookClient, kernel: AsyncKernelManager, **how: Any) -> None:
    """Run all cells; raises `CellExecutionError`. The kernel has ended after it."""
    try:
        await client.async_execute(**how)
    finally:
        await kernel.shutdown_kernel(now=True)


def main() -> None:
    """Renew the outputs of the tour."""
    with TemporaryDirectory() as folder, local_site(Path(folder), *NO_DELAY) as site:
        tour = executed(site, Path(folder))
    # as on a user's machine
    text = nbformat.writes(tour).replace(str(Path(folder) / "data"), "~/.local/share/biorxivist")
    TOUR.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
