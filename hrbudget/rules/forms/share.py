"""Form ``share``: the measured money is at least or at most a share of other money.

    Σ_l c_l · x_l   ≥ | ≤   s · Σ_l o_l · x_l

Both sides move with the proposal. Basis: allocation share (R04, OPERA, IBP), political
pledges such as Education 2030, cost shares of donors (contingency, work input).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.rulefile import ValueRule


class ShareRule(ValueRule):
    """Keys of the form; ``of`` is the denominator, all lines it applies to if none."""

    least, most = Fraction(0), Fraction(1)

    form: Literal["share"]
    measure: Measure = Measure()
    of: Measure = Measure()

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        value = self.value(context.on, values)
        part = select(context.ledger, self.applies_to, self.measure)
        whole = select(context.ledger, self.applies_to, self.of)
        missing = once((*part.missing, *whole.missing))
        if not missing and whole.coefficients.is_empty():
            missing = (Phrase(N_("there is no money that it could be a share of")),)
        if isinstance(value, Phrase):
            missing = (*missing, value)
        if isinstance(value, Phrase) or missing:
            return [Requirement(rule, self.sense, part.coefficients, missing=missing)]
        basis = Phrase(
            N_("That is {share} % of {whole}."),
            {"share": Ratio(value * 100)},
        )
        return [
            Requirement(
                rule,
                self.sense,
                part.coefficients,
                factor=value,
                of=whole.coefficients,
                basis=basis,
            )
        ]
