"""From all that a report rests on to what it is about.

The same materials are at hand in a workspace and in an evidence pack, so that a report
can be computed again years later from the pack alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.pipeline.deciding import (
    Proposed,
    References,
    Surroundings,
    check_budget,
)
from hrbudget.report.subject import Subject


@dataclass(frozen=True)
class Materials:
    """All that a report is computed from.

    Attributes:
        ledger: the budget, or the baseline of a proposal.
        around: packs, facts, decisions, and the way to other years.
        entity: the municipality.
        others: the entity's other years and phases; ``around`` finds them here.
        plan: its action plan, where it has one.
        proposed: the proposal, where the report is on one.
        log_head: hash of the last event of the log.
    """

    ledger: Ledger
    around: Surroundings
    entity: str
    others: tuple[Ledger, ...] = ()
    plan: Plan | None = None
    proposed: Proposed | None = None
    log_head: str = ""


def subject(stuff: Materials) -> Subject:
    """Check the materials and lay out what a report is about."""
    done = stuff.proposed
    return Subject(
        ledger=stuff.ledger,
        checked=done.before if done else check_budget(stuff.ledger, stuff.around),
        on=str(stuff.around.day(stuff.ledger)),
        packs=stuff.around.names,
        entity=stuff.entity,
        proposal=(done.scenario, done.answer, done.after, done.comparison)
        if done
        else None,
        log_head=stuff.log_head,
        plan=stuff.plan,
        facts=stuff.around.facts,
        others=stuff.others,
    )


def among(ledgers: Iterable[Ledger]) -> References:
    """The way to an entity's other years, where exactly one of these holds one."""
    every = tuple(ledgers)

    def reference(entity: str, year: int, phase: str) -> Ledger | None:
        found = [
            each
            for each in every
            if (each.entity, each.fiscal_year, each.phase) == (entity, year, phase)
        ]
        return found[0] if len(found) == 1 else None

    return reference
