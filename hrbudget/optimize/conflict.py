"""When nothing works: a set of rules that cannot all hold, with nothing to spare.

A deletion filter over the rows that must hold: each row is left out in turn, and stays
out when the rest is still impossible. What remains is irreducible: without any one of
its members the others can hold. The lines' bounds are given; there may be other sets.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import Conflict
from hrbudget.optimize.grid import ENVELOPE
from hrbudget.optimize.levels import Point, program
from hrbudget.optimize.model import MOVED_TOTAL, ClassRow, Model
from hrbudget.optimize.solver import minimize

WHOLE_UNITS = "round_to"


def find(model: Model, envelope: int, unit: int) -> tuple[Conflict, ...]:
    """An irreducible set of rules that collide, each with what it asks."""
    kept = replace(model, rows=tuple(row for row in model.rows if row.level is None))
    for row in kept.rows:
        without = tuple(each for each in kept.rows if each.id != row.id)
        trial = replace(kept, rows=without)
        kept = kept if _possible(trial) else trial
    if kept.move_limit is not None and not _possible(replace(kept, move_limit=None)):
        kept = replace(kept, move_limit=None)
    members = [Conflict(row.id, _asks(row, kept, envelope, unit)) for row in kept.rows]
    if kept.move_limit is not None:
        most = {"limit": max(Fraction(0), kept.move_limit) * unit / 2}
        phrase = Phrase(N_("At most {limit} may be moved between lines."), most)
        members.append(Conflict(MOVED_TOTAL, phrase))
    return tuple(members)


def too_coarse(unit: int) -> tuple[Conflict, ...]:
    """The answer exists, but not in whole units."""
    phrase = Phrase(
        N_(
            "An answer exists, but none in whole multiples of {unit}; "
            "choose a smaller round_to."
        ),
        {"unit": Fraction(unit)},
    )
    return (Conflict(WHOLE_UNITS, phrase),)


def _possible(model: Model) -> bool:
    origin = Point((0,) * len(model.up), (0,) * len(model.down))
    return minimize(program(model, origin, None), {}).feasible


def _asks(row: ClassRow, model: Model, envelope: int, unit: int) -> Phrase | None:
    least, most = (row.gap + each for each in _reach(row, model))
    if row.id == ENVELOPE:
        total = Fraction(envelope)
        values = {
            "envelope": total,
            "least": total + least * unit,
            "most": total + most * unit,
        }
        return Phrase(
            N_(
                "The envelope of {envelope} is shared out exactly; the lines' bounds "
                "allow from {least} to {most}."
            ),
            values,
        )
    lacking = -most if row.sense == "at_least" else least
    if row.sense == "equal" or lacking <= 0:
        return None
    return Phrase(
        N_("The lines' bounds alone leave {lacking} lacking."),
        {"lacking": lacking * unit},
    )


def _reach(row: ClassRow, model: Model) -> tuple[Fraction, Fraction]:
    """Least and most that moves within the lines' bounds can add to a row."""
    least = most = Fraction(0)
    for number, factor in row.terms.items():
        ends = (factor * model.up[number], -factor * model.down[number])
        least, most = least + min(ends), most + max(ends)
    return least, most
