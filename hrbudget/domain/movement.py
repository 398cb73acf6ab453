"""A cap on moves between lines: no inequality says it, yet the optimizer can keep it.

``check`` reads it as any other statement. A scenario that starts from the very amounts
it counts from takes its limits from it, so that no proposal can break it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget.domain.statement import Statement

#: line: position in the ledger; was: minor units it is held against; high: the most of
#: the line that may count, in millionths.
MOVED = pl.Schema({"line": pl.UInt32, "was": pl.Int64, "high": pl.Int64})


def nothing() -> pl.DataFrame:
    """No line."""
    return pl.DataFrame(schema=MOVED)


@dataclass(frozen=True)
class Movement(Statement):
    """A limit on how far amounts may be from those of a reference.

    Attributes:
        per: whether all moves together are limited or those of each line.
        most: of the budget, half the sum of all moves, in minor units; of a line, a
            share of what it had.
        counted: ``MOVED``: lines of the ledger that count.
        own: whether the reference is the ledger itself.
    """

    per: Literal["budget", "line"] = field(default="budget", kw_only=True)
    most: Fraction = field(default=Fraction(0), kw_only=True)
    counted: pl.DataFrame = field(default_factory=nothing, kw_only=True)
    own: bool = field(default=False, kw_only=True)
