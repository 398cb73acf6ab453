"""What a file is, found from its content and not from its name; its rows as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from hrbudget.domain import formula
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
    read = delimited.read(found, name, mapping)
    return map(_unescaped, read) if mapping.escaped else read


def _unescaped(part: Table | DataIssue) -> Table | DataIssue:
    """Texts as they were before an apostrophe kept spreadsheets from running them."""
    if isinstance(part, DataIssue):
        return part
    cells = part.cells
    plain = [
        _plain(cells[name]).alias(_plain(pl.Series([name])).item())
        for name in cells.columns
        if name != ROW
    ]
    return replace(part, cells=pl.DataFrame([cells[ROW], *plain]))


def _plain(texts: pl.Series) -> pl.Series:
    frame = texts.to_frame("text")
    return frame.select(formula.unescaped(pl.col("text"))).to_series()


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
