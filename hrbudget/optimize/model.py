"""Requirements and lines become rows over classes of lines.

Lines that no rule tells apart share one column up and one column down: their class. A
row for each line is never made; the classes' moves are divided among lines afterwards.
All numbers are exact and in units of the grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement, Sense, products
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.grid import ENVELOPE, Grid

MOVED_TOTAL = "moved_total"

#: Net move of each class from its origin, in units; whole but for odd lines.
Moves = tuple[Fraction, ...]


@dataclass(frozen=True)
class ClassRow:
    """One requirement over the classes.

    Attributes:
        id: of the requirement, or ``envelope``.
        sense: of ``gap + Σ terms · net move`` against zero.
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

    def at(self, moves: Moves) -> Fraction:
        """Left side less right side after these moves, exactly."""
        moved = (factor * moves[number] for number, factor in self.terms.items())
        return self.gap + sum(moved, Fraction(0))

    def holds(self, moves: Moves) -> bool:
        """Whether the inequality is true after these moves, exactly."""
        return self.shortfall(moves) == 0

    def shortfall(self, moves: Moves) -> Fraction:
        """How much is lacking, or too much, after these moves, in units."""
        return short(self.sense, self.at(moves))


def short(sense: Sense, gap: Fraction) -> Fraction:
    """How far a gap is on the wrong side of zero."""
    if sense == "equal":
        return abs(gap)
    return max(Fraction(0), -gap if sense == "at_least" else gap)


@dataclass(frozen=True)
class Model:
    """The whole problem over classes, in units of the grid.

    Attributes:
        members: ``line``, ``class``, ``up``, ``down`` (whole units), ``odd``: lines
            that can move.
        up: room of each class upwards; whole but for odd lines; likewise ``down``.
        odd: whether a class is one line that may move by what is no whole unit.
        odd_lines: how many of those may do so.
        rows: requirements and the envelope.
        move_limit: most units that may be moved up and down together; None: any.
        unit: minor units of one unit.
    """

    members: pl.DataFrame
    up: Moves
    down: Moves
    odd: tuple[bool, ...]
    odd_lines: int
    rows: tuple[ClassRow, ...]
    move_limit: Fraction | None
    unit: int

    @property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the most urgent first."""
        return tuple(sorted({row.level for row in self.rows if row.level is not None}))

    @property
    def still(self) -> Moves:
        """No move at all."""
        return (Fraction(0),) * len(self.up)

    def reach(self, row: ClassRow) -> tuple[Fraction, Fraction]:
        """Least and most that moves within the lines' bounds can make of a row."""
        least = most = row.gap
        for number, factor in row.terms.items():
            ends = (factor * self.up[number], -factor * self.down[number])
            least, most = least + min(ends), most + max(ends)
        return least, most

    def shortfalls(self, moves: Moves) -> dict[int, Fraction]:
        """Weighted shortfall of each level after these moves, exactly, in units."""
        found = dict.fromkeys(self.levels, Fraction(0))
        for row in self.rows:
            if row.level is not None:
                found[row.level] += row.weight * row.shortfall(moves)
        return found


End = Literal["coefficient", "low", "high"]


@dataclass(frozen=True)
class _View:
    """A requirement read one way: as its tags stand, or at its worst."""

    requirement: Requirement
    measure: End = "coefficient"
    of: End = "coefficient"

    @property
    def worst(self) -> bool:
        return self.measure != "coefficient"


def build(what_if: WhatIf, requirements: Iterable[Requirement], grid: Grid) -> Model:
    """The model of a what-if."""
    usable = [each for each in requirements if not each.missing]
    views = [_View(each) for each in usable] + _worst_views(usable)
    coefficients = _coefficients(views)
    members = _classes(what_if, grid, coefficients)
    rooms = members.group_by("class").agg(
        pl.col("up", "down").cast(pl.Int128).sum(),
        pl.col("odd_up", "odd_down", "odd").first(),
    )
    rooms = rooms.sort("class")
    terms = _terms(members, views, coefficients)
    rows = [
        _row(what_if, grid, view, terms[number]) for number, view in enumerate(views)
    ]
    spent = members.filter("spent")["class"].unique().sort().to_list()
    unit = what_if.unit
    return Model(
        members=members.select("line", "line_id", "class", "up", "down", "odd"),
        up=_rooms(rooms, "up", unit),
        down=_rooms(rooms, "down", unit),
        odd=tuple(rooms["odd"].to_list()),
        odd_lines=grid.odd_lines,
        rows=(_envelope(what_if, grid, spent), *rows),
        move_limit=_move_limit(what_if, grid),
        unit=unit,
    )


def _worst_views(requirements: Sequence[Requirement]) -> list[_View]:
    """Rules that must hold and have uncertain tags or cells, read at their worst."""
    ends: dict[Sense, tuple[End, End]] = {
        "at_least": ("low", "high"),
        "at_most": ("high", "low"),
    }
    return [
        _View(each, *ends[each.sense])
        for each in requirements
        if each.hard and each.sense in ends and _uncertain(each)
    ]


def _uncertain(requirement: Requirement) -> bool:
    differs = pl.col("low") != pl.col("high")
    sides = (requirement.measure, requirement.of)
    ranges = any(not side.filter(differs).is_empty() for side in sides)
    return ranges or not requirement.bound.exact


