"""A plan as a whole: what its objectives cost, what serves them, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.follow_up import FollowUp
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Value
from hrbudget.report.blocks import (
    Block,
    Cell,
    Column,
    Counts,
    Facts,
    Paragraph,
    Table,
    Text,
)
from hrbudget.report.parts.follow_figures import Figures, book, of_plan
from hrbudget.report.parts.follow_words import NOT_STATED, STATUS_NAMES, day, title


def overview(
    follow: FollowUp, made: list[Figures], *, checked: bool
) -> tuple[Block, ...]:
    """Sums, in numbers and in words, and a row for each objective.

    Args:
        follow: the plan.
        made: the figures of each objective (``follow_figures.of_objective``).
        checked: whether the checks of the plan were made.
    """
    sums = of_plan(follow, made)
    counts = Counts(
        (
            (sums["objectives"], Phrase(N_("Objectives"))),
            (sums["short"], Phrase(N_("Something is lacking"))),
        )
    )
    shown = [
        ("need", N_("Costs a year")),
        ("money", N_("Serves an objective")),
        ("lacking", N_("Lacking")),
        ("over", N_("More than needed")),
        ("still", N_("Lacking with the proposal")),
    ]
    facts = Facts(
        tuple((Phrase(name), sums[key]) for key, name in shown if key in sums)
    )
    said = tuple(_said(follow, sums, checked=checked))
    return (counts, facts, Paragraph(said), _table(follow, made, sums))


def _said(follow: FollowUp, sums: Figures, *, checked: bool) -> Iterator[Text]:
    """What the sums mean, and what is not in them."""
    together = follow.together
    if together.missing is not None:
        values: dict[str, Value] = {"missing": together.missing}
        says = N_("It is not known which money serves the plan: {missing}.")
        yield Phrase(says, values)
    if not follow.comparable(together):
        kept = {"one": follow.plan.currency or "", "other": together.currency}
        says = N_("The plan counts in {one} and the budget in {other}.")
        yield Phrase(says, kept)
    elif sums["uncosted"].value:
        says = N_(
            "Of {uncosted} of the {objectives} objectives the plan does not say what "
            "they cost this year; they are not in the sums of what is lacking."
        )
        yield Phrase(says, sums)
    if "lacking" in sums:
        says = N_(
            "Of {short} of the {objectives} objectives something is lacking. What one "
            "has too much is not taken off what another lacks."
        )
        yield Phrase(says, sums)
    if not checked:
        yield Phrase(N_("The checks of the plan (the pack “plan”) were not made."))
    yield from _twice(follow, sums)
    if any(not each.exact for each in sums.values() if each.unit == "money"):
        yield Phrase(N_("Amounts in brackets are what uncertain tags leave open."))
    here = [each for one in follow.objectives[:1] for each in one.years if each.here]
    if len(here) > 1:
        year = {"year": str(together.fiscal_year)}
        says = N_(
            "Several years are planned together; the sums are of {year}, and those of "
            "the others stand under each objective."
        )
        yield Phrase(says, year)


def _twice(follow: FollowUp, sums: Figures) -> Iterator[Text]:
    """How much the objectives have more than all of them together, if anything."""
    if "money" not in sums or "by_objective" not in sums:
        return
    more = sums["by_objective"].value - sums["money"].value
    if not more:
        return
    sides = {"rows": sums["by_objective"], "money": sums["money"]}
    says = Phrase(N_("{rows}, the sum over the objectives, less {money}."), sides)
    ids = tuple(each.id for each in sides.values())
    origin = Origin(says, "", follow.plan.version, None, ids)
    twice = {"twice": Figure("plan/twice", more, origin)}
    pattern = N_(
        "{twice} stands with two objectives, since the plan links a line to one and "
        "its tags name another; it counts once in what serves an objective."
    )
    yield Phrase(pattern, twice)


def _table(follow: FollowUp, made: list[Figures], sums: Figures) -> Table:
    proposed = "still" in sums
    columns = [
        Column(Phrase(N_("Objective"))),
        Column(Phrase(N_("Status and deadline"))),
        Column(Phrase(N_("Costs a year")), figures=True, total=sums.get("need")),
        Column(Phrase(N_("Serves it")), figures=True, total=sums.get("by_objective")),
        Column(Phrase(N_("Lacking")), figures=True, total=sums.get("lacking")),
    ]
    if proposed:
        name = Phrase(N_("Lacking with the proposal"))
        columns.append(Column(name, figures=True, total=sums.get("still")))
    rows = []
    for each, figures in zip(follow.objectives, made, strict=True):
        objective = each.objective
        row: list[Cell] = [
            title(objective),
            (Phrase(STATUS_NAMES[objective.status]), day(objective.deadline)),
            figures.get("need", NOT_STATED),
            figures.get("money", Phrase(N_("not known"))),
            figures.get("lacking", Phrase(N_("not known"))),
        ]
        if proposed:
            row.append(figures.get("still", Phrase(N_("not known"))))
        rows.append(tuple(row))
    values = {"budget": book(follow.together)}
    caption = Phrase(N_("Objectives of the plan and their money in {budget}"), values)
    return Table("objectives", caption, tuple(columns), tuple(rows))
