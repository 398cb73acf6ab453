"""A table of text cells becomes canonical lines; every defect becomes a data issue."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest import amounts
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.sheets import ROW, Table

#: A spreadsheet cell holds no more characters than this.
MAX_CELL = 32_767

_TEXT = tuple(c.name for c in columns.LINES if c.dtype == pl.String)
_TRUTH = {"true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True)
class Defaults:
    """What the caller says of every line, where the file does not."""

    fiscal_year: int | None = None
    phase: str | None = None
    currency: str | None = None


@dataclass
class _Reading:
    """The file while it is read: its name, its table, and what was found wrong."""

    file: str
    table: Table
    mapping: Mapping
    issues: list[DataIssue]
    notes: list[str]

    def blame(
        self, name: str, bad: pl.Series, expected: str, advice: str, frame: pl.DataFrame
    ) -> None:
        """One issue for each row where ``bad`` is true."""
        header = self.mapping.columns.get(name, name)
        cells = frame.filter(bad.fill_null(value=False)).select(ROW, name)
        for row, cell in cells.iter_rows():
            self.issues.append(
                DataIssue(
                    self.file,
                    shown(cell),
                    expected,
                    advice,
                    self.table.sheet,
                    row,
                    header,
                )
            )


def shown(cell: object) -> str:
    """A cell as it is quoted in a message: short, on one line."""
    if cell is None:
        return "an empty cell"
    text = " ".join(str(cell).split())
    return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"


def canonical(
    file: str, table: Table, mapping: Mapping, defaults: Defaults
) -> tuple[pl.DataFrame, list[DataIssue], list[str]]:
    """Lines with the columns of ``columns.LINES``, provenance and the file's extras."""
    reading = _Reading(file, table, mapping, [], list(table.notes))
    renamed = _rename(reading)
    if reading.issues:
        return columns.empty(columns.LINES), reading.issues, reading.notes
    _check_cells(reading, renamed)
    filled = _fill(reading, renamed, defaults)
    _check_required(reading, filled)
    if reading.issues:
        return filled, reading.issues, reading.notes
    typed = _type(reading, filled)
    lines = _identify(reading, typed)
    return _ordered(reading, lines), reading.issues, reading.notes


