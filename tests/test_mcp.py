"""The MCP server, driven by the SDK's own client."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

mcp = pytest.importorskip("mcp")
from mcp import Client, StdioServerParameters  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402

from biorxivist.feed import to_json  # noqa: E402
from biorxivist.library import build  # noqa: E402
from biorxivist.readers.jats import read_jats  # noqa: E402
from biorxivist.text import clean_paper  # noqa: E402
from tests.crawling import local_site  # noqa: E402
from tests.test_pages import PAGES  # noqa: E402

MONOCYTES = "10.1101/2024.03.05.583102"


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "papers.jsonl"
    documents = sorted(PAGES.glob("*/jats-site.xml"))
    path.write_bytes(b"".join(to_json(clean_paper(read_jats(d.read_bytes()))) + b"\n" for d in documents))
    build(path)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def served(site, feed, work):
    """What some work with a client of the server on standard input and output gives."""

    async def run():
        command = ["-m", "biorxivist", "mcp", str(feed), *site.settings]
        async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
            return await work(client)

    return asyncio.run(run())


def content(result):
    assert not result.is_error, result
    return json.loads(result.content[0].text)


def test_a_client_finds_reads_and_asks(site, feed):
    async def work(client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        found = content(await client.call_tool("search_preprints", {"q": "monocyte", "limit": 3}))
        paper = content(await client.call_tool("get_paper", {"doi": MONOCYTES}))
        methods = content(await client.call_tool("get_paper", {"doi": MONOCYTES, "section": "methods"}))
        passages = content(await client.call_tool("search_passages", {"question": "TGF-β monocytes", "limit": 2}))
        answer = content(await client.call_tool("ask", {"question": "Which state precedes the regulatory state?"}))
        wrong = [
            await client.call_tool(name, given)
            for name, given in (
                ("get_paper", {"doi": "10.1038/x"}),
                ("get_paper", {"doi": MONOCYTES, "section": "nonsense"}),
                ("search_preprints", {"q": "(", "limit": 3}),
                ("search_passages", {"question": "x", "since": "yesterday"}),
            )
        ]
        return tools, found, paper, methods, passages, answer, wrong

    tools, found, paper, methods, passages, answer, wrong = served(site, feed, work)
    assert set(tools) == {"search_preprints", "get_paper", "search_passages", "ask"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert found["papers"][0]["doi"]
    assert (paper["doi"], paper["version"]) == (MONOCYTES, 2)
    assert "Introduction" in paper["sections"]
    assert methods["text"].startswith("Materials and Methods")
    assert passages["passages"][0]["number"] == 1
    assert passages["passages"][0]["url"].endswith("v2")
    assert "[1]" in answer["answer"]
    assert all(result.is_error for result in wrong)
    told = [result.content[0].text for result in wrong]
    for text, part in zip(
        told, ("another publisher", "there are Introduction", "parenthesis", "a date like"), strict=True
    ):
        assert part in text
        assert "Traceback" not in text


def test_a_port_that_cannot_be_had_is_said_in_one_line(feed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for wanted, why in ((port, "Address already in use"), (99999, "bind(): port must be 0-65535.")):
            command = [sys.executable, "-m", "biorxivist", "mcp", str(feed), "--http", str(wanted)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            assert done.returncode == 1
            assert done.stderr.startswith(f"scrapy mcp: cannot listen on port {wanted}: {why}")
            assert done.stderr.count("\n") == 1


def readme() -> list[dict]:
    """The settings of clients that the README shows."""
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    return [
        json.loads(block)["mcpServers"]["biorxivist"] for block in re.findall(r"```json\n(\{\"mcp.*?)```", text, re.S)
    ]


def test_the_lines_of_the_readme_start_it(feed, monkeypatch):
    stdio, http = readme()
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    args = [str(feed.with_suffix(".library")) if arg == "/path/to/papers.library" else arg for arg in stdio["args"]]
    assert args != stdio["args"]

    async def ask():
        given = StdioServerParameters(command=stdio["command"], args=args, cwd=feed.parent)
        async with Client(given) as client:
            return content(await client.call_tool("search_passages", {"question": "monocytes", "limit": 1}))

    assert asyncio.run(ask())["passages"]
    # the other one is what the next test starts
    assert http == {"type": "http", "url": "http://127.0.0.1:8765/mcp", "headers": {"Authorization": "Bearer …"}}


def test_http_is_behind_a_token(site, feed, tmp_path, monkeypatch):
    monkeypatch.setenv("BIORXIVIST_MCP_TOKEN", "right")
    command = [sys.executable, "-m", "biorxivist", "mcp", str(feed), "--http", "0", *site.settings]
    import httpx2 as httpx

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            assert line.endswith("/mcp with the header Authorization: Bearer of BIORXIVIST_MCP_TOKEN\n")
            url = line.split()[0]
            for headers in ({"Authorization": "Bearer wrong"}, {}):
                assert httpx.post(url, headers=headers, timeout=300).status_code == 401

            async def work():
                http = httpx.AsyncClient(headers={"Authorization": "Bearer right"}, timeout=300)
                async with Client(streamable_http_client(url, http_client=http)) as client:
                    return content(await client.call_tool("search_passages", {"question": "monocytes"}))

            assert asyncio.run(work())["passages"]
        finally:
            process.terminate()
