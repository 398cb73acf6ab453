"""The stage's door to dilemmas: what-if, requirements, objectives in; a front out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import polars as pl

from hrbudget.domain.front import Edge, Facet, Front, Objective, Vertex
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize import rounding
from hrbudget.optimize.front.corner import Corner
from hrbudget.optimize.front.ground import Ground, Weights, ground
from hrbudget.optimize.front.reasons import End, binding
from hrbudget.optimize.front.solve import least
from hrbudget.optimize.front.three import three
from hrbudget.optimize.front.two import between, gap_of, two
from hrbudget.optimize.grid import Grid
from hrbudget.optimize.rounding import Whole
from hrbudget.optimize.run import optimize

#: What movement costs beside what weighs most, where only ties are to be broken.
_LITTLE = Fraction(1, 10**5)


def front(
    what_if: WhatIf,
    requirements: Sequence[Requirement],
    objectives: Sequence[Objective],
) -> Front:
    """All that nothing beats in two or three objectives at once.

    What must hold holds (immediate, limit, the scenario's own asks, the lines' bounds,
    the limit on moves), but amounts are not in whole units: a front has corners and
    straight edges, which whole units would fray. Progressive rules ask for nothing
    unless they are objectives; a ``limit`` that is an objective may give way.

    Args:
        what_if: the what-if.
        requirements: what the rules ask; of those whose data is missing, nothing.
        objectives: two or three; their requirements are among ``requirements``.
    """
    asked = [each for each in (*what_if.asks, *requirements) if not each.missing]
    on = ground(what_if, asked, objectives)
    wanted = tuple(objectives)
    pairs = list(combinations(range(len(wanted)), 2))
    made = [_pair(on, wanted, pair) for pair in pairs]
    if any(each is None for each in made):
        named = {name for each in wanted for name in each.weights}
        given = [each for each in requirements if each.hard and each.id not in named]
        return Front(wanted, conflict=optimize(what_if, given).conflict)
    known = [each for each in made if each is not None]
    if len(wanted) == 2:
        return known[0]
    return _whole(on, wanted, list(zip(pairs, known, strict=True)))


def _pair(
    on: Ground, objectives: tuple[Objective, ...], pair: tuple[int, int]
) -> Front | None:
    """The front of two of the objectives."""
    chain = two(on, pair)
    if chain is None:
        return None
    chosen = tuple(objectives[each] for each in pair)
    ends = [
        _end(on, corner, weights)
        for corner, weights in zip(chain.corners, between(chain, on, pair), strict=True)
    ]
    edges = [
        _edge(on, chosen, (place, ends[place], ends[place + 1]), pair, gap)
        for place, gap in enumerate(chain.gaps)
    ]
    vertices = tuple(_vertex(on, chosen, each, pair) for each in ends)
    return Front(
        chosen, vertices, tuple(edges), elsewhere=chain.ends, capped=chain.capped
    )


def _whole(
    on: Ground,
    objectives: tuple[Objective, ...],
    pairs: list[tuple[tuple[int, int], Front]],
) -> Front:
    """The front of three objectives, with those of two of them beside it."""
    every = (0, 1, 2)
    web = three(on, tuple(_reach(each, pairs) for each in every))
    if web is None:
        return Front(objectives)
    ends = [
        _end(on, corner, weights)
        for corner, weights in zip(web.corners, web.inside, strict=True)
    ]
    edges = [
        _edge(on, objectives, (start, ends[start], ends[end]), every, gap, end)
        for start, end, _, gap in web.edges
    ]
    facets = [
        Facet(
            members,
            tuple(
                weight * each.sign
                for weight, each in zip(weights, objectives, strict=True)
            ),
        )
        for members, weights in web.facets
    ]
    return Front(
        objectives,
        tuple(_vertex(on, objectives, each, every) for each in ends),
        tuple(edges),
        tuple(facets),
        tuple(pairs),
        web.gap,
        web.capped or any(each.capped for _, each in pairs),
    )


def _reach(number: int, pairs: list[tuple[tuple[int, int], Front]]) -> Fraction:
    """How far an objective reaches along the fronts that it is part of."""
    values = [
        vertex.values[pair.index(number)]
        for pair, each in pairs
        if number in pair
        for vertex in each.vertices
    ]
    return max(values) - min(values) or Fraction(1)


def _end(on: Ground, corner: Corner, weights: Weights) -> End:
    """A corner as it is solved for alone, with as little movement as it takes."""
    solved = least(on, weights)
    calm = least(on, weights, _LITTLE * max(weights)).corner
    weighed = [place for place, weight in enumerate(weights) if weight]
    for other in (calm, solved.corner):
        if other.exact >= corner.exact and all(
            other.costs[each] == corner.costs[each] for each in weighed
        ):
            return End(other, weights, solved)
    return End(corner, weights, solved)


def _vertex(
    on: Ground, objectives: tuple[Objective, ...], end: End, chosen: Sequence[int]
) -> Vertex:
    values = _values(objectives, end.corner, chosen)
    grid = on.model.grid
    ore = Grid(
        grid.lines.with_columns(step=pl.lit(1, grid.lines["step"].dtype)), grid.because
    )
    alone = pl.DataFrame(schema={"line": pl.UInt32, "net": pl.Int64})
    whole = Whole(end.corner.whole(), alone, {}, 0)
    amounts = rounding.spread(replace(on.model, grid=ore), whole)
    gap = gap_of(end.weights, end.corner, end.solved)
    return Vertex(values, amounts, gap, end.corner.exact)


def _values(
    objectives: tuple[Objective, ...], corner: Corner, chosen: Sequence[int]
) -> tuple[Fraction, ...]:
    both = zip(objectives, chosen, strict=True)
    return tuple(each.sign * corner.costs[number] for each, number in both)


def _edge(
    on: Ground,
    objectives: tuple[Objective, ...],
    between_: tuple[int, End, End],
    chosen: Sequence[int],
    gap: Fraction,
    to: int | None = None,
) -> Edge:
    number, start, end = between_
    before, after = (_values(objectives, each.corner, chosen) for each in (start, end))
    changes = [b - a for a, b in zip(before, after, strict=True)]
    unit = next(each for each in changes if each)
    return Edge(
        number,
        number + 1 if to is None else to,
        tuple(each / unit for each in changes),
        binding(on, start.corner, end),
        gap,
    )
