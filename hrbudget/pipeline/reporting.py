"""From all that a report rests on to what it is about.

The same materials are at hand in a workspace and in an evidence pack, so that a report
can be computed again years later from the pack alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrbudget.domain.finding import Checked
from hrbudget.domain.follow_up import FollowUp
from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.domain.trend import Trend
from hrbudget.pipeline import granted, trend
from hrbudget.pipeline.deciding import (
    Proposed,
    References,
    Surroundings,
    check_budget,
)
from hrbudget.pipeline.followed import Books, follow_up
from hrbudget.report import earlier
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
        earlier: name and content of the report.json it is held against; None: none.
        grants: donors' grants to its projects.
    """

    ledger: Ledger
    around: Surroundings
    entity: str
    others: tuple[Ledger, ...] = ()
    plan: Plan | None = None
    proposed: Proposed | None = None
    log_head: str = ""
    earlier: tuple[str, bytes] | None = None
    grants: tuple[Grant, ...] = ()


def subject(stuff: Materials) -> Subject:
    """Check the materials and lay out what a report is about."""
    done = stuff.proposed
    checked = done.before if done else check_budget(stuff.ledger, stuff.around)
    return Subject(
        ledger=stuff.ledger,
        checked=checked,
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
        earlier=stuff.earlier and earlier.read(stuff.earlier[1], stuff.earlier[0]),
        titles={each.name: each.title for each in stuff.around.packs},
        followed=_followed(stuff),
        trend=_trend(stuff, checked),
        grants=granted.accounts(stuff.grants, (stuff.ledger, *stuff.others)),
    )


def _trend(stuff: Materials, checked: Checked) -> Trend | None:
    """The entity's years side by side; None where this is the only one."""
    if not stuff.others:
        return None
    return trend.trend(stuff.ledger, checked, stuff.others, stuff.around.facts)


def _followed(stuff: Materials) -> FollowUp | None:
    """What became of the plan; None where there is none."""
    if stuff.plan is None:
        return None
    done = stuff.proposed
    answered = done is not None and done.answer.status == "optimal"
    books = Books(
        stuff.ledger, done.proposal if done and answered else None, stuff.others
    )
    return follow_up(stuff.plan, books, stuff.around.day(stuff.ledger))


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
