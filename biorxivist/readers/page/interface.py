"""What of a page is its interface: controls, copies for scripts, marks; none of it is text of the article."""

# in no text: controls, what a script needs, copies for browsers without one
SILENT_TAGS = {"script", "style", "noscript", "button", "form", "input", "select", "svg", "iframe", "object"}
SILENT = {
    "highwire-figure", "highwire-figure-links", "fig-inline-img-wrapper", "fig-expansion", "table-inline", "table-callout-links",
    "callout", "callout-links", "section-nav", "hw-link", "rev-xref", "rev-xref-ref", "em-link", "em-addr",
    "sb-div", "caption-clear", "cit-extra", "element-invisible", "highwire-journal-article-marker-start",
    "highwire-journal-article-marker-end", "fn-label", "supplementary-material-links",
}  # fmt: skip
# stand between paragraphs, wherever a page puts them
FLOATS = {"fig", "table", "boxed-text"}
BLOCK_TAGS = {"p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "table", "tr", "pre"}
