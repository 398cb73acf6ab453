"""How many units of money an audit of tags must look at.

Every krona of the tagged lines is a unit of the population; a sample of them is large
enough if, with the errors expected, the upper limit of error stays within what is
tolerable. Poisson's law is the usual one (AICPA Audit Guide *Audit Sampling* 2017,
appendix C) and asks for slightly more than the binomial (appendix A).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hrbudget.errors import CallRefused
from hrbudget.tag.review import tails

Law = Literal["poisson", "binomial"]

#: A sample larger than this is no sample: whoever needs it should read every line.
MOST = 5000


@dataclass(frozen=True)
class Plan:
    """A planned sample.

    Attributes:
        book: money of the population, in minor units; likewise ``tolerable`` and
            ``expected``, its errors.
        confidence: how sure the answer is to be, such as 95/100.
        law: the law of errors it was planned with.
        size: units of money to look at.
        interval: one unit is drawn from each stretch of this many minor units.
        errors: wholly wrong units that the sample may hold.
    """

    book: int
    tolerable: int
    expected: int
    confidence: Fraction
    law: Law
    size: int
    interval: int
    errors: Fraction


def plan(
    book: int,
    tolerable: int,
    expected: int = 0,
    confidence: Fraction = Fraction(95, 100),
    law: Law = "poisson",
) -> Plan:
    """Size and interval of a sample of a population of ``book`` minor units.

    Raises:
        CallRefused: the errors expected are not fewer than those tolerable, money is
            not positive, or no sample of at most ``MOST`` units is enough.
    """
    if book <= 0 or not 0 < tolerable <= book or expected < 0:
        message = "An audit needs tagged money, and a tolerable error within it."
        raise CallRefused(message)
    rate = Fraction(expected, book)
    size = sample_size(Fraction(tolerable, book), confidence, law, expected=rate)
    interval = max(1, book // size)
    errors = (
        Fraction(_binomial_errors(rate, size)) if law == "binomial" else rate * size
    )
    return Plan(book, tolerable, expected, confidence, law, size, interval, errors)


def sample_size(
    tolerable: Fraction,
    confidence: Fraction = Fraction(95, 100),
    law: Law = "poisson",
    *,
    expected: Fraction = Fraction(0),
    errors: int = 0,
) -> int:
    """The smallest sample that is enough.

    Args:
        tolerable: the error rate that is just not tolerable any more.
        confidence: how sure the answer is to be.
        law: the law of errors.
        expected: error rate that the sample may show; parts of an error count as such
            in Poisson's law and as a whole one in the binomial.
        errors: errors that the sample may hold whatever its size.

    Raises:
        CallRefused: there is none of at most ``MOST`` units.
    """
    if not 0 < confidence < 1 or expected >= tolerable:
        message = (
            "A sample can only tell errors apart that are fewer than tolerable, with "
            "a confidence between 0 and 1."
        )
        raise CallRefused(message)

    def enough(size: int) -> bool:
        if law == "poisson":
            shape = 1 + errors + expected * size
            return tails.gamma(shape, tolerable * size) >= confidence
        allowed = errors + _binomial_errors(expected, size)
        return tails.binomial(allowed, size, tolerable) <= 1 - confidence

    # Whole errors make the binomial's answer jump to and fro with the size, so every
    # size is tried; Poisson's grows steadily.
    if law == "poisson":
        found = _first_of_all_later(enough)
    else:
        found = next((size for size in range(1, MOST + 1) if enough(size)), None)
    if found is None:
        message = (
            f"No sample of at most {MOST} units is enough; take a larger tolerable "
            "error, a lower confidence, or read every line."
        )
        raise CallRefused(message)
    return found


def _binomial_errors(expected: Fraction, size: int) -> int:
    """Whole errors that an expected rate makes in a sample, rounded up."""
    return -(-expected.numerator * size // expected.denominator)


def _first_of_all_later(enough: Callable[[int], bool]) -> int | None:
    """The first size that is enough, where every larger one is too."""
    if not enough(MOST):
        return None
    least, most = 0, MOST
    while most - least > 1:
        middle = (least + most) // 2
        if enough(middle):
            most = middle
        else:
            least = middle
    return most
