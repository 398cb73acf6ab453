"""Rows of text cells become canonical lines; every defect becomes a data issue."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.domain import columns
from hrbudget.ingest import drift, money_columns, names, required
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import Reading, shown
from hrbudget.ingest.table import ROW
from hrbudget.ingest.wide import Part

_PROVENANCE = tuple(column.name for column in columns.PROVENANCE)

_TRUTH = {"true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True)
class Defaults:
    """What the caller says of every line, where the file does not."""

    fiscal_year: int | None = None
    phase: str | None = None
    currency: str | None = None


def typed(reading: Reading, part: Part, defaults: Defaults) -> pl.DataFrame:
    """Lines with the columns of ``columns.LINES``, their row and the file's extras.

    Every step goes on after an issue as far as it can, so that all are told at once.

    Args:
        reading: gets the issues.
        part: rows under the file's own headers, which have been checked.
        defaults: what the caller says of every line.
    """
    frame = _rename(reading, part)
    required.check_cells(reading, frame)
    frame = _fill(reading, frame, defaults)
    frame = frame.with_columns(
        pl.lit(value, pl.String).alias(name) for name, value in part.values.items()
    )
    required.check_formulas(reading, frame)
    required.check(reading, frame)
    return _identify(reading, _type(reading, frame), part)


def _rename(reading: Reading, part: Part) -> pl.DataFrame:
    """The file's headers under their canonical names."""
    cells, mapping = part.cells, reading.mapping
    headers = [name for name in cells.columns if name != ROW]
    renamed = dict(mapping.columns)
    if part.header:
        renamed["amount"] = part.header
    read = set(renamed.values())
    ids = ["line_id"] if mapping.line_id else []
    filled = {*renamed, *ids, *part.values, *_PROVENANCE}
    taken = {*headers, *columns.LINE_NAMES, *_PROVENANCE}
    for header in headers:
        if header in read:
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
            ours = pl.col(name).replace(words)
            frame = frame.with_columns(pl.when(ours != "").then(ours).alias(name))
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
    else:
        frame = frame.with_columns(
            pl.lit(None, pl.Int64).alias(name) for name in columns.MONEY
        )
    words = frame["movable"].str.to_lowercase()
    unknown = ~words.is_in(list(_TRUTH))
    reading.blame("movable", unknown, "true or false", "correct it", frame)
    return frame.with_columns(
        pl.col("fiscal_year").cast(pl.Int32, strict=False),
        words.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean),
    )


def _identify(reading: Reading, frame: pl.DataFrame, part: Part) -> pl.DataFrame:
    """A line_id for every line; derived from file and row where there is none."""
    missing = frame["line_id"].null_count()
    if missing:
        stem = reading.file.rpartition(".")[0] or reading.file
        sheet = f":{reading.sheet}" if reading.sheet else ""
        derived = pl.lit(f"{stem}{sheet}:") + pl.col(ROW).cast(pl.String)
        frame = frame.with_columns(pl.col("line_id").fill_null(derived))
        made = "no line_id; it was made from file and row"
        reading.count(missing, f"line has {made}", f"lines have {made}")
    if part.header:
        ending = pl.lit(f":{part.header}")
        frame = frame.with_columns(pl.col("line_id") + ending)
    return frame


def _extra(header: str) -> str:
    """A header that is no column of lines, with the one it may have been meant for."""
    near = drift.near(header, columns.LINE_NAMES)
    quoted = shown(header)[1:-1]
    return f"{quoted} (did you mean {near}?)" if near else quoted


def ordered(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Canonical columns, provenance, and what else the file had, as text."""
    known = (*columns.LINE_NAMES, *_PROVENANCE)
    extras = [name for name in frame.columns if name not in (*known, ROW)]
    said = "kept, but not read: " + ", ".join(map(_extra, extras))
    if extras and said not in reading.notes:
        reading.notes.append(said)
    traced = frame.with_columns(
        pl.lit(reading.file).alias("file"),
        pl.lit(reading.sheet or None, pl.String).alias("sheet"),
        pl.col(ROW).cast(pl.Int32).alias("file_row"),
    )
    # Names in brackets are taken as they are; select would read "*" as a pattern.
    return traced[[*known, *extras]]
