"""Form ``unit_cost``: the measured money covers those entitled at the minimum standard.

    Σ_l c_l · x_l   ≥   E · U · s        (minor units of the budget's currency)

``E`` is the number of persons ``entitled`` (population table; ``year`` as in form
``per_person``), ``U`` the ``unit_cost``, money per person and year, and ``s`` the part
of it that is the minimum ``standard`` (all of it where the rule names none); all are
constants. The entity's own values are given for ``unit_cost`` and ``standard``.
Basis: the cost floor of a minimum core (R11, R12; CESCR General Comment 3 para. 10,
E/C.12/2007/1 paras. 4-6). The treaty bodies set no unit costs: they are the entity's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.rule import InForce, Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.people import Counted, Persons, count, year_of
from hrbudget.rules.rulefile import (
    Currency,
    Dated,
    RuleFile,
    other_currency,
    refuse_others,
    stated_on,
    value_on,
)


class UnitCostRule(RuleFile):
    """Keys of the form."""

    form: Literal["unit_cost"]
    measure: Measure = Measure()
    entitled: Persons
    unit_cost: Dated
    standard: Dated | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _possible(self) -> UnitCostRule:
        for text in self.unit_cost.values():
            _cost(text or "0")
        for text in (self.standard or {}).values():
            _part(text or "0")
        return self

    def in_force(self, on: date, values: Mapping[str, str | None]) -> InForce | None:
        """The unit cost of a day, or the standard where only that was replaced."""
        if "standard" in values and "unit_cost" not in values:
            return InForce(values["standard"])
        return value_on("unit_cost", self.unit_cost, on, values)

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        refuse_others(rule, values, ("unit_cost", "standard"))
        ledger, who = context.ledger, self.entitled.who
        selection = select(ledger, self.applies_to, self.measure)
        cost, standard = self._stated(context.on, values)
        year = year_of(context, "population", [who], self.entitled.year)
        entitled = count(context, "population", who, year)
        missing = (
            *selection.missing,
            *(p for p in (cost, standard, entitled) if isinstance(p, Phrase)),
            *other_currency(self.currency, ledger.currency),
        )
        if (
            missing
            or isinstance(cost, Phrase)
            or isinstance(standard, Phrase)
            or isinstance(entitled, Phrase)
        ):
            return [
                Requirement(rule, "at_least", selection.coefficients, missing=missing)
            ]
        each = cost * 10 ** money.decimals(ledger.currency)
        return [
            Requirement(
                rule,
                "at_least",
                selection.coefficients,
                Interval.exactly(entitled.number * each * standard),
                basis=_basis(entitled, each, standard),
                data=entitled.data,
            )
        ]

    def _stated(
        self, on: date, values: Mapping[str, str | None]
    ) -> tuple[Fraction | Phrase, Fraction | Phrase]:
        """Unit cost and standard of a day, or what is missing of them."""
        cost = stated_on("unit_cost", self.unit_cost, on, values)
        known = self.standard or {date.min: "1"}
        standard = stated_on("standard", known, on, values)
        return (
            cost if isinstance(cost, Phrase) else _cost(cost),
            standard if isinstance(standard, Phrase) else _part(standard),
        )


def _cost(text: str) -> Fraction:
    number = money.to_fraction(text)
    if number < 0:
        message = f"{text!r} is below zero"
        raise ValueError(message)
    return number


def _part(text: str) -> Fraction:
    number = money.to_fraction(text)
    if not 0 <= number <= 1:
        message = f"{text!r} is not from 0 to 1; eighty per cent is 0.80"
        raise ValueError(message)
    return number


def _basis(entitled: Counted, cost: Fraction, standard: Fraction) -> Phrase:
    return Phrase(
        N_("That is {cost} for each of {persons} entitled ({who}), times {standard}."),
        {
            "cost": cost,
            "persons": Ratio(entitled.number),
            "who": str(entitled.who),
            "standard": Ratio(standard),
        },
    )
