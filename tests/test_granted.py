"""The account of a grant: headings, years, balances and what foreign money had cost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.grant import Grant, MethodName, Spending
from hrbudget.domain.grant_account import (
    NO_HEADING,
    GrantAccount,
    Missing,
    Purse,
    Side,
    Sum,
)
from hrbudget.domain.ledger import Ledger
from hrbudget.pipeline.exchanged import chain
from hrbudget.pipeline.granted import account
from hrbudget.report import language
from tests.grants import budget, stated
from tests.make import Row

#: Two payments at 0.75 and 0.80 SEK for one BWP, spending between them, the rest back.
CHAIN = """
forwarded:
- {on: 2024-02-01, partner: V, paid: 7500, arrived: 10000, currency: BWP, document: a}
- {on: 2024-03-01, partner: V, paid: 8000, arrived: 10000, currency: BWP, document: b}
spent:
- {on: 2024-02-10, partner: V, amount: 4000, currency: BWP, booked: 3100, document: c}
- {on: 2024-03-10, partner: V, amount: 9000, currency: BWP, booked: 6800, document: d}
returned:
- {on: 2024-12-01, partner: V, paid: 7000, currency: BWP, arrived: 5500, document: e}
"""


def kronor(*amounts: str) -> list[int]:
    return [round(Fraction(each) * 100) for each in amounts]


def decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def side(found: Side | Missing) -> Side:
    assert isinstance(found, Side)
    return found


def why(found: Side | Missing) -> str:
    assert isinstance(found, Missing)
    english = language.of("en", "SEK")
    return "; ".join(each.say(english) for each in found.why)


# -- what foreign money had cost


@pytest.mark.parametrize(
    ("method", "costs", "differences"),
    [
        # 4000·0.75; 6000·0.75 + 3000·0.80; 7000·0.80
        (
            "first_in_first_out",
            kronor("3000", "6900", "5600"),
            kronor("100", "-100", "-100"),
        ),
        # 4000·0.75; then (4500 + 8000) for 16000 BWP is 0.78125 each
        (
            "weighted_average",
            kronor("3000", "7031.25", "5468.75"),
            kronor("100", "-231.25", "31.25"),
        ),
    ],
)
def test_spent_money_costs_what_was_paid_for_it(
    method: MethodName, costs: list[int], differences: list[int]
) -> None:
    done = chain(replace(stated(CHAIN), method=method))
    out = [each for each in done.steps if getattr(each.step, "way", "") != "forwarded"]
    assert [each.cost for each in out] == costs
    assert [each.difference for each in out] == differences
    assert done.difference(2024) == -10000
    assert done.with_partners(2024) == 0


def test_the_cost_of_money_goes_with_it_through_another_currency() -> None:
    """1 000 SEK → 100 USD → 1 350 BWP; 270 BWP are a fifth of them: 200 SEK."""
    done = chain(
        stated("""
forwarded:
- {on: 2024-02-01, partner: V, paid: "1000", arrived: "100", currency: USD, document: a}
exchanged:
- on: 2024-02-02
  partner: V
  paid: "100"
  paid_in: USD
  arrived: "1350"
  arrived_in: BWP
  document: b
spent:
- {on: 2024-02-03, partner: V, amount: "270", currency: BWP, booked: "190", document: c}
""")
    )
    assert [each.cost for each in done.steps] == kronor("1000", "1000", "200")
    assert done.difference(2024) == -1000
    assert done.held[2024] == (Purse("V", "BWP", 108000, 80000),)


def test_on_one_day_money_comes_before_it_goes() -> None:
    done = chain(
        stated("""
spent:
- {on: 2024-02-01, partner: V, amount: "5", currency: BWP, booked: "4", document: c}
forwarded:
- {on: 2024-02-01, partner: V, paid: "8", arrived: "10", currency: BWP, document: a}
""")
    )
    assert done.difference(2024) == 0


def test_more_than_was_sent_has_no_known_cost_from_then_on() -> None:
    done = account(
        stated("""
