"""The money of an objective: this year and others, planned and spent, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget import money as exact
from hrbudget.domain.follow_up import Followed, FollowUp, Linked, Outturn, coming
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Value
from hrbudget.domain.places import Places
from hrbudget.domain.plan import Objective
from hrbudget.domain.requirement import Interval
from hrbudget.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Folded,
    Paragraph,
    Table,
    Written,
)
from hrbudget.report.figures import money
from hrbudget.report.parts.follow_figures import Figures, book, from_plan, of_money
from hrbudget.report.parts.follow_words import NOT_STATED
from hrbudget.report.parts.head import PHASE_NAMES

#: Lines of an objective that people read; the rest is one row.
_MOST_LINES = 40


def said(follow: FollowUp, each: Followed, made: Figures) -> tuple[Phrase, ...]:
    """What serves the objective, what it costs, and what is lacking or over.

    Args:
        follow: the plan.
        each: the objective.
        made: its figures (``follow_figures.of_objective``).
    """
    return tuple(_said(follow, each, made))


def _said(follow: FollowUp, each: Followed, made: Figures) -> Iterator[Phrase]:
    now = each.now
    if now.missing is not None:
        values = {"missing": now.missing}
        yield Phrase(
            N_("It is not known what serves the objective: {missing}."), values
        )
    elif now.lines.is_empty():
        yield Phrase(N_("No line of the budget is linked to the objective."))
    if "need" not in made:
        yield _uncosted(follow, now)
        if "money" in made:
            yield Phrase(N_("{money} of the budget serves it."), made)
        return
    yield Phrase(_held(made), made)
    if "money" in made and not made["money"].exact:
        yield Phrase(N_("Amounts in brackets are what uncertain tags leave open."))
    if "still" in made:
        enough = not made["still"].value
        lacks = N_("With the proposal {proposed} serves it, and {still} is lacking.")
        yield Phrase(
            N_("With the proposal {proposed} serves it, which is enough.")
            if enough
            else lacks,
            made,
        )


def _uncosted(follow: FollowUp, now: Linked) -> Phrase:
    if not follow.comparable(now):
        values = {"one": follow.plan.currency or "", "other": now.currency}
        says = N_("The plan counts in {one} and the budget in {other}.")
        return Phrase(says, values)
    return Phrase(N_("The plan does not say what it costs this year."))


def _held(made: Figures) -> str:
    """How what serves an objective is held against what it costs."""
    if "money" not in made:
        return N_("It costs {need} a year.")
    if made["lacking"].value:
        return N_(
            "It costs {need} a year; {money} serves it, and {lacking} is lacking."
        )
    if made["over"].value:
        return N_("It costs {need} a year; {money} serves it, {over} more than needed.")
    return N_("It costs {need} a year, and {money} serves it.")


def to_come(follow: FollowUp, objective: Objective) -> Cell:
    """What the objective will cost, from the day it does; None: nothing is stated."""
    rows: list[Phrase] = []
    currency = follow.plan.currency or follow.together.currency
    for start, text in coming(objective.costed_need, follow.on):
        since = {"date": start.isoformat()}
        if text is None:
            rows.append(Phrase(N_("from {date}: not stated"), since))
            continue
        says = Phrase(
            N_("The plan states it as the cost of a year from {date}."), since
        )
        need = Figure(
            f"objective/{objective.id}/need/{start.isoformat()}",
            exact.to_minor(text, currency),
            from_plan(says, follow, objective),
            currency="" if currency == follow.together.currency else currency,
        )
        rows.append(Phrase(N_("from {date}: {need} a year"), {**since, "need": need}))
    return tuple(rows) or None


def years(follow: FollowUp, each: Followed, at: int) -> Table:
    """Need and money of every year and phase, in time.

    Args:
        follow: the plan.
        each: the objective.
        at: its place in the plan, from 1, which names the table.
    """
    rows = []
    for found in each.years:
        made = _of_year(follow, each, found)
        lacking: Cell = made.get("lacking")
        rows.append(
            (
                Written(str(found.fiscal_year)),
                Phrase(PHASE_NAMES[found.phase]),
                Code(found.budget),
                made.get("need") or NOT_STATED,
                made.get("money") or _why(found),
                lacking,
            )
        )
    return Table(
        f"years-{at}",
        Phrase(N_("Money that serves the objective, by year")),
        (
            Column(Phrase(N_("Year"))),
            Column(Phrase(N_("Phase"))),
            Column(Phrase(N_("Budget"))),
            Column(Phrase(N_("Costs a year")), figures=True),
            Column(Phrase(N_("Serves it")), figures=True),
            Column(Phrase(N_("Lacking")), figures=True),
        ),
        tuple(rows),
    )


def _why(found: Linked) -> Phrase:
    values = {"missing": found.missing or Phrase("")}
    return Phrase(N_("not known: {missing}"), values)


def _of_year(follow: FollowUp, each: Followed, found: Linked) -> Figures:
    """The figures of an objective in one budget; of the report's own, as elsewhere."""
    at = f"objective/{each.objective.id}"
    if found is not each.now:
        at += f"/{found.budget}/{found.fiscal_year}/{found.phase}"
    return of_money(follow, each.objective, found, at)


