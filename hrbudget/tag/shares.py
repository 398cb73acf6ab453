"""Shares as people write them become whole millionths, exactly, or are refused."""

from __future__ import annotations

import polars as pl

from hrbudget import money

_PATTERN = rf"^([0-9]+)(?:[.,]([0-9]{{1,{money.SHARE_DECIMALS}}})0*)?$"


def read(cells: pl.Expr) -> pl.Expr:
    """Millionths of text such as ``0.35``; null where it is no share from 0 to 1."""
    text = cells.str.strip_chars()
    fraction = text.str.extract(_PATTERN, 2).fill_null("")
    digits = text.str.extract(_PATTERN, 1) + fraction.str.pad_end(
        money.SHARE_DECIMALS, "0"
    )
    number = digits.cast(pl.Int64, strict=False)
    return pl.when(number <= money.WHOLE).then(number)


def write(shares: pl.Expr) -> pl.Expr:
    """Decimal text of millionths: 350000 is ``0.35``."""
    digits = shares.cast(pl.String).str.pad_start(money.SHARE_DECIMALS + 1, "0")
    point = -money.SHARE_DECIMALS
    fraction = digits.str.slice(point).str.strip_chars_end("0")
    whole = digits.str.head(point)
    return pl.when(fraction == "").then(whole).otherwise(whole + "." + fraction)
