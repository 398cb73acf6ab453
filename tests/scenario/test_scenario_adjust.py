"""Shocks, new lines and grants: what lines start with, and what there is for them."""

from __future__ import annotations

import pytest

from hrbudget.errors import CallRefused
from hrbudget.scenario.added import with_new_lines
from tests.make import Row, book, rule
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

INCOME: Row = {"line_id": "r", "direction": "revenue", "amount": "250"}
ON = town({"line_id": "a"}, {"line_id": "b"}, INCOME)


def test_a_change_grows_the_line_and_the_envelope() -> None:
    what = numbers(ON, """adjust: [{where: "line_id = 'a'", change: "0.08"}]""")
    assert of(what, "a")["start"] == 108
    assert asked(what) == {"envelope": ("equal", 208)}


def test_a_price_makes_the_line_dearer_within_the_same_envelope() -> None:
    keys = """adjust: [{where: "line_id = 'a'", price: "0.08"}]"""
    what = numbers(ON, keys)
    assert of(what, "a")["start"] == 108
    assert asked(what) == {"envelope": ("equal", 200)}
    assert sum(kronor(answered(ON, keys))) == 200 + 250


def test_a_price_after_a_change_is_of_what_the_change_left() -> None:
    keys = """adjust:
  - {where: "line_id = 'a'", change: "-0.5"}
  - {where: "line_id = 'a'", price: "0.1"}"""
    what = numbers(ON, keys)
    assert of(what, "a")["start"] == 55
    assert asked(what) == {"envelope": ("equal", 150)}


def test_revenue_changes_revenue_lines_and_the_envelope_by_as_much() -> None:
    what = numbers(ON, """adjust: [{where: "amount > 0", revenue: "-0.1"}]""")
    assert of(what, "r")["start"] == of(what, "r")["low"] == 225
    assert of(what, "a")["start"] == 100
    assert asked(what) == {"envelope": ("equal", 175)}


def test_revenue_and_a_cut_come_together_and_so_does_an_amount() -> None:
    lost = """adjust: [{where: "line_id = 'r'", revenue: "-0.1"}]"""
    cut = numbers(ON, lost + '\nenvelope: {change: "-0.10"}')
    assert asked(cut)["envelope"] == ("equal", 155)
    stated = numbers(ON, lost + '\nenvelope: {amount: "190"}')
    assert asked(stated)["envelope"] == ("equal", 165)


NEW = """\
adjust:
  - new_line: {line_id: shelter, function: "510", administrative_unit: Social,
               fund: own, description: A shelter, amount_max: "60"}
    tags: [{right: health, groups: [women], share: "0.5"}]
"""


def test_a_new_line_has_no_money_in_the_budget_and_its_tags_are_read() -> None:
    on = with_new_lines(written(NEW), ON)
    line = on.lines.filter(on.lines["line_id"] == "shelter").row(0, named=True)
    told = ("amount", "amount_max", "direction", "currency", "fiscal_year", "function")
    assert [line[name] for name in told] == [
        *(0, 60_00, "expenditure", "SEK", 2026, "510")
    ]
    tag = on.tags.filter(on.tags["line_id"] == "shelter").row(0, named=True)
    assert (tag["right"], tag["groups"]) == ("health", ["women"])
    assert (tag["share"], tag["state"]) == (500_000, "proposed")
    assert on.lines["line_id"].to_list() == ["a", "b", "r", "shelter"]
    assert tag["line"] == 3


def test_a_rule_reaches_a_new_line_by_its_tags_within_the_envelope() -> None:
    """Health needs 130: a may double, but the shelter counts half of its 60 at most."""
    on = with_new_lines(written(NEW), ON)
    rows = more_health(on, "130")
    found = answered(ON, NEW + 'limits: {line_up: "0.10"}', *rows)
    assert kronor(found) == [110, 50, 250, 40]
    assert found.levels[0].shortfall == 0


def test_a_new_line_that_starts_with_money_takes_it_from_the_others() -> None:
    keys = 'adjust: [{new_line: {line_id: n, amount: "20"}}]'
    what = numbers(ON, keys)
    assert of(what, "n")["start"] == 20
    assert asked(what) == {"envelope": ("equal", 200)}
    assert sum(kronor(answered(ON, keys))) == 200 + 250


def test_a_new_line_without_amount_max_may_grow_as_far_as_the_envelope() -> None:
    on = town({"line_id": "a"}, {"line_id": "b"})
    what = numbers(on, "adjust: [{new_line: {line_id: n}}]")
    assert (of(what, "n")["low"], of(what, "n")["high"]) == (0, 200)
    held = numbers(on, "adjust: [{new_line: {line_id: n, movable: false}}]")
    assert (of(held, "n")["low"], of(held, "n")["high"]) == (0, 0)


GRANT = """\
adjust:
  - grant: {fund: eu, amount: "50", line_id: eu1}
    tags: [{right: health}]
"""


def test_a_grant_is_new_money_of_its_fund_and_the_envelope_grows_by_it() -> None:
    what = numbers(ON, GRANT)
    assert (of(what, "eu1")["start"], of(what, "eu1")["fund"]) == (50, "eu")
    assert asked(what) == {
        "envelope": ("equal", 250),
        "fund_wall[eu]": ("equal", 50),
    }
    assert kronor(answered(ON, GRANT)) == [100, 100, 50, 250]


def test_a_grant_comes_on_top_of_a_cut_which_it_is_no_part_of() -> None:
    what = numbers(ON, GRANT + 'envelope: {change: "-0.10", fund: own}')
    assert asked(what) == {
        "envelope": ("equal", 230),
        "fund_wall[eu]": ("equal", 50),
    }


def test_a_new_line_counts_in_a_rule_that_is_about_its_columns() -> None:
    on = with_new_lines(written(NEW), ON)
    rows = rule(
        on, "r", form="amount", measure={"where": "function = '510'"}, at_least="60"
    )
    assert rows[0].measure["line"].to_list()[-1] == 3
    assert kronor(answered(ON, NEW, *rows))[3] == 60


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            """adjust: [{where: "line_id = 'a'", revenue: "-0.1"}]""",
            r"adjust \(revenue\): no revenue line satisfies",
        ),
        (
            """adjust: [{where: "line_id = 'r'", price: "0.1"}]""",
            r"adjust \(price\): no line of expenditure satisfies",
        ),
        ("adjust: [{new_line: {line_id: a}}]", "has a line a already"),
        (
            "adjust: [{new_line: {line_id: n}}, {new_line: {line_id: n}}]",
            "two new lines are called n",
        ),
        (
            "adjust: [{new_line: {line_id: n, fiscal_year: 2027}}]",
            "new line n needs a fiscal_year that is planned: 2026",
        ),
        (
            'adjust: [{new_line: {line_id: n, amount_max: "0.001"}}]',
            "0.001 is finer than the currency's smallest unit",
        ),
        (
            'adjust: [{new_line: {line_id: n, amount: "100000000000000"}}]',
            "more than any line can hold",
        ),
        (
            """adjust: [{where: "line_id = 'r'", revenue: "-0.9"}]""",
            "The envelope of 2026 is below zero",
        ),
    ],
)
def test_an_adjustment_that_does_not_fit_is_refused_with_what_to_do(
    keys: str, message: str
) -> None:
    with pytest.raises(CallRefused, match=message):
        numbers(ON, keys)


def test_a_budget_without_new_lines_is_left_as_it_is() -> None:
    assert with_new_lines(written(""), ON) is ON
    assert book([{"line_id": "a", "amount": "1"}]).lines.height == 1
