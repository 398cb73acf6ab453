"""Cuts: whether a retrogression is justified (R02), and whether the core comes first.

A cut is justified if the six criteria of E/2013/82 are answered, it has an end, and the
minimum core holds on the amounts that are checked. The plan-wide rule looks for rights
whose money falls, in nominal terms, below last year's approved budget: any such fall is
one in real terms too unless prices or the population fell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.plan import Justification, Objective, Plan
from hrbudget.domain.requirement import Interval, Requirement, evaluate
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Reading, Statement, Verdict
from hrbudget.rules.context import Context
from hrbudget.rules.measure import AppliesTo, Measure, select
from hrbudget.rules.plan.funded import core, linked_lines
from hrbudget.rules.plan.told import (
    AUSTERITY,
    RESOURCES,
    Told,
    Words,
    about,
    listed,
    of_plan,
)

#: The six criteria of E/2013/82, and an end.
CRITERIA = {
    "compelling_interest": N_("the compelling public interest"),
    "necessity": N_("necessity, reasonableness, temporariness and proportionality"),
    "alternatives": N_("less restrictive alternatives, exhausted"),
    "non_discrimination": N_("non-discrimination"),
    "minimum_core": N_("the protection of the minimum core"),
    "participation": N_("the participation of those affected"),
    "until": N_("the day when it ends (until)"),
}


def justified(stated: Plan, objective: Objective) -> Told | None:
    """The rule ``plan.<id>.justification``, where the plan justifies a cut."""
    if objective.justification is None:
        return None
    return Told(
        **about(objective, "Cut justified", "Nedskärning motiverad"),
        obligation="non_retrogression",
        effect="progressive",
        reference=(of_plan(stated, objective.id), AUSTERITY),
        ask=partial(_justified, stated, objective, objective.justification),
    )


def _justified(
    stated: Plan, objective: Objective, why: Justification, rule: Rule, context: Context
) -> list[Statement]:
    floor = _core(stated, objective, rule, context)
    read = partial(_read, why, floor, context.on)
    return [Statement(rule, read, data=floor.data if floor else ())]


def _core(
    stated: Plan, objective: Objective, rule: Rule, context: Context
) -> Requirement | None:
    """The requirement of the objective's minimum core, where it states one."""
    body = core(stated, objective)
    return None if body is None else body.requirements(rule, context, {})[0]


def _read(
    why: Justification, floor: Requirement | None, day: date, lines: pl.DataFrame
) -> Reading:
    absent = [
        Phrase(CRITERIA[each.name])
        for each in fields(why)
        if not getattr(why, each.name)
    ]
    if absent:
        values: Words = {"fields": listed(absent, ", ")}
        says = N_("A cut is to be justified, and the plan does not answer: {fields}.")
        return Reading("not_met", Phrase(says, values))
    if why.until is not None and why.until < day:
        values_of_end = {"date": why.until.isoformat()}
        says = N_("The justification ran out on {date}.")
        return Reading("not_met", Phrase(says, values_of_end))
    if floor is None:
        says = N_(
            "Not assessed: the objective states no minimum core to be kept whole."
        )
        return Reading("not_assessed", Phrase(says))
    if floor.missing:
        missing = {"missing": listed(floor.missing)}
        says = N_("The minimum core is not assessed: {missing}.")
        return Reading("not_assessed", Phrase(says, missing))
    verdict = _holds(floor, lines)
    measured = evaluate(floor.measure, lines)
    says = {
        "met": N_("All six criteria are answered, until {date}; the core holds."),
        "not_met": N_(
            "The criteria are answered, but the minimum core is not kept: {measured} "
            "of the {required} that it costs."
        ),
    }.get(
        verdict,
        N_(
            "The criteria are answered; whether the minimum core is kept depends on "
            "tags that are not certain: {measured} of the {required} that it costs."
        ),
    )
    end = why.until.isoformat() if why.until else ""
    sums: Words = {"measured": measured.middle, "required": floor.bound.middle}
    return Reading(verdict, Phrase(says, {**sums, "date": end}))


def _holds(floor: Requirement, lines: pl.DataFrame) -> Verdict:
    """Whether a minimum core holds on these amounts."""
    found = evaluate(floor.measure, lines)
    if found.low >= floor.bound.high:
        return "met"
    return "not_met" if found.high < floor.bound.low else "cannot_tell"


# -- the whole plan


def falls(stated: Plan) -> Told:
    """The rule ``plan.whole.cuts``: no right falls without a justification."""
    return Told(
        title="No right of the plan falls without a justification",
        title_sv="Ingen av planens rättigheter minskar utan motivering",
        description="",
        obligation="non_retrogression",
        effect="progressive",
        reference=(of_plan(stated), AUSTERITY),
        ask=partial(_falls, stated),
    )


def _last_year(context: Context) -> Ledger | Phrase:
    """The approved budget of the year before, in the same currency."""
    year = context.ledger.fiscal_year - 1
    found = context.reference(year, "approved")
    if found is None:
        values: Words = {"year": str(year), "phase": Phrase("approved")}
        return Phrase(N_("no budget, or more than one, holds {year} {phase}"), values)
    if found.currency != context.ledger.currency:
        kept = {"one": found.currency, "other": context.ledger.currency}
        return Phrase(N_("{one} cannot be compared with {other}"), kept)
    return found


