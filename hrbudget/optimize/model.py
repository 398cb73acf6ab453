"""Requirements and lines become rows over totals of classes, in exact numbers.

Amounts are minor units, coefficients millionths: sums are exact integers. Only the
shape (which lines are of one class) is costly to make, and it may be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement, Sense
from hrbudget.domain.rule import Rule
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.grid import Grid
from hrbudget.optimize.shape import End, Shape, Totals

#: Net move of classes that move, in minor units: ``class``, ``net``.
NET = {"class": pl.UInt32, "net": pl.Int64}


@dataclass(frozen=True)
class View:
    """A requirement read one way: as its tags stand, or at its worst."""

    requirement: Requirement
    measure: End = "stated"
    of: End = "stated"
    spares: bool = False

    @property
    def worst(self) -> bool:
        """Whether uncertain tags are read against the requirement."""
        return self.measure != "stated"


@dataclass(frozen=True)
class Row:
    """``measure - factor · of   at_least | at_most | equal   bound``.

    Attributes:
        id: of the requirement.
        measure: number of a total; likewise ``of``, or None.
        bound: in minor units; at its worst a rule need not be better than at the start.
        level: priority of its shortfall; None: it must hold.
        weight: of its shortfall in the level; of a limit, of what it is relaxed by.
        forbids: whether its lines were emptied beforehand.
    """

    id: str
    rule: Rule
    sense: Sense
    measure: int
    of: int | None
    factor: Fraction
    bound: Fraction
    level: int | None
    weight: Fraction
    forbids: bool = False

    @property
    def terms(self) -> dict[int, Fraction]:
        """Total → coefficient."""
        terms = {self.measure: Fraction(1)}
        if self.of is not None:
            terms[self.of] = terms.get(self.of, Fraction(0)) - self.factor
        return terms

    def gap(self, totals: Sequence[int]) -> Fraction:
        """Left side less right side, in minor units, of totals in millionths."""
        left = Fraction(totals[self.measure])
        if self.of is not None:
            left -= self.factor * totals[self.of]
        return left / money.WHOLE - self.bound

    def short(self, totals: Sequence[int]) -> Fraction:
        """How much is lacking, or too much, in minor units."""
        return short(self.sense, self.gap(totals))


def short(sense: Sense, gap: Fraction) -> Fraction:
    """How far a gap is on the wrong side of zero."""
    if sense == "equal":
        return abs(gap)
    return max(Fraction(0), -gap if sense == "at_least" else gap)


def lost(sense: Sense, reach: tuple[Fraction, Fraction]) -> Fraction:
    """What no class within its bounds can make good: added to the gap, it can be."""
    least, most = reach
    if sense == "at_least" or (sense == "equal" and most < 0):
        return short("at_least", most)
    return -short("at_most", least)


@dataclass(frozen=True)
class Model:
    """The whole problem over classes, in minor units.

    Attributes:
        grid: where lines start.
        shape: which lines are of one class.
        rooms: of each class in order: ``up`` and ``down``, and the same in whole steps
            of its lines, ``whole_up`` and ``whole_down``.
        origin: totals with all lines at their origin, in millionths.
        rows: what is asked.
        move_limit: most that may be moved up and down together from the origin; None:
            any.
        move_must: whether that limit never gives way.
    """

    grid: Grid
    shape: Shape
    rooms: pl.DataFrame
    origin: tuple[int, ...]
    rows: tuple[Row, ...]
    move_limit: Fraction | None
    move_must: bool = False

    @property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the most urgent first."""
        return tuple(sorted({row.level for row in self.rows if row.level is not None}))

    def with_grid(self, grid: Grid) -> Model:
        """The same model with other rooms of its lines; their origins stay."""
        return replace(self, grid=grid, rooms=_rooms(self.shape, grid))

    def totals(self, net: pl.DataFrame) -> list[int]:
        """All totals after these moves (``NET``), in millionths, exactly."""
        moved = (
            self.shape.terms.join(net.filter(pl.col("net") != 0), on="class")
            .group_by("total")
            .agg((pl.col("coefficient").cast(pl.Int128) * pl.col("net")).sum())
        )
        totals = list(self.origin)
        for number, change in moved.iter_rows():
            totals[number] += int(change)
        return totals

    def shortfalls(self, totals: Sequence[int]) -> dict[int, Fraction]:
        """Weighted shortfall of each level, exactly, in minor units."""
        found = dict.fromkeys(self.levels, Fraction(0))
        for row in self.rows:
            if row.level is not None:
                found[row.level] += row.weight * row.short(totals)
        return found

    def pulls(self, row: Row) -> pl.DataFrame:
        """``class``, ``pull``: the row's coefficients times ``scale`` (see there)."""
        numerator, denominator = row.factor.numerator, row.factor.denominator
        wide = pl.col("coefficient").cast(pl.Int128)
        terms = self.shape.terms
        parts = [
            terms.filter(pl.col("total") == row.measure).select(
                "class", pull=wide * denominator
            )
        ]
        if row.of is not None and numerator:
            parts.append(
                terms.filter(pl.col("total") == row.of).select(
                    "class", pull=wide * -numerator
                )
            )
        return pl.concat(parts).group_by("class").agg(pl.col("pull").sum())

    def reach(self, row: Row) -> tuple[Fraction, Fraction]:
        """Least and most of a row's gap that moves within bounds can make."""
        pulled = self.pulls(row).join(
            self.rooms.with_row_index("class").cast({"class": pl.UInt32}), on="class"
        )
        up, down = pl.col("pull") * pl.col("up"), pl.col("pull") * pl.col("down") * -1
        scale = money.WHOLE * row.factor.denominator
        gap = row.gap(self.origin)
        ends = (pl.min_horizontal(up, down), pl.max_horizontal(up, down))
        least, most = (Fraction(money.total(pulled, end), scale) for end in ends)
        return gap + least, gap + most


