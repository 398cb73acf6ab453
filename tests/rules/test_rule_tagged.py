"""Coefficients from tags: what many rules share is right for each of them."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.check import check, with_amounts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import COEFFICIENTS, evaluate
from hrbudget.rules.measure import AppliesTo, Measure, select
from tests.make import Row, book, rule

HEALTH = Measure(right="health")
CHILDREN = Measure(group="children")
AMOUNTS = pl.Schema({"line": pl.UInt32, "amount": pl.Int64})
MORE = pl.DataFrame({"line": [0], "amount": [9000]}, AMOUNTS)


def tag(line: str, right: str = "health", share: str = "1", **more: Any) -> Row:  # noqa: ANN401
    return {"line_id": line, "right": right, "share": share, **more}


def ends(on: Ledger, measure: Measure, **applies: str) -> dict[str, tuple[int, ...]]:
    """Coefficient, low and high of each line that counts, in millionths."""
    found = select(on, AppliesTo.model_validate(applies), measure).coefficients
    assert found.schema == COEFFICIENTS
    assert found["line"].to_list() == sorted(set(found["line"]))
    names = on.lines["line_id"].to_list()
    return {names[line]: tuple(rest) for line, *rest in found.iter_rows()}


def test_tags_of_one_line_add_up_and_what_restricts_stays_out() -> None:
    lines = [{"line_id": name, "amount": "10"} for name in "ab"]
    tags = [
        tag("b", "health.care", "0.2"),
        tag("a", share="0.3"),
        tag("b", "health.mental", "0.1", objective="o"),
        tag("b", "health", "0.5", effect="restricts"),
        tag("b", "work", "0.4"),
    ]
    on = book(lines, tags)
    assert ends(on, HEALTH) == {"a": (300_000,) * 3, "b": (300_000,) * 3}
    assert ends(on, Measure(objective="o")) == {"b": (100_000,) * 3}


def test_a_name_that_is_no_group_is_not_the_same_as_naming_none() -> None:
    lines = [{"line_id": name, "amount": "10"} for name in "abcd"]
    tags = [
        tag("a", groups=["martians"]),
        tag("b", groups=[]),
        tag("c", groups=["girls", "boys", "martians"], share="0.5"),
        tag("d", groups=["men"]),
    ]
    on = book(lines, tags)
    assert ends(on, CHILDREN) == {"b": (0, 0, 1_000_000), "c": (500_000,) * 3}


def test_an_uncertain_tag_has_no_more_than_the_others_surely_leave() -> None:
    tags = [
        tag("a", share="0.4", share_low="0.2", share_high="0.9"),
        tag("a", "work", share="0.5", share_low="0.3", share_high="0.5"),
        tag("b", share="0.6", share_low="0.6", share_high="0.6"),
    ]
    on = book([{"line_id": name, "amount": "10"} for name in "ab"], tags)
    assert ends(on, HEALTH) == {"a": (400_000, 200_000, 700_000), "b": (600_000,) * 3}


def test_a_share_whose_range_leaves_it_out_is_uncertain_all_the_same() -> None:
    tags = [tag("a", share="0.6", share_low="0.5", share_high="0.5")]
    on = book([{"line_id": "a", "amount": "10"}], tags)
    assert ends(on, HEALTH) == {"a": (600_000, 500_000, 500_000)}


def test_more_than_the_whole_of_a_line_never_counts() -> None:
    tags = [tag("a", share="0.8"), tag("a", "work", share="0.8")]
    on = book([{"line_id": "a", "amount": "10"}], tags)
    assert ends(on, HEALTH)["a"][2] == 200_000


def test_each_side_of_the_budget_has_its_own_lines_and_filters() -> None:
    lines = [
        {"line_id": "a", "amount": "10", "fund": "own"},
        {"line_id": "b", "amount": "10", "fund": "own", "direction": "revenue"},
        {"line_id": "c", "amount": "10"},
        {"line_id": "d", "amount": "10", "fund": "eu"},
        {"line_id": "e", "amount": "10", "fund": "own"},
    ]
    on = book(lines, [tag(name, share="0.5") for name in "abcd"])
    within = {"where": "fund = 'own'"}
    half, may_be = (500_000,) * 3, (0, 0, 500_000)
    assert ends(on, HEALTH, **within) == {
        "a": half,
        "c": may_be,
        "e": (0, 0, 1_000_000),
    }
    assert ends(on, HEALTH, direction="revenue", **within) == {"b": half}
    assert set(ends(on, Measure(), direction="revenue")) == {"b"}
    assert set(ends(on, Measure(), **within)) == {"a", "c", "e"}


def test_rules_that_measure_the_same_share_it_and_other_amounts_start_afresh() -> None:
    on = book([{"line_id": name, "amount": "10"} for name in "ab"], [tag("a")])
    dear = Measure(where="amount > 50")
    assert select(on, AppliesTo(), dear) is select(on, AppliesTo(), dear)
    assert ends(on, dear) == {}
    moved = with_amounts(on, MORE)
    assert set(ends(moved, dear)) == {"a"}
    assert ends(on, dear) == {}


def test_the_same_money_is_read_on_the_amounts_of_each_ledger() -> None:
    on = book([{"line_id": "a", "amount": "10"}], [tag("a")])
    asked = rule(on, form="amount", measure={"right": "health"}, at_least="50")
    before, after = (
        check(each, asked).findings[0] for each in (on, with_amounts(on, MORE))
    )
    assert (before.verdict, before.measured.middle) == ("not_met", 1000)
    assert (after.verdict, after.measured.middle) == ("met", 9000)
    assert before.lines == after.lines == ("a",)


COEFFICIENT = st.integers(-(10**6), 10**6)


@given(
    st.lists(
        st.tuples(
            COEFFICIENT, COEFFICIENT, COEFFICIENT, st.integers(-(10**15), 10**15)
        ),
        max_size=12,
    )
)
def test_money_is_the_same_wherever_its_lines_stand(
    rows: list[tuple[int, int, int, int]],
) -> None:
    """Also where amounts come unordered or want lines, and beyond 64 bits."""
    wanted = [
        (number, sorted(row[:3]), row[3])
        for number, row in enumerate(rows)
        if number % 3
    ]
    coefficients = pl.DataFrame(
        [(n, middle, low, high) for n, (low, middle, high), _ in wanted],
        COEFFICIENTS,
        orient="row",
    )
    amounts = pl.DataFrame(
        {"line": range(len(rows)), "amount": [row[3] for row in rows]},
        AMOUNTS,
    )
    least = sum(min(low * x, high * x) for _, (low, _, high), x in wanted)
    most = sum(max(low * x, high * x) for _, (low, _, high), x in wanted)
    stated = sum(middle * x for _, (_, middle, _), x in wanted)
    for each in (amounts, amounts.reverse(), amounts.filter(pl.col("line") % 3 > 0)):
        found = evaluate(coefficients, each)
        assert found.low * 10**6 == least
        assert found.middle * 10**6 == stated
        assert found.high * 10**6 == most
