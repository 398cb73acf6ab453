"""Form ``growth``: the measured money against that of another year or phase.

    Σ_l c_l · x_l   ≥ | ≤ | =   (1 + g) · A · P_t/P_0 · N_t/N_0

``A`` is the same measure on the reference budget, ``P`` a deflator (``real``), ``N``
the population or the group in need (``per``); all are constants of the requirement.
Basis: non-retrogression in real per-head terms (R01, R01b; ICESCR art. 2(1), CESCR
General Comment 3 para. 9, CRC General Comment 19 para. 31). No source sets ``g``; zero
is the meaning of the word, and a breach asks for a justification (R02).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import Requirement, evaluate
from hrbudget.domain.rule import Rule
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, select
from hrbudget.rules.rulefile import ValueRule
from hrbudget.yamlfile import FileModel


class Against(FileModel):
    """The reference: years from the budget's own, and phase (the same if not said)."""

    fiscal_year: int
    phase: Literal["proposed", "approved", "adjusted", "executed"] | None = None


class GrowthRule(ValueRule):
    """Keys of the form."""

    least = Fraction(-1)

    form: Literal["growth"]
    measure: Measure = Measure()
    against: Against
    real: str | None = None
    per: Literal["population", "need"] | None = None

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """One requirement for the budget."""
        now = select(context.ledger, self.applies_to, self.measure)
        reference = self._reference(context)
        value = self.value(context.on, values)
        ratios = self._ratios(context)
        missing = (
            *now.missing,
            *(part for part in (value, *ratios) if isinstance(part, Phrase)),
        )
        if isinstance(reference, Phrase):
            missing = (*missing, reference)
        else:
            then = select(reference, self.applies_to, self.measure)
            missing = once((*missing, *then.missing))
        if missing or isinstance(value, Phrase) or isinstance(reference, Phrase):
            return [Requirement(rule, self.sense, now.coefficients, missing=missing)]
        base = evaluate(then.coefficients, reference.lines)
        factor = 1 + value
        for ratio in ratios:
            factor *= ratio if isinstance(ratio, Fraction) else 1
        basis = self._basis(reference, base.middle, factor)
        bound = base.times(factor)
        return [Requirement(rule, self.sense, now.coefficients, bound, basis=basis)]

    def _reference(self, context: Context) -> Ledger | Phrase:
        ledger = context.ledger
        year = ledger.fiscal_year + self.against.fiscal_year
        phase = self.against.phase or ledger.phase
        if (year, phase) == (ledger.fiscal_year, ledger.phase):
            return ledger
        found = context.reference(year, phase)
        if found is None:
            return Phrase(
                N_("no budget, or more than one, holds {year} {phase}"),
                {"year": str(year), "phase": Phrase(phase)},
            )
        if found.currency != ledger.currency:
            values = {"one": found.currency, "other": ledger.currency}
            return Phrase(N_("{one} cannot be compared with {other}"), values)
        return found

    def _ratios(self, context: Context) -> list[Fraction | Phrase]:
        """Price and population ratios, or what is missing of them."""
        year = context.ledger.fiscal_year
        before = year + self.against.fiscal_year
        facts, years = context.facts, f"{before}/{year}"
        ratios: list[Fraction | Phrase] = []
        if self.real is not None:
            missing = Phrase(
                N_("the deflator {name} is missing"), {"name": f"{self.real} {years}"}
            )
            now, then = facts.index(self.real, year), facts.index(self.real, before)
            ratios.append(now / then if now and then else missing)
        if self.per is not None:
            group = "all" if self.per == "population" else self.measure.group or ""
            missing = Phrase(
                N_("the population {name} is missing"),
                {"name": f"{group or 'of the group'} {years}"},
            )
            people, past = facts.persons(year, group), facts.persons(before, group)
            ratios.append(Fraction(people, past) if people and past else missing)
        return ratios

    def _basis(self, reference: Ledger, base: Fraction, factor: Fraction) -> Phrase:
        values: dict[str, str | Fraction | Ratio | Phrase] = {
            "base": base,
            "year": str(reference.fiscal_year),
            "phase": Phrase(reference.phase),
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
