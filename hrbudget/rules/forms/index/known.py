"""Figures out of the table of outcomes, with their year and their source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.rule import Datum
from hrbudget.rules.context import Context
from hrbudget.rules.people import Who, Year


@dataclass(frozen=True)
class Known:
    """A figure of what people have, of a year, with where it comes from."""

    value: Fraction
    year: int
    data: tuple[Datum, ...]


def look_up(
    context: Context, name: str, who: Who, year: Year | int = "budget"
) -> Known | Phrase:
    """An outcome of a group and district; or what is missing of it.

    Args:
        context: the budget and the entity's tables.
        name: of the outcome.
        who: the group and district.
        year: the year itself; the budget's; or the latest that is not after it.
    """
    budget_year = context.ledger.fiscal_year
    wanted = year if isinstance(year, int) else budget_year
    if year == "latest":
        wanted = _latest(context, name, who)
    value = context.facts.outcome(name, wanted, who.group, who.district)
    if value is None:
        values = {"outcome": name, "who": str(who), "year": str(wanted)}
        return Phrase(
            N_("outcomes.csv has no figure of {year} for {outcome} of {who}"), values
        )
    key = {"name": name, "group": who.group, "district": who.district}
    data = context.facts.datum("outcomes", wanted, budget_year, **key)
    return Known(value, wanted, data)


def _latest(context: Context, name: str, who: Who) -> int:
    """The latest year, not after the budget's, that has the figure; else its own."""
    budget_year = context.ledger.fiscal_year
    rows = context.facts.outcomes.filter(
        (pl.col("name") == name)
        & (pl.col("group") == who.group)
        & (pl.col("district") == who.district)
        & (pl.col("fiscal_year") <= budget_year)
    )
    years = rows["fiscal_year"].to_list()
    return max(years, default=budget_year)
