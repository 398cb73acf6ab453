"""Exact money: whole minor units (öre, cents) inside, decimal text outside.

No float is ever money here. Amounts are integers of minor units; shares are integers
of millionths; whatever a formula makes of them is a ``fractions.Fraction``.
"""

from __future__ import annotations

import re
from fractions import Fraction

import polars as pl
from babel.core import get_global
from babel.numbers import get_currency_precision

#: Largest amount of one line, in minor units. A spreadsheet keeps fifteen digits, so an
#: amount with more was already wrong when it left one; and the solver's doubles hold
#: every smaller one exactly.
MAX_MINOR = 10**15

#: A share of 1 in the millionths that frames hold.
WHOLE = 1_000_000

#: Decimals that a share may have.
SHARE_DECIMALS = 6

#: Decimal text: ASCII digits with a point, no more of them than money ever needs.
_DECIMAL = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?")
_MOST_DIGITS = 18


def is_currency(code: str) -> bool:
    """Whether ISO 4217 (as CLDR carries it) knows the code, e.g. ``SEK``."""
    return code in get_global("all_currencies")


def decimals(currency: str) -> int:
    """Number of decimals of a currency's minor unit: SEK 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def to_minor(amount: str, currency: str) -> Fraction:
    """Minor units of a decimal text; a Fraction, since rules may have finer bounds.

    Raises:
        ValueError: the text is not a decimal number.
    """
    return to_fraction(amount) * Fraction(10 ** decimals(currency))


def to_fraction(text: str) -> Fraction:
    """The exact number a decimal text such as ``-12.50`` states.

    Raises:
        ValueError: the text is none, or has more than 18 digits on a side of the point.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        message = f"{text!r} is not a decimal number"
        raise ValueError(message)
    if any(len(digits or "") > _MOST_DIGITS for digits in found.groups()):
        message = f"{text[:60]!r} has more than {_MOST_DIGITS} digits beside the point"
        raise ValueError(message)
    return Fraction(text)


def to_text(minor: Fraction | int, currency: str) -> str:
    """Decimal text of an amount of minor units, exact to a millionth of a unit.

    Shares have six decimals, so a tagged amount may end in fractions of an öre; those
    digits are printed rather than rounded away, and a whole number of öre has just
    the currency's decimals. Only ratios that no decimal can state (a deflator, persons)
    are rounded, half to even, at a millionth of a minor unit.
    """
    places = decimals(currency)
    text = number_text(Fraction(minor) / 10**places, places + SHARE_DECIMALS)
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(places, '0')}" if places or fraction else whole


def number_text(number: Fraction, places: int) -> str:
    """Decimal text of a number, at most so many decimals, no trailing zeros."""
    scaled = round(number * 10**places)  # half to even, exact on Fractions
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    whole, fraction = digits[: len(digits) - places], digits[len(digits) - places :]
    fraction = fraction.rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def total(frame: pl.DataFrame, expression: pl.Expr) -> int:
    """Exact sum of an integer expression over a frame; never wraps.

    Polars sums 64-bit integers modulo 2**64 without a word; 128 bits hold the product
    of the largest amount with a share for more lines than any ledger has.
    """
    summed = frame.select(expression.cast(pl.Int128).sum()).item()
    return int(summed or 0)


def decimal_texts(whole: pl.Expr, places: int) -> pl.Expr:
    """Decimal text of whole numbers of the last place: of minor units, of millionths.

    Args:
        whole: integers.
        places: how many decimals; all of them are written.
    """
    digits = whole.abs().cast(pl.String).str.pad_start(places + 1, "0")
    sign = pl.when(whole < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    if places == 0:
        return sign + digits
    return sign + digits.str.head(-places) + "." + digits.str.slice(-places)


def whole_numbers(texts: pl.Expr, places: int) -> pl.Expr:
    """What ``decimal_texts`` wrote as whole numbers again.

    Raises:
        polars.exceptions.InvalidOperationError: when it is computed: a text is another.
    """
    point = r"\." if places else ""
    written = rf"^(-?[0-9]{{1,18}}){point}([0-9]{{{places}}})$"
    found = texts.str.replace(written, "${1}${2}")
    # What is no such text keeps its point, or has one too few, and is no whole number.
    there = texts.is_null() | texts.str.contains(written)
    return pl.when(there).then(found).otherwise(pl.lit("?")).cast(pl.Int64)
