"""What every line must have and may hold, apart from its money."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.ingest.reading import Reading
from hrbudget.ingest.table import ROW

#: What a spreadsheet shows where a formula has no value.
ERRORS = (
    *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"),
    *("#CALC!", "#GETTING_DATA", "Err:502", "Err:508", "Err:509"),
)

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
        return
    for name, advice in _NEEDED.items():
        if frame[name].null_count() < frame.height:
            reading.filled.add(name)
        if name in reading.filled:
            reading.blame(name, frame[name].is_null(), f"a {name}", advice, frame)
        else:
            reading.tell(f"no {name}", f"a {name} for every line", advice)
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


def check_formulas(reading: Reading, frame: pl.DataFrame) -> None:
    """No cell that the program reads is a formula without a value; others are counted.

    A cell of money is refused where it is read.
    """
    for name in frame.columns:
        if name == ROW or name in columns.MONEY:
            continue
        failed = frame[name].is_in(ERRORS)
        if name in columns.LINE_NAMES:
            reading.blame(
                name,
                failed,
                "a value",
                "mend the formula, or say what it stands for in a mapping file: "
                f'`translate: {{{name}: {{"#N/A": ""}}}}`',
                frame,
            )
        else:
            reading.count(
                int(failed.sum()),
                f"cell of {name} is a formula without a value, such as #N/A",
                f"cells of {name} are formulas without a value, such as #N/A",
            )


def currency(frame: pl.DataFrame) -> str | None:
    """The one currency of the lines, or None where that cannot be said."""
    codes = frame["currency"].drop_nulls().unique().to_list()
    known = [code for code in codes if money.is_currency(code)]
    return str(known[0]) if len(known) == 1 else None


def check_all(reading: Reading, lines: int) -> None:
    """What can be said when all rows have been read."""
    if not lines:
        reading.tell(
            "a header and no line",
            "at least one line",
            "check header_row in the mapping, or the export",
        )
    if len(reading.currencies) > 1:
        reading.tell(
            "the currencies " + ", ".join(sorted(reading.currencies)),
            "one currency in a budget",
            "split the file by currency and ingest each under its own name",
            column="currency",
        )


def _check_currency(reading: Reading, frame: pl.DataFrame) -> None:
    codes = frame["currency"].drop_nulls().unique().sort().to_list()
    known = {code for code in codes if money.is_currency(code)}
    reading.currencies |= known
    reading.blame(
        "currency",
        frame["currency"].is_in([code for code in codes if code not in known]),
        "a currency of ISO 4217, such as SEK",
        "correct the cell",
        frame,
    )
