"""What ``hrbudget tag --suggest`` proposes, best first, with the words that made it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hrbudget.cli.output import as_rows, note

if TYPE_CHECKING:
    import polars as pl

    from hrbudget.workspace.bench import Bench

_HEADERS = ("line_id", "amount", "kind", "id", "probability", "because", "description")

#: Rows that a screen shows; the other styles have all.
_MOST_ROWS = 60


def print_suggestions(bench: Bench, asked: dict[str, Any], style: str) -> None:
    """Print suggestions; write them as tags to be read where ``--out`` says so."""
    found = bench.suggest(asked["top"], learn=asked["learn"])
    rows = _rows(found, bench.currency)
    as_rows(_HEADERS, rows[:_MOST_ROWS] if style == "table" else rows, style)
    if style == "table" and len(rows) > _MOST_ROWS:
        note(f"{len(rows) - _MOST_ROWS:,} more rows; --format csv has them all.")
    note("None of it is applied. How right suggestions are stands in the README.")
    target = asked["out"]
    if target is not None:
        target.write_bytes(bench.suggested_tags(found))
        note(f"Wrote {target}: read it, delete what is wrong, then --import it.")


def _rows(found: pl.DataFrame, currency: str) -> list[tuple[str, ...]]:
    from hrbudget import money

    return [
        (
            row["line_id"],
            money.to_text(row["amount"], currency),
            row["kind"],
            row["id"],
            money.number_text(Fraction(row["probability"], money.WHOLE), 2),
            "; ".join(row["because"]),
            row["description"] or "",
        )
        for row in found.iter_rows(named=True)
    ]
