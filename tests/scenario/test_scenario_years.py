"""Several years at once: what may wait, and caps of years and of projects."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from hrbudget.check import check, with_amounts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.movement import Movement
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.domain.statement import Statement
from hrbudget.errors import CallRefused
from hrbudget.optimize.run import optimize
from hrbudget.pipeline import years
from hrbudget.pipeline.deciding import extended
from hrbudget.scenario.apply import apply
from tests.make import Row, asks, book
from tests.scenario.asking import asked, of, written

HEAD = """\
title: A what-if
baseline: {budget: budget, fiscal_years: [2026, 2027, 2028]}
round_to: "1"
"""


def year(number: int, *lines: Row) -> Ledger:
    """A year with two lines of 100, one of them tagged health; or other lines."""
    stated = lines or ({"line_id": "a"}, {"line_id": "b"})
    rows = [{"amount": "100", "fiscal_year": number, **line} for line in stated]
    return book(rows, [{"line_id": "a", "right": "health", "share": "1"}])


THREE = years.joined([year(2026), year(2027), year(2028)])


def numbers(
    keys: str, on: Ledger = THREE, rows: Sequence[Requirement | Statement] = ()
) -> WhatIf:
    what = written(keys, HEAD)
    return apply(what, extended(on, what), tuple(rows))


def by_year(found: Answer, on: Ledger = THREE) -> list[Fraction]:
    """Kronor of each year."""
    placed = with_amounts(on, found.amounts)
    return [Fraction(each.expenditure, 100) for each in years.apart(placed)]


def test_years_are_joined_and_taken_apart_as_they_were() -> None:
    one, other = year(2027, {"line_id": "b"}, {"line_id": "a"}), year(2026)
    both = years.joined([one, other])
    assert both.fiscal_year == 2026
    assert both.lines["line"].to_list() == [0, 1, 2, 3]
    assert both.lines["line_id"].to_list() == ["2026/a", "2026/b", "2027/a", "2027/b"]
    assert both.tags.select("line_id", "line").rows() == [("2026/a", 0), ("2027/a", 2)]
    for before, after in zip((other, one), years.apart(both), strict=True):
        assert after.fiscal_year == before.fiscal_year
        assert after.lines.equals(before.lines)
        assert after.tags.equals(before.tags)
    assert years.joined([one]) is one
    assert years.apart(one) == (one,)


def test_years_of_two_phases_are_not_planned_together() -> None:
    later = book(
        [{"line_id": "a", "amount": "1", "fiscal_year": 2027}], phase="approved"
    )
    with pytest.raises(
        CallRefused, match="approved in SEK and proposed in SEK: say one"
    ):
        years.joined([year(2026), later])


def test_without_carry_over_each_year_keeps_its_own_envelope() -> None:
    what = numbers('envelope: {change: "-0.10"}')
    assert asked(what) == {
        "envelope[2026]": ("equal", 180),
        "envelope[2027]": ("equal", 180),
        "envelope[2028]": ("equal", 180),
    }
    assert by_year(optimize(what, ())) == [180, 180, 180]


def test_carry_over_goes_forward_only_and_is_a_share_of_the_years_envelope() -> None:
    assert asked(numbers('carry_over: "0.10"')) == {
        "envelope[2026]": ("at_most", 200),
        "carry_over[2026]": ("at_least", 180),
        "envelope[2027]": ("at_most", 400),
        "carry_over[2027]": ("at_least", 380),
        "envelope[2026-2028]": ("equal", 600),
    }


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ('{fiscal_year: 2027, at_least: "215"}', [185, 215, 200]),
        ('{fiscal_year: 2028, at_least: "220"}', [200, 180, 220]),
        ('{fiscal_year: 2027, at_least: "221"}', None),  # 20 is all that may wait
        ('{fiscal_year: 2026, at_least: "201"}', None),  # nothing comes from later
        ('{fiscal_year: 2028, at_least: "221"}', None),  # nothing waits twice
    ],
)
def test_money_waits_for_a_later_year_within_its_share(
    bound: str, expected: list[int] | None
) -> None:
    keys = f'carry_over: "0.10"\nlimits: {{bounds: [{bound}]}}'
    found = optimize(numbers(keys), ())
    if expected is None:
        assert found.status == "infeasible"
        return
    assert by_year(found)[0] + by_year(found)[1] + by_year(found)[2] == 600
    wanted = next(n for n in range(3) if expected[n] > 200)
    assert by_year(found)[wanted] == expected[wanted]
    assert by_year(found)[0] >= 180


def test_without_carry_over_no_year_gets_more_than_its_own() -> None:
    keys = 'limits: {bounds: [{fiscal_year: 2027, at_least: "201"}]}'
    found = optimize(numbers(keys), ())
    assert found.status == "infeasible"
    assert {each.id for each in found.conflict} == {
        "envelope[2027]",
        "bound[1/at_least]",
    }


PROJECT: list[Row] = [
    {"line_id": "a", "project": "p", "amount": "100"},
    {"line_id": "b", "amount": "300"},
]


def test_a_cap_of_the_whole_project_and_a_cap_of_its_years() -> None:
    on = years.joined([year(number, *PROJECT) for number in (2026, 2027, 2028)])
    whole = """limits: {bounds: [{where: "project = 'p'", at_most: "250"}]}"""
    assert asked(numbers(whole, on))["bound[1/at_most]"] == ("at_most", 250)
    found = optimize(numbers(whole, on), ())
    spent = [found.amounts["amount"][line] / 100 for line in (0, 2, 4)]
    assert sum(spent) == 250
    each = """limits: {bounds: [{where: "project = 'p'", per: fiscal_year,
                                 at_most: "90"}]}"""
    assert asked(numbers(each, on))["bound[1/2027/at_most]"] == ("at_most", 90)
    found = optimize(numbers(each, on), ())
    assert [found.amounts["amount"][line] / 100 for line in (0, 2, 4)] == [90, 90, 90]
    one = """limits: {bounds: [{where: "project = 'p'", fiscal_year: 2027,
                                at_most: "90"}]}"""
    found = optimize(numbers(one, on), ())
    assert [found.amounts["amount"][line] / 100 for line in (0, 2, 4)] == [100, 90, 100]


FUNDS: list[Row] = [{"line_id": "a", "fund": "own"}, {"line_id": "b", "fund": "sida"}]


def test_walls_are_of_each_year_and_where_money_may_wait_of_all() -> None:
    on = years.joined([year(number, *FUNDS) for number in (2026, 2027, 2028)])
    alone = asked(numbers("", on))
    assert alone["fund_wall[2027/sida]"] == ("equal", 100)
    assert len([name for name in alone if name.startswith("fund_wall")]) == 3
    together = asked(numbers('carry_over: "0.5"', on))
    assert together["fund_wall[sida]"] == ("equal", 300)
    assert "fund_wall[own]" not in together  # the envelope says the rest


def test_a_grant_of_one_year_grows_that_years_envelope_alone() -> None:
    grant = 'adjust: [{grant: {line_id: g, fund: eu, amount: "50", fiscal_year: 2027}}]'
    what = numbers(grant)
    assert what.lines["line_id"].to_list() == [
        *("2026/a", "2026/b", "2027/a", "2027/b", "2027/g", "2028/a", "2028/b")
    ]
    assert of(what, "2027/g")["start"] == 50
    asks_of = asked(what)
    assert asks_of["envelope[2027]"] == ("equal", 250)
    assert asks_of["envelope[2028]"] == ("equal", 200)
    assert asks_of["fund_wall[2027/eu]"] == ("equal", 50)
    assert "fund_wall[2028/eu]" not in asks_of


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            "adjust: [{new_line: {line_id: n}}]",
            "new line n needs a fiscal_year that is planned: 2026, 2027, 2028",
        ),
        (
            "adjust: [{new_line: {line_id: n, fiscal_year: 2030}}]",
            "new line n needs a fiscal_year that is planned",
        ),
    ],
)
def test_a_new_line_of_several_years_says_its_year(keys: str, message: str) -> None:
    with pytest.raises(CallRefused, match=message):
        numbers(keys)


def test_a_pin_and_a_filter_name_a_line_with_its_year() -> None:
    keys = 'pins: [{line: 2027/a, amount: "50", reason: r, by: A, on: 2026-01-31}]'
    what = numbers(keys)
    assert of(what, "2027/a")["high"] == 50
    assert of(what, "2026/a")["high"] == 200


def ask_of(on: Ledger) -> years.AllAsked:
    """A floor for health and a cap on moves, as a pack would ask."""
    return (
        *asks(
            on, "p.health", form="amount", measure={"right": "health"}, at_least="150"
        ),
        *asks(
            on,
            "p.moves",
            form="movement",
            effect="limit",
            measure={"right": "health"},
            against={"fiscal_year": 0},
            at_most="0.10",
            per="line",
        ),
    )


def test_rules_are_read_on_each_year_and_placed_among_the_lines_of_all() -> None:
    every = years.asked_of_each(THREE, ask_of)
    assert [each.id for each in every] == [
        *("p.health[2026]", "p.health[2027]", "p.health[2028]"),
        *("p.moves[2026]", "p.moves[2027]", "p.moves[2028]"),
    ]
    floors = [each for each in every if isinstance(each, Requirement)]
    # Nobody has screened line b, so it may count.
    places = [[0, 1], [2, 3], [4, 5]]
    assert [each.measure["line"].to_list() for each in floors] == places
    caps = [each for each in every if isinstance(each, Movement)]
    assert [each.counted["line"].to_list() for each in caps] == places
    what = numbers("", rows=every)
    assert [of(what, f"{n}/a")["high"] for n in (2026, 2027, 2028)] == [110, 110, 110]
    assert what.levels == dict.fromkeys((each.id for each in floors), 5)


def test_a_statement_looks_at_its_own_year_alone() -> None:
    """a of 2027 grows by a half: its cap is broken, those of other years are not."""
    every = years.asked_of_each(THREE, ask_of)
    moved = THREE.lines.filter(THREE.lines["line_id"] == "2027/a").select("line")
    grown = with_amounts(THREE, moved.with_columns(amount=150_00))
    found = {each.id: each for each in check(grown, every).findings}
    assert [found[f"p.moves[{n}]"].verdict for n in (2026, 2027, 2028)] == [
        *("met", "not_met", "met")
    ]
    assert found["p.moves[2027]"].lines == ("2027/a",)
    assert found["p.health[2027]"].verdict == "met"
    assert found["p.health[2028]"].shortfall == 50_00


def test_what_a_rule_asks_of_a_year_already_keeps_its_scope() -> None:
    def of_each(on: Ledger) -> years.AllAsked:
        keys: Row = {"form": "amount", "at_least": "1"}
        return (
            *asks(on, "p.year", per="fiscal_year", **keys),
            *asks(on, "p.unit", per="administrative_unit", **keys),
        )

    units: Row = {"line_id": "a", "administrative_unit": "School"}
    on = years.joined([year(2026, units), year(2027, units)])
    assert [each.id for each in years.asked_of_each(on, of_each)] == [
        *("p.unit[2026/School]", "p.unit[2027/School]"),
        *("p.year[2026]", "p.year[2027]"),
    ]
