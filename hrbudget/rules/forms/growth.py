"""Form ``growth``: the measured money against that of another year or phase.

    Σ_l c_l · x_l   ≥ | ≤ | =   (1 + g) · A · P_t/P_0 · N_t/N_0

``A`` is the same measure on the reference budget, ``P`` a deflator (``real``), ``N``
all inhabitants (``per: population``) or the need of the measured group, such as pupils
or users (``per: need``); all are constants of the requirement.
Basis: non-retrogression in real per-head terms (R01, R01b; ICESCR art. 2(1), CESCR
General Comment 3 para. 9, CRC General Comment 19 para. 31). No source sets ``g``; zero
is the meaning of the word, and a breach asks for a justification (R02).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import Requirement, evaluate
from hrbudget.domain.rule import Datum, Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.people import Table, Who, count
from hrbudget.rules.reference import Against, datum, reference
from hrbudget.rules.rulefile import ValueRule


class GrowthRule(ValueRule):
    """Keys of the form."""

    least = Fraction(-1)

    form: Literal["growth"]
    measure: Measure = Measure()
    against: Against
    real: str | None = None
    per: Table | None = None

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        now = select(context.ledger, self.applies_to, self.measure)
        before = reference(context, self.against)
        value = self.value(context.on, values)
        ratios = self._ratios(context)
        missing = (
            *now.missing,
            *(part for part in (value, *ratios) if isinstance(part, Phrase)),
        )
        if isinstance(before, Phrase):
            missing = (*missing, before)
        else:
            then = select(before, self.applies_to, self.measure)
            missing = once((*missing, *then.missing))
        if missing or isinstance(value, Phrase) or isinstance(before, Phrase):
            return [Requirement(rule, self.sense, now.coefficients, missing=missing)]
        if now.coefficients.is_empty() and then.coefficients.is_empty():
            nothing = Phrase(N_("no line counts, in this budget or the one before"))
            return [Requirement(rule, self.sense, now.coefficients, missing=(nothing,))]
        base = evaluate(then.coefficients, before.lines)
        factor, data = 1 + value, datum(context, before)
        for ratio in ratios:
            if isinstance(ratio, _Ratio):
                factor, data = factor * ratio.number, (*data, *ratio.data)
        basis = self._basis(before, base.middle, factor)
        bound = base.times(factor)
        return [
            Requirement(
                rule,
                self.sense,
                now.coefficients,
                bound,
                basis=basis,
                data=tuple(dict.fromkeys(data)),
            )
        ]

    def _ratios(self, context: Context) -> list[_Ratio | Phrase]:
        """Price and population ratios, or what is missing of them."""
        year = context.ledger.fiscal_year
        years = (year, year + self.against.fiscal_year)
        ratios: list[_Ratio | Phrase] = []
        if self.real is not None:
            ratios.append(_prices(context, self.real, years))
        if self.per is not None:
            ratios += _people(context, self.per, self.measure.group or "all", years)
        return ratios

    def _basis(self, before: Ledger, base: Fraction, factor: Fraction) -> Phrase:
        values: dict[str, str | Fraction | Ratio | Phrase] = {
            "base": base,
            "year": str(before.fiscal_year),
            "phase": Phrase(before.phase),
            "factor": Ratio(factor),
        }
        adjusted = self.real is not None or self.per is not None
        pattern = (
            N_(
                "That is {base} of {year} {phase}, times {factor} for prices "
                "and population."
            )
            if adjusted
            else N_("That is {base} of {year} {phase}, times {factor}.")
        )
        return Phrase(pattern, values)


@dataclass(frozen=True)
class _Ratio:
    """A figure of the budget's year against one of the reference, and their sources."""

    number: Fraction
    data: tuple[Datum, ...]


def _prices(context: Context, name: str, years: tuple[int, int]) -> _Ratio | Phrase:
    facts, (year, before) = context.facts, years
    now, then = facts.index(name, year), facts.index(name, before)
    if not now or not then:
        named = {"name": f"{name} {before}/{year}"}
        return Phrase(N_("the deflator {name} is missing"), named)
    data = [facts.datum("deflators", each, year, name=name) for each in years]
    return _Ratio(now / then, (*data[0], *data[1]))


def _people(
    context: Context, per: Table, group: str, years: tuple[int, int]
) -> list[_Ratio | Phrase]:
    """Inhabitants are all of them; need is that of the measured group."""
    who = Who("all" if per == "population" else group)
    now, then = (count(context, per, who, year) for year in years)
    if isinstance(now, Phrase) or isinstance(then, Phrase):
        return [each for each in (now, then) if isinstance(each, Phrase)]
    return [_Ratio(now.number / then.number, (*now.data, *then.data))]
