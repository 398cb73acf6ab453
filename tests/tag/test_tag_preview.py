"""The money a way of tagging moves, before anything is stored, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.tag import preview
from tests.tag.tagging import tag, tags


def lines(*amounts: int, direction: str = "expenditure") -> pl.DataFrame:
    """Lines l0, l1, … with these amounts in minor units."""
    rows = [
        {"line_id": f"l{number}", "direction": direction, "amount": amount}
        for number, amount in enumerate(amounts)
    ]
    schema = {"line_id": pl.String, "direction": pl.String, "amount": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def test_every_right_and_the_untagged_rest_are_told_before_and_after() -> None:
    before = tags(tag(line_id="l0", right="health", share=250_000))
    after = tags(
        tag(line_id="l0", right="education", share=500_000),
        tag(line_id="l1", right="education", share=1),
        tag(line_id="l1", right="privacy", share=1_000_000, effect="restricts"),
        tag(line_id="l2", right=None, share=0, effect="neutral"),
    )
    moved = preview.moved(lines(100, 10, 1), before, after)
    exact = [tuple(map(str, row)) for row in moved.rows()]
    assert exact == [
        ("education", "supports", "0", "2", "0.000000", "50.000010", "50.000010"),
        ("health", "supports", "1", "0", "25.000000", "0.000000", "-25.000000"),
        ("privacy", "restricts", "0", "1", "0.000000", "10.000000", "10.000000"),
        ("None", "untagged", "3", "3", "86.000000", "60.999990", "-25.000010"),
    ]


def test_revenue_does_not_count() -> None:
    both = tags(tag(line_id="l0"))
    moved = preview.moved(lines(100, direction="revenue"), both, both)
    assert moved["before"].to_list() == [Decimal(0)]


most = money.MAX_MINOR
amounts = st.lists(st.integers(-most, most), max_size=5)


@given(amounts, st.data())
def test_supports_and_untagged_are_the_ledger_on_both_sides(
    given_amounts: list[int], data: st.DataObject
) -> None:
    frame = lines(*given_amounts)
    sides = [
        tags(
            *(
                tag(line_id=line, share=data.draw(st.integers(0, money.WHOLE)))
                for line in frame["line_id"]
            )
        )
        for _ in range(2)
    ]
    moved = preview.moved(frame, *sides)
    counted = moved.filter(pl.col("effect") != "restricts")
    for side in ("before", "after"):
        assert sum(map(Fraction, counted[side])) == sum(given_amounts)
    assert sum(map(Fraction, moved["change"])) == 0
