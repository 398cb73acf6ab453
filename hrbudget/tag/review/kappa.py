"""Agreement of two readers beyond chance, with its interval.

Cohen's κ and the large-sample standard error of Fleiss, Cohen and Everitt (1969), the
one that SAS prints as ASE. Everything but the square root is exact, and that is taken
on whole numbers, so no float is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

#: 97.5th percentile of the normal law, for an interval of 95 %.
_NORMAL = Fraction("1.959963984540054")

_GRID = 10**12


@dataclass(frozen=True)
class Kappa:
    """Agreement of two readers.

    Attributes:
        observed: share of the lines on which they agree.
        value: κ; None where both used one and the same category throughout, so that
            chance alone explains everything and κ is 0/0.
        low: lower end of its interval of 95 %; likewise ``high``; None where κ is not
            defined, and where nobody disagreed, since the formula's error is then 0
            however few lines there are.
    """

    observed: Fraction | None
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None


def kappa(table: Sequence[Sequence[int]]) -> Kappa:
    """κ of a square table of counts: rows the first reader's, columns the second's."""
    size = sum(map(sum, table))
    if size == 0:
        return Kappa(None)
    span = range(len(table))
    part = [[Fraction(count, size) for count in row] for row in table]
    rows = [sum(row, Fraction(0)) for row in part]
    columns = [sum((part[i][j] for i in span), Fraction(0)) for j in span]
    observed = sum((part[i][i] for i in span), Fraction(0))
    chance = sum((rows[i] * columns[i] for i in span), Fraction(0))
    if chance == 1:
        return Kappa(observed)
    value = (observed - chance) / (1 - chance)
    rest = 1 - value
    agreed = sum(
        (part[i][i] * (1 - (rows[i] + columns[i]) * rest) ** 2 for i in span),
        Fraction(0),
    )
    apart = sum(
        (
            part[i][j] * (columns[i] + rows[j]) ** 2
            for i in span
            for j in span
            if i != j
        ),
        Fraction(0),
    )
    spread = agreed + rest**2 * apart - (value - chance * rest) ** 2
    error = _root(max(Fraction(0), spread) / size) / (1 - chance)
    if error == 0:
        return Kappa(observed, value)
    reach = _NORMAL * error
    low, high = max(Fraction(-1), value - reach), min(Fraction(1), value + reach)
    return Kappa(observed, value, low, high)


def _root(number: Fraction) -> Fraction:
    """Square root, to twelve decimals."""
    return Fraction(isqrt(number.numerator * _GRID**2 // number.denominator), _GRID)
