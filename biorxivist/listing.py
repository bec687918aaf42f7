"""Rows for people and for programs."""

import json
import shutil
import sys
from collections.abc import Sequence
from typing import Any

GAP = "  "
NARROWEST = 12


def print_rows(columns: list[str], rows: list[Sequence[Any]], as_json: bool = False) -> None:
    """Print rows as JSON Lines, or as a table that fits the terminal; a pipe gets whole values."""
    if as_json:
        for row in rows:
            print(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
        return
    table = [columns, *([shown(value) for value in row] for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(columns))]
    if sys.stdout.isatty():
        widths = fitted(widths, shutil.get_terminal_size().columns)
    for row in table:
        print(GAP.join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def fitted(widths: list[int], room: int) -> list[int]:
    """Widths of columns that fit in a room: the widest give first."""
    widths = list(widths)
    while sum(widths) + len(GAP) * (len(widths) - 1) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def shown(value: Any) -> str:
    """A value in one line."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(map(shown, value))
    return " ".join(str(value).split())


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"
