"""Abstract, body and back matter of the invented papers as HighWire's HTML."""

from html import escape

from tests.site.definitions import NAMES, Caption, Document
from tests.site.markup import Block, Node, Section
from tests.site.page_references import citation
from tests.site.writing import Writer

BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
ANCHORS = {"fig": ("F", "fig"), "table": ("T", "table"), "eq": ("disp-formula-", "disp-formula")}
LISTS = {"list": ("ul", "list-unord"), "ordered": ("ol", "list-ord")}


class PageText(Writer):
    """Running text, blocks and sections, with lazy pictures, doubled captions and interface words."""

    def __init__(self, document: Document):
        super().__init__(document)
        self.counts: dict[str, int] = {}
        self.host = f"https://www.{document.paper.server}.org"
        self.files = f"{self.host}/content{document.path}"

    def id(self, kind: str) -> str:
        """The next id of a kind: `p-3`."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}-{self.counts[kind]}"

    # --- inline ---

    def italic(self, inner: str) -> str:
        return f"<em>{inner}</em>"

    def sup(self, inner: str) -> str:
        return f"<sup>{inner}</sup>"

    def sub(self, inner: str) -> str:
        return f"<sub>{inner}</sub>"

    def link(self, value: str) -> str:
        return f'<a href="{value}">{value}</a>'

    def reference(self, number: int, label: str) -> str:
        return f'<a id="{self.id(f"xref-ref-{number}")}" class="xref-bibr" href="#ref-{number}">{self.text(label)}</a>'

    def mention(self, node: Node) -> str:
        anchor, kind = ANCHORS[node.kind]
        id = self.id(f"xref-{kind}-{node.number}")
        return f'<a id="{id}" class="xref-{kind}" href="#{anchor}{node.number}">{node.words}</a>'

    def note(self, node: Node) -> str:
        return f'<sup><a id="{self.id(f"xref-fn-{node.number}")}" class="xref-fn" href="#fn-{node.number}">{node.number}</a></sup>'

    def picture(self, name: str) -> str:
        """A formula: a lazy picture and its copy for browsers without scripts."""
        address = f"{self.host}/sites/default/files/highwire{self.document.path}/embed/{name}.gif"
        return (
            f'<span class="highwire-responsive-lazyload"><img src="{BLANK}" class="highwire-embed lazyload" alt="Embedded Image" '
            f'data-src="{address}"/><noscript><img class="highwire-embed" alt="Embedded Image" src="{address}"/></noscript></span>'
        )

    def math(self, node: Node) -> str:
        return f'<span class="inline-formula" id="{self.id("inline-formula")}">{self.picture(self.id("inline-graphic"))}</span>'

    def disp(self, node: Node) -> str:
        return self.formula(node.number)

    def formula(self, number: int) -> str:
        """A display formula."""
        label = self.document.formula(number).label
        printed = f'<span class="disp-formula-label">{label}</span>' if label else ""
        return (
            f'<span class="disp-formula" id="disp-formula-{number}">{printed}{self.picture(self.id("graphic"))}</span>'
        )

    # --- blocks ---

    def block(self, block: Block) -> str:
        """One block of a section."""
        return getattr(self, f"_{block.kind}")(block)

    def paragraph(self, text: str, kind: str = "") -> str:
        """A `p` with the next id."""
        return f'<p id="{self.id("p")}"{kind}>{self.write(text)}</p>'

    def _paragraph(self, block: Block) -> str:
        return self.paragraph(block.text)

    def _list(self, block: Block) -> str:
        tag, kind = LISTS[block.kind]
        items = "".join(f'<li id="{self.id("list-item")}">{self.paragraph(item)}</li>' for item in block.items)
        return f'<{tag} class="{kind} " id="{self.id("list")}">{items}</{tag}>'

    _ordered = _list

    def _quote(self, block: Block) -> str:
        inner = "".join(map(self.paragraph, block.items))
        return f'<blockquote id="{self.id("disp-quote")}" class="disp-quote">{inner}</blockquote>'

    def _code(self, block: Block) -> str:
        return f"<pre>{self.text(chr(10).join(block.items))}</pre>"

    def _box(self, block: Block) -> str:
        inner = "".join(map(self.paragraph, block.items))
        title = self.write(block.text)
        return (
            f'<div class="boxed-text" id="{self.id("boxed-text")}"><div id="{self.id("sec")}" class="subsection">'
            f"<h4>{title}</h4>{inner}</div></div>"
        )

    def _definitions(self, block: Block) -> str:
        pairs = [item.partition(" :: ") for item in block.items]
        inner = "".join(
            f'<dt id="{self.id("def-item")}">{self.write(term)}<span class="def-item-dt-sep"></span></dt>'
            f'<dd>{self.write(text)}<span class="def-item-dd-sep"></span></dd>'
            for term, _, text in pairs
        )
        return f'<dl id="{self.id("def-list")}">{inner}</dl>'

    def _formula(self, block: Block) -> str:
        return self.formula(block.number)

    def _figure(self, block: Block) -> str:
        n = block.number
        self.id("graphic")
        caption = self.document.paper.figures[n - 1]
        large = f"{self.files}/F{n}.large.jpg"
        said = escape(
            f'<div class="highwire-markup"><div xmlns="http://www.w3.org/1999/xhtml">{caption.title}</div></div>'
        )
        image = f'class="highwire-fragment fragment-image{{}}" alt="Figure {n}." {{}}="{self.files}/F{n}.medium.gif" width="440" height="437"'
        lazy = image.format(" lazyload", f'src="{BLANK}" data-src')
        return (
            f'<div id="F{n}" class="fig pos-float type-figure  odd"><div class="highwire-figure"><div class="fig-inline-img-wrapper">'
            f'<div class="fig-inline-img"><a href="{large}?width=800&amp;height=600&amp;carousel=1" title="{escape(caption.title)}" '
            f'class="highwire-fragment fragment-images colorbox-load" rel="gallery-fragment-images-604089351" data-figure-caption="{said}" '
            f'data-icon-position="" data-hide-link-title="0"><span class="hw-responsive-img"><img {lazy}/><noscript>'
            f"<img {image.format('', 'src')}/></noscript></span></a></div></div>"
            f'<ul class="highwire-figure-links inline"><li class="download-fig first"><a href="{large}?download=true" '
            f'class="highwire-figure-link highwire-figure-link-download" title="Download Figure {n}.">Download figure</a></li>'
            f'<li class="new-tab last"><a href="{large}" class="highwire-figure-link highwire-figure-link-newtab" target="_blank">'
            f'Open in new tab</a></li></ul></div><div class="fig-caption" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
            f'<span class="fig-label">Figure {n}.</span> {self.caption(caption)}</div></div>'
        )

    def _table(self, block: Block) -> str:
        n = block.number
        self.id("graphic")
        expansion = f"/highwire/markup/{779232 + n}/expansion?postprocessors=highwire_tables%2Chighwire_reclass"
        return (
            f'<div id="T{n}" class="table pos-float"><div class="table-inline table-callout-links"><div class="callout">'
            f'<span>View this table:</span><ul class="callout-links"><li class="view-inline first"><a href="##" '
            f'class="table-expand-inline" data-table-url="{expansion}">View inline</a></li><li class="view-popup"><a '
            f'href="{expansion}" class="colorbox colorbox-load table-expand-popup">View popup</a></li><li class="download-ppt last">'
            f'<a href="/highwire/powerpoint/{779232 + n}" class="highwire-figure-link highwire-figure-link-ppt">Download powerpoint'
            f'</a></li></ul></div></div><div class="table-caption"><span class="table-label">Table {n}.</span> '
            f"{self.caption(self.document.paper.tables[n - 1])}</div></div>"
        )

    def caption(self, caption: Caption) -> str:
        """Title and text of a caption."""
        text = self.paragraph(caption.text, ' class="first-child"') if caption.text else ""
        return f'<span class="caption-title">{self.write(caption.title)}</span>{text}<div class="sb-div caption-clear"></div>'

    # --- sections ---

    def section(self, section: Section) -> str:
        """A section with all that is in it."""
        if {block.kind for block in section.blocks} == {"supplement"}:
            # the page leaves supplementary files to their tab
            return ""
        level = min(section.level + 1, 6)
        head = f'<h{level} class="">' if level == 2 else f"<h{level}>"
        inner = "".join([*map(self.block, section.blocks), *map(self.section, section.sections)])
        kinds = {"ack": "ack", "app": "app", "data-availability": "data-availability", "COI-statement": "COI-statement"}
        kind = kinds.get(section.kind, "")
        id = f' id="{self.id(kind if kind in ("ack", "app") else "sec")}"'
        if section.kind == "glossary":
            kind, id = "glossary", ""
        name = "section" if section.level == 1 else "subsection"
        title = f"{head}{self.write(section.title)}</h{level}>"
        return f'<div class="{" ".join(filter(None, (name, kind)))}"{id}>{title}{inner}</div>'

    def abstract(self) -> str:
        """The abstract; the headings of a structured one stand at the start of its paragraphs."""
        parts = []
        for heading, text in self.document.abstract:
            if heading:
                inner = f'<p id="{self.id("p")}"><strong>{heading}</strong> {self.write(text)}</p>'
                parts.append(f'<div id="{self.id("sec")}" class="subsection">{inner}</div>')
            else:
                parts.append(self.paragraph(text))
        return f'<div class="section abstract" id="abstract-1"><h2 class="">Abstract</h2>{"".join(parts)}</div>'

    def footnotes(self) -> str:
        """Footnotes of the text."""
        notes = "".join(
            f'<li class="fn" id="fn-{n}"><p id="{self.id("p")}"><span class="fn-label">{n}</span>{self.write(text)}</p></li>'
            for n, text in enumerate(self.document.paper.footnotes, 1)
        )
        return (
            f'<div class="section fn-group" id="fn-group-1"><h2>Footnotes</h2><ul>{notes}</ul></div>' if notes else ""
        )

    def full_text(self) -> str:
        """The whole article."""
        d = self.document
        body = "".join([*map(self.block, d.root.blocks), *map(self.section, d.body), *map(self.section, d.back)])
        refs = "".join(citation(f"{d.paper.id}v{d.version}", n, r) for n, r in enumerate(d.references, 1))
        references = (
            '<div class="section ref-list" id="ref-list-1"><h2 class="">References</h2>'
            f'<ol class="cit-list ref-use-labels">{refs}</ol></div>'
        )
        return self.abstract() + body + self.footnotes() + references


def server_name(document: Document) -> str:
    """`bioRxiv` or `medRxiv`."""
    return NAMES[document.paper.server]
