"""Which lines a scenario speaks of, and shares of their money in whole minor units."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.errors import CallRefused

#: The fund of lines that name none.
OWN = "own"


def holds(predicate: Predicate, ledger: Ledger) -> pl.Series:
    """True, false or unknown for each line.

    Raises:
        CallRefused: the budget has no such column, or not of such a type.
    """
    absent = predicate.missing(ledger.lines)
    if absent:
        needs = f"which {predicate.text!r} needs"
        message = f"{ledger.budget} has no column {absent[0]}, {needs}."
        raise CallRefused(message)
    try:
        return predicate.holds(ledger.lines, ledger.currency)
    except ValueError as error:
        raise CallRefused(str(error)) from error


def chosen(
    part: str,
    predicate: Predicate,
    ledger: Ledger,
    among: pl.Series | None = None,
    kind: str = "line",
) -> pl.Series:
    """True for the lines that satisfy a filter; an empty cell satisfies none.

    Args:
        part: the key of the scenario, for messages.
        predicate: the filter.
        ledger: the budget.
        among: true for the lines that may be meant; all unless said.
        kind: what they are called in a message.

    Raises:
        CallRefused: there is no such line.
    """
    found = holds(predicate, ledger).fill_null(value=False)
    if among is not None:
        found = found & among
    require(part, predicate, found, kind)
    return found


def require(
    part: str, predicate: Predicate, found: pl.Series, kind: str = "line"
) -> None:
    """Refuse a filter that no line satisfies: it is most often a slip of the pen."""
    if not found.any():
        message = (
            f"{part}: no {kind} satisfies {predicate.text!r}; correct or remove it."
        )
        raise CallRefused(message)


def times(amount: pl.Expr, share: Fraction) -> pl.Expr:
    """A share of each amount in whole minor units, rounded half away from zero."""
    wide = amount.cast(pl.Int128) * abs(share.numerator)
    size = (wide.abs() * 2 + share.denominator) // (2 * share.denominator)
    signed = size * wide.sign() * (-1 if share < 0 else 1)
    most = pl.lit(money.MAX_MINOR, pl.Int128)
    return signed.clip(-most, most).cast(pl.Int64)


def minor(part: str, text: str, currency: str) -> int:
    """Whole minor units of a decimal text.

    Raises:
        CallRefused: it is finer than the currency, or larger than any amount.
    """
    amount = money.to_minor(text, currency)
    if amount.denominator != 1:
        message = f"{part}: {text} is finer than the currency's smallest unit."
        raise CallRefused(message)
    if amount >= money.MAX_MINOR:
        message = f"{part}: {text} is more than any line can hold."
        raise CallRefused(message)
    return int(amount)
