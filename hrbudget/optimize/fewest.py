"""The fewest lines: which ones need to move so that no level gets worse.

    minimize  Σ z    with   up_l / room_l + down_l / room_l ≤ z_l ≤ 1

and all rows as they are, each level held at what the proposal achieved. ``z`` is whole
where lines are few enough for that; else the bound of the fractions is stated. The
lines that are chosen are then moved as little as possible, like any others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.optimize.model import Model
from hrbudget.optimize.program import Column, Program, Row
from hrbudget.optimize.solver.small import minimize

#: Lines up to which choosing is a matter of whole ones.
_WHOLE_LINES = 2_000

#: Nodes of the search; the same on every machine, where seconds would not be.
_NODES = 2_000

#: Below so much of a line's room, a line does not move.
_DUST = Fraction(1, 10**7)


@dataclass(frozen=True)
class Chosen:
    """Lines that may move, and how many must at least."""

    model: Model
    least: int


def choose(model: Model, achieved: Mapping[int, Fraction]) -> Chosen | None:
    """The model in which only the lines chosen have room; None: nothing was found.

    Args:
        model: the model.
        achieved: shortfall of each level, in minor units.
    """
    lines = model.grid.lines.filter((pl.col("up") > 0) | (pl.col("down") > 0))
    found = minimize(*_program(model, lines, achieved), nodes=_NODES)
    if not found.feasible:
        return None
    used = found.values[: 3 * lines.height : 3]
    chosen = [
        line
        for line, part in zip(lines["line"].to_list(), used, strict=True)
        if part > _DUST
    ]
    got = int((model.grid.lines["origin"] != model.grid.lines["start"]).sum())
    least = math.ceil(found.bound - Fraction(1, 10**6)) + got
    return Chosen(_only(model, chosen), max(0, least))


def _program(
    model: Model, lines: pl.DataFrame, achieved: Mapping[int, Fraction]
) -> tuple[Program, dict[int, Fraction]]:
    """Three columns for each line: whether it moves; up, down, as parts of its room."""
    whole = lines.height <= _WHOLE_LINES
    zero, one = Fraction(0), Fraction(1)
    columns, rows = [], []
    rooms = list(lines.select("up", "down").iter_rows())
    scale = max(1, sum(up + down for up, down in rooms) // (2 * max(1, len(rooms))))
    for number, (up, down) in enumerate(rooms):
        at = 3 * number
        columns += [Column(zero, one, integer=whole)]
        columns += [Column(zero, one if room else zero) for room in (up, down)]
        rows.append(Row({at + 1: one, at + 2: one, at: -one}, None, zero))
    counted: dict[int, dict[int, Fraction]] = {level: {} for level in model.levels}
    for row, terms in zip(model.rows, _terms(model, lines), strict=True):
        sized = {
            3 * line + 1 + side: factor * room * sign / scale
            for line, factor in terms.items()
            for side, (room, sign) in enumerate(zip(rooms[line], (1, -1), strict=True))
        }
        right = -row.gap(model.origin) / scale
        if row.level is not None:
            for sign in {"at_least": (1,), "at_most": (-1,)}.get(row.sense, (1, -1)):
                columns.append(Column(zero, None))
                sized[len(columns) - 1] = Fraction(sign)
                counted[row.level][len(columns) - 1] = row.weight
        low = None if row.sense == "at_most" else right
        rows.append(Row(sized, low, None if row.sense == "at_least" else right))
    rows += [
        Row(weights, None, achieved[level] / scale)
        for level, weights in counted.items()
    ]
    if model.move_limit is not None:
        moved = {
            3 * line + 1 + side: Fraction(room, scale)
            for line, both in enumerate(rooms)
            for side, room in enumerate(both)
        }
        rows.append(Row(moved, None, model.move_limit / scale))
    return Program(columns, rows), {3 * n: one for n in range(len(rooms))}


def _terms(model: Model, lines: pl.DataFrame) -> list[dict[int, Fraction]]:
    """Of each row: place of a line among those given → coefficient."""
    placed = (
        lines.select("line")
        .with_row_index("place")
        .join(model.shape.members, on="line")
    )
    found = []
    for row in model.rows:
        scale = money.WHOLE * row.factor.denominator
        pulled = placed.join(model.pulls(row), on="class").sort("place")
        found.append(
            {
                place: Fraction(int(pull), scale)
                for place, pull in pulled.select("place", "pull").iter_rows()
                if pull
            }
        )
    return found


def _only(model: Model, chosen: list[int]) -> Model:
    """The model in which no other line has room."""
    mine = pl.col("line").is_in(chosen)
    lines = model.grid.lines.with_columns(
        pl.when(mine).then(side).otherwise(0).alias(side) for side in ("up", "down")
    )
    grid = replace(model.grid, lines=lines)
    return model.with_grid(grid)
