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
        empty = cells.height - filled.height
        said = f"of {header} made no line"
        reading.count(empty, f"empty cell {said}", f"empty cells {said}")
        yield Part(filled, header, values)


def check_stated(reading: Reading, phase: str | None) -> None:
    """Say what one stated phase means for columns of several years."""
    amounts = reading.mapping.amounts
    years = {values.get("fiscal_year") for values in amounts.values()}
    if phase is None or len(amounts) < 2 or len(years) < 2:
        return
    silent = [header for header, values in amounts.items() if "phase" not in values]
    spoken = [header for header in amounts if header not in silent]
    if silent:
        reading.notes.append(
            f"--phase {phase} holds for {', '.join(silent)}; where they differ, write "
            "phase: for each of them under amounts: in the mapping"
        )
    if spoken:
        reading.notes.append(
            f"--phase {phase} does not change the phases that amounts: of the mapping "
            f"states for {', '.join(spoken)}"
        )
