"""Which part of each line its supporting tags count towards a right or a group.

A rule reads few of the tags, and many rules read the same ones. So what all of them
need is made of a ledger once: tags in the order of their lines, ids as small numbers,
and the few lines whose shares are uncertain apart from the many that are certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import COEFFICIENTS


@dataclass(frozen=True)
class Counted:
    """Which tags count; None: whichever.

    Attributes:
        right: they name it or one below it.
        group: they name it or a subgroup, or may mean it since they name none.
        objective: they name it.
    """

    right: str | None
    group: str | None
    objective: str | None


@dataclass(frozen=True)
class _Tags:
    """Some of a ledger's tags, in the order of their lines.

    Attributes:
        tags: ``line``, ``right`` (a number), ``objective``, ``share``, ``low``,
            ``high``; ``certain``: it supports, and all shares of its line are certain;
            or ``all``: the sum of the lows of all supporting tags of its line.
        named: ``row`` of ``tags`` and ``group``: once for each that it names, and once
            without a group for one that names none.
    """

    tags: pl.DataFrame
    named: pl.DataFrame


@dataclass(frozen=True)
class _Supports:
    """All tags, and the supporting ones of lines where a share is uncertain."""

    every: _Tags
    uncertain: _Tags


def coefficients(ledger: Ledger, counted: Counted) -> pl.DataFrame:
    """``COEFFICIENTS`` of the lines that have such tags, by line.

    A line that nobody has screened counts from nothing to all; no tag of it names an
    objective, so it counts towards none.
    """
    return ledger.once(counted, lambda: _coefficients(ledger, counted))


def _coefficients(ledger: Ledger, counted: Counted) -> pl.DataFrame:
    supports = ledger.once("supports", lambda: _supports(ledger))
    certain = _certain(supports.every, counted)
    parts = [_within_the_line(supports.uncertain, counted)]
    if counted.objective is None:
        nothing, whole = pl.lit(0, pl.Int64), pl.lit(money.WHOLE, pl.Int64)
        parts.append(
            ledger.unscreened.with_columns(coefficient=nothing, low=nothing, high=whole)
        )
    found = certain
    for part in parts:
        if not part.is_empty():
            found = found.merge_sorted(part, "line")
    return found


def _supports(ledger: Ledger) -> _Supports:
    """What all rules need of the supporting tags of a ledger."""
    known = pl.Enum(list(taxonomy.rights().titles))
    tags = ledger.tags.select(
        "line",
        "objective",
        "share",
        "groups",
        right=pl.col("right").cast(known, strict=False),
        low=pl.col("share_low").fill_null(pl.col("share")),
        high=pl.col("share_high").fill_null(pl.col("share")),
        supports=pl.col("effect") == "supports",
    )
    if not tags["line"].is_sorted():
        tags = tags.sort("line")
    # What does not support stays where it is, since taking it out would take longer.
    supports, share = tags["supports"], tags["share"]
    lows = _by_line(tags.lazy(), all=pl.col("low") * pl.col("supports")).collect()
    ranged = supports & ((tags["low"] != share) | (tags["high"] != share))
    certain = pl.repeat(value=True, n=ledger.lines.height, eager=True)
    certain.scatter(tags["line"].filter(ranged), False)
    certain.scatter(lows["line"].filter(lows["all"] > money.WHOLE), False)
    certain = certain.gather(tags["line"])
    few = (supports & ~certain).arg_true()
    uncertain = tags.select(pl.all().gather(few))
    return _Supports(
        _named(tags.with_columns(certain=supports & certain)),
        _named(uncertain.join(lows, on="line", maintain_order="left")),
    )


def _named(tags: pl.DataFrame) -> _Tags:
    """The tags, and the groups that each of them names."""
    known = pl.List(pl.Enum(list(taxonomy.groups().titles)))
    groups = tags.select(
        group=pl.col("groups").cast(known, strict=False),
        unsaid=pl.col("groups").list.len().fill_null(0) == 0,
    )
    named = groups.with_row_index("row").explode("group", empty_as_null=True)
    if named["group"].null_count() > groups["unsaid"].sum():
        # What is no group of the taxonomy is not the same as no group at all.
        named = named.filter(pl.col("group").is_not_null() | pl.col("unsaid"))
    return _Tags(tags.drop("groups"), named.select("row", "group"))


def _chosen(of: _Tags, counted: Counted) -> pl.LazyFrame:
    """The tags that count, and whether each says so (``said``) or may mean it."""
    named = {
        "right": counted.right and list(taxonomy.rights().within(counted.right)),
        "objective": counted.objective and [counted.objective],
    }
    holds = [pl.col(name).is_in(ids) for name, ids in named.items() if ids]
    if counted.group is None:
        return of.tags.lazy().filter(*holds).with_columns(said=pl.lit(1))
    members = list(taxonomy.groups().within(counted.group))
    group = of.named["group"]
    rows = of.named.filter(group.is_null() | group.is_in(members))
    if rows["row"].n_unique() < rows.height:
        rows = rows.unique("row", keep="first", maintain_order=True)
    tags = of.tags.lazy().select(pl.all().gather(rows["row"]))
    said = rows["group"].is_not_null()
    return tags.with_columns(said=pl.lit(said)).filter(*holds)


def _certain(of: _Tags, counted: Counted) -> pl.DataFrame:
    """Sums by line; nothing but the group of a tag can make them uncertain."""
    stated, high = pl.col("share") * pl.col("said"), pl.col("share")
    chosen = _chosen(of, counted).filter("certain")
    if counted.group is None:
        sums = _by_line(chosen, coefficient=high)
        ends = sums.with_columns(low="coefficient", high="coefficient")
    else:
        ends = _by_line(chosen, coefficient=stated, high=high).select(
            "line", "coefficient", "high", low="coefficient"
        )
    return ends.select(COEFFICIENTS.names()).collect()


def _within_the_line(of: _Tags, counted: Counted) -> pl.DataFrame:
    """Sums by line; what is counted has no more than the other tags surely leave."""
    said = pl.col("said")
    sums = _by_line(
        _chosen(of, counted),
        "all",
        high=pl.col("high"),
        coefficient=pl.col("share") * said,
        low=pl.col("low") * said,
        own=pl.col("low"),
    )
    room = money.WHOLE - (pl.col("all") - pl.col("own"))
    ends = sums.with_columns(high=pl.min_horizontal("high", room))
    return ends.select(COEFFICIENTS.names()).collect()


def _by_line(tags: pl.LazyFrame, *same: str, **numbers: pl.Expr) -> pl.LazyFrame:
    """The sums of whole numbers of each line, of tags that are in the order of lines.

    Differences of running totals: several times as fast as grouping.

    Args:
        tags: ``line`` and what ``numbers`` are made of.
        same: columns that are the same in all tags of a line.
        numbers: what is summed, by its name.
    """
    totals = {name: number.cum_sum() for name, number in numbers.items()}
    last = pl.col("line").ne_missing(pl.col("line").shift(-1))
    sums = pl.col(list(numbers))
    return (
        tags.select("line", *same, **totals)
        .filter(last)
        .with_columns(sums - sums.shift(1, fill_value=0))
    )
