"""Money of an activity as IATI has it: budgets by year, and transactions.

* A proposed or approved budget is a budget of type original (1), an adjusted one is
  revised (2); it is indicative (1) as long as it is proposed, then committed (2).
  Where a year was both proposed and approved, the proposal is over and left out.
* An executed budget is transactions: expenditure (4), disbursement (3) where the
  publisher says that lines were handed to an organization, incoming funds (1) for
  revenue. Lines of one day are one transaction, so that nobody is known by an amount;
  a line without ``incurred_on`` is of the last day of its year. Revenue of the project
  and fund of a grant is left out where the grant says what was paid, lest it count
  twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.report.open_data import codes, weighed
from hrbudget.report.open_data.described import Described
from hrbudget.report.open_data.publisher import Organization, Words
from hrbudget.report.open_data.weighed import WEIGHT, Weighed

#: Phase → type and status of a budget.
_BUDGETS = {"proposed": ("1", "1"), "approved": ("1", "2"), "adjusted": ("2", "2")}

#: Column of lines that says when their money was spent, where a file has it.
_DAY = "incurred_on"


@dataclass(frozen=True)
class YearBudget:
    """What is planned for a year; ``value`` in minor units of ``currency``."""

    type: str
    status: str
    first: date
    last: date
    value: Fraction
    currency: str


@dataclass(frozen=True)
class Transaction:
    """Money that moved, or was promised, on a day; from or to ``organization``."""

    day: date
    type: str
    value: Fraction
    currency: str
    place: int = 0
    organization: Organization | None = None

    @property
    def incoming(self) -> bool:
        """Whether the organization provided the money; else it received it."""
        return self.type in ("1", "11", "13")


@dataclass(frozen=True)
class Calendar:
    """When years begin, and the day that the file tells of.

    Attributes:
        begins: month in which a fiscal year begins; it is called by that year.
        today: no money can have moved after it.
    """

    begins: int
    today: date

    def year(self, fiscal_year: int) -> tuple[date, date]:
        """First and last day of a fiscal year."""
        return days_of(fiscal_year, self.begins)


def days_of(fiscal_year: int, begins: int) -> tuple[date, date]:
    """First and last day of a fiscal year that begins in a month (1 to 12) of it."""
    first = date(fiscal_year, begins, 1)
    return first, first.replace(year=fiscal_year + 1) - timedelta(days=1)


def in_force(parts: Iterable[Weighed]) -> tuple[Weighed, ...]:
    """Without proposals of years that are approved; by year and stage."""
    order = (*_BUDGETS, "executed")
    held = [each for each in parts if not each.lines.is_empty()]
    held.sort(key=lambda each: (each.ledger.fiscal_year, order.index(_phase(each))))
    settled = {
        each.ledger.fiscal_year
        for each in held
        if _phase(each) in ("approved", "adjusted")
    }
    return tuple(
        each
        for each in held
        if _phase(each) != "proposed" or each.ledger.fiscal_year not in settled
    )


def _phase(part: Weighed) -> str:
    return part.ledger.phase


def budgets(parts: Sequence[Weighed], calendar: Calendar) -> tuple[YearBudget, ...]:
    """A budget for each year and stage that plans expenditure."""
    planned = [each for each in parts if _phase(each) in _BUDGETS]
    return tuple(
        YearBudget(
            *_BUDGETS[_phase(each)],
            *calendar.year(each.ledger.fiscal_year),
            each.spent,
            each.ledger.currency,
        )
        for each in planned
        if each.spent
    )


def spent(
    parts: Sequence[Weighed],
    about: Described,
    calendar: Calendar,
    grant: Grant | None = None,
) -> list[Transaction]:
    """The transactions that executed lines are.

    Args:
        parts: the lines of each budget.
        about: the activity.
        calendar: of the file.
        grant: whose payments are transactions of their own.

    Raises:
        ValueError: lines are dated after the day of the file, or a filter asks for a
            column that they do not have.
    """
    found = []
    for part in parts:
        if _phase(part) != "executed":
            continue
        for (day, kind, place), mine in _grouped(part, about, calendar, grant):
            value = Fraction(money.total(mine, _weighted()), money.WHOLE)
            if day > calendar.today:
                message = (
                    f"{part.ledger.budget} has money spent on {day}, after the day of "
                    f"the file, {calendar.today}: state a later one with --generated"
                )
                raise ValueError(message)
            whom = about.organizations[place] if kind == "3" else None
            made = Transaction(day, kind, value, part.ledger.currency, place, whom)
            found += [made] if value else []
    return found


def _weighted() -> pl.Expr:
    return pl.col("amount").cast(pl.Int128) * pl.col(WEIGHT)


def _grouped(
    part: Weighed, about: Described, calendar: Calendar, grant: Grant | None
) -> list[tuple[tuple[date, str, int], pl.DataFrame]]:
    """Lines of one day, one type and one organization (its place in the list)."""
    lines = part.lines
    last = min(calendar.year(part.ledger.fiscal_year)[1], calendar.today)
    stated = pl.col(_DAY) if _DAY in lines.columns else pl.lit(None, pl.String)
    day = stated.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    handed = _handed(part, about)
    # A file may have columns of any name, so nothing of it is kept but the money.
    kinds = lines.select(
        "amount",
        WEIGHT,
        day=day.fill_null(last),
        type=pl.when(~EXPENDITURE)
        .then(pl.lit("1"))
        .when(handed >= 0)
        .then(pl.lit("3"))
        .otherwise(pl.lit("4")),
        place=pl.when(EXPENDITURE).then(handed).otherwise(-1),
        is_paid=_paid(grant),
    )
    grouped = (
        kinds.filter(~pl.col("is_paid"))
        .sort("day", "type", "place")
        .group_by("day", "type", "place", maintain_order=True)
    )
    return [((key[0], key[1], key[2]), mine) for key, mine in grouped]


def _handed(part: Weighed, about: Described) -> pl.Series:
    """The place of the first organization that each line was handed to; else -1."""
    found = pl.Series([-1], dtype=pl.Int32).new_from_index(0, part.lines.height)
    for place, each in enumerate(about.organizations):
        if each.disbursed:
            held = weighed.holds(part.ledger, part.lines, each.disbursed)
            mine = held.fill_null(value=False) & (found < 0)
            found = found.set(mine, place)
    return found


def _paid(grant: Grant | None) -> pl.Expr:
    """Whether a line is revenue that the payments of a grant tell already."""
    if grant is None or not grant.movements.received:
        return pl.lit(value=False)
    mine = pl.col("project") == grant.project
    if grant.fund:
        mine &= pl.col("fund") == grant.fund
    return ~EXPENDITURE & mine.fill_null(value=False)


def stated(about: Described, currency: str, grant: Grant | None) -> list[Transaction]:
    """What the publisher states, and what a grant says of its money that came in."""
    found = [
        Transaction(
            each.date,
            codes.TRANSACTIONS[each.type],
            each.value(currency),
            each.currency or currency,
            place,
            each.organization,
        )
        for place, each in enumerate(about.transactions)
    ]
    return found + (_of_grant(grant) if grant else [])


def _of_grant(grant: Grant) -> list[Transaction]:
    name = grant.donor.name
    donor = Organization(name=Words(en=name.text, sv=name.swedish))
    signed = grant.agreement
    agreed = [] if signed.amount is None else [signed.amount]
    return [
        *(
            Transaction(signed.signed, "11", Fraction(each), signed.currency, 0, donor)
            for each in agreed
        ),
        *(
            Transaction(each.on, "1", Fraction(each.amount), each.currency, n, donor)
            for n, each in enumerate(grant.movements.received)
        ),
    ]
