"""Papers as Parquet: a row a paper, nested lists and structs of the vocabulary, dates as dates.

Parquet has no recursive types, so `sections` and `statements` are flat lists in reading order, in which `level` tells the nesting.
An unknown string is empty as in the feed; an unknown date is null.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, get_args, get_type_hints

from pydantic import TypeAdapter

from biorxivist.errors import UserError
from biorxivist.items import Paper, Section

if TYPE_CHECKING:
    import pyarrow

PAPER = TypeAdapter(Paper)
DAYS = frozenset({"posted", "first_posted", "received"})
MOMENTS = frozenset({"fetched"})
NESTED = ("sections", "statements")
# characters of text in a row group: some 100 papers in full, thousands of abstracts
ROW_GROUP = 4_000_000


class MissingPyArrow(UserError):
    """Parquet was asked for and pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs a package: pip install 'biorxivist[parquet]'")


def schema(names: Iterable[str] | None = None) -> "pyarrow.Schema":
    """The columns, all or the named ones. Raises `MissingPyArrow`."""
    pa = _pyarrow()
    columns = _columns(Paper)
    return pa.schema([columns[name] for name in names or columns])


class ParquetWriter:
    """Writes papers to a file, a row group at a time. The file can be read once it is closed. Raises `MissingPyArrow`."""

    def __init__(self, file: BinaryIO, names: Iterable[str] | None = None, row_group: int = ROW_GROUP):
        _pyarrow()
        from pyarrow import parquet

        self.schema = schema(names)
        self.writer = parquet.ParquetWriter(file, self.schema, compression="zstd")
        self.row_group = row_group
        self.rows: list[dict[str, Any]] = []
        self.size = 0

    def write(self, paper: Paper) -> None:
        """Add a row."""
        self.rows.append(to_row(paper))
        self.size += 1000 + len(paper.text)
        if self.size >= self.row_group:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait as a row group."""
        import pyarrow as pa

        if self.rows:
            self.writer.write_table(pa.Table.from_pylist(self.rows, self.schema))
        self.rows, self.size = [], 0

    def close(self) -> None:
        """Write what waits and the end of the file."""
        self.flush()
        self.writer.close()


def to_row(paper: Paper) -> dict[str, Any]:
    """A paper as the values of a row."""
    row = PAPER.dump_python(paper)
    for name in NESTED:
        row[name] = list(_flat(row[name], 1))
    _dated(row)
    for version in row["versions"]:
        _dated(version)
    return row


def from_row(row: dict[str, Any]) -> Paper:
    """The paper of a row; raises `ValueError` if it is none."""
    row = {name: value for name, value in row.items() if value is not None}
    for name in NESTED:
        row[name] = _nest(row.get(name, []))
    return PAPER.validate_python(_undated(row))


def read_parquet(path: Path | str, names: list[str] | None = None) -> Iterator[Paper]:
    """The papers of a file, with all columns or the named ones, a few in memory at a time.

    Raises `MissingPyArrow`, and `UserError` for a file that is not of ours.
    """
    pa = _pyarrow()
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=64, columns=names):
                yield from map(from_row, batch.to_pylist())
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is no Parquet file of papers: {reason}") from None


# --- types ------------------------------------------------------------------------------------------------------------


def _pyarrow():
    try:
        import pyarrow
    except ImportError:
        raise MissingPyArrow from None
    return pyarrow


def _columns(kind: type) -> dict[str, "pyarrow.Field"]:
    import pyarrow as pa

    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind) if not (kind is Section and f.name == "sections")]
    return {name: pa.field(name, _type(name, hints[name])) for name in names}


def _type(name: str, hint: Any) -> "pyarrow.DataType":
    import pyarrow as pa

    if name in DAYS:
        return pa.date32()
    if name in MOMENTS:
        return pa.timestamp("s", tz="UTC")
    if arguments := get_args(hint):
        return pa.list_(_type("", arguments[0]))
    if is_dataclass(hint):
        return pa.struct(list(_columns(hint).values()))
    return {str: pa.string(), int: pa.int32(), bool: pa.bool_()}[hint]


# --- values -----------------------------------------------------------------------------------------------------------


def _flat(sections: list[dict[str, Any]], level: int) -> Iterator[dict[str, Any]]:
    for section in sections:
        nested = section.pop("sections")
        yield {**section, "level": level}
        yield from _flat(nested, level + 1)


def _nest(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    top: list[dict[str, Any]] = []
    within = [top]
    for section in sections:
        section = {**section, "sections": []}
        del within[max(section["level"], 1) :]
        within[-1].append(section)
        within.append(section["sections"])
    return top


def _dated(row: dict[str, Any]) -> None:
    for name in DAYS & row.keys():
        row[name] = _parsed(date, row[name])
    for name in MOMENTS & row.keys():
        row[name] = _parsed(datetime, row[name])


def _parsed(kind: type[date], text: str) -> date | None:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return None


def _undated(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_undated(v) for v in value]
    if isinstance(value, dict):
        return {name: _undated(v) for name, v in value.items() if v is not None}
    return value
