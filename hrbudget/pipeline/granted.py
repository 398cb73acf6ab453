"""From a grant and the entity's budgets to the account that its donor asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import polars as pl

from hrbudget.domain.grant import Booking, Grant, Payment
from hrbudget.domain.grant_account import (
    NO_HEADING,
    Balance,
    BookedElsewhere,
    Chain,
    GrantAccount,
    GrantYear,
    Missing,
    Side,
    Sum,
)
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.pipeline import exchanged
from hrbudget.pipeline.granted_lines import Found, financed, find, side


def accounts(
    grants: Iterable[Grant], ledgers: Sequence[Ledger]
) -> tuple[GrantAccount, ...]:
    """The accounts of some grants, from all years and phases of the entity's budgets.

    Args:
        grants: as they were stated.
        ledgers: budgets, in any order.
    """
    return tuple(account(each, ledgers) for each in grants)


def account(grant: Grant, ledgers: Sequence[Ledger]) -> GrantAccount:
    """The account of one grant."""
    steps = exchanged.chain(grant)
    years: list[GrantYear] = []
    opening: tuple[int | None, bool] = (grant.opening, False)
    for year in grant.years:
        done = _year(grant, year, ledgers)
        balance = _balance(grant, done, steps, opening)
        years.append(replace(done, balance=balance))
        opening = _carried(grant, year, balance)
    return GrantAccount(
        grant, tuple(years), steps, _elsewhere(grant, years), _beyond(grant, ledgers)
    )


def _year(grant: Grant, year: int, ledgers: Sequence[Ledger]) -> GrantYear:
    """A year's budget and outcome; its balance follows from the year before."""
    agreed = range(grant.agreement.begins.year, grant.agreement.ends.year + 1)
    outside = year not in agreed
    held = find(grant, year, "outcome", ledgers)
    outcome = held if isinstance(held, Missing) else side(grant, held)
    budget = _budget(grant, year, ledgers)
    if outside:
        # A year that the agreement has no day of, and no budget has lines of.
        budget, outcome = _or_nothing(grant, budget), _or_nothing(grant, outcome)
    revenue, others = _besides(grant, held)
    return GrantYear(year, budget, outcome, Balance(), revenue, others, outside)


def _or_nothing(grant: Grant, found: Side | Missing) -> Side | Missing:
    """Zero where there is nothing; what only could not be computed stays unknown."""
    if isinstance(found, Missing) and found.nothing:
        return _nothing(grant)
    return found


def _nothing(grant: Grant) -> Side:
    names = [*(each.id for each in grant.donor.headings), NO_HEADING]
    return Side({name: Sum(0) for name in names}, Sum(0))


def _budget(grant: Grant, year: int, ledgers: Sequence[Ledger]) -> Side | Missing:
    """What the donor approved last; else the lines that are named, or found."""
    stated = grant.approved(year)
    if stated is None:
        found = find(grant, year, "budget", ledgers)
        return found if isinstance(found, Missing) else side(grant, found)
    sums: Mapping[str, Sum] = {
        **_nothing(grant).sums,
        **{name: Sum(amount) for name, amount in stated.amounts.items()},
    }
    return Side(sums, Sum(sum(stated.amounts.values())), document=stated.document)


def _besides(grant: Grant, held: Found | Missing) -> tuple[Sum | None, Sum | None]:
    """What the outcome's ledger has as the project's revenue, and of other funds."""
    if isinstance(held, Missing):
        return None, None
    sums = held.sum(~EXPENDITURE), held.sum(EXPENDITURE & ~financed(grant))
    return _if_any(sums[0]), _if_any(sums[1])


def _if_any(found: Sum) -> Sum | None:
    return found if found.lines is not None and found.lines.positions.len() else None


def _balance(
    grant: Grant, done: GrantYear, steps: Chain, opening: tuple[int | None, bool]
) -> Balance:
    """A year's account from its opening balance, and whether that was declared."""
    moved = grant.movements
    received = sum(each.received for each in _in(moved.received, done.year))
    interest = sum(each.amount for each in _in(moved.interest, done.year))
    repaid = sum(each.amount for each in _in(moved.repaid, done.year))
    exchange = steps.difference(done.year)
    known = not isinstance(done.outcome, Missing)
    outcome = done.outcome.total.amount if isinstance(done.outcome, Side) else None
    closing = None
    if opening[0] is not None and exchange is not None and outcome is not None:
        closing = opening[0] + received + interest + exchange - outcome - repaid
    return Balance(
        opening=opening[0],
        received=received,
        interest=interest,
        exchange=exchange,
        outcome=outcome,
        repaid=repaid,
        closing=closing,
        with_partners=steps.with_partners(done.year) if known else None,
        no_heading=done.outcome.sums[NO_HEADING].amount
        if isinstance(done.outcome, Side)
        else None,
        is_declared=opening[1],
    )


Dated = TypeVar("Dated", Booking, Payment)


def _in(moved: Iterable[Dated], year: int) -> list[Dated]:
    return [each for each in moved if each.on.year == year]


def _carried(grant: Grant, year: int, balance: Balance) -> tuple[int | None, bool]:
    """The next year's opening balance: this closing one, else what was declared."""
    declared = grant.declared.get(year)
    if balance.closing is None and declared is not None:
        return declared.closing, declared.closing is not None
    return balance.closing, False


def _elsewhere(grant: Grant, years: Iterable[GrantYear]) -> tuple[BookedElsewhere, ...]:
    """Lines that hold less than the spendings which are said to be booked on them."""
    found: list[BookedElsewhere] = []
    for each in years:
        if isinstance(each.outcome, Missing):
            continue
        held = {line.line_id: line.sum for line in each.outcome.lines}
        spent: dict[str, int] = {}
        for one in grant.movements.spent:
            if one.line and one.booked is not None and one.on.year == each.year:
                spent[one.line] = spent.get(one.line, 0) + one.booked
        found += [
            BookedElsewhere(each.year, line, amount, held.get(line))
            for line, amount in sorted(spent.items())
            if line not in held or held[line].amount < amount
        ]
    return tuple(found)


def _beyond(grant: Grant, ledgers: Sequence[Ledger]) -> dict[int, Sum | Missing]:
    """Costs of the project in years that the grant has nothing of, by year."""
    mine = (pl.col("project") == grant.project).fill_null(value=False)
    executed = [each for each in ledgers if each.phase == "executed"]
    seen: set[int] = set()
    for each in executed:
        seen.update(each.lines.filter(mine)["fiscal_year"].to_list())
    found = {
        year: find(grant, year, "outcome", ledgers)
        for year in sorted(seen - set(grant.years))
    }
    return {
        year: held.sum(financed(grant)) if isinstance(held, Found) else held
        for year, held in found.items()
        if isinstance(held, Found) or not held.nothing
    }
