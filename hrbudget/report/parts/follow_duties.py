"""Duties of an objective: who took part, its minimum core, cuts and their reasons."""

from __future__ import annotations

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.follow_up import FollowUp, in_force
from hrbudget.domain.phrase import N_, Figure, Phrase
from hrbudget.domain.plan import Justification, Objective, Values
from hrbudget.report.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Folded,
    Paragraph,
    Table,
    Text,
    Written,
)
from hrbudget.report.parts.follow_figures import from_plan
from hrbudget.report.parts.follow_words import NOT_STATED, Days, day, stated


def participation(objective: Objective, at: int) -> Block:
    """Who took part in making the objective, when, how, and what came of it."""
    if not objective.participation:
        return Paragraph((Phrase(N_("The plan does not say who took part.")),))
    columns = (N_("Who took part"), N_("When"), N_("How"), N_("What came of it"))
    return Table(
        f"participation-{at}",
        Phrase(N_("Participation")),
        tuple(Column(Phrase(each)) for each in columns),
        tuple(
            (Written(each.who), day(each.when), stated(each.how), stated(each.result))
            for each in objective.participation
        ),
    )


def core(follow: FollowUp, objective: Objective) -> tuple[Block, ...]:
    """What everybody entitled must have at once; nothing where none is stated."""
    floor = objective.minimum_core
    if floor is None:
        return ()
    people, known = floor.entitled, taxonomy.groups()
    whom: tuple[Text, ...] = (
        Written(known.title(people.group), "en", known.title(people.group, "sv")),
    )
    if people.district:
        whom += (Written(people.district),)
    rows: list[tuple[Text, Cell]] = [
        (Phrase(N_("What everybody entitled must have")), stated(floor.text)),
        (Phrase(N_("Who is entitled")), whom),
        (Phrase(N_("Cost of one of them a year")), _cost(follow, objective)),
        (Phrase(N_("Part of them that must be served")), _standard(follow, objective)),
        (Phrase(N_("Source")), stated(floor.source)),
    ]
    return (Folded(Phrase(N_("Minimum core")), (Facts(tuple(rows)),)),)


def _cost(follow: FollowUp, objective: Objective) -> Cell:
    floor = objective.minimum_core
    found = floor and in_force(floor.unit_cost, follow.on)
    if not found:
        return NOT_STATED
    currency = follow.plan.currency or follow.together.currency
    says = Phrase(
        N_("The plan states it as the cost of one person a year, since {date}."),
        {"date": found[0].isoformat()},
    )
    return Figure(
        f"objective/{objective.id}/core/unit_cost",
        money.to_minor(found[1], currency),
        from_plan(says, follow, objective),
        currency="" if currency == follow.together.currency else currency,
    )


def _standard(follow: FollowUp, objective: Objective) -> Cell:
    floor = objective.minimum_core
    values: Values = floor.standard if floor else {}
    found = in_force(values, follow.on)
    if found is None:
        return Phrase(N_("all of them")) if not values else NOT_STATED
    says = Phrase(
        N_("The plan states it as the part that must be served, since {date}."),
        {"date": found[0].isoformat()},
    )
    origin = from_plan(says, follow, objective)
    at = f"objective/{objective.id}/core/standard"
    return Figure(at, money.to_fraction(found[1]), origin, "share")


def justification(follow: FollowUp, objective: Objective) -> tuple[Block, ...]:
    """Why a cut is justified, by the six criteria; nothing where none is stated."""
    why = objective.justification
    if why is None:
        return ()
    rows: list[tuple[Text, Cell]] = [
        (Phrase(says), stated(text)) for says, text in _criteria(why)
    ]
    until: Cell = day(why.until)
    if why.until:
        left = Days(follow, objective).to("justification", why.until)
        until = (Written(why.until.isoformat()), left)
    rows.append((Phrase(N_("It ends or is reviewed on")), until))
    title = Phrase(N_("Why a cut is justified (six criteria of the United Nations)"))
    return (Folded(title, (Facts(tuple(rows)),)),)


def _criteria(why: Justification) -> tuple[tuple[str, str], ...]:
    """The six criteria of E/2013/82 with what the plan answers."""
    return (
        (N_("A compelling interest of the public"), why.compelling_interest),
        (N_("Necessary, reasonable, temporary, proportionate"), why.necessity),
        (N_("Alternatives that were tried"), why.alternatives),
        (N_("Nobody is discriminated against"), why.non_discrimination),
        (N_("The minimum core is protected"), why.minimum_core),
        (N_("Those affected took part"), why.participation),
    )
