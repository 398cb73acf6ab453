"""What holds of spread overhead, whatever the lines, the tags and the keys."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hrbudget import check, money
from hrbudget.domain import ledger
from hrbudget.domain.taxonomy import DATA
from hrbudget.tag.ways import crosswalk, overhead, overheadfile
from hrbudget.tag.ways.overhead import Spread
from tests.tag.overheads import ALL, OFFICE, WAGES, lines, shares, spread, stated
from tests.tag.tagging import tag, tags

amounts = st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1)
costs = st.integers(0, money.MAX_MINOR - 1)
RIGHTS = ("health", "education", "food")


@st.composite
def said_of(draw: st.DrawFn, line_id: str, *, ranges: bool) -> list[dict[str, Any]]:
    """Tags of one line whose shares add up to at most one."""
    left, made = money.WHOLE, []
    for right in draw(st.lists(st.sampled_from(RIGHTS), max_size=3, unique=True)):
        share = draw(st.integers(0, left))
        left -= share
        fields: dict[str, Any] = {"line_id": line_id, "right": right, "share": share}
        if ranges and draw(st.booleans()):
            fields["share_low"] = draw(st.integers(0, share))
            fields["share_high"] = draw(st.integers(share, money.WHOLE))
        made.append(tag(**fields))
    return made


@st.composite
def books(
    draw: st.DrawFn, money_of: st.SearchStrategy[int] = amounts, *, ranges: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An office and a few lines that carry it, with any tags."""
    kinds = st.tuples(money_of, st.sampled_from(["50", "60", None]))
    rows = draw(st.lists(kinds, min_size=1, max_size=6))
    named: list[dict[str, Any]] = [
        {"line_id": f"l{number}", "economic_class": kind, "amount": amount}
        for number, (amount, kind) in enumerate(rows)
    ]
    said = [
        each for row in named for each in draw(said_of(row["line_id"], ranges=ranges))
    ]
    return lines(OFFICE, *named), tags(*said)


TWO_KEYS = stated(key=WAGES, varied=ALL)


@given(books())
def test_shares_never_exceed_the_line_and_lie_in_their_range(
    book: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    done = spread(*book, TWO_KEYS)
    found = shares(done)
    assert sum(share for share, _, _ in found.values()) <= money.WHOLE
    for share, low, high in found.values():
        assert (low is None) == (high is None)
        if low is not None and high is not None:
            assert 0 <= low <= share <= high <= money.WHOLE
            assert low < high
    assert (not found) == (done.left.height == 1)


@given(books(costs, ranges=False))
def test_shares_are_the_exact_proportions_rounded_down(
    book: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    frame, said = book
    tagged = set(said["line_id"])
    weights = {
        row["line_id"]: row["amount"]
        for row in frame.iter_rows(named=True)
        if row["line_id"] in tagged
    }
    whole = sum(weights.values())
    sums: dict[str, int] = {}
    for each in said.iter_rows(named=True):
        part = each["share"] * weights[each["line_id"]]
        sums[each["right"]] = sums.get(each["right"], 0) + part
    expected = {
        right: (int(Fraction(part, whole)), None, None)
        for right, part in sums.items()
        if whole and part >= whole
    }
    assert shares_above_zero(spread(frame, said, stated())) == expected


def shares_above_zero(done: Spread) -> dict[str, tuple[int, int | None, int | None]]:
    return {right: each for right, each in shares(done).items() if each[0]}


@given(books(costs))
def test_what_each_key_gives_alone_lies_in_the_range_of_both(
    book: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    both = shares(spread(*book, TWO_KEYS))
    for key in (WAGES, ALL):
        for right, (share, _, _) in shares(spread(*book, stated(key=key))).items():
            if both:
                stated_share, low, high = both.get(right, (0, None, None))
                least = stated_share if low is None else low
                most = stated_share if high is None else high
                assert least <= share <= most


@given(said_of("a", ranges=False), st.lists(st.integers(1, 10**14), min_size=1))
def test_carriers_that_are_tagged_alike_give_their_own_shares(
    said: list[dict[str, Any]], money_of: list[int]
) -> None:
    names = [f"l{number}" for number in range(len(money_of))]
    frame = lines(
        OFFICE,
        *({"line_id": n, "amount": a} for n, a in zip(names, money_of, strict=True)),
    )
    alike = [{**each, "line_id": name} for name in names for each in said]
    expected = {each["right"]: (each["share"], None, None) for each in said}
    found = shares(spread(frame, tags(*alike), stated()))
    assert found == {right: each for right, each in expected.items() if each[0]}


@given(books(costs), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_tags_makes_no_difference(
    book: tuple[pl.DataFrame, pl.DataFrame], chance: Random
) -> None:
    frame, said = book
    rows = chance.sample(range(frame.height), frame.height)
    others = chance.sample(range(said.height), said.height)
    done, again = spread(*book, TWO_KEYS), spread(frame[rows], said[others], TWO_KEYS)
    assert_frame_equal(done.tags, again.tags)
    assert_frame_equal(done.per_overhead, again.per_overhead)
    assert_frame_equal(done.left, again.left)


def exempelby() -> tuple[pl.DataFrame, pl.DataFrame, Spread]:
    """The bundled town: its lines, their tags by code, and its overhead spread."""
    raw = pl.read_csv(
        DATA / "exempelby" / "lines_2026_proposed.csv", infer_schema=False
    )
    typed = raw.with_columns(
        amount=pl.col("amount").cast(pl.Int64) * 100,
        fiscal_year=pl.col("fiscal_year").cast(pl.Int32),
    )
    by_code = crosswalk.crosswalk(typed, "rs_kommun").tags
    path = DATA / "tag_rules" / "exempelby_overhead.yaml"
    parsed = overheadfile.parse(path.read_bytes(), path.name)
    return typed, by_code, overhead.spread(typed, by_code, parsed)


def test_the_overhead_of_exempelby_is_spread_and_all_its_keys_count() -> None:
    _, _, done = exempelby()
    assert done.left.is_empty()
    assert (done.per_overhead["carriers"] > 0).all()
    assert (done.per_overhead["served"] > 990_000).all()
    assert (done.per_overhead["more"].drop_nulls() > 1_000).all()


def test_the_choice_of_key_shows_in_the_totals_of_exempelby() -> None:
    frame, by_code, done = exempelby()
    closer = by_code.join(done.tags, on="line_id", how="anti")
    book = ledger.of("town", frame, pl.concat([closer, done.tags]))
    found = check.totals(book)
    care = found.ranges.by_right["older.care"]
    assert care.low < care.middle <= care.high
    assert found.tagged + found.untagged == found.ledger
