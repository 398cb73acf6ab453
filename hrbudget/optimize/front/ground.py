"""What a front is drawn on: a model with its objectives, solved for any weights.

Everything that must hold holds, on the lines' bounds and not in whole units; what
progressive rules ask is no part of it unless they are objectives. A ``limit`` that is
an objective is negotiable, and may lack what its objective counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import polars as pl

from hrbudget.domain.front import Objective
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.grid import place
from hrbudget.optimize.linear import open_session
from hrbudget.optimize.model import Model, View, build, lost, number, used, views
from hrbudget.optimize.program import Found
from hrbudget.optimize.shape import Totals, shape
from hrbudget.optimize.solver.session import Session

#: Weights of the objectives' costs (what is minimized), in order.
Weights = tuple[Fraction, ...]


@dataclass(frozen=True)
class Aim:
    """An objective over a model: what is minimized.

    Attributes:
        total: number of the total that it is; None: of none.
        sign: what the total counts.
        rows: row → weight of what it lacks.
    """

    total: int | None
    sign: int
    rows: Mapping[int, Fraction]


@dataclass(frozen=True)
class Ground:
    """A model, its objectives, and the session that holds them.

    Attributes:
        model: in minor units.
        aims: the objectives.
        session: holds the model in parts of a minor unit, so that what it finds is as
            fine as its numbers are.
        parts: of how many a minor unit is one there, a power of two.
    """

    model: Model
    aims: tuple[Aim, ...]
    session: Session
    parts: int

    @cached_property
    def terms(self) -> list[list[tuple[int, int]]]:
        """Of each class: numbers of totals and its coefficients in millionths."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.classes)]
        columns = ("class", "total", "coefficient")
        for each, total, factor in self.model.shape.terms.select(columns).iter_rows():
            found[each].append((total, factor))
        return found

    @cached_property
    def rooms(self) -> list[tuple[int, int]]:
        """Of each class: how far it may go up and down, in minor units."""
        rows = self.model.rooms.select("up", "down").iter_rows()
        return [(int(up), int(down)) for up, down in rows]

    @cached_property
    def open(self) -> frozenset[int]:
        """Rows that may lack something, since an objective counts it."""
        return frozenset(row for aim in self.aims for row in aim.rows)

    @cached_property
    def lost(self) -> dict[int, Fraction]:
        """Of those rows: what no class within its bounds can make good, as a gap."""
        rows = self.model.rows
        return {n: lost(rows[n].sense, self.model.reach(rows[n])) for n in self.open}

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.model.rooms.height

    @property
    def moved(self) -> int:
        """What lines have moved to get onto the grid, in minor units."""
        return used(self.model.grid)

    def lacks(self, weights: Weights) -> dict[int, Fraction]:
        """Row → what each minor unit that it lacks costs."""
        costs: dict[int, Fraction] = {}
        for weight, aim in zip(weights, self.aims, strict=True):
            for row, each in aim.rows.items():
                costs[row] = costs.get(row, Fraction(0)) + weight * each
        return costs

    def counts(self, weights: Weights) -> dict[int, Fraction]:
        """Number of a total → what each minor unit of it costs; the last: movement."""
        costs: dict[int, Fraction] = {}
        for weight, aim in zip(weights, self.aims, strict=True):
            if aim.total is not None:
                costs[aim.total] = costs.get(aim.total, Fraction(0)) + weight * aim.sign
        return costs

    def minimize(self, weights: Weights, movement: Fraction = Fraction(0)) -> Found:
        """The solver's answer to a weighted sum, with a price on movement beside it."""
        totals, last = self.counts(weights), self.model.shape.totals
        totals[last] = totals.get(last, Fraction(0)) + movement
        return self.session.minimize(self.lacks(weights), totals)


def ground(
    what_if: WhatIf, asked: Sequence[Requirement], objectives: Sequence[Objective]
) -> Ground:
    """The ground of some objectives.

    Args:
        what_if: the what-if.
        asked: all that rules and the scenario ask; of the progressive ones, those that
            no objective names are left out.
        objectives: whose requirements are all among ``asked``.
    """
    grid = place(what_if, asked)
    negative = grid.lines.filter(pl.col("start") < 0)["line"]
    totals = Totals(negative)
    named = {name for each in objectives for name in each.weights}
    wanted = [each for each in asked if each.hard or each.id in named]
    every = _once(views(what_if, wanted), named, robust=what_if.robust)
    seen = list(zip(every, number(every, totals), strict=True))
    numbers = [
        totals.number(each.coefficients, "stated") if each.kind == "money" else None
        for each in objectives
    ]
    model = build(what_if, grid, seen, shape(grid.lines.select("line", "step"), totals))
    places = {row.id: place for place, row in enumerate(model.rows) if row.id in named}
    aims = tuple(
        _aim(each, total, model, places)
        for each, total in zip(objectives, numbers, strict=True)
    )
    parts = _parts(model.rooms)
    session = open_session(_finer(model, parts))
    on = Ground(model, aims, session, parts)
    for place_, gone in sorted(on.lost.items()):
        short = -model.rows[place_].gap(model.origin) - gone
        session.lack(place_, open_=True)
        session.right(place_, short * parts)
    return on


def _parts(rooms: pl.DataFrame) -> int:
    """As fine as doubles hold the largest room exactly."""
    sides = rooms.select(pl.max_horizontal("up", "down")).to_series().to_list()
    return 1 << max(0, _DOUBLE - max(sides, default=0).bit_length())


#: Bits of a double that are exact.
_DOUBLE = 53


def _finer(model: Model, parts: int) -> Model:
    """The same model, in parts of a minor unit."""
    limit = model.move_limit
    return replace(
        model,
        rooms=model.rooms.with_columns(pl.all() * pl.lit(parts, pl.Int128)),
        origin=tuple(total * parts for total in model.origin),
        rows=tuple(replace(row, bound=row.bound * parts) for row in model.rows),
        move_limit=None if limit is None else limit * parts,
    )


def _once(every: Sequence[View], named: set[str], *, robust: bool) -> list[View]:
    """One view of each objective's requirement: at its worst in a robust what-if."""
    kept: dict[str, View] = {}
    for each in every:
        name = each.requirement.id
        if name in named and (robust or name not in kept):
            kept[name] = each
    return [
        each
        for each in every
        if each.requirement.id not in named or kept[each.requirement.id] is each
    ]


def _aim(
    objective: Objective, total: int | None, model: Model, places: Mapping[str, int]
) -> Aim:
    if objective.kind == "movement":
        return Aim(model.shape.totals, 1, {})
    rows = {places[name]: weight for name, weight in objective.weights.items()}
    return Aim(total, objective.sign, rows)
