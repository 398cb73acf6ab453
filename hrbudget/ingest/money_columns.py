"""The columns of money: amounts and bounds, with everything that can be wrong there."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.ingest import amounts
from hrbudget.ingest.amounts import Amounts
from hrbudget.ingest.reading import Reading
from hrbudget.ingest.table import ROW


def read(reading: Reading, frame: pl.DataFrame, name: str, currency: str) -> pl.Series:
    """Whole minor units of one column; issues for what is no amount."""
    found = amounts.read(frame[name], reading.mapping, currency)
    _blame_refused(reading, frame, name, found)
    _blame_size(reading, frame, name, found, currency)
    if name == "amount":
        advice = "write 0 where the line has no money"
        reading.blame(name, frame[name].is_null(), "an amount", advice, frame)
    said = f"of {name} had digits beyond the fifteenth; read as a spreadsheet shows"
    reading.count(found.noisy, f"cell {said} it", f"cells {said} them")
    return found.minor.alias(name)


def _blame_refused(
    reading: Reading, frame: pl.DataFrame, name: str, found: Amounts
) -> None:
    """Text that is no amount; in the first row it may be a second header."""
    mapping = reading.mapping
    first_row = reading.first_row
    header = (
        found.refused & (frame[ROW] == first_row) & ~frame[name].str.contains(r"\d")
    )
    advice = (
        "if this row is a second header row, say header_row: "
        f"{first_row} in a mapping file, or delete the row"
    )
    reading.blame(name, header, "an amount", advice, frame)
    mark = "point" if mapping.decimal == "." else "comma"
    grouped = f"thousands parted by {mapping.thousands!r}" if mapping.thousands else ""
    reading.blame(
        name,
        found.refused & ~header,
        f"an amount with a decimal {mark} and {grouped or 'no thousands separator'}",
        "correct the cell, or say decimal: and thousands: in a mapping file",
        frame,
    )


def _blame_size(
    reading: Reading, frame: pl.DataFrame, name: str, found: Amounts, currency: str
) -> None:
    """Amounts finer than the minor unit or larger than a spreadsheet can keep."""
    places = amounts.decimals(reading.mapping, currency)
    unit = reading.mapping.unit
    counted = currency if unit == "1" else f"units of {unit} {currency}"
    reading.blame(
        name,
        found.too_fine,
        f"at most {places} decimals in {counted}",
        "round it in the source, so that no sum differs from yours",
        frame,
    )
    largest = money.MAX_MINOR // 10**places
    reading.blame(
        name,
        found.too_large,
        f"less than {largest:,} {counted} on one line",
        "check the decimal mark and the unit of the column; spreadsheets keep fifteen "
        "digits",
        frame,
    )
