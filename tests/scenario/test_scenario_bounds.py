"""Bounds of lines together, whole posts, and lines held by hand."""

from __future__ import annotations

import pytest

from hrbudget.domain.scenario import WhatIf
from hrbudget.errors import CallRefused, HrbudgetError
from hrbudget.scenario.apply import apply
from tests.make import Row, asks
from tests.scenario.asking import (
    answered,
    asked,
    kronor,
    more_health,
    numbers,
    of,
    town,
    written,
)

SCHOOL: Row = {"administrative_unit": "School", "programme": "p"}
CARE: Row = {"administrative_unit": "Care"}
INCOME: Row = {"line_id": "z", "direction": "revenue"}
ON = town(
    {"line_id": "a", **SCHOOL},
    {"line_id": "b", **SCHOOL},
    {"line_id": "c", **CARE},
    INCOME,
)
MORE = more_health(ON, "200")


def test_a_unit_may_gain_and_lose_no_more_than_its_share() -> None:
    keys = 'limits: {units: {down: "0.10", up: "0.05"}}'
    assert {k: v for k, v in asked(numbers(ON, keys)).items() if k != "envelope"} == {
        "bound[1/Care/down]": ("at_least", 90),
        "bound[1/Care/up]": ("at_most", 105),
        "bound[1/School/down]": ("at_least", 180),
        "bound[1/School/up]": ("at_most", 210),
    }
    found = kronor(answered(ON, keys, *MORE))
    # Care loses 10 at most, so b keeps no more than 10 of what a needs.
    assert (found[0], found[1] + found[2]) == (200, 100)
    assert 90 <= found[2] <= 100


def test_a_programme_is_bounded_and_lines_without_one_stand_together() -> None:
    keys = 'limits: {programmes: {up: "0"}}'
    found = asked(numbers(ON, keys))
    assert found["bound[1/p/up]"] == ("at_most", 200)
    assert found["bound[1/-/up]"] == ("at_most", 100)
    assert kronor(answered(ON, keys, *MORE)) == [200, 0, 100, 100]


def test_the_money_of_some_lines_is_kept_within_amounts() -> None:
    keys = """limits: {bounds: [{where: "administrative_unit = 'Care'",
                                 at_least: "95.50", at_most: "120"}]}"""
    both = asked(numbers(ON, keys))
    assert both["bound[1/at_least]"] == ("at_least", 95.5)
    assert both["bound[1/at_most]"] == ("at_most", 120)
    found = kronor(answered(ON, keys, *MORE))
    assert (found[0], found[2] >= 95.5) == (200, True)


def test_a_limit_of_units_and_a_bound_are_numbered_in_their_order() -> None:
    keys = """limits: {units: {up: "0.1"}, bounds: [{fiscal_year: 2026, up: "0.2"}]}"""
    names = list(asked(numbers(ON, keys)))
    assert names[1:] == ["bound[1/Care/up]", "bound[1/School/up]", "bound[2/up]"]
    assert all(
        each.rule.effect == "limit"
        for each in numbers(ON, keys).asks
        if each.rule.id == "bound"
    )


def test_lines_change_by_whole_posts() -> None:
    """One post costs 30: a may grow by 90 but not by the 100 that the rule asks for."""
    keys = """posts: [{where: "line_id = 'a'", cost: "30"}]"""
    what = numbers(ON, keys)
    assert (of(what, "a")["step"], of(what, "b")["step"]) == (30, 1)
    assert kronor(answered(ON, keys, *MORE))[0] == 190


PIN = 'pins: [{{line: {}, amount: "{}", reason: Signed, by: Anna, on: 2026-01-31}}]'


def test_a_pinned_line_is_held_at_its_amount_and_others_make_room() -> None:
    keys = PIN.format("b", "130.50")
    line = of(numbers(ON, keys), "b")
    assert line["start"] == 100
    assert line["least"] == line["low"] == line["high"] == 130.5
    found = kronor(answered(ON, keys, *MORE))
    assert found[1] == 130.5
    assert sum(found) == 400


