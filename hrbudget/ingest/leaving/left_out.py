"""Rows that are no lines: left out as the mapping says, counted and added up."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.domain.predicate import Predicate
from hrbudget.ingest import amounts
from hrbudget.ingest.reading import LeftOut, Reading, counted
from hrbudget.ingest.table import ROW


def filled_down(
    reading: Reading, cells: pl.DataFrame, last: dict[str, str | None]
) -> pl.DataFrame:
    """Empty cells of merged columns take the value above; ``last`` goes on to the next.

    Rows without any cell were left out before, so a merged cell reaches over them.
    """
    for header in reading.mapping.fill_down:
        above = pl.Series([last.get(header)], dtype=pl.String)
        column = above.append(cells[header]).fill_null(strategy="forward").slice(1)
        cells = cells.with_columns(column.alias(header))
        if cells.height:
            last[header] = column[-1]
    return cells


def apply(reading: Reading, cells: pl.DataFrame, currency: str | None) -> pl.DataFrame:
    """The rows that stay when every ``leave_out`` of the mapping was heard."""
    for each in reading.mapping.leave_out:
        holds = Predicate(each.where, of_texts=True).holds_in(cells)
        out = holds.fill_null(value=False)
        if out.any():
            note(reading, cells.filter(out), each.why, currency)
            cells = cells.filter(~out)
    return cells


def note(reading: Reading, rows: pl.DataFrame, why: str, currency: str | None) -> None:
    """Count rows that are left out, with those left out for the same reason before."""
    total, empty = 0, pl.repeat(value=True, n=rows.height, eager=True)
    for header in reading.mapping.money_headers if currency else ():
        minor = minor_units(reading, rows, header, currency or "")
        total += money.total(minor.to_frame("n"), pl.col("n"))
        empty &= minor.is_null()
    without = int(empty.sum())
    for at, before in enumerate(reading.left_out):
        if before.why == why:
            reading.left_out[at] = LeftOut(
                before.rows + rows.height,
                why,
                before.total + total,
                before.without + without,
            )
            return
    reading.left_out.append(LeftOut(rows.height, why, total, without))


def minor_units(
    reading: Reading, cells: pl.DataFrame, header: str, currency: str
) -> pl.Series:
    """Amounts of a column of the file; null where a cell is empty or is no amount."""
    words = reading.mapping.translate.get("amount", {})
    translated = cells[header].replace(words)
    return amounts.read(translated, reading.mapping, currency).minor


def sentence(each: LeftOut, currency: str) -> str:
    """What is said of rows that were left out."""
    text = f"{counted(each.rows, 'row', 'rows')} left out ({each.why}), adding up to "
    text += money.to_text(each.total, currency) if currency else "an unknown sum"
    if each.without:
        text += f"; {each.without:,} of them without an amount"
    return text


def currency_of(
    reading: Reading, cells: pl.DataFrame, stated: str | None
) -> str | None:
    """The currency of rows whose cells are still those of the file."""
    said = reading.mapping.values.get("currency")
    header = reading.mapping.header("currency")
    if header in cells.columns and header != ROW:
        codes = cells[header].drop_nulls().unique().to_list()
        words = reading.mapping.translate.get("currency", {})
        known = {words.get(code, code) for code in codes}
        if known:
            return known.pop() if len(known) == 1 else None
    for values in reading.mapping.amounts.values():
        said = said or values.get("currency")
    code = said or stated
    return code if code and money.is_currency(code) else None
