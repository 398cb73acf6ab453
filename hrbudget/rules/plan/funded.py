"""The money of an objective: its costed need, and the minimum core it may state.

    funded ratio (R32)    Σ_l c_l · x_l   ≥   costed need of the year
    minimum core (R11)    Σ_l c_l · x_l   ≥   entitled · unit cost · standard

``c_l`` is the part of line l that serves the objective: what the plan says of the line
(``lines``), and else what its tags say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
from pydantic import SkipValidation

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Objective, Plan
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Rule
from hrbudget.rules.context import Context
from hrbudget.rules.forms.amount import AmountRule
from hrbudget.rules.forms.unit_cost import UnitCostRule
from hrbudget.rules.measure import AppliesTo, Measure, Selection, select
from hrbudget.rules.people import Persons
from hrbudget.rules.plan.told import BUDGETS, CORE, about, of_plan
from hrbudget.rules.rulefile import Source


class FundedRule(AmountRule):
    """The money linked to an objective is at least its costed need of the year."""

    objective: SkipValidation[Objective]

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        return super().requirements(rule, _linked(context, self.objective), values)


class CoreRule(UnitCostRule):
    """The money linked to an objective covers what everybody entitled must have."""

    objective: SkipValidation[Objective]

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        return super().requirements(rule, _linked(context, self.objective), values)


def funded(stated: Plan, objective: Objective) -> FundedRule:
    """The rule ``plan.<id>``."""
    titled = about(objective, "Objective", "Mål")
    # Nobody has costed it: then the entity must enter the value.
    unknown = {stated.adopted or date.min: None}
    return FundedRule(
        **titled,
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated, objective.id), BUDGETS),
        applies_to=AppliesTo(),
        form="amount",
        measure=Measure(objective=objective.id),
        at_least=objective.costed_need or unknown,
        currency=stated.currency,
        objective=objective,
    )


def core(stated: Plan, objective: Objective) -> CoreRule | None:
    """The rule ``plan.<id>.core``, where the objective states a minimum core."""
    floor = objective.minimum_core
    if floor is None:
        return None
    titled = about(objective, "Minimum core", "Miniminivå")
    sources = (Source(title=floor.source),) if floor.source else ()
    people = floor.entitled
    return CoreRule(
        **{**titled, "description": floor.text or objective.description},
        obligation="minimum_core",
        effect="immediate",
        reference=(of_plan(stated, objective.id), CORE, *sources),
        applies_to=AppliesTo(),
        form="unit_cost",
        measure=Measure(objective=objective.id),
        entitled=Persons(
            group=people.group, district=people.district, year=people.year
        ),
        unit_cost=floor.unit_cost,
        standard=floor.standard or None,
        currency=stated.currency,
        objective=objective,
    )


def linked_lines(ledger: Ledger, objective: Objective) -> Selection:
    """Coefficients of the lines that serve an objective, or what is missing of them."""
    known = with_links(ledger, (objective,))
    return select(known, AppliesTo(), Measure(objective=objective.id))


def with_links(ledger: Ledger, objectives: Sequence[Objective]) -> Ledger:
    """The ledger whose tags say, of lines that the plan links, what the plan says."""
    rows = [
        {
            "line_id": link.line_id,
            "right": objective.right,
            "groups": list(objective.groups),
            "share": int(Fraction(link.share) * money.WHOLE),
            "effect": "supports",
            "basis": "manual",
            "objective": objective.id,
            "state": "approved",
        }
        for objective in objectives
        for link in objective.lines
    ]
    if not rows:
        return ledger
    schema = {
        name: kind for name, kind in ledger.tags.schema.items() if name in rows[0]
    }
    stated = pl.DataFrame(rows, schema=schema).join(
        ledger.lines.select("line", "line_id"), on="line_id"
    )
    others = ledger.tags.join(stated.select("line").unique(), on="line", how="anti")
    tags = pl.concat([others, stated], how="diagonal").sort(
        "line", "right", "objective", "effect", "share"
    )
    return replace(ledger, tags=tags)


def _linked(context: Context, objective: Objective) -> Context:
    if not objective.lines:
        return context
    return replace(context, ledger=with_links(context.ledger, (objective,)))
