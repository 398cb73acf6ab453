"""Amounts become whole minor units exactly, or are refused with row and column."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.ingest import amounts
from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import issue, lines, read

MINUS = ("-{}", "- {}", "{}-", "{} -", "({})", "\u2212{}", "\u2012{}", "\u2013{}")
FULL_WIDTH = ("\ufe63{}", "\uff0d{}", "{}\u2212")
DECIMALS = (".", ",")
THOUSANDS = ("", " ", ".", ",", "'")
MARKS = [(d, t) for d in DECIMALS for t in THOUSANDS if d != t]
SPACES = (" ", "\u00a0", "\u2007", "\u2009", "\u202f")


def minor(text: str, currency: str = "SEK", **keys: Any) -> int | None:  # noqa: ANN401
    """One cell as minor units; None where it is refused."""
    mapping = Mapping.model_validate(keys)
    found = amounts.read(pl.Series("amount", [text]), mapping, currency)
    bad = found.refused[0] or found.too_fine[0] or found.too_large[0]
    return None if bad else found.minor[0]


def grouped(digits: str, separator: str) -> str:
    """Digits in threes from the right."""
    return f"{int(digits):,}".replace(",", separator)


@pytest.mark.parametrize("form", MINUS + FULL_WIDTH)
def test_every_form_of_negative_is_read(form: str) -> None:
    assert minor(form.format("1234.50")) == -123450


@pytest.mark.parametrize(("decimal", "thousands"), MARKS)
def test_every_pair_of_marks_is_read(decimal: str, thousands: str) -> None:
    text = f"1{thousands}234{thousands}567{decimal}89"
    assert minor(text, decimal=decimal, thousands=thousands) == 123456789


@pytest.mark.parametrize("space", SPACES)
def test_any_kind_of_space_parts_thousands(space: str) -> None:
    assert minor(f"1{space}234{space}567", thousands=" ") == 123456700


def test_a_leading_plus_changes_nothing() -> None:
    assert minor("+12.5") == 1250


def test_thousands_may_be_left_out_where_they_are_stated() -> None:
    assert minor("1234567,5", decimal=",", thousands=".") == 123456750


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str, str, str, int]:
    """An amount, and one of the ways to write it."""
    currency = draw(st.sampled_from(("SEK", "JPY", "KWD")))
    places = money.decimals(currency)
    amount = draw(st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1))
    decimal, thousands = draw(st.sampled_from(MARKS))
    digits = str(abs(amount)).rjust(places + 1, "0")
    cut = len(digits) - places
    text = grouped(digits[:cut], thousands) + (decimal + digits[cut:]) * bool(places)
    if amount < 0:
        text = draw(st.sampled_from(MINUS + FULL_WIDTH)).format(text)
    return text, currency, decimal, thousands, amount


@given(written())
def test_an_amount_written_in_any_form_reads_back_the_same(
    case: tuple[str, str, str, str, int],
) -> None:
    text, currency, decimal, thousands, amount = case
    assert minor(text, currency, decimal=decimal, thousands=thousands) == amount


@given(st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1))
def test_what_money_prints_the_reader_reads(amount: int) -> None:
    assert minor(money.to_text(amount, "SEK")) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "1,234.50",  # thousands that nobody stated
        "1 234",
        "1.234,50",
        "12,50",
        "1e5",
        "0x10",
        "NaN",
        "inf",
        "--5",
        "-5-",
        "(-5)",
        "()",
        "-",
        "5 kr",
        "5%",
        "1.2.3",
        "tolv",
    ],
)
def test_a_cell_that_is_no_amount_is_refused_where_it_stands(cell: str) -> None:
    found = issue(f'line_id,amount\na,1\nb,"{cell}"\n')
    assert (found.row, found.column, found.found) == (3, "amount", f"'{cell}'")


@pytest.mark.parametrize("cell", ["1.23", "12.34", "1.2345", "1234.567", ".123", "1."])
def test_digits_that_are_not_in_threes_are_never_thousands(cell: str) -> None:
    assert minor(f"{cell},00", decimal=",", thousands=".") is None


def test_a_point_is_read_as_stated_and_never_guessed() -> None:
    as_decimal = lines("line_id;amount\na;1.500\n")["amount"].to_list()
    as_thousands = lines(
        "line_id;amount\na;1.500\n", Mapping(decimal=",", thousands=".")
    )
    assert (as_decimal, as_thousands["amount"].to_list()) == ([150], [150000])


def test_the_refusal_says_which_marks_were_expected() -> None:
    found = issue("line_id;amount\na;1 234,50\n", Mapping(decimal=","))
    assert found.expected == "an amount with a decimal comma and no thousands separator"
    assert "decimal: and thousands:" in found.advice


@pytest.mark.parametrize(("currency", "most"), [("SEK", 2), ("JPY", 0), ("KWD", 3)])
def test_more_decimals_than_the_currency_has_are_refused(
    currency: str, most: int
) -> None:
    cell = "1." + "1" * (most + 1)
    found = issue(f"line_id,amount,currency\na,{cell},{currency}\n")
    expected = f"at most {most} decimals in {currency}"
    assert (found.row, found.column, found.expected) == (2, "amount", expected)


def test_zeros_beyond_the_currencys_decimals_change_nothing() -> None:
    assert minor("1.5000000000000000000") == 150


def test_float_noise_beyond_fifteen_digits_is_dropped_and_said() -> None:
    done = read("line_id,amount\na,48378814.800000004\nb,0.30000000000000004\n")
    assert done.lines["amount"].to_list() == [4837881480, 30]
    assert (
        "2 cells of amount had digits beyond the fifteenth; read as a spreadsheet "
        "shows them"
    ) in done.notes


def test_noise_that_carries_into_the_whole_digits_is_rounded_as_shown() -> None:
    assert minor("1999.9999999999998") == 200000


def test_a_negative_number_with_noise_stays_negative() -> None:
    assert minor("-48378814.800000004") == -4837881480


def test_fifteen_digits_with_too_many_decimals_are_no_noise() -> None:
    assert minor("123456789.123456") is None


def test_the_largest_amount_is_one_minor_unit_below_ten_to_the_fifteenth() -> None:
    assert minor("9999999999999.99") == money.MAX_MINOR - 1
    assert minor("-9999999999999.99") == 1 - money.MAX_MINOR
    assert minor("10000000000000.00") is None


def test_leading_zeros_do_not_make_an_amount_too_large() -> None:
    assert minor("0000000000000000000012.50") == 1250


def test_a_unit_of_thousands_multiplies_exactly() -> None:
    assert minor("1.23456", unit="1000") == 123456
    assert minor("-2", unit="1000000") == -200000000


def test_the_total_is_the_sum_of_the_column_in_minor_units() -> None:
    assert read("amount\n0.10\n0.20\n-0.05\n").total == 25


def test_bounds_of_a_line_are_money_too() -> None:
    done = lines("amount,amount_min,amount_max\n5,1.50,9.25\n6,,\n")
    assert done["amount_min"].to_list() == [150, None]
    assert done["amount_max"].to_list() == [925, None]
