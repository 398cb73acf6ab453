"""Overhead and shared staff serve rights as the lines they make possible do.

An overhead line serves each right in the proportion in which the lines that carry it
do, weighted by their money that a stated key counts. Which key is right is a matter of
judgement, and comparisons between towns hang on it (Riksrevisionen, RiR 2018:7); so
each tag's range spans what the varied keys give, and every total shows how much the
choice decides. What is untagged on the lines that carry stays untagged on the overhead.
A line that is overhead carries none, so it does not matter how often a file is applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.errors import InputRefused
from hrbudget.tag import order
from hrbudget.tag.ways import carriers, filters, written
from hrbudget.tag.ways.carriers import Count, Served
from hrbudget.tag.ways.overheadfile import Overhead, Overheads


@dataclass(frozen=True)
class Spread:
    """What becomes of overhead.

    Attributes:
        tags: the columns of ``columns.TAGS``, one for each line and right, without
            an objective.
        per_overhead: one row for each overhead and key. ``overhead``; ``lines`` that
            are spread and their ``amount``; ``key``; ``carriers``: lines that the key
            counts, ``untagged``: how many of them nobody tagged, and ``key_amount``:
            their money; ``served``: the part of the overhead that serves rights;
            ``less_right`` and ``more_right``: the rights whose parts fall and rise
            most against the first key, by ``less`` and ``more``; ``cannot_tell``:
            lines where a cell that a filter needs is empty. Money is Int128 in minor
            units; parts are millionths, null where nothing was spread.
        per_right: ``overhead``, ``right``, ``key``, ``share`` in millionths: what each
            key gives.
        left: ``line_id``, ``amount``, ``why``: overhead that nothing carries.
    """

    tags: pl.DataFrame
    per_overhead: pl.DataFrame
    per_right: pl.DataFrame
    left: pl.DataFrame


def spread(
    lines: pl.DataFrame,
    tags: pl.DataFrame,
    overheads: Overheads,
    author: str = written.AUTHOR,
) -> Spread:
    """Tag overhead as the lines that carry it are tagged.

    Where one of its keys counts no money, or negative amounts leave no shares between
    0 and 1, an overhead stays untagged: a range without that key would be too narrow.

    Args:
        lines: of the budget.
        tags: of these lines; those of overhead lines have no part in it.
        overheads: which lines are spread, over which others, and by what keys.
        author: who tags.

    Raises:
        InputRefused: a filter reads what the lines do not have.
        CallRefused: the lines are of several currencies.
    """
    _refuse_absent(lines, overheads)
    book = carriers.Book(lines.filter(EXPENDITURE), tags, overheads)
    made, per_key, per_right, left = [], [], [], []
    for number, overhead in enumerate(overheads.body.overheads):
        counts = book.counts(number)
        under, why = _under(book.served, overhead, counts)
        own = book.own(number)
        said = _said(under, overhead, book.served, counts).with_columns(
            criterion=pl.lit(overheads.criterion(overhead))
        )
        made.append(own.select("line_id").join(said, how="cross"))
        per_key.append(_per_key(overhead, own, counts, under))
        named = under.filter(pl.col("high").max().over("right") > 0)
        per_right.append(_of(overhead, named.select("right", "key", "share")))
        unspread = own.select("line_id", "amount", why=pl.lit(why, pl.String))
        left.append(unspread.drop_nulls("why"))
    whole = written.completed(
        pl.concat(made), basis="crosswalk", author=author, state="proposed"
    )
    return Spread(
        order.sort(whole),
        pl.concat(per_key),
        pl.concat(per_right),
        pl.concat(left),
    )


def _refuse_absent(lines: pl.DataFrame, overheads: Overheads) -> None:
    issues = [
        issue
        for overhead in overheads.body.overheads
        for where in overhead.filters
        for issue in filters.absent(lines, where, (), overheads.place(overhead))
    ]
    if issues:
        raise InputRefused(list(dict.fromkeys(issues)))


def _under(
    served: Served, overhead: Overhead, counts: Sequence[Count]
) -> tuple[pl.DataFrame, str | None]:
    """Shares under each key, or the first reason why there are none.

    Returns:
        ``number`` of the key and ``key``, ``right``, ``share``, ``low``, ``high``.
    """
    parts = []
    for number, (key, count) in enumerate(zip(overhead.keys, counts, strict=True)):
        if count.total <= 0:
            return _UNKNOWN, _no_money(key.name, count)
        found = carriers.shares(served, count.amounts)
        if found is None:
            told = f"negative amounts that the key {key.name!r} counts leave no "
            return _UNKNOWN, told + "shares from 0 to 1"
        placed = pl.lit(number, pl.Int64).alias("number"), pl.lit(key.name).alias("key")
        parts.append(found.select(*placed, pl.all()))
    under = pl.concat(parts)
    if not under.filter(pl.col("high") > 0).height:
        return _UNKNOWN, "the lines that carry it support no right"
    return under, None


_UNKNOWN = pl.DataFrame(
    schema={
        "number": pl.Int64,
        "key": pl.String,
        "right": pl.String,
        **dict.fromkeys(("share", "low", "high"), pl.Int64),
    }
)


def _no_money(key: str, count: Count) -> str:
    if not count.counted.any():
        return f"the key {key!r} counts no line that carries it"
    if count.total:
        return f"the money that the key {key!r} counts is negative"
    return f"the money that the key {key!r} counts adds up to nothing"


def _said(
    under: pl.DataFrame,
    overhead: Overhead,
    served: Served,
    counts: Sequence[Count],
) -> pl.DataFrame:
    """What the tags of an overhead say, one row a right; a range only where one is."""
    is_first = pl.col("number") == 0
    ranges = under.group_by("right").agg(
        pl.col("share").filter(is_first).first(),
        pl.col("low").min(),
        pl.col("high").max(),
    )
    varies = pl.col("low") < pl.col("high")
    counted = pl.any_horizontal(count.amounts != 0 for count in counts)
    groups = carriers.groups(served, pl.select(counted).to_series())
    carrying = int(counts[0].counted.sum())
    evidence = f"spread by the key {overhead.key.name!r} (carrying lines: {carrying:,})"
    if overhead.varied:
        varied = ", ".join(repr(key.name) for key in overhead.varied)
        evidence += f", varied by {varied}"
    return (
        ranges.filter(pl.col("high") > 0)
        .join(groups, on="right", how="left")
        .sort("right")
        .select(
            "right",
            "groups",
            "share",
            share_low=pl.when(varies).then("low"),
            share_high=pl.when(varies).then("high"),
            effect=pl.lit("supports"),
            evidence=pl.lit(evidence),
        )
    )


def _per_key(
    overhead: Overhead,
    own: pl.DataFrame,
    counts: Sequence[Count],
    under: pl.DataFrame,
) -> pl.DataFrame:
    """One row a key: what it counts, and how far its answer is from the first's."""
    amount = money.total(own, pl.col("amount"))
    rows = [
        {
            "number": number,
            "lines": own.height,
            "amount": amount,
            "key": key.name,
            "carriers": int(count.counted.sum()),
            "untagged": count.untagged,
            "key_amount": count.total,
            "cannot_tell": count.cannot_tell,
        }
        for number, (key, count) in enumerate(zip(overhead.keys, counts, strict=True))
    ]
    first = under.filter(pl.col("number") == 0).select("right", first="share")
    change = pl.col("share") - pl.col("first")
    moves = under.join(first, on="right", maintain_order="left").with_columns(
        change=change
    )
    falls, rises = pl.col("change").arg_min(), pl.col("change").arg_max()
    differ = moves.group_by("number").agg(
        pl.col("share").sum().alias("served"),
        pl.col("right").get(falls).alias("less_right"),
        (-pl.col("change").min()).alias("less"),
        pl.col("right").get(rises).alias("more_right"),
        pl.col("change").max().alias("more"),
    )
    told = pl.DataFrame(rows, _ROWS).join(
        differ, on="number", how="left", maintain_order="left"
    )
    some = [
        pl.when(pl.col(name) > 0).then(each)
        for name in ("less", "more")
        for each in (f"{name}_right", name)
    ]
    return _of(overhead, told.with_columns(some).select(_PER_KEY))


_ROWS = {
    "number": pl.Int64,
    "lines": pl.Int64,
    "amount": pl.Int128,
    "key": pl.String,
    "carriers": pl.Int64,
    "untagged": pl.Int64,
    "key_amount": pl.Int128,
    "cannot_tell": pl.Int64,
}
_PER_KEY = (
    *("lines", "amount", "key", "carriers", "untagged", "key_amount", "served"),
    *("less_right", "less", "more_right", "more", "cannot_tell"),
)


def _of(overhead: Overhead, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that name their overhead first."""
    return rows.select(pl.lit(overhead.id).alias("overhead"), pl.all())
