"""A table of text cells becomes canonical lines; every defect becomes a data issue."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import polars as pl

from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest import money_columns, names, required
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import Reading, shown
from hrbudget.ingest.sheets import ROW, Table

_PROVENANCE = tuple(column.name for column in columns.PROVENANCE)

#: Rows below the header in which the real header is looked for.
_TOP = 20

_TRUTH = {"true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True)
class Defaults:
    """What the caller says of every line, where the file does not."""

    fiscal_year: int | None = None
    phase: str | None = None
    currency: str | None = None


def canonical(
    file: str, table: Table, mapping: Mapping, defaults: Defaults
) -> tuple[pl.DataFrame, list[DataIssue], list[str]]:
    """Lines with the columns of ``columns.LINES``, provenance and the file's extras.

    Every step goes on after an issue as far as it can, so that all are told at once.
    """
    reading = Reading(file, table, mapping, notes=list(table.notes))
    frame = _rename(reading)
    if not reading.issues:
        required.check_cells(reading, frame)
        frame = _fill(reading, frame, defaults)
        required.check(reading, frame)
        frame = _identify(reading, _type(reading, frame))
    lines = columns.empty(columns.LINES) if reading.issues else _ordered(reading, frame)
    return lines, reading.issues, reading.notes


def _rename(reading: Reading) -> pl.DataFrame:
    """The file's headers under their canonical names."""
    cells, mapping = reading.table.cells, reading.mapping
    headers = [name for name in cells.columns if name != ROW]
    _check_headers(reading, headers)
    if reading.issues:
        return cells
    filled = {*mapping.columns, *(["line_id"] if mapping.line_id else []), *_PROVENANCE}
    taken = {*headers, *columns.LINE_NAMES, *_PROVENANCE}
    renamed = dict(mapping.columns)
    for header in headers:
        if header in mapping.columns.values():
            continue
        # A header whose name is filled from elsewhere steps aside.
        aside = header in filled
        name = names.free(f"file_{header}", taken) if aside else header
        taken.add(name)
        renamed[name] = header
    reading.headers = renamed
    series = [cells[header].alias(name) for name, header in renamed.items()]
    frame = pl.DataFrame([cells[ROW], *series])
    return frame.with_columns(_joined(cells, mapping)) if mapping.line_id else frame


def _joined(cells: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """A line_id from several cells; none where all of them are empty."""
    parts = pl.DataFrame(
        [cells[name].alias(str(n)) for n, name in enumerate(mapping.line_id)]
    )
    # An empty cell keeps its place, so that (1, empty) is not (empty, 1).
    joined = pl.concat_str(pl.all().fill_null(""), separator="-")
    some = pl.any_horizontal(pl.all().is_not_null())
    return parts.select(pl.when(some).then(joined).alias("line_id")).to_series()


def _check_headers(reading: Reading, headers: list[str]) -> None:
    """The headers that the mapping speaks of are there, and one is of money."""
    mapping, row = reading.mapping, reading.table.header_row
    listed = "the headers " + ", ".join(shown(each)[1:-1] for each in headers[:40])
    if mapping.header("amount") not in headers and _header_below(reading, listed):
        return
    for header in dict.fromkeys([*mapping.columns.values(), *mapping.line_id]):
        if header not in headers:
            near = difflib.get_close_matches(header, headers, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "correct the mapping"
            expected = f"a header {header!r}, as the mapping says"
            reading.tell(listed, expected, advice, row)
    if "amount" not in headers and "amount" not in mapping.columns:
        reading.tell(
            listed,
            "a column called amount",
            "rename the column of money to amount, or say in a mapping file which one "
            "it is: `columns: {amount: …}`",
            row,
        )


def _header_below(reading: Reading, listed: str) -> bool:
    """Tell where the header of money stands in a row below group headings or titles."""
    wanted = reading.mapping.header("amount")
    top = reading.table.cells.head(_TOP)
    real = top.filter(pl.any_horizontal(pl.exclude(ROW) == wanted))
    if real.is_empty():
        return False
    row = real[ROW][0]
    reading.tell(
        listed,
        f"a column called {wanted}",
        f"it stands in row {row}: say header_row: {row} in a mapping file, or delete "
        "the rows above it",
        reading.table.header_row,
    )
    return True


def _fill(reading: Reading, frame: pl.DataFrame, defaults: Defaults) -> pl.DataFrame:
    """Values of the mapping and the call where the file has none; translations."""
    stated = {
        name: value for name, value in vars(defaults).items() if value is not None
    }
    _check_stated(reading, stated)
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


def _check_stated(reading: Reading, stated: dict[str, object]) -> None:
    """The call and the mapping do not say different years or phases of the lines.

    The currency is no part of the call: a mapping may have another than the workspace.
    """
    for name, option in (("fiscal_year", "--year"), ("phase", "--phase")):
        value = str(stated.get(name, ""))
        other = reading.mapping.values.get(name, value)
        if name in stated and other != value:
            reading.tell(
                f"{option} {value}, and {name}: {other} in the mapping",
                f"the same {name} in both",
                f"leave out {option}, or take {name} out of values: in the mapping",
                column=name,
            )


def _type(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Text becomes numbers: money in minor units, years, truth values."""
    currency = required.currency(frame)
    if currency is not None:
        text = frame  # messages quote the cells of the file, not our minor units
        for name in columns.MONEY:
            read = money_columns.read(reading, text, name, currency)
            frame = frame.with_columns(read)
        low, high = frame["amount_min"], frame["amount_max"]
        reading.blame(
            "amount_min", low > high, "no more than amount_max", "correct either", text
        )
    words = frame["movable"].str.to_lowercase()
    unknown = ~words.is_in(list(_TRUTH))
    reading.blame("movable", unknown, "true or false", "correct it", frame)
    return frame.with_columns(
        pl.col("fiscal_year").cast(pl.Int32, strict=False),
        words.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean),
    )


def _identify(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
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
    first = pl.col(ROW).min().over(key)
    again = frame.with_columns(first=first).filter(pl.col(ROW) > pl.col("first"))
    header = reading.headers.get("line_id", "line_id")
    for row, line_id, earlier in again.select(ROW, "line_id", "first").iter_rows():
        reading.tell(
            f"line_id {shown(line_id)} a second time (first in row {earlier})",
            "a line_id once in a year and phase",
            "give one of the lines another id, or leave the column out and ids are "
            "made from file and row",
            row,
            header,
        )
    return frame


def _extra(header: str) -> str:
    """A header that is no column of lines, with the one it may have been meant for."""
    near = difflib.get_close_matches(header, columns.LINE_NAMES, n=1)
    quoted = shown(header)[1:-1]
    return f"{quoted} (did you mean {near[0]}?)" if near else quoted


def _ordered(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Canonical columns, provenance, and what else the file had, as text."""
    known = (*columns.LINE_NAMES, *_PROVENANCE)
    extras = [name for name in frame.columns if name not in (*known, ROW)]
    if extras:
        reading.notes.append("kept, but not read: " + ", ".join(map(_extra, extras)))
    traced = frame.with_columns(
        pl.lit(reading.file).alias("file"),
        pl.lit(reading.table.sheet or None, pl.String).alias("sheet"),
        pl.col(ROW).cast(pl.Int32).alias("file_row"),
    )
    # Names in brackets are taken as they are; select would read "*" as a pattern.
    return traced[[*known, *extras]]
