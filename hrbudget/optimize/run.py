"""The stage's door: a what-if and its requirements in, an answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl

from hrbudget.domain.proposal import Answer, Conflict, Level
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize import conflict, levels, rounding
from hrbudget.optimize.conflict import WHOLE_UNITS
from hrbudget.optimize.grid import ENVELOPE, FEW, Grid, place
from hrbudget.optimize.model import Model, build
from hrbudget.optimize.solver import Solution

#: Prices below this are dust of the solver, not reasons.
_PRICE = Fraction(1, 10**6)


def optimize(what_if: WhatIf, requirements: Sequence[Requirement]) -> Answer:
    """The proposal that serves the levels in turn and then moves least.

    Immediate and limit requirements hold exactly as their tags stand, and where tags
    are uncertain no reading of them gets worse; the envelope is kept to the öre; moves
    are whole units (``grid`` says which lines' are not). Requirements whose data is
    missing ask for nothing.
    """
    for few in (FEW, what_if.lines.height):
        grid = place(what_if, requirements, few=few)
        answer = _answer(what_if, grid, build(what_if, requirements, grid))
        if answer is not None:
            return answer
        if not grid.odd_lines:
            break  # no other choice of odd lines to try
    fine = replace(what_if, unit=1)
    stated = build(fine, requirements, place(fine, requirements, empty=False))
    if conflict.possible(stated):
        return _infeasible(grid, conflict.too_coarse(what_if.unit))
    return _infeasible(grid, conflict.find(stated, what_if.envelope))


def _answer(what_if: WhatIf, grid: Grid, model: Model) -> Answer | None:
    """The answer on this grid, or None where there is none."""
    around = levels.layout(model, model.still, None)
    linear = levels.in_turn(model, around)
    if not linear.solution.feasible:
        return None
    moves = rounding.whole_units(model, around, linear)
    if moves is None:
        return None
    amounts = rounding.spread(grid, model, moves)
    unit = what_if.unit
    found = model.shortfalls(moves)
    return Answer(
        status="optimal",
        amounts=amounts,
        because=_because(grid, model, linear.solution, amounts),
        levels=tuple(
            Level(level, found[level] * unit, least * unit)
            for level, least in linear.least.items()
        ),
    )


def _infeasible(grid: Grid, members: tuple[Conflict, ...]) -> Answer:
    unmoved = grid.lines.select("line", "start", amount="start")
    nothing = pl.DataFrame(schema={"line": pl.UInt32, "because": pl.List(pl.String)})
    return Answer("infeasible", unmoved, nothing, conflict=members)


def _because(
    grid: Grid, model: Model, solution: Solution, amounts: pl.DataFrame
) -> pl.DataFrame:
    """Which requirements ask for each line's move, by the solver's prices.

    A row asks for an upward move of a class where its price times the class's
    coefficient is positive, for a downward move where it is negative.
    """
    reasons = [
        (number, 1 if pull > 0 else -1, row.id)
        for row, price in zip(model.rows, solution.prices, strict=False)
        for number, factor in row.terms.items()
        if abs(pull := price * factor) > _PRICE
    ]
    table = pl.DataFrame(
        reasons,
        schema={"class": pl.Int64, "direction": pl.Int64, "because": pl.String},
        orient="row",
    )
    moved = amounts.with_columns(
        direction=(pl.col("amount") - pl.col("start")).sign()
    ).filter(pl.col("direction") != 0)
    by_price = (
        moved.join(model.members.select("line", "class"), on="line")
        .join(table, on=["class", "direction"])
        .select("line", "because")
    )
    known = pl.concat([grid.because, by_price])
    rest = moved.join(known, on="line", how="anti").select(
        "line", because=pl.lit(WHOLE_UNITS)
    )
    everything = pl.concat([known, rest]).join(moved, on="line", how="semi")
    return (
        everything.unique()
        .sort("line", pl.col("because") == ENVELOPE, "because")
        .group_by("line", maintain_order=True)
        .agg("because")
    )
