"""The stage's door: a file in, lines and data issues out; nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest import headers, lines, required, wide
from hrbudget.ingest.formats import opening
from hrbudget.ingest.leaving import left_out, totals
from hrbudget.ingest.leaving.printed import Suspects
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import LeftOut, Reading
from hrbudget.ingest.sides import Sides
from hrbudget.ingest.spool import Lines, Spool
from hrbudget.ingest.table import ROW, Table

#: Fiscal year, phase and direction → sum of the amounts, in minor units.
Sums = dict[tuple[int, str, str], int]


@dataclass(frozen=True)
class Ingested:
    """What a file holds.

    Attributes:
        path: where it lies: of a data package, the file with the lines.
        file: its name; ``sha256``, of its bytes.
        lines: canonical columns, provenance, extras; none while there are issues.
        height: number of lines.
        currency: what all lines share.
        issues: what is wrong with the file; of many alike the first.
        untold: for each kind of issue that is told in part, how many more there are.
        notes: what was found out or done, to be said to the user.
        sums: by year, phase and direction, as they were read.
        left_out: rows that became no lines.
        mapping: how it was read; a data package adds to what the caller said.
    """

    path: Path
    file: str
    sha256: str
    lines: Lines
    height: int
    currency: str
    issues: tuple[DataIssue, ...]
    untold: tuple[DataIssue, ...]
    notes: tuple[str, ...]
    sums: Sums
    left_out: tuple[LeftOut, ...]
    mapping: Mapping

    @property
    def total(self) -> int:
        """Sum of all amounts, in minor units."""
        return sum(self.sums.values())


def ingest(path: Path, mapping: Mapping, defaults: Defaults) -> Ingested:
    """Read a file into lines.

    Args:
        path: CSV, workbook, JSON, Parquet, SIE or a data package.
        mapping: how to read it.
        defaults: year, phase and currency where the file says none.
    """
    resolved = opening.resolve(path, mapping)
    issue = resolved if isinstance(resolved, DataIssue) else None
    if not isinstance(resolved, DataIssue):
        path, mapping = resolved
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    work = _Work(path, Reading(path.name, mapping), defaults)
    if issue is None:
        parts = opening.tables(path, mapping)
        work.take_all(opening.whole(parts) if mapping.summed else parts)
    else:
        work.reading.issues.append(issue)
    return work.done(digest)


@dataclass
class _Work:
    """One file on its way through the steps."""

    path: Path
    reading: Reading
    defaults: Defaults
    spool: Spool = field(default_factory=Spool)
    suspects: Suspects = field(default_factory=Suspects)
    sides: Sides = field(default_factory=Sides)
    sums: Sums = field(default_factory=dict)
    above: dict[str, str | None] = field(default_factory=dict)
    begun: bool = False
    broken: bool = False

    def take_all(self, parts: Iterator[Table | DataIssue]) -> None:
        """Read every table; what a reader cannot read ends the file."""
        for part in parts:
            if isinstance(part, DataIssue):
                self.reading.issues.append(part)
                self.broken = True
                return
            if not self.begun:
                self._begin(part)
            if self.broken:
                return
            self.reading.count(part.empty, "empty row left out", "empty rows left out")
            self._take(part.cells)
        required.check_all(self.reading, self.spool.height)
        self.spool.tell_twice(self.reading)

    def _begin(self, table: Table) -> None:
        """What is known when the headers are read."""
        reading = self.reading
        reading.sheet, reading.header_row = table.sheet, table.header_row
        reading.notes += table.notes
        if table.header_row and table.cells.height:
            reading.first_row = int(table.cells[ROW][0])
        headers.check(reading, table.cells)
        wide.check_stated(reading, self.defaults.phase)
        self.begun, self.broken = True, bool(reading.issues)

    def _take(self, cells: pl.DataFrame) -> None:
        reading = self.reading
        cells = left_out.filled_down(reading, cells, self.above)
        currency = left_out.currency_of(reading, cells, self.defaults.currency)
        cells = left_out.apply(reading, cells, currency)
        cells = totals.apply(reading, cells, currency)
        written, made = [], []
        for part in wide.parts(reading, cells):
            frame = lines.typed(reading, part, self.defaults)
            written.append(frame)
            made.append(self.sides.apply(reading, part, frame))
        self.suspects.check(reading, cells, written)
        frame = made[0]
        if len(made) > 1:
            frame = pl.concat(made).sort(ROW, maintain_order=True)
        self._add_up(frame)
        self.spool.add(lines.ordered(reading, frame))

    def _add_up(self, frame: pl.DataFrame) -> None:
        key = ["fiscal_year", "phase", "direction"]
        summed = frame.group_by(key, maintain_order=True).agg(
            pl.col("amount").cast(pl.Int128).sum()
        )
        for year, phase, direction, amount in summed.rows():
            at = (year, phase, direction)
            self.sums[at] = self.sums.get(at, 0) + int(amount or 0)

    def done(self, digest: str) -> Ingested:
        """Everything that was found; lines only where nothing is wrong."""
        reading, kept = self.reading, self.spool.lines()
        if reading.issues:
            kept.close()
            kept = Lines([], None)
        currency = min(reading.currencies, default="")
        sides = () if reading.issues else self.sides.notes(currency)
        said = (left_out.sentence(each, currency) for each in reading.left_out)
        return Ingested(
            self.path,
            reading.file,
            digest,
            kept,
            0 if reading.issues else self.spool.height,
            "" if reading.issues else currency,
            tuple(reading.issues),
            reading.summaries(),
            (*reading.all_notes(), *sides, *said),
            {} if reading.issues else self.sums,
            tuple(reading.left_out),
            reading.mapping,
        )
