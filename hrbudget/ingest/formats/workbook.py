"""Workbooks: XLSX, ODS and old XLS become a table; cells of errors stay errors."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest import table
from hrbudget.ingest.formats import limits
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import Table

#: First bytes of a zip (XLSX, ODS) and of a compound file (XLS).
FIRST_BYTES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,9})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_NAME = re.compile(rb'\bname="([^"]*)"')
_LINK = re.compile(rb'\bid="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet as text, from its first row on.

    Attributes:
        cells: a column of text for each column of the sheet.
        sheet: its name.
        notes: what was found out about the file, to be said.
    """

    cells: pl.DataFrame
    sheet: str
    notes: tuple[str, ...]


def read(path: Path, name: str, mapping: Mapping) -> Table | DataIssue:
    """The table on the sheet that the mapping names, or on the first."""
    found = grid(path, name, mapping)
    if isinstance(found, DataIssue):
        return found
    below = found.cells.slice(mapping.header_row - 1)
    if below.is_empty():
        return table.no_header(name, found.sheet, found.cells.height, mapping)
    row, notes = mapping.header_row, list(found.notes)
    return table.of_grid(below, name, found.sheet, row, mapping, notes)


def grid(path: Path, name: str, mapping: Mapping) -> Grid | DataIssue:
    """All cells of the sheet that the mapping names, or of the first."""
    issue = limits.check_size(path.stat().st_size, name)
    if issue:
        return issue
    content = path.read_bytes()
    issue = limits.check(content, name)
    if issue:
        return issue
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
        cells = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        return limits.damaged(name, str(error).splitlines()[0])
    notes = [f"sheet {sheet}"]
    if mapping.sheet is None and len(sheets) > 1:
        others = ", ".join(other for other in sheets if other != sheet)
        notes.append(f"first of {len(sheets)} sheets; not read: {others}")
    return Grid(_with_errors(cells, _part_of(content, sheet)), sheet, tuple(notes))


def _part_of(content: bytes, sheet: str) -> bytes:
    """The XML of an XLSX sheet; nothing where the file has none."""
    if not content.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
            return b""
        links = {
            html.unescape(_first(_NAME, tag).decode()): _first(_LINK, tag)
            for tag in _SHEET.findall(archive.read("xl/workbook.xml"))
        }
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
            if _first(re.compile(rb'\bId="([^"]*)"'), tag) == links.get(sheet):
                target = _first(re.compile(rb'\bTarget="([^"]*)"'), tag).decode()
                part = target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
                return archive.read(part) if part in parts else b""
    return b""


def _with_errors(grid: pl.DataFrame, xml: bytes) -> pl.DataFrame:
    """The grid with ``#DIV/0!`` and the like where the reader left a cell empty."""
    if not _ERROR.search(xml):
        return grid
    first, errors = None, []
    for attributes, inside in _CELL.findall(xml):
        place = _PLACE.search(attributes)
        if place is None or not inside:
            continue
        column = limits.number(place[1])
        first = column if first is None else min(first, column)
        if _ERROR.search(attributes):
            errors.append((column, int(place[2]), _first(_VALUE, inside).decode()))
    for column, row, text in errors:
        at = column - (first or column)
        if at < grid.width and row <= grid.height:
            cells = grid.to_series(at)
            grid = grid.with_columns(cells.scatter(row - 1, text or "#N/A"))
    return grid


def _first(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    return found[1] if found else b""
