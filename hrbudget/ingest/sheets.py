"""A file becomes a table of text cells whose rows know their number in the file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue
from hrbudget.ingest import charset, names, ragged
from hrbudget.ingest.mapping import Mapping

_XLSX = b"PK\x03\x04"

#: Name of the column that keeps the row number; no header can be called so.
ROW = "\0row"

#: Rows of a text file that hold nothing, or nothing but delimiters.
_BLANK_ROWS = re.compile(r"(?:[ \t\r,;|]*\n)*")

_HEADER_ADVICE = "correct header_row in the mapping, or check the export"


@dataclass(frozen=True)
class Table:
    """Cells as text, under their headers.

    Attributes:
        cells: one text column per header, plus ``ROW``; empty rows are left out.
        sheet: worksheet, or "".
        header_row: the row of the headers, from 1.
        notes: what was found out about the file, to be said.
    """

    cells: pl.DataFrame
    sheet: str
    header_row: int
    notes: tuple[str, ...]


def read(content: bytes, name: str, mapping: Mapping) -> Table | DataIssue:
    """The table in a CSV or XLSX file, or the one issue that hides all others."""
    if content.startswith(_XLSX):
        return _workbook(content, name, mapping)
    issue = charset.refuse_binary(content, name)
    if issue:
        return issue
    decoded = charset.decode(content, name, mapping.encoding)
    if isinstance(decoded, DataIssue):
        return decoded
    return _csv(*decoded, name, mapping)


def _csv(text: str, encoding: str, name: str, mapping: Mapping) -> Table | DataIssue:
    body, row = _from_header(text, mapping.header_row)
    if not body.strip():
        rows = text.count("\n") + (not text.endswith("\n"))
        return _no_header(name, "", rows, mapping)
    stated: str | None = mapping.delimiter
    marks = [stated] if stated else charset.delimiters(body.partition("\n")[0])
    if len(marks) > 1:
        return _tie(name, marks, row)
    grid = _csv_grid(body, name, marks[0], row, mapping)
    if isinstance(grid, DataIssue):
        return grid
    delimiter = charset.DELIMITERS[marks[0]]
    notes = [f"character set {encoding}", f"delimiter {delimiter}"]
    return _table(grid, name, "", row, mapping, notes)


def _from_header(text: str, header_row: int) -> tuple[str, int]:
    r"""The text from the header on, and the header's row; empty rows are passed over.

    Rows end in \n or \r\n, in files of old Macintoshes in \r alone; other signs that
    Unicode counts as line ends are text.
    """
    if "\n" not in text:
        text = text.replace("\r", "\n")
    rows = text.split("\n", header_row - 1)
    body = rows[-1] if len(rows) == header_row else ""
    blank = _BLANK_ROWS.match(body)
    passed = blank[0] if blank else ""
    return body[len(passed) :], header_row + passed.count("\n")


def _no_header(name: str, sheet: str, rows: int, mapping: Mapping) -> DataIssue:
    """Nothing stands where the header should."""
    if mapping.header_row == 1:
        advice = "export the figures again and check that the file holds them"
        return DataIssue(name, "no row", "a header and lines", advice, sheet)
    found = f"no header in row {mapping.header_row} or below, of {rows} in all"
    expected = f"a header in row {mapping.header_row}, as the mapping says"
    return DataIssue(name, found, expected, _HEADER_ADVICE, sheet)


def _tie(name: str, marks: list[str], row: int) -> DataIssue:
    """Several delimiters split the header alike."""
    words = [f"{charset.DELIMITERS[mark]}s" for mark in marks]
    first, *others = (json.dumps(mark) for mark in marks)
    return DataIssue(
        name,
        f"as many {' as '.join(words)} in the header",
        "one delimiter",
        f"say delimiter: {first} (or {', '.join(others)}) in a mapping file",
        row=row,
    )


def _csv_grid(
    body: str, name: str, mark: str, row: int, mapping: Mapping
) -> pl.DataFrame | DataIssue:
    try:
        return pl.read_csv(
            body.encode(), has_header=False, infer_schema=False, separator=mark
        )
    except PolarsError as error:
        found = ragged.issue(body, name, mark, row, mapping.header("amount"))
        reason = str(error).splitlines()[0]
        return found or DataIssue(name, reason, "a table", "export the file again")


def _workbook(content: bytes, name: str, mapping: Mapping) -> Table | DataIssue:
    try:
        reader = fastexcel.read_excel(content)
        sheets = reader.sheet_names
        if mapping.sheet is not None and mapping.sheet not in sheets:
            return DataIssue(
                name,
                "the sheets " + ", ".join(sheets),
                f"a sheet called {mapping.sheet}",
                "correct sheet in the mapping",
            )
        sheet = mapping.sheet or sheets[0]
        # skip_rows=0 keeps empty rows at the top, so that row 1 is the sheet's row 1.
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        grid = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        return DataIssue(
            name, f"a damaged workbook ({reason})", "XLSX", "save it again in Excel"
        )
    notes = [f"sheet {sheet}"]
    if mapping.sheet is None and len(sheets) > 1:
        others = ", ".join(other for other in sheets if other != sheet)
        notes.append(f"first of {len(sheets)} sheets; not read: {others}")
    below = grid.slice(mapping.header_row - 1)
    if below.is_empty():
        return _no_header(name, sheet, grid.height, mapping)
    return _table(below, name, sheet, mapping.header_row, mapping, notes)


def _table(
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
    header_row = row + first
    cells = [cell or "" for cell in text.row(first)] if text.height else []
    if not any(cells):
        return _no_header(name, sheet, grid.height, mapping)
    if header_row > mapping.header_row:
        notes.append(f"the header is in row {header_row}; the rows above are empty")
    doubled = sorted({cell for cell in cells if cell and cells.count(cell) > 1})
    if doubled:
        return DataIssue(
            name,
            f"the header {doubled[0]!r} twice",
            "each header once",
            "rename one of the columns, or name another header_row in a mapping file",
            sheet=sheet,
            row=header_row,
        )
    headers = names.of_headers(cells, (ROW,))
    below = text.rename(dict(zip(text.columns, headers, strict=True))).slice(first + 1)
    nulled = below.with_columns(pl.when(pl.all() != "").then(pl.all()))
    numbered = nulled.with_row_index(ROW, offset=header_row + 1)
    kept = numbered.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    empty = numbered.height - kept.height
    if empty:
        notes.append(f"{empty} empty rows left out")
    return Table(kept, sheet, header_row, tuple(notes))
