"""What people have against what could be: achievement, paths, gaps, questionnaires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.facts import ANSWERS
from hrbudget.domain.indices import exact

HUNDRED = Fraction(100)


def achievement(
    value: Fraction,
    floor: Fraction,
    frontier: Fraction,
    means: tuple[Fraction, Fraction] | None = None,
) -> Fraction:
    """Achievement relative to means, 0 to 100 (R39; SERF index, HRMI scores).

    ``S = 100 (v - floor) / (frontier - floor)``, kept within 0 and 100; where income y
    is above the income yp at which the frontier peaks, ``100 (S/100)^√(y/yp)``: who has
    more is held to more.

    Args:
        value: what people have.
        floor: its natural minimum.
        frontier: what others reach at the same income.
        means: income, and the income at which the frontier peaks.

    Raises:
        ZeroDivisionError: the frontier is the floor.
    """
    reached = min(
        max(HUNDRED * (value - floor) / (frontier - floor), Fraction(0)), HUNDRED
    )
    if means is None or means[0] <= means[1]:
        return reached
    return HUNDRED * exact.power(reached / HUNDRED, exact.root(means[0] / means[1]))


def mean(scores: Sequence[Fraction]) -> Fraction:
    """The simple mean: of indicators for a right, of rights for all."""
    return sum(scores, Fraction(0)) / len(scores)


@dataclass(frozen=True)
class Path:
    """A straight way from a baseline to a target (R03); lower may be better."""

    baseline: Fraction
    since: int
    target: Fraction
    until: int

    def required(self, year: int) -> Fraction:
        """The figure that a year asks for: ``b + (target - b)(t - t0)/(T - t0)``."""
        passed = min(max(year - self.since, 0), self.until - self.since)
        way = Fraction(passed, self.until - self.since)
        return self.baseline + (self.target - self.baseline) * way

    def progress(self, value: Fraction, year: int) -> Fraction:
        """``(y - b) / (required - b)``: below 1 behind, below 0 going back.

        Raises:
            ZeroDivisionError: the way has not begun, or leads nowhere.
        """
        return (value - self.baseline) / (self.required(year) - self.baseline)


def gap(reference: Fraction, values: Iterable[Fraction], *, higher: bool) -> Fraction:
    """How far the worst lies behind the reference (R43); 0 where none does.

    Args:
        reference: the figure of the reference group.
        values: those of the others.
        higher: whether a higher figure is better.
    """
    behind = [reference - each if higher else each - reference for each in values]
    return max(Fraction(0), *behind)


def questionnaire(answers: Iterable[str]) -> Fraction:
    """The mean of what the answers score, without those that do not apply (R37).

    Raises:
        ZeroDivisionError: none applies.
    """
    scored = [ANSWERS[each] for each in answers]
    counted = [each for each in scored if each is not None]
    return Fraction(sum(counted), len(counted))
