"""Four states, four eyes: nothing is read, approved or locked by its author alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from hrbudget.check import totals
from hrbudget.errors import CallRefused, NotFound
from hrbudget.tag.review.settle import settle
from hrbudget.tag.review.states import Step, advance, guard
from tests.make import book
from tests.tag.tagging import tag, tags

NOBODY = tags()


def said(author: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Tags that one person wrote."""
    return tags(*(tag(author=author, **row) for row in rows))


def in_state(state: str, *lines: str) -> pl.DataFrame:
    return said("anna", *({"line_id": line, "state": state} for line in lines))


def state_of(found: pl.DataFrame, line: str) -> list[str]:
    return found.filter(pl.col("line_id") == line)["state"].unique().to_list()


def test_tags_that_a_second_reader_confirms_are_read() -> None:
    first = in_state("proposed", "a", "b", "c")
    second = said("bo", {"line_id": "a"}, {"line_id": "b", "share": 499_999})
    found = advance(first, second, Step("read", "bo"))
    assert found.lines == ("a",)
    assert state_of(found.tags, "a") == ["read"]
    assert state_of(found.tags, "b") == ["proposed"]
    assert [issue.found for issue in found.refused] == [
        "a reading of line b by bo that says something else",
        "no reading of line c by bo",
    ]


def test_nobody_reads_or_approves_what_they_wrote() -> None:
    first = in_state("proposed", "a")
    read = advance(first, said("anna", {"line_id": "a"}), Step("read", "anna"))
    approved = advance(in_state("read", "a"), NOBODY, Step("approved", "anna"))
    for found in (read, approved):
        assert found.lines == ()
        assert "anna, who wrote tags of line a" in found.refused[0].found


def test_tags_are_approved_after_they_were_read_and_locked_after_that() -> None:
    lines = pl.concat([in_state(state, state) for state in ("proposed", "read")])
    approved = advance(lines, NOBODY, Step("approved", "cia"), ["proposed", "read"])
    assert approved.lines == ("read",)
    assert approved.refused[0].found == "line proposed with tags in state proposed"
    assert approved.refused[0].expected == "tags in state read"
    locked = advance(approved.tags, NOBODY, Step("locked", "cia"))
    assert locked.lines == ("read",)
    assert state_of(locked.tags, "read") == ["locked"]


def test_tags_go_back_with_a_reason_and_locked_ones_never() -> None:
    every = ("proposed", "read", "approved", "locked")
    lines = pl.concat([in_state(state, state) for state in every])
    back = Step("proposed", "cia", "the guideline changed")
    found = advance(lines, NOBODY, back, every)
    assert found.lines == ("approved", "read")
    assert state_of(found.tags, "locked") == ["locked"]
    assert "what is locked never changes" in str(found.refused[0])
    with pytest.raises(CallRefused, match="why"):
        advance(lines, NOBODY, Step("proposed", "cia"))


def test_a_line_moves_with_all_its_tags_or_not_at_all() -> None:
    mixed = said(
        "anna",
        {"line_id": "a", "state": "read"},
        {"line_id": "a", "right": "work", "state": "proposed"},
    )
    found = advance(mixed, NOBODY, Step("approved", "bo"), ["a"])
    assert found.lines == ()
    assert found.refused[0].found == "line a with tags in state proposed, read"


def test_a_line_without_tags_a_state_without_name_and_nobody_are_told() -> None:
    found = advance(in_state("read", "a"), NOBODY, Step("approved", "bo"), ["a", "z"])
    assert found.lines == ("a",)
    assert [issue.found for issue in found.refused] == ["line z"]
    with pytest.raises(NotFound):
        advance(NOBODY, NOBODY, Step("done", "bo"))
    with pytest.raises(CallRefused, match="who"):
        advance(NOBODY, NOBODY, Step("read", " "))


def test_moving_tags_changes_nothing_but_their_state() -> None:
    first = in_state("read", "b", "a")
    found = advance(first, NOBODY, Step("approved", "bo")).tags
    assert found.drop("state").equals(first.drop("state"))


def test_locked_tags_may_not_change_whatever_sets_them() -> None:
    before = pl.concat([in_state("locked", "a", "b", "c"), in_state("read", "d")])
    reordered = before.reverse()
    assert guard(before, reordered) == ()
    changed = before.with_columns(
        share=pl.when(pl.col("line_id") == "b").then(1).otherwise(pl.col("share"))
    )
    gone = changed.filter(pl.col("line_id") != "c")
    added = pl.concat([gone, in_state("locked", "a")])
    assert [issue.found for issue in guard(before, added)] == [
        "other tags of line a than its locked ones",
        "other tags of line b than its locked ones",
        "other tags of line c than its locked ones",
    ]
    unlocked = before.with_columns(state=pl.lit("approved"))
    assert len(guard(before, unlocked)) == 3
    free = before.filter(pl.col("line_id") != "d")
    assert guard(before, free) == ()


