"""The stage's door: a what-if and its requirements in, an answer out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from hrbudget.domain.proposal import Answer, Conflict, Level
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize import conflict, levels, rounding
from hrbudget.optimize.grid import ENVELOPE, Grid, place
from hrbudget.optimize.levels import Point
from hrbudget.optimize.model import Model, build
from hrbudget.optimize.solver import Solution

ROUNDING = "round_to"

#: Prices below this are dust of the solver, not reasons.
_PRICE = Fraction(1, 10**6)


def optimize(what_if: WhatIf, requirements: Sequence[Requirement]) -> Answer:
    """The proposal that serves the levels in turn and then moves least.

    Immediate and limit requirements hold exactly, the envelope to the öre, and moves
    are whole units (``grid`` says of which lines not). Requirements whose data is
    missing ask for nothing.
    """
    grid = place(what_if, requirements)
    model = build(what_if, requirements, grid)
    origin = Point((0,) * len(model.up), (0,) * len(model.down))
    linear = levels.in_turn(model, levels.program(model, origin, None))
    if not linear.solution.feasible:
        stated = build(what_if, requirements, place(what_if, requirements, empty=False))
        members = conflict.find(stated, what_if.envelope, what_if.unit)
        return _infeasible(grid, members)
    point = rounding.whole_units(model, linear.solution.values)
    if point is None:
        return _infeasible(grid, conflict.too_coarse(what_if.unit))
    amounts = rounding.spread(grid, model, point, what_if.unit)
    return Answer(
        status="optimal",
        amounts=amounts,
        because=_because(grid, model, linear.solution, amounts),
        levels=tuple(
            Level(
                level,
                _shortfall(model, point, level) * what_if.unit,
                least * what_if.unit,
            )
            for level, least in linear.least.items()
        ),
    )


def _infeasible(grid: Grid, members: tuple[Conflict, ...]) -> Answer:
    unmoved = grid.lines.select("line", "start", amount="start")
    nothing = pl.DataFrame(schema={"line": pl.UInt32, "because": pl.List(pl.String)})
    return Answer("infeasible", unmoved, nothing, conflict=members)


def _shortfall(model: Model, point: Point, level: int) -> Fraction:
    """Weighted shortfall of one level at a point, exactly, in units."""
    total = Fraction(0)
    for row in model.rows:
        if row.level == level:
            gap = levels.gap_at(row, point)
            short = {
                "at_least": max(Fraction(0), -gap),
                "at_most": max(Fraction(0), gap),
                "equal": abs(gap),
            }[row.sense]
            total += row.weight * short
    return total


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
        "line", because=pl.lit(ROUNDING)
    )
    everything = pl.concat([known, rest]).join(moved, on="line", how="semi")
    return (
        everything.unique()
        .sort("line", pl.col("because") == ENVELOPE, "because")
        .group_by("line", maintain_order=True)
        .agg("because")
    )
