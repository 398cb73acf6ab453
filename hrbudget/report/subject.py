"""What reports are about: all that their kinds are built from."""

from __future__ import annotations

from dataclasses import dataclass, field

from hrbudget.domain.facts import Facts, none
from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.report.proposal_page import Proposal


@dataclass(frozen=True)
class Subject:
    """What a report is about.

    Attributes:
        ledger: the budget, or the baseline of a proposal.
        checked: its findings and totals.
        on: the day whose values were in force, ISO 8601.
        packs: the packs that were checked.
        entity: the municipality.
        proposal: scenario, answer, checks after and comparison, where there is one.
        log_head: hash of the last event of the log; empty: nothing was stored.
        plan: the entity's action plan, where it has one.
        facts: what is known of the entity beside its budgets.
        others: the entity's other years and phases.
    """

    ledger: Ledger
    checked: Checked
    on: str
    packs: tuple[str, ...]
    entity: str
    proposal: Proposal | None = None
    log_head: str = ""
    plan: Plan | None = None
    facts: Facts = field(default_factory=none)
    others: tuple[Ledger, ...] = ()
