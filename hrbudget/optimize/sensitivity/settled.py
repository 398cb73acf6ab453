"""The answer of the levels in turn at its very corner, without any dust.

The answer that is proposed may give back a speck of an earlier level, so that a later
one is sure to have an answer. What asks which bounds are touched asks this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.optimize.linear import costs, load
from hrbudget.optimize.model import Model, lost
from hrbudget.optimize.solver.around import Tangent, Twin
from hrbudget.optimize.solver.session import Session

#: How far a slope of the solver's may be from the simple number that it stands for.
_NEAR = Fraction(1, 10**10)

#: Denominators of slopes, the simplest first: of hundredths, and of shares.
_DENOMINATORS = (1_000, 1_000_000)


@dataclass(frozen=True)
class Settled:
    """The levels in turn, and last the movement, at their least.

    Attributes:
        twin: has the last answer, with all levels kept at their least.
        least: shortfall of each level, and last the movement; as the session counts.
        gains: of each of them, what more room of a class would save at most.
    """

    twin: Twin
    least: tuple[Fraction, ...]
    gains: tuple[pl.DataFrame, ...]


def settle(session: Session, model: Model, *, wider: bool = False) -> Settled | None:
    """The answer to a model that a session of its shape holds; None: there is none.

    Args:
        session: the session.
        model: the model.
        wider: whether lines may be given more room from there: then what no move
            within bounds can make good is not beyond all moves.

    Raises:
        SolverFailed: the solver stopped without an answer.
    """
    load(session, model)
    twin = Twin(session)
    if wider:
        _free(twin, model)
    least, gains = [], []
    for slot, level in enumerate(model.levels):
        counted = costs(model, level)
        twin.hold(slot, counted, None)
        best = twin.least(counted)
        if best is None:
            return None
        least.append(max(Fraction(0), best))
        gains.append(twin.gains())
        twin.fix()
    best = twin.least({}, model.shape.totals)
    if best is None:
        return None
    return Settled(twin, (*least, best), (*gains, twin.gains()))


def _free(twin: Twin, model: Model) -> None:
    """Let what is lacking in any case become less, in rows beyond all moves."""
    for number, row in enumerate(model.rows):
        if row.level is not None:
            beyond = lost(row.sense, model.reach(row))
            if beyond:
                twin.free(number, 1 if beyond > 0 else -1)


def changes(tangent: Tangent, model: Model) -> tuple[Fraction, ...] | None:
    """The least change of each level in turn, and of the movement, for one step.

    None where no direction leads to an answer.

    Raises:
        SolverFailed: the solver stopped without an answer.
    """
    found = []
    for level in model.levels:
        change = tangent.least(costs(model, level))
        if change is None:
            return None
        found.append(change)
        tangent.fix()
    change = tangent.least({}, model.shape.totals)
    if change is None:
        return None
    return tuple(simple(each / tangent.scale) for each in (*found, change))


def simple(slope: Fraction) -> Fraction:
    """The simplest number that a slope of the solver's can stand for."""
    near = _NEAR * max(Fraction(1), abs(slope))
    for most in _DENOMINATORS:
        found = slope.limit_denominator(most)
        if abs(found - slope) <= near:
            return found
    return slope
