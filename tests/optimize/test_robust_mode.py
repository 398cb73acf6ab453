"""A robust what-if meets floors at the low end of uncertain tags."""

from __future__ import annotations

from fractions import Fraction

from hrbudget.check import check, with_amounts
from hrbudget.domain.finding import Finding
from hrbudget.domain.proposal import Answer
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.make import book, rule, what_if

#: Half of line a is for health, and between two and six tenths of it may be; b is for
#: none.
LINES = [{"line_id": "a", "amount": "100"}, {"line_id": "b", "amount": "300"}]
TAGS = [
    {
        "line_id": "a",
        "right": "health",
        "share": "0.5",
        "share_low": "0.2",
        "share_high": "0.6",
    },
    {"line_id": "b", "effect": "neutral", "share": "0"},
]


def answered(
    effect: str, *, robust: bool, sense: str = "at_least", bound: str = "60"
) -> tuple[Answer, Finding]:
    on = book(LINES, TAGS)
    stated = {"measure": {"right": "health"}, "effect": effect, sense: bound}
    rows = rule(on, "p.health", form="amount", **stated)  # type: ignore[arg-type]  # keys
    what = what_if(round_to="1", line_up=Fraction(9), robust=robust)
    found = optimize(apply(what, on, tuple(rows)), rows)
    (after,) = check(with_amounts(on, found.amounts), rows).findings
    return found, after


def kronor(found: Answer) -> list[int]:
    return [amount // 100 for amount in found.amounts["amount"]]


def test_a_floor_is_met_as_tags_stand_unless_it_is_asked_to_be_robust() -> None:
    """60 is half of 120, and two tenths of 300."""
    found, after = answered("progressive", robust=False)
    assert (kronor(found), after.verdict) == ([120, 280], "cannot_tell")
    found, after = answered("progressive", robust=True)
    assert (kronor(found), after.verdict) == ([300, 100], "met")


def test_what_must_hold_does_at_its_worst() -> None:
    found, after = answered("immediate", robust=True)
    assert (kronor(found), after.verdict) == ([300, 100], "met")
    found, after = answered("limit", robust=True, sense="at_most", bound="30")
    assert (kronor(found), after.verdict) == ([50, 350], "met")


def test_a_floor_out_of_reach_at_its_worst_is_a_shortfall_of_that_reading() -> None:
    """All 400 for a are 80 at the low end: 20 below 100."""
    found, after = answered("progressive", robust=True, bound="100")
    assert kronor(found) == [400, 0]
    assert [level.shortfall for level in found.levels] == [2000]
    assert after.verdict == "cannot_tell"


def test_what_cannot_hold_in_every_reading_is_said_to_be_impossible() -> None:
    found, _ = answered("immediate", robust=True, bound="90")
    assert {each.id for each in found.conflict} == {"p.health", "envelope"}
