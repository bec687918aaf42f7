"""Faults that are more than a status and a body: answers that stall, break off, lie about themselves or never end."""

import asyncio
import functools
import gzip
import itertools
import re
import zlib
from collections.abc import Awaitable, Callable, Iterator

import brotli
from aiohttp import web

from tests.site.answers import Answer

Misdeed = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]

GIGABYTE = 1024**3
HUGE = 2 * GIGABYTE
PIECE = b" " * 65536
SLOW_PIECES, SLOW_PAUSE = 20, 0.25


async def stall(request: web.Request, answer: Answer) -> web.StreamResponse:
    """No answer at all."""
    await asyncio.sleep(3600)
    return web.Response(status=504)


async def drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    """A byte now and then, for hours."""
    response = await _begun(request, answer, len(answer.body))
    for byte in answer.body:
        await response.write(bytes([byte]))
        await asyncio.sleep(0.2)
    return response


async def slow(request: web.Request, answer: Answer) -> web.StreamResponse:
    """The whole answer, in five seconds."""
    response = await _begun(request, answer, len(answer.body))
    size = max(1, len(answer.body) // SLOW_PIECES)
    for start in range(0, len(answer.body), size):
        await response.write(answer.body[start : start + size])
        await asyncio.sleep(SLOW_PAUSE)
    return response


async def reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """A connection that is dropped."""
    request.transport.abort()
    return web.Response(status=500)


async def truncate(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Half of what Content-Length promises."""
    response = await _begun(request, answer, len(answer.body) + 1)
    await response.write(_half(answer))
    request.transport.close()
    return response


async def short(request: web.Request, answer: Answer) -> web.StreamResponse:
    """A Content-Length that is too small by half: nothing tells that the rest is lacking."""
    return web.Response(body=_half(answer), status=answer.status, content_type=answer.type)


async def long(request: web.Request, answer: Answer) -> web.StreamResponse:
    """A Content-Length that is too large by one, on a connection that stays open."""
    response = await _begun(request, answer, len(answer.body) + 1)
    await response.write(answer.body)
    return await stall(request, answer)


async def cut_chunks(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Chunks without the last one."""
    response = await _begun(request, answer, None)
    await response.write(_half(answer))
    await asyncio.sleep(0)
    request.transport.close()
    return response


async def cut_close(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Half of a body that ends with its connection: nothing tells that the rest is lacking."""
    return await _raw(request, _head(answer, "Connection: close") + _half(answer))


async def not_http(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Something else than HTTP."""
    return await _raw(request, b"220 mail.example ESMTP ready\r\n\r\n")


async def huge(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Two gigabytes in chunks, the document around them."""
    response = await _begun(request, answer, None)
    await response.write(_half(answer))
    for _ in range(HUGE // len(PIECE)):
        await response.write(PIECE)
    await response.write(answer.body[len(answer.body) // 2 :])
    return response


async def huge_length(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Two gigabytes that are announced."""
    response = await _begun(request, answer, HUGE)
    for _ in range(HUGE // len(PIECE)):
        await response.write(PIECE)
    return response


async def endless_head(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Headers without end."""
    return await _raw(request, b"HTTP/1.1 200 OK\r\n", *_on_and_on(b"X-More: " + b"x" * 8000 + b"\r\n"))


async def endless_line(request: web.Request, answer: Answer) -> web.StreamResponse:
    """One header without end."""
    return await _raw(request, b"HTTP/1.1 200 OK\r\nX-More: ", *_on_and_on(b"x" * 8000))


async def endless_interim(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Interim answers, and never the final one."""
    return await _raw(request, *_on_and_on(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 300))


async def wrong_charset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """The document under the name of another charset."""
    return web.Response(body=answer.body, headers={"Content-Type": f"{answer.type}; charset=utf-16"})


async def latin_1(request: web.Request, answer: Answer) -> web.StreamResponse:
    """The document in Latin-1, though it says UTF-8."""
    body = answer.body.decode().encode("latin-1", "xmlcharrefreplace")
    return web.Response(body=body, content_type=answer.type, charset="utf-8")


async def wrong_paper(request: web.Request, answer: Answer) -> web.StreamResponse:
    """A whole document, of another paper."""
    body = re.sub(rb"\d{4}(?=v\d|[<\".&]|\.atom)", b"9999", answer.body)
    return web.Response(body=body, content_type=answer.type)


def compressed(encoding: str, compress: Callable[[bytes], bytes]) -> Misdeed:
    """A body under a Content-Encoding."""

    async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
        headers = {"Content-Type": answer.type, "Content-Encoding": encoding}
        return web.Response(body=compress(answer.body), headers=headers)

    return send


def _cut(compress: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda body: (packed := compress(body))[: len(packed) // 2]


def _garbled(body: bytes) -> bytes:
    packed = bytearray(gzip.compress(body))
    packed[len(packed) // 2] ^= 0xFF
    return bytes(packed)


@functools.cache
def gzip_bomb() -> bytes:
    """A gigabyte of spaces, gzipped, in which a document would be found; its end, to which nobody comes, has a wrong checksum."""
    packer = zlib.compressobj(9, wbits=31)
    # a piece that refers to nothing before it can be repeated; packing them all would stop the site for seconds
    first, again = (packer.compress(PIECE * 16) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * (GIGABYTE // len(PIECE) // 16 - 1) + packer.flush()


@functools.cache
def brotli_bomb() -> bytes:
    """A gigabyte of spaces in brotli."""
    packer = brotli.Compressor(quality=1)
    return b"".join([packer.process(PIECE * 16) for _ in range(GIGABYTE // len(PIECE) // 16)]) + packer.finish()


# what takes seconds to make, in which nobody would be answered
BOMBS = {"gzip-bomb": gzip_bomb, "brotli-bomb": brotli_bomb}
MISDEEDS: dict[str, Misdeed] = {
    function.__name__.replace("_", "-"): function
    for function in (
        stall, drip, slow, reset, truncate, short, long, cut_chunks, cut_close, not_http, huge, huge_length, endless_head,
        endless_line, endless_interim, wrong_charset, latin_1, wrong_paper,
    )
} | {
    "bad-gzip": compressed("gzip", lambda body: body),
    "garbled-gzip": compressed("gzip", _garbled),
    "cut-gzip": compressed("gzip", _cut(gzip.compress)),
    "gzip": compressed("gzip", gzip.compress),
    "gzip-bomb": compressed("gzip", lambda body: gzip_bomb()),
    "bad-brotli": compressed("br", lambda body: body),
    "cut-brotli": compressed("br", _cut(brotli.compress)),
    "brotli": compressed("br", brotli.compress),
    "brotli-bomb": compressed("br", lambda body: brotli_bomb()),
    "odd-encoding": compressed("x-shrink", lambda body: body[::-1]),
}  # fmt: skip


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


async def _begun(request: web.Request, answer: Answer, length: int | None) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.type})
    if length is None:
        response.enable_chunked_encoding()
    else:
        response.content_length = length
    await response.prepare(request)
    return response


def _on_and_on(piece: bytes) -> Iterator[bytes]:
    """A gigabyte of the same."""
    return itertools.repeat(piece, GIGABYTE // len(piece))


def _head(answer: Answer, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {answer.type}", *headers, "", ""]).encode()


async def _raw(request: web.Request, *pieces: bytes) -> web.StreamResponse:
    """Bytes as they are, then the end of the connection."""
    for piece in pieces:
        request.transport.write(piece)
        await asyncio.sleep(0)
        if request.transport.is_closing():
            break
    request.transport.close()
    raise ConnectionResetError
