"""Money over the years in the prices of one of them and per inhabitant.

    money of a year · index of the base year / index of that year / inhabitants then

It is the formula by which rules hold a budget against an earlier one (form ``growth``):
non-retrogression is read in real per-head terms (R01, R01b; CESCR General Comment 3
para. 9, CRC General Comment 19 para. 31). What is not known is said and never filled
in, and only years that say the same kind of thing are held against each other: what was
planned with what was planned, what was spent with what was spent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from hrbudget.domain.finding import Totals
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Interval

#: What a phase tells of: what is planned, or what became of it.
Kind = Literal["planned", "spent"]


def kind(phase: str) -> Kind:
    """What a phase tells of."""
    return "spent" if phase == "executed" else "planned"


@dataclass(frozen=True)
class Index:
    """A number of a table beside the budget, and where the table has it from."""

    value: Fraction
    source: str


@dataclass(frozen=True)
class Point:
    """One year as it was planned, or as it was spent.

    Attributes:
        ledger: its lines and tags.
        totals: its money by family of rights.
        prices: the deflator of the year; None: not known.
        people: inhabitants of the year; None: not known, or not to be shown.
    """

    ledger: Ledger
    totals: Totals
    prices: Index | None
    people: Index | None

    @property
    def year(self) -> int:
        """The fiscal year."""
        return self.ledger.fiscal_year

    @property
    def kind(self) -> Kind:
        """What it tells of."""
        return kind(self.ledger.phase)

    @property
    def known(self) -> bool:
        """Whether its prices and inhabitants are."""
        return self.prices is not None and self.people is not None


@dataclass(frozen=True)
class Trend:
    """Years of one entity, by year and what is spent after what is planned.

    Attributes:
        base: the year whose prices are used: the report's.
        deflator: name of the index; empty: there is none.
        prices: its number in the base year; None: not known.
        points: years that can be shown, and those of which too little is known.
        missing: what is not shown, and why.
    """

    base: int
    deflator: str
    prices: Index | None
    points: tuple[Point, ...]
    missing: tuple[Phrase, ...] = ()

    @property
    def shown(self) -> tuple[Point, ...]:
        """Years whose prices and inhabitants are known."""
        return tuple(each for each in self.points if self.prices and each.known)

    def real_per_head(self, point: Point, amount: Interval) -> Interval | None:
        """Money of a year in prices of the base year and per inhabitant.

        Args:
            point: the year.
            amount: of it, in minor units.

        Returns:
            Minor units per inhabitant; None where something is not known.
        """
        if self.prices is None or point.prices is None or point.people is None:
            return None
        prices = self.prices.value / point.prices.value
        return amount.times(prices / point.people.value)

    def runs(self) -> tuple[tuple[Point, ...], ...]:
        """Years that are joined: of one kind, and each the year after the last."""
        found: list[tuple[Point, ...]] = []
        for name in ("planned", "spent"):
            mine = [each for each in self.shown if each.kind == name]
            found += _joined(mine, lambda one, other: other.year == one.year + 1)
        return tuple(found)


def _joined(
    points: list[Point], follows: Callable[[Point, Point], bool]
) -> list[tuple[Point, ...]]:
    """The points cut wherever one does not follow on the one before."""
    if not points:
        return []
    runs = [[points[0]]]
    for one, other in pairwise(points):
        if follows(one, other):
            runs[-1].append(other)
        else:
            runs.append([other])
    return [tuple(each) for each in runs]
