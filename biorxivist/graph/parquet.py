"""The graph as Parquet: a file for each label and each kind of relationship, a column for each property."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biorxivist.graph.merged import Merged
from biorxivist.graph.schema import NODES, RELATIONSHIPS
from biorxivist.graph.tables import Row
from biorxivist.graph.vocabulary import Property
from biorxivist.parquet import MissingPyArrow

if TYPE_CHECKING:
    pass

ENDS = (Property("start", "key of the node that it leads from", "made"), Property("end", "key of the node that it leads to", "made"))  # fmt: skip
ROW_GROUP = 5000


def write_parquet(rows: Merged, folder: Path) -> None:
    """`Paper.parquet`, …, `Version_CITES_Work.parquet`, …; raises `MissingPyArrow`."""
    for node in NODES:
        _write(folder / f"{node.label}.parquet", node.properties, rows.nodes(node))
    for relationship in RELATIONSHIPS:
        _write(folder / f"{relationship.name}.parquet", (*ENDS, *relationship.properties), rows.relationships(relationship))  # fmt: skip


def _write(path: Path, properties: Sequence[Property], rows: Iterator[Row]) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingPyArrow from None
    types = {"string": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "strings": pa.list_(pa.string())}
    schema = pa.schema([pa.field(p.name, types[p.type], metadata={"description": p.meaning}) for p in properties])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROW_GROUP)):
            columns: list[tuple[Any, ...]] = list(zip(*group, strict=True))
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