def capped(share: str, pin: str) -> WhatIf:
    """Of the school's 200 a share may be moved; b is held at an amount."""
    (cap,) = asks(
        ON,
        "town.cap",
        form="movement",
        effect="limit",
        measure={"where": "administrative_unit = 'School'"},
        against={"fiscal_year": 0},
        at_most=share,
    )
    return apply(written(PIN.format("b", pin)), ON, (cap,))


def test_a_pin_uses_up_what_a_cap_on_moves_allows() -> None:
    """Ten per cent of 200 is 20, so 40 up and down; the pin takes 20 of them."""
    assert of(capped("0.10", "80"), "a")["high"] == 120
    assert of(capped("0.05", "80"), "a")["high"] == 100
    with pytest.raises(CallRefused, match=r"pins: .* move more than town\.cap allows"):
        capped("0.05", "70")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            PIN.format("x", "1"),
            r"line of the budget \(pins\) is called 'x'.*Known: a, b",
        ),
        (PIN.format("z", "1"), "z cannot be held at 1: it is revenue"),
        (PIN.format("c", "1"), "c cannot be held at 1: its amount_min is 50.00"),
        (PIN.format("c", "200"), "c cannot be held at 200: its amount_max is 150.00"),
        (
            """protected: ["line_id = 'a'"]\n""" + PIN.format("a", "1"),
            "a cannot be held at 1: it is protected.*stays at 100.00",
        ),
        (PIN.format("a", "0.001"), "finer than the currency"),
        (
            PIN.format("a", "1")[:-1] + "," + PIN.format("a", "2")[7:],
            "a is pinned twice",
        ),
        (
            """posts: [{where: "line_id = 'x'", cost: "1"}]""",
            "posts: no expenditure satisfies",
        ),
        (
            """posts: [{where: "line_id = 'a'", cost: "1"},
                       {where: "amount > 0", cost: "2"}]""",
            "a has posts of two costs",
        ),
        ("""posts: [{where: "line_id = 'a'", cost: "0.001"}]""", "finer than"),
        (
            """limits: {bounds: [{where: "line_id = 'z'", up: "0"}]}""",
            "bounds 1: no expenditure satisfies",
        ),
        (
            """limits: {bounds: [{per: project, up: "0"}]}""",
            "project is empty on every line of budget",
        ),
        (
            """limits: {bounds: [{fiscal_year: 2027, up: "0"}]}""",
            "2027 is not planned here; the years are 2026",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(keys: str, message: str) -> None:
    on = town(
        {"line_id": "a", **SCHOOL},
        {"line_id": "b", **SCHOOL},
        {"line_id": "c", **CARE, "amount_min": "50", "amount_max": "150"},
        INCOME,
    )
    with pytest.raises(HrbudgetError, match=message):
        numbers(on, keys)


def test_a_protected_line_may_be_pinned_where_it_stands() -> None:
    keys = """protected: ["line_id = 'a'"]\n""" + PIN.format("a", "100")
    assert of(numbers(ON, keys), "a")["high"] == 100


def test_weights_reach_limits_and_what_the_scenario_asks() -> None:
    keys = 'limits: {units: {up: "0"}}\nweights: {bound: "3", plan.health: "2"}'
    weights = numbers(ON, keys, *MORE).weights
    assert weights["bound[1/Care/up]"] == 3
    assert weights["plan.health"] == 2
    assert weights["envelope"] == 1
    assert numbers(ON, keys, *MORE).levels == {"plan.health": 5}


def test_least_movement_and_doubt_are_handed_on() -> None:
    plain, other = numbers(ON, ""), numbers(ON, "fewest: true\nrobust: true")
    assert (plain.fewest, plain.robust) == (False, False)
    assert (other.fewest, other.robust) == (True, True)
