"""Small dilemmas written as numbers, and the slow and certain way to their fronts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Literal

import polars as pl

from hrbudget.domain.front import Front, Objective
from hrbudget.domain.requirement import COEFFICIENTS, Interval, Requirement, Sense
from hrbudget.domain.rule import Effect, Rule
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.front.front import front

WHOLE = 10**6
Numbers = tuple[Fraction, ...]


@dataclass(frozen=True)
class Asked:
    """``Σ factors · amount   sense   bound``; factors are millionths."""

    factors: tuple[int, ...]
    sense: Sense
    bound: int
    effect: Effect = "immediate"

    def gap(self, amounts: Sequence[Fraction]) -> Fraction:
        """Left side less right side."""
        return weighed(self.factors, amounts) - self.bound

    def short(self, amounts: Sequence[Fraction]) -> Fraction:
        """What is lacking, or too much."""
        gap = self.gap(amounts)
        lacking = {"at_least": -gap, "at_most": gap, "equal": abs(gap)}
        return max(Fraction(0), lacking[self.sense])


#: Factors of money to maximize; a row's number, to minimize what it lacks; movement.
Aim = tuple[int, ...] | int | Literal["movement"]


@dataclass
class Dilemma:
    """Lines with bounds, rows, objectives; amounts are öre."""

    start: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    rows: list[Asked] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    moved: int | None = None

    def front(self) -> Front:
        """As hrbudget finds it."""
        lines = pl.DataFrame(
            {
                "line": range(len(self.start)),
                "line_id": [f"x{n}" for n in range(len(self.start))],
                "start": self.start,
                "low": self.low,
                "high": self.high,
                "least": self.low,
            },
            schema_overrides={"line": pl.UInt32},
        ).with_columns(spent=pl.lit(value=True), fund=pl.lit("own"), step=pl.lit(1))
        lines = lines.cast({"step": pl.Int64})
        asked = [self._requirement(n, row) for n, row in enumerate(self.rows)]
        soft = [each.id for each in asked if not each.hard]
        what = WhatIf(
            lines=lines,
            asks=(),
            unit=1,
            moved_total=self.moved,
            levels=dict.fromkeys(soft, 1),
            weights=dict.fromkeys((each.id for each in asked), Fraction(1)),
        )
        return front(what, asked, [self._objective(aim) for aim in self.aims])

    def _requirement(self, number: int, row: Asked) -> Requirement:
        name = f"row{number}"
        rule = Rule(name, "v", name, "fiscal_limit", row.effect, ())
        made = coefficients(row.factors)
        return Requirement(rule, row.sense, made, Interval.exactly(row.bound))

    def _objective(self, aim: Aim) -> Objective:
        if aim == "movement":
            return Objective("movement", "movement", "moved")
        if isinstance(aim, int):
            name = f"row{aim}"
            return Objective(name, "shortfall", name, weights={name: Fraction(1)})
        name = f"money{aim}"
        return Objective(name, "money", name, coefficients=coefficients(aim))

    # -- the slow and certain way

    def values(self, amounts: Sequence[Fraction]) -> Numbers:
        """Of the objectives, as a front states them."""
        return tuple(self._value(aim, amounts) for aim in self.aims)

    def costs(self, amounts: Sequence[Fraction]) -> Numbers:
        """The same, all to be minimized."""
        both = zip(self.aims, self.values(amounts), strict=True)
        return tuple(-value if isinstance(aim, tuple) else value for aim, value in both)

    def _value(self, aim: Aim, amounts: Sequence[Fraction]) -> Fraction:
        if aim == "movement":
            return self._moved(amounts)
        if isinstance(aim, int):
            return self.rows[aim].short(amounts)
        return weighed(aim, amounts)

    def _moved(self, amounts: Sequence[Fraction]) -> Fraction:
        both = zip(amounts, self.start, strict=True)
        return sum((abs(amount - start) for amount, start in both), Fraction(0))

    def allowed(self, amounts: Sequence[Fraction]) -> bool:
        """Whether all that must hold does."""
        named = {aim for aim in self.aims if isinstance(aim, int)}
        forced = (
            row
            for number, row in enumerate(self.rows)
            if row.effect == "immediate"
            or (row.effect == "limit" and number not in named)
        )
        bounds = zip(self.low, amounts, self.high, strict=True)
        return (
            all(low <= amount <= high for low, amount, high in bounds)
            and not any(row.short(amounts) for row in forced)
            and (self.moved is None or self._moved(amounts) <= 2 * self.moved)
        )

    def points(self) -> list[Numbers]:
        """Costs of all points where as many planes meet as there are lines.

        Planes: bounds, starts, rows, and the limit on moves in every direction. All
        functions are straight between them, so that all corners are among the points.
        """
        found = {self.costs(point) for point in self._meetings() if self.allowed(point)}
        return sorted(found)

    def _meetings(self) -> Iterator[Numbers]:
        count = len(self.start)
        planes = {(row.factors, row.bound * WHOLE) for row in self.rows}
        for line in range(count):
            alone = tuple(WHOLE * int(each == line) for each in range(count))
            for at in (self.low[line], self.high[line], self.start[line]):
                planes.add((alone, at * WHOLE))
        if self.moved is not None:
            for signs in range(2**count):
                signed = tuple(1 if signs >> n & 1 else -1 for n in range(count))
                there = sum(s * at for s, at in zip(signed, self.start, strict=True))
                planes.add((signed, 2 * self.moved + there))
        for chosen in combinations(sorted(planes), count):
            point = meeting(chosen)
            if point is not None:
                yield point


def coefficients(factors: Sequence[int]) -> pl.DataFrame:
    """``COEFFICIENTS`` of factors in millionths, one for each line."""
    rows = [(n, each, each, each) for n, each in enumerate(factors) if each]
    return pl.DataFrame(rows, schema=COEFFICIENTS, orient="row")


def weighed(factors: Sequence[int], amounts: Sequence[Fraction]) -> Fraction:
    """``Σ factor · amount``, factors in millionths."""
    both = zip(factors, amounts, strict=True)
    return sum((Fraction(each, WHOLE) * at for each, at in both), Fraction(0))


def meeting(planes: Sequence[tuple[tuple[int, ...], int]]) -> Numbers | None:
    """Where planes meet in one point; None: they do not."""
    rows = [[*map(Fraction, factors), Fraction(right)] for factors, right in planes]
    for column in range(len(rows)):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        by = rows[column][column]
        rows[column] = [each / by for each in rows[column]]
        for other in range(len(rows)):
            factor = rows[other][column]
            if other != column and factor:
                pair = zip(rows[other], rows[column], strict=True)
                rows[other] = [one - factor * two for one, two in pair]
    return tuple(row[-1] for row in rows)


def lower_hull(points: Sequence[Numbers]) -> list[Numbers]:
    """Corners of a front of two costs, the best of the first one first."""
    kept: list[Numbers] = []
    for x, y in sorted(points):
        if kept and y >= kept[-1][1]:
            continue
        while len(kept) > 1 and not _below(kept[-2], kept[-1], (x, y)):
            kept.pop()
        kept.append((x, y))
    return kept


def _below(one: Numbers, middle: Numbers, other: Numbers) -> bool:
    ahead = (other[0] - one[0]) * (middle[1] - one[1])
    return ahead < (middle[0] - one[0]) * (other[1] - one[1])


def some(chance: Random, aims: int, lines: int) -> Dilemma:
    """A random dilemma."""
    start = tuple(chance.randint(0, 40) for _ in range(lines))
    low = tuple(max(0, at - chance.randint(0, 30)) for at in start)
    high = tuple(at + chance.randint(0, 30) for at in start)
    made = Dilemma(start, low, high)
    total = sum(start) + chance.randint(-5, 5)
    if chance.random() < 0.7:
        made.rows.append(Asked((WHOLE,) * lines, "equal", total))
    for _ in range(chance.randint(1, 2)):
        factors = _factors(chance, lines)
        bound = int(weighed(factors, [Fraction(at) for at in start]))
        senses: tuple[Sense, Sense] = ("at_least", "at_most")
        effects: tuple[Effect, ...] = ("immediate", "limit", "progressive")
        effect = chance.choice(effects)
        made.rows.append(
            Asked(factors, chance.choice(senses), bound + chance.randint(-9, 9), effect)
        )
    if chance.random() < 0.3:
        made.moved = chance.randint(5, 40)
    kinds: list[Aim] = [_factors(chance, lines) for _ in range(aims)]
    kinds += [n for n, row in enumerate(made.rows) if row.effect != "immediate"]
    kinds += ["movement"]
    made.aims = chance.sample(kinds, aims)
    return made


def _factors(chance: Random, lines: int) -> tuple[int, ...]:
    known = (0, 250_000, 333_333, 500_000, WHOLE, 3 * WHOLE, chance.randint(1, WHOLE))
    while not any(found := tuple(chance.choice(known) for _ in range(lines))):
        pass
    return found
