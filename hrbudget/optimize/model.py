"""Requirements and lines become rows over classes of lines.

Lines that no rule tells apart share one column up and one column down: their class. A
row for each line is never made; the classes' moves are divided among lines afterwards.
All numbers are exact and in units of the grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement, Sense
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.grid import ENVELOPE, Grid

MOVED_TOTAL = "moved_total"


@dataclass(frozen=True)
class ClassRow:
    """One requirement over the classes.

    Attributes:
        id: of the requirement, or ``envelope``.
        sense: of ``gap + Σ terms · (up - down)`` against zero.
        terms: class → coefficient.
        gap: left side less right side where all lines are at their origin.
        level: priority of its shortfall; None: it must hold.
        weight: of its shortfall within the level.
    """

    id: str
    sense: Sense
    terms: dict[int, Fraction]
    gap: Fraction
    level: int | None = None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Model:
    """The whole problem over classes, in units of the grid.

    Attributes:
        members: ``line``, ``class``, ``up``, ``down``: lines that can move.
        up: room of each class upwards, in whole units; likewise ``down``.
        rows: requirements and the envelope.
        move_limit: most units that may be moved up and down together; None: any.
    """

    members: pl.DataFrame
    up: tuple[int, ...]
    down: tuple[int, ...]
    rows: tuple[ClassRow, ...]
    move_limit: Fraction | None

    @property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the most urgent first."""
        return tuple(sorted({row.level for row in self.rows if row.level is not None}))


def build(what_if: WhatIf, requirements: Iterable[Requirement], grid: Grid) -> Model:
    """The model of a what-if."""
    usable = [each for each in requirements if not each.missing]
    members = _classes(grid, usable)
    rooms = members.group_by("class").agg(pl.col("up", "down").sum()).sort("class")
    envelope = _envelope(what_if, grid, rooms.height)
    terms = _terms(members, usable)
    rows = [
        ClassRow(
            id=each.id,
            sense=each.sense,
            terms=terms[number],
            gap=_gap(grid, each) / what_if.unit,
            level=None if each.hard else what_if.levels[each.id],
            weight=Fraction(1) if each.hard else what_if.weights[each.id],
        )
        for number, each in enumerate(usable)
    ]
    return Model(
        members,
        tuple(rooms["up"].to_list()),
        tuple(rooms["down"].to_list()),
        (envelope, *rows),
        _move_limit(what_if, grid),
    )


def _envelope(what_if: WhatIf, grid: Grid, classes: int) -> ClassRow:
    spent = money.total(grid.lines, pl.col("origin"))
    gap = Fraction(spent - what_if.envelope, what_if.unit)
    every = dict.fromkeys(range(classes), Fraction(1))
    return ClassRow(ENVELOPE, "equal", every, gap)


def _move_limit(what_if: WhatIf, grid: Grid) -> Fraction | None:
    """Gross reallocation ½ Σ|x - start| within its limit (R23), as Σ(up + down)."""
    if what_if.moved_total is None:
        return None
    used = money.total(grid.lines, (pl.col("origin") - pl.col("start")).abs())
    return Fraction(2 * what_if.moved_total - used, what_if.unit)


def _coefficients(requirements: Sequence[Requirement]) -> pl.DataFrame:
    """All coefficients in one long table: line, row, measure, of."""
    parts = [
        side.filter(pl.col("coefficient") != 0).select(
            "line",
            pl.lit(number, pl.Int64).alias("row"),
            pl.lit(name).alias("side"),
            "coefficient",
        )
        for number, each in enumerate(requirements)
        for name, side in (("measure", each.measure), ("of", each.of))
    ]
    schema = {
        "line": pl.UInt32,
        "row": pl.Int64,
        "side": pl.String,
        "coefficient": pl.Int64,
    }
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _classes(grid: Grid, requirements: Sequence[Requirement]) -> pl.DataFrame:
    """Movable lines with the number of their class.

    The name of a class spells its coefficients, and classes are numbered in the order
    of their names: the order of lines changes nothing.
    """
    movable = grid.lines.filter((pl.col("up") > 0) | (pl.col("down") > 0))
    spelled = (
        _coefficients(requirements)
        .join(movable.select("line"), on="line", how="semi")
        .sort("line", "row", "side")
        .group_by("line", maintain_order=True)
        .agg(
            pl.format("{}{}{}", "row", pl.col("side").str.head(1), "coefficient")
            .str.join(" ")
            .alias("name")
        )
    )
    named = movable.join(spelled, on="line", how="left").with_columns(
        pl.col("name").fill_null("")
    )
    return named.select(
        "line",
        "line_id",
        (pl.col("name").rank("dense") - 1).cast(pl.Int64).alias("class"),
        "up",
        "down",
    )


def _terms(
    members: pl.DataFrame, requirements: Sequence[Requirement]
) -> list[dict[int, Fraction]]:
    """Net coefficient of each class in each row; lines of a class have the same."""
    examples = members.group_by("class").agg(pl.col("line").min()).sort("class")
    placed = _coefficients(requirements).join(examples, on="line")
    terms: list[dict[int, Fraction]] = [{} for _ in requirements]
    for _, row, side, coefficient, number in placed.sort("class", "side").iter_rows():
        factor = -requirements[row].factor if side == "of" else 1
        net = Fraction(coefficient, money.WHOLE) * factor
        terms[row][number] = terms[row].get(number, Fraction(0)) + net
    return terms


def _gap(grid: Grid, requirement: Requirement) -> Fraction:
    """Left side less right side at the origin, in minor units."""
    origins = grid.lines.select("line", "origin")

    def summed(coefficients: pl.DataFrame) -> Fraction:
        placed = coefficients.join(origins, on="line")
        wide = pl.col("coefficient").cast(pl.Int128) * pl.col("origin")
        return Fraction(money.total(placed, wide), money.WHOLE)

    right = requirement.bound.middle + requirement.factor * summed(requirement.of)
    return summed(requirement.measure) - right