def _row(
    what_if: WhatIf, grid: Grid, view: _View, terms: dict[int, Fraction]
) -> ClassRow:
    """The row of a requirement; at its worst it need not be better than at the start.

    A rule that every reading of uncertain tags says is met stays so; one whose verdict
    hangs on them may not be made worse.
    """
    requirement = view.requirement
    gap = _gap(grid, view, "origin")
    if view.worst:
        before = _gap(grid, view, "start")
        spared = short(requirement.sense, before)
        gap += spared if requirement.sense == "at_least" else -spared
    return ClassRow(
        requirement.id,
        requirement.sense,
        terms,
        gap / what_if.unit,
        None if requirement.hard else what_if.levels[requirement.id],
        Fraction(1) if requirement.hard else what_if.weights[requirement.id],
    )


def _envelope(what_if: WhatIf, grid: Grid, spent: list[int]) -> ClassRow:
    total = money.total(grid.lines.filter("spent"), pl.col("origin"))
    gap = Fraction(total - what_if.envelope, what_if.unit)
    return ClassRow(ENVELOPE, "equal", dict.fromkeys(spent, Fraction(1)), gap)


def _move_limit(what_if: WhatIf, grid: Grid) -> Fraction | None:
    """Gross reallocation ½ Σ|x - start| within its limit (R23), as Σ(up + down)."""
    if what_if.moved_total is None:
        return None
    used = money.total(grid.lines, (pl.col("origin") - pl.col("start")).abs())
    return Fraction(2 * what_if.moved_total - used, what_if.unit)


def _rooms(rooms: pl.DataFrame, side: str, unit: int) -> Moves:
    """Whole units; for odd lines, all of their room."""
    return tuple(
        Fraction(odd_room, unit) if odd else Fraction(whole)
        for whole, odd_room, odd in rooms.select(side, f"odd_{side}", "odd").iter_rows()
    )


def _coefficients(views: Sequence[_View]) -> pl.DataFrame:
    """All coefficients in one long table: line, row, side, coefficient."""
    parts = [
        side.filter(pl.col(end) != 0).select(
            "line",
            pl.lit(number, pl.Int64).alias("row"),
            pl.lit(name).alias("side"),
            pl.col(end).alias("coefficient"),
        )
        for number, view in enumerate(views)
        for name, side, end in (
            ("measure", view.requirement.measure, view.measure),
            ("of", view.requirement.of, view.of),
        )
    ]
    schema = {
        "line": pl.UInt32,
        "row": pl.Int64,
        "side": pl.String,
        "coefficient": pl.Int64,
    }
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _classes(what_if: WhatIf, grid: Grid, coefficients: pl.DataFrame) -> pl.DataFrame:
    """Movable lines with the number of their class.

    The name of a class spells its coefficients, and classes are numbered in the order
    of their names: the order of lines changes nothing. An odd line is its own class.
    """
    rooms = grid.lines.rename({"up": "odd_up", "down": "odd_down"}).with_columns(
        up=pl.col("odd_up") // what_if.unit, down=pl.col("odd_down") // what_if.unit
    )
    whole = (pl.col("up") > 0) | (pl.col("down") > 0)
    some = (pl.col("odd_up") > 0) | (pl.col("odd_down") > 0)
    movable = rooms.filter(whole | (pl.col("odd") & some))
    spelled = (
        coefficients.join(movable.select("line"), on="line", how="semi")
        .sort("line", "row", "side")
        .group_by("line", maintain_order=True)
        .agg(
            pl.format("{}{}{}", "row", pl.col("side").str.head(1), "coefficient")
            .str.join(" ")
            .alias("name")
        )
    )
    own = pl.when("odd").then(pl.lit("\0") + pl.col("line_id")).otherwise(pl.lit(""))
    named = movable.join(spelled, on="line", how="left").with_columns(
        name=pl.col("spent").cast(pl.String) + pl.col("name").fill_null("") + own
    )
    number = (pl.col("name").rank("dense") - 1).cast(pl.Int64)
    return named.with_columns(number.alias("class"))


def _terms(
    members: pl.DataFrame, views: Sequence[_View], coefficients: pl.DataFrame
) -> list[dict[int, Fraction]]:
    """Net coefficient of each class in each row; lines of a class have the same."""
    examples = members.group_by("class").agg(pl.col("line").min()).sort("class")
    placed = coefficients.join(examples, on="line").sort("class", "side")
    terms: list[dict[int, Fraction]] = [{} for _ in views]
    for _, row, side, coefficient, number in placed.iter_rows():
        factor = -views[row].requirement.factor if side == "of" else 1
        net = Fraction(coefficient, money.WHOLE) * factor
        terms[row][number] = terms[row].get(number, Fraction(0)) + net
    return terms


_ENDS: dict[End, str] = {"coefficient": "stated", "low": "least", "high": "most"}


def _gap(grid: Grid, view: _View, where: str) -> Fraction:
    """Left side less right side with lines at ``where``, in minor units."""
    requirement = view.requirement
    amounts = grid.lines.select("line", amount=where)

    def summed(coefficients: pl.DataFrame, end: End) -> Fraction:
        each = products(coefficients, amounts)
        return Fraction(money.total(each, pl.col(_ENDS[end])), money.WHOLE)

    bound = requirement.bound.middle
    if view.worst:
        worst = requirement.bound
        bound = worst.high if requirement.sense == "at_least" else worst.low
    right = bound + requirement.factor * summed(requirement.of, view.of)
    return summed(requirement.measure, view.measure) - right
