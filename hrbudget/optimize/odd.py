"""Lines that may take an odd amount, where a sum must be exact to the öre.

Where a sum must be exact (the envelope, an ``equal`` rule), a few lines may move by
what is no whole unit, at most one for each such sum.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.optimize.model import Model, Row

#: Of the lines that belong to the same exact sums, how many may be asked to take the
#: odd amount: those with the most room.
FEW = 8


def lines(model: Model, unit: int, few: int = FEW) -> tuple[pl.DataFrame, int]:
    """Lines that may take an odd amount, and how many of them at most.

    Returns:
        ``line``, ``class``, ``step``, ``up``, ``down``, and the same rooms in whole
        steps, ``whole_up`` and ``whole_down``.
    """
    sums = [row for row in model.rows if _exact(model, row)]
    open_ones = model.grid.lines.filter(pl.col("step") == unit).join(
        model.shape.members, on="line"
    )
    placed = open_ones.select(
        "line",
        "class",
        "step",
        "up",
        "down",
        whole_up=pl.col("up") // unit * unit,
        whole_down=pl.col("down") // unit * unit,
    )
    if not any(_left_over(model, row) % unit for row in sums):
        return placed.clear(), 0
    terms = model.shape.terms
    kinds = placed.with_columns(
        pl.col("class")
        .is_in(terms.filter(pl.col("total") == row.measure)["class"].to_list())
        .alias(f"sum{number}")
        for number, row in enumerate(sums)
    ).with_columns(room=pl.col("up") + pl.col("down"))
    ranked = kinds.filter(pl.col("room") > 0).sort(
        ["room", "line"], descending=[True, False]
    )
    chosen = ranked.group_by(
        [f"sum{number}" for number in range(len(sums))], maintain_order=True
    ).head(few)
    return chosen.select(placed.columns).sort("line"), len(sums)


def _exact(model: Model, row: Row) -> bool:
    """Whether a row is a plain sum of whole lines that must be met to the öre."""
    counted = model.shape.terms.filter(pl.col("total") == row.measure)
    whole = (counted["coefficient"] == money.WHOLE).all()
    return (
        row.level is None
        and row.sense == "equal"
        and row.of is None
        and whole
        and row.bound.denominator == 1
    )


def _left_over(model: Model, row: Row) -> Fraction:
    return -row.gap(model.origin)
