"""Whether those who are worst off come nearer to the others.

    gap (R43)       between the comparator and whoever is worst off: gap_t - gap_0 < 0
    parity (R42)    value of a group / value of the comparator, within two bounds

``0`` and ``t`` are the first and the latest year, not after the budget's, in which the
comparator and somebody else were observed. For indicators of which less is better the
signs turn. No source sets the bounds of parity: they are the entity's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.plan import Comparator, Indicator, Objective, Observation, Plan
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import Datum, InForce, Rule
from hrbudget.domain.statement import Reading, Statement
from hrbudget.rules.context import Context
from hrbudget.rules.plan.outcomes import data_of, nothing
from hrbudget.rules.plan.told import (
    EQUALITY,
    INDICATORS,
    Told,
    Words,
    about,
    listed,
    of_plan,
)

#: An indicator with whom its others are compared.
Pair = tuple[Indicator, Comparator]


def gap(stated: Plan, objective: Objective) -> Told | None:
    """The rule ``plan.<id>.gap``, where indicators name whom others are compared to."""
    pairs = _pairs(objective)
    if not pairs:
        return None
    return Told(
        **about(objective, "Gaps close", "Klyftor minskar"),
        obligation="non_discrimination",
        effect="progressive",
        reference=(of_plan(stated, objective.id), EQUALITY, INDICATORS),
        ask=partial(_gaps, pairs),
        needs_budget=False,
    )


def parity(stated: Plan, objective: Objective) -> Told | None:
    """The rule ``plan.<id>.parity``, where indicators state bounds."""
    pairs = [pair for pair in _pairs(objective) if pair[1].between]
    if not pairs:
        return None
    return Told(
        **about(objective, "Equal access", "Lika tillgång"),
        obligation="non_discrimination",
        effect="progressive",
        reference=(of_plan(stated, objective.id), EQUALITY),
        ask=partial(_parities, pairs),
        needs_budget=False,
    )


def _pairs(objective: Objective) -> list[Pair]:
    return [(each, each.comparator) for each in objective.indicators if each.comparator]


@dataclass(frozen=True)
class _Year:
    """One year's values: of the comparator, and of those compared with it."""

    year: int
    reference: Fraction
    others: dict[str, Fraction]
    seen: tuple[Observation, ...]

    def worst(self, *, more_is_better: bool) -> tuple[Fraction, str]:
        """How far the worst off is behind the comparator (below 0: ahead), and who."""
        sign = 1 if more_is_better else -1
        behind = {
            name: sign * (self.reference - value) for name, value in self.others.items()
        }
        name = max(sorted(behind), key=lambda each: behind[each])
        return behind[name], name


def _years(indicator: Indicator, by: Comparator, last: int) -> list[_Year]:
    """The years in which the comparator and somebody else were observed, in order."""
    found: list[_Year] = []
    name = by.group or by.district
    everybody = name == "all"
    start = indicator.baseline
    known = list(indicator.observations)
    if start is not None:  # it is of everybody; what was observed goes before it
        known.append(Observation(start.year, start.value))
    for year in sorted({each.year for each in known}):
        of_year = [each for each in known if each.year == year]
        parts = [
            each
            for each in of_year
            if (each.group if by.group else each.district)
            if not (each.district if by.group else each.group)
        ]
        whole = [each for each in of_year if not each.group and not each.district]
        values = {
            each.group or each.district: money.to_fraction(each.value) for each in parts
        }
        if everybody and whole:
            values["all"] = money.to_fraction(whole[0].value)
        reference = values.pop(name, None)
        if reference is not None and values and year <= last:
            seen = (*parts, *(whole[:1] if everybody else ()))
            found.append(_Year(year, reference, values, seen))
    return found


def _gaps(pairs: Sequence[Pair], rule: Rule, context: Context) -> list[Statement]:
    return [_gap(pair, rule, context.ledger.fiscal_year) for pair in pairs]


def _gap(pair: Pair, rule: Rule, year: int) -> Statement:
    indicator, by = pair
    years = _years(indicator, by, year)
    data = _data(indicator, [*years[:1], *years[1:][-1:]], year)
    if len(years) < 2:
        missing = Phrase(
            N_("two years in which {indicator} was observed of {group} and of others"),
            {"indicator": indicator.name, "group": by.group or by.district},
        )
        return Statement(
            rule,
            nothing,
            "at_most",
            indicator.unit,
            scope=indicator.id,
            missing=(missing,),
            data=data,
        )
    found = _closing(pair, years[0], years[-1])
    return Statement(
        rule, lambda _: found, "at_most", indicator.unit, scope=indicator.id, data=data
    )


