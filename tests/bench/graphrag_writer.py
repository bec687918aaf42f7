"""neo4j-graphrag's lexical graph of the passages on standard input, one JSON list of texts a line: papers a second, twice.

Runs in an environment of its own (`requirements-bench-graph.txt`); prints the seconds of each run.
"""

import asyncio
import json
import os
import sys
import time
import uuid

import neo4j
from neo4j_graphrag.components.kg_writer import Neo4jWriter
from neo4j_graphrag.components.lexical_graph import LexicalGraphBuilder
from neo4j_graphrag.components.types import DocumentInfo, TextChunk, TextChunks


async def write(writer: Neo4jWriter, builder: LexicalGraphBuilder, papers: list[list[str]]) -> float:
    start = time.monotonic()
    for number, texts in enumerate(papers):
        chunks = TextChunks(
            chunks=[TextChunk(text=text, index=n, uid=str(uuid.uuid4())) for n, text in enumerate(texts)]
        )
        graph = (await builder.run(text_chunks=chunks, document_info=DocumentInfo(path=str(number)))).graph
        await writer.run(graph)
    return time.monotonic() - start


def main() -> None:
    papers = [json.loads(line) for line in sys.stdin]
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(sys.argv[1], auth=auth, notifications_min_severity="OFF") as driver:
        writer, builder = Neo4jWriter(driver), LexicalGraphBuilder()
        for _ in range(2):
            print(asyncio.run(write(writer, builder, papers)), flush=True)


if __name__ == "__main__":
    main()
