"""The front between three objectives: corners, edges and flat faces.

Weights of three costs are the points of a triangle. Every corner is best in one region
of it, and regions meet where corners are equally good. Wherever the regions of what is
known so far meet, the weighted sum is minimized there: either that finds a corner that
is better, which gets a region of its own, or the bound proves that there is none. When
all meeting points are proven, the regions are those of all corners. The points, lines
and regions of the triangle are the faces, edges and corners of the front (its dual:
Heyde and Löhne 2008; weights: Przybylski, Gandibleux and Ehrgott 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from hrbudget.optimize.front.corner import ZERO, Corner
from hrbudget.optimize.front.ground import Ground, Weights
from hrbudget.optimize.front.solve import least, solve
from hrbudget.optimize.front.two import MOST, cost, gap_of, lower

ONE = Fraction(1)

#: Sums that are minimized for each corner that is sought, at most.
_TRIES = 8

#: The triangle's corners: all weight on one cost.
_CORNERS: tuple[Weights, ...] = (
    (ONE, ZERO, ZERO),
    (ZERO, ONE, ZERO),
    (ZERO, ZERO, ONE),
)


@dataclass(frozen=True)
class Web:
    """Corners and how they hang together.

    Attributes:
        corners: in order of their costs.
        inside: of each: weights at which it alone is best.
        edges: pairs of corners, the weights at which both are best, and the gap.
        facets: corners of each flat face, and its weights.
        gap: the largest, of all weights where regions meet.
        capped: whether there may be more than were sought.
    """

    corners: tuple[Corner, ...]
    inside: tuple[Weights, ...]
    edges: tuple[tuple[int, int, Weights, Fraction], ...]
    facets: tuple[tuple[tuple[int, ...], Weights], ...]
    gap: Fraction
    capped: bool


@dataclass
class _Regions:
    """The triangle of weights, divided among the corners known so far.

    Attributes:
        scale: of each cost; weights are of costs divided by it.
        known: corners and their regions, polygons of weights.
    """

    on: Ground
    scale: Weights
    known: list[tuple[Corner, list[Weights]]] = field(default_factory=list)

    def weights(self, at: Weights) -> Weights:
        """Weights of the costs as they are."""
        return tuple(each / size for each, size in zip(at, self.scale, strict=True))

    def add(self, corner: Corner) -> None:
        """Give a corner the region where it is better than all that are known."""
        mine: list[Weights] = list(_CORNERS)
        for place, (other, region) in enumerate(self.known):
            mine = self._cut(mine, corner, other)
            self.known[place] = (other, self._cut(region, other, corner))
        self.known.append((corner, mine))

    def _cut(
        self, region: list[Weights], corner: Corner, other: Corner
    ) -> list[Weights]:
        """The part of a region where a corner is no worse than another."""
        more = [
            cost(self.weights(at), corner) - cost(self.weights(at), other)
            for at in region
        ]
        kept: list[Weights] = []
        for place, at in enumerate(region):
            here, before = more[place], more[place - 1]
            if here * before < 0:
                part = before / (before - here)
                kept.append(_mixed(region[place - 1], at, part))
            if here <= 0:
                kept.append(at)
        return list(dict.fromkeys(kept))


def three(on: Ground, scale: Weights) -> Web | None:
    """All corners, edges and faces between the ground's objectives.

    Args:
        on: the ground, of three objectives.
        scale: how far each cost reaches, so that weights are of like sizes.
    """
    regions = _Regions(on, scale)
    middle = solve(on, regions.weights((ONE / 3, ONE / 3, ONE / 3)))
    if middle is None:
        return None
    regions.add(middle.corner)
    proven: dict[Weights, Fraction] = {}
    while len(regions.known) <= MOST and len(proven) < _TRIES * MOST:
        at, owner = _next(regions, proven)
        if owner is None:
            break
        weights = regions.weights(at)
        found = least(on, weights)
        if lower(weights, owner, found.corner):
            regions.add(found.corner)
        else:
            proven[at] = gap_of(weights, owner, found)
    capped = _next(regions, proven)[1] is not None
    return _web(regions, proven, capped=capped)


def _next(
    regions: _Regions, proven: dict[Weights, Fraction]
) -> tuple[Weights, Corner | None]:
    """A point where regions meet that nothing is proven of yet, and whose it is."""
    for corner, region in regions.known:
        for at in region:
            if at not in proven:
                return at, corner
    return _CORNERS[0], None


def _web(regions: _Regions, proven: dict[Weights, Fraction], *, capped: bool) -> Web:
    """What the regions say: those that are mere lines are of points no corner is at."""
    whole = [each for each in regions.known if _area(each[1])]
    whole.sort(key=lambda each: each[0].costs)
    corners = [corner for corner, _ in whole]
    edges, faces = [], {}
    for one, (corner, region) in enumerate(whole):
        for other in range(one + 1, len(whole)):
            border = [
                at
                for at in region
                if _equal(regions.weights(at), corner, corners[other])
            ]
            middle = _mean(border)
            if len(border) > 1 and min(middle) > 0:
                gap = max((proven.get(at, ZERO) for at in border), default=ZERO)
                edges.append((one, other, regions.weights(middle), gap))
        for at in region:
            if min(at) > 0:
                weights = regions.weights(at)
                faces[at] = tuple(
                    n for n, each in enumerate(corners) if _equal(weights, corner, each)
                )
    return Web(
        corners=tuple(corners),
        inside=tuple(regions.weights(_mean(region)) for _, region in whole),
        edges=tuple(edges),
        facets=tuple(
            (members, regions.weights(at))
            for at, members in sorted(faces.items(), key=lambda each: each[1])
            if len(members) > 2
        ),
        gap=max(proven.values(), default=ZERO),
        capped=capped,
    )


def _equal(weights: Weights, one: Corner, other: Corner) -> bool:
    return cost(weights, one) == cost(weights, other)


def _mixed(one: Weights, other: Weights, part: Fraction) -> Weights:
    both = zip(one, other, strict=True)
    return tuple(first + part * (second - first) for first, second in both)


def _mean(points: Sequence[Weights]) -> Weights:
    count = Fraction(max(1, len(points)))
    columns = zip(*points, strict=True) if points else ((), (), ())
    return tuple(sum(column, ZERO) / count for column in columns)


def _area(region: Sequence[Weights]) -> Fraction:
    """Twice the area of a polygon of weights; 0 of a line or a point."""
    if len(region) < 3:
        return ZERO
    around = zip(region, [*region[1:], region[0]], strict=True)
    return abs(sum((a[0] * b[1] - a[1] * b[0] for a, b in around), ZERO))