def _closing(pair: Pair, start: _Year, latest: _Year) -> Reading:
    """The gap in the latest year against that of the first."""
    indicator, by = pair
    more = indicator.direction == "up"
    first, _ = start.worst(more_is_better=more)
    now, who = latest.worst(more_is_better=more)
    closes = now < first or now <= 0
    if now <= 0:
        pattern = N_("{indicator}: nobody is behind {group} in {year}.")
    elif closes:
        pattern = N_(
            "{indicator}: {who} is {now} {unit} behind {group} in {year}; the gap was "
            "{first} in {from}."
        )
    else:
        pattern = N_(
            "{indicator}: {who} is {now} {unit} behind {group} in {year}; the gap does "
            "not close, it was {first} in {from}."
        )
    values: Words = {
        "indicator": indicator.name,
        "who": who,
        "now": Ratio(now),
        "unit": indicator.unit,
        "group": by.group or by.district,
        "year": str(latest.year),
        "first": Ratio(first),
        "from": str(start.year),
    }
    return Reading(
        "met" if closes else "not_met",
        Phrase(pattern, values),
        Interval.exactly(now),
        Interval.exactly(first),
    )


def _data(indicator: Indicator, years: Sequence[_Year], year: int) -> tuple[Datum, ...]:
    seen = [each for one in years for each in one.seen]
    return data_of(indicator, seen, year)


def _parities(pairs: Sequence[Pair], rule: Rule, context: Context) -> list[Statement]:
    return [_parity(pair, rule, context) for pair in pairs]


def _parity(pair: Pair, rule: Rule, context: Context) -> Statement:
    indicator, by = pair
    year = context.ledger.fiscal_year
    years = _years(indicator, by, year)
    past = [day for day in by.between if day <= context.on]
    ends = by.between[max(past)] if past else (None, None)
    missing: list[Phrase] = []
    if ends == (None, None):
        missing.append(
            Phrase(
                N_("the entity must enter the bounds of {indicator} (between)"),
                {"indicator": indicator.name},
            )
        )
    if not years or years[-1].reference <= 0:
        missing.append(
            Phrase(
                N_("a year in which {indicator} was observed of {group} and of others"),
                {"indicator": indicator.name, "group": by.group or by.district},
            )
        )
    low, high = (None if end is None else money.to_fraction(end) for end in ends)
    stated = " – ".join(end or "" for end in ends)
    return Statement(
        rule,
        nothing if missing else partial(_within, pair, years[-1], (low, high)),
        "equal",
        "ratio",
        scope=indicator.id,
        missing=tuple(missing),
        in_force=InForce(stated, max(past)) if past and not missing else None,
        data=_data(indicator, years[-1:], year),
    )


def _within(
    pair: Pair,
    latest: _Year,
    ends: tuple[Fraction | None, Fraction | None],
    _: object,
) -> Reading:
    """Whether everybody's value is within the bounds; the furthest off is told."""
    indicator, by = pair
    ratios = {name: value / latest.reference for name, value in latest.others.items()}
    low, high = ends

    def off(name: str) -> Fraction:
        """How far outside the bounds; below 0: inside."""
        below = None if low is None else low - ratios[name]
        above = None if high is None else ratios[name] - high
        return max(each for each in (below, above) if each is not None)

    outside = [name for name in sorted(ratios) if off(name) > 0]
    shown = outside or sorted(ratios)
    each = [Phrase("{name} {ratio}", _ratio(name, ratios[name])) for name in shown]
    if outside:
        pattern = N_(
            "{indicator} in {year}, in proportion to {group}: outside the bounds are "
            "{ratios}."
        )
    else:
        pattern = N_(
            "{indicator} in {year}, in proportion to {group}: all are within the "
            "bounds: {ratios}."
        )
    worst = max(sorted(ratios), key=off)
    values: Words = {
        "indicator": indicator.name,
        "year": str(latest.year),
        "group": by.group or by.district,
        "ratios": listed(each, ", "),
    }
    bound = low if low is not None and ratios[worst] < low else high
    return Reading(
        "not_met" if outside else "met",
        Phrase(pattern, values),
        Interval.exactly(ratios[worst]),
        None if bound is None else Interval.exactly(bound),
    )


def _ratio(name: str, ratio: Fraction) -> Words:
    return {"name": name, "ratio": Ratio(ratio)}
