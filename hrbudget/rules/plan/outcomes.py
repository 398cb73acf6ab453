"""Whether outcomes are on the way to their targets (R03).

    required_t = b + (target - b) · (t - t_0) / (T - t_0)

``t`` is the year of the latest observation of everybody that is not after the budget's.
For indicators of which less is better the signs turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.plan import Indicator, Objective, Observation, Plan
from hrbudget.domain.requirement import Interval, Sense
from hrbudget.domain.rule import Datum, Rule
from hrbudget.domain.statement import Reading, Statement
from hrbudget.rules.context import Context
from hrbudget.rules.plan.told import (
    INDICATORS,
    TIMEFRAME,
    Told,
    Words,
    about,
    of_plan,
)


def path(stated: Plan, objective: Objective) -> Told | None:
    """The rule ``plan.<id>.path``, where outcome indicators have targets."""
    targeted = [
        each
        for each in objective.indicators
        if each.kind == "outcome" and each.baseline and each.target
    ]
    if not targeted:
        return None
    return Told(
        **about(objective, "On its way", "På väg"),
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated, objective.id), TIMEFRAME, INDICATORS),
        ask=partial(_paths, targeted),
        needs_budget=False,
    )


def _paths(
    indicators: Sequence[Indicator], rule: Rule, context: Context
) -> list[Statement]:
    year = context.ledger.fiscal_year
    return [
        made
        for each in indicators
        if each.baseline and each.baseline.year < year
        for made in [_path(each, rule, year)]
    ]


def _path(indicator: Indicator, rule: Rule, year: int) -> Statement:
    start, end = indicator.baseline, indicator.target
    at_least = indicator.direction == "up"
    sense: Sense = "at_least" if at_least else "at_most"
    seen = [
        each
        for each in indicator.observations
        if not each.group and not each.district
        if start and start.year < each.year <= year
    ]
    if start is None or end is None or not seen:
        missing = Phrase(
            N_("no observation of {indicator} after {year}"),
            {"indicator": indicator.name, "year": str(start.year if start else "")},
        )
        return Statement(
            rule, nothing, sense, indicator.unit, scope=indicator.id, missing=(missing,)
        )
    latest = max(seen, key=lambda each: each.year)
    first, last, now = map(money.to_fraction, (start.value, end.value, latest.value))
    passed = Fraction(min(latest.year, end.year) - start.year, end.year - start.year)
    required = first + (last - first) * passed
    sign = 1 if at_least else -1
    pattern = _pattern(sign * (now - required), sign * (now - first))
    values: Words = {
        "indicator": indicator.name,
        "unit": indicator.unit,
        "now": Ratio(now),
        "year": str(latest.year),
        "first": Ratio(first),
        "from": str(start.year),
        "last": Ratio(last),
        "to": str(end.year),
        "required": Ratio(required),
    }
    found = Reading(
        "met" if sign * (now - required) >= 0 else "not_met",
        Phrase(pattern, values),
        Interval.exactly(now),
        Interval.exactly(required),
    )
    return Statement(
        rule,
        lambda _: found,
        sense,
        indicator.unit,
        scope=indicator.id,
        data=data_of(indicator, [latest], year),
    )


def _pattern(ahead: Fraction, since: Fraction) -> str:
    """How it is said, by what it is ahead of the way and of the baseline."""
    if ahead >= 0:
        return N_(
            "{indicator}: {now} {unit} in {year}; the way from {first} in {from} to "
            "{last} in {to} asks for {required}."
        )
    if since >= 0:
        return N_(
            "{indicator}: {now} {unit} in {year}, behind the {required} that the way "
            "from {first} in {from} to {last} in {to} asks for."
        )
    return N_(
        "{indicator}: {now} {unit} in {year}, further from the target of {last} in "
        "{to} than the {first} of {from}; {required} is asked for."
    )


def nothing(_: object) -> Reading:
    """Never called: what is missing is told instead."""
    return Reading("not_assessed", Phrase(""))


def data_of(
    indicator: Indicator, seen: Sequence[Observation], year: int
) -> tuple[Datum, ...]:
    """Where observations come from, and how old they are."""
    return tuple(
        Datum(
            " ".join(p for p in (indicator.id, each.group, each.district) if p),
            each.year,
            each.source or indicator.source,
            year - each.year,
        )
        for each in seen
    )
