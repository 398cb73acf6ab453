"""The one file that knows the solver: signs, scale and statuses."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hrbudget.optimize.solver import Column, Program, Row, minimize

F = Fraction


def program(right: Fraction) -> Program:
    """x + y ≥ right, x - y ≤ 2, 0 ≤ x ≤ 6, 0 ≤ y ≤ 20."""
    return Program(
        (Column(F(0), F(6)), Column(F(0), F(20))),
        (Row({0: F(1), 1: F(1)}, right, None), Row({0: F(1), 1: F(-1)}, None, F(2))),
    )


COST = {0: F(2), 1: F(3)}


def test_a_small_program_has_the_answer_worked_out_by_hand() -> None:
    found = minimize(program(F(10)), COST)
    assert [round(value, 9) for value in found.values] == [6, 4]
    assert round(found.cost, 9) == 24


def test_a_price_is_what_one_more_unit_on_the_right_costs() -> None:
    """By finite differences; a floor's price is positive when minimizing."""
    step = F(1, 100)
    here, there = minimize(program(F(10)), COST), minimize(program(F(10) + step), COST)
    assert round((there.cost - here.cost) / step, 6) == round(here.prices[0], 6) == 3


def test_a_ceiling_that_binds_has_a_negative_price() -> None:
    linear = Program((Column(F(0), F(9)),), (Row({0: F(1)}, None, F(4)),))
    found = minimize(linear, {0: F(-5)})
    assert (round(found.values[0], 9), round(found.prices[0], 9)) == (4, -5)


def test_both_sides_of_a_range_hold() -> None:
    linear = Program((Column(F(0), F(9)),), (Row({0: F(1)}, F(3), F(4)),))
    assert round(minimize(linear, {0: F(1)}).values[0], 9) == 3
    assert round(minimize(linear, {0: F(-1)}).values[0], 9) == 4


def test_whole_columns_are_whole() -> None:
    linear = Program((Column(F(0), F(9), integer=True),), (Row({0: F(2)}, F(5), None),))
    assert minimize(linear, {0: F(1)}).values == (3,)


@pytest.mark.parametrize("right", [F(27), F(10**9)])
def test_what_cannot_be_is_no_answer(right: Fraction) -> None:
    assert not minimize(program(right), COST).feasible
