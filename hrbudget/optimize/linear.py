"""Levels in turn without whole units: the least shortfalls, then the least movement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.requirement import Sense
from hrbudget.optimize.model import Model
from hrbudget.optimize.model import lost as cannot_help
from hrbudget.optimize.program import Block, Found, Rule
from hrbudget.optimize.solver.session import Session

#: What a later level may give back of an earlier one, in parts of the mean room of a
#: class: dust of the solver.
_DUST = Fraction(1, 10**9)

#: Classes above which levels are kept by what has a price, and every level starts from
#: its own last basis: a sum that is held makes large programs slow.
_BIG = 2_000

#: Bases of whole steps are named by a level's place and this.
_WHOLE = 1_000_000

#: What movement costs where it is all that is minimized.
ONE = Fraction(1)


@dataclass(frozen=True)
class Linear:
    """The answer of the last level, and the least weighted shortfall of each."""

    found: Found
    least: Mapping[int, Fraction]


def open_session(model: Model) -> Session:
    """A session with the model's rows in order, and the limit on moves as the last.

    There is a slot for each level, in order.
    """
    block = Block(model.shape.terms, model.rooms, model.shape.totals)
    rules = [Rule(row.terms, row.sense, Fraction(0)) for row in model.rows]
    rules.append(Rule({block.movement: ONE}, "at_most", Fraction(0)))
    session = Session(rules, len(model.levels), block)
    load(session, model)
    return session


def load(
    session: Session,
    model: Model,
    *,
    whole: bool = False,
    margin: Fraction = Fraction(0),
) -> dict[int, Fraction]:
    """Put the model's numbers into a session of its shape.

    Args:
        session: the session.
        model: the model.
        whole: whether classes have the room of their lines' whole steps only.
        margin: extra that inequalities which must hold are held by, in minor units.

    Returns:
        Of each level, shortfall that no class within its bounds can avoid; it is left
        out of what the session counts, so that its numbers stay small.
    """
    for slot in range(len(model.levels)):
        session.hold(slot, {}, None)
    unavoidable = dict.fromkeys(model.levels, Fraction(0))
    for number, row in enumerate(model.rows):
        lost = Fraction(0)
        if row.level is not None:
            lost = cannot_help(row.sense, model.reach(row))
            unavoidable[row.level] += row.weight * abs(lost)
        session.lack(number, open_=row.level is not None)
        extra = margin * _MARGIN[row.sense] if row.level is None else Fraction(0)
        session.right(number, -row.gap(model.origin) - lost + extra)
    last = len(model.rows)
    session.lack(last, open_=False)
    if model.move_limit is None:
        session.leave_out(last)
    else:
        session.right(last, model.move_limit - margin)
    sides = ("whole_up", "whole_down") if whole else ("up", "down")
    session.rooms(model.rooms.select(up=sides[0], down=sides[1]))
    return unavoidable


_MARGIN: dict[Sense, int] = {"at_least": 1, "at_most": -1, "equal": 0}


def costs(model: Model, level: int) -> dict[int, Fraction]:
    """Row → weight, of the rows whose shortfall a level counts."""
    return {n: row.weight for n, row in enumerate(model.rows) if row.level == level}


def in_turn(
    session: Session,
    model: Model,
    *,
    whole: bool = False,
    margin: Fraction = Fraction(0),
) -> Linear | None:
    """Minimize each level's shortfall in turn, then the movement; None: impossible."""
    unavoidable, least = load(session, model, whole=whole, margin=margin), {}
    dust, big = session.scale * _DUST, model.shape.classes > _BIG
    for slot, level in enumerate((*model.levels, None)):
        counted = {} if level is None else costs(model, level)
        totals = {model.shape.totals: ONE} if level is None else {}
        starts = ([slot + _WHOLE] if whole else []) + [slot] if big else ()
        found = session.minimize(counted, totals, starts)
        if not found.feasible:
            return None
        if level is None:
            break
        best = max(Fraction(0), found.value)
        least[level] = best + unavoidable[level]
        if big:
            session.settle()
        else:
            session.hold(slot, counted, best + dust)
    return Linear(found, least)


def possible(
    session: Session, model: Model, without: Iterable[int] = ()
) -> Found | None:
    """Some answer to what must hold, leaving out some rows; None: there is none.

    The number after the last row is the limit on moves.
    """
    load(session, model)
    for number in without:
        session.leave_out(number)
    found = session.minimize()
    return found if found.feasible else None


def nets(found: Found) -> pl.DataFrame:
    """``class`` and ``net`` of the classes that move."""
    every = found.net.to_frame("net").with_row_index("class")
    return every.filter(pl.col("net") != 0)