@dataclass(frozen=True)
class _Right:
    """A right's money now, by line, and what it was."""

    right: str
    now: pl.DataFrame
    then: Interval


def _falls(stated: Plan, rule: Rule, context: Context) -> list[Statement]:
    before = _last_year(context)
    if isinstance(before, Phrase):
        return [Statement(rule, partial(_fallen, []), unit="money", missing=(before,))]
    excused = {
        right
        for each in stated.objectives
        if each.justification is not None
        for right in each.every_right
    }
    every = {right for each in stated.objectives for right in each.every_right}
    measured: list[_Right] = []
    for right in sorted(every - excused):
        measure = Measure(right=right)
        now = select(context.ledger, AppliesTo(), measure)
        then = select(before, AppliesTo(), measure)
        missing = (*now.missing, *then.missing)
        if missing:
            read = partial(_fallen, [])
            return [Statement(rule, read, unit="money", missing=missing[:1])]
        was = evaluate(then.coefficients, before.lines)
        measured.append(_Right(right, now.coefficients, was))
    return [Statement(rule, partial(_fallen, measured), "at_most", "money")]


def _fallen(measured: Sequence[_Right], lines: pl.DataFrame) -> Reading:
    """The rights that fell, and by how much together."""
    fell: list[Phrase] = []
    total, may = Interval.exactly(0), False
    for each in measured:
        loss = each.then - evaluate(each.now, lines)
        may = may or loss.low <= 0 < loss.high
        if loss.low > 0:
            total = total + loss
            values: Words = {"right": each.right, "amount": loss.middle}
            fell.append(Phrase("{right} ({amount})", values))
    zero = Interval.exactly(0)
    if fell:
        says = N_(
            "Less money than last year, and no justification in the plan: {rights}."
        )
        return Reading(
            "not_met", Phrase(says, {"rights": listed(fell, ", ")}), total, zero
        )
    if may:
        says = N_("Whether a right falls depends on tags that are not certain.")
        return Reading("cannot_tell", Phrase(says), zero, zero)
    says = N_("No right has less money than last year without a justification.")
    return Reading("met", Phrase(says), zero, zero)


def core_first(stated: Plan) -> Told | None:
    """The rule ``plan.whole.core_first`` (R12), where an objective states a core."""
    if not any(each.minimum_core for each in stated.objectives):
        return None
    return Told(
        title="Nothing else grows while a minimum core is not paid for",
        title_sv="Inget annat växer medan en miniminivå inte är betald",
        description="",
        obligation="minimum_core",
        effect="progressive",
        reference=(of_plan(stated), RESOURCES),
        ask=partial(_core_first, stated),
    )


def _core_first(stated: Plan, rule: Rule, context: Context) -> list[Statement]:
    floors: list[Requirement] = []
    parts: list[pl.Series] = []
    for each in stated.objectives:
        floor = _core(stated, each, rule, context)
        if floor is not None:
            floors.append(floor)
            parts.append(linked_lines(context.ledger, each).coefficients["line"])
    missing = [part for floor in floors for part in floor.missing]
    before = _last_year(context)
    if isinstance(before, Phrase):
        missing.append(before)
        was = pl.DataFrame(schema={"line_id": pl.String, "was": pl.Int64})
    else:
        was = before.lines.select("line_id", was="amount")
    others = (
        context.ledger.lines.filter(pl.col("direction") == "expenditure")
        .filter(~pl.col("line").is_in(pl.concat(parts).unique().to_list()))
        .select("line", "line_id")
        .join(was, on="line_id", how="left")
        .select("line", pl.col("was").fill_null(0))
    )
    read = partial(_grown, floors, others)
    return [Statement(rule, read, "at_most", "money", missing=tuple(missing))]


def _grown(
    floors: Sequence[Requirement], others: pl.DataFrame, lines: pl.DataFrame
) -> Reading:
    """How much other lines grow while a core is not paid for."""
    verdicts = {_holds(each, lines) for each in floors}
    zero = Interval.exactly(0)
    if verdicts == {"met"}:
        says = N_("Every minimum core of the plan is paid for.")
        return Reading("met", Phrase(says), zero, zero)
    now = others.join(lines.select("line", "amount"), on="line")
    more = (pl.col("amount") - pl.col("was")).clip(0)
    growth = money.total(now, more)
    if growth == 0:
        says = N_("A minimum core is not paid for, and no other line grows.")
        return Reading("met", Phrase(says), zero, zero)
    grown = now.filter(more > 0)["line"]
    sums = {"amount": Interval.exactly(growth).middle}
    if "not_met" not in verdicts:
        says = N_(
            "Other lines grow by {amount}; whether every minimum core is paid for "
            "depends on tags that are not certain."
        )
        return Reading(
            "cannot_tell", Phrase(says, sums), Interval.exactly(growth), zero
        )
    says = N_("A minimum core is not paid for, and other lines grow by {amount}.")
    return Reading("not_met", Phrase(says, sums), Interval.exactly(growth), zero, grown)
