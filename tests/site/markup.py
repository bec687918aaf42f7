"""The notation of the invented papers: inline nodes and blocks.

Inline: `*italic*`, `^{6}`, `_{2}`, `[@3,5-7]` (references), `{fig:1A}`, `{table:1}`, `{eq:1}` (mentions), `{math:TeX}` (inline formula),
`{disp:1}` (display formula within a paragraph), `{note:1}` (footnote), `<https://…>`.
Blocks, parted by blank lines: paragraphs, `- item`, `1. item`, `> quote`, `| code`, `!figure 1`, `!table 1`, `!formula 1`,
`!box Title | text`, `!supplement 1`, `TERM :: definition`, `@prose topic count`. A block after `[v2]` is there from version 2 on.
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"\*(?P<italic>[^*]+)\*|\^\{(?P<sup>[^}]*)\}|_\{(?P<sub>[^}]*)\}|\[@(?P<cite>[\d,-]+)\]"
    r"|\{(?P<name>fig|table|eq|math|disp|note):(?P<value>(?:[^{}]|\{[^{}]*\})*)\}|<(?P<link>https?://[^>]+)>"
)
WORDS = {"fig": "Figure", "table": "Table", "eq": "Equation"}


@dataclass
class Node:
    """One piece of running text: its kind, its value, and the nodes inside it."""

    kind: str
    value: str = ""
    children: list["Node"] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The references of a `cite`: first and last number of each part."""
        parts = [part.partition("-") for part in self.value.split(",")]
        return [(int(first), int(last or first)) for first, _, last in parts]

    @property
    def number(self) -> int:
        """The number of a float, formula or footnote, without its panel."""
        return int(re.match(r"\d+", self.value)[0])

    @property
    def words(self) -> str:
        """How a mention of a float reads: `Figure 1A`."""
        return f"{WORDS[self.kind]} {self.value}"


def inline(text: str) -> list[Node]:
    """The nodes of running text."""
    nodes: list[Node] = []
    place = 0
    for match in TOKEN.finditer(text):
        if match.start() > place:
            nodes.append(Node("text", text[place : match.start()]))
        place = match.end()
        nodes.append(_node(match))
    if place < len(text):
        nodes.append(Node("text", text[place:]))
    return nodes


def _node(match: re.Match[str]) -> Node:
    for kind in ("italic", "sup", "sub"):
        if match[kind] is not None:
            return Node(kind, children=inline(match[kind]))
    if match["cite"]:
        return Node("cite", match["cite"])
    return Node("link", match["link"]) if match["link"] else Node(match["name"], match["value"])


@dataclass
class Block:
    """One block of a section."""

    kind: str
    """`paragraph`, `list`, `ordered`, `quote`, `code`, `box`, `figure`, `table`, `formula`, `supplement`, `definitions`."""
    text: str = ""
    items: list[str] = field(default_factory=list)
    number: int = 0


@dataclass
class Section:
    """One section: level from 1, its blocks, then its nested sections."""

    title: str
    level: int = 1
    kind: str = ""
    """What follows the title in braces: `ack`, `app`, `glossary`, or a `sec-type`."""
    blocks: list[Block] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)
    id: str = ""


HEADING = re.compile(r"(#+) (.*?)(?: \{([\w-]+)\})?$")
ONLY = re.compile(r"\[v(\d+)\] ")
LINES = {"- ": "list", "> ": "quote", "| ": "code"}


def sections(text: str, version: int, prose) -> Section:
    """A body as a section without title: loose blocks and sections; `prose(kind, count)` gives the paragraphs of `@prose`."""
    root = Section("", 0)
    path = [root]
    for part in re.split(r"\n\s*\n", text.strip()):
        part = part.strip()
        if (only := ONLY.match(part)) and int(only[1]) > version:
            continue
        part = ONLY.sub("", part, count=1)
        if heading := HEADING.match(part):
            level = len(heading[1])
            section = Section(heading[2], level, heading[3] or "")
            del path[level:]
            path[-1].sections.append(section)
            path.append(section)
        elif part:
            path[-1].blocks += blocks(part, prose)
    return root


def blocks(part: str, prose) -> list[Block]:
    """The blocks of one part between blank lines."""
    lines = part.splitlines()
    if part.startswith("@prose"):
        _, topic, count = part.split()
        return [Block("paragraph", text) for text in prose(topic, int(count))]
    if part.startswith("!box "):
        title, _, text = part.removeprefix("!box ").partition(" | ")
        return [Block("box", title, text.splitlines())]
    if part.startswith("!"):
        kind, number = part[1:].split()
        return [Block(kind, number=int(number))]
    if kind := LINES.get(part[:2]):
        return [Block(kind, items=[line[2:] for line in lines])]
    if part.startswith("1. "):
        return [Block("ordered", items=[line.partition(". ")[2] for line in lines])]
    if " :: " in lines[0]:
        return [Block("definitions", items=lines)]
    return [Block("paragraph", " ".join(lines))]
