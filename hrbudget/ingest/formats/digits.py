"""Numbers as other programs write them, in plain digits."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

#: A number with an exponent has its digits written out up to this size; no amount is
#: larger, and a larger exponent could fill any memory.
_MOST_DIGITS = 40


def written_out(number: str) -> str:
    """A number as it is written; one with an exponent (``1.5E3``) in all its digits."""
    if "e" not in number.lower():
        return number
    try:
        value = Decimal(number)
    except InvalidOperation:  # an exponent of more digits than an amount has
        return number
    return f"{value:f}" if abs(value.adjusted()) < _MOST_DIGITS else number
