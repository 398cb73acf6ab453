"""Whole units: a linear answer becomes amounts that people can decide on.

The linear program says what is best; a small integer program in steps from it finds
whole units that satisfy the same rows. Only steps meet the solver, so amounts of any
size are exact; and what it returns is checked in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.optimize import near, odd
from hrbudget.optimize.linear import Linear, nets
from hrbudget.optimize.model import NET, Model
from hrbudget.optimize.part import Entry, Moves, Part, part

#: How many steps from the linear answer whole ones are sought, in turn.
_REACHES = (1, 2, 16, 1000)

#: Classes up to which all take part, and wider neighbourhoods are searched though an
#: answer is there. With more, an integer program over much room may take longer than a
#: meeting.
SMALL, _MANY = 24, 240

#: Shortfalls this near to the linear answer's are as good as it gets, in units.
_NEAR = Fraction(1, 10**5)


@dataclass(frozen=True)
class Whole:
    """Whole units.

    Attributes:
        net: ``class``, ``net`` of what moves by whole steps, in minor units.
        alone: ``line``, ``net`` of lines that moved by themselves.
        shortfalls: of each level, exactly, in minor units.
        odd_lines: how many lines may have moved by what is no whole step.
    """

    net: pl.DataFrame
    alone: pl.DataFrame
    shortfalls: Mapping[int, Fraction]
    odd_lines: int


def whole_units(
    model: Model,
    linear: Linear,
    start: Linear | None,
    unit: int,
    *,
    few: int = odd.FEW,
    near_by: bool = False,
) -> Whole | None:
    """The best whole units found near a linear answer, or None.

    Wider neighbourhoods are searched until the shortfalls are the linear answer's,
    which nothing beats. Else the best of all is taken (of many classes, the first), and
    its price of rounding stated.

    Args:
        model: the model.
        linear: the linear answer.
        start: the same where lines have the room of their whole steps only.
        unit: minor units of one unit.
        few: how many lines of each kind may be asked to take an odd amount.
        near_by: whether only the next steps are tried.
    """
    lines, sums = odd.lines(model, unit, few)
    best: tuple[tuple[Fraction, ...], Part, Moves, pl.DataFrame] | None = None
    base = _standing(model, nets((start or linear).found))
    for count, reach in [(SMALL, 1)] if near_by else _widening(model):
        entries = _entries(base, lines, unit, count)
        # What is chosen stands on whole steps; so must all the rest.
        standing = base.select("class", net="stands")
        some = part(model, entries, standing, sums, unit)
        moves = near.best(some, reach)
        if moves is not None:
            moved = sum((abs(each) for each in moves), Fraction(0))
            cost = (*some.shortfalls(moves).values(), moved)
            if best is None or cost < best[0]:
                best = (cost, some, moves, standing)
        enough = model.shape.classes > SMALL or (
            best and _as_good(best[1], best[2], linear)
        )
        if best is not None and enough:
            break
    return None if best is None else _merged(*best[1:])


def _widening(model: Model) -> Iterator[tuple[int, int]]:
    """How many classes take part, and within how many steps."""
    if model.shape.classes > SMALL:
        yield from ((SMALL, 16), (_MANY, 2))
    else:
        yield from ((SMALL, reach) for reach in _REACHES)


def _standing(model: Model, net: pl.DataFrame) -> pl.DataFrame:
    """Classes on whole steps near a linear answer.

    Returns:
        ``class``, ``step``, ``up`` and ``down`` (whole), ``stands``, and ``off``: how
        far the linear answer is from there.
    """
    steps = (
        model.shape.members.join(model.grid.lines.select("line", "step"), on="line")
        .group_by("class")
        .agg(pl.col("step").first())
    )
    rooms = model.rooms.with_row_index("class").select(
        pl.col("class").cast(pl.UInt32), up="whole_up", down="whole_down"
    )
    step, at = pl.col("step"), pl.col("net")
    # Öre beside a whole step are dust of the solver.
    dust = pl.min_horizontal(step // 1000, 2)
    nearest = (at + at.sign() * (step // 2)).abs() // step * step * at.sign()
    towards = at.abs() // step * step * at.sign()
    snapped = pl.when((at - nearest).abs() <= dust).then(nearest).otherwise(towards)
    return (
        rooms.join(steps, on="class")
        .join(net, on="class", how="left")
        .with_columns(pl.col("net").fill_null(0).cast(pl.Int128))
        .with_columns(stands=snapped.clip(pl.col("down") * -1, pl.col("up")))
        .with_columns(off=(at - pl.col("stands")).abs())
        .with_columns(
            pl.col("stands").cast(pl.Int64),
            off=pl.when(pl.col("off") <= dust).then(0).otherwise("off"),
        )
        .sort("class")
    )


def _entries(
    base: pl.DataFrame, odd_lines: pl.DataFrame, unit: int, count: int
) -> list[Entry]:
    """Classes between their steps, others with the most room, and odd lines."""
    room = pl.max_horizontal("up", "down")
    ranked = base.filter((room > 0) | (pl.col("off") > 0)).sort(
        [(pl.col("off") > 0).cast(pl.Int8), room, "class"],
        descending=[True, True, False],
    )
    most = max(count, int((base["off"] > 0).sum()))
    chosen = ranked.head(most).sort("class")
    taken = odd_lines.group_by("class").agg(
        pl.col("whole_up").sum(), pl.col("whole_down").sum()
    )
    left = chosen.join(taken, on="class", how="left").with_columns(
        pl.col("up") - pl.col("whole_up").fill_null(0),
        pl.col("down") - pl.col("whole_down").fill_null(0),
    )
    apart = {row["class"]: row for row in left.iter_rows(named=True)}
    for row in base.join(taken, on="class").iter_rows(named=True):
        apart.setdefault(
            row["class"],
            {
                **row,
                "up": row["up"] - row["whole_up"],
                "down": row["down"] - row["whole_down"],
            },
        )
    entries, over = [], {}
    for number, row in sorted(apart.items()):
        at = min(max(row["stands"], -row["down"]), row["up"])
        over[number] = row["stands"] - at
        entries.append(_entry(number, None, row, at, unit))
    for row in odd_lines.sort("line").iter_rows(named=True):
        at = min(max(over[row["class"]], -row["whole_down"]), row["whole_up"])
        over[row["class"]] -= at
        entries.append(_entry(row["class"], row["line"], row, at, unit))
    return entries


def _entry(
    number: int, line: int | None, row: Mapping[str, int], at: int, unit: int
) -> Entry:
    step, up, down, here = (
        Fraction(int(size), unit) for size in (row["step"], row["up"], row["down"], at)
    )
    return Entry(number, line, step, up, down, here)


def _as_good(some: Part, moves: Moves, linear: Linear) -> bool:
    found = some.shortfalls(moves)
    return all(
        found[level] <= least / some.unit + _NEAR
        for level, least in linear.least.items()
    )


def _merged(some: Part, moves: Moves, standing: pl.DataFrame) -> Whole:
    """What the entries came to, and all other classes where they stood."""
    mine = {each.number for each in some.entries}
    rows = [
        (each.number, int(move * some.unit))
        for each, move in zip(some.entries, moves, strict=True)
        if not each.odd
    ]
    alone = [
        (each.line, int(move * some.unit))
        for each, move in zip(some.entries, moves, strict=True)
        if each.odd
    ]
    others = standing.filter(~pl.col("class").is_in(list(mine)))
    net = pl.concat([pl.DataFrame(rows, schema=NET, orient="row"), others])
    found = some.shortfalls(moves)
    return Whole(
        net.filter(pl.col("net") != 0).sort("class"),
        pl.DataFrame(alone, schema={"line": pl.UInt32, "net": pl.Int64}, orient="row"),
        {level: lacking * some.unit for level, lacking in found.items()},
        some.odd_lines,
    )


def spread(model: Model, whole: Whole) -> pl.DataFrame:
    """Amounts of all lines: ``line``, ``start``, ``amount`` in minor units.

    A class's steps are divided in proportion to the room of its lines; what does not
    divide goes to the largest remainders, ties by the order of lines.
    """
    lines = model.grid.lines
    members = (
        model.shape.members.join(whole.net, on="class")
        .join(whole.alone.select("line"), on="line", how="anti")
        .join(lines, on="line")
    )
    moved = pl.concat([whole.alone.select("line", moved="net"), _divided(members)])
    return lines.join(moved, on="line", how="left", maintain_order="left").select(
        "line", "start", amount=pl.col("origin") + pl.col("moved").fill_null(0)
    )


def _divided(members: pl.DataFrame) -> pl.DataFrame:
    """A class's net move divided among its lines in whole steps: line, moved."""
    step = pl.col("step")
    side = pl.when(pl.col("net") > 0).then("up").otherwise("down")
    sized = members.with_columns(
        room=(side // step).cast(pl.Int128),
        steps=(pl.col("net").abs() // step).cast(pl.Int128),
    )
    total = pl.col("room").sum().over("class")
    share = pl.col("steps") * pl.col("room")
    divided = sized.with_columns(part=share // total, remainder=share % total)
    left = pl.col("steps") - pl.col("part").sum().over("class")
    ranked = divided.sort(
        ["class", "remainder", "line"], descending=[False, True, False]
    ).with_columns(place=pl.int_range(pl.len()).over("class"), left=left)
    more = (pl.col("place") < pl.col("left")).cast(pl.Int128)
    moved = (pl.col("part") + more) * pl.col("net").sign() * step
    return ranked.select("line", moved=moved.cast(pl.Int64))