forwarded:
- {on: 2024-02-01, partner: V, paid: "8", arrived: "10", currency: BWP, document: a}
- {on: 2025-02-01, partner: V, paid: "8", arrived: "10", currency: BWP, document: b}
spent:
- {on: 2024-03-01, partner: V, amount: "11", currency: BWP, booked: "9", document: c}
- {on: 2025-03-01, partner: V, amount: "1", currency: BWP, booked: "1", document: d}
"""),
        [budget([{"line_id": "1", "amount": 9, "cost_category": "travel"}])],
    )
    assert [done.chain.difference(year) for year in (2024, 2025)] == [None, None]
    assert done.years[0].balance.closing is None
    assert done.years[0].balance.with_partners is None
    assert done.chain.held == {2024: (), 2025: ()}
    assert done.chain.lost == dict.fromkeys((2024, 2025), (("V", "BWP"),))


def test_spending_that_nobody_says_was_booked_has_no_known_difference() -> None:
    done = chain(stated(CHAIN.replace("booked: 3100, ", "")))
    assert done.difference(2024) is None
    assert done.with_partners(2024) == 0


amounts = st.integers(1, 10**7)
steps = st.lists(st.tuples(st.booleans(), amounts, amounts), min_size=1, max_size=12)


@given(steps, st.sampled_from(["first_in_first_out", "weighted_average"]))
def test_no_minor_unit_is_lost_or_made(
    drawn: list[tuple[bool, int, int]], method: MethodName
) -> None:
    """What was paid is what the spent money had cost and what the held money had."""
    made = grant_of(drawn, method)
    done = chain(made)
    paid = sum(each.paid for each in made.movements.transfers)
    out = [each for each in done.steps if isinstance(each.step, Spending)]
    cost = sum(each.cost or 0 for each in out)
    assert paid == cost + sum(each.cost for each in done.held[2024])
    assert all(each.cost is not None for each in done.steps)
    spent = sum(each.amount for each in made.movements.spent)
    arrived = sum(each.arrived for each in made.movements.transfers)
    assert arrived == spent + sum(each.amount for each in done.held[2024])


def grant_of(drawn: list[tuple[bool, int, int]], method: MethodName) -> Grant:
    """Steps day by day: money sent, or as much spent as there can be."""
    forwarded, spent, left = [], [], 0
    for day, (is_sent, one, other) in enumerate(drawn, 1):
        on = f"2024-01-{day:02}"
        if is_sent or not left:
            forwarded.append(
                f"- {{on: {on}, partner: V, paid: {decimal(one)}, document: a, "
                f"arrived: {decimal(other)}, currency: BWP}}"
            )
            left += other
        else:
            part = min(one, left)
            spent.append(
                f"- {{on: {on}, partner: V, amount: {decimal(part)}, document: a, "
                f"currency: BWP, booked: {decimal(other)}}}"
            )
            left -= part
    text = "\n".join(["forwarded:", *forwarded, *(["spent:", *spent] if spent else [])])
    return replace(stated(text), method=method)


# -- lines in the donor's headings

categories = st.sampled_from(["wages", "travel", "venue", "per_diem", "", None])
parties = st.sampled_from(["swedish", "international", None])


@given(st.lists(st.tuples(amounts, categories, parties), min_size=1, max_size=20))
def test_headings_add_up_to_the_lines_to_the_ore(
    drawn: list[tuple[int, str | None, str | None]],
) -> None:
    lines = [
        {
            "line_id": str(place),
            "amount": Fraction(amount, 100),
            "cost_category": category,
            "party": party,
        }
        for place, (amount, category, party) in enumerate(drawn)
    ]
    outcome = side(account(stated(), [budget(lines)]).years[0].outcome)
    assert outcome.total.amount == sum(amount for amount, _, _ in drawn)
    assert sum(each.amount for each in outcome.sums.values()) == outcome.total.amount
    assert sum(each.sum.amount for each in outcome.lines) == outcome.total.amount


def test_wages_of_the_other_party_fall_under_no_heading() -> None:
    lines: list[Row] = [
        {"line_id": "1", "amount": 10, "cost_category": "wages"},
        {
            "line_id": "2",
            "amount": "5.25",
            "cost_category": "wages",
            "party": "international",
        },
    ]
    sums = side(account(stated(), [budget(lines)]).years[0].outcome).sums
    assert (sums["work_input"].amount, sums[NO_HEADING].amount) == (1000, 525)
    places = sums[NO_HEADING].lines
    assert places is not None
    assert places.ids == ("2",)


def travel(amount: int | str, **keys: object) -> list[Row]:
    return [{"line_id": "1", "amount": amount, "cost_category": "travel", **keys}]


def test_the_latest_approval_is_the_budget() -> None:
    books = [
        budget(travel(1), phase="proposed"),
        budget(travel(2), phase="approved"),
        budget(travel(3), phase="adjusted"),
    ]
    for many, expected in ((3, 300), (2, 200), (1, 100)):
        year = account(stated(), books[:many]).years[0]
        assert side(year.budget).total.amount == expected
    donors = account(
        stated("""
