"""Form ``eligible``: a line that does not satisfy ``require`` may hold no money.

    Σ_(l ineligible) |x_l|  ≤  0

A line keeps its sign, so ``|x_l|`` is linear: a refund cannot hide an ineligible cost.
A line whose eligibility cannot be told (a cell is empty) counts from nothing to all.
Basis: closed lists and prohibitions of donors' cost rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.phrase import Phrase, once
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import COEFFICIENTS, Requirement
from hrbudget.domain.rule import Rule
from hrbudget.domain.written import Filter
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, placed_by, select
from hrbudget.rules.rulefile import RuleFile, refuse_others


class EligibleRule(RuleFile):
    """Keys of the form."""

    form: Literal["eligible"]
    require: Filter

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget; there is no value to replace."""
        refuse_others(rule, values)
        ledger = context.ledger
        selection = select(ledger, self.applies_to, Measure())
        require = Predicate(self.require)
        needed = {"line", "amount", *require.names} & {*ledger.lines.columns}
        covered = ledger.lines.select(
            pl.col(sorted(needed)).gather(selection.coefficients["line"])
        )
        eligible = placed_by(ledger, covered, require)
        missing = selection.missing
        if isinstance(eligible, Phrase):
            missing = once((*missing, eligible))
        if missing or isinstance(eligible, Phrase):
            return [
                Requirement(rule, "at_most", selection.coefficients, missing=missing)
            ]
        lines = covered.select("line", "amount").with_columns(eligible=eligible)
        coefficients = _ineligible(lines, selection.coefficients)
        return [Requirement(rule, "at_most", coefficients)]


def _ineligible(lines: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    """Coefficients of the covered lines that are, or may be, ineligible."""
    sign = pl.when(pl.col("amount") < 0).then(-money.WHOLE).otherwise(money.WHOLE)
    sure = (pl.col("eligible").eq_missing(other=False)) & (pl.col("low") > 0)
    return (
        covered.join(lines, on="line")
        .filter(~pl.col("eligible").fill_null(value=False))
        .select(
            "line",
            coefficient=pl.when(sure).then(sign).otherwise(0),
            low=pl.when(sure).then(sign).otherwise(0),
            high=sign,
        )
        .cast(COEFFICIENTS)
        .sort("line")
    )
