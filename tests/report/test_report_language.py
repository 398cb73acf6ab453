"""English and Swedish from one source, with the same figures."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from hrbudget.report import language


@pytest.mark.parametrize(
    ("minor", "english", "swedish"),
    [
        (123456700, "1,234,567 SEK", "1 234 567 SEK"),
        (123456789, "1,234,567.89 SEK", "1 234 567,89 SEK"),
        (-50, "-0.50 SEK", "−0,50 SEK"),
        (0, "0 SEK", "0 SEK"),
        (Fraction(1, 3), "0 SEK", "0 SEK"),
        (Fraction(10001, 100), "1 SEK", "1 SEK"),
    ],
)
def test_money_is_written_as_its_readers_write_it(
    minor: Fraction | int, english: str, swedish: str
) -> None:
    written = [language.of(code, "SEK").money(minor) for code in ("en", "sv")]
    assert [re.sub(r"\s", " ", text) for text in written] == [english, swedish]


def test_a_currency_without_a_minor_unit_has_no_decimals() -> None:
    assert language.of("en", "JPY").money(1234) == "1,234\u00a0JPY"


def test_a_number_keeps_six_decimals_and_the_decimal_mark_of_the_language() -> None:
    factor = Fraction(1028621, 10**6)
    assert language.of("en", "SEK").number(factor) == "1.028621"
    assert language.of("sv", "SEK").number(factor) == "1,028621"
