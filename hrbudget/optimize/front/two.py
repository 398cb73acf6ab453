"""The front between two objectives: all its corners, and the edges between them.

From the best of the one and the best of the other, the weighted sum at which any two
neighbours are equally good is minimized. Either that finds a corner below the straight
line between them, or its bound proves that there is none. What is compared are exact
numbers, so that no corner is missed for a tolerance and none found twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from hrbudget.optimize.front.corner import ZERO, Corner
from hrbudget.optimize.front.ground import Ground, Weights
from hrbudget.optimize.front.solve import Solved, least, solve

#: Corners that are sought.
MOST = 200

#: How much the other objective weighs where one is to be the best.
_LITTLE = Fraction(1, 10**4)

#: Where a corner is only known to the öre: so much better, in minor units, is better.
_ORE = Fraction(2)


@dataclass(frozen=True)
class Chain:
    """Corners from the best of the first to the best of the second objective.

    Attributes:
        corners: in order.
        normals: of the edges between them: weights at which all of one is equally good.
        gaps: how far below each edge its proven bound lies.
        ends: the same of the best of each objective alone, the larger of both.
        capped: whether there may be more than were sought.
    """

    corners: tuple[Corner, ...]
    normals: tuple[Weights, ...]
    gaps: tuple[Fraction, ...]
    ends: Fraction
    capped: bool


def two(on: Ground, pair: tuple[int, int]) -> Chain | None:
    """All corners between two of the ground's objectives; None: nothing holds."""
    ends = [solve(on, _only(on, each)) for each in pair]
    if ends[0] is None or ends[1] is None:
        return None
    found = _sharper(on, pair, (ends[0].corner, ends[1].corner))
    open_, tried = [(found[0], found[1])], 0
    while open_ and len(found) <= MOST and tried < 4 * MOST:
        left, right = open_.pop()
        weights = normal(on, pair, left, right)
        if weights is None:
            continue
        tried += 1
        middle = least(on, weights).corner
        if lower(weights, left, middle):
            found.append(middle)
            open_ += [(middle, right), (left, middle)]
    corners = hull(found, pair)
    sides = [normal(on, pair, *both) for both in pairwise(corners)]
    normals = [each for each in sides if each is not None]  # a hull's, so all of them
    gaps = [
        gap_of(weights, corner, least(on, weights))
        for weights, corner in zip(normals, corners, strict=False)
    ]
    alone = [
        gap_of(_only(on, each), corner, end)
        for each, corner, end in zip(pair, (corners[0], corners[-1]), ends, strict=True)
        if end is not None
    ]
    return Chain(tuple(corners), tuple(normals), tuple(gaps), max(alone), bool(open_))


def _sharper(
    on: Ground, pair: tuple[int, int], ends: tuple[Corner, Corner]
) -> list[Corner]:
    """Of all that are best in one objective, those that a little of the other tells."""
    weights = normal(on, pair, *ends)
    if weights is None:
        return list(ends)
    found = []
    for mine, other, end in zip(pair, reversed(pair), ends, strict=True):
        leaning = list(weights)
        leaning[other] *= _LITTLE
        sharper = least(on, tuple(leaning)).corner
        as_good = sharper.exact and sharper.costs[mine] == end.costs[mine]
        found.append(sharper if as_good else end)
    return found


def lower(weights: Weights, known: Corner, other: Corner) -> bool:
    """Whether a corner costs less than a known one, at some weights."""
    dust = ZERO if known.exact and other.exact else _ORE * sum(weights, ZERO)
    return cost(weights, other) < cost(weights, known) - dust


def cost(weights: Weights, corner: Corner) -> Fraction:
    """Weighted sum of a corner's costs."""
    both = zip(weights, corner.costs, strict=True)
    return sum((weight * each for weight, each in both), ZERO)


def normal(
    on: Ground, pair: tuple[int, int], left: Corner, right: Corner
) -> Weights | None:
    """Weights at which two corners are equally good; None: one is as good in both."""
    first, second = pair
    across = right.costs[first] - left.costs[first]
    down = left.costs[second] - right.costs[second]
    if across <= 0 or down <= 0:
        return None
    weights = [ZERO] * len(on.aims)
    weights[first], weights[second] = down / (across + down), across / (across + down)
    return tuple(weights)


def hull(found: Sequence[Corner], pair: tuple[int, int]) -> list[Corner]:
    """The corners that none of the others, nor a mixture of two, is as good as."""
    first, second = pair
    ordered = sorted(
        found, key=lambda each: (each.costs[first], each.costs[second], not each.exact)
    )
    kept: list[Corner] = []
    for each in ordered:
        if kept and each.costs[second] >= kept[-1].costs[second]:
            continue
        while len(kept) > 1 and not _turns(kept[-2], kept[-1], each, pair):
            kept.pop()
        kept.append(each)
    return kept


def _turns(one: Corner, middle: Corner, other: Corner, pair: tuple[int, int]) -> bool:
    """Whether the middle lies below the straight line between the others."""
    first, second = pair
    x, y = one.costs[first], one.costs[second]
    left = (middle.costs[first] - x) * (other.costs[second] - y)
    right = (other.costs[first] - x) * (middle.costs[second] - y)
    return right < left


def between(chain: Chain, on: Ground, pair: tuple[int, int]) -> list[Weights]:
    """Of each corner: weights at which it alone is best, all of the pair above 0."""
    first, second = (_only(on, each) for each in pair)
    sides = [first, *chain.normals, second]
    if len(chain.corners) == 1:
        sides = [first, second]
    return [
        tuple(one + other for one, other in zip(*both, strict=True))
        for both in pairwise(sides)
    ]


def _only(on: Ground, number: int) -> Weights:
    return tuple(Fraction(int(each == number)) for each in range(len(on.aims)))


def gap_of(weights: Weights, corner: Corner, solved: Solved) -> Fraction:
    """How far below a corner the proven bound lies, in öre of what weighs most."""
    return max(ZERO, (cost(weights, corner) - solved.bound) / max(weights))
