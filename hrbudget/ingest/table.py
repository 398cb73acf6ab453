"""A table of text cells whose rows know their number in the file."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest import names
from hrbudget.ingest.mapping import Mapping

#: Name of the column that keeps the row number; no header can be called so.
ROW = "\0row"

#: Joins the parts of a header that stands in several rows.
PARTS = " / "

_HEADER_ADVICE = "correct header_row in the mapping, or check the export"


@dataclass(frozen=True)
class Table:
    """Cells as text, under their headers; a large file comes as several of them.

    Attributes:
        cells: one text column per header, plus ``ROW``; empty rows are left out.
        sheet: worksheet, or "".
        header_row: the row of the headers, from 1; 0 where the file has none.
        notes: what was found out about the file, to be said.
        empty: number of empty rows that were left out.
    """

    cells: pl.DataFrame
    sheet: str
    header_row: int
    notes: tuple[str, ...]
    empty: int = 0


def of_grid(
    grid: pl.DataFrame,
    name: str,
    sheet: str,
    row: int,
    mapping: Mapping,
    notes: list[str],
) -> Table | DataIssue:
    """Put the first filled row of the grid over the others as their header.

    ``row`` is the number of the grid's first row in the file.
    """
    text = grid.select(pl.all().str.strip_chars())
    filled = text.select(pl.any_horizontal(pl.all() != "").fill_null(value=False))
    first = filled.to_series().arg_max() or 0
    top = text.slice(first, mapping.header_rows).rows()
    if not top or not any(cell for cells in top for cell in cells):
        return no_header(name, sheet, grid.height, mapping)
    cells = joined([[cell or "" for cell in each] for each in top])
    header_row = row + first
    if header_row > mapping.header_row:
        notes.append(f"the header is in row {header_row}; the rows above are empty")
    last = header_row + len(top) - 1
    doubled = sorted({cell for cell in cells if cell and cells.count(cell) > 1})
    if doubled:
        return DataIssue(
            name,
            f"the header {doubled[0]!r} twice",
            "each header once",
            "rename one of the columns, or name another header_row in a mapping file",
            sheet=sheet,
            row=last,
        )
    headers = names.of_headers(cells, (ROW,))
    below = text.slice(first + len(top))
    kept, empty = numbered(below, headers, last + 1)
    return Table(kept, sheet, last, tuple(notes), empty)


def numbered(
    grid: pl.DataFrame, headers: list[str], row: int
) -> tuple[pl.DataFrame, int]:
    """Cells under their headers with their row numbers; how many rows were empty.

    ``row`` is the number of the grid's first row in the file.
    """
    named = grid.rename(dict(zip(grid.columns, headers, strict=True)))
    stripped = named.select(pl.all().str.strip_chars())
    nulled = stripped.with_columns(pl.when(pl.all() != "").then(pl.all()))
    rows = nulled.with_row_index(ROW, offset=row)
    kept = rows.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    return kept, rows.height - kept.height


def joined(rows: list[list[str]]) -> list[str]:
    """One header for each column out of the rows that the headers span.

    A group heading holds for the empty cells to its right, unless it stands over an
    empty cell itself: then it is merged downwards and is a header of its own.
    """
    filled = []
    for at, row in enumerate(rows):
        below = rows[at + 1 :]
        made, heading = [], ""
        for position, cell in enumerate(row):
            if cell:
                spans = any(each[position] for each in below)
                heading = cell if spans else ""
            made.append(cell or heading)
        filled.append(made)
    parts = ([part for part in column if part] for column in zip(*filled, strict=True))
    return [PARTS.join(dict.fromkeys(column)) for column in parts]


def no_header(name: str, sheet: str, rows: int, mapping: Mapping) -> DataIssue:
    """Nothing stands where the header should."""
    if mapping.header_row == 1:
        advice = "export the figures again and check that the file holds them"
        return DataIssue(name, "no row", "a header and lines", advice, sheet)
    found = f"no header in row {mapping.header_row} or below, of {rows} in all"
    expected = f"a header in row {mapping.header_row}, as the mapping says"
    return DataIssue(name, found, expected, _HEADER_ADVICE, sheet)
