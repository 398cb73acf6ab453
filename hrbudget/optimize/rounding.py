"""From the solver's answer to whole units, exactly, near it.

The linear answer fixes the neighbourhood; a small integer program in offsets from it
finds whole units that satisfy the same rows. Only offsets meet the solver, so amounts
of any size are exact; and what it returns is checked in exact arithmetic.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from hrbudget.optimize import levels
from hrbudget.optimize.grid import Grid
from hrbudget.optimize.levels import Point
from hrbudget.optimize.model import Model

#: How far from the linear answer whole units are sought, and with what extra margin.
_TRIES = (
    (1, Fraction(0)),
    (2, Fraction(0)),
    (2, Fraction(1, 10**6)),
    (32, Fraction(1, 10**6)),
    (10**6, Fraction(1, 10**5)),
)


def whole_units(model: Model, values: tuple[Fraction, ...]) -> Point | None:
    """Whole units near a linear answer that meet every row that must hold, or None."""
    base = _floor(model, values)
    for reach, margin in _TRIES:
        found = levels.in_turn(model, levels.program(model, base, reach, margin))
        if not found.solution.feasible:
            continue
        point = _moved(base, found.solution.values)
        if _sound(model, point):
            return point
    return None


def spread(grid: Grid, model: Model, point: Point, unit: int) -> pl.DataFrame:
    """Amounts of all lines: ``line``, ``start``, ``amount`` in minor units.

    A class's units are divided in proportion to the room of its lines; what does not
    divide goes to the largest remainders, ties by the order of line ids.
    """
    net = pl.DataFrame(
        {
            "class": list(range(len(point.up))),
            "net": [up - down for up, down in zip(point.up, point.down, strict=True)],
        },
        schema={"class": pl.Int64, "net": pl.Int64},
    )
    members = model.members.join(net, on="class").with_columns(
        room=pl.when(pl.col("net") > 0).then("up").otherwise("down").cast(pl.Int128),
        units=pl.col("net").abs().cast(pl.Int128),
    )
    total = pl.col("room").sum().over("class")
    share = pl.col("units") * pl.col("room")
    divided = members.filter(pl.col("units") > 0).with_columns(
        part=share // total, remainder=share % total
    )
    left = pl.col("units") - pl.col("part").sum().over("class")
    ranked = divided.sort(
        ["class", "remainder", "line_id"], descending=[False, True, False]
    ).with_columns(place=pl.int_range(pl.len()).over("class"), left=left)
    whole = ranked.select(
        "line",
        moved=(
            (pl.col("part") + (pl.col("place") < pl.col("left")).cast(pl.Int128))
            * pl.col("net").sign()
            * unit
        ).cast(pl.Int64),
    )
    return (
        grid.lines.join(whole, on="line", how="left")
        .select("line", "start", amount=pl.col("origin") + pl.col("moved").fill_null(0))
        .sort("line")
    )


def _floor(model: Model, values: tuple[Fraction, ...]) -> Point:
    """The linear answer in whole units, rounded down; up and down never both."""
    classes = len(model.up)
    up, down = [], []
    for number in range(classes):
        net = values[number] - values[number + classes]
        up.append(min(model.up[number], max(0, int(net))))
        down.append(min(model.down[number], max(0, int(-net))))
    return Point(tuple(up), tuple(down))


def _moved(base: Point, values: tuple[Fraction, ...]) -> Point:
    classes = len(base.up)
    up = [at + round(values[n]) for n, at in enumerate(base.up)]
    down = [at + round(values[n + classes]) for n, at in enumerate(base.down)]
    both = [min(one, other) for one, other in zip(up, down, strict=True)]
    return Point(
        tuple(one - less for one, less in zip(up, both, strict=True)),
        tuple(one - less for one, less in zip(down, both, strict=True)),
    )


def _sound(model: Model, point: Point) -> bool:
    rows = all(levels.holds(row, point) for row in model.rows if row.level is None)
    limit = model.move_limit
    return rows and (limit is None or sum(point.up) + sum(point.down) <= limit)