def outturns(follow: FollowUp, each: Followed) -> tuple[Phrase, ...]:
    """Plan against outcome, of each year that has both."""
    found = tuple(_outturn(follow, each, one) for one in each.outturns)
    nothing = N_("No year has both a budget and its outcome, so they are not compared.")
    return found or (Phrase(nothing),)


def _outturn(follow: FollowUp, each: Followed, one: Outturn) -> Phrase:
    made = {
        name: _of_year(follow, each, found)["money"]
        for name, found in (("planned", one.planned), ("executed", one.executed))
    }
    sign = -1 if one.difference.middle < 0 else 1
    says = Phrase(N_("The difference of {executed} and {planned}."), made)
    at = f"objective/{each.objective.id}/outturn/{one.executed.fiscal_year}"
    origin = Origin(says, made_of=tuple(figure.id for figure in made.values()))
    difference = money(at, one.difference.times(Fraction(sign)), origin)
    values: Mapping[str, Value] = {
        **made,
        "year": str(one.executed.fiscal_year),
        "phase": Phrase(PHASE_NAMES[one.planned.phase]),
        "difference": difference,
    }
    if not one.difference.middle:
        return Phrase(N_("{year}: {planned} ({phase}) became {executed}."), values)
    more = N_("{year}: {planned} ({phase}) became {executed}, {difference} more.")
    less = N_("{year}: {planned} ({phase}) became {executed}, {difference} less.")
    return Phrase(more if sign > 0 else less, values)


# -- lines


def lines(each: Followed, made: Figures, at: int) -> tuple[Block, ...]:
    """The lines of the budget that serve the objective; nothing where none does.

    Args:
        each: the objective.
        made: its figures (``follow_figures.of_objective``).
        at: its place in the plan, from 1, which names the table.
    """
    found = each.now.lines
    blocks: list[Block] = []
    if each.absent:
        values = {"lines": ", ".join(each.absent)}
        says = N_("The plan links lines that the budget does not have: {lines}.")
        blocks.append(Paragraph((Phrase(says, values),)))
    if found.is_empty():
        return tuple(blocks)
    size = (pl.col("amount").cast(pl.Int128) * pl.col("coefficient")).abs()
    ordered = found.sort([size, "line_id"], descending=[True, False])
    rows = [_row(each, row) for row in ordered.head(_MOST_LINES).iter_rows(named=True)]
    if ordered.height > _MOST_LINES:
        rows.append(_rest(each, ordered.slice(_MOST_LINES)))
    table = Table(
        f"lines-{at}",
        Phrase(
            N_("Lines of {budget} that serve the objective"), {"budget": book(each.now)}
        ),
        (
            Column(Phrase(N_("Line"))),
            Column(Phrase(N_("What it is"))),
            Column(Phrase(N_("Amount")), figures=True),
            Column(Phrase(N_("Part that serves it")), figures=True),
            Column(Phrase(N_("Serves it")), figures=True, total=made.get("money")),
        ),
        tuple(rows),
    )
    return (*blocks, Folded(Phrase(N_("Lines that serve the objective")), (table,)))


def _row(each: Followed, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One line: its amount, the part that serves the objective, and what that is."""
    name = str(row["line_id"])
    at = f"objective/{each.objective.id}/line/{name}"
    places = Places(each.now.names, pl.Series([row["line"]], dtype=pl.UInt32))
    low, stated, high = (
        Fraction(row[key], exact.WHOLE) for key in ("low", "coefficient", "high")
    )
    amount = money(
        f"{at}/amount",
        row["amount"],
        Origin(Phrase(N_("It is the amount of the line.")), lines=places),
    )
    origin = Origin(
        Phrase(N_("The tags of the line, or the plan, say so.")), lines=places
    )
    share = Figure(f"{at}/share", stated, origin, "share", low, high)
    ends = sorted((low * amount.value, high * amount.value))
    counted = Interval(ends[0], stated * amount.value, ends[1])
    says = Phrase(N_("{amount} times {share}."), {"amount": amount, "share": share})
    ids = (amount.id, share.id)
    return (
        Code(name),
        Written(str(row["description"] or "")),
        amount,
        share,
        money(f"{at}/counted", counted, Origin(says, lines=places, made_of=ids)),
    )


def _rest(each: Followed, rest: pl.DataFrame) -> tuple[Cell, ...]:
    """All smaller lines as one row."""
    places = Places(each.now.names, rest["line"])
    says = Phrase(N_("They are counted and added up as the lines above."))
    origin = Origin(says, lines=places)
    at = f"objective/{each.objective.id}/other_lines"
    found = replace(each.now, lines=rest.sort("line"))
    count = Figure(f"{at}/count", Fraction(rest.height), origin, "number")
    amounts = exact.total(rest, pl.col("amount"))
    return (
        Phrase(N_("other lines: {count}"), {"count": count}),
        None,
        money(f"{at}/amount", amounts, origin),
        None,
        money(f"{at}/counted", found.money, origin),
    )
