"""Which lines carry an overhead, and what they serve in proportion to a key.

All sums are exact: an amount times millionths in 128 bits, divided once, rounded down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.tag.ways import filters
from hrbudget.tag.ways.overheadfile import Overhead, Overheads


@dataclass(frozen=True)
class Served:
    """What lines serve, by their tags that support a right.

    Attributes:
        rights: ``row``, the position of the line; ``right``; ``share``, ``low`` and
            ``high`` in millionths of the line, once for each line and right.
        groups: ``row``, ``right`` and ``groups`` (ids with semicolons between them) of
            every tag that may have a share.
    """

    rights: pl.DataFrame
    groups: pl.DataFrame


@dataclass(frozen=True)
class Count:
    """What one key counts.

    Attributes:
        amounts: minor units of each line; 0 where the key does not count it.
        counted: whether it counts the line.
        untagged: how many of these lines nobody has tagged.
        cannot_tell: lines where a filter needs a cell that is empty.
    """

    amounts: pl.Series
    counted: pl.Series
    untagged: int
    cannot_tell: int

    @property
    def total(self) -> int:
        """The money it counts, in minor units."""
        return money.total(self.amounts.to_frame("amount"), pl.col("amount"))


class Book:
    """Expenditure lines: which are overhead, what the others serve."""

    def __init__(
        self, lines: pl.DataFrame, tags: pl.DataFrame, overheads: Overheads
    ) -> None:
        self.served = _served(lines, tags)
        self._lines = lines
        self._overheads = overheads
        self._currency = filters.currency(lines)
        self._tagged = _tagged(lines, tags)
        self._fits = [
            self._holds(each, each.where) for each in overheads.body.overheads
        ]
        self._first = pl.repeat(None, lines.height, dtype=pl.Int64, eager=True)
        for number, fits in enumerate(self._fits):
            new = fits.fill_null(value=False) & self._first.is_null()
            self._first = self._first.scatter(new.arg_true(), number)

    def own(self, number: int) -> pl.DataFrame:
        """The lines that are this overhead and none before it."""
        return self._lines.filter((self._first == number).fill_null(value=False))

    def counts(self, number: int) -> list[Count]:
        """What each of an overhead's keys counts of the lines that carry it."""
        overhead = self._overheads.body.overheads[number]
        free = self._first.is_null()
        over = self._tagged
        if overhead.over is not None:
            over = self._holds(overhead, overhead.over)
        carries = free & over.fill_null(value=False)
        doubt = free & (over.is_null() | self._fits[number].is_null())
        found = []
        for key in overhead.keys:
            fits = carries
            if key.where is not None:
                fits = carries & self._holds(overhead, key.where)
            counted = fits.fill_null(value=False)
            amount = pl.when(counted).then("amount").otherwise(0)
            amounts = self._lines.select(amount=amount).to_series()
            untagged = int((counted & ~self._tagged).sum())
            cannot_tell = int((doubt | fits.is_null()).sum())
            found.append(Count(amounts, counted, untagged, cannot_tell))
        return found

    def _holds(self, overhead: Overhead, where: str) -> pl.Series:
        place = self._overheads.place(overhead)
        return filters.holds(self._lines, where, self._currency, place)


def _tagged(lines: pl.DataFrame, tags: pl.DataFrame) -> pl.Series:
    """Whether each line has a tag, were it only that it was screened."""
    known = tags.select("line_id", tagged=True).unique()
    found = lines.select("line_id").join(
        known, on="line_id", how="left", maintain_order="left"
    )
    return found["tagged"].fill_null(value=False)


def _served(lines: pl.DataFrame, tags: pl.DataFrame) -> Served:
    """What lines serve; on its line, a right has at most what others surely leave."""
    placed = lines.select("line_id").with_row_index("row")
    supports = tags.filter(pl.col("effect") == "supports").join(placed, on="line_id")
    ends = supports.select(
        "row",
        "right",
        "share",
        low=pl.col("share_low").fill_null(pl.col("share")),
        high=pl.col("share_high").fill_null(pl.col("share")),
        groups=pl.col("groups").fill_null([]).list.join(";"),
    )
    sums = ends.group_by("row", "right").agg(pl.col("share", "low", "high").sum())
    others = pl.col("low").sum().over("row") - pl.col("low")
    room = pl.max_horizontal("share", money.WHOLE - others)
    rights = sums.with_columns(high=pl.min_horizontal("high", room))
    named = ends.filter(pl.col("high") > 0).select("row", "right", "groups")
    return Served(rights, named)


def shares(carried: Served, amounts: pl.Series) -> pl.DataFrame | None:
    """What an overhead serves when these amounts of its carriers are the key.

    Args:
        carried: what the lines serve.
        amounts: minor units of each line that the key counts; 0 where it counts none.
            Their sum is above 0.

    Returns:
        ``right``, and in millionths ``share``, ``low`` and ``high``, of every right in
        the order of their ids. None where negative amounts put a share outside what
        a line has: below 0, or all shares together above 1.
    """
    rows = carried.rights["row"]
    weighed = carried.rights.with_columns(weight=amounts.gather(rows).cast(pl.Int128))

    def products(name: str) -> pl.Expr:
        return pl.col("weight") * pl.col(name)

    ends = products("low"), products("high")
    sums = weighed.group_by("right").agg(
        share=products("share").sum(),
        low=pl.min_horizontal(ends).sum(),
        high=pl.max_horizontal(ends).sum(),
    )
    whole = money.total(amounts.to_frame("amount"), pl.col("amount"))
    most = whole * money.WHOLE
    least = sums["share"].min()
    stated = money.total(sums, pl.col("share"))
    if stated > most or (isinstance(least, int) and least < 0):
        return None
    divided = [
        (
            pl.col(name).clip(0, pl.lit(most, pl.Int128)) // pl.lit(whole, pl.Int128)
        ).cast(pl.Int64)
        for name in ("share", "low", "high")
    ]
    return sums.select("right", *divided).sort("right")


def groups(carried: Served, counted: pl.Series) -> pl.DataFrame:
    """The groups that all money of a right reaches, where these lines carry it.

    A tag for preschool children speaks of children too, as in all totals. So what is
    for preschool here and for school there is, taken together, for children; and of
    the groups that all tags name, only those stay that include no other of them. No
    group is kept for a part of the money: the overhead of a service for some is not
    known to be for the same.

    Args:
        carried: what the lines serve.
        counted: whether each line carries.

    Returns:
        ``right``, ``groups`` (ids in their order; empty where not all name any).
    """
    counts = counted.gather(carried.groups["row"])
    named = carried.groups.filter(counts).select("right", "groups").unique()
    shared: dict[str, frozenset[str]] = {}
    for right, text in named.iter_rows():
        ids = [each for each in text.split(";") if each]
        reached = frozenset[str]().union(*(_including(each) for each in ids))
        shared[right] = shared.get(right, reached) & reached
    rows = [(right, _narrowest(found)) for right, found in sorted(shared.items())]
    return pl.DataFrame(rows, schema=_GROUPS, orient="row")


_GROUPS = {"right": pl.String(), "groups": pl.List(pl.String)}


def _narrowest(found: frozenset[str]) -> list[str]:
    """Those that include no other of them."""
    wider = frozenset[str]().union(*(_including(each) - {each} for each in found))
    return sorted(found - wider)


@cache
def _including(group: str) -> frozenset[str]:
    """The group itself and those that include it."""
    known = taxonomy.groups()
    return frozenset({group, *(top for top in known.titles if group in _within(top))})


@cache
def _within(top: str) -> frozenset[str]:
    return taxonomy.groups().within(top)
