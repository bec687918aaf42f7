"""What a reader should make of each rendering of an invented paper, told from the definition alone."""

import html
import re
from typing import Any

from biorxivist.text import clean, clean_with_offsets
from tests.site import jats_text, page_references
from tests.site.definitions import Author, Caption, Document
from tests.site.expected_names import BLOCKS, IDS, KINDS, SPDX, STATEMENTS
from tests.site.jats_front import TITLES
from tests.site.markup import Block, Node, Section, inline
from tests.site.prose import Reference
from tests.site.writing import Plain

DOCUMENTS = ("jats-site", "jats-meca", "europepmc", "page", "landing")


def expected(document: Document, name: str) -> dict[str, Any]:
    """Fields of the cleaned paper that a reader makes of one of `DOCUMENTS`."""
    return _Expectation(document, name).fields()


class _Expectation:
    def __init__(self, document: Document, name: str):
        self.document = document
        self.paper = document.paper
        self.name = name
        self.page = name in ("page", "landing")
        self.tex = name == "europepmc"
        self.ids = IDS["page" if self.page else "europepmc" if self.tex else "jats"]
        self.plain = Plain(document, tex=self.tex)
        has_text = document.has_text or name in ("jats-meca", "europepmc")
        self.full = has_text and name != "landing"

    def fields(self) -> dict[str, Any]:
        """All fields that are compared."""
        d, paper = self.document, self.paper
        sections = self.sections() if self.full else []
        found = {
            "doi": paper.doi,
            "version": 0 if self.tex else d.version,
            "server": paper.server,
            "title": self.text(d.title),
            "abstract": "\n\n".join(part for pair in d.abstract for part in (pair[0], self.text(pair[1])) if part),
            "authors": self.authors(),
            "license": self.license(),
            "sections": sections,
            "figures": [self.float(n, c, "figure") for n, c in self.shown("figure", paper.figures)],
            "tables": [self.float(n, c, "table") for n, c in self.shown("table", paper.tables)],
            "formulas": self.formulas(),
            "references": [self.reference(n, r) for n, r in enumerate(d.references, 1)] if self.full else [],
            "statements": self.statements(),
            "footnotes": [self.text(note) for note in paper.footnotes] if self.full else [],
            "keywords": [] if self.page else paper.keywords,
        }
        if not self.tex:
            found |= {"article_type": d.article_type.lower(), "category": self.category(), "withdrawn": d.withdrawn}
        if self.name != "jats-meca":
            found["posted"] = d.posting.posted
        if self.name.startswith("jats"):
            found["received"] = paper.received
        found["text"] = "\n\n".join(filter(None, [found["abstract"], *self.paragraphs(sections, found)]))
        found["coverage"] = "full_text" if self.full or self.has_blocks(sections) else "abstract"
        return found

    def text(self, markup: str) -> str:
        """Clean text of running text."""
        return clean(self.plain.write(markup).text)

    def category(self) -> str:
        return re.sub(r" \([^)]*\)", "", self.paper.category.lower())

    def license(self) -> str:
        code = self.document.license
        return SPDX[code] if code in SPDX else code.upper().replace("_", "-") + "-4.0"

    # --- people ---

    def authors(self) -> list[dict[str, Any]]:
        byline = [self.author(a) for a in self.paper.authors if not a.group]
        groups = [
            {"name": n, "given": "", "surname": "", "orcid": "", "corresponding": False, "affiliations": [], "group": n}
            for n in self.paper.collectives
        ]
        members = [] if self.page else [self.author(a) for a in self.paper.authors if a.group]
        return byline + groups + members

    def author(self, author: Author) -> dict[str, Any]:
        places = [", ".join(self.paper.affiliations[n - 1]) for n in author.affiliations]
        return {
            "name": author.name,
            "given": author.given,
            "surname": author.surname,
            "orcid": author.orcid,
            "corresponding": author.corresponding,
            "affiliations": places,
            "group": author.group,
        }

    # --- sections ---

    def sections(self) -> list[dict[str, Any]]:
        root = self.document.root
        loose = [self.section(Section("", 1, "", root.blocks))] if root.blocks else []
        found = [self.section(s) for s in [*self.document.body, *self.document.back]]
        # the page leaves out a section of nothing but supplementary files
        return loose + [s for s in found if not self.page or s["blocks"] or s["sections"]]

    def section(self, section: Section) -> dict[str, Any]:
        title = self.text(section.title)
        kind = KINDS.get(re.sub(r"^[\d.]+ ", "", title).lower(), "other")
        blocks = [self.block(b) for b in section.blocks if b.kind != "supplement"]
        return {
            "title": title,
            "kind": kind,
            "level": section.level,
            "blocks": blocks,
            "sections": [self.section(s) for s in section.sections],
        }

    def block(self, block: Block) -> dict[str, Any]:
        if block.kind in ("figure", "table", "formula"):
            text = ""
            if block.kind == "formula":
                text = self.plain.disp(Node("disp", str(block.number))).text
            return {"kind": block.kind, "text": text, "id": f"{self.ids[block.kind]}{block.number}", "citations": []}
        kind, raw = BLOCKS[block.kind](block)
        if kind == "code":
            return {"kind": kind, "text": raw, "id": "", "citations": []}
        run = self.plain.write(raw)
        ends = [offset for start, end, _ in run.citations for offset in (start, end)]
        text, moved = clean_with_offsets(run.text, ends)
        citations = [
            [start, end, [f"{self.ids['ref']}{n}" for n in numbers]]
            for (_, _, numbers), start, end in zip(run.citations, moved[::2], moved[1::2], strict=True)
        ]
        return {"kind": kind, "text": text, "id": "", "citations": citations}

    def has_blocks(self, sections: list[dict[str, Any]]) -> bool:
        return any(s["blocks"] or self.has_blocks(s["sections"]) for s in sections)

    def paragraphs(self, sections: list[dict[str, Any]], found: dict[str, Any]) -> list[str]:
        """The paragraphs of the text, captions where the floats stand."""
        floats = {f["id"]: f for f in found["figures"] + found["tables"]}
        out: list[str] = []
        for section in sections:
            if self.has_blocks([section]):
                out.append(section["title"])
            for block in section["blocks"]:
                held = floats.get(block["id"]) if block["kind"] in ("figure", "table") else None
                out += [f"{held['label']} {held['title']}", held["caption"]] if held else [block["text"]]
            out += self.paragraphs(section["sections"], found)
        return [part for part in out if part]

    # --- floats ---

    def shown(self, kind: str, captions: list[Caption]) -> list[tuple[int, Caption]]:
        """The floats that the body of this version places."""
        if not self.full:
            return []
        placed = [b.number for b in self.walk(self.document.root) if b.kind == kind]
        return [(n, captions[n - 1]) for n in placed]

    def walk(self, section: Section) -> list[Block]:
        """All blocks in reading order, body before back."""
        top = section is self.document.root
        nested = [*self.document.body, *self.document.back] if top else section.sections
        return section.blocks + [block for s in nested for block in self.walk(s)]

    def float(self, number: int, caption: Caption, kind: str) -> dict[str, Any]:
        word = "Figure" if kind == "figure" else "Table"
        found = {
            "id": f"{self.ids[kind]}{number}",
            "label": f"{word} {number}.",
            "title": self.text(caption.title),
            "caption": self.text(caption.text),
        }
        if kind == "table":
            cells = [[self.text(cell) for cell in row] for row in caption.rows]
            found |= {
                "rows": cells if self.tex else [],
                "footnotes": [self.text(n) for n in caption.notes] if self.tex else [],
            }
        return found

    def formulas(self) -> list[dict[str, str]]:
        """Display formulas; inline ones too where they are pictures."""
        found = []
        for block in self.walk(self.document.root) if self.full else []:
            if block.kind == "formula":
                found.append(self.display(block.number))
            for text in (block.text, *block.items):
                for node in inline(text):
                    if node.kind == "disp":
                        found.append(self.display(node.number))
                    elif node.kind == "math" and not self.tex:
                        found.append({"label": "", "tex": ""})
        return found

    def display(self, number: int) -> dict[str, str]:
        formula = self.document.formula(number)
        return {"label": formula.label, "tex": formula.tex if self.tex else ""}

    # --- references and statements ---

    def reference(self, number: int, r: Reference) -> dict[str, Any]:
        entry = page_references.entry(r) if self.page else jats_text.entry(r)
        plain = clean(html.unescape(re.sub(r"<[^>]+>", "", entry)))
        bare = r.kind == "other"
        names = [f"{surname} {initials.replace(' ', '')}" for surname, initials in r.authors] or [r.collective]
        source = r.source.replace("*", "")
        return {
            "id": f"{self.ids['ref']}{number}",
            "label": f"{number}.",
            "text": plain,
            "doi": r.doi,
            "pmid": r.pmid,
            "title": "" if bare else (r.title or source).replace("*", ""),
            "authors": [] if bare else names,
            "source": "" if bare else source,
            "year": "" if bare else r.year,
            "volume": r.volume,
            "pages": f"{r.first}-{r.last}" if r.first else "",
        }

    def statements(self) -> list[dict[str, str]]:
        if self.tex or self.name == "page":
            return []
        found = [
            {"title": TITLES[kind], "kind": STATEMENTS[kind], "text": "\n\n".join(map(self.text, texts))}
            for kind, *texts in self.paper.statements
        ]
        if self.name == "landing":
            # the one place where a landing page has something of the body
            found += [self.availability(s) for s in self.document.back if s.kind == "data-availability"]
        note = self.text(self.document.posting.note)
        title = "" if self.page else "Summary of Updates:"
        return found + ([{"title": title, "kind": "other", "text": note}] if note else [])

    def availability(self, section: Section) -> dict[str, str]:
        texts = [self.text(block.text) for block in section.blocks]
        return {"title": section.title, "kind": "data-availability", "text": "\n\n".join(texts)}
