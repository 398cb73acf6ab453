"""Four verdicts, exactly; and what would settle a doubt."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrbudget.check import check, totals
from hrbudget.domain.finding import Finding, sentence
from hrbudget.domain.ledger import Ledger
from hrbudget.report import language
from tests.make import book, rule


def found(on: Ledger, **keys: object) -> Finding:
    (finding,) = check(on, rule(on, **keys)).findings  # type: ignore[arg-type]
    return finding


def health(share: str = "1", **more: str) -> list[dict[str, str]]:
    return [{"line_id": "a", "right": "health", "share": share, **more}]


FLOOR = {"form": "amount", "measure": {"right": "health"}, "at_least": "100"}


@pytest.mark.parametrize(
    ("amount", "verdict", "shortfall"),
    [
        ("100", "met", 0),
        ("99.99", "not_met", 1),
        ("100.01", "met", 0),
        ("0", "not_met", 10000),
    ],
)
def test_a_floor_is_met_at_its_bound_and_not_an_ore_below(
    amount: str, verdict: str, shortfall: int
) -> None:
    finding = found(book([{"line_id": "a", "amount": amount}], health()), **FLOOR)
    assert (finding.verdict, finding.shortfall) == (verdict, shortfall)


def test_a_right_counts_its_sub_rights_and_a_group_its_subgroups() -> None:
    lines = [{"line_id": "a", "amount": "10"}, {"line_id": "b", "amount": "5"}]
    tags = [
        {"line_id": "a", "right": "health.care", "share": "1", "groups": ["girls"]},
        {"line_id": "b", "right": "work", "share": "1", "groups": ["men"]},
    ]
    on = book(lines, tags)
    assert found(on, **FLOOR).measured.middle == 1000
    children = {**FLOOR, "measure": {"group": "children"}}
    assert found(on, **children).measured.middle == 1000


def test_restricting_money_is_measured_beside_and_never_netted() -> None:
    tags = [
        {"line_id": "a", "right": "health", "share": "0.5"},
        {"line_id": "a", "right": "privacy", "share": "1", "effect": "restricts"},
    ]
    on = book([{"line_id": "a", "amount": "10"}], tags)
    assert totals(on).by_right == {
        "health": (Fraction(500), Fraction(0)),
        "privacy": (Fraction(0), Fraction(1000)),
    }
    assert totals(on).tagged == 500


def test_an_uncertain_share_that_decides_is_cannot_tell_and_names_its_line() -> None:
    on = book(
        [{"line_id": "a", "amount": "200"}],
        health("0.6", share_low="0.4", share_high="0.8"),
    )
    finding = found(on, **FLOOR)
    assert (finding.verdict, finding.reread) == ("cannot_tell", ("a",))
    assert (finding.measured.low, finding.measured.high) == (8000, 16000)


def test_an_uncertain_share_that_does_not_decide_is_told() -> None:
    tags = health("0.6", share_low="0.5", share_high="0.8")
    assert (
        found(book([{"line_id": "a", "amount": "200"}], tags), **FLOOR).verdict == "met"
    )
    assert (
        found(book([{"line_id": "a", "amount": "100"}], tags), **FLOOR).verdict
        == "not_met"
    )


def test_a_line_nobody_screened_may_be_anything_and_a_screened_one_may_not() -> None:
    lines = [{"line_id": "a", "amount": "90"}, {"line_id": "b", "amount": "20"}]
    assert found(book(lines, health()), **FLOOR).verdict == "cannot_tell"
    neutral = {"line_id": "b", "effect": "neutral", "share": "0"}
    assert found(book(lines, [*health(), neutral]), **FLOOR).verdict == "not_met"


def test_a_ceiling_by_right_does_not_pass_on_lines_nobody_screened() -> None:
    lines = [{"line_id": "a", "amount": "90"}, {"line_id": "b", "amount": "20"}]
    ceiling = {"form": "amount", "measure": {"right": "health"}, "at_most": "100"}
    assert found(book(lines, health()), **ceiling).verdict == "cannot_tell"


def test_an_untagged_budget_is_not_assessed_by_right() -> None:
    finding = found(book([{"line_id": "a", "amount": "90"}]), **FLOOR)
    assert finding.verdict == "not_assessed"
    reader = language.of("en", "SEK")
    assert sentence(finding, reader) == (
        "Not assessed: budget (2026 proposed) is not tagged."
    )


def test_an_empty_cell_makes_a_filter_unknown_not_false() -> None:
    lines = [
        {"line_id": "a", "amount": "60", "fund": "own"},
        {"line_id": "b", "amount": "50"},
    ]
    spent = {"form": "amount", "measure": {"where": "fund = 'own'"}, "at_most": "100"}
    finding = found(book(lines), **spent)
    assert (finding.verdict, finding.reread) == ("cannot_tell", ("b",))


def test_a_column_that_is_empty_everywhere_is_missing() -> None:
    spent = {"form": "amount", "measure": {"where": "fund = 'own'"}, "at_most": "100"}
    assert (
        found(book([{"line_id": "a", "amount": "1"}]), **spent).verdict
        == "not_assessed"
    )


def test_a_refund_cannot_hide_an_ineligible_cost() -> None:
    lines = [
        {"line_id": "a", "amount": "50", "fund": "sida", "cost_category": "wages"},
        {"line_id": "b", "amount": "-50", "fund": "sida", "cost_category": "wages"},
    ]
    finding = found(book(lines), form="eligible", require="cost_category = 'travel'")
    assert (finding.verdict, finding.shortfall) == ("not_met", 10000)


def test_what_is_tagged_and_what_is_not_add_up_to_the_ledger_exactly() -> None:
    on = book(
        [{"line_id": "a", "amount": "0.01"}, {"line_id": "b", "amount": "33.33"}],
        health("0.333333"),
    )
    found_totals = totals(on)
    assert found_totals.tagged == Fraction(333333, 10**6)
    assert found_totals.tagged + found_totals.untagged == found_totals.ledger == 3334


shares = st.integers(0, 10).map(lambda tenth: f"{tenth / 10:.1f}")
uncertain = st.lists(
    st.tuples(st.integers(0, 100), shares, shares, shares), min_size=1, max_size=4
)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(uncertain, st.integers(1, 300), st.sampled_from(("at_least", "at_most")))
def test_the_lines_to_read_again_are_the_fewest_that_settle_the_verdict(
    drawn: list[tuple[int, str, str, str]], bound: int, sense: str
) -> None:
    lines, tags = [], []
    for number, (amount, *three) in enumerate(drawn):
        low, share, high = sorted(three)
        lines.append({"line_id": f"l{number}", "amount": str(amount)})
        tags.append(
            {
                "line_id": f"l{number}",
                "right": "health",
                "share": share,
                "share_low": low,
                "share_high": high,
            }
        )
    keys = {"form": "amount", "measure": {"right": "health"}, sense: str(bound)}
    finding = found(book(lines, tags), **keys)

    def settled(confirmed: frozenset[str]) -> bool:
        exact = [
            {**tag, "share_low": tag["share"], "share_high": tag["share"]}
            if tag["line_id"] in confirmed
            else tag
            for tag in tags
        ]
        return found(book(lines, exact), **keys).verdict != "cannot_tell"

    everyone = [line["line_id"] for line in lines]
    fewest = min(
        (
            chosen.bit_count()
            for chosen in range(2 ** len(everyone))
            if settled(
                frozenset(
                    name for place, name in enumerate(everyone) if chosen >> place & 1
                )
            )
        ),
    )
    assert len(finding.reread) == fewest
    assert settled(frozenset(finding.reread))


def test_a_doubtful_share_reaches_no_further_than_what_other_tags_leave() -> None:
    wide = {"share": "0.4", "share_low": "0.3", "share_high": "0.9"}
    tags = [*health(**wide), {"line_id": "a", "right": "work", "share": "0.5"}]
    on = book([{"line_id": "a", "amount": "100"}], tags)
    measured = found(on, **FLOOR).measured
    assert (measured.low, measured.middle, measured.high) == (3000, 4000, 5000)
    assert totals(on).ranges.by_right["health"] == measured
