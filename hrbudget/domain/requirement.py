"""A rule made into a linear inequality over the lines of one budget.

    Σ measure · amount   at_least | at_most | equal   bound + factor · Σ of · amount

``check`` evaluates it on the amounts that are there, ``optimize`` puts the same rows on
the amounts that could be. Coefficients are millionths (the unit of shares), so sums are
exact integers and everything else is a Fraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.rule import Datum, InForce, Rule

Sense = Literal["at_least", "at_most", "equal"]

#: line: position in the ledger; coefficient and its range: millionths.
COEFFICIENTS = pl.Schema(
    {"line": pl.UInt32, "coefficient": pl.Int64, "low": pl.Int64, "high": pl.Int64}
)

#: Of coefficients: those that are known within limits.
UNCERTAIN = (pl.col("low") != pl.col("coefficient")) | (
    pl.col("high") != pl.col("coefficient")
)


@dataclass(frozen=True)
class Interval:
    """A number that is known (all three equal) or known within limits."""

    low: Fraction
    middle: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, number: Fraction | int) -> Interval:
        """A number that is known."""
        value = Fraction(number)
        return cls(value, value, value)

    @property
    def exact(self) -> bool:
        """Whether the number is known."""
        return self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low, self.middle + other.middle, self.high + other.high
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> Interval:
        """Each end multiplied; the ends change places where the factor is negative."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(low, self.middle * factor, high)


ZERO = Interval.exactly(0)


def _placed(coefficients: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """Coefficients with the ``amount`` of their lines; without lines not there.

    Where ``amounts`` has all lines of a ledger in order, each stands at its position.
    """
    lines, wanted = amounts["line"], coefficients["line"]
    last = lines.len() - 1
    if wanted.is_empty() or last < 0:
        return coefficients.join(amounts.select("line", "amount"), on="line")
    ordered = lines[0] == 0 and lines[-1] == last and lines.is_sorted()
    if ordered and (wanted <= last).all():
        return coefficients.hstack([amounts["amount"].gather(wanted)])
    return coefficients.join(amounts.select("line", "amount"), on="line")


def _ends() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Coefficients of least, stated and most; a negative amount turns the ends."""
    stated, turned = pl.col("coefficient"), pl.col("amount") < 0
    low = pl.min_horizontal("low", stated, "high")
    high = pl.max_horizontal("low", stated, "high")
    least = pl.when(turned).then(high).otherwise(low)
    return least, stated, pl.when(turned).then(low).otherwise(high)


_LEAST, _STATED, _MOST = _ends()


def _times_amount(coefficient: pl.Expr) -> pl.Expr:
    return coefficient.cast(pl.Int128) * pl.col("amount")


def products(coefficients: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """Least, stated and most money of each line, in millionths of a minor unit.

    Args:
        coefficients: ``COEFFICIENTS``.
        amounts: ``line``, ``amount``; lines that are not there count nothing.
    """
    return _placed(coefficients, amounts).select(
        "line",
        least=_times_amount(_LEAST),
        stated=_times_amount(_STATED),
        most=_times_amount(_MOST),
    )


def evaluate(coefficients: pl.DataFrame, amounts: pl.DataFrame) -> Interval:
    """Σ coefficient · amount in minor units, with the range of what is uncertain.

    Args:
        coefficients: ``COEFFICIENTS``.
        amounts: ``line``, ``amount``; lines that are not there count nothing.
    """
    every = _placed(coefficients, amounts)
    stated = money.total(every, _times_amount(_STATED))
    uncertain = every.filter(UNCERTAIN)
    low, high = (
        stated + money.total(uncertain, _times_amount(end - _STATED))
        for end in (_LEAST, _MOST)
    )
    return Interval(*(Fraction(each, money.WHOLE) for each in (low, stated, high)))


def no_coefficients() -> pl.DataFrame:
    """Coefficients of a side that no line is part of."""
    return pl.DataFrame(schema=COEFFICIENTS)


@dataclass(frozen=True)
class Asked:
    """What a rule asks of one budget.

    Attributes:
        rule: the rule it was made from.
        scope: the year, project or unit it speaks of; empty for the whole budget.
        missing: what is missing; not empty means that it cannot be assessed.
        in_force: the value that the rule was read with, where it has one.
        data: what it needed beside the budget.
    """

    rule: Rule
    scope: str = field(default="", kw_only=True)
    missing: tuple[Phrase, ...] = field(default=(), kw_only=True)
    in_force: InForce | None = field(default=None, kw_only=True)
    data: tuple[Datum, ...] = field(default=(), kw_only=True)

    @property
    def id(self) -> str:
        """The rule's id, with the scope where one rule asks several things."""
        return f"{self.rule.id}[{self.scope}]" if self.scope else self.rule.id

    @property
    def hard(self) -> bool:
        """Whether it must hold, where a progressive duty is to be come nearer to."""
        return self.rule.effect != "progressive"


@dataclass(frozen=True)
class Requirement(Asked):
    """One linear requirement on one budget.

    Attributes:
        sense: direction of the inequality.
        measure: coefficients of the measured side (``COEFFICIENTS``).
        bound: the constant of the other side, in minor units.
        factor: multiplier of ``of``.
        of: coefficients of the moving part of the other side.
        basis: what the right side was made from, where the rule's value is not all;
            ``{whole}`` in it stands for the money that ``factor`` multiplies.
    """

    sense: Sense
    measure: pl.DataFrame
    bound: Interval = ZERO
    factor: Fraction = Fraction(0)
    of: pl.DataFrame = field(default_factory=no_coefficients)
    basis: Phrase | None = None
