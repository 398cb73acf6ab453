"""How many persons a rule speaks of, out of the entity's tables, with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget.domain.disclosure import not_shown
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.rule import Datum
from hrbudget.domain.written import GroupId
from hrbudget.rules.context import Context
from hrbudget.yamlfile import FileModel

#: The table that is asked; ``need`` counts persons weighted by how much they need.
Table = Literal["population", "need"]

#: Figures of the budget's own year, or the latest that are not after it.
Year = Literal["budget", "latest"]


class Persons(FileModel):
    """Keys that pick one figure of the population table; no district: the entity."""

    group: GroupId = "all"
    district: str = ""
    year: Year = "budget"

    @property
    def who(self) -> Who:
        """Those it picks."""
        return Who(self.group, self.district)


@dataclass(frozen=True)
class Who:
    """A group of a district; district "" is the whole entity."""

    group: str
    district: str = ""

    def __str__(self) -> str:
        return f"{self.group}, {self.district}" if self.district else self.group


@dataclass(frozen=True)
class Counted:
    """A figure above zero, and where it comes from."""

    number: Fraction
    who: Who
    data: tuple[Datum, ...]


def count(
    context: Context, table: Table, who: Who, year: int | None = None
) -> Counted | Phrase:
    """How many, in persons (or persons weighted by need); or what is missing of it.

    Args:
        context: the budget and the entity's tables.
        table: the table.
        who: the group and district.
        year: of the figure; None: the budget's own.
    """
    budget_year = context.ledger.fiscal_year
    wanted = budget_year if year is None else year
    cell = (wanted, who.district, who.group)
    facts = context.facts
    if cell in (facts.hidden if table == "population" else facts.hidden_need):
        return not_shown(context.facts.least_cell, str(who))
    number = _number(context, table, who, wanted)
    values = {"table": table, "who": str(who), "year": str(wanted)}
    if number is None:
        return Phrase(N_("{table}.csv has no figure of {year} for {who}"), values)
    if number <= 0:
        return Phrase(N_("{table}.csv has nobody in {year} for {who}"), values)
    data = context.facts.datum(
        table, wanted, budget_year, group=who.group, district=who.district
    )
    return Counted(number, who, data)


def year_of(context: Context, table: Table, everyone: Sequence[Who], year: Year) -> int:
    """The year whose figures are read: of all that are compared, the same.

    ``latest`` is the latest year, not after the budget's, of which the table has a
    figure for each of them; where there is none, the budget's, which is then missing.
    """
    budget_year = context.ledger.fiscal_year
    if year == "budget":
        return budget_year
    rows: pl.DataFrame = getattr(context.facts, table)
    past = rows.filter(pl.col("fiscal_year") <= budget_year)["fiscal_year"].unique()
    for known in past.sort(descending=True).to_list():
        if all(_number(context, table, who, known) is not None for who in everyone):
            return int(known)
    return budget_year


def _number(context: Context, table: Table, who: Who, year: int) -> Fraction | None:
    if table == "need":
        return context.facts.needed(year, who.group, who.district)
    persons = context.facts.persons(year, who.group, who.district)
    return None if persons is None else Fraction(persons)
