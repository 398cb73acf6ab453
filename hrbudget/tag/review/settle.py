"""A dispute between two readers is settled: one stands, or the range between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from hrbudget.domain import columns
from hrbudget.errors import CallRefused, DataIssue
from hrbudget.tag import order
from hrbudget.tag.review.readings import Pair, pair
from hrbudget.tag.review.states import Advanced

#: The first reader's tags stand, the second's do, or the first's with a range of both.
Choice = Literal["first", "second", "spread"]

_OPEN = ("proposed", "read")
_KEYS = ["line_id", "effect", "right"]


def settle(
    tags: pl.DataFrame,
    readings: pl.DataFrame,
    choices: Mapping[str, Choice],
    by: str,
    reader: str | None = None,
) -> Advanced:
    """Settle lines that two people read differently; their tags are then *read*.

    ``spread`` keeps the first's shares, so they still add up to at most 1, and lets
    each range from the lower to the higher of the two readers'; a right that only one
    of them names ranges from 0. The highs of a line may add up to more than 1: totals
    cap them. Whoever settles did not write the tags that stand.

    Args:
        tags: all tags of the budget (``columns.TAGS``).
        readings: second readings, likewise, with the reader as author.
        choices: what stands, by line.
        by: who settles.
        reader: which of several second readers.

    Raises:
        CallRefused: nobody is named, or several people read the same line and no
            reader was named.
    """
    if not by.strip():
        message = "Say who settles the disputes."
        raise CallRefused(message)
    both = pair(tags, readings, reader)
    asked = pl.DataFrame(
        {"line_id": list(choices), "choice": list(choices.values())},
        schema={"line_id": pl.String, "choice": pl.String},
    ).sort("line_id")
    judged = asked.with_columns(why=_why(asked, both, by))
    good = judged.filter(pl.col("why") == "")
    stand = _stand(both, good).with_columns(state=pl.lit("read"))
    kept = tags.join(good, on="line_id", how="anti")
    settled = order.sort(pl.concat([kept, stand.select(kept.columns)]))
    refused = judged.filter(pl.col("why") != "")
    return Advanced(
        settled,
        tuple(good["line_id"].to_list()),
        tuple(
            DataIssue(
                "tags", f"line {line}: {choice}, {why}", _EXPECTED, column="state"
            )
            for line, choice, why in refused.iter_rows()
        ),
    )


_EXPECTED = "a line that two people read, open, settled by whom its tags are not by"


def _why(asked: pl.DataFrame, both: Pair, by: str) -> pl.Series:
    """Why a choice cannot stand; empty where it can."""

    def among(tags: pl.DataFrame) -> pl.Expr:
        return pl.col("line_id").is_in(tags["line_id"].unique().to_list())

    closed = both.first.filter(~pl.col("state").is_in(_OPEN))
    mine = {
        name: side.filter(pl.col("author") == by)
        for name, side in (("first", both.first), ("second", both.second))
    }
    by_second = pl.col("choice") == "second"
    own = (by_second & among(mine["second"])) | (~by_second & among(mine["first"]))
    spread = pl.col("choice") == "spread"
    why = (
        pl.when(~pl.col("choice").is_in(["first", "second", "spread"]))
        .then(pl.lit("which is no choice"))
        .when(~among(both.first))
        .then(pl.lit("which only one person or nobody has read"))
        .when(among(closed))
        .then(pl.lit("whose tags are approved or locked"))
        .when(own)
        .then(pl.lit(f"but the tags that stand are by {by}"))
        .when(spread & among(_twice(both)))
        .then(pl.lit("where a right stands in several tags"))
        .when(spread & among(_other_groups(both)))
        .then(pl.lit("where the readers name other groups, which no range can say"))
        .otherwise(pl.lit(""))
    )
    return asked.select(why).to_series()


def _twice(both: Pair) -> pl.DataFrame:
    """Lines on which a reader has several tags of one right and effect."""
    sides = [side.group_by(_KEYS).agg(pl.len()) for side in (both.first, both.second)]
    return pl.concat(sides).filter(pl.col("len") > 1)


def _other_groups(both: Pair) -> pl.DataFrame:
    """Lines on which both name a right, for other groups."""
    groups = pl.col("groups").fill_null([]).list.unique().list.sort().list.join(";")
    sides = [
        side.filter(pl.col("share") > 0).select(*_KEYS, groups=groups)
        for side in (both.first, both.second)
    ]
    met = sides[0].join(sides[1], on=_KEYS, suffix="_second")
    return met.filter(pl.col("groups") != pl.col("groups_second"))


def _stand(both: Pair, good: pl.DataFrame) -> pl.DataFrame:
    """The tags of the settled lines."""

    def chosen(side: pl.DataFrame, choice: Choice) -> pl.DataFrame:
        wanted = good.filter(pl.col("choice") == choice)
        return side.join(wanted, on="line_id", how="semi").select(columns.TAG_NAMES)

    spread = _spread(chosen(both.first, "spread"), chosen(both.second, "spread"))
    return pl.concat(
        [chosen(both.first, "first"), chosen(both.second, "second"), spread]
    )


def _spread(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """The first's tags with the range of both; what only the second names from 0."""
    named = second.filter(pl.col("effect") != "neutral")
    other = named.select(*_KEYS, other_low=_low(), other_high=_high())
    ranged = first.join(other, on=_KEYS, how="left").with_columns(
        share_low=pl.min_horizontal(_low(), pl.col("other_low").fill_null(0)),
        share_high=pl.max_horizontal(_high(), pl.col("other_high").fill_null(0)),
    )
    added = named.join(first, on=_KEYS, how="anti").with_columns(
        share_high=_high(), share=pl.lit(0, pl.Int64), share_low=pl.lit(0, pl.Int64)
    )
    # "Nothing found" no longer holds where the other reader found something.
    empty = (pl.col("effect") == "neutral") & pl.col("line_id").is_in(
        added["line_id"].unique().to_list()
    )
    stays = ranged.filter(~empty).select(columns.TAG_NAMES)
    neutral = pl.col("effect") == "neutral"
    plain = stays.with_columns(
        pl.when(neutral).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("share_low", "share_high")
    )
    return pl.concat([plain, added.select(columns.TAG_NAMES)])


def _low() -> pl.Expr:
    return pl.col("share_low").fill_null(pl.col("share"))


def _high() -> pl.Expr:
    return pl.col("share_high").fill_null(pl.col("share"))
