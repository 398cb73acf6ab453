"""The one file that knows the solver: signs, scale and statuses."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from hrbudget.optimize.program import Block, Column, Program, Row, Rule
from hrbudget.optimize.solver.session import Session
from hrbudget.optimize.solver.small import minimize

F = Fraction


def small(right: Fraction) -> Program:
    """x + y ≥ right, x - y ≤ 2, 0 ≤ x ≤ 6, 0 ≤ y ≤ 20."""
    return Program(
        (Column(F(0), F(6)), Column(F(0), F(20))),
        (Row({0: F(1), 1: F(1)}, right, None), Row({0: F(1), 1: F(-1)}, None, F(2))),
    )


COST = {0: F(2), 1: F(3)}


def test_a_small_program_has_the_answer_worked_out_by_hand() -> None:
    found = minimize(small(F(10)), COST)
    assert [round(value, 9) for value in found.values] == [6, 4]
    assert round(found.cost, 9) == round(found.bound, 9) == 24


def test_both_sides_of_a_range_hold() -> None:
    linear = Program((Column(F(0), F(9)),), (Row({0: F(1)}, F(3), F(4)),))
    assert round(minimize(linear, {0: F(1)}).values[0], 9) == 3
    assert round(minimize(linear, {0: F(-1)}).values[0], 9) == 4


def test_whole_columns_are_whole() -> None:
    linear = Program((Column(F(0), F(9), integer=True),), (Row({0: F(2)}, F(5), None),))
    assert minimize(linear, {0: F(1)}).values == (3,)


@pytest.mark.parametrize("right", [F(27), F(10**9)])
def test_what_cannot_be_is_no_answer(right: Fraction) -> None:
    assert not minimize(small(right), COST).feasible


def session(*rules: Rule, slots: int = 0) -> Session:
    """Two classes that may go up by 60,000 and 200,000 and down by 10,000.

    Total 0 counts both whole, total 1 the first whole and the second less, total 2 is
    all that moves.
    """
    rows = [(0, 0, 1_000_000), (0, 1, 1_000_000), (1, 0, 1_000_000), (1, 1, -1_000_000)]
    schema = {"total": pl.UInt32, "class": pl.UInt32, "coefficient": pl.Int64}
    terms = pl.DataFrame(rows, schema=schema, orient="row")
    rooms = pl.DataFrame({"up": [60_000, 200_000], "down": [10_000, 10_000]})
    return Session(rules, slots, Block(terms, rooms, 2))


MORE = Rule({0: F(1)}, "at_least", F(100_000))
APART = Rule({1: F(1)}, "at_most", F(20_000))
MOVED = {2: F(1)}


def test_classes_move_as_little_as_the_rules_allow() -> None:
    opened = session(MORE, Rule({1: F(1)}, "equal", F(20_000)))
    found = opened.minimize(totals=MOVED)
    assert found.net.to_list() == [60_000, 40_000]
    assert round(found.value) == 100_000
    assert round(found.totals[0]) == 100_000


def test_a_price_is_what_one_more_on_the_right_costs() -> None:
    """By finite differences; a floor's price is positive when minimizing."""
    opened = session(MORE, APART)
    here = opened.minimize(totals=MOVED)
    opened.right(0, F(100_001))
    there = opened.minimize(totals=MOVED)
    assert round(there.value - here.value, 6) == round(here.prices[0], 6) == 1


def test_a_ceiling_that_binds_has_a_negative_price() -> None:
    opened = session(APART)
    found = opened.minimize(totals={1: F(-5)})
    assert round(found.totals[1], 3) == 20_000
    assert round(found.prices[0], 9) == -5


def test_a_rule_whose_lack_is_open_gives_way_at_its_cost() -> None:
    far = Rule({0: F(1)}, "at_least", F(500_000))
    opened = session(far)
    assert not opened.minimize().feasible
    opened.lack(0, open_=True)
    found = opened.minimize({0: F(3)})
    assert round(found.lacking[0]) == 240_000
    assert round(found.value) == 720_000
    opened.lack(0, open_=False)
    assert not opened.minimize().feasible


def test_what_is_held_stays_and_its_price_is_told() -> None:
    far = Rule({0: F(1)}, "at_least", F(500_000))
    opened = session(far, slots=1)
    opened.lack(0, open_=True)
    opened.hold(0, {0: F(3)}, F(900_000))
    found = opened.minimize(totals=MOVED)
    assert round(found.value) == 200_000
    assert round(found.holds[0], 9) == round(F(1, 3), 9)
    opened.hold(0, {}, None)
    assert round(opened.minimize(totals=MOVED).value) == 0


def test_a_rule_that_is_left_out_asks_for_nothing_until_it_is_said_again() -> None:
    opened = session(MORE)
    opened.leave_out(0)
    assert round(opened.minimize(totals=MOVED).value) == 0
    opened.right(0, F(30_000))
    assert round(opened.minimize(totals=MOVED).value) == 30_000


def test_rooms_may_change() -> None:
    opened = session(MORE)
    opened.rooms(pl.DataFrame({"up": [0, 300_000], "down": [0, 0]}))
    assert opened.minimize(totals=MOVED).net.to_list() == [0, 100_000]
