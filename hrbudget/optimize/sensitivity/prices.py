"""Shadow prices: what one krona more or less of a bound does to each level in turn.

A price is a derivative of the whole answer, in which each level is served again with
those before it at their new least: to the left and to the right, for at a corner of
several pieces the two differ. It is the least change of each level in turn among the
directions in which the answer may move, and so holds where the answer is degenerate
too. Its range is how far the bound may go while this level, and those before it, change
at that rate: one linear program whose objective is the distance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.proposal import MOVED_TOTAL, Price
from hrbudget.errors import SolverFailed
from hrbudget.optimize.linear import Linear
from hrbudget.optimize.model import Model, lost, used
from hrbudget.optimize.sensitivity.settled import changes, settle
from hrbudget.optimize.solver.around import Reach, Tangent
from hrbudget.optimize.solver.session import Session

#: Changes of each level in turn, and last of the movement, per krona of a bound.
_Slopes = tuple[Fraction, ...]

#: What sums may gain on their slopes, so that a slope's last digit does not end them.
_SLACK = Fraction(1, 10**9)

#: Ends of ranges are given to a millionth of a minor unit.
_FINE = 10**6


def prices(session: Session, model: Model, linear: Linear) -> tuple[Price, ...]:
    """Prices of what the answer meets with nothing to spare, or lacks.

    In the order of the model's rows, the limit on all moves last. A row that may ask
    for more and for less without any effect, or for no more at all, has one price, that
    of the movement.
    """
    del linear  # it has the solver's dust on it: the answer is found again without
    return tuple(price for _, price in by_row(session, model))


def by_row(session: Session, model: Model) -> Iterator[tuple[int, Price]]:
    """Prices with the number of the row that each belongs to."""
    try:
        settled = settle(session, model)
    except SolverFailed:
        return
    if settled is None:
        return
    reach = Reach(settled.twin, model.shape.totals)
    pricing = _Pricing(model, settled.least, Tangent(settled.twin), reach)
    for number in sorted(pricing.tangent.touched):
        try:
            found = list(pricing.of(number))
        except SolverFailed:  # numbers too far apart for it: better none than wrong
            continue
        for price in found:
            yield number, price


@dataclass(frozen=True)
class _Bound:
    """A row's bound as people know it.

    Attributes:
        id: of the requirement.
        value: the bound, in minor units.
        scale: what the row's right changes by for one of the bound.
        lost: how far the bound is beyond what moves can reach.
        room: least and most of the gap that moves can make.
    """

    id: str
    value: Fraction
    scale: int
    lost: Fraction
    room: tuple[Fraction, Fraction]


@dataclass(frozen=True)
class _Pricing:
    """An answer's directions, and how far they lead."""

    model: Model
    least: tuple[Fraction, ...]
    tangent: Tangent
    reach: Reach

    def of(self, number: int) -> Iterator[Price]:
        """The prices of a row that the answer touches."""
        bound = self._bound(number)
        if bound is None:
            return
        if bound.lost:
            yield self._beyond(number, bound)
            return
        low, high = (self._slopes(number, toward) for toward in (-1, 1))
        levels = (*self.model.levels, None)
        both = [side for side in (low, high) if side is not None]
        told = [n for n in range(len(levels)) if any(side[n] for side in both)]
        for n in told or [len(levels) - 1]:
            yield Price(
                id=bound.id,
                level=levels[n],
                low=None if low is None else low[n] * bound.scale,
                high=None if high is None else high[n] * bound.scale,
                bound=bound.value,
                start=self._end(number, -1, low, n, bound),
                end=self._end(number, 1, high, n, bound),
            )

    def _bound(self, number: int) -> _Bound | None:
        """None: a row that no move can change, or that lines were emptied for."""
        model = self.model
        if number == len(model.rows):
            limit = model.move_limit or Fraction(0)
            everything = money.total(model.rooms, pl.col("up") + pl.col("down"))
            return _Bound(
                MOVED_TOTAL,
                (limit + used(model.grid)) / 2,
                2,
                Fraction(0),
                (-limit, everything - limit),
            )
        row = model.rows[number]
        room = model.reach(row)
        if row.forbids or (row.level is None and room[0] == room[1]):
            return None
        beyond = Fraction(0) if row.level is None else lost(row.sense, room)
        return _Bound(row.id, row.bound, 1, beyond, room)

    def _slopes(self, number: int, toward: int) -> _Slopes | None:
        """Derivatives on one side; None: no answer there."""
        self.tangent.open()
        self.tangent.push(number, toward)
        found = changes(self.tangent, self.model)
        return None if found is None else tuple(toward * each for each in found)

    def _end(
        self, number: int, toward: int, slopes: _Slopes | None, n: int, bound: _Bound
    ) -> Fraction | None:
        """How far the bound may go on one side; None: any far."""
        if slopes is None:
            return bound.value
        try:
            far = self._far(number, toward, dict(enumerate(slopes[: n + 1])), bound)
        except SolverFailed:  # then it is known to hold here, and no further
            far = Fraction(0)
        return None if far is None else bound.value + toward * far / bound.scale

    def _far(
        self, number: int, toward: int, slopes: Mapping[int, Fraction], bound: _Bound
    ) -> Fraction | None:
        """How far the row's right may go; None where it goes beyond what moves reach.

        Beyond the least and the most that moves can make of the left side, nothing but
        the row's own lack changes any more.
        """
        least, most = bound.room
        inside = max(
            Fraction(0), toward * ((most if toward > 0 else least) + bound.lost)
        )
        edge = inside + (most - least) / 8 + self.tangent.scale
        for slot, value in enumerate(self.least):
            self.reach.keep(slot, value if slot in slopes else None)
        eased = {
            slot: slope + toward * _SLACK * max(Fraction(1), abs(slope))
            for slot, slope in slopes.items()
        }
        far = self.reach.far(number, toward, eased, edge)
        if far * _FINE > edge * (_FINE - 1):
            return None
        whole = Fraction(round(far))
        if abs(whole - far) <= _SLACK * 10 * max(Fraction(1), far):
            return whole
        return Fraction(round(far * _FINE), _FINE)

    def _beyond(self, number: int, bound: _Bound) -> Price:
        """The price of what asks for more than moves can reach: all of it is lacking.

        The program has the nearest bound within reach in its place, from which the same
        piece may lead further in.
        """
        row, back = self.model.rows[number], -1 if bound.lost > 0 else 1
        levels = (*self.model.levels, None)
        n, slope = levels.index(row.level), -back * row.weight
        nearest, slopes = bound.value - bound.lost, self._slopes(number, back)
        further: Fraction | None = Fraction(0)
        expected = (*[Fraction(0)] * n, slope)
        if slopes is not None and slopes[: n + 1] == expected:
            further = self._far(number, back, dict(enumerate(expected)), bound)
        inner = None if further is None else nearest + back * further
        ends = (inner, None) if back < 0 else (None, inner)
        return Price(bound.id, row.level, slope, slope, bound.value, *ends)
