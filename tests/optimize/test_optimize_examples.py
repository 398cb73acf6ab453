"""What a planner asks, on budgets small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Adjustment
from hrbudget.errors import CallRefused
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.make import book, rule, what_if


def answer(on: Ledger, *rows: Requirement, **keys: Any) -> Answer:  # noqa: ANN401
    stated = what_if(**{"round_to": "1", **keys})
    return optimize(apply(stated, on, rows), rows)


def kronor(found: Answer) -> list[float]:
    return [amount / 100 for amount in found.amounts["amount"]]


def reasons(found: Answer) -> dict[int, list[str]]:
    return dict(found.because.iter_rows())


TWO = [{"line_id": "a", "amount": "100"}, {"line_id": "b", "amount": "100"}]
HOUSING = [{"line_id": "a", "right": "living.housing", "share": "1"}]


def floor(on: Ledger, amount: str, **keys: Any) -> list[Requirement]:  # noqa: ANN401
    stated = {"form": "amount", "measure": {"right": "living.housing"}, **keys}
    return rule(on, "plan.housing", at_least=amount, **stated)


def test_without_rules_nothing_moves() -> None:
    assert kronor(answer(book(TWO))) == [100, 100]


def test_a_shortfall_is_filled_from_the_lines_that_no_rule_needs() -> None:
    on = book(TWO, [*HOUSING, {"line_id": "b", "effect": "neutral", "share": "0"}])
    found = answer(on, *floor(on, "130"))
    assert kronor(found) == [130, 70]
    assert reasons(found) == {0: ["plan.housing"], 1: ["envelope"]}
    assert found.movement == 6000


def test_what_cannot_be_filled_is_stated_as_shortfall() -> None:
    on = book(TWO, HOUSING)
    found = answer(on, *floor(on, "200"), line_up=Fraction(1, 4))
    assert kronor(found) == [125, 75]
    (level,) = found.levels
    assert level.priority == 5
    assert level.shortfall == 7500


def test_the_more_urgent_level_is_served_first_and_weights_decide_within_one() -> None:
    lines = [{"line_id": name, "amount": "50"} for name in "abc"]
    tags = [
        {"line_id": "a", "right": "work", "share": "1"},
        {"line_id": "b", "right": "health", "share": "1"},
        {"line_id": "c", "effect": "neutral", "share": "0"},
    ]
    on = book(lines, tags)
    work = rule(on, "p.work", form="amount", measure={"right": "work"}, at_least="100")
    care = rule(
        on, "p.care", form="amount", measure={"right": "health"}, at_least="100"
    )
    first = answer(on, *work, *care, priorities={"p.work": 1, "p.care": 2})
    assert kronor(first)[0] == 100
    second = answer(on, *work, *care, weights={"p.care": Fraction(2)})
    assert kronor(second)[1] == 100


def test_a_cut_is_kept_to_the_ore_with_one_odd_amount() -> None:
    on = book([{"line_id": "a", "amount": "333.33"}, {"line_id": "b", "amount": "100"}])
    found = answer(on, envelope_change=Fraction(-1, 10), round_to="10")
    total = found.amounts["amount"].sum()
    assert total == round(43333 * 0.9)
    odd = found.amounts.filter((pl.col("amount") - pl.col("start")) % 1000 != 0)
    assert odd.height == 1


def test_an_amount_is_moved_in_whole_units() -> None:
    on = book(TWO, HOUSING)
    found = answer(on, *floor(on, "101"), round_to="10")
    assert kronor(found) == [110, 90]


def test_an_ineligible_line_is_emptied_whatever_the_limit_on_cuts() -> None:
    lines = [
        {"line_id": "a", "amount": "12.34", "fund": "sida"},
        {"line_id": "b", "amount": "100", "fund": "own"},
    ]
    on = book(lines)
    banned = rule(on, form="eligible", require="fund = 'own'", effect="immediate")
    found = answer(
        on,
        *banned,
        line_down=Fraction(1, 10),
        round_to="5",
        open_funds=(("own", "sida"),),
    )
    assert kronor(found) == [0, 112.34]
    assert reasons(found)[0] == ["test.rule"]


def test_money_of_a_line_that_is_emptied_does_not_pass_the_wall_of_its_fund() -> None:
    on = book([{"line_id": "a", "amount": "12.34", "fund": "sida"}, *TWO[1:]])
    banned = rule(on, form="eligible", require="fund is null", effect="immediate")
    found = answer(on, *banned)
    assert {each.id for each in found.conflict} == {"test.rule", "fund_wall[sida]"}


def test_a_protected_ineligible_line_is_a_conflict() -> None:
    on = book([{"line_id": "a", "amount": "12", "fund": "sida"}, *TWO[1:]])
    banned = rule(on, form="eligible", require="fund = 'own'", effect="immediate")
    found = answer(on, *banned, protected=(Predicate("fund = 'sida'"),))
    assert found.status == "infeasible"
    assert [each.id for each in found.conflict] == ["test.rule"]


def test_money_of_a_fund_stays_where_the_rule_says() -> None:
    lines = [
        {"line_id": "a", "amount": "100", "fund": "sida", "party": "international"},
        {"line_id": "b", "amount": "400", "fund": "sida", "party": "swedish"},
        {"line_id": "c", "amount": "1000", "fund": "own", "party": "swedish"},
    ]
    on = book(lines)
    banned = rule(
        on, "a", form="eligible", require="party = 'swedish'", effect="immediate"
    )
    wall = rule(
        on,
        "b",
        form="growth",
        measure={"where": "fund = 'sida'"},
        against={"fiscal_year": 0},
        equal="0",
        effect="immediate",
    )
    assert kronor(answer(on, *banned, *wall)) == [0, 500, 1000]


def test_moved_total_bounds_what_is_moved() -> None:
    on = book(TWO, HOUSING)
    found = answer(on, *floor(on, "180"), moved_total=Fraction(1, 10))
    assert kronor(found) == [120, 80]


def test_revenue_protected_and_immovable_lines_stay() -> None:
    lines: list[dict[str, Any]] = [
        *TWO,
        {"line_id": "c", "amount": "100", "movable": False},
        {"line_id": "d", "amount": "100", "fund": "eu"},
        {"line_id": "e", "amount": "100", "direction": "revenue"},
        {"line_id": "f", "amount": "-100"},
    ]
    lines = [{"fund": "own", **line} for line in lines]
    on = book(lines, HOUSING)
    found = answer(on, *floor(on, "300"), protected=(Predicate("fund = 'eu'"),))
    assert kronor(found) == [200, 0, 100, 100, 100, -100]


def test_a_line_that_may_be_protected_stays() -> None:
    on = book([TWO[0], {**TWO[1], "fund": "own"}], HOUSING)
    found = answer(on, *floor(on, "150"), protected=(Predicate("fund = 'eu'"),))
    assert kronor(found) == [100, 100]


def test_a_lines_own_bounds_stand_in_place_of_the_limits() -> None:
    lines = [
        {"line_id": "a", "amount": "0", "amount_max": "40"},
        {"line_id": "b", "amount": "100", "amount_min": "70"},
    ]
    on = book(lines, HOUSING)
    found = answer(on, *floor(on, "90"), line_up=Fraction(0), line_down=Fraction(0))
    assert kronor(found) == [30, 70]


def test_an_adjustment_comes_before_the_envelope() -> None:
    on = book([{"line_id": "a", "amount": "100", "function": "510"}, *TWO[1:]])
    found = answer(
        on,
        adjust=(Adjustment(Predicate("function = '510'"), Fraction(-1, 20)),),
    )
    assert kronor(found) == [95, 100]


def test_rules_that_collide_are_named_and_no_others() -> None:
    tags = [*HOUSING, {"line_id": "b", "right": "work", "share": "1"}]
    on = book(TWO, tags)
    up = floor(on, "150", effect="immediate")
    work = rule(
        on,
        "x.work",
        form="amount",
        measure={"right": "work"},
        at_least="60",
        effect="limit",
    )
    idle = rule(on, "x.idle", form="amount", at_most="9999", effect="immediate")
    found = answer(on, *up, *work, *idle)
    assert found.status == "infeasible"
    assert {each.id for each in found.conflict} == {
        "envelope",
        "plan.housing",
        "x.work",
    }


def test_an_answer_that_exists_only_in_smaller_units_is_said_so() -> None:
    on = book(TWO, HOUSING)
    exact = rule(
        on,
        "x.exact",
        form="share",
        measure={"right": "living.housing"},
        at_least="0.5025",
        effect="immediate",
    )
    most = rule(
        on,
        "x.most",
        form="amount",
        measure={"right": "living.housing"},
        at_most="101",
        effect="immediate",
    )
    found = answer(on, *exact, *most, round_to="10")
    assert [each.id for each in found.conflict] == ["round_to"]
    assert kronor(answer(on, *exact, *most, round_to="0.5"))[0] in (100.5, 101)


def test_a_rule_that_cannot_be_assessed_asks_for_nothing() -> None:
    on = book(TWO)
    assert kronor(answer(on, *floor(on, "999", effect="immediate"))) == [100, 100]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"round_to": "0.001"}, "round_to"),
        ({"envelope_amount": "1.001"}, "envelope"),
        ({"protected": (Predicate("cat = 'x'"),)}, "no column cat"),
    ],
)
def test_a_scenario_that_does_not_fit_the_budget_is_refused(
    keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(CallRefused, match=message):
        answer(book(TWO), **keys)


def test_amounts_of_a_hundred_thousand_million_are_exact() -> None:
    big = [
        {"line_id": "a", "amount": "99999999999.99"},
        {"line_id": "b", "amount": "88888888888.88"},
    ]
    on = book(big, HOUSING)
    found = answer(
        on,
        *floor(on, "99999999999.99"),
        envelope_change=Fraction(-1, 7),
        round_to="0.01",
    )
    before = 9999999999999 + 8888888888888
    assert found.amounts["amount"].sum() == round(before * (1 - Fraction(1, 7)))
    assert found.amounts["amount"][0] == 9999999999999
