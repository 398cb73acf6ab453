"""Upper limits of error rates, from the tails of the Poisson and binomial laws.

Decimals of forty digits, not floats: every series has positive terms only, so at least
thirty digits are right, and the same numbers come out on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import isqrt

_DIGITS = 40

#: A series ends where a term no longer changes the sum.
_NEGLIGIBLE = Decimal(10) ** -_DIGITS

#: Limits are rounded up to this many decimals.
_DECIMALS = 12


@cache
def poisson_limit(errors: int, confidence: Fraction) -> Fraction:
    """The expected number of errors that so few would contradict, rounded up.

    The auditor's confidence factor: 3.00 for no error at 95 %, 4.75 for one, 6.30 for
    two. It solves ``P(X <= errors) = 1 - confidence`` for a Poisson ``X``.
    """
    high = Fraction(1)
    while gamma(Fraction(errors + 1), high) < confidence:
        high *= 2
    return _solve(lambda x: gamma(Fraction(errors + 1), x) >= confidence, high)


@cache
def binomial_limit(errors: int, size: int, confidence: Fraction) -> Fraction:
    """The rate that so few errors in a sample would contradict, rounded up.

    Clopper and Pearson's one-sided limit: ``P(X <= errors) = 1 - confidence`` for a
    binomial ``X`` of ``size``; 1 where every unit of the sample is in error.
    """
    if errors >= size:
        return Fraction(1)
    risk = 1 - confidence
    return _solve(lambda rate: binomial(errors, size, rate) <= risk, Fraction(1))


def gamma(shape: Fraction, x: Fraction) -> Fraction:
    """Probability that a gamma variable of this shape and rate 1 is at most ``x``.

    For a whole shape it is the probability of at least ``shape`` events where ``x``
    are expected, a finite sum. Else the whole mass is the same series at a point that
    nothing lies beyond, so no gamma function is needed.
    """
    if x <= 0:
        return Fraction(0)
    if shape.denominator == 1:
        return 1 - _fewer(int(shape), x)
    beyond = shape + x + 20 * (isqrt(int(shape)) + 1) + 100
    with _exact():
        part, whole = _series(shape, x), _series(shape, beyond)
        a, near, far = _decimal(shape), _decimal(x), _decimal(beyond)
        ratio = ((near / far).ln() * a + far - near).exp() * part / whole
    return Fraction(ratio)


def binomial(errors: int, size: int, rate: Fraction) -> Fraction:
    """Probability of at most so many errors in a sample, at this error rate."""
    if errors >= size:
        return Fraction(1)
    if rate >= 1:
        return Fraction(0)
    with _exact():
        good = _decimal(1 - rate)
        odds = _decimal(rate) / good
        term = total = good**size
        for k in range(1, errors + 1):
            term = term * odds * (size - k + 1) / k
            total += term
    return Fraction(total)


def _fewer(events: int, x: Fraction) -> Fraction:
    """Probability of fewer events where ``x`` are expected."""
    with _exact():
        point = _decimal(x)
        term = total = (-point).exp()
        for k in range(1, events):
            term = term * point / k
            total += term
    return Fraction(total)


def _series(shape: Fraction, x: Fraction) -> Decimal:
    """Sum of ``x**n / (a (a+1) … (a+n))``; times ``x**a e**-x`` the lower gamma."""
    a, point = _decimal(shape), _decimal(x)
    term = total = 1 / a
    while term > total * _NEGLIGIBLE or a < point:
        a += 1
        term = term * point / a
        total += term
    return total


def _solve(holds: Callable[[Fraction], bool], high: Fraction) -> Fraction:
    """The least number of the grid from which it holds; it holds at ``high``."""
    unit = 10**_DECIMALS
    least, most = 0, -(-high.numerator * unit // high.denominator)
    while most - least > 1:
        middle = (least + most) // 2
        if holds(Fraction(middle, unit)):
            most = middle
        else:
            least = middle
    return Fraction(most, unit)


@contextmanager
def _exact() -> Iterator[None]:
    with localcontext(Context(prec=_DIGITS)):
        yield


def _decimal(number: Fraction | int) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
