"""Totals that nobody spoke of: a row that says "Total" and is the sum of rows above it.

It may be counted twice, or be a line that is called so; only its owner knows, so it is
an issue and never a guess. Text alone says nothing (a company may be called "Total"),
so a row is suspected only where its amount is the sum of the lines above it, back to
the previous such row or to the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.ingest.leaving.words import is_total, says_total
from hrbudget.ingest.reading import Reading, shown
from hrbudget.ingest.table import ROW


@dataclass
class _Sums:
    """What stands above: all lines, and those since the previous total."""

    every: int = 0
    rows: int = 0
    since: int = 0
    rows_since: int = 0


@dataclass
class Suspects:
    """Follows the sums from batch to batch, for each column of money."""

    _sums: dict[str, _Sums] = field(default_factory=dict)

    def check(self, reading: Reading, frame: pl.DataFrame, part: str) -> None:
        """Tell of rows that say they are a total and add up to one.

        Args:
            reading: gets the issues.
            frame: lines with amounts in minor units, in the order of the file.
            part: the column of money that they were made from.
        """
        sums = self._sums.setdefault(part, _Sums())
        texts = [
            name
            for name, dtype in frame.schema.items()
            if dtype == pl.String
            and name not in _NO_TEXT
            and frame[name].null_count() < frame.height
        ]
        says = pl.zeros(frame.height, pl.Boolean, eager=True)
        alone = says
        for name in texts:
            says |= says_total(frame[name])
        if says.any():
            for name in texts:
                alone |= is_total(frame[name])
        marked = frame.select(
            pl.col(ROW).alias("row"),
            pl.col("amount").fill_null(0),
            says.alias("says"),
            alone.alias("alone"),
        )
        block = pl.col("says").cast(pl.Int64).cum_sum()
        blocks = (
            marked.with_columns(block=block - pl.col("says").cast(pl.Int64))
            .group_by("block", maintain_order=True)
            .agg(
                pl.col("amount").filter(~pl.col("says")).cast(pl.Int128).sum(),
                (~pl.col("says")).sum().alias("rows"),
            )
        )
        rows = marked.filter("says").select("row", "amount", "alone").rows()
        for at, (amount, count) in enumerate(blocks.select("amount", "rows").rows()):
            _add(sums, int(amount or 0), count)
            if at < len(rows):
                self._weigh(reading, sums, rows[at], frame)

    def _weigh(
        self,
        reading: Reading,
        sums: _Sums,
        suspect: tuple[int, int, bool],
        frame: pl.DataFrame,
    ) -> None:
        row, amount, alone = suspect
        enough = 1 if alone else 2
        since = amount == sums.since and sums.rows_since >= enough
        every = amount == sums.every and sums.rows >= enough
        if amount == 0 or not (since or every):
            _add(sums, amount, 1)
            return
        count = sums.rows_since if since else sums.rows
        sums.since = sums.rows_since = 0
        header = reading.headers.get("amount", "amount")
        line = frame.filter(pl.col(ROW) == row)
        words = [
            cell
            for name, cell in line.row(0, named=True).items()
            if isinstance(cell, str) and says_total(pl.Series([cell]))[0]
        ]
        currency = str(line["currency"][0])
        reading.tell(
            f"{shown(words[0])} with {money.to_text(amount, currency)}, the sum of the "
            f"{count} rows above it",
            "lines that are no sums of others",
            "if it is a total, say so under totals: or leave_out: in a mapping file; "
            "if it is a line, call it something else",
            row,
            header,
        )


#: Canonical columns whose words have a closed list or say no more than the file does.
_NO_TEXT = frozenset(
    {"phase", "direction", "currency", "file", "sheet", "function_scheme"}
) | frozenset(columns.MONEY)


def _add(sums: _Sums, amount: int, rows: int) -> None:
    sums.every += amount
    sums.rows += rows
    sums.since += amount
    sums.rows_since += rows
