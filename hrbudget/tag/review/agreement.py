"""Do two readers tag alike? Cohen's κ per right, family and group, and the money."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.tag.review.kappa import Kappa, kappa
from hrbudget.tag.review.readings import Pair, pair

#: The category of a line to which a reader gives no right.
NONE = ""


@dataclass(frozen=True)
class Agreement:
    """How two readers agree on one question about every line.

    Attributes:
        name: id of the right or group; empty for the overall row.
        categories: the answers; for a right or group ``yes`` and ``no``.
        table: lines by the first reader's answer (rows) and the second's (columns).
        kappa: agreement beyond chance.
        money: share of the lines' money on which they agree; None without money.
    """

    name: str
    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    kappa: Kappa
    money: Fraction | None

    @property
    def lines(self) -> int:
        """How many lines both have read."""
        return sum(map(sum, self.table))


@dataclass(frozen=True)
class Agreements:
    """How two readers agree.

    Attributes:
        overall: one answer for each line, the right that gets most of it; ties go to
            the right that comes first in the alphabet.
        rights: does the line support exactly this right; every right that either
            names. ``families``: this right or one below it, for rights without a
            parent. ``groups``: does a support of the line name this group.
        pair: the two readings, with the lines that only one has read.
    """

    overall: Agreement
    rights: tuple[Agreement, ...]
    families: tuple[Agreement, ...]
    groups: tuple[Agreement, ...]
    pair: Pair


def agreement(
    tags: pl.DataFrame,
    readings: pl.DataFrame,
    lines: pl.DataFrame,
    reader: str | None = None,
) -> Agreements:
    """Agreement of the tags with a second reading, over the lines that both read.

    Args:
        tags: the first reading (``columns.TAGS``).
        readings: the second, with the reader as author.
        lines: ``line_id`` and ``amount`` (minor units) of the budget's lines.
        reader: which of several second readers.

    Raises:
        CallRefused: several people read the same line and no reader was named.
    """
    both = pair(tags, readings, reader)
    read = (
        both.first.select("line_id")
        .unique()
        .join(lines.select("line_id", pl.col("amount").abs()), on="line_id")
    )
    family = _families()
    supports = [
        side.filter((pl.col("effect") == "supports") & (pl.col("share") > 0)).select(
            "line_id",
            "share",
            "groups",
            "right",
            family=pl.col("right").replace(family),
        )
        for side in (both.first, both.second)
    ]

    def each(column: str) -> tuple[Agreement, ...]:
        sides = [side.select("line_id", name=column) for side in supports]
        if column == "groups":
            sides = [side.explode("name") for side in sides]
        return _yes_or_no(sides[0].drop_nulls(), sides[1].drop_nulls(), read)

    overall = _overall(_main(supports[0]), _main(supports[1]), read)
    return Agreements(overall, each("right"), each("family"), each("groups"), both)


def _yes_or_no(
    first: pl.DataFrame, second: pl.DataFrame, read: pl.DataFrame
) -> tuple[Agreement, ...]:
    """One two-by-two table for each name that either reader gives."""
    keys = ["line_id", "name"]
    sides = (
        first.unique()
        .with_columns(one=True)
        .join(
            second.unique().with_columns(two=True), on=keys, how="full", coalesce=True
        )
    )
    one, two = (pl.col(name).fill_null(value=False) for name in ("one", "two"))
    counts = (
        sides.join(read, on="line_id")
        .group_by("name")
        .agg(
            both=(one & two).sum(),
            first=(one & ~two).sum(),
            second=(two & ~one).sum(),
            apart=pl.col("amount").cast(pl.Int128).filter(one != two).sum(),
        )
        .sort("name")
    )
    size, whole = read.height, money.total(read, pl.col("amount"))
    made = []
    for name, yes, left, right, apart in counts.iter_rows():
        table = ((yes, left), (right, size - yes - left - right))
        agreed = Fraction(whole - int(apart), whole) if whole else None
        made.append(Agreement(name, ("yes", "no"), table, kappa(table), agreed))
    return tuple(made)


def _main(supports: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` and the right that gets most of it."""
    sums = supports.group_by("line_id", "right").agg(pl.col("share").sum())
    ordered = sums.sort("line_id", "share", "right", descending=[False, True, False])
    return ordered.unique("line_id", keep="first", maintain_order=True).select(
        "line_id", main="right"
    )


def _overall(
    first: pl.DataFrame, second: pl.DataFrame, read: pl.DataFrame
) -> Agreement:
    answers = (
        read.join(first, on="line_id", how="left")
        .join(second, on="line_id", how="left", suffix="_second")
        .with_columns(pl.col("main", "main_second").fill_null(NONE))
    )
    cells = answers.group_by("main", "main_second").agg(
        pl.len(), pl.col("amount").cast(pl.Int128).sum()
    )
    counts = {(one, two): (n, int(sum_)) for one, two, n, sum_ in cells.iter_rows()}
    names = tuple(sorted({name for cell in counts for name in cell}))
    table = tuple(
        tuple(counts.get((one, two), (0, 0))[0] for two in names) for one in names
    )
    whole = money.total(read, pl.col("amount"))
    same = sum(counts[cell][1] for cell in counts if cell[0] == cell[1])
    agreed = Fraction(same, whole) if whole else None
    return Agreement("", names, table, kappa(table), agreed)


def _families() -> dict[str, str]:
    """Each right and the right above it that has no parent."""
    known = taxonomy.rights()
    tops = [name for name, parent in known.parents.items() if not parent]
    return {below: top for top in sorted(tops) for below in known.within(top)}
