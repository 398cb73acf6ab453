"""When nothing works: a set of rules that cannot all hold, with nothing to spare.

A deletion filter over the rows that must hold: each rule is left out in turn, and stays
out when the rest is still impossible. What remains is irreducible: without any one of
its members the others can hold, but for rounding to whole units. The lines' bounds are
given; there may be other sets.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import Conflict
from hrbudget.optimize.grid import ENVELOPE
from hrbudget.optimize.levels import layout
from hrbudget.optimize.model import MOVED_TOTAL, ClassRow, Model, short
from hrbudget.optimize.solver import minimize

WHOLE_UNITS = "round_to"


def possible(model: Model) -> bool:
    """Whether all that must hold can, in amounts of any size."""
    kept = replace(model, rows=tuple(row for row in model.rows if row.level is None))
    return minimize(layout(kept, kept.still, None).program, {}).feasible


def find(model: Model, envelope: int) -> tuple[Conflict, ...]:
    """An irreducible set of rules that collide, each with what it asks."""
    kept = replace(model, rows=tuple(row for row in model.rows if row.level is None))
    for name in dict.fromkeys(row.id for row in kept.rows):
        trial = replace(kept, rows=tuple(row for row in kept.rows if row.id != name))
        kept = kept if possible(trial) else trial
    if kept.move_limit is not None and not possible(replace(kept, move_limit=None)):
        kept = replace(kept, move_limit=None)
    members = {
        row.id: Conflict(row.id, _asks(row, kept, envelope)) for row in kept.rows
    }
    if kept.move_limit is not None:
        most = {"limit": max(Fraction(0), kept.move_limit) * kept.unit / 2}
        phrase = Phrase(N_("At most {limit} may be moved between lines."), most)
        members[MOVED_TOTAL] = Conflict(MOVED_TOTAL, phrase)
    return tuple(members.values())


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


def _asks(row: ClassRow, model: Model, envelope: int) -> Phrase | None:
    least, most = model.reach(row)
    if row.id == ENVELOPE:
        total = Fraction(envelope)
        values = {
            "envelope": total,
            "least": total + least * model.unit,
            "most": total + most * model.unit,
        }
        return Phrase(
            N_(
                "The envelope of {envelope} is shared out exactly; the lines' bounds "
                "allow from {least} to {most}."
            ),
            values,
        )
    lacking = short(row.sense, most if row.sense == "at_least" else least)
    if row.sense == "equal" or lacking == 0:
        return None
    return Phrase(
        N_("The lines' bounds alone leave {lacking} lacking."),
        {"lacking": lacking * model.unit},
    )
