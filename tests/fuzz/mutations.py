"""Ways to damage a document. Each takes the document and a source of chance; what comes back may be anything but is bounded in size."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

LONGEST = 400_000
NAME = re.compile(rb"(?<=<)/?[A-Za-z][\w:-]*|(?<=</)[A-Za-z][\w:-]*")
VALUE = re.compile(rb"\"[^\"<>]{0,200}\"")
NUMBER = re.compile(rb"(?<![\w.])\d{1,8}(?![\w.])")
TAG = re.compile(rb"<[A-Za-z/][^<>]{0,200}>")

TOKENS = [
    b"<", b">", b"&", b"\"", b"'", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?pi ?>", b"&nbsp;", b"&nosuch;", b"&#0;", b"&#x110000;",
    b"&#xD800;", b"\x00", b"\xff\xfe", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x0b", b"\x1f", b"</p>", b"<p>", b"</sec>", b"<sec>", b"<xref rid='c1'>",
    b"<sup>", b"</sup>", b"<list>", b"<fig id='F1'>", b"<table-wrap>", b"</article>", b"</body>", b"</html>", b"<div class='section'>",
    b"<a class='xref-bibr' href='#ref-1'>", b"<math>", b"<tex-math>$$", b"<td colspan='99999' rowspan='99999'>", b"xmlns='http://x/'", b"xml:lang=''",
    b"<article xmlns='http://x/'>", b"{", b"}", b"[", b"]", b",", b":", b"null", b"\\ud800", b"\\u0000", b"1e999", b"-1", b"10.1101/", b"v0", b"@",
]  # fmt: skip
DOCTYPES = [
    b"<!DOCTYPE article [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
    b"<!DOCTYPE article SYSTEM 'http://127.0.0.1:9/none.dtd'>",
    b"<!DOCTYPE article [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>",
    b"<!DOCTYPE article [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'>%p;]>",
]
# what becomes long: each stands for a rule that might not be linear in it
LONG = [
    "\u0301", "\u0300\u0301\u0302", "\u0301\u0323", "a\u0345\u0301\u0316\u0334", "\u0323\u0323\u05b0\u064b", "á", "가", "क्ष", " ", "\n", " \n", "\t", "\u2028", "\u2029", "\u00ad", "\u200b", "a", "A", "a ", "a.", "A. ", "(", ")", "[", "( ", " )", " ,", "@", "a@", "a@b.", "-", "–", "1", "1,", "1–",
    "10.1101/", "doi:", "http://", "a.com/", "github.com/", "GSE1", "PDB ", "PDB: 1ABC, ", "UniProt ", "RRID:", "^{", "}", "$", "$$", "\\", "&amp;", "&lt;", "O_FIG ", "C_LI", "{beta}", "[&ge;]", "<i>", "materials and ",
    "supplementary ", "e-mail ", "\U0001d538", "\ufdfa", "\u0344",
]  # fmt: skip


def damaged(body: bytes, others: list[bytes], chance: Random) -> bytes:
    """A document after one to four changes; `others` are what it may be crossed with."""
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        body = chance.choice(WAYS)(body, others, chance)[:LONGEST]
    return body


def _place(body: bytes, chance: Random) -> int:
    return chance.randrange(len(body) + 1)


def _piece(body: bytes, chance: Random, longest: int = 400) -> tuple[int, int]:
    start = _place(body, chance)
    return start, min(len(body), start + chance.randrange(1, longest))


def _flip(body: bytes, others: list[bytes], chance: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 9) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(body: bytes, others: list[bytes], chance: Random) -> bytes:
    place = _place(body, chance)
    # most readers look at the end first
    return body[:place] + chance.choice((b"", body[-20:], body[-200:]))


def _drop(body: bytes, others: list[bytes], chance: Random) -> bytes:
    start, end = _piece(body, chance, 2000)
    return body[:start] + body[end:]


def _repeat(body: bytes, others: list[bytes], chance: Random) -> bytes:
    start, end = _piece(body, chance)
    times = chance.choice((2, 2, 3, 10, 100, 2000))
    piece = (body[start:end] * times)[:200_000]
    return body[:start] + piece + body[end:]


def _move(body: bytes, others: list[bytes], chance: Random) -> bytes:
    start, end = _piece(body, chance, 3000)
    rest = body[:start] + body[end:]
    place = _place(rest, chance)
    return rest[:place] + body[start:end] + rest[place:]


def _token(body: bytes, others: list[bytes], chance: Random) -> bytes:
    place = _place(body, chance)
    return body[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 5, 3000)) + body[place:]


def _doctype(body: bytes, others: list[bytes], chance: Random) -> bytes:
    place = _place(body, chance)
    return chance.choice(DOCTYPES) + body[:place] + chance.choice((b"&x;", b"&c;", b"&p;")) + body[place:]


def _cross(body: bytes, others: list[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    start, end = _piece(other, chance, 3000)
    place = _place(body, chance)
    return body[:place] + other[start:end] + body[place + chance.randrange(500) :]


def _swap(pattern: re.Pattern[bytes]) -> Callable[[bytes, list[bytes], Random], bytes]:
    def way(body: bytes, others: list[bytes], chance: Random) -> bytes:
        found = list(pattern.finditer(body))
        if len(found) < 2:
            return body
        first, second = sorted(chance.sample(found, 2), key=lambda m: m.start())
        if first.end() > second.start():
            return body
        between = body[first.end() : second.start()]
        return body[: first.start()] + second[0] + between + first[0] + body[second.end() :]

    return way


def _rename(body: bytes, others: list[bytes], chance: Random) -> bytes:
    names = sorted({m[0].strip(b"/") for m in NAME.finditer(body)})
    if not names:
        return body
    old, new = chance.choice(names), chance.choice(names)
    return re.sub(rb"(</?)" + re.escape(old) + rb"\b", lambda m: m[1] + new, body)


def _nest(body: bytes, others: list[bytes], chance: Random) -> bytes:
    tags = [m[0] for m in TAG.finditer(body) if not m[0].startswith(b"</")]
    tag = chance.choice(tags or [b"[", b'{"a":', b"("])
    name = re.match(rb"<([\w:-]+)", tag)
    depth = chance.choice((20, 90, 101, 300, 5000))
    closing = b"</" + name[1] + b">" if name else {b"[": b"]", b"(": b")"}.get(tag, b"}")
    place = _place(body, chance)
    return body[:place] + tag * depth + b"x" + closing * (depth if chance.random() < 0.8 else 0) + body[place:]


def _long(body: bytes, others: list[bytes], chance: Random) -> bytes:
    piece = chance.choice(LONG) if chance.random() < 0.8 else "".join(chance.choice(LONG) for _ in range(3))
    data = (piece * chance.choice((50, 1000, 100_000))).encode()[: chance.choice((2000, 100_000, 300_000))]
    spots = [m.end() for m in re.finditer(rb">|=\"|\": ?\"", body)]
    place = chance.choice(spots) if spots and chance.random() < 0.9 else _place(body, chance)
    return body[:place] + data + body[place:]


def _number(body: bytes, others: list[bytes], chance: Random) -> bytes:
    found = list(NUMBER.finditer(body))
    if not found:
        return body
    match = chance.choice(found)
    new = chance.choice((b"0", b"-1", b"99999999", b"9" * 30, b"9" * 5000, b"1.5", b"", "²".encode(), "٣".encode()))
    return body[: match.start()] + new + body[match.end() :]


WAYS = [
    _flip, _cut, _drop, _repeat, _move, _token, _token, _doctype, _cross, _swap(NAME), _swap(VALUE), _swap(TAG), _rename, _nest, _long,
    _long, _number,
]  # fmt: skip


# --- JSON -------------------------------------------------------------------------------------------------------------

ODD: list[Callable[[Random], Any]] = [
    lambda c: None, lambda c: [], lambda c: {}, lambda c: "", lambda c: True, lambda c: 0, lambda c: -1, lambda c: 10**30, lambda c: 1.5,
    lambda c: float("inf"), lambda c: [[], [], []], lambda c: {"": None}, lambda c: "\ud800", lambda c: "\x00", lambda c: "v2", lambda c: "0",
    lambda c: "2025-13-45", lambda c: "10.1101/2020.02.30.123456", lambda c: "²",
    lambda c: c.choice(LONG) * c.choice((100, 30_000)), lambda c: [["x"] for _ in range(5000)], lambda c: "<i>" * 3000, lambda c: "https://[/",
]  # fmt: skip


def damaged_json(body: bytes, others: list[bytes], chance: Random) -> bytes:
    """A JSON document after changes of its values, or damaged as bytes."""
    if chance.random() < 0.25:
        return damaged(body, others, chance)
    data = json.loads(body)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not (found := list(_holders(data))):
            break
        holder, key = chance.choice(found)
        way = chance.randrange(4)
        if way == 0:
            holder.pop(key)
        elif way == 1 and isinstance(holder, list):
            times = chance.choice((1, 3, 300))
            written = json.dumps(holder[key])
            # copies of their own: a later change of one must not be one of all
            holder[key:key] = [json.loads(written) for _ in range(min(times, 1 + LONGEST // len(written)))]
        elif way == 2:
            other, name = chance.choice(found)
            holder[key] = json.loads(json.dumps(other[name]))
        else:
            holder[key] = chance.choice(ODD)(chance)
        if len(json.dumps(data)) > 4 * LONGEST:
            break
    return json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")[: 4 * LONGEST]


def _holders(data: Any):
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield data, key
        yield from _holders(value)
