"""Whether an objective is described in full (R34), and done in time (R33)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.plan import Indicator, Objective, Plan
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Reading, Statement
from hrbudget.rules.context import Context
from hrbudget.rules.plan.told import (
    HANDBOOK,
    INDICATORS,
    Told,
    Words,
    about,
    listed,
    of_plan,
)

_DONE = ("done", "dropped")


def complete(stated: Plan, objective: Objective) -> Told:
    """The rule ``plan.<id>.complete``: who, for whom, what, when, how much, how known.

    The parts are those of the plan models (R34); that an objective has a process and an
    outcome indicator follows OHCHR's kinds of indicators.
    """
    return Told(
        **about(objective, "Described in full", "Fullständigt beskrivet"),
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated, objective.id), HANDBOOK, INDICATORS),
        ask=partial(_complete, objective),
        needs_budget=False,
    )


def _complete(objective: Objective, rule: Rule, context: Context) -> list[Statement]:
    del context
    parts = _parts(objective)
    absent = [part for part, there in parts if not there]
    share = Fraction(100 * (len(parts) - len(absent)), len(parts))
    if absent:
        values: Words = {"parts": listed(absent, ", ")}
        says = Phrase(N_("The plan does not say: {parts}."), values)
    else:
        says = Phrase(N_("The plan says all that an objective needs."))
    found = Reading(
        "not_met" if absent else "met",
        says,
        Interval.exactly(share),
        Interval.exactly(100),
    )
    return [Statement(rule, lambda _: found, "at_least", "percent")]


def _parts(objective: Objective) -> list[tuple[Phrase, bool]]:
    """Everything that an objective says, and whether it does."""
    kinds = {each.kind for each in objective.indicators}
    activities = objective.activities
    parts = [
        (N_("the right"), bool(objective.right)),
        (N_("the groups it is for"), bool(objective.groups)),
        (N_("the duty-bearer"), bool(objective.duty_bearer)),
        (
            N_("an activity with its end and its owner"),
            any(each.end and each.owner for each in activities),
        ),
        (N_("a process indicator"), "process" in kinds),
        (N_("an outcome indicator"), "outcome" in kinds),
        (N_("the deadline"), objective.deadline is not None),
        (N_("what it costs"), any(objective.costed_need.values())),
        (N_("when it is reviewed"), objective.review is not None),
    ]
    if objective.status in ("delayed", "dropped"):
        why = N_("why it is delayed or dropped")
        parts.append((why, bool(objective.status_reason)))
    told = [(Phrase(pattern), there) for pattern, there in parts]
    return [*told, *(_stated(each) for each in objective.indicators)]


def _stated(indicator: Indicator) -> tuple[Phrase, bool]:
    """What one indicator does not say."""
    parts = {
        N_("baseline"): indicator.baseline is not None,
        N_("target"): indicator.target is not None,
        N_("unit"): bool(indicator.unit),
        N_("source"): bool(indicator.source),
    }
    absent = [Phrase(name) for name, there in parts.items() if not there]
    values: Words = {"parts": listed(absent, ", "), "indicator": indicator.id}
    return Phrase(N_("{parts} of the indicator {indicator}"), values), not absent


def deadline(stated: Plan, objective: Objective) -> Told:
    """The rule ``plan.<id>.deadline``: what has fallen due is done.

    It has nothing to say while nothing has fallen due and the next review is within a
    year. On the last day itself there is still time.
    """
    return Told(
        **about(objective, "In time", "I tid"),
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated, objective.id), HANDBOOK),
        ask=partial(_deadline, objective),
        needs_budget=False,
    )


def _deadline(objective: Objective, rule: Rule, context: Context) -> list[Statement]:
    day = context.on
    late = list(_late(objective, day))
    dates = [objective.deadline, objective.review]
    dates += [each.end for each in objective.activities]
    if not late and not any(each and each <= day for each in dates):
        return []
    if late:
        what: Words = {"parts": listed(late)}
        found = Reading("not_met", Phrase(N_("Not in time: {parts}."), what))
    else:
        says = N_("All that has fallen due by {date} is done.")
        found = Reading("met", Phrase(says, {"date": day.isoformat()}))
    return [Statement(rule, lambda _: found)]


def _late(objective: Objective, day: date) -> Iterator[Phrase]:
    if objective.status == "done":
        return
    last, review = objective.deadline, objective.review
    if last is not None and last < day:
        values: Words = {"date": last.isoformat(), "status": Phrase(objective.status)}
        yield Phrase(N_("the deadline was {date} and the status is {status}"), values)
    for each in objective.activities:
        if each.end is not None and each.end < day and each.status not in _DONE:
            what: Words = {"activity": each.text, "date": each.end.isoformat()}
            yield Phrase(N_("the activity “{activity}” was to end on {date}"), what)
    if review is not None and review < day:
        said = {"date": review.isoformat()}
        yield Phrase(N_("it was to be reviewed on {date}"), said)
    if review is not None and review > _a_year_after(day):
        said = {"date": review.isoformat()}
        pattern = N_("the next review, on {date}, is more than twelve months ahead")
        yield Phrase(pattern, said)


def _a_year_after(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if is_leap_day else day.day)


#: Words of a status, for those who translate.
STATUSES = (N_("planned"), N_("ongoing"), N_("delayed"), N_("done"), N_("dropped"))
