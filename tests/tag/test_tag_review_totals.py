"""Totals as intervals: exactly what the ranges of the tags allow, no more, no less."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.check import check, totals
from hrbudget.cli.check import print_totals
from hrbudget.domain import ledger, taxonomy
from hrbudget.domain.finding import Totals
from hrbudget.domain.requirement import Interval
from hrbudget.report import records
from hrbudget.report.documents import documents
from hrbudget.report.subject import Subject
from tests.make import book
from tests.tag.tagging import tag, tags

TENTH = money.WHOLE // 10
RIGHTS = ("health", "health.care", "work")
GROUPS = ((), ("women",), ("girls",), ("women", "girls"))

Tag = dict[str, Any]


@st.composite
def tagged(draw: st.DrawFn, line: str) -> list[Tag]:
    """Tags of a line in tenths: shares add up to at most one, highs need not."""
    made, left = [], 10
    for right in draw(st.lists(st.sampled_from(RIGHTS), max_size=3)):
        share = draw(st.integers(0, left))
        left -= share
        low, high = draw(st.integers(0, share)), draw(st.integers(share, 10))
        certain = draw(st.booleans())
        made.append(
            tag(
                line_id=line,
                right=right,
                groups=list(draw(st.sampled_from(GROUPS))),
                share=share * TENTH,
                share_low=None if certain else low * TENTH,
                share_high=None if certain else high * TENTH,
                effect=draw(st.sampled_from(("supports", "supports", "restricts"))),
            )
        )
    return made


amounts = st.lists(st.integers(-500, 500), min_size=1, max_size=3)


@st.composite
def books(draw: st.DrawFn) -> ledger.Ledger:
    """A few lines, some of them refunds, with uncertain tags."""
    rows = draw(amounts)
    lines = pl.DataFrame(
        [
            {
                "line_id": f"l{n}",
                "fiscal_year": 2026,
                "phase": "approved",
                "direction": "expenditure",
                "amount": amount,
                "currency": "SEK",
            }
            for n, amount in enumerate(rows)
        ]
    )
    made = [each for n in range(len(rows)) for each in draw(tagged(f"l{n}"))]
    return ledger.of("town", lines, tags(*made))


def every(found: Totals) -> list[Interval]:
    ranges = found.ranges
    named = (ranges.by_right, ranges.restricts, ranges.by_family, ranges.by_group)
    return [
        ranges.tagged,
        ranges.untagged,
        *(each for part in named for each in part.values()),
    ]


@given(books())
def test_low_middle_and_high_are_in_order_and_the_middle_is_what_is_stated(
    on: ledger.Ledger,
) -> None:
    found = totals(on)
    assert all(each.low <= each.middle <= each.high for each in every(found))
    assert found.ranges.tagged.middle == found.tagged
    assert found.ranges.untagged.middle == found.untagged
    for name, (supports, restricts) in found.by_right.items():
        nothing = Interval.exactly(0)
        assert found.ranges.by_right.get(name, nothing).middle == supports
        assert found.ranges.restricts.get(name, nothing).middle == restricts
    assert {n: each.middle for n, each in found.ranges.by_group.items()} == (
        found.by_group
    )


@given(books())
def test_what_one_end_tags_the_other_end_leaves_untagged(on: ledger.Ledger) -> None:
    found = totals(on)
    tagged_, untagged = found.ranges.tagged, found.ranges.untagged
    assert tagged_.low + untagged.high == found.ledger
    assert tagged_.high + untagged.low == found.ledger


@given(books())
def test_exact_tags_make_exact_totals(on: ledger.Ledger) -> None:
    exact = on.tags.with_columns(share_low="share", share_high=pl.lit(None, pl.Int64))
    certain = ledger.Ledger(
        on.budget, on.fiscal_year, on.phase, on.currency, on.lines, exact
    )
    assert all(each.exact for each in every(totals(certain)))


def _ends(
    on: ledger.Ledger, effect: str, counts: Callable[[Tag], bool]
) -> tuple[Fraction, Fraction]:
    """Least and most money of the tags that count, over every reading in tenths."""
    low = high = Fraction(0)
    for line in on.lines.iter_rows(named=True):
        mine = on.tags.filter(
            (pl.col("line_id") == line["line_id"]) & (pl.col("effect") == effect)
        ).to_dicts()
        spans = [
            range(
                (each["share"] if each["share_low"] is None else each["share_low"])
                // TENTH,
                (each["share"] if each["share_high"] is None else each["share_high"])
                // TENTH
                + 1,
            )
            for each in mine
        ]
        money_ = [
            Fraction(
                sum(
                    part for part, each in zip(parts, mine, strict=True) if counts(each)
                )
                * line["amount"],
                10,
            )
            for parts in product(*spans)
            if sum(parts) <= 10
        ]
        low, high = low + min(money_), high + max(money_)
    return low, high


@given(books())
def test_no_reading_of_the_tags_lies_outside_and_some_reach_both_ends(
    on: ledger.Ledger,
) -> None:
    ranges = totals(on).ranges

    def reached(each: Interval, effect: str, counts: Callable[[Tag], bool]) -> bool:
        return (each.low, each.high) == _ends(on, effect, counts)

    assert reached(ranges.tagged, "supports", lambda _: True)
    for effect, found in (
        ("supports", ranges.by_right),
        ("restricts", ranges.restricts),
    ):
        for name, each in found.items():
            assert reached(each, effect, partial(_of_right, name))
    for name, each in ranges.by_family.items():
        assert reached(each, "supports", partial(_of_family, name))
    for name, each in ranges.by_group.items():
        members = taxonomy.groups().within(name)
        assert reached(each, "supports", partial(_of_groups, members))


def _of_right(name: str, each: Tag) -> bool:
    return bool(each["right"] == name)


def _of_family(name: str, each: Tag) -> bool:
    return str(each["right"]).startswith(name)


def _of_groups(members: frozenset[str], each: Tag) -> bool:
    return not members.isdisjoint(each["groups"])


def test_the_supports_of_a_line_never_exceed_it_however_wide_their_ranges() -> None:
    part = {"line_id": "a", "share_low": "0.2", "share_high": "0.9"}
    rows = [
        {**part, "right": "health", "share": "0.5"},
        {**part, "right": "work", "share": "0.3"},
    ]
    ranges = totals(book([{"line_id": "a", "amount": "100"}], rows)).ranges
    assert ranges.tagged == Interval(Fraction(4000), Fraction(8000), Fraction(10000))
    assert ranges.untagged == Interval(Fraction(0), Fraction(2000), Fraction(6000))
    # The other right keeps a fifth of the line at least.
    assert ranges.by_right["health"].high == 8000


def test_a_tag_of_two_subgroups_counts_once_for_the_group_above_them() -> None:
    row = {
        "line_id": "a",
        "right": "health",
        "groups": ["girls", "boys"],
        "share": "0.5",
        "share_low": "0.4",
        "share_high": "0.6",
    }
    ranges = totals(book([{"line_id": "a", "amount": "100"}], [row])).ranges
    expected = Interval(Fraction(4000), Fraction(5000), Fraction(6000))
    assert ranges.by_group["children"] == expected


def test_the_largest_ledgers_do_not_wrap() -> None:
    rows = [{"line_id": f"l{n:03}", "amount": str(10**13)} for n in range(400)]
    wide = {"right": "health", "share": "0.5", "share_low": "0", "share_high": "1"}
    made = [{"line_id": row["line_id"], **wide} for row in rows]
    found = totals(book(rows, made)).ranges.by_right["health"]
    assert (found.low, found.high) == (0, 400 * 10**15)


def uncertain() -> Subject:
    on = book(
        [{"line_id": "a", "amount": "1000"}, {"line_id": "b", "amount": "500"}],
        [
            {
                "line_id": "a",
                "right": "health.care",
                "groups": ["women"],
                "share": "0.5",
                "share_low": "0.4",
                "share_high": "0.755",
            },
            {"line_id": "b", "right": "work", "share": "1"},
        ],
    )
    return Subject(on, check(on, ()), "2026-01-01", (), "Nowhere")


def test_the_json_keeps_its_totals_and_adds_the_ranges_of_what_is_uncertain() -> None:
    found = json.loads(documents(uncertain(), "en", None, ("json",))["report.json"])[
        "check"
    ]["totals"]
    assert found["tagged"] == "1000.00"
    assert found["by_right"] == {"health.care": "500.00", "work": "500.00"}
    assert found["ranges"] == {
        "tagged": {"low": "900.00", "high": "1255.00"},
        "untagged": {"low": "245.00", "high": "600.00"},
        "by_right": {"health.care": {"low": "400.00", "high": "755.00"}},
        "restricts": {},
        "by_group": {"women": {"low": "400.00", "high": "755.00"}},
    }


def test_the_report_says_ranges_in_both_languages_and_only_where_there_are_any() -> (
    None
):
    page = documents(uncertain(), "en", None, ("html",))["report.html"].decode()
    assert "1,000\u00a0SEK (900–1,255\u00a0SEK)" in page
    assert "500\u00a0SEK (245–600\u00a0SEK)" in page
    assert "500\u00a0SEK (400–755\u00a0SEK)" in page
    assert "uncertain shares" in page
    swedish = documents(uncertain(), "sv", None, ("html",))["report.html"].decode()
    assert "1\u00a0000\u00a0SEK (900–1\u00a0255\u00a0SEK)" in swedish
    assert "osäkra andelar" in swedish
    on = book([{"line_id": "a", "amount": "5"}], [])
    exact = Subject(on, check(on, ()), "2026-01-01", (), "Nowhere")
    assert (
        "uncertain shares"
        not in documents(exact, "en", None, ("html",))["report.html"].decode()
    )


def test_the_command_line_prints_what_the_totals_may_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    subject = uncertain()
    day = date(2026, 1, 1)
    print_totals(records.checked(subject.checked, "budget", day, (), "SEK"))
    words = " ".join(capsys.readouterr().out.split())
    assert "expenditure may be" in words
    assert "ledger 1,500 SEK tagged 1,000 SEK 900 SEK – 1,255 SEK" in words
    assert "untagged 500 SEK 245 SEK – 600 SEK" in words
