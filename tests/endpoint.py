"""An endpoint on loopback that speaks OpenAI's API: embeddings of words, answers as scripted, and every way to fail."""

import asyncio
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

DIMENSIONS = 96
Messages = list[dict]


def embedding(text: str) -> list[float]:
    """A vector that is near another when the texts share words."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        seed = zlib.crc32(word.encode())
        for step in range(6):
            vector[(seed >> step * 5) % DIMENSIONS] += 1 if seed >> step & 1 else -1
    return vector


class Endpoint:
    """What it was asked, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.failures: list[web.Response] = []
        self.answer: Callable[[Messages], str] = lambda messages: "I do not know."
        self.models = ["llama3.1:latest", "words"]
        self.reason, self.breaks_off = "stop", False
        self.vector: Callable[[str], list[float]] = embedding
        self.url = ""

    async def listing(self, request: web.Request) -> web.Response:
        if self.failures:
            return self.failures.pop(0)
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "us"} for name in self.models]
        return web.json_response({"object": "list", "data": rows})

    async def embeddings(self, request: web.Request) -> web.Response:
        if self.failures:
            return self.failures.pop(0)
        asked = await request.json()
        self.asked.append(asked)
        texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        rows = [{"object": "embedding", "index": i, "embedding": self.vector(t)} for i, t in enumerate(texts)]
        usage = {"prompt_tokens": len(rows), "total_tokens": len(rows)}
        return web.json_response({"object": "list", "data": rows, "model": asked["model"], "usage": usage})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        if self.failures:
            return self.failures.pop(0)
        asked = await request.json()
        self.asked.append(asked)
        if not asked.get("stream"):
            message = {"role": "assistant", "content": self.answer(asked["messages"])}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {"id": "1", "object": "chat.completion", "created": 0, "model": asked["model"], "choices": [choice]}
            return web.json_response(whole)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        # in pieces that cut words and marks
        for piece in re.findall(r"(?s).{1,7}", self.answer(asked["messages"])):
            await response.write(event(asked["model"], piece))
        if self.breaks_off:
            # as a proxy or a crash cuts a stream: without its last chunk
            request.transport.close()
            return response
        await response.write(event(asked["model"], "", self.reason))
        await response.write(b"data: [DONE]\n\n")
        return response


def event(model: str, piece: str, reason: str | None = None) -> bytes:
    """A piece of an answer as it is streamed."""
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": reason}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": model, "choices": [choice]}
    return f"data: {json.dumps(data)}\n\n".encode()


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """The endpoint, in a thread of its own, on a free port."""
    served = Endpoint()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/v1/models", served.listing)
        app.router.add_post("/v1/embeddings", served.embeddings)
        app.router.add_post("/v1/chat/completions", served.chat)
        # what still runs is ended at once
        served.runner = runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        served.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/v1"
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    assert ready.wait(300)
    try:
        yield served
    finally:
        asyncio.run_coroutine_threadsafe(served.runner.cleanup(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
