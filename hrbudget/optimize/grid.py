"""Where lines start, how far they may go, and in which steps.

Moves are whole multiples of a line's step. A line that an immediate rule forbids, or
that is outside its own bounds, moves first to where it must be; its steps count from
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf


@dataclass(frozen=True)
class Grid:
    """Lines on the grid.

    Attributes:
        lines: ``line``, ``line_id``, ``start``, ``origin`` (where moves start from),
            ``low``, ``high``, ``up`` and ``down`` (room from the origin), ``step``;
            minor units.
        because: ``line``, ``because``: moves made to get onto the grid, and why.
    """

    lines: pl.DataFrame
    because: pl.DataFrame


def place(what_if: WhatIf, asked: Iterable[Requirement], *, empty: bool = True) -> Grid:
    """Put every line on its starting point of the grid.

    Args:
        what_if: the lines and their bounds.
        asked: what the rules and the scenario ask.
        empty: whether forbidden lines are emptied; else they only may be, and the
            rules that forbid them stand among the others.
    """
    lines = what_if.lines
    forbidden = _forbidden(lines, asked)
    banned = pl.col("line").is_in(forbidden["line"].unique().to_list())
    zero = pl.lit(0, pl.Int64)
    bounds = lines.with_columns(
        low=pl.when(banned).then(zero).otherwise("low"),
        high=pl.when(banned & empty).then(zero).otherwise("high"),
    )
    origin = pl.col("start").clip(pl.col("low"), pl.col("high"))
    placed = bounds.with_columns(origin=origin).select(
        "line",
        "line_id",
        "start",
        "origin",
        "low",
        "high",
        "step",
        up=pl.col("high") - pl.col("origin"),
        down=pl.col("origin") - pl.col("low"),
    )
    return Grid(placed.sort("line"), forbidden)


def _reason(lines: Sequence[int], name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"line": lines, "because": [name] * len(lines)},
        schema={"line": pl.UInt32, "because": pl.String},
    )


def _forbidden(lines: pl.DataFrame, asked: Iterable[Requirement]) -> pl.DataFrame:
    """Lines that an immediate rule allows no money, unless a bound holds them."""
    found = [_reason([], "")]
    for requirement in asked:
        if not forbids(requirement):
            continue
        placed = requirement.measure.join(lines, on="line")
        if (placed["coefficient"].sign() * placed["start"].sign() < 0).any():
            continue
        emptied = placed.filter((pl.col("coefficient") > 0) & (pl.col("least") <= 0))
        found.append(_reason(emptied["line"].to_list(), requirement.id))
    return pl.concat(found)


def forbids(requirement: Requirement) -> bool:
    """Whether it allows its lines no money at all, without waiting."""
    return (
        not requirement.missing
        and requirement.rule.effect == "immediate"
        and requirement.sense != "at_least"
        and requirement.of.is_empty()
        and requirement.bound.middle == 0
    )
