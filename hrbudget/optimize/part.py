"""A few classes around a point: a problem small enough for whole units.

At a corner of the linear problem only about as many classes as rules stand between
their bounds; all others stay where they are, and count as constants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Sense
from hrbudget.optimize.model import Model, short

#: Net move of each entry from its origin, in units.
Moves = tuple[Fraction, ...]


@dataclass(frozen=True)
class Entry:
    """A class, or a line of it that may move by what is no whole step.

    Attributes:
        number: of the class.
        line: the line; None: the class.
        step: what moves are whole multiples of, in units.
        up: room from the origin in units; likewise ``down``.
        at: where it stands.
    """

    number: int
    line: int | None
    step: Fraction
    up: Fraction
    down: Fraction
    at: Fraction

    @property
    def odd(self) -> bool:
        """Whether it may move by what is no whole step."""
        return self.line is not None


@dataclass(frozen=True)
class PartRow:
    """A row over entries: of ``gap + Σ terms · net move`` against zero, in units."""

    sense: Sense
    terms: dict[int, Fraction]
    gap: Fraction
    level: int | None
    weight: Fraction

    def at(self, moves: Moves) -> Fraction:
        """Left side less right side after these moves, exactly."""
        moved = (factor * moves[number] for number, factor in self.terms.items())
        return self.gap + sum(moved, Fraction(0))

    def shortfall(self, moves: Moves) -> Fraction:
        """How much is lacking, or too much, after these moves, in units."""
        return short(self.sense, self.at(moves))


@dataclass(frozen=True)
class Part:
    """Some entries of a model with all others standing still.

    Attributes:
        entries: what may move.
        odd_lines: how many entries may move by what is no whole step.
        rows: what is asked, with the others as constants.
        move_limit: most units that the entries may be moved; None: any.
        unit: minor units of one unit.
    """

    entries: tuple[Entry, ...]
    odd_lines: int
    rows: tuple[PartRow, ...]
    move_limit: Fraction | None
    unit: int

    @property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the most urgent first."""
        return tuple(sorted({row.level for row in self.rows if row.level is not None}))

    @property
    def base(self) -> Moves:
        """Where the entries stand."""
        return tuple(each.at for each in self.entries)

    def shortfalls(self, moves: Moves) -> dict[int, Fraction]:
        """Weighted shortfall of each level after these moves, exactly, in units."""
        found = dict.fromkeys(self.levels, Fraction(0))
        for row in self.rows:
            if row.level is not None:
                found[row.level] += row.weight * row.shortfall(moves)
        return found

    def sound(self, moves: Moves) -> bool:
        """Whether what must hold does, exactly, within bounds and with few odd."""
        rows = all(not row.shortfall(moves) for row in self.rows if row.level is None)
        both = list(zip(moves, self.entries, strict=True))
        inside = all(-each.down <= move <= each.up for move, each in both)
        odd = [each for move, each in both if (move / each.step).denominator != 1]
        moved = sum((abs(move) for move in moves), Fraction(0))
        return (
            rows
            and inside
            and all(each.odd for each in odd)
            and len(odd) <= self.odd_lines
            and (self.move_limit is None or moved <= self.move_limit)
        )


def part(
    model: Model,
    entries: Sequence[Entry],
    standing: pl.DataFrame,
    odd_lines: int,
    unit: int,
) -> Part:
    """Some entries of a model, with all classes where they stand.

    Args:
        model: the model.
        entries: what may move.
        standing: ``class`` and ``net`` of all that moves, the entries' share included.
        odd_lines: how many may move by what is no whole step.
        unit: minor units of one unit.
    """
    totals = model.totals(standing)
    coefficients = _coefficients(model, entries)
    rows = []
    for row in model.rows:
        terms: dict[int, Fraction] = {}
        for total, factor in row.terms.items():
            for number, counted in coefficients.get(total, ()):
                more = factor * counted / money.WHOLE
                terms[number] = terms.get(number, Fraction(0)) + more
        moved = sum((terms[n] * entries[n].at for n in terms), Fraction(0))
        gap = row.gap(totals) / unit - moved
        rows.append(PartRow(row.sense, terms, gap, row.level, row.weight))
    limit = model.move_limit
    if limit is not None:
        everything = money.total(standing, pl.col("net").abs())
        mine = sum((abs(each.at) for each in entries), Fraction(0))
        limit = (limit - everything) / unit + mine
    return Part(tuple(entries), odd_lines, tuple(rows), limit, unit)


def _coefficients(
    model: Model, entries: Sequence[Entry]
) -> dict[int, list[tuple[int, int]]]:
    """Total → entries and their coefficients in millionths."""
    placed = pl.DataFrame(
        {
            "entry": list(range(len(entries))),
            "class": [each.number for each in entries],
        },
        schema={"entry": pl.UInt32, "class": pl.UInt32},
    )
    found: dict[int, list[tuple[int, int]]] = {}
    every = model.shape.terms.join(placed, on="class").sort("total", "entry")
    for total, entry, counted in every.select(
        "total", "entry", "coefficient"
    ).iter_rows():
        found.setdefault(total, []).append((entry, counted))
    return found
