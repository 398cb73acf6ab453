"""Why there is no answer, and what would make one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import Answer, Conflict, Relaxation
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.conflict import find as conflict
from hrbudget.optimize.conflict import relax, units
from hrbudget.optimize.conflict.units import Solve
from hrbudget.optimize.grid import Grid
from hrbudget.optimize.linear import possible
from hrbudget.optimize.model import Model
from hrbudget.optimize.solver.session import Session

_NOT_WHOLE = N_(
    "Limits could give way, but no answer with them was found in whole steps."
)


def why_not(
    session: Session,
    model: Model,
    what_if: WhatIf,
    requirements: Sequence[Requirement],
    solve: Solve,
) -> Answer:
    """The rules that collide and the ways out, or the size of moves as the obstacle.

    Args:
        session: holds a model of this shape; it is left with other numbers.
        model: of the what-if, with the rows of forbidden lines.
        what_if: what has no answer.
        requirements: what the rules ask.
        solve: how another what-if is answered; None: it has no answer.
    """
    if possible(session, model):
        # The solver may take a few öre for none; exact arithmetic does not.
        proven = conflict.proven(session, model, what_if)
        if proven:
            return _infeasible(model.grid, proven, conflict.notes(proven))
        return _infeasible(model.grid, units.too_coarse(what_if, requirements, solve))
    members = conflict.find(session, model, what_if)
    notes = conflict.notes(members)
    ways = relax.ways_out(model, what_if, requirements, solve)
    if not ways and len(notes) == 1:
        notes += (Phrase(_NOT_WHOLE),)
    return _infeasible(model.grid, members, notes, ways)


def _infeasible(
    grid: Grid,
    members: tuple[Conflict, ...],
    notes: tuple[Phrase, ...] = (),
    ways: tuple[Relaxation, ...] = (),
) -> Answer:
    unmoved = grid.lines.select("line", "start", amount="start")
    nothing = pl.DataFrame(schema={"line": pl.UInt32, "because": pl.List(pl.String)})
    return Answer(
        "infeasible", unmoved, nothing, conflict=members, relaxations=ways, notes=notes
    )
