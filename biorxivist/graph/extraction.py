"""Entities and relations in passages, by a language model: neo4j-graphrag's extractor, held to a schema and to the words of the passage."""

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from biorxivist.graph.faults import GraphError
from biorxivist.graph.keys import fingerprint
from biorxivist.items import Chunk
from biorxivist.secrets import redact

RETRIES, TIMEOUT = 5, 300
INSTALL = "pip install 'biorxivist[graphrag]'"
SCHEMA = {
    "node_types": [
        {"label": label, "description": meaning, "properties": [{"name": "name", "type": "STRING"}]}
        for label, meaning in (
            ("Gene", "a gene or a protein"),
            ("Disease", "a disease, a disorder or a symptom"),
            ("Chemical", "a drug, a metabolite, an ion or another substance"),
            ("Organism", "a species, a strain or a virus"),
            ("Cell", "a type of cell, a cell line or a tissue"),
            ("Process", "a biological process or pathway"),
        )
    ],
    "relationship_types": [
        {"label": label}
        for label in ("ACTIVATES", "INHIBITS", "REGULATES", "BINDS", "CAUSES", "TREATS", "EXPRESSED_IN", "ASSOCIATED_WITH")
    ],
    "additional_node_types": False,
    "additional_relationship_types": False,
}  # fmt: skip
"""What is looked for if the user gives no schema, as neo4j-graphrag's `GraphSchema`."""


class NoModel(GraphError):
    """The language model does not answer."""


@dataclass(slots=True)
class Thing:
    """Something that a passage names."""

    kind: str
    name: str
    """As it stands in the passage."""
    start: int
    """Offset in the text of the passage's place, as `Chunk.start`."""


@dataclass(slots=True)
class Extract:
    """What a model found in a passage. A line of the file that keeps its answers."""

    chunk: str
    text: str
    """Fingerprint of the passage."""
    model: str
    schema: str
    """Fingerprint of the schema."""
    things: list[Thing] = field(default_factory=list)
    relations: list[tuple[str, int, int]] = field(default_factory=list)
    """Kind, and places in `things` of its ends."""
    dropped: int = 0
    """Things and relations that the schema does not have, or whose words the passage does not have."""


class Extractor:
    """A chat endpoint that speaks OpenAI's API, asked for what passages say. Raises `GraphError` for an unreadable schema."""

    def __init__(self, url: str, model: str, key: str = "", schema: Path | None = None):
        try:
            from neo4j_graphrag.components.entity_relation_extractor import LLMEntityRelationExtractor, OnError
            from neo4j_graphrag.components.graph_pruning import GraphPruning
            from neo4j_graphrag.components.schema import GraphSchema
            from neo4j_graphrag.llm import OpenAILLM
            from neo4j_graphrag.utils.rate_limit import NoOpRateLimitHandler
        except ImportError:
            raise GraphError(f"extraction by a language model needs neo4j-graphrag: {INSTALL}") from None
        self.url, self.model = url, model
        try:
            self.schema = GraphSchema.model_validate(_given(schema) if schema else SCHEMA)
        except (AttributeError, TypeError, ValueError) as error:
            raise GraphError(f"{schema} is no schema of neo4j-graphrag: {' '.join(str(error).split())[:200]}") from None
        self.schema_digest = fingerprint(self.schema.model_dump_json())
        # the client itself waits and asks again
        client = {"base_url": url, "api_key": key or "none", "max_retries": RETRIES, "timeout": TIMEOUT}
        llm = OpenAILLM(model, {"temperature": 0}, NoOpRateLimitHandler(), **client)
        self.extractor = LLMEntityRelationExtractor(llm, create_lexical_graph=False, on_error=OnError.RAISE)
        self.pruning = GraphPruning()
        # connections outlive a batch
        self.loop = asyncio.Runner()
        # it warns of every answer that is pruned to nothing
        logging.getLogger("neo4j_graphrag").setLevel(logging.CRITICAL)

    def extract(self, chunks: Sequence[Chunk]) -> list[Extract | None]:
        """What each passage says, asked at once; None for one whose answer was unreadable. Raises `NoModel`."""
        return self.loop.run(self._all(chunks))

    async def _all(self, chunks: Sequence[Chunk]) -> list[Extract | None]:
        return await asyncio.gather(*(self._one(chunk) for chunk in chunks))

    async def _one(self, chunk: Chunk) -> Extract | None:
        from neo4j_graphrag.components.types import TextChunk
        from neo4j_graphrag.exceptions import LLMGenerationError
        from openai import OpenAIError

        try:
            graph = await self.extractor.extract_for_chunk(self.schema, "", TextChunk(text=chunk.text, index=0))
            pruned = (await self.pruning.run(graph, self.schema)).graph
        except LLMGenerationError as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, OpenAIError):
                raise NoModel(f"{redact(self.url)} gave no answer of {self.model}: {' '.join(redact(str(cause)).split())[:200]}") from None  # fmt: skip
            return None
        except (AttributeError, LookupError, TypeError, ValueError):
            # the endpoint's answer is none of OpenAI's API, or what is in it is of no kind that the library expects
            return None
        found = self.held(chunk, pruned.nodes, pruned.relationships)
        found.dropped += len(graph.nodes) - len(pruned.nodes) + len(graph.relationships) - len(pruned.relationships)
        return found

    def held(self, chunk: Chunk, nodes: Sequence[Any], relationships: Sequence[Any]) -> Extract:
        """What of a pruned graph the words of the passage bear out."""
        found = Extract(chunk.id, fingerprint(chunk.text), self.model, self.schema_digest)
        kinds = {node_type.label for node_type in self.schema.node_types}
        types = {relationship_type.label for relationship_type in self.schema.relationship_types}
        places: dict[str, int] = {}
        for node in nodes:
            name = node.properties.get("name")
            at = _standing(name, chunk.text) if isinstance(name, str) and node.label in kinds else None
            if at is None:
                found.dropped += 1
                continue
            thing = Thing(node.label.lower(), chunk.text[at[0] : at[1]], chunk.start + at[0])
            if thing not in found.things:
                found.things.append(thing)
            places[node.id] = found.things.index(thing)
        for relationship in relationships:
            start, end = places.get(relationship.start_node_id), places.get(relationship.end_node_id)
            made = (relationship.type, start, end)
            if relationship.type not in types or start is None or end is None or start == end:
                found.dropped += 1
            elif made not in found.relations:
                found.relations.append(made)
        return found


def _given(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise GraphError(f"cannot read the schema {path}: {error.strerror}") from None


def _standing(name: str, text: str) -> tuple[int, int] | None:
    """Where whole words stand in a text, whatever their case."""
    if not name.strip():
        return None
    match = re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.I)
    return match.span() if match else None


def to_line(extract: Extract) -> bytes:
    """A line of the file that keeps the answers."""
    return json.dumps(asdict(extract), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
