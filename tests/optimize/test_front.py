"""Fronts between two objectives: all corners, exactly, and why each is one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from tests.optimize.fronts import WHOLE, Aim, Asked, Dilemma, lower_hull, some

#: Mavrotas (2009): max x1; max 3·x1 + 4·x2; x1 ≤ 20, x2 ≤ 40, 5·x1 + 4·x2 ≤ 200.
FIRST, SECOND = (WHOLE, 0), (3 * WHOLE, 4 * WHOLE)
MAVROTAS = Dilemma(
    (0, 0), (0, 0), (20, 40), [Asked((5 * WHOLE, 4 * WHOLE), "at_most", 200)]
)


def mavrotas(*aims: Aim) -> Dilemma:
    return replace(MAVROTAS, aims=list(aims))


def test_the_front_of_mavrotas_is_two_corners_and_a_slope_of_minus_two() -> None:
    found = mavrotas(FIRST, SECOND).front()
    assert [each.values for each in found.vertices] == [(20, 160), (8, 184)]
    assert [(each.start, each.end, each.slope) for each in found.edges] == [(0, 1, -2)]
    assert (found.gap, found.capped) == (0, False)
    assert [each.amounts["amount"].to_list() for each in found.vertices] == [
        [20, 25],
        [8, 40],
    ]


def test_an_edge_ends_where_a_line_has_all_that_it_may_have() -> None:
    (edge,) = mavrotas(FIRST, SECOND).front().edges
    assert [(each.lines, each.at, each.rule) for each in edge.binding] == [
        ((1,), "most", "")
    ]
    (back,) = mavrotas(SECOND, FIRST).front().edges
    assert [(each.lines, each.at) for each in back.binding] == [((0,), "most")]
    assert back.slope == Fraction(-1, 2)


def test_an_edge_ends_where_a_rule_starts_to_bind() -> None:
    """Money for the first line alone is free until the row stops it."""
    asked = [
        Asked((WHOLE, WHOLE), "at_most", 30),
        Asked((0, WHOLE), "at_least", 25, "progressive"),
    ]
    found = Dilemma((0, 0), (0, 0), (20, 40), asked, [(WHOLE, 0), 1]).front()
    assert [each.values for each in found.vertices] == [(20, 15), (5, 0)]
    (edge,) = found.edges
    assert [each.rule for each in edge.binding] == ["row1"]
    assert edge.slope == 1


def test_a_limit_that_is_an_objective_may_give_way_and_no_other_rule() -> None:
    rows = [
        Asked((WHOLE, WHOLE), "at_most", 30, "limit"),
        Asked((WHOLE, 0), "at_most", 25),
    ]
    found = Dilemma((0, 0), (0, 0), (40, 40), rows, [(WHOLE, WHOLE), 0]).front()
    assert [each.values for each in found.vertices] == [(65, 35), (30, 0)]
    firm = Dilemma((0, 0), (0, 0), (40, 40), rows, [(WHOLE, WHOLE), "movement"]).front()
    assert firm.vertices[0].values == (30, 30)


def test_the_limit_on_moves_is_named_where_it_stops_an_edge() -> None:
    """Up by 10 in the first is had for 10 less of the second, and no more may move."""
    same = [Asked((WHOLE, WHOLE), "equal", 60)]
    asked = Dilemma((30, 30), (0, 0), (60, 60), same, [(0, WHOLE), (WHOLE, 0)], 10)
    (edge,) = asked.front().edges
    assert [each.rule for each in edge.binding] == ["moved_total"]


def test_objectives_that_want_the_same_have_a_front_of_one_point() -> None:
    found = mavrotas(FIRST, (2 * WHOLE, 0)).front()
    assert [each.values for each in found.vertices] == [(20, 40)]
    assert (found.edges, found.gap) == ((), 0)


def test_an_objective_that_nothing_changes_has_a_front_of_one_point() -> None:
    fixed = Dilemma((5, 5), (5, 0), (5, 9), [], [(WHOLE, 0), (0, WHOLE)]).front()
    assert [each.values for each in fixed.vertices] == [(5, 9)]
    none = Dilemma((5, 5), (5, 5), (5, 5), [], [(WHOLE, 0), "movement"]).front()
    assert [each.values for each in none.vertices] == [(5, 0)]


def test_a_corner_between_two_ore_is_told_as_the_fraction_it_is() -> None:
    """3·x ≤ 100: a third of an öre is lost by rounding, and none here."""
    asked = [Asked((3 * WHOLE, WHOLE), "at_most", 100)]
    found = Dilemma((0, 0), (0, 0), (99, 50), asked, [(WHOLE, 0), (0, WHOLE)]).front()
    assert [each.values for each in found.vertices] == [
        (Fraction(100, 3), 0),
        (Fraction(50, 3), 50),
    ]
    assert found.edges[0].slope == -3
    assert found.gap == 0


def test_where_nothing_holds_the_rules_that_collide_are_named() -> None:
    rows = [
        Asked((WHOLE, 0), "at_least", 15),
        Asked((WHOLE, 0), "at_most", 10),
        Asked((0, WHOLE), "at_most", 10),
    ]
    found = Dilemma((0, 0), (0, 0), (20, 40), rows, [FIRST, SECOND]).front()
    assert {each.id for each in found.conflict} == {"row0", "row1"}
    assert (found.vertices, found.edges) == ((), ())


def test_amounts_of_a_hundred_thousand_million_are_as_exact() -> None:
    big = 10**13
    rows = [Asked((5 * WHOLE, 4 * WHOLE), "at_most", 200 * big)]
    found = Dilemma((0, 0), (0, 0), (20 * big, 40 * big), rows, [FIRST, SECOND]).front()
    assert [each.values for each in found.vertices] == [
        (20 * big, 160 * big),
        (8 * big, 184 * big),
    ]
    assert (found.edges[0].slope, found.gap) == (-2, 0)


def test_a_front_of_too_many_corners_says_that_some_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hrbudget.optimize.front.two.MOST", 2)
    rows = [Asked((n * WHOLE, WHOLE), "at_most", 60 + 3 * n * n) for n in range(4)]
    asked = Dilemma((0, 0), (0, 0), (20, 60), rows, [(WHOLE, 0), (0, WHOLE)])
    few = asked.front()
    monkeypatch.undo()
    every = asked.front()
    assert (few.capped, every.capped) == (True, False)
    assert {each.values for each in few.vertices} < {
        each.values for each in every.vertices
    }
    assert every.gap == 0 < few.gap


@pytest.mark.parametrize("number", range(60))
def test_the_front_is_that_of_all_points_where_planes_meet(number: int) -> None:
    asked = some(Random(f"front {number}"), aims=2, lines=3)  # noqa: S311
    found, points = asked.front(), asked.points()
    if not points:
        assert found.conflict
        return
    corners = lower_hull(points)
    signs = [each.sign for each in found.objectives]
    assert [each.values for each in found.vertices] == [
        tuple(sign * at for sign, at in zip(signs, corner, strict=True))
        for corner in corners
    ]
    assert found.proven
    assert len(found.edges) == len(corners) - 1
    for edge, (one, other) in zip(found.edges, pairwise(corners), strict=True):
        steep = (other[1] - one[1]) / (other[0] - one[0])
        assert edge.slope == steep * signs[0] * signs[1]
        assert edge.binding
