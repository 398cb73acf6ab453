"""Parquet: typed columns as the text they stand for, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue
from hrbudget.ingest import table
from hrbudget.ingest.formats import digits
from hrbudget.ingest.table import Table

FIRST_BYTES = b"PAR1"

#: Rows that are read at a time.
ROWS = 100_000


def read(path: Path, name: str) -> Iterator[Table | DataIssue]:
    """The rows as tables of the same headers; row 1 is the first row of data.

    Whole numbers and decimals are exact; a binary number is the shortest decimal text
    that stands for it; dates are ISO 8601.
    """
    try:
        source = pl.scan_parquet(path, glob=False)
        schema = source.collect_schema()
        nested = [column for column, dtype in schema.items() if dtype.is_nested()]
        if nested or pl.Binary in schema.values():
            found = f"the column {(nested or ['of bytes'])[0]!r} of {len(schema)}"
            yield DataIssue(
                name, found, "columns of text, numbers and dates", "export it flat"
            )
            return
        at = 0
        while True:
            batch = source.slice(at, ROWS).collect()
            if at and batch.is_empty():
                return
            texts = pl.DataFrame([_text(column) for column in batch])
            cells, empty = table.numbered(texts, batch.columns, at + 1)
            notes = () if at else ("a Parquet file; its rows are counted from 1",)
            yield Table(cells, "", 0, notes, empty)
            at += ROWS
    except (PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        found = f"a damaged Parquet file ({reason})"
        yield DataIssue(name, found, "Parquet", "export it again")


def _text(cells: pl.Series) -> pl.Series:
    """A typed column as text."""
    if cells.dtype.is_float():
        # A whole number is written with a point and a zero, which is no decimal.
        texts = cells.cast(pl.String).str.strip_suffix(".0")
        for at in texts.str.contains("e", literal=True).arg_true():
            texts[at] = digits.written_out(texts[at])
        return texts
    if cells.dtype.is_temporal():
        return cells.dt.to_string("iso")
    return cells.cast(pl.String)
