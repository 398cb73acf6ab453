"""A file while it is read: its name, its mapping, and what was found wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import ROW

#: Issues of one kind that are told one by one; those beyond are counted.
MOST_ALIKE = 200


@dataclass(frozen=True)
class LeftOut:
    """Rows that became no lines: how many, why, and what they add up to.

    Attributes:
        rows: how many.
        why: what they are, in words.
        total: sum of their amounts, in minor units.
        without: rows among them without a readable amount.
    """

    rows: int
    why: str
    total: int
    without: int = 0


@dataclass
class Reading:
    """Collects the issues and notes of one file; the only thing here that grows.

    ``headers`` says by which header the file knows a column that was renamed;
    ``first_row`` is the first filled row below the headers, 0 where there are none.
    ``asked`` are rows of which it was told that they are no totals after all.
    """

    file: str
    mapping: Mapping
    sheet: str = ""
    header_row: int = 0
    first_row: int = 0
    issues: list[DataIssue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    untold: Counter[tuple[str, str]] = field(default_factory=Counter)
    _told: Counter[tuple[str, str]] = field(default_factory=Counter)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _seen: set[DataIssue] = field(default_factory=set)

    def blame(
        self, name: str, bad: pl.Series, expected: str, advice: str, frame: pl.DataFrame
    ) -> None:
        """One issue for each row of the frame where ``bad`` is true."""
        header = self.headers.get(name, name)
        # Names in brackets are taken as they are; select would read "*" as a pattern.
        cells = frame[[ROW, name]].filter(bad.fill_null(value=False))
        room = MOST_ALIKE - self._told[header, expected]
        for row, cell in cells.head(max(room, 0)).iter_rows():
            self.tell(shown(cell), expected, advice, row, header)
        self.untold[header, expected] += max(cells.height - max(room, 0), 0)

    def tell(
        self,
        found: str,
        expected: str,
        advice: str,
        row: int | None = None,
        column: str = "",
    ) -> None:
        """One issue of the file, a row or a cell; what is the same is said once."""
        issue = DataIssue(
            self.file, found, expected, advice, self.sheet, row or None, column
        )
        if issue in self._seen:
            return
        if self._told[column, expected] >= MOST_ALIKE:
            self.untold[column, expected] += 1
            return
        self._told[column, expected] += 1
        self._seen.add(issue)
        self.issues.append(issue)

    def count(self, number: int, one: str, many: str) -> None:
        """Add to what is said when all rows are read: "1 empty row …", "3 empty …"."""
        self._counts[one, many] += number

    def summaries(self) -> tuple[DataIssue, ...]:
        """For each kind of issue the number of those that were not told."""
        return tuple(
            DataIssue(
                self.file,
                f"{count:,} more like these",
                expected,
                "mend the first and try again",
                self.sheet,
                column=column,
            )
            for (column, expected), count in self.untold.items()
            if count
        )

    def all_notes(self) -> tuple[str, ...]:
        """Notes in the order they were made, then what was counted."""
        counts = ((*said, number) for said, number in self._counts.items() if number)
        return (*self.notes, *(counted(n, one, many) for one, many, n in counts))


def counted(number: int, one: str, many: str) -> str:
    """A number with what it counts: "1 row", "2,000 rows"."""
    return f"{number:,} {one if number == 1 else many}"


def shown(cell: object) -> str:
    """A cell as it is quoted in a message: short, on one line."""
    if cell is None:
        return "an empty cell"
    text = " ".join(str(cell).split())
    return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"
