"""Body and back matter of the invented papers as JATS, in three dialects."""

from html import escape

from tests.site.definitions import Caption, Document
from tests.site.markup import Block, Node, Section
from tests.site.prose import Reference
from tests.site.writing import Writer

# ids of references, figures, tables, formulas: bioRxiv's own, and those of Europe PMC
IDS = {"ref": "c", "fig": "fig", "table": "tbl", "eq": "eqn", "note": "fn"}
EUROPEPMC_IDS = {"ref": "R", "fig": "F", "table": "T", "eq": "FD", "note": "FN"}
TYPES = {"fig": "fig", "table": "table", "eq": "disp-formula"}


class JatsText(Writer):
    """Running text, blocks and sections; `europepmc` has formulas and cells where the site has pictures."""

    def __init__(self, document: Document, europepmc: bool = False):
        super().__init__(document)
        self.europepmc = europepmc
        self.ids = EUROPEPMC_IDS if europepmc else IDS
        self.pictures = 0
        tail = document.paper.id.rpartition(".")[2]
        self.token = f"{tail}v{document.version}"

    # --- inline ---

    def italic(self, inner: str) -> str:
        return f"<italic>{inner}</italic>"

    def sup(self, inner: str) -> str:
        return f"<sup>{inner}</sup>"

    def sub(self, inner: str) -> str:
        return f"<sub>{inner}</sub>"

    def link(self, value: str) -> str:
        return f'<ext-link ext-link-type="uri" xlink:href="{value}">{value}</ext-link>'

    def reference(self, number: int, label: str) -> str:
        return f'<xref ref-type="bibr" rid="{self.ids["ref"]}{number}">{self.text(label)}</xref>'

    def mention(self, node: Node) -> str:
        return f'<xref ref-type="{TYPES[node.kind]}" rid="{self.ids[node.kind]}{node.number}">{node.words}</xref>'

    def note(self, node: Node) -> str:
        return f'<sup><xref ref-type="fn" rid="{self.ids["note"]}{node.number}">{node.number}</xref></sup>'

    def math(self, node: Node) -> str:
        if self.europepmc:
            inner = f"<tex-math>{self.text(node.value)}</tex-math>"
        else:
            self.pictures += 1
            inner = f'<inline-graphic xlink:href="{self.token}_inline{self.pictures}.gif"/>'
        return f"<inline-formula><alternatives>{inner}</alternatives></inline-formula>"

    def disp(self, node: Node) -> str:
        return self.formula(node.number)

    def formula(self, number: int) -> str:
        """A display formula: a picture on the site, MathML or TeX at Europe PMC."""
        found = self.document.formula(number)
        inner = f'<graphic xlink:href="{self.token}_eqn{number}.gif"/>'
        if self.europepmc:
            mathml = f"<mml:math>{found.mathml}</mml:math>"
            inner = mathml if found.mathml else f"<tex-math><![CDATA[{found.tex}]]></tex-math>"
        label = f"<label>{found.label}</label>" if found.label else ""
        return f'<disp-formula id="{self.ids["eq"]}{number}">{label}<alternatives>{inner}</alternatives></disp-formula>'

    # --- blocks ---

    def block(self, block: Block) -> str:
        """One block of a section."""
        return getattr(self, f"_{block.kind}")(block)

    def _paragraph(self, block: Block) -> str:
        return f"<p>{self.write(block.text)}</p>"

    def _items(self, block: Block, kind: str) -> str:
        items = "".join(f"<list-item><p>{self.write(item)}</p></list-item>" for item in block.items)
        return f'<list list-type="{kind}">{items}</list>'

    def _list(self, block: Block) -> str:
        return self._items(block, "bullet")

    def _ordered(self, block: Block) -> str:
        return self._items(block, "order")

    def _quote(self, block: Block) -> str:
        return "<disp-quote>" + "".join(f"<p>{self.write(line)}</p>" for line in block.items) + "</disp-quote>"

    def _code(self, block: Block) -> str:
        return f'<preformat xml:space="preserve">{self.text(chr(10).join(block.items))}</preformat>'

    def _box(self, block: Block) -> str:
        texts = "".join(f"<p>{self.write(line)}</p>" for line in block.items)
        return f'<boxed-text id="box1" position="float"><sec><title>{self.write(block.text)}</title>{texts}</sec></boxed-text>'

    def _definitions(self, block: Block) -> str:
        pairs = [item.partition(" :: ") for item in block.items]
        items = "".join(
            f"<def-item><term>{self.write(term)}</term><def><p>{self.write(text)}</p></def></def-item>"
            for term, _, text in pairs
        )
        return f"<def-list>{items}</def-list>"

    def _formula(self, block: Block) -> str:
        return self.formula(block.number)

    def _figure(self, block: Block) -> str:
        number = block.number
        head = f'<fig id="{self.ids["fig"]}{number}" position="float" fig-type="figure"><label>Figure {number}.</label>'
        caption = self.caption(self.document.paper.figures[number - 1])
        return f'{head}{caption}<graphic xlink:href="{self.token}_fig{number}.tif"/></fig>'

    def _table(self, block: Block) -> str:
        number = block.number
        found = self.document.paper.tables[number - 1]
        head = f'<table-wrap id="{self.ids["table"]}{number}" position="float"><label>Table {number}.</label>'
        inner = f'<graphic xlink:href="{self.token}_tbl{number}.tif"/>'
        if self.europepmc:
            inner = self.cells(found)
        return f"{head}{self.caption(found)}{inner}</table-wrap>"

    def _supplement(self, block: Block) -> str:
        label, title, name = self.document.paper.supplements[block.number - 1]
        caption = f"<caption><p>{self.write(title)}</p></caption>" if title else ""
        media = f'<media xlink:href="{name}"/>'
        return (
            f'<supplementary-material position="float"><label>{label}</label>{caption}{media}</supplementary-material>'
        )

    def caption(self, caption: Caption) -> str:
        """The caption of a figure or table."""
        text = f"<p>{self.write(caption.text)}</p>" if caption.text else ""
        return f"<caption><title>{self.write(caption.title)}</title>{text}</caption>"

    def cells(self, table: Caption) -> str:
        """A table with its cells and notes; equal neighbours of the first column are one cell over several rows."""
        head, *rows = table.rows
        lines = [f"<tr>{''.join(f'<td>{self.write(cell)}</td>' for cell in row)}</tr>" for row in rows]
        top = "".join(f"<th>{self.write(cell)}</th>" for cell in head)
        notes = "".join(f"<fn><p>{self.write(note)}</p></fn>" for note in table.notes)
        foot = f"<table-wrap-foot>{notes}</table-wrap-foot>" if notes else ""
        return f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>{foot}"

    # --- sections ---

    def section(self, section: Section) -> str:
        """A section with all that is in it."""
        inner = f"<title>{self.write(section.title)}</title>" + self.inside(section)
        if section.kind in ("ack", "glossary"):
            return f"<{section.kind}>{inner}</{section.kind}>"
        if section.kind == "app":
            return f'<app-group><app id="app1">{inner}</app></app-group>'
        sec_type = f' sec-type="{section.kind}"' if section.kind not in ("", "back") else ""
        id = section.id.upper() if self.europepmc else section.id
        return f"<sec{f' id={chr(34)}{id}{chr(34)}' if id else ''}{sec_type}>{inner}</sec>"

    def inside(self, section: Section) -> str:
        """Blocks and nested sections."""
        return "".join([*map(self.block, section.blocks), *map(self.section, section.sections)])

    def body(self) -> str:
        """The `body`."""
        root = self.document.root
        return f"<body>{''.join(map(self.block, root.blocks))}{''.join(map(self.section, self.document.body))}</body>"

    def back(self) -> str:
        """The `back`: sections, footnotes, references."""
        notes = "".join(
            f'<fn id="{self.ids["note"]}{n}"><label>{n}</label><p>{self.write(text)}</p></fn>'
            for n, text in enumerate(self.document.paper.footnotes, 1)
        )
        group = f"<fn-group>{notes}</fn-group>" if notes else ""
        return f"<back>{''.join(map(self.section, self.document.back))}{group}{self.reference_list()}</back>"

    def reference_list(self) -> str:
        """The `ref-list`."""
        refs = "".join(
            f'<ref id="{self.ids["ref"]}{n}"><label>{n}.</label>{self.citation(r)}</ref>'
            for n, r in enumerate(self.document.references, 1)
        )
        return f"<ref-list><title>References</title>{refs}</ref-list>"

    def citation(self, reference: Reference) -> str:
        """One entry, punctuated as authors do."""
        return f'<mixed-citation publication-type="{reference.kind}">{entry(reference)}</mixed-citation>'


