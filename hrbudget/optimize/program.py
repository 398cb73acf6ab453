"""Linear programs as plain numbers: what goes into the solver and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from hrbudget.domain.requirement import Sense


@dataclass(frozen=True)
class Rule:
    """``Σ terms · total   at_least | at_most | equal   right``, in minor units.

    Attributes:
        terms: number of a total → coefficient.
    """

    terms: Mapping[int, Fraction]
    sense: Sense
    right: Fraction


@dataclass(frozen=True)
class Block:
    """Classes of lines as arrays.

    Attributes:
        terms: ``total``, ``class``, ``coefficient`` (millionths).
        rooms: ``up``, ``down`` of each class in order, in minor units.
        totals: how many; one more, the last, is the sum of all moves up and down.
    """

    terms: pl.DataFrame
    rooms: pl.DataFrame
    totals: int

    @property
    def movement(self) -> int:
        """Number of the total that sums all moves up and down."""
        return self.totals

    @property
    def scale(self) -> Fraction:
        """The power of two nearest below the mean room: scaling by it is exact."""
        used = [
            int(side.cast(pl.Int128).sum() or 0) // max(1, int((side > 0).sum()))
            for side in (self.rooms["up"], self.rooms["down"])
        ]
        return Fraction(2 ** (max(1, *used).bit_length() - 1))


#: Rules that a total has at most where classes stand in them themselves.
_FEW = 2


def inlined(rules: Sequence[Rule], block: Block) -> dict[int, list[int]]:
    """Totals that few rules use, with those: classes stand in such rules themselves.

    A total of its own is for what many rules share; for others it is only told.
    """
    used: dict[int, list[int]] = {}
    for number, rule in enumerate(rules):
        for total in rule.terms:
            used.setdefault(total, []).append(number)
    return {
        total: numbers
        for total, numbers in used.items()
        if len(numbers) <= _FEW and total != block.movement
    }


@dataclass(frozen=True)
class Found:
    """What the solver found; nothing but ``feasible`` where that is false.

    Attributes:
        value: of what was minimized, in minor units.
        net: move of each class in order, to the minor unit.
        prices: of rules; what one more minor unit on the right would cost.
        holds: of held levels: what one more allowed would save (≥ 0).
        totals: values by number, changes from the origin in minor units.
        lacking: of rules whose lack is open: how much, in minor units.
    """

    feasible: bool
    value: Fraction = Fraction(0)
    net: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))
    prices: Mapping[int, Fraction] = field(default_factory=dict)
    holds: Mapping[int, Fraction] = field(default_factory=dict)
    totals: Mapping[int, Fraction] = field(default_factory=dict)
    lacking: Mapping[int, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A variable with finite bounds or none above; whole if ``integer``."""

    low: Fraction
    high: Fraction | None
    integer: bool = False


@dataclass(frozen=True)
class Row:
    """``low ≤ Σ terms ≤ high``; a side that is None is open."""

    terms: Mapping[int, Fraction]
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True)
class Program:
    """A small program over numbered columns, without its objective."""

    columns: Sequence[Column]
    rows: Sequence[Row]

    def also(self, row: Row) -> Program:
        """The program with one more row."""
        return Program(self.columns, (*self.rows, row))


@dataclass(frozen=True)
class Solution:
    """Values of the columns and the objective's; none where there is no answer.

    Attributes:
        bound: below which no cost can be, as far as the solver has searched.
    """

    feasible: bool
    values: tuple[Fraction, ...] = ()
    cost: Fraction = Fraction(0)
    bound: Fraction = Fraction(0)
