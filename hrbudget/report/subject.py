"""What reports are about: all that their kinds are built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hrbudget.domain.comparison import Comparison
from hrbudget.domain.facts import Facts, none
from hrbudget.domain.finding import Checked
from hrbudget.domain.follow_up import FollowUp
from hrbudget.domain.grant_account import GrantAccount
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.domain.proposal import Answer
from hrbudget.domain.scenario import Scenario
from hrbudget.domain.trend import Trend
from hrbudget.report.earlier import Earlier

#: Scenario, answer, checks after and comparison.
Proposal = tuple[Scenario, Answer, Checked, Comparison]


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
        followed: what became of the plan, where there is one.
        earlier: the report that this one is held against, where there is one.
        titles: of packs by name.
        trend: its years side by side, where there is another than this one.
        grants: the accounts of donors' grants to its projects.
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
    followed: FollowUp | None = None
    earlier: Earlier | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    trend: Trend | None = None
    grants: tuple[GrantAccount, ...] = ()
