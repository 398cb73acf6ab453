"""Form ``per_person``: the measured money is at least or at most a sum for each person.

    Σ_l c_l · x_l   ≥ | ≤ | =   B · N        (minor units of the budget's currency)

``B`` is money per person and year, ``N`` the persons of a group and district in the
population table (``persons``; the year is the budget's, or with ``year: latest`` the
latest not after it, whose age the finding tells). ``N`` is a constant.
Basis: spend per rights-holder (R07; CRC General Comment 19), support or allowances per
person in law and in donors' agreements. No treaty sets ``B``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.rule import Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.people import Counted, Persons, count, year_of
from hrbudget.rules.rulefile import Currency, ValueRule, other_currency


class PerPersonRule(ValueRule):
    """Keys of the form."""

    form: Literal["per_person"]
    measure: Measure = Measure()
    persons: Persons
    currency: Currency | None = None

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        ledger, who = context.ledger, self.persons.who
        selection = select(ledger, self.applies_to, self.measure)
        value = self.value(context.on, values)
        year = year_of(context, "population", [who], self.persons.year)
        persons = count(context, "population", who, year)
        missing = (
            *selection.missing,
            *(part for part in (value, persons) if isinstance(part, Phrase)),
            *other_currency(self.currency, ledger.currency),
        )
        if missing or not isinstance(value, Fraction) or isinstance(persons, Phrase):
            return [
                Requirement(rule, self.sense, selection.coefficients, missing=missing)
            ]
        each = value * 10 ** money.decimals(ledger.currency)
        return [
            Requirement(
                rule,
                self.sense,
                selection.coefficients,
                Interval.exactly(each * persons.number),
                basis=_basis(each, persons),
                data=persons.data,
            )
        ]


def _basis(each: Fraction, persons: Counted) -> Phrase:
    return Phrase(
        N_("That is {each} for each of {persons} persons ({who})."),
        {"each": each, "persons": Ratio(persons.number), "who": str(persons.who)},
    )
