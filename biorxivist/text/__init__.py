"""Text rules: what becomes of the strings of a document (`strings`), and of a paper as a whole (`paper`).

Pure functions. Only `clean_paper` applies them to a paper, and only the pipeline `Clean` calls it.
"""

from biorxivist.text.paper import caption, clean_paper, holds_text, section_paragraphs
from biorxivist.text.strings import (
    LINE,
    PARAGRAPH,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    clean,
    clean_with_offsets,
    is_clean,
    subscript,
    superscript,
    unstacked,
)

__all__ = [
    "LINE",
    "PARAGRAPH",
    "SUBSCRIPTS",
    "SUPERSCRIPTS",
    "caption",
    "clean",
    "clean_paper",
    "clean_with_offsets",
    "holds_text",
    "is_clean",
    "section_paragraphs",
    "subscript",
    "superscript",
    "unstacked",
]
