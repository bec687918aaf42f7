"""A paper as one Markdown text: front matter, sections, figures and tables where they stand, references that citations lead to."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from biorxivist.citations import byline, citation_key, posted
from biorxivist.items import Block, Figure, Paper, Reference, Section, Table
from biorxivist.markdown.inline import cited, image, inline, item, kept, line, link
from biorxivist.text import holds_text

GAP = "\n\n"
PLAIN_DOI = re.compile(r"10\.\d{4,9}/[0-9.]+")
# JSON is YAML but for these
NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def to_markdown(paper: Paper) -> str:
    """The paper as Markdown, with its metadata as YAML front matter."""
    return GAP.join([f"---\n{front_matter(paper)}\n---", *filter(None, _Writer(paper).blocks())]) + "\n"


def file_name(paper: Paper) -> str:
    """A file name of DOI and version that no other paper has: `10.1101_2023.10.19.563100v1.md`. Whatever the DOI, it is a name and no path."""
    name = re.sub(r"[^A-Za-z0-9.]+", "_", paper.doi).strip("._")[:100]
    if not PLAIN_DOI.fullmatch(paper.doi):
        # two unusual DOIs may look the same, and CON.x is a device of Windows
        name = name.replace(".", "_")
        name = f"{name or 'paper'}-{hashlib.sha256(paper.doi.encode()).hexdigest()[:8]}"
    return f"{name}v{paper.version}.md" if paper.version else f"{name}.md"


def front_matter(paper: Paper) -> str:
    """Lines of YAML. Names are pandoc's where it has one: `title`, `author`, `date`, `keywords`."""
    values: dict[str, Any] = {
        "title": paper.title,
        "author": [a.name for a in byline(paper)],
        "date": posted(paper),
        "doi": paper.doi,
        "version": paper.version,
        "server": paper.server,
        "url": paper.url,
        "license": paper.license,
        "category": paper.category,
        "keywords": paper.keywords,
        "published_doi": paper.published_doi,
        "withdrawn": paper.withdrawn,
        "coverage": paper.coverage,
        "citation_key": citation_key(paper),
    }
    return "\n".join(f"{name}: {_yaml(value)}" for name, value in values.items() if value or name == "title")


def _yaml(value: Any) -> str:
    return NOT_YAML.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))


class _Writer:
    """Writes the blocks of one paper."""

    def __init__(self, paper: Paper):
        self.paper = paper
        self.anchors = {r.id: f"ref-{number}" for number, r in enumerate(paper.references, 1)}
        self.floats: dict[str, Figure] = {f.id: f for f in [*paper.figures, *paper.tables]}
        self.formulas = {f.id: f for f in paper.formulas}

    def blocks(self) -> Iterator[str]:
        """All blocks, in reading order."""
        paper = self.paper
        yield f"# {inline(paper.title)}"
        if paper.abstract:
            yield "## Abstract"
            yield from map(line, paper.abstract.split(GAP))
        for section in paper.sections:
            yield from self.section(section, 2)
        if self.floats:
            yield "## Figures and tables"
            for id in list(self.floats):
                yield from self.float(id)
        for statement in paper.statements:
            yield from self.section(statement, 2)
        yield from self.listed("Notes", [line(note) for note in paper.footnotes])
        yield from self.listed("Supplementary files", [
            " ".join(filter(None, (link(s.label or s.title or "File", s.url), inline(s.title) if s.label else ""))) for s in paper.supplements
        ])  # fmt: skip
        if paper.references:
            yield "## References"
            yield "\n".join(map(self.reference, paper.references))

    def section(self, section: Section, level: int) -> Iterator[str]:
        """A heading, the blocks, the nested sections."""
        if section.title and holds_text(section):
            yield f"{'#' * min(level, 6)} {inline(section.title)}"
        for block in section.blocks:
            yield from self.block(block)
        for nested in section.sections:
            yield from self.section(nested, level + 1)

    def block(self, block: Block) -> Iterator[str]:
        """A block as its kind is written."""
        if block.kind in ("figure", "table"):
            yield from self.float(block.id)
        elif block.kind == "code":
            fence = "`" * max([2, *map(len, re.findall("`+", block.text))]) + "`"
            yield f"{fence}\n{block.text}\n{fence}"
        elif block.kind == "formula":
            yield self.formula(block)
        elif block.kind == "list":
            yield "\n".join(map(item, self.lines(block)))
        elif block.kind in ("quote", "box"):
            yield "\n>\n".join(f"> {text}" for text in self.lines(block))
        else:
            yield from self.lines(block)

    def lines(self, block: Block) -> Iterator[str]:
        """The lines of a block's text with their citations."""
        place = 0
        for text in block.text.splitlines(keepends=True):
            end = place + len(text)
            here = [c for c in block.citations if place <= c.start and c.end <= end]
            moved = [type(c)(c.start - place, c.end - place, c.references) for c in here]
            if text.strip():
                yield cited(text.rstrip(), moved, self.anchors)
            place = end

    def formula(self, block: Block) -> str:
        """A display formula, or its picture."""
        formula = self.formulas.get(block.id)
        if block.text.startswith("$$") or not formula:
            return line(block.text)
        return image(formula.label or "formula", formula.image_url) or line(block.text)

    def float(self, id: str) -> Iterator[str]:
        """A figure or table: picture, caption, rows, notes; only the first time."""
        float_ = self.floats.pop(id, None)
        if not float_:
            return
        rows = _table(float_) if isinstance(float_, Table) else ""
        if not rows:
            yield image(float_.label or float_.title, float_.image_url)
        head = inline(" ".join(filter(None, (float_.label, float_.title))))
        first, *rest = float_.caption.split(GAP)
        yield " ".join(filter(None, (f"**{head}**" if head else "", inline(first) if head else line(first))))
        yield from map(line, rest)
        yield rows
        if isinstance(float_, Table):
            yield from map(line, float_.footnotes)

    def reference(self, reference: Reference) -> str:
        """An item of the list of references, with its anchor and its links."""
        text = reference.text or ". ".join(
            filter(None, (", ".join(reference.authors), reference.title, reference.source, reference.year))
        )
        parts = [inline(reference.label), _linked(text, reference.doi)]
        if reference.pmid and reference.pmid not in text:
            parts.append(link(f"PMID {reference.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"))
        return f'- <a id="{self.anchors[reference.id]}"></a>' + " ".join(filter(None, parts))

    def listed(self, title: str, items: list[str]) -> Iterator[str]:
        """A heading and a list, if there is anything."""
        if items:
            yield f"## {title}"
            yield "\n".join(f"- {item}" for item in items)


def _linked(text: str, doi: str) -> str:
    """A reference's text in which its DOI is a link, or which has it behind."""
    found = re.search(f"(?:https?://(?:dx\\.)?doi\\.org/)?({re.escape(doi)})", text, re.I) if doi else None
    if not found:
        return " ".join(filter(None, (inline(text), link(doi, f"https://doi.org/{doi}") if doi else "")))
    return kept(text[: found.start()]) + link(found[1], f"https://doi.org/{doi}") + kept(text[found.end() :])


def _table(table: Table) -> str:
    """The rows as a table of GitHub's kind, whose first row is its head."""
    width = max(map(len, table.rows), default=0)
    rows = [[inline(cell) for cell in row] + [""] * (width - len(row)) for row in table.rows]
    if not rows:
        return ""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|" + " --- |" * width, *body])
