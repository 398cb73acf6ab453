"""Levels in turn: the most urgent shortfall first, the least movement last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.optimize.model import ClassRow, Model
from hrbudget.optimize.solver import Column, Program, Row, Solution, minimize

#: What a later level may give back of an earlier one, in units: solvers' dust.
_DUST = Fraction(1, 10**7)


@dataclass(frozen=True)
class Point:
    """Whole units moved up and down by each class; the origin moves none."""

    up: tuple[int, ...]
    down: tuple[int, ...]


@dataclass(frozen=True)
class Lexicographic:
    """The answer of the last level, and what each level came to.

    Attributes:
        solution: its first columns are the classes' up moves, then their down moves.
        least: level → least weighted shortfall, in units.
    """

    solution: Solution
    least: dict[int, Fraction]


def program(
    model: Model, base: Point, reach: int | None, margin: Fraction = Fraction(0)
) -> Program:
    """The model around a point.

    Args:
        model: rows over classes.
        base: the columns count from here, so that only small numbers are rounded.
        reach: how many whole units a column may leave the base; None: columns are
            continuous and may use all their room.
        margin: extra that rows which must hold are held by.
    """
    columns = [
        *(_column(at, room, reach) for at, room in zip(base.up, model.up, strict=True)),
        *(
            _column(at, room, reach)
            for at, room in zip(base.down, model.down, strict=True)
        ),
    ]
    classes, rows = len(model.up), []
    for row in model.rows:
        terms = _moves(row, classes)
        gap = gap_at(row, base)
        if row.level is not None:
            terms |= _slack(row, columns)
        rows.append(_bounded(row, terms, gap, margin if row.level is None else None))
    if model.move_limit is not None:
        moved = sum(base.up) + sum(base.down)
        every = dict.fromkeys(range(2 * classes), Fraction(1))
        rows.append(Row(every, None, model.move_limit - moved - margin))
    return Program(columns, rows)


def in_turn(model: Model, linear: Program) -> Lexicographic:
    """Minimize each level's shortfall in turn, then the movement."""
    classes, least = len(model.up), {}
    for level in model.levels:
        cost = slack_cost(model, level)
        solution = minimize(linear, cost)
        if not solution.feasible:
            return Lexicographic(solution, {})
        least[level] = max(Fraction(0), solution.cost)
        dust = _DUST * max(Fraction(1), least[level] / 100)
        linear = linear.also(Row(cost, None, least[level] + dust))
    movement = dict.fromkeys(range(2 * classes), Fraction(1))
    return Lexicographic(minimize(linear, movement), least)


def gap_at(row: ClassRow, point: Point) -> Fraction:
    """Left side less right side of a row at a point, exactly, in units."""
    return row.gap + sum(
        (
            factor * (point.up[number] - point.down[number])
            for number, factor in row.terms.items()
        ),
        Fraction(0),
    )


def holds(row: ClassRow, point: Point) -> bool:
    """Whether a row that must hold does so at a point, exactly."""
    gap = gap_at(row, point)
    if row.sense == "equal":
        return gap == 0
    return gap >= 0 if row.sense == "at_least" else gap <= 0


def slack_cost(model: Model, level: int) -> dict[int, Fraction]:
    """The weighted shortfalls of one level; slack columns follow the moves in order."""
    cost, column = {}, 2 * len(model.up)
    for row in model.rows:
        if row.level is None:
            continue
        for _ in range(2 if row.sense == "equal" else 1):
            if row.level == level:
                cost[column] = row.weight
            column += 1
    return cost


def _column(at: int, room: int, reach: int | None) -> Column:
    if reach is None:
        return Column(Fraction(-at), Fraction(room - at))
    return Column(
        Fraction(-min(at, reach)), Fraction(min(room - at, reach)), integer=True
    )


def _moves(row: ClassRow, classes: int) -> dict[int, Fraction]:
    up = dict(row.terms)
    return up | {number + classes: -factor for number, factor in row.terms.items()}


def _slack(row: ClassRow, columns: list[Column]) -> dict[int, Fraction]:
    """Columns of the row's shortfall, added at the end."""
    signs: Sequence[int] = {"at_least": (1,), "at_most": (-1,), "equal": (1, -1)}[
        row.sense
    ]
    terms = {}
    for sign in signs:
        terms[len(columns)] = Fraction(sign)
        columns.append(Column(Fraction(0), None))
    return terms


def _bounded(
    row: ClassRow, terms: dict[int, Fraction], gap: Fraction, margin: Fraction | None
) -> Row:
    extra = margin or Fraction(0)
    if row.sense == "equal":
        return Row(terms, -gap, -gap)
    if row.sense == "at_least":
        return Row(terms, -gap + extra, None)
    return Row(terms, None, -gap - extra)
