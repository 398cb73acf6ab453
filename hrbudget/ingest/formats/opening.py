"""What a file is, found from its content and not from its name; its rows as tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import (
    charset,
    delimited,
    package,
    parquet,
    records,
    sie,
    workbook,
)
from hrbudget.ingest.mapping import Format, Mapping
from hrbudget.ingest.table import ROW, Table

#: Rows in which a first look seeks the header.
_TOP = 30

#: A JSON list or record and what may follow its bracket; "[id],amount" is CSV.
_JSON = re.compile(rb"""(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[{\[\]"0-9-])""")
_SIE = re.compile(rb"(?:\xef\xbb\xbf)?\s*#(?:FLAGGA|SIETYP|PROGRAM)\b")

#: An accounting file is read whole; a year of vouchers is far smaller.
_MOST_SIE = 256 * 2**20


def of_content(path: Path) -> Format:
    """The format of a file; what is nothing else is read as CSV."""
    with path.open("rb") as file:
        first = file.read(1024)
    if first.startswith(workbook.FIRST_BYTES):
        return "workbook"
    if first.startswith(parquet.FIRST_BYTES):
        return "parquet"
    if _SIE.match(first):
        return "sie"
    return "json" if _JSON.match(first) else "csv"


def resolve(path: Path, mapping: Mapping) -> tuple[Path, Mapping] | DataIssue:
    """The file that holds the lines, and how to read it: a data package names both."""
    if path.name == "datapackage.json" and of_content(path) == "json":
        return package.resolve(path, mapping)
    return path, mapping


def tables(path: Path, mapping: Mapping) -> Iterator[Table | DataIssue]:
    """The rows of a file as tables of the same headers; an issue is the last."""
    kind = mapping.format or of_content(path)
    if kind == "csv":
        return _text(path, mapping)
    if kind == "parquet":
        return parquet.read(path, path.name)
    readers = {"workbook": workbook.read, "json": records.read, "sie": _sie}
    return iter([readers[kind](path, path.name, mapping)])


def _text(path: Path, mapping: Mapping) -> Iterator[Table | DataIssue]:
    """The rows of a CSV file."""
    name = path.name
    issue = charset.refuse_binary(path, name)
    found = issue or charset.find(path, name, mapping.encoding)
    if isinstance(found, DataIssue):
        return iter([found])
    return delimited.read(found, name, mapping)


def whole(parts: Iterator[Table | DataIssue]) -> Iterator[Table | DataIssue]:
    """All tables as one, for what needs to see every row; an issue comes last."""
    held: list[Table] = []
    for part in parts:
        if isinstance(part, DataIssue):
            yield from chain(_joined(held), [part])
            return
        held.append(part)
    yield from _joined(held)


def _joined(held: list[Table]) -> Iterator[Table]:
    if not held:
        return
    first = held[0]
    cells = first.cells.vstack(held[1].cells) if len(held) > 1 else first.cells
    for each in held[2:]:
        cells = cells.vstack(each.cells)
    empty = sum(each.empty for each in held)
    yield Table(cells, first.sheet, first.header_row, first.notes, empty)


def _sie(path: Path, name: str, mapping: Mapping) -> Table | DataIssue:
    size = path.stat().st_size
    if size > _MOST_SIE:
        found = f"{size:,} bytes"
        return DataIssue(name, found, "a smaller file", "export one year alone")
    return sie.read(path.read_bytes(), name, mapping)


def first_table(path: Path, mapping: Mapping) -> Table | DataIssue:
    """The first rows of a file under their likely header; titles are passed over.

    For proposing a mapping only: what is found so is shown to a person, never trusted.
    """
    resolved = resolve(path, mapping)
    if isinstance(resolved, DataIssue):
        return resolved
    path, mapping = resolved
    if (mapping.format or of_content(path)) == "csv":
        row = _row_in_text(path)
        mapping = mapping.model_copy(update={"header_row": max(row, 1)})
    found = next(tables(path, mapping))
    row = 0 if isinstance(found, DataIssue) else _row_in_table(found)
    if not row:
        return found
    below = mapping.model_copy(update={"header_row": row})
    return next(tables(path, below))


def _row_in_table(table: Table) -> int:
    """The first of the fullest rows, where the row on top is a title; else 0."""
    headers = [name for name in table.cells.columns if name != ROW]
    named = sum(not name.startswith("column_") for name in headers)
    top = table.cells.head(_TOP)
    counts = [sum(cell is not None for cell in row[1:]) for row in top.rows()]
    most = max(counts, default=0)
    if not table.header_row or 2 * named > most:
        return 0
    return int(top[ROW][counts.index(most)])


def _row_in_text(path: Path) -> int:
    """The first row that the likeliest delimiter parts into the most cells; else 0."""
    text = charset.find(path, path.name, None)
    if isinstance(text, DataIssue):
        return 0
    rows = next(text.chunks()).replace("\r", "").split("\n")[:_TOP]
    widths = [
        [len(cells) for cells in csv.reader(rows, delimiter=mark)]
        for mark in charset.DELIMITERS
    ]
    best = max(widths, key=lambda each: (sum(width > 1 for width in each), max(each)))
    return best.index(max(best)) + 1
