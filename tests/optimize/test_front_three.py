"""Fronts between three objectives: corners, edges and faces, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from hrbudget.domain.front import Front
from tests.optimize.fronts import WHOLE, Aim, Asked, Dilemma, Numbers, lower_hull, some

EACH: list[Aim] = [(WHOLE, 0, 0), (0, WHOLE, 0), (0, 0, WHOLE)]
HEXAGON = Dilemma(
    (0, 0, 0), (0, 0, 0), (20, 20, 20), [Asked((WHOLE,) * 3, "at_most", 30)], EACH
)


def test_thirty_shared_among_three_who_take_twenty_at_most_is_a_hexagon() -> None:
    found = HEXAGON.front()
    assert {each.values for each in found.vertices} == {
        (20, 10, 0),
        (20, 0, 10),
        (10, 20, 0),
        (10, 0, 20),
        (0, 20, 10),
        (0, 10, 20),
    }
    (face,) = found.facets
    assert sorted(face.vertices) == list(range(6))
    assert [face.rate(0, 1), face.rate(1, 2), face.rate(2, 0)] == [-1, -1, -1]
    assert len(found.edges) == 6
    assert all(edge.binding for edge in found.edges)
    assert (found.gap, found.capped) == (0, False)


def test_beside_three_objectives_are_the_fronts_of_any_two() -> None:
    found = HEXAGON.front()
    assert [pair for pair, _ in found.pairs] == [(0, 1), (0, 2), (1, 2)]
    for _, front in found.pairs:
        assert [each.values for each in front.vertices] == [(20, 10), (10, 20)]
        assert [each.slope for each in front.edges] == [-1]


def test_three_objectives_of_which_two_are_one_have_edges_and_no_face() -> None:
    twice = Dilemma(
        (0, 0),
        (0, 0),
        (20, 20),
        [Asked((WHOLE, WHOLE), "at_most", 30)],
        [(WHOLE, 0), (0, WHOLE), (0, 2 * WHOLE)],
    )
    found = twice.front()
    assert {each.values for each in found.vertices} == {(20, 10, 20), (10, 20, 40)}
    assert [edge.rates for edge in found.edges] in ([(1, -1, -2)], [(-1, 1, 2)])
    assert found.facets == ()


@pytest.mark.parametrize("number", range(25))
def test_nothing_that_can_be_had_is_better_than_a_front_of_three(number: int) -> None:
    asked = some(Random(f"three {number}"), aims=3, lines=3)  # noqa: S311
    found, points = asked.front(), asked.points()
    if not points:
        assert found.conflict
        return
    assert found.proven
    corners = costs(found)
    assert set(corners) <= set(points)
    assert len(set(corners)) == len(corners)
    chance = Random(number)  # noqa: S311
    for _ in range(60):
        weights = tuple(Fraction(chance.randint(1, 10**6)) for _ in range(3))
        assert lowest(weights, corners) == lowest(weights, points)
    for place, corner in enumerate(corners):
        others = corners[:place] + corners[place + 1 :]
        assert not any(all_as_good(each, corner) for each in others)


@pytest.mark.parametrize("number", range(25))
def test_the_faces_are_those_of_all_points_where_planes_meet(number: int) -> None:
    asked = some(Random(f"three {number}"), aims=3, lines=3)  # noqa: S311
    found, points = asked.front(), asked.points()
    signs = [each.sign for each in found.objectives]
    told = {
        shares([w * sign for w, sign in zip(face.weights, signs, strict=True)])
        for face in found.facets
    }
    assert told == faces(points)
    for pair, front in found.pairs:
        flat = [tuple(point[each] for each in pair) for point in points]
        assert costs(front) == lower_hull(flat)


def costs(found: Front) -> list[Numbers]:
    signs = [each.sign for each in found.objectives]
    return [
        tuple(sign * at for sign, at in zip(signs, each.values, strict=True))
        for each in found.vertices
    ]


def lowest(weights: Numbers, points: Sequence[Numbers]) -> Fraction:
    return min(dot(weights, point) for point in points)


def dot(one: Numbers, other: Numbers) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def all_as_good(one: Numbers, other: Numbers) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def shares(weights: Sequence[Fraction]) -> Numbers:
    total = sum(weights, Fraction(0))
    return tuple(each / total for each in weights)


def faces(points: Sequence[Numbers]) -> set[Numbers]:
    """Weights, all above 0, at which three points that span a plane are best."""
    best = [
        point
        for point in points
        if not any(other != point and all_as_good(other, point) for other in points)
    ]
    found = set()
    for three in combinations(best, 3):
        normal = across(*three)
        if normal[0] < 0:
            normal = tuple(-each for each in normal)
        if min(normal) > 0 and lowest(normal, best) == dot(normal, three[0]):
            found.add(shares(normal))
    return found


def across(one: Numbers, two: Numbers, three: Numbers) -> Numbers:
    a = [y - x for x, y in zip(one, two, strict=True)]
    b = [y - x for x, y in zip(one, three, strict=True)]
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
