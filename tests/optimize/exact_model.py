"""A model solved exactly, level by level, to hold prices against differences.

It takes nothing from the optimizer but the model's numbers: classes, rows, rooms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import polars as pl

from hrbudget import money
from hrbudget.domain.proposal import Price
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.errors import CallRefused
from hrbudget.optimize.grid import place
from hrbudget.optimize.linear import Linear, in_turn, open_session
from hrbudget.optimize.model import Model, build, number, views
from hrbudget.optimize.shape import Totals, shape
from hrbudget.optimize.solver.session import Session
from hrbudget.scenario.apply import apply
from tests.optimize.exact_lp import Number, Program, Solver
from tests.optimize.random_cases import case


def model_of(what_if: WhatIf, asked: tuple[Requirement, ...]) -> Model:
    """The model that the optimizer makes of a what-if."""
    every = (*what_if.asks, *asked)
    grid = place(what_if, every)
    totals = Totals(grid.lines.filter(pl.col("start") < 0)["line"])
    seen = views(what_if, every)
    numbered = list(zip(seen, number(seen, totals), strict=True))
    made = shape(grid.lines.select("line", "step"), totals)
    return build(what_if, grid, numbered, made)


@dataclass(frozen=True)
class Opened:
    """A random case that has an answer, in the solver."""

    name: str
    model: Model
    session: Session
    linear: Linear

    @cached_property
    def least(self) -> list[Fraction]:
        """Shortfall of each level in turn, and the movement, exactly."""
        found = least(self.model)
        assert found is not None
        return found

    def far(self, price: Price, toward: int) -> Fraction | None:
        """How far the bound may go; None: any far."""
        end = price.start if toward < 0 else price.end
        return None if end is None else toward * (end - price.bound)

    @property
    def levels(self) -> tuple[int | None, ...]:
        return (*self.model.levels, None)


def opened(seed: str, numbers: range) -> Iterator[Opened]:
    """The random cases of a seed that have an answer.

    Without those in which a class has less room than the solver's numbers tell from
    none: a few öre beside hundreds of millions of kronor.
    """
    for each in numbers:
        made = case(seed, each)
        book = made.ledger()
        asked = made.requirements(book)
        try:
            model = model_of(apply(made.what(), book, asked), asked)
        except CallRefused:
            continue
        session = open_session(model)
        linear = in_turn(session, model)
        if linear is None or _specks(model, session):
            continue
        if least(model) is not None:
            yield Opened(made.name, model, session, linear)


def _specks(model: Model, session: Session) -> bool:
    rooms = [room for side in ("up", "down") for room in model.rooms[side].to_list()]
    return any(0 < room * 10**6 < session.scale for room in rooms)


def least(
    model: Model, wider: Mapping[tuple[int, str], Fraction] | None = None
) -> list[Fraction] | None:
    """The least of each level in turn, and of the movement; None: no answer.

    Args:
        model: the model.
        wider: (class, side) → more room, in minor units.
    """
    program, sides = Program(), {}
    for name, row in enumerate(model.rooms.iter_rows(named=True)):
        for side in ("up", "down"):
            more = (wider or {}).get((name, side), Fraction(0))
            sides[name, side] = program.column(0, row[side] + more)
    levels = _rows(program, model, sides)
    moves: dict[int, Number] = dict.fromkeys(sides.values(), 1)
    if model.move_limit is not None:
        program.row(moves, None, model.move_limit)
    solver, found = Solver(program), []
    for cost in (*levels.values(), moves):
        value = solver.least(cost)
        if value is None:
            return None
        found.append(value)
    return found


def _rows(
    program: Program, model: Model, sides: Mapping[tuple[int, str], int]
) -> dict[int, dict[int, Number]]:
    """The model's rows; of each level, what each lack counts."""
    coefficients: defaultdict[int, dict[int, Fraction]] = defaultdict(dict)
    terms = model.shape.terms.select("total", "class", "coefficient")
    for total, name, factor in terms.iter_rows():
        coefficients[total][name] = Fraction(factor, money.WHOLE)
    levels: dict[int, dict[int, Number]] = {level: {} for level in model.levels}
    for row in model.rows:
        left: defaultdict[int, Fraction] = defaultdict(Fraction)
        for total, times in row.terms.items():
            for name, factor in coefficients[total].items():
                left[sides[name, "up"]] += times * factor
                left[sides[name, "down"]] -= times * factor
        if row.level is not None:
            for sign, not_this in ((1, "at_most"), (-1, "at_least")):
                if row.sense != not_this:
                    lack = program.column(0, None)
                    left[lack], levels[row.level][lack] = Fraction(sign), row.weight
        right = -row.gap(model.origin)
        low = None if row.sense == "at_most" else right
        program.row(left, low, None if row.sense == "at_least" else right)
    return levels


def asking(model: Model, row: int, more: Fraction) -> Model:
    """The model with another bound of one row; the last is the limit on moves."""
    if row == len(model.rows):
        assert model.move_limit is not None
        return replace(model, move_limit=model.move_limit + 2 * more)
    rows = list(model.rows)
    rows[row] = replace(rows[row], bound=rows[row].bound + more)
    return replace(model, rows=tuple(rows))


def weighing(model: Model, row: int, weight: Fraction) -> Model:
    """The model with another weight of one row."""
    rows = list(model.rows)
    rows[row] = replace(rows[row], weight=weight)
    return replace(model, rows=tuple(rows))