def _rename(reading: _Reading) -> pl.DataFrame:
    """The file's headers under their canonical names."""
    cells, mapping = reading.table.cells, reading.mapping
    headers = [name for name in cells.columns if name != ROW]
    wanted = [*mapping.columns.values(), *mapping.line_id]
    for header in dict.fromkeys(wanted):
        if header not in headers:
            near = difflib.get_close_matches(header, headers, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "correct the mapping"
            reading.issues.append(
                DataIssue(
                    reading.file,
                    "the headers " + ", ".join(headers),
                    f"a header {header!r}, as the mapping says",
                    advice,
                    reading.table.sheet,
                    mapping.header_row,
                )
            )
    if reading.issues:
        return cells
    taken = {header: name for name, header in mapping.columns.items()}
    kept = cells.with_columns(
        pl.concat_str(mapping.line_id, separator="-", ignore_nulls=True).alias(
            "\0line_id"
        )
        if mapping.line_id
        else pl.lit(None, pl.String).alias("\0line_id")
    )
    # A header that has a canonical name but is mapped from elsewhere steps aside.
    aside = {
        name: f"file_{name}"
        for name in headers
        if name in mapping.columns and taken.get(name) != name
    }
    kept = kept.rename(aside).rename({h: n for h, n in taken.items() if h not in aside})
    if mapping.line_id:
        kept = kept.drop("line_id", strict=False).rename({"\0line_id": "line_id"})
    else:
        kept = kept.drop("\0line_id")
    if "amount" not in kept.columns:
        _blame_header(reading, headers)
    return kept


def _blame_header(reading: _Reading, headers: list[str]) -> None:
    reading.issues.append(
        DataIssue(
            reading.file,
            "the headers " + ", ".join(shown(h)[1:-1] for h in headers[:40]),
            "a column called amount",
            "rename the column of money to amount, or say in a mapping file "
            "which one it is: `columns: {amount: …}`",
            reading.table.sheet,
            reading.mapping.header_row,
        )
    )


def _check_cells(reading: _Reading, frame: pl.DataFrame) -> None:
    for name in frame.columns:
        if name != ROW:
            long = frame[name].str.len_chars() > MAX_CELL
            reading.blame(
                name,
                long,
                f"at most {MAX_CELL:,} characters in a cell",
                "shorten the text, or look for a quotation mark that is never closed",
                frame,
            )


def _fill(reading: _Reading, frame: pl.DataFrame, defaults: Defaults) -> pl.DataFrame:
    """Values of the mapping and the call where the file has none; translations."""
    stated = {
        name: value for name, value in vars(defaults).items() if value is not None
    }
    constants = {**stated, **reading.mapping.values}
    for name, value in constants.items():
        constant = pl.lit(str(value))
        there = pl.col(name).fill_null(constant) if name in frame.columns else constant
        frame = frame.with_columns(there.alias(name))
    for name, words in reading.mapping.translate.items():
        if name in frame.columns:
            frame = frame.with_columns(pl.col(name).replace(words))
    if "direction" not in frame.columns:
        frame = frame.with_columns(direction=pl.lit("expenditure"))
    frame = frame.with_columns(pl.col("direction").fill_null("expenditure"))
    absent = [name for name in columns.LINE_NAMES if name not in frame.columns]
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def _check_required(reading: _Reading, frame: pl.DataFrame) -> None:
    """Columns that every line needs, and columns with a closed list of values."""
    advice = {
        "fiscal_year": "add the column, or say --year",
        "phase": "add the column, or say --phase proposed|approved|adjusted|executed",
        "currency": "add the column, or say currency under values: in a mapping file",
    }
    for name, what in advice.items():
        if frame[name].null_count() == frame.height and frame.height:
            reading.issues.append(
                DataIssue(
                    reading.file,
                    f"no {name}",
                    f"a {name} for every line",
                    what,
                    reading.table.sheet,
                )
            )
        else:
            reading.blame(name, frame[name].is_null(), f"a {name}", what, frame)
    if frame.is_empty():
        reading.issues.append(
            DataIssue(
                reading.file,
                "a header and no line",
                "at least one line",
                "check header_row in the mapping, or the export",
                reading.table.sheet,
            )
        )
    for column in columns.LINES:
        if column.allowed and column.name in frame.columns:
            known = "|".join(column.allowed)
            bad = ~frame[column.name].is_in(list(column.allowed))
            reading.blame(
                column.name,
                bad,
                known,
                f"correct the cell, or add `translate: {{{column.name}: …}}` "
                "to a mapping file",
                frame,
            )
    year = frame["fiscal_year"].str.contains(r"^(19|20|21)\d\d$")
    reading.blame(
        "fiscal_year", ~year, "a year such as 2026", "correct the cell", frame
    )
    _check_currency(reading, frame)


def _check_currency(reading: _Reading, frame: pl.DataFrame) -> None:
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
        reading.issues.append(
            DataIssue(
                reading.file,
                "the currencies " + ", ".join(known),
                "one currency in a budget",
                "split the file by currency and ingest each under its own name",
                reading.table.sheet,
                column="currency",
            )
        )


def _type(reading: _Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Text becomes numbers: money in minor units, years, truth values."""
    currency = frame["currency"][0]
    for name in columns.MONEY:
        frame = frame.with_columns(_money(reading, frame, name, currency))
    low, high = frame["amount_min"], frame["amount_max"]
    reading.blame(
        "amount_min", low > high, "no more than amount_max", "correct either", frame
    )
    words = frame["movable"].str.to_lowercase()
    reading.blame(
        "movable", ~words.is_in(list(_TRUTH)), "true or false", "correct it", frame
    )
    return frame.with_columns(
        pl.col("fiscal_year").cast(pl.Int32),
        words.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean),
    )


def _money(
    reading: _Reading, frame: pl.DataFrame, name: str, currency: str
) -> pl.Series:
    read = amounts.read(frame[name], reading.mapping, currency)
    places = money.decimals(currency)
    mapping = reading.mapping
    first_row = frame[ROW] == frame[ROW].min()
    looks_like_header = read.refused & first_row & ~frame[name].str.contains(r"\d")
    reading.blame(
        name,
        looks_like_header,
        "an amount",
        "if this row is a second header row, say header_row: "
        f"{mapping.header_row + 1} in a mapping file, or delete the row",
        frame,
    )
    mark = "point" if mapping.decimal == "." else "comma"
    grouped = f"thousands parted by {mapping.thousands!r}" if mapping.thousands else ""
    reading.blame(
        name,
        read.refused & ~looks_like_header,
        f"an amount with a decimal {mark} and {grouped or 'no thousands separator'}",
        "correct the cell, or say decimal: and thousands: in a mapping file",
        frame,
    )
    reading.blame(
        name,
        read.too_fine,
        f"at most {places} decimals in {currency}",
        "round it in the source, so that no sum differs from yours",
        frame,
    )
    largest = money.MAX_MINOR // 10**places
    reading.blame(
        name,
        read.too_large,
        f"less than {largest:,} {currency} on one line",
        "check the decimal mark and the unit of the column; spreadsheets keep fifteen "
        "digits",
        frame,
    )
    if name == "amount":
        reading.blame(
            name,
            frame[name].is_null(),
            "an amount",
            "write 0 where the line has no money",
            frame,
        )
    if read.noisy:
        reading.notes.append(
            f"{read.noisy} cells of {name} had digits beyond the fifteenth; "
            "read as a spreadsheet shows them"
        )
    return read.minor.alias(name)


def _identify(reading: _Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """A line_id for every line; derived from file and row where there is none."""
    missing = frame["line_id"].is_null()
    if missing.any():
        stem = reading.file.rpartition(".")[0] or reading.file
        sheet = f":{reading.table.sheet}" if reading.table.sheet else ""
        derived = pl.lit(f"{stem}{sheet}:") + pl.col(ROW).cast(pl.String)
        frame = frame.with_columns(pl.col("line_id").fill_null(derived))
        reading.notes.append(
            f"{missing.sum()} lines have no line_id; it was made from file and row"
        )
    key = ["line_id", "fiscal_year", "phase"]
    first = frame.select(pl.col(ROW).min().over(key)).to_series()
    again = frame[ROW] > first
    for row, line_id, earlier in zip(
        *_columns(frame.with_columns(first.alias("first")).filter(again)), strict=True
    ):
        reading.issues.append(
            DataIssue(
                reading.file,
                f"line_id {shown(line_id)} a second time (first in row {earlier})",
                "a line_id once in a year and phase",
                "give one of the lines another id, or leave the column out and ids "
                "are made from file and row",
                reading.table.sheet,
                row,
                reading.mapping.columns.get("line_id", "line_id"),
            )
        )
    return frame


def _columns(frame: pl.DataFrame) -> Iterator[list[object]]:
    return (frame[name].to_list() for name in (ROW, "line_id", "first"))


def _ordered(reading: _Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Canonical columns, provenance, and what else the file had, as text."""
    extras = [
        name for name in frame.columns if name not in columns.LINE_NAMES and name != ROW
    ]
    return frame.select(
        *columns.LINE_NAMES,
        pl.lit(reading.file).alias("file"),
        pl.lit(reading.table.sheet or None, pl.String).alias("sheet"),
        pl.col(ROW).cast(pl.Int32).alias("file_row"),
        *extras,
    )