FIRST = said(
    "anna",
    {"line_id": "a", "share": 600_000},
    {"line_id": "a", "right": "work", "share": 400_000},
)
SECOND = said(
    "bo",
    {"line_id": "a", "share": 300_000},
    {"line_id": "a", "right": "education", "share": 700_000},
)


def shares(found: pl.DataFrame) -> list[tuple[Any, ...]]:
    return found.select("right", "share", "share_low", "share_high", "state").rows()


def test_the_first_or_the_second_reader_stands_and_the_line_is_read() -> None:
    first = settle(FIRST, SECOND, {"a": "first"}, "cia")
    assert shares(first.tags) == [
        ("health", 600_000, None, None, "read"),
        ("work", 400_000, None, None, "read"),
    ]
    second = settle(FIRST, SECOND, {"a": "second"}, "cia")
    assert shares(second.tags) == [
        ("education", 700_000, None, None, "read"),
        ("health", 300_000, None, None, "read"),
    ]
    assert second.tags["author"].to_list() == ["bo", "bo"]
    assert second.lines == ("a",)


def test_a_spread_keeps_the_first_readers_shares_with_the_range_of_both() -> None:
    found = settle(FIRST, SECOND, {"a": "spread"}, "cia")
    assert shares(found.tags) == [
        ("education", 0, 0, 700_000, "read"),
        ("health", 600_000, 300_000, 600_000, "read"),
        ("work", 400_000, 0, 400_000, "read"),
    ]
    assert found.tags["share"].sum() == 10**6


def test_a_spread_reaches_the_totals_as_an_interval() -> None:
    found = settle(FIRST, SECOND, {"a": "spread"}, "cia").tags
    on = book([{"line_id": "a", "amount": "10"}], [])
    ledger = type(on)(
        on.budget,
        on.fiscal_year,
        on.phase,
        on.currency,
        on.lines,
        found.with_columns(line=pl.lit(0, pl.UInt32)),
    )
    ranges = totals(ledger).ranges
    health = ranges.by_right["health"]
    assert (health.low, health.middle, health.high) == (300, 600, 600)
    assert ranges.by_right["education"].high == 700
    assert (ranges.tagged.low, ranges.tagged.high) == (300, 1000)


def test_what_nobody_found_and_somebody_did_ranges_from_nothing() -> None:
    neutral = {"line_id": "a", "right": None, "share": 0, "effect": "neutral"}
    nothing, something = said("anna", neutral), said("bo", {"line_id": "a"})
    found = settle(nothing, something, {"a": "spread"}, "cia")
    assert shares(found.tags) == [("health", 0, 0, 500_000, "read")]
    nothing, something = said("bo", neutral), said("anna", {"line_id": "a"})
    found = settle(something, nothing, {"a": "spread"}, "cia")
    assert shares(found.tags) == [("health", 500_000, 0, 500_000, "read")]


def test_nobody_settles_a_dispute_for_their_own_tags() -> None:
    by_first = settle(FIRST, SECOND, {"a": "first"}, "anna")
    assert by_first.lines == ()
    assert "by anna" in by_first.refused[0].found
    assert settle(FIRST, SECOND, {"a": "spread"}, "anna").lines == ()
    assert settle(FIRST, SECOND, {"a": "second"}, "bo").lines == ()
    assert settle(FIRST, SECOND, {"a": "second"}, "anna").lines == ("a",)
    assert settle(FIRST, SECOND, {"a": "first"}, "bo").lines == ("a",)
    with pytest.raises(CallRefused):
        settle(FIRST, SECOND, {}, "")


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({"line_id": "b"}, {"line_id": "a"}, "only one person or nobody has read"),
        ({"state": "approved"}, {}, "approved or locked"),
        ({"state": "locked"}, {}, "approved or locked"),
        ({"groups": ["women"]}, {"groups": ["men"]}, "other groups"),
    ],
)
def test_what_cannot_be_settled_stays_and_is_told(
    first: dict[str, Any], second: dict[str, Any], why: str
) -> None:
    one, two = said("anna", first), said("bo", {"share": 1, **second})
    found = settle(one, two, {"a": "spread"}, "cia")
    assert found.tags.equals(one)
    assert why in found.refused[0].found


def test_a_right_in_two_tags_has_no_one_range() -> None:
    twice = said("anna", {"objective": "x"}, {"objective": "y"})
    found = settle(twice, said("bo", {"share": 1}), {"a": "spread"}, "cia")
    assert "several tags" in found.refused[0].found
    assert Fraction(int(found.tags["share"].sum()), 10**6) == 1
