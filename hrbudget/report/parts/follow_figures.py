"""Figures of a plan that is followed up: of each objective, and of all together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hrbudget.domain.follow_up import Followed, FollowUp, Linked, in_force
from hrbudget.domain.phrase import N_, Figure, Listed, Origin, Phrase, Value
from hrbudget.domain.places import Places
from hrbudget.domain.plan import Objective
from hrbudget.domain.requirement import ZERO, Interval
from hrbudget.report.figures import money, number
from hrbudget.report.parts.head import PHASE_NAMES

#: The file that the plan stands in.
SOURCE = "plan.yaml"

#: Figures of one objective, or of the plan, by what they are.
Figures = dict[str, Figure]

_SERVES = N_(
    "Of each line of {budget} that serves the objective, the amount times the part "
    "that serves it is added up."
)
_SERVES_ANY = N_(
    "Of each line of {budget} that serves an objective of the plan, the amount times "
    "the part that serves any is added up; no line counts for more than all of it."
)
_PROPOSED = N_(
    "The same lines, and the same parts of them, with the amounts of the proposal."
)
_NEED = N_("The plan states it as what the objective costs a year, since {date}.")
_LACKS = N_("What it costs, {need}, less what serves it, {money}; never below zero.")
_OVER = N_("What serves it, {money}, less what it costs, {need}; never below zero.")
_SUM = N_("The figures of the objectives that have one are added up: {parts}.")
_COUNTED = N_("The objectives of the plan are counted.")
_COUNTED_LACKING = N_("The objectives of which something is lacking are counted.")
_COUNTED_UNCOSTED = N_(
    "The objectives of which the plan does not say what they cost this year are "
    "counted."
)


def book(found: Linked) -> Phrase:
    """How a budget is named in a sentence."""
    values: dict[str, Value] = {
        "budget": found.budget,
        "year": str(found.fiscal_year),
        "phase": Phrase(PHASE_NAMES[found.phase]),
    }
    return Phrase("{budget} ({year} {phase})", values)


def from_plan(says: Phrase, follow: FollowUp, objective: Objective) -> Origin:
    """Where a figure comes from that stands in the plan, or follows from it."""
    return Origin(says, f"plan.{objective.id}", follow.plan.version, source=SOURCE)


def of_money(
    follow: FollowUp, objective: Objective, found: Linked, name: str
) -> Figures:
    """What an objective has in one budget, and what it costs.

    Args:
        follow: the plan.
        objective: one of its.
        found: its money in the budget.
        name: what the ids of the figures begin with.

    Returns:
        Those that are known of ``need``, ``money``, ``lacking`` and ``over`` (never
        below zero), and of a proposal ``proposed`` and ``still``, what is lacking then.
    """
    made: Figures = {}
    need = follow.need(objective, found)
    if need is not None:
        stated = in_force(objective.costed_need, follow.day(found))
        since = {"date": stated[0].isoformat() if stated else ""}
        origin = from_plan(Phrase(_NEED, since), follow, objective)
        made["need"] = money(f"{name}/need", need, origin)
    if found.known:
        says = Phrase(_SERVES, {"budget": book(found)})
        origin = _led(says, follow, objective.id, found.places)
        made["money"] = money(f"{name}/money", found.money, origin)
    if found.proposed is not None:
        origin = _led(Phrase(_PROPOSED), follow, objective.id, found.places)
        made["proposed"] = money(f"{name}/proposed", found.proposed, origin)
    if need is None:
        return made
    cost = Interval.exactly(need)
    pairs = [
        ("lacking", cost - found.money, "money", _LACKS),
        ("over", found.money - cost, "money", _OVER),
        ("still", cost - (found.proposed or ZERO), "proposed", _LACKS),
    ]
    for key, gap, of, pattern in pairs:
        if of in made:
            sides = {"need": made["need"], "money": made[of]}
            ids = tuple(each.id for each in sides.values())
            says = Phrase(pattern, sides)
            origin = Origin(
                says, f"plan.{objective.id}", follow.plan.version, None, ids
            )
            made[key] = money(f"{name}/{key}", not_below_zero(gap), origin)
    if found.currency == follow.together.currency:
        return made
    return {key: replace(each, currency=found.currency) for key, each in made.items()}


def not_below_zero(gap: Interval) -> Interval:
    """The part of a gap that is above zero, at each of its ends."""
    zero = Fraction(0)
    return Interval(max(zero, gap.low), max(zero, gap.middle), max(zero, gap.high))


def of_objective(follow: FollowUp, each: Followed) -> Figures:
    """The same in the budget that is reported on."""
    name = f"objective/{each.objective.id}"
    return of_money(follow, each.objective, each.now, name)


def of_plan(follow: FollowUp, made: Iterable[Figures]) -> Figures:
    """Sums over the objectives, and how many they are.

    Args:
        follow: the plan.
        made: the figures of each objective (``of_objective``).

    Returns:
        ``objectives``, ``uncosted`` and ``short`` (how many), ``need``, ``lacking``,
        ``over``, ``still`` and ``by_objective`` (sums over the objectives that have
        such a figure), ``money`` and ``proposed`` (no line counts twice).
    """
    every = list(made)
    found: Figures = {}
    counts = {
        "objectives": (len(every), _COUNTED),
        "uncosted": (sum("need" not in each for each in every), _COUNTED_UNCOSTED),
        "short": (sum(is_short(each) for each in every), _COUNTED_LACKING),
    }
    for name, (count, says) in counts.items():
        origin = _of_the_plan(Phrase(says), follow)
        found[name] = number(f"plan/{name}", count, origin)
    for name, of in (
        *((same, same) for same in ("need", "lacking", "over", "still")),
        ("by_objective", "money"),
    ):
        parts = [each[of] for each in every if of in each]
        if parts:
            ids = tuple(each.id for each in parts)
            listed = Listed(tuple(Phrase("{part}", {"part": each}) for each in parts))
            added = Phrase(_SUM, {"parts": listed})
            origin = Origin(added, "", follow.plan.version, None, ids)
            found[name] = money(f"plan/{name}", _sum(parts), origin)
    together = follow.together
    if together.known:
        serves = Phrase(_SERVES_ANY, {"budget": book(together)})
        origin = _led(serves, follow, "", together.places)
        found["money"] = money("plan/money", together.money, origin)
    if together.proposed is not None:
        origin = _led(Phrase(_PROPOSED), follow, "", together.places)
        found["proposed"] = money("plan/proposed", together.proposed, origin)
    return found


def is_short(made: Figures) -> bool:
    """Whether something is lacking of an objective, as its tags stand."""
    return "lacking" in made and made["lacking"].value > 0


def _sum(parts: Iterable[Figure]) -> Interval:
    total = ZERO
    for each in parts:
        low = each.value if each.low is None else each.low
        high = each.value if each.high is None else each.high
        total += Interval(low, each.value, high)
    return total


def _of_the_plan(says: Phrase, follow: FollowUp) -> Origin:
    return Origin(says, "", follow.plan.version, source=SOURCE)


def _led(says: Phrase, follow: FollowUp, objective: str, places: Places) -> Origin:
    """Where money comes from: lines of a budget, by what the plan or its tags say."""
    rule = f"plan.{objective}" if objective else ""
    return Origin(says, rule, follow.plan.version, places)
