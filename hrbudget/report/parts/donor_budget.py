"""The budget against the outcome of a grant, in the donor's headings.

Sida's terms of reference for audits ask for a report that can be compared line by line
with the latest approved budget, with columns for the years before.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.grant import Grant
from hrbudget.domain.grant_account import (
    TOTAL,
    GrantAccount,
    GrantYear,
    Missing,
    Side,
)
from hrbudget.domain.phrase import N_, Figure, Listed, Phrase
from hrbudget.report.blocks import (
    Block,
    Cell,
    Column,
    Paragraph,
    Table,
    Text,
)
from hrbudget.report.parts.donor_figures import Making, headings, written
from hrbudget.report.parts.head import PHASE_NAMES

_NAMES = (N_("Heading of the donor"), N_("Budget"), N_("Outcome"))
_LEFT = (N_("Budget less outcome"), N_("Of the budget"))
_NO_HEADING = N_("No heading of the donor")
_SOURCES = N_("Budget: {budget}. Outcome: {outcome}.")
_LINES = N_("the lines of {budget}, {phase}")
_DOCUMENT = N_("the approved budget, {document}")
_NOTHING = N_("none, since the agreement has no day of the year")
_UNKNOWN = N_("not known")
_NOTHING_BUDGETED = N_("nothing was budgeted")
_NOT_KNOWN = N_("not known: {why}")
_NOT_APPROVED = N_("The budget of {year} is a proposal: nobody has approved it yet.")
_CUMULATIVE = N_("All years of the agreement up to {year}")
_NO_YEAR = N_(
    "No sums over the years are shown: of the first year, {year}, the budget or the "
    "outcome is not known."
)
_UP_TO = N_(
    "The sums go as far as the budget and the outcome of every year are known: to "
    "{year}. The agreement ends in {end}."
)


def blocks(account: GrantAccount, place: int) -> Iterator[Block]:
    """Each year, then the years together.

    Args:
        account: of one grant.
        place: of the grant in the report, from 1, for the ids of tables.
    """
    for year in account.years:
        yield _year(account.grant, year, place)
        yield Paragraph(_sources(year), soft=True)
    yield from _together(account, place)


def title(grant: Grant, name: str) -> Text:
    """A heading as the first cell of a row."""
    found = [each.title for each in grant.donor.headings if each.id == name]
    return written(found[0]) if found else Phrase(_NO_HEADING)


def _year(grant: Grant, year: GrantYear, place: int) -> Table:
    make, at = Making(grant), str(year.year)
    rows = [
        _row(
            grant,
            name,
            make.side(year, "budget", name),
            make.side(year, "outcome", name),
            f"{at}/{name}",
        )
        for name in headings(grant)
    ]
    totals = make.side(year, "budget", TOTAL), make.side(year, "outcome", TOTAL)
    return Table(
        f"grant-{place}-{at}",
        Phrase(N_("Budget and outcome of {year}"), {"year": at}),
        _columns(make, f"{at}/{TOTAL}", *totals),
        tuple(rows),
    )


def _row(
    grant: Grant, name: str, budget: Figure | None, outcome: Figure | None, at: str
) -> tuple[Cell, ...]:
    left, part = Making(grant).difference(at, budget, outcome)
    unknown = Phrase(_UNKNOWN)
    share: Cell = part or (Phrase(_NOTHING_BUDGETED) if left else unknown)
    shown = (each or unknown for each in (budget, outcome, left))
    return (title(grant, name), *shown, share)


def _columns(
    make: Making, at: str, budget: Figure | None, outcome: Figure | None
) -> tuple[Column, ...]:
    left, _ = make.difference(at, budget, outcome)
    first, *sides = _NAMES
    return (
        Column(Phrase(first)),
        Column(Phrase(sides[0]), figures=True, total=budget),
        Column(Phrase(sides[1]), figures=True, total=outcome),
        Column(Phrase(_LEFT[0]), figures=True, total=left),
        Column(Phrase(_LEFT[1]), figures=True),
    )


def _sources(year: GrantYear) -> tuple[Phrase, ...]:
    """Where the budget and the outcome were taken from, or why they are not known."""
    values = {"budget": _where(year.budget), "outcome": _where(year.outcome)}
    said: tuple[Phrase, ...] = (Phrase(_SOURCES, values),)
    if isinstance(year.budget, Side) and year.budget.phase == "proposed":
        said += (Phrase(_NOT_APPROVED, {"year": str(year.year)}),)
    return said


def _where(side: Side | Missing) -> Phrase:
    if isinstance(side, Missing):
        return Phrase(_NOT_KNOWN, {"why": Listed(side.why)})
    if side.document:
        return Phrase(_DOCUMENT, {"document": side.document})
    if not side.budget:
        return Phrase(_NOTHING)
    phase = Phrase(PHASE_NAMES[side.phase])
    return Phrase(_LINES, {"budget": side.budget, "phase": phase})


def _together(account: GrantAccount, place: int) -> Iterator[Block]:
    """All years from the first whose budget and outcome are both known."""
    grant, years = account.grant, account.complete
    if not years:
        year = str(account.years[0].year)
        yield Paragraph((Phrase(_NO_YEAR, {"year": year}),))
        return
    make = Making(grant)
    rows = [
        _row(
            grant,
            name,
            make.cumulative(years, "budget", name),
            make.cumulative(years, "outcome", name),
            f"cumulative/{name}",
        )
        for name in headings(grant)
    ]
    totals = (
        make.cumulative(years, "budget", TOTAL),
        make.cumulative(years, "outcome", TOTAL),
    )
    last = str(years[-1].year)
    yield Table(
        f"grant-{place}-cumulative",
        Phrase(_CUMULATIVE, {"year": last}),
        _columns(make, f"cumulative/{TOTAL}", *totals),
        tuple(rows),
    )
    end = str(grant.agreement.ends.year)
    yield Paragraph((Phrase(_UP_TO, {"year": last, "end": end}),), soft=True)
