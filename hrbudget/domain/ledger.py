"""One year and phase of a budget with its tags: what the rules are read on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

import polars as pl

from hrbudget import money

EXPENDITURE = pl.col("direction") == "expenditure"

Made = TypeVar("Made")


@dataclass(frozen=True)
class Ledger:
    """Lines in the order of their ids, and their tags.

    Attributes:
        budget: its name.
        fiscal_year: the year.
        phase: proposed, approved, adjusted or executed.
        currency: ISO 4217; all lines share it.
        lines: the columns of ``columns.LINES`` plus ``line``, the position of the line.
        tags: the columns of ``columns.TAGS`` plus ``line``.
    """

    budget: str
    fiscal_year: int
    phase: str
    currency: str
    lines: pl.DataFrame
    tags: pl.DataFrame
    _made: dict[Hashable, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, key: Hashable, work: Callable[[], Made]) -> Made:
        """What ``work`` makes of this ledger, which many rules ask for the same.

        Args:
            key: all that the answer depends on besides the ledger.
            work: makes it; called the first time only.
        """
        if key not in self._made:
            self._made[key] = work()
        return cast("Made", self._made[key])

    @property
    def entity(self) -> str:
        """Whose lines these are; empty where they name no entity or several."""
        names = self.lines["entity"].unique().to_list()
        return str(names[0]) if len(names) == 1 and names[0] else ""

    @property
    def years(self) -> str:
        """The year, or the first and the last where several are planned together."""
        found = self.lines["fiscal_year"].unique().sort().to_list()
        return "–".join(str(year) for year in dict.fromkeys((found[0], found[-1])))

    @property
    def expenditure(self) -> int:
        """Sum of all expenditure, in minor units."""
        return money.total(self.lines.filter(EXPENDITURE), pl.col("amount"))

    @cached_property
    def line_ids(self) -> pl.Series:
        """Ids of the lines by position: one object, by which places are compared."""
        return self.lines["line_id"]

    @cached_property
    def unscreened(self) -> pl.DataFrame:
        """Positions of the lines that nobody has tagged or screened."""
        lines, tagged = self.lines.select("line"), self.tags.select("line")
        if tagged["line"].n_unique() == lines.height:
            return lines.clear()
        return lines.join(tagged, on="line", how="anti", maintain_order="left")


def of(budget: str, lines: pl.DataFrame, tags: pl.DataFrame) -> Ledger:
    """A ledger of one slice; the order of lines and tags given does not matter.

    Raises:
        ValueError: the lines are none, or not of one year, phase and currency.
    """
    slices = lines.select("fiscal_year", "phase", "currency").unique()
    if slices.height != 1:
        message = f"{budget} needs lines of one year, phase and currency"
        raise ValueError(message)
    year, phase, currency = slices.row(0)
    ordered = lines.sort("line_id").with_row_index("line")
    positions = ordered.select("line", "line_id")
    placed = tags.join(positions, on="line_id", how="inner").sort(
        "line", "right", "objective", "effect", "share"
    )
    return Ledger(budget, year, phase, currency, ordered, placed)
