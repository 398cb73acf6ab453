"""Roots, logarithms and powers of exact numbers, without binary floating point.

What a fraction can state is exact; the rest is a decimal of ``DIGITS`` significant
digits, the same on every machine.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import isqrt

from hrbudget.domain.requirement import Interval

#: Significant digits of what no fraction can state; verdicts compare far fewer.
DIGITS = 50


def root(number: Fraction) -> Fraction:
    """The square root of a number that is not negative; exact where it is rational."""
    above, below = isqrt(number.numerator), isqrt(number.denominator)
    exact = Fraction(above, below)
    if exact * exact == number:
        return exact
    with localcontext(Context(prec=DIGITS)):
        return Fraction(_decimal(number).sqrt())


def logarithm(number: Fraction) -> Fraction:
    """The natural logarithm of a number above zero; 0 of 1 exactly."""
    with localcontext(Context(prec=DIGITS)):
        return Fraction(_decimal(number).ln())


def power(number: Fraction, exponent: Fraction) -> Fraction:
    """A number from 0 to 1 to a power of 1 or more; exact for whole exponents."""
    if exponent.denominator == 1 or number in (0, 1):
        return Fraction(number ** int(exponent)) if number != 0 else number
    with localcontext(Context(prec=DIGITS)):
        return Fraction(_decimal(number) ** _decimal(exponent))


def quotient(part: Interval, whole: Interval) -> Interval:
    """One number over another, wherever either lies in its range.

    The ends are read as if the two ranges had nothing to do with each other, so the
    answer may be wider than need be, and is never too narrow.

    Raises:
        ZeroDivisionError: ``whole`` may be zero or less.
    """
    if whole.low <= 0:
        raise ZeroDivisionError
    ends = [end / side for end in (part.low, part.high) for side in _ends(whole)]
    return Interval(min(ends), part.middle / whole.middle, max(ends))


def _ends(number: Interval) -> tuple[Fraction, Fraction]:
    return number.low, number.high


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
