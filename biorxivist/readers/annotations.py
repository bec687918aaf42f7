"""An answer of Europe PMC's annotations API: what text mining found in some articles."""

import json
import re
from typing import Any

from biorxivist.items import Annotation, Tag
from biorxivist.readers.strict import LARGEST_ANSWER, MalformedDocument, check_size, glimpse

# the types that name things; relations, events and the terms of other miners are left out
KINDS = {
    "geneproteins": "gene",
    "diseases": "disease",
    "chemicals": "chemical",
    "organisms": "organism",
    "geneontology": "go",
    "accessionnumbers": "accession",
}
# `Abstract (http://purl.org/dc/terms/abstract)`
VOCABULARY = re.compile(r"\s*\(https?://[^)]*\)\s*$")


def read_annotations(body: bytes) -> dict[str, list[Annotation]]:
    """Annotations by article, `PPR123456`; an article without any may be left out. Raises `MalformedDocument`."""
    check_size(body, LARGEST_ANSWER)
    try:
        rows = json.loads(body.decode("utf-8", "replace"))
        # half a character could be written to no feed
        rows = json.loads(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise MalformedDocument("JSON list of articles", f"found {glimpse(body)}") from None
    if not isinstance(rows, list):
        raise MalformedDocument("JSON list of articles", f"found {glimpse(json.dumps(rows))}")
    found: dict[str, list[Annotation]] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, dict) or not isinstance(row.get("extId"), str):
            raise MalformedDocument(f"[{place}].extId", f"found {glimpse(json.dumps(row))}")
        # several entries of one article are what several miners sent
        found.setdefault(row["extId"].upper(), []).extend(_annotations(row, place))
    return found


def _annotations(row: dict[str, Any], place: int) -> list[Annotation]:
    rows = row.get("annotations")
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise MalformedDocument(f"[{place}].annotations", f"found {glimpse(json.dumps(rows))}")
    return [_annotation(r, kind) for r in rows if (kind := _kind(r)) and _text(r, "exact").strip()]


def _kind(row: dict[str, Any]) -> str:
    # spelled with spaces or underscores
    return KINDS.get(re.sub(r"[\W_]+", "", _text(row, "type")).lower(), "")


def _annotation(row: dict[str, Any], kind: str) -> Annotation:
    tags = row.get("tags")
    rows = [tag for tag in (tags if isinstance(tags, list) else []) if isinstance(tag, dict)]
    named = [(_text(tag, "name").strip(), _text(tag, "uri").strip()) for tag in rows]
    return Annotation(
        kind,
        _text(row, "exact"),
        [Tag(name, uri) for name, uri in named if name or uri],
        section=VOCABULARY.sub("", _text(row, "section")).strip(),
        provider=_text(row, "provider").strip(),
        id=_text(row, "id").strip(),
        prefix=_text(row, "prefix"),
        postfix=_text(row, "postfix"),
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
