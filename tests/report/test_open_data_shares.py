"""Percentages: each as near as can be, and 100 together."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hrbudget.report.open_data.shares import percentages

parts = st.dictionaries(
    st.text(st.sampled_from("abc"), max_size=4), st.integers(-(10**6), 10**14)
)


@given(parts.filter(lambda each: any(part > 0 for part in each.values())))
@example({"a": 1, "b": 1, "c": 1})
@example({"a": 10**14, "b": 1})
def test_shares_are_a_hundred_together_and_none_is_off_by_more_than_a_hundredth(
    money: dict[str, int],
) -> None:
    found = percentages(money)
    assert sum(map(Fraction, found.values())) == 100
    whole = sum(part for part in money.values() if part > 0)
    for name, part in money.items():
        exact = Fraction(max(part, 0) * 100, whole)
        assert abs(Fraction(found.get(name, "0")) - exact) < Fraction(1, 100)


def test_of_equal_thirds_the_first_has_the_hundredth_that_is_left() -> None:
    thirds = {"c": 1, "a": 1, "b": 1}
    assert percentages(thirds) == {"a": "33.34", "b": "33.33", "c": "33.33"}


def test_nothing_cannot_be_shared_out() -> None:
    with pytest.raises(ValueError, match="no part"):
        percentages({"a": 0, "b": -1})
