"""Budget reliability as PEFA 2016 scores it: PI-1, PI-2.1, PI-2.2, PI-2.3 (R20-R22).

Ratios are exact. The bands of the scores are the rule's own, since PEFA sets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: Scores from the best; PEFA averages them as 4 to 1.
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Band:
    """Where a figure earns a score; None: no limit on that side.

    Attributes:
        at_least: the figure is this or more; ``at_most``: this or less.
        below: the figure is less than this.
    """

    at_least: Fraction | None = None
    at_most: Fraction | None = None
    below: Fraction | None = None

    def holds(self, figure: Fraction) -> bool:
        """Whether the figure lies in the band; the bounds are compared exactly."""
        return (
            (self.at_least is None or figure >= self.at_least)
            and (self.at_most is None or figure <= self.at_most)
            and (self.below is None or figure < self.below)
        )


def points(grade: str) -> int:
    """A 4, B 3, C 2, D 1."""
    return len(GRADES) - GRADES.index(grade)


def grade(number: int) -> str:
    """The score of so many points."""
    return GRADES[len(GRADES) - number]


def score(figures: Sequence[Fraction], bands: Mapping[str, Band], enough: int) -> str:
    """The best score that enough of the figures earn; D where they earn none.

    Args:
        figures: one a year.
        bands: score → band.
        enough: how many years must lie in the band; PEFA: two of the last three.
    """
    for letter in GRADES:
        band = bands.get(letter)
        if band and sum(band.holds(each) for each in figures) >= enough:
            return letter
    return GRADES[-1]


def weakest(grades: Iterable[str]) -> str:
    """PEFA's method M1: the score of the weakest dimension."""
    return max(grades)


def variance(heads: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Composition variance of one year: ``Σ |E - f B| / Σ f B``, ``f = ΣE / ΣB``.

    It is twice the Hoover index of the two compositions.

    Args:
        heads: original budget and actual expenditure of each head.

    Raises:
        ZeroDivisionError: nothing was budgeted, or nothing spent.
    """
    budget = sum((each[0] for each in heads), Fraction(0))
    actual = sum((each[1] for each in heads), Fraction(0))
    factor = actual / budget
    gaps = sum((abs(spent - factor * planned) for planned, spent in heads), Fraction(0))
    return gaps / actual


def largest(
    heads: Sequence[tuple[Fraction, Fraction]],
    least: int = 20,
    part: Fraction = Fraction(3, 4),
) -> list[tuple[Fraction, Fraction]]:
    """The heads that PEFA compares: of more than twenty the largest, and the rest.

    Args:
        heads: original budget and actual expenditure of each head.
        least: so many of the largest at least …
        part: … and as many as make up this part of the budget; the rest are one head.
    """
    if len(heads) <= least:
        return list(heads)
    ordered = sorted(heads, reverse=True)
    whole = sum(each[0] for each in heads)
    kept, held = 0, Fraction(0)
    while kept < len(ordered) and (kept < least or held < part * whole):
        held += ordered[kept][0]
        kept += 1
    rest = ordered[kept:]
    if not rest:
        return ordered
    others = (
        sum((each[0] for each in rest), Fraction(0)),
        sum((each[1] for each in rest), Fraction(0)),
    )
    return [*ordered[:kept], others]
