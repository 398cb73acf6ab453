"""From a plan and an entity's budgets to the follow-up: which money serves what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from hrbudget import money
from hrbudget.domain.columns import PHASES
from hrbudget.domain.follow_up import LINKED, Followed, FollowUp, Linked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Value
from hrbudget.domain.plan import Objective, Plan
from hrbudget.domain.requirement import evaluate
from hrbudget.pipeline.years import apart
from hrbudget.rules.plan.funded import linked_lines


@dataclass(frozen=True)
class Books:
    """The budgets that a plan is followed up in.

    Attributes:
        ledger: the one that is reported on, of one year or of years planned together.
        proposal: the same with the amounts of a proposal; None: there is none.
        others: the entity's other years and phases.
    """

    ledger: Ledger
    proposal: Ledger | None = None
    others: tuple[Ledger, ...] = ()


@dataclass(frozen=True)
class _Book:
    """One of them: whether the report is on it, and what a proposal makes of it."""

    ledger: Ledger
    here: bool = False
    after: Ledger | None = None
    missing: Phrase | None = None


def follow_up(plan: Plan, books: Books, on: date) -> FollowUp:
    """The plan on a day, with the money of its objectives in every budget there is.

    Where years are planned together, the first of them is the budget that the totals
    are of, and the rest stand among the years.
    """
    here = apart(books.ledger)
    after: tuple[Ledger | None, ...] = (None,) * len(here)
    if books.proposal is not None:
        after = apart(books.proposal)
    every = [
        *(_known(plan, _Book(*pair)) for pair in _pairs(here, after)),
        *(_known(plan, _Book(each)) for each in books.others),
    ]
    found = tuple(_followed(each, every) for each in plan.objectives)
    return FollowUp(plan, on, found, _together(plan, every[0]))


def _pairs(
    here: tuple[Ledger, ...], after: tuple[Ledger | None, ...]
) -> list[tuple[Ledger, bool, Ledger | None]]:
    return [(one, True, other) for one, other in zip(here, after, strict=True)]


def _known(plan: Plan, book: _Book) -> _Book:
    """The book, with what is missing to tell which of its lines serve the plan.

    Tags of an earlier year may be older than the plan: where none of them names any of
    its objectives, that is no year without money for them.
    """
    ledger = book.ledger
    links = [link.line_id for each in plan.objectives for link in each.lines]
    if links and ledger.line_ids.is_in(links).any():
        return book
    values = {"budget": _named(ledger)}
    if ledger.tags.is_empty():
        missing = Phrase(N_("{budget} is not tagged"), values)
    elif book.here or _names_one(plan, ledger):
        return book
    else:
        missing = Phrase(
            N_("no tag of {budget} names an objective of the plan"), values
        )
    return _Book(ledger, book.here, book.after, missing)


def _named(ledger: Ledger) -> Phrase:
    """How a budget is named in a sentence, its phase in the reader's language."""
    year, phase = str(ledger.fiscal_year), Phrase(ledger.phase)
    values: dict[str, Value] = {"budget": ledger.budget, "year": year, "phase": phase}
    return Phrase("{budget} ({year} {phase})", values)


def _names_one(plan: Plan, ledger: Ledger) -> bool:
    ids = [each.id for each in plan.objectives]
    return bool(ledger.tags["objective"].is_in(ids).any())


def _followed(objective: Objective, books: list[_Book]) -> Followed:
    years = [
        _linked(each, linked_lines(each.ledger, objective).coefficients)
        for each in books
    ]
    ordered = sorted(
        years, key=lambda one: (one.fiscal_year, PHASES.index(one.phase), one.budget)
    )
    known = set(books[0].ledger.line_ids) if objective.lines else set[str]()
    absent = tuple(
        each.line_id for each in objective.lines if each.line_id not in known
    )
    return Followed(objective, years[0], tuple(ordered), absent)


def _linked(book: _Book, coefficients: pl.DataFrame) -> Linked:
    """The lines of a book that serve an objective.

    Args:
        book: the budget.
        coefficients: the millionths of its lines that do (``COEFFICIENTS``).
    """
    ledger = book.ledger
    if book.missing is not None:
        coefficients = coefficients.clear()
    named = ledger.lines.select("line", "line_id", "description", "amount")
    lines = coefficients.join(named, on="line").sort("line").select(LINKED.names())
    return Linked(
        budget=ledger.budget,
        fiscal_year=ledger.fiscal_year,
        phase=ledger.phase,
        currency=ledger.currency,
        here=book.here,
        names=ledger.line_ids,
        lines=lines.cast(LINKED),
        missing=book.missing,
        proposed=None
        if book.after is None or book.missing is not None
        else evaluate(coefficients, book.after.lines),
    )


def _together(plan: Plan, book: _Book) -> Linked:
    """The lines that serve any objective, none of them with more than all of it.

    A line may serve two: one by a link of the plan, another by its tags.
    """
    parts = [linked_lines(book.ledger, each).coefficients for each in plan.objectives]
    whole = pl.lit(money.WHOLE, pl.Int64)
    sums = (
        pl.concat(parts)
        .group_by("line")
        .agg(
            pl.min_horizontal(pl.col(name).sum(), whole)
            for name in ("coefficient", "low", "high")
        )
    )
    return _linked(book, sums)
