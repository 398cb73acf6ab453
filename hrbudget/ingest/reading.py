"""A file while it is read: its name, its table, and what was found wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.sheets import ROW, Table


@dataclass
class Reading:
    """Collects the issues and notes of one file; the only thing here that grows.

    ``headers`` says by which header the file knows a column that was renamed.
    """

    file: str
    table: Table
    mapping: Mapping
    issues: list[DataIssue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def blame(
        self, name: str, bad: pl.Series, expected: str, advice: str, frame: pl.DataFrame
    ) -> None:
        """One issue for each row of the frame where ``bad`` is true."""
        header = self.headers.get(name, name)
        # Names in brackets are taken as they are; select would read "*" as a pattern.
        cells = frame[[ROW, name]].filter(bad.fill_null(value=False))
        for row, cell in cells.iter_rows():
            self.tell(shown(cell), expected, advice, row, header)

    def tell(
        self,
        found: str,
        expected: str,
        advice: str,
        row: int | None = None,
        column: str = "",
    ) -> None:
        """One issue of the file, a row or a cell."""
        sheet = self.table.sheet
        issue = DataIssue(self.file, found, expected, advice, sheet, row, column)
        self.issues.append(issue)


def shown(cell: object) -> str:
    """A cell as it is quoted in a message: short, on one line."""
    if cell is None:
        return "an empty cell"
    text = " ".join(str(cell).split())
    return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"
