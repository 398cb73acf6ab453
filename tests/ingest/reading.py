"""Reading a file that a test writes down, and what is said of it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from hrbudget.errors import DataIssue
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import Ingested, ingest
from hrbudget.ingest.reading import LeftOut

STATED = Defaults(2026, "approved", "SEK")

Cell = str | float | bool | None


@dataclass(frozen=True)
class Read:
    """What a file held, with its lines in memory."""

    done: Ingested
    lines: pl.DataFrame

    @property
    def issues(self) -> tuple[DataIssue, ...]:
        return self.done.issues

    @property
    def notes(self) -> tuple[str, ...]:
        return self.done.notes

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.done.left_out

    @property
    def total(self) -> int:
        return self.done.total

    @property
    def currency(self) -> str:
        return self.done.currency

    @property
    def sha256(self) -> str:
        return self.done.sha256


def read_file(path: Path, mapping: Mapping, stated: Defaults = STATED) -> Read:
    """Read a file that lies somewhere."""
    done = ingest(path, mapping, stated)
    lines = done.lines.collect()
    done.lines.close()
    return Read(done, lines)


def read(
    content: str | bytes,
    mapping: Mapping | None = None,
    name: str = "town.csv",
    stated: Defaults = STATED,
) -> Read:
    """Read ``town.csv`` into lines of 2026 approved in SEK, unless it says else."""
    raw = content.encode() if isinstance(content, str) else content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        return read_file(path, mapping or Mapping(), stated)


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