budgets:
- {year: 2024, on: 2024-05-01, document: amendment, amounts: {travel: "5"}}
- {year: 2024, on: 2024-01-01, document: agreement, amounts: {travel: "4"}}
"""),
        books,
    ).years[0]
    assert side(donors.budget).total.amount == 500
    assert side(donors.budget).document == "amendment"


def test_two_budgets_of_one_phase_are_asked_about_until_one_is_named() -> None:
    books: list[Ledger] = [
        replace(budget(travel(amount), phase="approved"), budget=name)
        for name, amount in (("north", 1), ("south", 2))
    ]
    assert "north, south; name one" in why(account(stated(), books).years[0].budget)
    named = stated("chosen: {2024: {budget: {budget: south, phase: approved}}}")
    assert side(account(named, books).years[0].budget).total.amount == 200
    gone = stated("chosen: {2024: {budget: {budget: west, phase: approved}}}")
    assert "west (approved)" in why(account(gone, books).years[0].budget)


def test_an_outcome_that_is_not_there_or_in_another_currency_is_not_zero() -> None:
    nothing = account(stated(), [budget(travel(1), phase="approved")]).years[0]
    assert "no executed budget of 2024" in why(nothing.outcome)
    assert (nothing.balance.outcome, nothing.balance.closing) == (None, None)
    euro = account(stated(), [budget(travel(1, currency="EUR"))]).years[0]
    assert "are in EUR" in why(euro.outcome)


def test_money_of_the_project_that_the_donor_does_not_pay_is_kept_apart() -> None:
    lines: list[Row] = [
        *travel(10),
        {"line_id": "2", "amount": 3, "fund": "own", "cost_category": "travel"},
        {"line_id": "3", "amount": 7, "direction": "revenue"},
        {"line_id": "4", "amount": 99, "project": "another"},
    ]
    done = account(stated(), [budget(lines), budget(travel(8), year=2023)])
    year = done.years[0]
    assert side(year.outcome).total.amount == 1000
    assert year.other_funds is not None
    assert year.other_funds.amount == 300
    assert year.revenue is not None
    assert year.revenue.amount == 700
    assert list(done.beyond) == [2023]
    assert isinstance(done.beyond[2023], Sum)
    assert done.beyond[2023].amount == 800


AFTER = 'interest: [{on: 2026-02-01, amount: "1", document: d}]'


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ([budget(travel(7), year=2026)] * 2, "several budgets of 2026"),
        ([budget(travel(7, currency="EUR"), year=2026)], "are in EUR"),
        ([budget(travel(7), year=2026, phase="approved")], "no executed budget"),
    ],
)
def test_costs_after_the_agreement_that_cannot_be_found_are_not_zero(
    later: list[Ledger], said: str
) -> None:
    books = [budget(travel(1)), budget(travel(2), year=2025), *later]
    year = account(stated(AFTER), books).years[2]
    assert year.outside
    assert said in why(year.outcome)
    assert year.balance.closing is None


def test_only_a_year_that_no_budget_has_lines_of_is_without_costs() -> None:
    other = budget(travel(7, project="another"), year=2026)
    books = [budget(travel(1)), budget(travel(2), year=2025), other]
    year = account(stated(AFTER), books).years[2]
    assert (side(year.outcome).total.amount, side(year.budget).total.amount) == (0, 0)
    assert year.balance.closing == -200


def test_costs_beyond_the_grant_that_cannot_be_found_are_told() -> None:
    several = [budget(travel(7), year=2026), budget(travel(8), year=2026)]
    own = budget(travel(7, fund="own"), year=2027)
    beyond = account(stated(), [budget(travel(1)), *several, own]).beyond
    assert list(beyond) == [2026]
    assert isinstance(beyond[2026], Missing)


# -- balances

TWO_YEARS = [
    budget(travel("400.50")),
    budget(travel(300), year=2025),
]
MONEY = """
received:
- {on: 2024-02-01, amount: "500", document: a}
- {on: 2025-02-01, amount: "250.25", document: b}
interest: [{on: 2024-12-31, amount: "1.75", document: c}]
repaid: [{on: 2026-02-01, amount: "51.50", document: d}]
"""


def closings(done: GrantAccount) -> list[int | None]:
    return [each.balance.closing for each in done.years]


def test_each_year_opens_with_what_the_year_before_closed_with() -> None:
    """500 + 1.75 − 400.50 = 101.25; + 250.25 − 300 = 51.50; repaid the year after."""
    done = account(stated(MONEY), TWO_YEARS)
    assert [each.year for each in done.years] == [2024, 2025, 2026]
    assert closings(done) == kronor("101.25", "51.50", "0")
    openings = [each.balance.opening for each in done.years]
    assert openings == [0, *closings(done)[:-1]]
    assert done.years[2].outside


def test_a_gain_along_the_chain_is_part_of_the_balance() -> None:
    """The donor gave 20 000; what is left is in the bank: its lines and the chain."""
    received = 'received: [{on: 2024-01-05, amount: "20000", document: x}]'
    done = account(stated(f"{CHAIN}\n{received}"), [budget(travel("9900"))])
    # 20 000 − 7 500 − 8 000 sent + 5 500 back; the 9 900 booked are what V spent.
    assert closings(done)[0] == kronor("10000")[0]


def test_where_a_balance_is_not_known_the_declared_one_is_carried_on() -> None:
    declared = 'declared: {2024: {closing: "77", document: report}}'
    done = account(stated(f"{MONEY}{declared}"), TWO_YEARS[1:])
    assert done.years[0].balance.closing is None
    assert done.years[1].balance.opening == 7700
    assert done.years[1].balance.is_declared
    without = account(stated(MONEY), TWO_YEARS[1:])
    assert without.years[1].balance.opening is None
    assert without.years[1].balance.closing is None


def test_more_booked_than_a_line_holds_is_told() -> None:
    spent = CHAIN.replace("document: c", "document: c, line: l")
    spent = spent.replace("document: d", "document: d, line: m")
    lines = [{"line_id": "l", "amount": 3099, "cost_category": "venue"}]
    told = account(stated(spent), [budget(lines)]).booked_elsewhere
    assert [(each.line, each.spent) for each in told] == [("l", 310000), ("m", 680000)]
    assert told[0].booked is not None
    assert told[1].booked is None
    enough = [{"line_id": each, "amount": 6800} for each in "lm"]
    assert account(stated(spent), [budget(enough)]).booked_elsewhere == ()
