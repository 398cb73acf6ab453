"""From the solver's answer to whole units, exactly, near it.

The linear answer fixes the neighbourhood; a small integer program in offsets from it
finds whole units that satisfy the same rows. Only offsets meet the solver, so amounts
of any size are exact; and what it returns is checked in exact arithmetic.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from hrbudget.errors import SolverFailed
from hrbudget.optimize import levels
from hrbudget.optimize.grid import Grid
from hrbudget.optimize.levels import Layout, Lexicographic
from hrbudget.optimize.model import Model, Moves

#: How far from the linear answer whole units are sought, in turn.
_REACHES = (1, 2, 16, 1000)

#: Classes up to which wider neighbourhoods are searched though an answer is there. With
#: more, an integer program over much room may take longer than a meeting.
_SMALL = 24

#: Extra by which inequalities are held when the solver's tolerance was not enough.
_MARGINS = (Fraction(0), Fraction(1, 10**6), Fraction(1, 10**4))

#: Shortfalls this near to the linear answer's are as good as it gets, in units.
_NEAR = Fraction(1, 10**5)


def whole_units(model: Model, around: Layout, linear: Lexicographic) -> Moves | None:
    """The best whole units found near a linear answer, or None.

    Wider neighbourhoods are searched until the shortfalls are the linear answer's,
    which nothing beats. Else the best of all is taken (of many classes, the first), and
    its price of rounding stated.
    """

    def cost(moves: Moves) -> tuple[Fraction, ...]:
        moved = sum((abs(move) for move in moves), Fraction(0))
        return (*model.shortfalls(moves).values(), moved)

    base = _whole(model, around.net(model.still, linear.solution.values, model.unit))
    best: Moves | None = None
    for reach in _REACHES:
        found = _near(model, base, reach)
        if found is not None:
            best = found if best is None else min(best, found, key=cost)
        enough = len(model.up) > _SMALL or (best and _as_good(model, best, linear))
        if best is not None and enough:
            break
    return best


def spread(grid: Grid, model: Model, moves: Moves) -> pl.DataFrame:
    """Amounts of all lines: ``line``, ``start``, ``amount`` in minor units.

    A class's units are divided in proportion to the room of its lines; what does not
    divide goes to the largest remainders, ties by the order of line ids.
    """
    net = pl.DataFrame(
        {
            "class": list(range(len(moves))),
            "net": [int(move * model.unit) for move in moves],
        },
        schema={"class": pl.Int64, "net": pl.Int64},
    )
    members = model.members.join(net, on="class").filter(pl.col("net") != 0)
    alone = members.filter("odd").select("line", moved="net")
    whole = _divided(members.filter(~pl.col("odd")), model.unit)
    return (
        grid.lines.join(pl.concat([alone, whole]), on="line", how="left")
        .select("line", "start", amount=pl.col("origin") + pl.col("moved").fill_null(0))
        .sort("line")
    )


def _divided(members: pl.DataFrame, unit: int) -> pl.DataFrame:
    """A class's net move divided among its lines in whole units: line, moved."""
    sized = members.with_columns(
        room=pl.when(pl.col("net") > 0).then("up").otherwise("down").cast(pl.Int128),
        units=pl.col("net").abs().cast(pl.Int128) // unit,
    )
    total = pl.col("room").sum().over("class")
    share = pl.col("units") * pl.col("room")
    divided = sized.with_columns(part=share // total, remainder=share % total)
    left = pl.col("units") - pl.col("part").sum().over("class")
    ranked = divided.sort(
        ["class", "remainder", "line_id"], descending=[False, True, False]
    ).with_columns(place=pl.int_range(pl.len()).over("class"), left=left)
    more = (pl.col("place") < pl.col("left")).cast(pl.Int128)
    moved = (pl.col("part") + more) * pl.col("net").sign() * unit
    return ranked.select("line", moved=moved.cast(pl.Int64))


def _near(model: Model, base: Moves, reach: int) -> Moves | None:
    """The best point within reach that holds exactly what must hold."""
    for margin in _MARGINS:
        around = levels.layout(model, base, reach, margin)
        try:
            found = levels.in_turn(model, around)
        except SolverFailed:  # numbers too far apart for it; the next reach may do
            return None
        if not found.solution.feasible:
            return None
        moves = around.net(base, found.solution.values, model.unit)
        if _sound(model, moves):
            return moves
    return None


def _whole(model: Model, moves: Moves) -> Moves:
    """Moves in whole units within the classes' room, rounded towards the origin."""
    return tuple(
        Fraction(min(int(move), int(up)) if move >= 0 else -min(int(-move), int(down)))
        for move, up, down in zip(moves, model.up, model.down, strict=True)
    )


def _as_good(model: Model, moves: Moves, linear: Lexicographic) -> bool:
    found = model.shortfalls(moves)
    return all(found[level] <= least + _NEAR for level, least in linear.least.items())


def _sound(model: Model, moves: Moves) -> bool:
    """Whether what must hold does, exactly, within bounds and with few odd lines."""
    rows = all(row.holds(moves) for row in model.rows if row.level is None)
    rooms = zip(moves, model.up, model.down, strict=True)
    inside = all(-down <= move <= up for move, up, down in rooms)
    odd = [move for move in moves if move.denominator != 1]
    limit, moved = model.move_limit, sum((abs(move) for move in moves), Fraction(0))
    return (
        rows
        and inside
        and len(odd) <= model.odd_lines
        and (limit is None or moved <= limit)
    )
