"""Checks of the plan as a whole: links, evidence, adverse effects, broken-down figures.

Each is one finding that names what it found, so that a complete plan stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import ClassVar, Literal

import polars as pl
from pydantic import SkipValidation

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.plan import Plan
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Reading, Statement
from hrbudget.rules.context import Context
from hrbudget.rules.measure import budget_name
from hrbudget.rules.plan.funded import linked_lines
from hrbudget.rules.plan.told import (
    GREEN,
    INDICATORS,
    MARKER,
    RESOURCES,
    SYSTEMATIC,
    Told,
    Words,
    listed,
    of_plan,
)
from hrbudget.rules.rulefile import Dated, RuleFile, ValueRule

#: Rights that a sentence names.
_MOST_RIGHTS = 3

_LACKING = N_("What is lacking: {parts}.")


def linked(stated: Plan) -> Told:
    """The rule ``plan.whole.linked`` (R30): every objective has lines that exist."""
    return Told(
        title="Every objective of the plan is linked to lines of the budget",
        title_sv="Varje mål i planen är kopplat till rader i budgeten",
        description="",
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated), SYSTEMATIC),
        ask=partial(_linked, stated),
    )


def _linked(stated: Plan, rule: Rule, context: Context) -> list[Statement]:
    ledger = context.ledger
    explicit = {link.line_id for each in stated.objectives for link in each.lines}
    if ledger.tags.is_empty() and not explicit:
        return [Statement(rule, _never, missing=(_untagged(ledger),))]
    orphans = [
        each.id
        for each in stated.objectives
        if linked_lines(ledger, each).coefficients.is_empty()
    ]
    unknown = sorted(explicit - set(ledger.lines["line_id"]))
    parts: list[Phrase] = []
    if orphans:
        names = {"objectives": ", ".join(orphans)}
        parts.append(Phrase(N_("no line is linked to {objectives}"), names))
    if unknown:
        ids = {"lines": ", ".join(unknown)}
        parts.append(
            Phrase(N_("the plan links lines that are not there: {lines}"), ids)
        )
    number = len(stated.objectives)
    has = Interval.exactly(number - len(orphans))
    if parts:
        what = Phrase(_LACKING, {"parts": listed(parts)})
        found = Reading("not_met", what, has, Interval.exactly(number))
    else:
        says = Phrase(N_("Every objective is linked to at least one line."))
        found = Reading("met", says, has, has)
    return [Statement(rule, lambda _: found, "at_least", "objectives")]


def _untagged(ledger: Ledger) -> Phrase:
    return Phrase(N_("{budget} is not tagged"), {"budget": budget_name(ledger)})


def _never(_: object) -> Reading:
    """Not called: what is missing is told instead."""
    return Reading("not_assessed", Phrase(""))


class UnplannedRule(ValueRule):
    """R31: the part of the money tagged to rights that serves no objective.

    No source says how much that may be, so the plan's ``unplanned_at_most`` does.
    A line that the plan links by itself is taken to serve its objective altogether.
    """

    least: ClassVar[Fraction | None] = Fraction(0)
    most: ClassVar[Fraction | None] = Fraction(1)

    form: Literal["unplanned"] = "unplanned"
    plan: SkipValidation[Plan]

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Statement]:
        """One statement for the budget."""
        ledger = context.ledger
        if ledger.tags.is_empty():
            return [Statement(rule, _never, missing=(_untagged(ledger),))]
        allowed = self.value(context.on, values)
        explicit = [link.line_id for o in self.plan.objectives for link in o.lines]
        served = pl.col("objective").fill_null("").is_in(
            [each.id for each in self.plan.objectives]
        ) | pl.col("line_id").is_in(explicit)
        least = pl.col("share_low").fill_null(pl.col("share"))
        most = pl.col("share_high").fill_null(pl.col("share"))
        tags = ledger.tags.filter(pl.col("effect") == "supports").select(
            "line", "right", stated="share", least=least, most=most, served=served
        )
        limit = allowed if isinstance(allowed, Fraction) else None
        read = partial(_unplanned, tags, limit)
        return [Statement(rule, read, "at_most", "share")]


def unplanned(stated: Plan) -> UnplannedRule:
    """The rule ``plan.whole.unplanned``."""
    unknown: Dated = {stated.adopted or date.min: None}
    return UnplannedRule(
        title="Money tagged to rights serves an objective of the plan",
        title_sv="Pengar taggade till rättigheter tjänar ett mål i planen",
        description="",
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated), RESOURCES),
        at_most=stated.unplanned_at_most or unknown,
        plan=stated,
    )


def _unplanned(
    tags: pl.DataFrame, allowed: Fraction | None, lines: pl.DataFrame
) -> Reading:
    placed = tags.join(lines.select("line", "amount"), on="line")
    rest = placed.filter(~pl.col("served"))
    whole, free = _money(placed), _money(rest)
    if whole.middle <= 0:
        says = N_("No money is tagged to a right.")
        return Reading("not_assessed", Phrase(says))
    # Every reading of the uncertain shares lies between these; they are no wider than
    # both sides moving against each other.
    served = _money(placed.filter(pl.col("served")))
    share = Interval(
        _part(free.low, free.low + served.high),
        free.middle / whole.middle,
        _part(free.high, free.high + served.low),
    )
    values: Words = {
        "amount": free.middle,
        "whole": whole.middle,
        "rights": listed(_by_right(rest), ", "),
    }
    if free.middle == 0:
        says = N_("All {whole} that is tagged to rights serves an objective.")
    else:
        says = N_(
            "{amount} of the {whole} tagged to rights serves no objective of the plan; "
            "most of it is for {rights}."
        )
    told = Phrase(says, values)
    if free.middle == 0 and share.exact:
        return Reading(
            "met", told, share, None if allowed is None else _exactly(allowed)
        )
    if allowed is None:
        wanted = N_("{told} The entity must enter how much may (unplanned_at_most).")
        return Reading("not_assessed", Phrase(wanted, {"told": told}))
    verdict: Literal["met", "not_met", "cannot_tell"] = "cannot_tell"
    if share.high <= allowed:
        verdict = "met"
    elif share.low > allowed:
        verdict = "not_met"
    return Reading(verdict, told, share, _exactly(allowed))


def _exactly(number: Fraction) -> Interval:
    return Interval.exactly(number)


def _part(some: Fraction, of: Fraction) -> Fraction:
    return some / of if of > 0 else Fraction(0)


def _money(placed: pl.DataFrame) -> Interval:
    """Money of tags, least, stated and most, in minor units."""
    amount = pl.col("amount").cast(pl.Int128)
    ends = (amount * pl.col("least"), amount * pl.col("most"))
    sums = (
        pl.min_horizontal(*ends),
        amount * pl.col("stated"),
        pl.max_horizontal(*ends),
    )
    low, middle, high = (
        Fraction(money.total(placed, each), money.WHOLE) for each in sums
    )
    return Interval(low, middle, high)


def _by_right(rest: pl.DataFrame) -> list[Phrase]:
    """The rights with most of it, by money."""
    amount = pl.col("amount").cast(pl.Int128) * pl.col("stated")
    sums = rest.group_by("right").agg(money=amount.sum())
    ordered = sums.sort("money", "right", descending=[True, False])
    return [
        Phrase("{right} ({amount})", {"right": right, "amount": _minor(total)})
        for right, total in ordered.head(_MOST_RIGHTS).iter_rows()
    ]


def _minor(total: int) -> Fraction:
    return Fraction(int(total), money.WHOLE)


def evidence(stated: Plan) -> Told:
    """The rule ``plan.whole.evidence`` (R27): a link says why, and shows by what.

    The minimum criteria of the DAC marker, read for objectives: a line counts for one
    with an analysis (here the tag's evidence) and at least one indicator.
    """
    return Told(
        title="Every link to an objective has evidence, and its objective an indicator",
        title_sv="Varje koppling till ett mål har belägg, och målet en indikator",
        description="",
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated), MARKER),
        ask=partial(_evidence, stated),
    )


def _evidence(stated: Plan, rule: Rule, context: Context) -> list[Statement]:
    ledger = context.ledger
    ids = [each.id for each in stated.objectives]
    tags = ledger.tags.filter(pl.col("objective").is_in(ids))
    silent = tags.filter(pl.col("evidence").fill_null("").str.strip_chars() == "")
    linked_to = {*tags["objective"], *(o.id for o in stated.objectives if o.lines)}
    if not linked_to:
        return []
    bare = [o.id for o in stated.objectives if o.id in linked_to and not o.indicators]
    parts: list[Phrase] = []
    if not silent.is_empty():
        number = {"number": Ratio(silent["line"].n_unique())}
        parts.append(Phrase(N_("lines whose link has no evidence: {number}"), number))
    if bare:
        names = {"objectives": ", ".join(bare)}
        parts.append(
            Phrase(N_("no indicator shows what is reached: {objectives}"), names)
        )
    if parts:
        what = Phrase(_LACKING, {"parts": listed(parts)})
        found = Reading("not_met", what, lines=silent["line"].unique())
    else:
        says = N_("Every link says why, and every linked objective has an indicator.")
        found = Reading("met", Phrase(says))
    return [Statement(rule, lambda _: found)]


def adverse(stated: Plan) -> Told:
    """The rule ``plan.whole.adverse`` (R36): adverse effects were looked for."""
    return Told(
        title="Adverse effects on rights are recorded, or searched for in vain",
        title_sv="Negativa effekter på rättigheter är noterade eller sökta utan fynd",
        description="",
        obligation="plan_objective",
        effect="progressive",
        reference=(of_plan(stated), GREEN),
        ask=partial(_adverse, stated),
    )


def _adverse(stated: Plan, rule: Rule, context: Context) -> list[Statement]:
    ledger = context.ledger
    if ledger.tags.is_empty():
        return [Statement(rule, _never, missing=(_untagged(ledger),))]
    found = ledger.tags.filter(pl.col("effect") == "restricts")["line"].unique()
    nothing = stated.nothing_adverse
    if found.len():
        says = Phrase(
            N_("Lines recorded as restricting a right, told beside: {number}."),
            {"number": Ratio(found.len())},
        )
        reading = Reading("met", says, lines=found)
    elif nothing is not None:
        values = {
            "by": nothing.by,
            "date": nothing.on.isoformat(),
            "text": nothing.text,
        }
        says = Phrase(N_("{by} found none on {date}: {text}"), values)
        reading = Reading("met", says)
    else:
        says = Phrase(
            N_(
                "No line is recorded as restricting a right, and the plan does not say "
                "that they were searched for (nothing_adverse)."
            )
        )
        reading = Reading("not_met", says)
    return [Statement(rule, lambda _: reading)]


def disaggregated(stated: Plan) -> RuleFile | None:
    """The rule ``plan.whole.disaggregated`` (R35), where there are outcome indicators.

    The method notes propose that each is broken down by one prohibited ground at least.
    """
    outcomes = [
        (each.id, one)
        for each in stated.objectives
        for one in each.indicators
        if one.kind == "outcome"
    ]
    if not outcomes:
        return None
    without = [f"{of}.{one.id}" for of, one in outcomes if not one.disaggregation]
    share = Interval.exactly(Fraction(len(outcomes) - len(without), len(outcomes)))
    if without:
        values = {"indicators": ", ".join(without)}
        says = Phrase(N_("Not broken down by any ground: {indicators}."), values)
    else:
        says = Phrase(N_("Every outcome indicator is broken down by a ground."))
    one = Interval.exactly(1)
    reading = Reading("not_met" if without else "met", says, share, one)
    return Told(
        title="Outcome indicators are broken down by prohibited grounds",
        title_sv="Utfallsindikatorer är uppdelade efter diskrimineringsgrunder",
        description="",
        obligation="non_discrimination",
        effect="progressive",
        reference=(of_plan(stated), INDICATORS),
        ask=lambda rule, _: [Statement(rule, lambda _: reading, "at_least", "share")],
        needs_budget=False,
    )
