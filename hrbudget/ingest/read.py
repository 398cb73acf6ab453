"""The stage's door: a file's bytes in, lines and data issues out; nothing is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest import sheets
from hrbudget.ingest.lines import Defaults, canonical
from hrbudget.ingest.mapping import Mapping


@dataclass(frozen=True)
class Ingested:
    """What a file holds.

    Attributes:
        file: its name; ``sha256``, of its bytes.
        lines: canonical columns, provenance, extras; use only without issues.
        issues: everything that is wrong with the file.
        notes: what was found out or done, to be said to the user.
        total: sum of the amount column as it was read, in minor units.
    """

    file: str
    sha256: str
    lines: pl.DataFrame
    issues: tuple[DataIssue, ...]
    notes: tuple[str, ...]
    total: int

    @property
    def currency(self) -> str:
        """The currency all lines share."""
        return str(self.lines["currency"][0])


def ingest(content: bytes, file: str, mapping: Mapping, defaults: Defaults) -> Ingested:
    """Read a CSV or XLSX file into lines.

    Args:
        content: the bytes of the file.
        file: its name, for messages and provenance.
        mapping: how to read it.
        defaults: year, phase and currency where the file says none.
    """
    digest = hashlib.sha256(content).hexdigest()
    table = sheets.read(content, file, mapping)
    if isinstance(table, DataIssue):
        nothing = columns.empty(columns.LINES)
        return Ingested(file, digest, nothing, (table,), (), 0)
    lines, issues, notes = canonical(file, table, mapping, defaults)
    total = 0 if issues else money.total(lines, pl.col("amount"))
    return Ingested(file, digest, lines, tuple(issues), tuple(notes), total)
