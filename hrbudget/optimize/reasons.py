"""Why each line moves: who asks for it, and where its money comes from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from hrbudget.domain.proposal import FLOWS, WHOLE_UNITS
from hrbudget.domain.scenario import ENVELOPE
from hrbudget.optimize.model import Model

#: Prices below this are dust of the solver, not reasons.
_PRICE = 10**6


def because(
    model: Model, prices: Mapping[int, Fraction], amounts: pl.DataFrame
) -> pl.DataFrame:
    """Which requirements ask for each line's move, by the solver's prices.

    A row asks for an upward move of a class where its price times the class's
    coefficient is positive, for a downward move where it is negative.

    Returns:
        ``line``, ``because``: the envelope last.
    """
    table = _pulls(model, prices)
    moved = amounts.with_columns(
        direction=(pl.col("amount") - pl.col("start")).sign().cast(pl.Int64)
    ).filter(pl.col("direction") != 0)
    by_price = (
        moved.join(model.shape.members, on="line")
        .join(table, on=["class", "direction"])
        .select("line", "because")
    )
    known = pl.concat([model.grid.because, by_price])
    rest = moved.join(known, on="line", how="anti").select(
        "line", because=pl.lit(WHOLE_UNITS)
    )
    everything = pl.concat([known, rest]).join(moved, on="line", how="semi")
    envelope = pl.col("because").str.split("[").list.first() == ENVELOPE
    return (
        everything.unique()
        .sort("line", envelope, "because")
        .group_by("line", maintain_order=True)
        .agg("because")
    )


def _pulls(model: Model, prices: Mapping[int, Fraction]) -> pl.DataFrame:
    """``class``, ``direction``, ``because`` of all prices that pull at a class."""
    schema = {"class": pl.UInt32, "direction": pl.Int64, "because": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    for number, row in enumerate(model.rows):
        price = prices.get(number, Fraction(0))
        if abs(price) * _PRICE < 1:
            continue
        parts.append(
            model.pulls(row)
            .filter(pl.col("pull") != 0)
            .select(
                "class",
                direction=(pl.col("pull").sign() * (1 if price > 0 else -1)).cast(
                    pl.Int64
                ),
                because=pl.lit(row.id),
            )
        )
    return pl.concat(parts)


def flows(amounts: pl.DataFrame, funds: pl.DataFrame) -> pl.DataFrame:
    """Which line's money went to which line, fund by fund.

    Money of a fund is fungible, so nothing but a custom can say which krona went where:
    the largest gain takes from the largest loss until one of them is used up, ties by
    the order of lines. What a fund loses or gains as a whole has no other side.

    Args:
        amounts: ``line``, ``start``, ``amount``.
        funds: ``line``, ``fund``.

    Returns:
        ``FLOWS``.
    """
    moved = amounts.join(funds, on="line").with_columns(
        move=pl.col("amount") - pl.col("start")
    )
    sides = [
        moved.filter(pl.col("move").sign() == sign)
        .select("fund", "line", size=pl.col("move").abs().cast(pl.Int128))
        .sort(["fund", "size", "line"], descending=[False, True, False])
        .with_columns(end=pl.col("size").cum_sum().over("fund"))
        for sign in (1, -1)
    ]
    return _overlaps(*sides).select(FLOWS.names()).cast(FLOWS).sort("line", "source")


def _overlaps(gains: pl.DataFrame, losses: pl.DataFrame) -> pl.DataFrame:
    """Where the intervals that gains and losses cover, laid end to end, overlap."""
    cuts = (
        pl.concat([gains.select("fund", "end"), losses.select("fund", "end")])
        .unique()
        .sort("fund", "end")
        .with_columns(
            amount=pl.col("end") - pl.col("end").shift(1).over("fund").fill_null(0)
        )
    )
    placed = cuts
    for name, side in (("line", gains), ("source", losses)):
        ends = side.select("fund", "end", pl.col("line").alias(name)).sort("end")
        placed = placed.sort("end").join_asof(
            ends, on="end", by="fund", strategy="forward", check_sortedness=False
        )
    return placed.drop_nulls(["line", "source"])