def views(what_if: WhatIf, asked: Iterable[Requirement]) -> list[View]:
    """Requirements as their tags stand, and at their worst where that matters.

    A rule that must hold and has uncertain tags may not get worse at its worst. A
    robust what-if reads all at their worst, and there they must hold.
    """
    usable = [each for each in asked if not each.missing]
    stated = [
        View(each)
        for each in usable
        if not (what_if.robust and not each.hard and _at_worst(each))
    ]
    worst = [
        View(each, *_WORST[each.sense], spares=not what_if.robust)
        for each in usable
        if _at_worst(each) and (each.hard or what_if.robust)
    ]
    return stated + worst


_WORST: dict[Sense, tuple[End, End]] = {
    "at_least": ("least", "most"),
    "at_most": ("most", "least"),
}


def _at_worst(requirement: Requirement) -> bool:
    differs = pl.col("low") != pl.col("high")
    sides = (requirement.measure, requirement.of)
    ranges = any(not side.filter(differs).is_empty() for side in sides)
    return requirement.sense in _WORST and (ranges or not requirement.bound.exact)


def number(views: Iterable[View], totals: Totals) -> list[tuple[int, int | None]]:
    """The totals of each view: measure, and of where there is one."""
    return [
        (
            totals.number(view.requirement.measure, view.measure),
            None
            if view.requirement.of.is_empty() or not view.requirement.factor
            else totals.number(view.requirement.of, view.of),
        )
        for view in views
    ]


def build(
    what_if: WhatIf,
    grid: Grid,
    seen: Sequence[tuple[View, tuple[int, int | None]]],
    shape: Shape,
) -> Model:
    """The model of a what-if on a shape made of the same totals."""
    origin, start = (_totals(shape, grid.lines, where) for where in ("origin", "start"))
    emptied = set(grid.because["because"].unique().to_list())
    rows = tuple(
        _row(what_if, view, numbers, start, emptied=view.requirement.id in emptied)
        for view, numbers in seen
    )
    return Model(
        grid,
        shape,
        _rooms(shape, grid),
        origin,
        rows,
        _move_limit(what_if, grid),
        what_if.moved_must,
    )


def _row(
    what_if: WhatIf,
    view: View,
    numbers: tuple[int, int | None],
    start: Sequence[int],
    *,
    emptied: bool,
) -> Row:
    asked = view.requirement
    bound = asked.bound.middle
    if view.worst:
        bound = asked.bound.high if asked.sense == "at_least" else asked.bound.low
    row = Row(
        asked.id,
        asked.rule,
        asked.sense,
        *numbers,
        asked.factor,
        bound,
        None if asked.hard else what_if.levels[asked.id],
        what_if.weights.get(asked.id, Fraction(1)),
        emptied and not view.worst,
    )
    if not view.spares:
        return row
    spared = row.short(start) * (-1 if asked.sense == "at_least" else 1)
    return replace(row, bound=bound + spared)


def _totals(shape: Shape, lines: pl.DataFrame, where: str) -> tuple[int, ...]:
    """Totals with lines at ``where``: by class, since its lines count alike."""
    classes = (
        shape.members.join(lines.select("line", amount=where), on="line")
        .group_by("class")
        .agg(pl.col("amount").cast(pl.Int128).sum())
    )
    summed = (
        shape.terms.join(classes, on="class")
        .group_by("total")
        .agg((pl.col("coefficient").cast(pl.Int128) * pl.col("amount")).sum())
    )
    found: Mapping[int, int] = dict(summed.iter_rows())
    return tuple(int(found.get(each, 0)) for each in range(shape.totals))


def _rooms(shape: Shape, grid: Grid) -> pl.DataFrame:
    whole = {
        f"whole_{side}": pl.col(side) // pl.col("step") * pl.col("step")
        for side in ("up", "down")
    }
    sides = ("up", "down", *whole)
    return (
        shape.members.join(grid.lines.with_columns(**whole), on="line")
        .group_by("class")
        .agg(pl.col(sides).cast(pl.Int128).sum())
        .sort("class")
        .select(sides)
    )


def _move_limit(what_if: WhatIf, grid: Grid) -> Fraction | None:
    """Gross reallocation ½ Σ|x - start| within its limit (R23), as Σ(up + down)."""
    if what_if.moved_total is None:
        return None
    return Fraction(2 * what_if.moved_total - used(grid))


def used(grid: Grid) -> int:
    """What lines have moved to get onto the grid, in minor units."""
    return money.total(grid.lines, (pl.col("origin") - pl.col("start")).abs())
