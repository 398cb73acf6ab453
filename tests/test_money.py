"""Money is exact: text to minor units and back, for currencies of any decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money

CURRENCIES = st.sampled_from(["SEK", "JPY", "KWD", "EUR"])
INT64 = 2**63 - 1


@pytest.mark.parametrize(("currency", "places"), [("SEK", 2), ("JPY", 0), ("KWD", 3)])
def test_each_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert money.decimals(currency) == places


@pytest.mark.parametrize("code", ["SEK", "EUR", "ZAR", "MKD"])
def test_currencies_of_iso_4217_are_known(code: str) -> None:
    assert money.is_currency(code)


@pytest.mark.parametrize("code", ["", "sek", "KR", "KRX", "SEKK"])
def test_other_words_are_no_currencies(code: str) -> None:
    assert not money.is_currency(code)


@given(st.integers(-(10**18) + 1, 10**18 - 1), CURRENCIES)
def test_minor_units_written_and_read_are_the_same(minor: int, currency: str) -> None:
    assert money.to_minor(money.to_text(minor, currency), currency) == minor


@given(st.integers(-(10**23), 10**23), CURRENCIES)
def test_millionths_of_minor_units_are_kept(millionths: int, currency: str) -> None:
    exact = Fraction(millionths, money.WHOLE)
    assert money.to_minor(money.to_text(exact, currency), currency) == exact


@given(st.integers(), CURRENCIES)
def test_whole_minor_units_have_the_currencys_decimals(
    minor: int, currency: str
) -> None:
    _, _, fraction = money.to_text(minor, currency).partition(".")
    assert len(fraction) == money.decimals(currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "SEK", "0.00"),
        (-5, "SEK", "-0.05"),
        (123450, "SEK", "1234.50"),
        (1234, "JPY", "1234"),
        (1234, "KWD", "1.234"),
        (Fraction(1, 2), "SEK", "0.005"),
        (Fraction(1, 3), "SEK", "0.00333333"),
        (Fraction(1, 3), "JPY", "0.333333"),
    ],
)
def test_amounts_are_written_so(
    minor: Fraction | int, currency: str, text: str
) -> None:
    assert money.to_text(minor, currency) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            "1,5",
            "1 000",
            " 1",
            "1\n",
            "1_000",
            "١٢",
            "１２",
            ".5",
            "5.",
            "--1",
        ),
        *("NaN", "sNaN1", "Infinity", "-inf", "1e3", "1e999999", "1/3", "0x10"),
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal number"):
        money.to_fraction(text)


@pytest.mark.parametrize("text", ["1" * 19, "-" + "1" * 1000, "0." + "1" * 19])
def test_a_number_with_more_digits_than_money_needs_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than 18 digits") as refused:
        money.to_fraction(text)
    assert len(str(refused.value)) < 120


@given(st.decimals(-(10**18) + 1, 10**18 - 1, places=9))
def test_a_decimal_text_is_read_exactly(number: Decimal) -> None:
    assert money.to_fraction(f"{number:f}") == Fraction(number)


def test_a_plus_may_stand_before_a_number() -> None:
    assert money.to_fraction("+0.5") == Fraction(1, 2)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(1, 4), 1, "0.2"),  # half to even
        (Fraction(3, 4), 1, "0.8"),
        (Fraction(-1, 3), 4, "-0.3333"),
        (Fraction(1200), 3, "1200"),
        (Fraction(-1, 1000), 2, "0"),
    ],
)
def test_numbers_are_rounded_and_trimmed_so(
    number: Fraction, places: int, text: str
) -> None:
    assert money.number_text(number, places) == text


@given(st.lists(st.integers(-INT64, INT64), max_size=8))
def test_a_total_is_exact_where_64_bits_would_wrap(values: list[int]) -> None:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Int64)})
    assert money.total(frame, pl.col("x")) == sum(values)
