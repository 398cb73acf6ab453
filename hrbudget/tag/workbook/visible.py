"""Lines and tags as the cells that people see, and when two cells say the same."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.tag import shares
from hrbudget.tag.cells import SHARES

#: Signs that spreadsheets drop or write their own way.
_UNSEEN = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"

#: A share with the dust of binary fractions behind its sixth decimal.
_DUST_BELOW = r"^([0-9]+\.[0-9]{6})0{6}[0-9]*$"
_DUST_ABOVE = r"^[0-9]+\.[0-9]{6}9{6}[0-9]*$"

#: A day that a spreadsheet made of a text; the hour is not anybody's.
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$"


def tags(frame: pl.DataFrame) -> pl.DataFrame:
    """Fields of tags as text."""
    return frame.with_columns(
        pl.col("groups").list.join("; "),
        *(shares.write(pl.col(name)).alias(name) for name in SHARES),
    )


def amounts(minor: pl.Expr, currency: str) -> pl.Expr:
    """Decimal text of whole minor units."""
    return money.decimal_texts(minor, money.decimals(currency))


def plain(text: pl.Expr) -> pl.Expr:
    """What remains of a text on its way through a spreadsheet; empty is null."""
    days = text.str.replace(_DAY, "$1")
    seen = days.str.replace_all("\r\n", "\n").str.replace_all(_UNSEEN, "")
    stripped = seen.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def number(text: pl.Expr) -> pl.Expr:
    """A decimal text without idle zeros, so that 1.50 and 1.5 are the same."""
    short = text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")
    return pl.when(short == "-0").then(pl.lit("0")).otherwise(short)


def groups(text: pl.Expr) -> pl.Expr:
    """Groups without the spaces between them."""
    return text.str.replace_all(" ", "")


def without_dust(text: pl.Expr) -> pl.Expr:
    """A share as it was meant when a spreadsheet computed it: 0.30000000000000004."""
    below = text.str.replace(_DUST_BELOW, "$1")
    return pl.when(text.str.contains(_DUST_ABOVE)).then(_above(text)).otherwise(below)


def _above(text: pl.Expr) -> pl.Expr:
    """The millionth above: 0.349999999999999978 is 0.35."""
    whole = text.str.extract(r"^([0-9]+)\.").cast(pl.Int64)
    part = text.str.extract(r"\.([0-9]{6})").cast(pl.Int64)
    above = whole * money.WHOLE + part + 1
    return shares.write(above)


def whole(text: pl.Expr) -> pl.Expr:
    """Words as somebody wrote them, spaces at the ends too; empty is null."""
    said = text.str.replace(_DAY, "$1")
    return pl.when(plain(said).is_not_null()).then(said)


def written(text: pl.Expr) -> pl.Expr:
    """Text that xlsxwriter does not take for XML of its own."""
    return text.str.replace(r"(?s)^(<r>.*</r>)$", "$1 ")