def entry(r: Reference) -> str:
    """The marked-up text of a reference."""
    names = ", ".join(
        f"<string-name><surname>{escape(surname)}</surname> <given-names>{initials}</given-names></string-name>"
        for surname, initials in r.authors
    )
    title = f"<article-title>{r.title}</article-title>".replace("*", "")
    source = f"<source>{escape(r.source)}</source>".replace("*", "")
    doi = f' doi:<pub-id pub-id-type="doi">{r.doi}</pub-id>' if r.doi else ""
    pmid = f' PMID:<pub-id pub-id-type="pmid">{r.pmid}</pub-id>' if r.pmid else ""
    year = f"<year>{r.year}</year>"
    if r.kind == "journal":
        pages = f"<fpage>{r.first}</fpage>–<lpage>{r.last}</lpage>"
        return f"{names}. {title}. {source}. {year};<volume>{r.volume}</volume>:{pages}.{doi}{pmid}"
    if r.kind == "website":
        link = f'<ext-link ext-link-type="uri" xlink:href="{r.url}">{r.url}</ext-link>'
        return f"<collab>{escape(r.collective)}</collab>. {title}. {year}. {link}"
    if r.kind == "book":
        return f"{names}. {source}. Westhaven: Invented Press; {year}."
    if r.kind == "other":
        plain = ", ".join(f"{surname} {initials}" for surname, initials in r.authors)
        return escape(f"{plain}. {r.title}. In preparation ({r.year}).".replace("*", ""), quote=False)
    return f"{names}. {title}. {source}, {year}.{doi}"
