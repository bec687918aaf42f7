"""The JSON Schema of a line of a feed, or of `scrapy chunks`."""

from typing import Any

from itemadapter import ItemAdapter

from biorxivist.items import Paper


def json_schema(kind: type = Paper) -> dict[str, Any]:
    """The schema of a class of the vocabulary as JSON; descriptions are the docstrings of its fields."""
    schema = ItemAdapter.get_json_schema(kind)
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        "description": (kind.__doc__ or "").strip(),
    }
    if "sections" not in schema["properties"]:
        return about | schema
    # itemadapter stops where a section holds sections
    section = schema["properties"]["sections"]["items"]
    for holder in (schema, section):
        for name in {"sections", "statements"} & holder["properties"].keys():
            holder["properties"][name]["items"] = {"$ref": "#/$defs/Section"}
    return about | schema | {"$defs": {"Section": section}}
