"""Amounts as people write them become whole minor units, exactly, or are refused.

Understood: the stated decimal mark and thousands separator; minus before or after, the
typographic minus (U+2212) and dashes, parentheses for negatives; a leading plus. Digits
are 0 to 9; those of other scripts are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

import polars as pl

from hrbudget import money
from hrbudget.ingest.mapping import Mapping

_MINUS = "[\u2212\u2012\u2013\ufe63\uff0d]"
_SPACES = "[ \u00a0\u2007\u2009\u202f]"

#: Digits a spreadsheet keeps; what stands beyond them is noise of binary numbers.
_SPREADSHEET = Context(prec=15)


@dataclass(frozen=True)
class Amounts:
    """A column of amounts that was read.

    Attributes:
        minor: whole minor units; null where the cell is empty or refused.
        refused: true where a cell has text that is no amount; likewise ``too_fine``
            (more decimals than the currency has) and ``too_large``.
        noisy: cells whose sixteenth digit on was dropped, as a spreadsheet does.
    """

    minor: pl.Series
    refused: pl.Series
    too_fine: pl.Series
    too_large: pl.Series
    noisy: int


def read(cells: pl.Series, mapping: Mapping, currency: str) -> Amounts:
    """Read a column of text cells."""
    places = decimals(mapping, currency)
    parts = _split(cells, mapping)
    fine = parts["fraction"].str.len_chars() > places
    parts, noisy = _without_noise(parts, fine, places)
    fine = parts["fraction"].str.len_chars() > places
    digits = parts.select(
        pl.col("whole") + pl.col("fraction").str.pad_end(places, "0")
    ).to_series()
    digits = digits.str.strip_chars_start("0")
    large = digits.str.len_chars() > len(str(money.MAX_MINOR)) - 1
    usable = parts["fits"] & ~fine & ~large
    number = digits.set(digits == "", "0").cast(pl.Int64, strict=False)
    frame = pl.DataFrame([usable.alias("ok"), number.alias("n"), parts["negative"]])
    minor = frame.select(
        pl.when(pl.col("ok"))
        .then(pl.when("negative").then(-pl.col("n")).otherwise("n"))
        .alias("minor")
    )["minor"]
    too_fine = (fine & parts["fits"]).fill_null(value=False)
    too_large = (large & ~fine & parts["fits"]).fill_null(value=False)
    # Whatever the reason, a filled cell that became no number is refused.
    lost = cells.is_not_null() & minor.is_null()
    return Amounts(minor, lost & ~too_fine & ~too_large, too_fine, too_large, noisy)


def decimals(mapping: Mapping, currency: str) -> int:
    """Decimals that a cell may have: kronor have 2, thousands of kronor 5."""
    return money.decimals(currency) + len(mapping.unit) - 1


def _split(cells: pl.Series, mapping: Mapping) -> pl.DataFrame:
    """Sign, whole digits and decimal digits of each cell, and whether it fits."""
    text = pl.col("cell").str.replace_all(_MINUS, "-").str.strip_chars()
    inside = pl.col("text").str.extract(r"^\((.*)\)$")
    before = pl.col("text").str.extract(r"^-\s*(.*)$")
    after = pl.col("text").str.extract(r"^(.*?)\s*-$")
    negative = pl.coalesce(inside, before, after)
    frame = pl.DataFrame({"cell": cells}).select(text=text)
    frame = frame.select(
        negative=negative.is_not_null(),
        body=pl.coalesce(negative, pl.col("text").str.strip_prefix("+")),
    )
    separator = _SPACES if mapping.thousands == " " else re.escape(mapping.thousands)
    groups = rf"|[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+" if mapping.thousands else ""
    mark = re.escape(mapping.decimal)
    pattern = rf"^([0-9]+{groups})(?:{mark}([0-9]*))?$"
    whole = pl.col("body").str.extract(pattern, 1)
    return frame.select(
        "negative",
        fits=whole.is_not_null(),
        whole=whole.str.replace_all("[^0-9]", ""),
        fraction=pl.col("body")
        .str.extract(pattern, 2)
        .fill_null("")
        .str.strip_chars_end("0"),
    )


def _without_noise(
    parts: pl.DataFrame, fine: pl.Series, places: int
) -> tuple[pl.DataFrame, int]:
    """Drop what a binary number left behind: 48378814.800000004 is 48378814.80.

    A spreadsheet shows fifteen digits. Where fifteen digits make a number with no more
    decimals than the currency has, that number is what its owner sees.
    """
    noisy = 0
    fractions = parts["fraction"].to_list()
    wholes = parts["whole"].to_list()
    for position in fine.fill_null(value=False).arg_true().to_list():
        whole, fraction = wholes[position], fractions[position]
        if whole is None or len(whole.lstrip("0")) + len(fraction) <= 15:
            continue
        shown = _SPREADSHEET.create_decimal(Decimal(f"{whole}.{fraction}"))
        shown_whole, _, shown_fraction = f"{shown:f}".partition(".")
        if len(shown_fraction.rstrip("0")) <= places:
            wholes[position] = shown_whole
            fractions[position] = shown_fraction.rstrip("0")
            noisy += 1
    if not noisy:
        return parts, 0
    cleaned = parts.with_columns(
        pl.Series("whole", wholes, pl.String), pl.Series("fraction", fractions)
    )
    return cleaned, noisy
