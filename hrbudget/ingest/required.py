"""What every line must have and may hold, apart from its money."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.ingest.reading import Reading
from hrbudget.ingest.sheets import ROW

#: A spreadsheet cell holds no more characters than this.
MAX_CELL = 32_767

_NEEDED = {
    "fiscal_year": "add the column, or say --year",
    "phase": "add the column, or say --phase proposed|approved|adjusted|executed",
    "currency": "add the column, or say currency under values: in a mapping file",
}


def check(reading: Reading, frame: pl.DataFrame) -> None:
    """Columns that every line needs, and columns with a closed list of values."""
    if frame.is_empty():
        reading.tell(
            "a header and no line",
            "at least one line",
            "check header_row in the mapping, or the export",
        )
        return
    for name, advice in _NEEDED.items():
        if frame[name].null_count() == frame.height:
            reading.tell(f"no {name}", f"a {name} for every line", advice)
        else:
            reading.blame(name, frame[name].is_null(), f"a {name}", advice, frame)
    for column in columns.LINES:
        if column.allowed:
            reading.blame(
                column.name,
                ~frame[column.name].is_in(list(column.allowed)),
                "|".join(column.allowed),
                f"correct the cell, or add `translate: {{{column.name}: …}}` to a "
                "mapping file",
                frame,
            )
    year = frame["fiscal_year"].str.contains("^(19|20|21)[0-9]{2}$")
    reading.blame("fiscal_year", ~year, "a year such as 2026", "correct it", frame)
    _check_currency(reading, frame)


def check_cells(reading: Reading, frame: pl.DataFrame) -> None:
    """No cell is longer than a spreadsheet's may be."""
    for name in frame.columns:
        if name != ROW:
            reading.blame(
                name,
                frame[name].str.len_chars() > MAX_CELL,
                f"at most {MAX_CELL:,} characters in a cell",
                "shorten the text, or look for a quotation mark that is never closed",
                frame,
            )


def currency(frame: pl.DataFrame) -> str | None:
    """The one currency of the lines, or None where that cannot be said."""
    codes = frame["currency"].drop_nulls().unique().to_list()
    known = [code for code in codes if money.is_currency(code)]
    return str(known[0]) if len(known) == 1 else None


def _check_currency(reading: Reading, frame: pl.DataFrame) -> None:
    codes = frame["currency"].drop_nulls().unique().sort().to_list()
    known = [code for code in codes if money.is_currency(code)]
    unknown = [code for code in codes if code not in known]
    reading.blame(
        "currency",
        frame["currency"].is_in(unknown),
        "a currency of ISO 4217, such as SEK",
        "correct the cell",
        frame,
    )
    if len(known) > 1:
        reading.tell(
            "the currencies " + ", ".join(known),
            "one currency in a budget",
            "split the file by currency and ingest each under its own name",
            column="currency",
        )
