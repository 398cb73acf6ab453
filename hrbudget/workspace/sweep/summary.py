"""The summary of a sweep, put together from the files of its cells in grid order."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrbudget.domain import formula

Row = dict[str, Any]

_FIRST = ("workspace", "entity", "budget", "fiscal_year", "phase", "status")
_LAST = ("movement", "currency", "conflict", "message", "file")


@dataclass(frozen=True)
class Summary:
    """One row for each cell.

    Attributes:
        rows: records; ``varied`` is dotted path → value, ``shortfall`` priority →
            money lacking there, ``conflict`` the rules that collide.
        varied: every dotted path.
    """

    rows: tuple[Row, ...]
    varied: tuple[str, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """Every priority level of any cell."""
        found = {level for row in self.rows for level in row["shortfall"]}
        return tuple(sorted(found, key=int))

    @property
    def headers(self) -> tuple[str, ...]:
        """Columns of the table."""
        levels = (f"shortfall_{level}" for level in self.levels)
        return ("scenario", *self.varied, *_FIRST, *levels, *_LAST)

    def table(self) -> list[tuple[str, ...]]:
        """The rows as text."""
        return [
            (
                row["scenario"],
                *(row["varied"].get(path) or "" for path in self.varied),
                *(row[name] for name in _FIRST),
                *(row["shortfall"].get(level, "") for level in self.levels),
                row["movement"],
                row["currency"],
                " ".join(row["conflict"]),
                row["message"],
                row["file"],
            )
            for row in self.rows
        ]

    def as_csv(self) -> str:
        """``sweep.csv``; no cell is a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for row in (self.headers, *self.table()):
            writer.writerow([formula.safe(cell) for cell in row])
        return out.getvalue()

    def as_json(self) -> str:
        """``sweep.json``: the records."""
        return json.dumps(list(self.rows), indent=1, ensure_ascii=False) + "\n"


def row(record: dict[str, Any], file: str) -> Row:
    """What the summary says of one cell's record."""
    answer = record["answer"] or {}
    solved = record["status"] == "optimal"
    kept = ("scenario", "name", "varied", *_FIRST)
    return {
        **{name: record[name] for name in kept},
        "shortfall": {
            str(level["priority"]): level["shortfall"]
            for level in (answer["levels"] if solved else ())
        },
        "movement": answer["movement"] if solved else "",
        "currency": answer.get("currency", ""),
        "conflict": [each["rule"] for each in answer.get("conflict", ())],
        "message": record["message"],
        "file": file,
    }


def of(rows: Sequence[Row], varied: Sequence[str]) -> Summary:
    """The summary of some rows."""
    return Summary(tuple(rows), tuple(varied))
