"""Our sheet in a workbook that comes back is found by its headers.

The sheet may have been renamed or moved, rows and columns put before or between ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.tag.cells import ROW
from hrbudget.tag.workbook import hidden
from hrbudget.tag.workbook.opened import Opened

#: Rows in which the headers are looked for.
_TOP = 50


@dataclass(frozen=True)
class Asked:
    """What a sheet is known by.

    Attributes:
        marks: headers that tell the sheet from others.
        needed: headers without which it is refused.
        ours: all headers that are read.
    """

    marks: tuple[str, ...]
    needed: tuple[str, ...]
    ours: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Our sheet.

    Attributes:
        name: what it is called now.
        cells: text under our headers, and ``ROW``; empty rows too.
        headers: of all columns of the grid, in their order.
        ours: the headers that are read.
        notes: columns that are not.
    """

    name: str
    cells: pl.DataFrame
    headers: tuple[str, ...]
    ours: tuple[str, ...]
    notes: tuple[str, ...]


def find(book: Opened, asked: Asked) -> Found | DataIssue:
    """The one sheet that has the headers, or why there is none to read."""
    heads: dict[str, int] = {}
    for name in book.names:
        if name != hidden.NAME:
            row = _header(book.grid(name, _TOP), asked.marks)
            heads |= {} if row is None else {name: row}
    if len(heads) != 1:
        found = "the sheets " + ", ".join(heads) if heads else "no such sheet"
        expected = "one sheet with the headers " + " and ".join(asked.marks)
        several = "take the other copies of the sheet out of the workbook"
        advice = several if heads else "work in the exported workbook itself"
        return DataIssue(book.file, found, expected, advice)
    ((name, row),) = heads.items()
    return _under(book, name, row, asked)


def _header(grid: pl.DataFrame, marks: tuple[str, ...]) -> int | None:
    """The row of the headers, from 0."""
    for number, cells in enumerate(grid.iter_rows()):
        if set(marks) <= {(cell or "").strip() for cell in cells}:
            return number
    return None


def _under(book: Opened, name: str, row: int, asked: Asked) -> Found | DataIssue:
    """The cells of the sheet under our headers."""
    grid = book.grid(name)
    headers = tuple((cell or "").strip() for cell in grid.row(row))
    absent = [each for each in asked.needed if each not in headers]
    doubled = [each for each in asked.ours if headers.count(each) > 1]
    if absent or doubled:
        found = f"no {absent[0]!r}" if absent else f"the header {doubled[0]!r} twice"
        expected = "each header of the exported workbook once"
        advice = "give the column its header back; copies of columns need other headers"
        return DataIssue(book.file, found, expected, advice, sheet=name, row=row + 1)
    there = [each for each in asked.ours if each in headers]
    gone = [each for each in asked.ours if each not in headers]
    below = grid.slice(row + 1).select(
        *(pl.col(grid.columns[headers.index(each)]).alias(each) for each in there),
        *(pl.lit(None, pl.String).alias(each) for each in gone),
    )
    lined = below.with_columns(pl.all().str.replace_all("\r\n", "\n"))
    added = [each for each in headers if each and each not in asked.ours]
    notes = [f"not imported: column {each}" for each in added]
    notes += [f"not there any more: column {each}" for each in gone]
    cells = lined.with_row_index(ROW, offset=row + 2)
    return Found(name, cells, headers, asked.ours, tuple(notes))


def unread(book: Opened, found: Found) -> list[DataIssue]:
    """Cells of our columns that show an error or a formula nobody computed."""
    try:
        cells = book.unread(found.name)
    except ValueError as error:
        advice = "save it again in Excel or LibreOffice"
        return [DataIssue(book.file, str(error), "a workbook", advice, found.name)]
    heads = dict(enumerate(found.headers))
    first = found.cells[ROW].min()
    return [
        DataIssue(
            book.file,
            what,
            "a value",
            "mend the formula, let a spreadsheet compute it, and save",
            sheet=found.name,
            row=row,
            column=heads[column],
        )
        for row, column, what in cells
        if heads.get(column) in found.ours and isinstance(first, int) and row >= first
    ]
