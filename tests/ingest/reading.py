"""Reading a file that a test writes down, and what is said of it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import polars as pl
import xlsxwriter

from hrbudget.errors import DataIssue
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import Ingested, ingest

STATED = Defaults(2026, "approved", "SEK")

Cell = str | float | bool | None


def read(content: str | bytes, mapping: Mapping | None = None) -> Ingested:
    """Read ``town.csv`` into lines of 2026 approved in SEK, unless it says else."""
    raw = content.encode() if isinstance(content, str) else content
    return ingest(raw, "town.csv", mapping or Mapping(), STATED)


def lines(content: str | bytes, mapping: Mapping | None = None) -> pl.DataFrame:
    """The lines of a file that has no issues."""
    done = read(content, mapping)
    assert done.issues == ()
    return done.lines


def issue(content: str | bytes, mapping: Mapping | None = None) -> DataIssue:
    """The only issue of a file."""
    done = read(content, mapping)
    assert len(done.issues) == 1, done.issues
    return done.issues[0]


def places(issues: Iterable[DataIssue]) -> list[tuple[int | None, str]]:
    """Row and column of each issue."""
    return [(each.row, each.column) for each in issues]


def workbook(rows: Sequence[Sequence[Cell]], sheets: Sequence[str] = ("S",)) -> bytes:
    """An XLSX file with the same rows on each sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(at, column, cell)
    return buffer.getvalue()
