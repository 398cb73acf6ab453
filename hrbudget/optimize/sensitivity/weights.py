"""How far a weight may be changed with the proposal as good as it is.

A level weighs what its requirements lack. Giving one of them more weight changes the
answer as soon as less of it can be had for less than that; giving it less weight, as
soon as more of it pays for itself. Both are one linear program each, over the
directions in which the answer may move while earlier levels stay at their least. So a
range is that of the shortfalls, and not that of one of the bases that lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from hrbudget.domain.proposal import WeightRange
from hrbudget.errors import SolverFailed
from hrbudget.optimize.linear import Linear, costs
from hrbudget.optimize.model import Model
from hrbudget.optimize.sensitivity.settled import settle, simple
from hrbudget.optimize.solver.around import Tangent
from hrbudget.optimize.solver.session import Session


def ranges(session: Session, model: Model, linear: Linear) -> tuple[WeightRange, ...]:
    """Of each requirement that shares a level: weights that keep the proposal.

    In the order of the model's rows; all other weights stay as they are.
    """
    del linear  # it has the solver's dust on it: the answer is found again without
    shared = [level for level in model.levels if len(costs(model, level)) > 1]
    if not shared:
        return ()
    try:
        settled = settle(session, model)
        if settled is None:
            return ()
        tangent = Tangent(settled.twin)
        found = [each for level in shared for each in _of_level(tangent, model, level)]
    except SolverFailed:  # numbers too far apart for it: better none than wrong
        return ()
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))


def _of_level(
    tangent: Tangent, model: Model, level: int
) -> Iterator[tuple[int, WeightRange]]:
    tangent.open()
    for earlier in model.levels:
        if earlier < level:
            tangent.least(costs(model, earlier))
            tangent.fix()
    counted = costs(model, level)
    for number, weight in counted.items():
        less, more = (_cost(tangent, counted, number, toward) for toward in (-1, 1))
        low = weight if more is None else max(Fraction(0), weight - more)
        high = None if less is None else weight + less
        yield number, WeightRange(model.rows[number].id, weight, low, high)


def _cost(
    tangent: Tangent, counted: dict[int, Fraction], number: int, toward: int
) -> Fraction | None:
    """What a level at least gains when a row lacks one krona less or more."""
    least = tangent.trade(counted, number, toward)
    return None if least is None else max(Fraction(0), simple(least / tangent.scale))
