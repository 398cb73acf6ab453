"""Form ``amount``: the measured money is at least, at most or equal to a sum.

    Σ_l c_l · x_l   ≥ | ≤ | =   B        (minor units of the budget's currency)

``c_l`` is the share of line l that counts (by tag, by filter or both). One requirement
for the budget, or one each ``per`` project or administrative unit. ``currency`` says
what a sum is stated in; a budget kept in another is not assessed. Basis: costed needs
of an action plan (R32), minimum core as a sum (R11), ceilings of a donor's agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.rule import Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.rulefile import Currency, Per, ValueRule, other_currency


class AmountRule(ValueRule):
    """Keys of the form."""

    form: Literal["amount"]
    measure: Measure = Measure()
    per: Per = "budget"
    currency: Currency | None = None

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for each scope."""
        ledger = context.ledger
        value = self.value(context.on, values)
        selection = select(ledger, self.applies_to, self.measure)
        missing = selection.missing
        if isinstance(value, Phrase):
            missing = (*missing, value)
        missing = (*missing, *other_currency(self.currency, ledger.currency))
        if isinstance(value, Phrase) or missing:
            return [
                Requirement(rule, self.sense, selection.coefficients, missing=missing)
            ]
        bound = Interval.exactly(value * 10 ** money.decimals(ledger.currency))
        return [
            Requirement(rule, self.sense, coefficients, bound, scope=scope)
            for scope, coefficients in _scopes(ledger, selection.coefficients, self.per)
        ]


def _scopes(
    ledger: Ledger, coefficients: pl.DataFrame, per: Per
) -> list[tuple[str, pl.DataFrame]]:
    """The coefficients of each scope, by its name; a ledger has one fiscal year."""
    if per == "budget":
        return [("", coefficients)]
    if per == "fiscal_year":
        return [(str(ledger.fiscal_year), coefficients)]
    named = coefficients.join(
        ledger.lines.select("line", pl.col(per).fill_null("-").alias("scope")),
        on="line",
    )
    scopes = named["scope"].unique().sort().to_list()
    if not scopes:
        return [("", coefficients)]
    return [
        (scope, named.filter(pl.col("scope") == scope).drop("scope"))
        for scope in scopes
    ]
