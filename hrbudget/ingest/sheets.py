"""A file becomes a table of text cells whose rows know their number in the file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue
from hrbudget.ingest import charset
from hrbudget.ingest.mapping import Mapping

_XLSX = b"PK\x03\x04"

#: Name of the column that keeps the row number; no header can be called so.
ROW = "\0row"


@dataclass(frozen=True)
class Table:
    """Cells as text, under their headers.

    Attributes:
        cells: one text column per header, plus ``ROW``; empty rows are left out.
        sheet: worksheet, or "".
        notes: what was found out about the file, to be said.
    """

    cells: pl.DataFrame
    sheet: str
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
    text, encoding = decoded
    skipped = text.splitlines()[mapping.header_row - 1 : mapping.header_row]
    mark = mapping.delimiter or charset.delimiter(skipped[0] if skipped else "")
    if mark is None:
        return DataIssue(
            name,
            "as many commas as semicolons in the header",
            "one delimiter",
            'say delimiter: ";" (or ",") in a mapping file',
            row=mapping.header_row,
        )
    notes = (f"character set {encoding}", f"delimiter {charset.delimiter_name(mark)}")
    grid = _csv_grid(text, name, mark, mapping)
    return (
        grid if isinstance(grid, DataIssue) else _table(grid, name, "", mapping, notes)
    )


def _csv_grid(
    text: str, name: str, mark: str, mapping: Mapping
) -> pl.DataFrame | DataIssue:
    body = "".join(text.splitlines(keepends=True)[mapping.header_row - 1 :])
    try:
        return pl.read_csv(
            body.encode(), has_header=False, infer_schema=False, separator=mark
        )
    except PolarsError:
        return _csv_issue(body, name, mark, mapping.header_row)


def _csv_issue(body: str, name: str, mark: str, first_row: int) -> DataIssue:
    """Why the text is no table: the first row that does not fit its header."""
    width = None
    csv.field_size_limit(max(len(body), 1))
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(body), delimiter=mark)):
            width = len(cells) if width is None else width
            if len(cells) > width:
                return DataIssue(
                    name,
                    f"{len(cells)} cells",
                    f"at most {width}, as in the header",
                    "put quotes around a cell that holds the delimiter, or name "
                    "another header_row in a mapping file",
                    row=row + first_row,
                )
    except csv.Error as error:
        return DataIssue(name, str(error), "a table", "check the quotes in the file")
    return DataIssue(
        name,
        "a quotation mark that is opened and never closed",
        "quotes in pairs",
        "look for a single quotation mark in the file",
    )


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
        grid = reader.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        return DataIssue(
            name, f"a damaged workbook ({reason})", "XLSX", "save it again in Excel"
        )
    notes = [f"sheet {sheet}"]
    if mapping.sheet is None and len(sheets) > 1:
        others = ", ".join(other for other in sheets if other != sheet)
        notes.append(f"first of {len(sheets)} sheets; not read: {others}")
    grid = grid.slice(mapping.header_row - 1)
    return _table(grid, name, sheet, mapping, tuple(notes))


def _table(
    grid: pl.DataFrame, name: str, sheet: str, mapping: Mapping, notes: tuple[str, ...]
) -> Table | DataIssue:
    """Put the first row of the grid over the others as their header."""
    if grid.is_empty():
        return DataIssue(name, "no row", "a header and lines", sheet=sheet)
    headers = [str(cell or "").strip() for cell in grid.row(0)]
    named = [header for header in headers if header]
    doubled = sorted({header for header in named if named.count(header) > 1})
    if doubled:
        return DataIssue(
            name,
            f"the header {doubled[0]!r} twice",
            "each header once",
            "rename one of the columns, or name another header_row in a mapping file",
            sheet=sheet,
            row=mapping.header_row,
        )
    names = [header or f"column_{n}" for n, header in enumerate(headers, start=1)]
    cells = grid.rename(dict(zip(grid.columns, names, strict=True)))
    cells = cells.select(pl.all().str.strip_chars()).with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )
    numbered = cells.with_row_index(ROW, offset=mapping.header_row).slice(1)
    kept = numbered.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    empty = numbered.height - kept.height
    if empty:
        notes = (*notes, f"{empty} empty rows left out")
    return Table(kept, sheet, notes)
