"""Corners that random search found once, each with the answer worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from hrbudget.check import check, with_amounts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.optimize.run import optimize
from hrbudget.pipeline import deciding
from hrbudget.scenario.apply import apply
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import Row, book, rule, what_if

NEUTRAL = {"effect": "neutral", "share": "0"}


@pytest.mark.parametrize("name", ["fund_the_plan", "five_per_cent_cut"])
@pytest.mark.parametrize("unit", [None, "0.01", "100"])
def test_a_real_budget_is_answered_in_any_unit(
    exempelby: Workspace, name: str, unit: str | None
) -> None:
    asked = replace(exempelby.scenario(name), round_to=unit)
    on = exempelby.ledger(exempelby.slice(Picked("exempelby_2026")))
    done = deciding.propose(on, asked, exempelby.surroundings(asked.packs, None))
    assert done.answer.status == "optimal"
    dear = [level.shortfall - level.least for level in done.answer.levels]
    # Where whole units cost one level something, a later one may gain by it.
    assert next((each for each in dear if abs(each) > 1), 0) >= 0
    assert all(each <= 100_00 * 30 for each in dear)


def answer(on: Ledger, *rows: Requirement, **keys: Any) -> Answer:  # noqa: ANN401
    return optimize(apply(what_if(**{"round_to": "1", **keys}), on, rows), rows)


def kronor(found: Answer) -> list[float]:
    return [amount / 100 for amount in found.amounts["amount"]]


def lines(**amounts: object) -> list[Row]:
    return [
        {
            "line_id": name,
            **({"amount": str(given)} if not isinstance(given, dict) else given),
        }
        for name, given in amounts.items()
    ]


def where(name: str) -> Row:
    return {"form": "amount", "measure": {"where": f"line_id = '{name}'"}}


def test_a_rule_over_revenue_counts_the_revenue_there_is() -> None:
    on = book(lines(a=100, b={"amount": "200", "direction": "revenue"}))
    enough = rule(
        on,
        form="amount",
        applies_to={"direction": "revenue"},
        at_least="150",
        effect="immediate",
    )
    assert kronor(answer(on, *enough)) == [100, 200]


def test_an_immediate_ceiling_that_every_reading_meets_stays_so() -> None:
    """b is unscreened: it may be all health, so it may not grow past the ceiling."""
    tags = [
        {"line_id": "a", "right": "health", "share": "1"},
        {"line_id": "c", **NEUTRAL},
    ]
    on = book(lines(a=50, b=10, c=100), tags)
    most = rule(
        on,
        "x.most",
        form="amount",
        measure={"right": "health"},
        at_most="80",
        effect="immediate",
    )
    more = rule(on, "x.more", **where("b"), at_least="100")
    found = answer(on, *most, *more, line_up=Fraction(10), line_down=Fraction(1, 50))
    checked = check(with_amounts(on, found.amounts), most)
    assert [each.verdict for each in checked.findings] == ["met"]


def test_a_line_that_may_be_ineligible_receives_no_money() -> None:
    unknown = {"amount": "0", "amount_max": "60"}
    on = book(lines(a=unknown, b={"amount": "100", "cost_category": "wages"}))
    wages = rule(
        on,
        "x.wages",
        form="eligible",
        require="cost_category = 'wages'",
        effect="immediate",
    )
    more = rule(on, "x.more", **where("a"), at_least="50")
    assert kronor(answer(on, *wages, *more)) == [0, 100]


def test_the_odd_amount_goes_where_the_rules_leave_room() -> None:
    on = book(lines(a=10, b=4))
    most = rule(on, **where("a"), at_most="10", effect="immediate")
    found = answer(
        on, *most, envelope_amount="15", round_to="5", line_down=Fraction(1, 5)
    )
    assert kronor(found) == [10, 5]


def test_the_odd_amount_counts_as_what_it_moves_and_no_more() -> None:
    on = book(lines(a=10_000, b=10_000))
    found = answer(
        on, envelope_amount="19999", round_to="1000", moved_total=Fraction(1, 100)
    )
    assert (found.status, found.movement) == ("optimal", 100)


def test_a_line_below_its_own_minimum_starts_there_whatever_the_unit() -> None:
    low = {"amount": "0", "amount_min": "1", "amount_max": "12"}
    found = answer(book(lines(a=low, b=7)), envelope_amount="5", round_to="2")
    assert kronor(found) == [1, 4]


def test_a_shortfall_beyond_all_reach_does_not_blur_what_can_be_reached() -> None:
    on = book(
        lines(
            a={"amount": "0", "amount_max": "1000"},
            b={"amount": "0", "amount_max": "1000"},
            c=1000,
        )
    )
    first = rule(on, "x.first", **where("a"), at_least="50000000000")
    second = rule(on, "x.second", **where("b"), at_least="1000")
    found = answer(
        on, *first, *second, priorities={"x.first": 1, "x.second": 2}, round_to="0.01"
    )
    assert kronor(found) == [1000, 0, 0]


def test_sums_beyond_sixty_four_bits_are_exact() -> None:
    many = [
        {"line_id": f"l{n:05}", "amount": "9999999999999.99", "amount_min": "0"}
        for n in range(10_000)
    ]
    found = answer(book(many), envelope_change=Fraction(-1, 10), round_to="1000000")
    total = found.amounts.select(pl.col("amount").cast(pl.Int128).sum()).item()
    assert found.status == "optimal"
    assert total == round(Fraction(999_999_999_999_999 * 10_000) * Fraction(9, 10))


def test_a_conflict_leaves_out_the_rule_that_can_hold() -> None:
    on = book(lines(a={"amount": "12.34", "fund": "sida"}, b=100, c=100), [])
    listed = rule(
        on, "x.listed", form="eligible", require="line_id <> 'a'", effect="immediate"
    )
    most = rule(on, "x.most", **where("b"), at_most="140", effect="immediate")
    least = rule(on, "x.least", **where("b"), at_least="150", effect="immediate")
    found = answer(on, *listed, *most, *least, round_to="5")
    assert {each.id for each in found.conflict} == {"x.least", "x.most"}


def test_lines_smaller_than_the_unit_are_said_to_be_so() -> None:
    found = answer(
        book(lines(a=100, b=100, c=100)),
        envelope_change=Fraction(-3, 20),
        round_to="1000",
        line_down=Fraction(1, 25),
    )
    assert [each.id for each in found.conflict] == ["envelope"]
    found = answer(
        book(lines(a=100, b=100, c=100)),
        envelope_change=Fraction(-3, 20),
        round_to="1000",
    )
    assert (found.status, sum(kronor(found))) == ("optimal", 255)
