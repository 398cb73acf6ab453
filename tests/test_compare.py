"""Two budgets, or a budget and its proposal, side by side."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hrbudget.check import check
from hrbudget.compare import compare
from hrbudget.errors import CallRefused
from hrbudget.report.records import compared
from hrbudget.workspace.compared import side_by_side
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, rule

TAGS = [
    {"line_id": name, "right": "health", "share": "0.5", "groups": ["girls"]}
    for name in "abc"
]


def test_lines_are_matched_by_id_and_one_that_is_missing_has_no_money() -> None:
    before = book(
        [{"line_id": "a", "amount": "10"}, {"line_id": "b", "amount": "5"}], TAGS
    )
    after = book(
        [{"line_id": "a", "amount": "10"}, {"line_id": "c", "amount": "7"}], TAGS
    )
    floor = {"form": "amount", "measure": {"right": "health"}, "at_least": "8"}
    checks = [check(on, rule(on, **floor)) for on in (before, after)]  # type: ignore[arg-type]
    found = compare(before, after, checks[0], checks[1], ("before", "after"))
    told = found.lines.select("line_id", "before", "after").rows()
    assert told == [("b", 500, 0), ("c", 0, 700)]
    (right,) = found.rights
    assert (right.name, right.change) == ("health", Fraction(100))
    assert [each.name for each in found.groups] == ["children", "girls"]
    ((was, now),) = found.findings
    assert was is not None
    assert now is not None
    assert (was.verdict, now.verdict) == ("not_met", "met")


def test_the_range_of_a_doubtful_tag_is_part_of_what_is_compared() -> None:
    doubt = {"share_low": "0.5", "share_high": "1"}
    tags = [{"line_id": "a", "right": "health", "share": "0.8", **doubt}]
    books = [book([{"line_id": "a", "amount": each}], tags) for each in ("10", "20")]
    checks = [check(on, ()) for on in books]
    found = compare(books[0], books[1], checks[0], checks[1], ("before", "after"))
    (right,) = compared(found, "SEK")["rights"]
    assert right["ranges"] == {
        "before": {"low": "5.00", "high": "10.00"},
        "after": {"low": "10.00", "high": "20.00"},
    }


def test_a_proposal_and_its_baseline_are_read_under_the_scenarios_own_values(
    answered: Workspace,
) -> None:
    """The minimum core has a value in the scenario only."""
    found, currency = side_by_side(
        answered, Picked("exempelby_2026"), Picked("fund_the_plan")
    )
    pairs = {now.id: (was, now) for was, now in found.findings if was and now}
    was, now = pairs["icescr.social_security.minimum_core"]
    assert (was.verdict, now.verdict, currency) == ("met", "met", "SEK")
    assert found.lines["before"].sum() == found.lines["after"].sum()


def test_a_budget_and_a_proposal_on_another_one_can_be_compared(
    answered: Workspace,
) -> None:
    found, _ = side_by_side(answered, Picked("exempelby_2025"), Picked("fund_the_plan"))
    assert found.lines.height > 1000


def test_money_of_two_currencies_is_not_compared(answered: Workspace) -> None:
    file = answered.folder / "euro.csv"
    file.write_text("line_id,amount,currency\na,1,EUR\n", encoding="utf-8")
    from hrbudget.ingest.lines import Defaults  # noqa: PLC0415

    read = answered.ingest(file, "euro", None, Defaults(2026, "proposed"))
    answered.keep("euro", read, None)
    with pytest.raises(CallRefused, match="SEK and EUR"):
        side_by_side(answered, Picked("exempelby_2026"), Picked("euro"))
