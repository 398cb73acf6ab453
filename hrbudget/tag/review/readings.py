"""Two readings of the same lines: who read what, and how far they lie apart.

A reading is a set of tags with the reader as its author. How far two readings of a line
lie apart is the part of its money that would have to change place to turn one into the
other, whatever is untagged being a place too.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.errors import CallRefused


@dataclass(frozen=True)
class Pair:
    """What two people say of the lines that both have read.

    Attributes:
        first: the tags of those lines; ``second`` the readings of those lines.
        first_only: ids of the lines that only the first has read; ``second_only`` of
            those that only the second has.
        same_person: ids of lines that one and the same person tagged and read again,
            which is no second reading; they are in none of the others.
    """

    first: pl.DataFrame
    second: pl.DataFrame
    first_only: tuple[str, ...]
    second_only: tuple[str, ...]
    same_person: tuple[str, ...]


def pair(tags: pl.DataFrame, readings: pl.DataFrame, reader: str | None = None) -> Pair:
    """The two readings side by side; ``reader`` picks one of several second readers.

    Raises:
        CallRefused: several people read the same line and no reader was named.
    """
    if reader is not None:
        readings = readings.filter(pl.col("author") == reader)
    several = (
        readings.group_by("line_id")
        .agg(readers=pl.col("author").unique().sort())
        .filter(pl.col("readers").list.len() > 1)
        .sort("line_id")
    )
    if several.height:
        line, names = several.row(0)
        message = f"Line {line} was read by {' and by '.join(names)}: name one reader."
        raise CallRefused(message)
    authors = readings.select("line_id", reader="author").unique()
    own = (
        tags.join(authors, on="line_id")
        .filter(pl.col("author") == pl.col("reader"))
        .select("line_id")
    )
    tags = tags.join(own, on="line_id", how="anti")
    readings = readings.join(own, on="line_id", how="anti")
    return Pair(
        tags.join(readings, on="line_id", how="semi"),
        readings.join(tags, on="line_id", how="semi"),
        _ids(tags.join(readings, on="line_id", how="anti")),
        _ids(readings.join(tags, on="line_id", how="anti")),
        _ids(own),
    )


def apart(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """How far two readings of each line lie apart, in millionths of its money.

    Returns:
        ``line_id``; ``by_right``: what would change between rights, effects and the
        untagged rest; ``by_group``: the largest difference for any one group, since
        groups overlap and are never added up. Lines that both read, in order of ids.
    """
    lines = first.select("line_id").join(second, on="line_id", how="semi").unique()
    found = (
        lines.join(_by_right(first, second), on="line_id", how="left")
        .join(_by_group(first, second), on="line_id", how="left")
        .fill_null(0)
        .sort("line_id")
    )
    most = pl.lit(money.WHOLE, pl.Int64)
    return found.with_columns(pl.min_horizontal("by_right", most).alias("by_right"))


def _by_right(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """More for some rights means less for others or for the untagged rest."""
    keys = ["line_id", "effect", "right"]
    difference = _difference(_summed(first, keys), _summed(second, keys), keys)
    more = pl.col("difference").clip(lower_bound=0).sum()
    less = (-pl.col("difference")).clip(lower_bound=0).sum()
    moved = difference.group_by("line_id", "effect").agg(more=more, less=less)
    return moved.group_by("line_id").agg(
        by_right=pl.max_horizontal("more", "less").sum()
    )


def _by_group(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    keys = ["line_id", "effect", "groups"]
    sums = [
        _summed(tags.explode("groups").drop_nulls("groups"), keys)
        for tags in (first, second)
    ]
    difference = _difference(sums[0], sums[1], keys)
    return difference.group_by("line_id").agg(by_group=pl.col("difference").abs().max())


def _summed(tags: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    said = tags.filter(pl.col("effect") != "neutral")
    return said.group_by(keys).agg(pl.col("share").sum())


def _difference(
    first: pl.DataFrame, second: pl.DataFrame, keys: list[str]
) -> pl.DataFrame:
    both = first.join(
        second, on=keys, how="full", coalesce=True, nulls_equal=True, suffix="_second"
    )
    gap = pl.col("share").fill_null(0) - pl.col("share_second").fill_null(0)
    return both.with_columns(difference=gap)


def _ids(tags: pl.DataFrame) -> tuple[str, ...]:
    return tuple(tags["line_id"].unique().sort().to_list())
