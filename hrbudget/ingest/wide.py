"""Columns of money side by side: each of them makes lines of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from hrbudget.ingest.reading import Reading


@dataclass(frozen=True)
class Part:
    """The rows that one column of money makes lines of.

    Attributes:
        cells: the rows, without the other columns of money.
        header: the column; "" where the file has one column of money only.
        values: canonical name → value of all lines made from this column.
    """

    cells: pl.DataFrame
    header: str = ""
    values: dict[str, str] = field(default_factory=dict)


def parts(reading: Reading, cells: pl.DataFrame) -> Iterator[Part]:
    """The rows once for each column of money; an empty cell makes no line."""
    mapping = reading.mapping
    if not mapping.amounts:
        yield Part(cells)
        return
    for header, values in mapping.amounts.items():
        others = [name for name in mapping.amounts if name != header]
        filled = cells.drop(others).filter(cells[header].is_not_null())
        reading.counts[f"empty cells of {header} made no line"] += (
            cells.height - filled.height
        )
        yield Part(filled, header, values)
