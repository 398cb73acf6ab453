"""Lines of a grant: those under no heading, the wages, and each line with its money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget.domain.grant_account import (
    NO_HEADING,
    GrantAccount,
    GrantLine,
    GrantYear,
    Missing,
    Side,
)
from hrbudget.domain.phrase import N_, Figure, Listed, Phrase, Value
from hrbudget.domain.places import Places
from hrbudget.report.blocks import (
    Block,
    Code,
    Column,
    Folded,
    Paragraph,
    Table,
    Written,
)
from hrbudget.report.parts.donor_budget import title
from hrbudget.report.parts.donor_figures import SOURCE, Making, SideName

_LINE = N_("The amount of the line in {budget}.")
_NONE_OUTSIDE = N_("Every cost of the project falls under a heading of the donor.")
_OUTSIDE = N_(
    "These costs fall under no heading of the donor. They are shown and counted, and "
    "the donor is not known to pay them."
)
_REVENUE = N_(
    "In {year} the ledger has {amount} as revenue of the project; the donor's payments "
    "of the year are {received}."
)
_OTHER_FUNDS = N_(
    "In {year} the ledger has {amount} as costs of the project that other funds pay; "
    "they are not in this report."
)
_BEYOND = N_(
    "In {year} the ledger has {amount} as costs of the project, and the grant has "
    "nothing of that year; they are not in this report."
)
_BEYOND_UNKNOWN = N_(
    "The grant has nothing of {year}, and the project's costs of that year are not "
    "known: {why}."
)
_ELSEWHERE = N_(
    "On the line {line} of {year}, {spent} of what partners spent is said to be "
    "booked, and the line has {held}."
)
_ELSEWHERE_NO_LINE = N_(
    "On the line {line} of {year}, {spent} of what partners spent is said to be "
    "booked, and the outcome has no such line."
)
_ADDED = N_("The lines are added up.")
_BOOKED = N_("What is said to be booked on the line is added up.")
_NO_WAGES = N_("No line holds wages of Swedish participants.")
_NO_SUCH_LINE = N_("no such line")
_NO_LINES = N_("Neither the budget nor the outcome of {year} is made of lines.")

Chosen = Callable[[GrantLine], bool]


def outside(account: GrantAccount, place: int) -> Iterator[Block]:
    """Costs under no heading, and money of the project that is not in the report."""
    which = Lines("outside", N_("Costs under no heading, {year}"), _no_heading)
    tables = _tables(account, place, which)
    yield Paragraph((Phrase(_OUTSIDE if tables else _NONE_OUTSIDE),))
    yield from tables
    besides = tuple(_besides(account))
    if besides:
        yield Paragraph(besides)


def wages(account: GrantAccount, place: int) -> Iterator[Block]:
    """Wages of Swedish participants, person by person as the lines have them."""
    which = Lines("wages", N_("Wages of Swedish participants, {year}"), _swedish_wages)
    tables = _tables(account, place, which)
    if not tables:
        yield Paragraph((Phrase(_NO_WAGES),))
    yield from tables


def line_by_line(account: GrantAccount, place: int) -> Iterator[Block]:
    """Every line of every year."""
    which = Lines("lines", N_("Lines of {year}"), lambda _line: True)
    for year in account.years:
        at = {"year": str(year.year)}
        table = _table(Making(account.grant), year, place, which)
        block: Block = table or Paragraph((Phrase(_NO_LINES, at),))
        yield Folded(Phrase(N_("Line by line, {year}"), at), (block,))


def _no_heading(line: GrantLine) -> bool:
    return line.heading == NO_HEADING


def _swedish_wages(line: GrantLine) -> bool:
    return (line.cost_category, line.party) == ("wages", "swedish")


@dataclass(frozen=True)
class Lines:
    """Some lines of a year: ``name`` in ids, ``caption`` of their table, and which."""

    name: str
    caption: str
    chosen: Chosen

    def of(self, side: Side | Missing) -> dict[str, GrantLine]:
        """Those of a budget or an outcome, by their ids."""
        if isinstance(side, Missing):
            return {}
        return {each.line_id: each for each in side.lines if self.chosen(each)}

    def total(
        self,
        make: Making,
        year: GrantYear,
        side: SideName,
        found: Mapping[str, GrantLine],
    ) -> Figure | None:
        """Their sum; None where none of the side are lines."""
        places = [each.sum.lines for each in found.values() if each.sum.lines]
        if not places:
            return None
        lines = Places(places[0].names, pl.concat([each.positions for each in places]))
        amount = sum(each.sum.amount for each in found.values())
        return make.money(f"{self.at(year)}/{side}", amount, Phrase(_ADDED), lines)

    def at(self, year: GrantYear) -> str:
        """What the ids of their sums begin with, which no heading's ids do.

        A heading may be called as these lines are; its id has no stroke.
        """
        return f"{year.year}/lines/{self.name}"


def _tables(account: GrantAccount, place: int, which: Lines) -> tuple[Table, ...]:
    make = Making(account.grant)
    found = (_table(make, year, place, which) for year in account.years)
    return tuple(each for each in found if each is not None)


def _table(make: Making, year: GrantYear, place: int, which: Lines) -> Table | None:
    """Some lines of a year with budget and outcome; None where there are none."""
    held: dict[SideName, dict[str, GrantLine]] = {
        "budget": which.of(year.budget),
        "outcome": which.of(year.outcome),
    }
    both = {"budget": year.budget, "outcome": year.outcome}
    sides = [
        name for name in held if isinstance(side := both[name], Side) and side.lines
    ]
    lines = {**held["budget"], **held["outcome"]}
    if not lines:
        return None
    rows = []
    for name in sorted(lines):
        each = lines[name]
        money = [_of_line(make, year, side, held[side].get(name)) for side in sides]
        about = ", ".join(filter(None, (each.cost_category, each.party)))
        rows.append(
            (
                (Code(name), Written(each.description)),
                title(make.grant, each.heading),
                Written(about),
                *(found or Phrase(_NO_SUCH_LINE) for found in money),
                *_left(make, f"{year.year}/line/{name}", money),
            )
        )
    totals = [which.total(make, year, side, held[side]) for side in sides]
    caption = Phrase(which.caption, {"year": str(year.year)})
    table_id = f"grant-{place}-{which.name}-{year.year}"
    columns = _columns(make, which.at(year), sides, totals)
    return Table(table_id, caption, columns, tuple(rows))


def _left(
    make: Making, at: str, money: Sequence[Figure | None]
) -> tuple[Figure | None, ...]:
    """The budget less the outcome, where there are lines of both."""
    return make.difference(at, *money)[:1] if len(money) == 2 else ()


def _columns(
    make: Making, at: str, sides: Sequence[str], totals: Sequence[Figure | None]
) -> tuple[Column, ...]:
    names = {"budget": N_("Budget"), "outcome": N_("Outcome")}
    left = [
        Column(Phrase(N_("Budget less outcome")), figures=True, total=each)
        for each in _left(make, at, totals)
    ]
    return (
        Column(Phrase(N_("Line"))),
        Column(Phrase(N_("Heading of the donor"))),
        Column(Phrase(N_("Cost category and party"))),
        *(
            Column(Phrase(names[side]), figures=True, total=total)
            for side, total in zip(sides, totals, strict=True)
        ),
        *left,
    )


def _of_line(
    make: Making, year: GrantYear, side: SideName, line: GrantLine | None
) -> Figure | None:
    if line is None:
        return None
    budget: str = getattr(year, side).budget
    says = Phrase(_LINE, {"budget": budget})
    at = f"{year.year}/line/{line.line_id}/{side}"
    return make.money(at, line.sum.amount, says, line.sum.lines)


def _besides(account: GrantAccount) -> Iterator[Phrase]:
    """Money of the project that is in no table, and bookings that do not agree."""
    make, added = Making(account.grant), Phrase(_ADDED)
    for each in account.years:
        year = str(each.year)
        if each.revenue is not None:
            says = Phrase(N_("What the donor paid in the year is added up."))
            name, paid = f"{year}/received", each.balance.received
            values: Mapping[str, Figure | str] = {
                "year": year,
                "amount": make.money(
                    f"{year}/revenue", each.revenue.amount, added, each.revenue.lines
                ),
                "received": make.money(name, paid, says, source=SOURCE),
            }
            yield Phrase(_REVENUE, values)
        if each.other_funds is not None:
            held = each.other_funds
            amount = make.money(f"{year}/other_funds", held.amount, added, held.lines)
            yield Phrase(_OTHER_FUNDS, {"year": year, "amount": amount})
    yield from _beyond(account, make)
    yield from _elsewhere(account, make)


def _beyond(account: GrantAccount, make: Making) -> Iterator[Phrase]:
    for at, held in account.beyond.items():
        if isinstance(held, Missing):
            yield Phrase(_BEYOND_UNKNOWN, {"year": str(at), "why": Listed(held.why)})
            continue
        name, says = f"{at}/beyond", Phrase(_ADDED)
        amount = make.money(name, held.amount, says, held.lines)
        yield Phrase(_BEYOND, {"year": str(at), "amount": amount})


def _elsewhere(account: GrantAccount, make: Making) -> Iterator[Phrase]:
    for each in account.booked_elsewhere:
        at = f"{each.year}/line/{each.line}"
        spent = make.money(f"{at}/spent", each.spent, Phrase(_BOOKED), source=SOURCE)
        values: dict[str, Value] = {
            "line": each.line,
            "year": str(each.year),
            "spent": spent,
        }
        if each.booked is None:
            yield Phrase(_ELSEWHERE_NO_LINE, values)
            continue
        held = make.money(
            f"{at}/outcome", each.booked.amount, Phrase(_ADDED), each.booked.lines
        )
        yield Phrase(_ELSEWHERE, {**values, "held": held})
