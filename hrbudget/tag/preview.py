"""How much money a way of tagging would move, said before anything is stored."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE

#: Minor units of an amount times a share: exact, as no sum of them wraps or rounds.
_MINOR = pl.Decimal(38, money.SHARE_DECIMALS)


def moved(
    lines: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame
) -> pl.DataFrame:
    """Expenditure by right and effect before and after, and what is untagged.

    Returns:
        ``right`` (null: untagged money), ``effect`` (supports, restricts; untagged),
        ``lines_before``, ``lines_after``, and in minor units, exact to a millionth,
        ``before``, ``after`` and ``change``. Supports and untagged add up to the
        ledger, before and after.
    """
    spent = lines.filter(EXPENDITURE).select("line_id", "amount")
    keys = ["right", "effect"]
    sides = _by_right(spent, before).join(
        _by_right(spent, after),
        on=keys,
        how="full",
        coalesce=True,
        suffix="_after",
    )
    filled = sides.with_columns(pl.exclude(keys).fill_null(0)).sort(
        "effect", "right", descending=[True, False]
    )
    rest = _untagged(spent, before).hstack(
        _untagged(spent, after).drop(keys).rename(lambda name: f"{name}_after")
    )
    unit = pl.lit(Decimal(1).scaleb(-money.SHARE_DECIMALS), _MINOR)
    sums = {"before": pl.col("sum"), "after": pl.col("sum_after")}
    sums["change"] = sums["after"] - sums["before"]
    return pl.concat([filled, rest.select(filled.columns)]).select(
        *keys,
        lines_before=pl.col("lines"),
        lines_after=pl.col("lines_after"),
        **{name: part.cast(pl.Decimal(38, 0)) * unit for name, part in sums.items()},
    )


def _products(spent: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Tags with ``product``: amount times millionths, in 128 bits."""
    product = pl.col("amount").cast(pl.Int128) * pl.col("share")
    return tags.join(spent, on="line_id").with_columns(product=product)


def _by_right(spent: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    counted = _products(spent, tags).filter(pl.col("effect") != "neutral")
    return counted.group_by("right", "effect").agg(
        lines=pl.col("line_id").n_unique().cast(pl.Int64), sum=pl.col("product").sum()
    )


def _untagged(spent: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """One row: money that supports no right, and the lines that it stands on."""
    supports = _products(spent, tags).filter(pl.col("effect") == "supports")
    tagged = money.total(supports, pl.col("product"))
    ledger = money.total(spent, pl.col("amount"))
    whole = supports.group_by("line_id").agg(pl.col("share").sum())
    alone = spent.join(
        whole.filter(pl.col("share") >= money.WHOLE), on="line_id", how="anti"
    )
    values = {
        "right": [None],
        "effect": ["untagged"],
        "lines": [alone.height],
        "sum": [ledger * money.WHOLE - tagged],
    }
    return pl.DataFrame(values, schema=_REST)


_REST = {
    "right": pl.String,
    "effect": pl.String,
    "lines": pl.Int64,
    "sum": pl.Int128,
}
