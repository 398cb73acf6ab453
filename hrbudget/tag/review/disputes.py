"""Where two readers differ, the most money first."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.tag import order, shares
from hrbudget.tag.review.readings import Pair, apart, pair


@dataclass(frozen=True)
class Disputes:
    """Where two readers differ.

    Attributes:
        lines: ``line_id``, ``amount`` (minor units), ``first`` and ``second`` (what
            each says, as text), ``first_author`` and ``second_author``, ``by_right``
            and ``by_group`` (millionths, see ``readings.apart``), ``disputed`` (the
            larger of the two: a krona is disputed once) and ``money`` (amount times
            that, in millionths of a minor unit, never negative). Most money first.
        pair: the two readings, with the lines that only one has read.
    """

    lines: pl.DataFrame
    pair: Pair

    @property
    def money(self) -> Fraction:
        """All money in dispute, in minor units."""
        return Fraction(money.total(self.lines, pl.col("money")), money.WHOLE)


def disputes(
    tags: pl.DataFrame,
    readings: pl.DataFrame,
    lines: pl.DataFrame,
    reader: str | None = None,
) -> Disputes:
    """The lines on which a second reading differs, by the money that is in dispute.

    Arguments and errors are those of ``agreement``.
    """
    both = pair(tags, readings, reader)
    disputed = pl.max_horizontal("by_right", "by_group")
    found = (
        apart(both.first, both.second)
        .with_columns(disputed=disputed)
        .filter(pl.col("disputed") > 0)
        .join(lines.select("line_id", "amount"), on="line_id")
        .with_columns(money=pl.col("disputed").cast(pl.Int128) * pl.col("amount").abs())
    )
    for side, name in ((both.first, "first"), (both.second, "second")):
        told = _said(side.join(found, on="line_id", how="semi"), name)
        found = found.join(told, on="line_id")
    wanted = found.select(
        "line_id",
        "amount",
        "first",
        "second",
        "first_author",
        "second_author",
        "by_right",
        "by_group",
        "disputed",
        "money",
    )
    ordered = wanted.sort("money", "line_id", descending=[True, False])
    return Disputes(ordered, both)


def _said(tags: pl.DataFrame, name: str) -> pl.DataFrame:
    """``line_id``, what a reader says of it in words of the contract, and who did."""
    groups = pl.col("groups").list.sort().list.join(";")
    named = pl.when(groups != "").then(" (" + groups + ")").otherwise(pl.lit(""))
    verb = pl.when(pl.col("effect") == "restricts").then(pl.lit("restricts "))
    text = (
        verb.otherwise(pl.lit(""))
        + pl.col("right").fill_null("?")
        + " "
        + shares.write(pl.col("share"))
        + named.fill_null("")
    )
    neutral = pl.col("effect") == "neutral"
    said = order.sort(tags).select(
        "line_id",
        "author",
        text=pl.when(neutral).then(pl.lit("neutral")).otherwise(text),
    )
    return said.group_by("line_id").agg(
        pl.col("text").str.join(", ").alias(name),
        pl.col("author")
        .drop_nulls()
        .unique()
        .sort()
        .str.join(", ")
        .alias(f"{name}_author"),
    )
