"""Drawing a money-unit sample: every krona has the same chance, every draw a seed.

The lines are laid end to end in the order of their ids and one krona is hit in each
interval: at the same place in each (fixed interval), or at a place of its own (cells).
A line larger than the interval is looked at in any case and is no part of the sample.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.errors import CallRefused

Method = Literal["fixed_interval", "cells"]


@dataclass(frozen=True)
class Population:
    """What a sample is drawn from.

    Attributes:
        lines: ``line_id`` and ``amount`` (minor units, positive), by id.
        left_out: the same of lines that no krona can be drawn from: their amount is
            zero or negative. They are to be looked at by themselves.
    """

    lines: pl.DataFrame
    left_out: pl.DataFrame

    @property
    def book(self) -> int:
        """Its money, in minor units."""
        return money.total(self.lines, pl.col("amount"))


@dataclass(frozen=True)
class Drawn:
    """A sample.

    Attributes:
        whole: ``line_id`` and ``amount`` of lines larger than the interval.
        sampled: the same of the lines that were hit, and ``hits``, how often.
        book: money of the lines not in ``whole``, which ``sampled`` stands for.
        interval: in minor units.
        start: the first unit hit, from 1; 0 for cells, where each has its own.
    """

    whole: pl.DataFrame
    sampled: pl.DataFrame
    book: int
    interval: int
    start: int

    @property
    def size(self) -> int:
        """Units of money in the sample."""
        return int(self.sampled["hits"].sum())


def population(lines: pl.DataFrame, tags: pl.DataFrame) -> Population:
    """The expenditure that somebody has tagged or screened.

    Args:
        lines: ``line_id``, ``direction`` and ``amount`` of the budget's lines.
        tags: its tags; what nobody screened has no tag that could be audited.
    """
    tagged = (
        lines.filter(pl.col("direction") == "expenditure")
        .join(tags, on="line_id", how="semi")
        .select("line_id", "amount")
        .sort("line_id")
    )
    positive = pl.col("amount") > 0
    return Population(tagged.filter(positive), tagged.filter(~positive))


def draw(
    lines: pl.DataFrame,
    interval: int,
    seed: str = "",
    *,
    start: int | None = None,
    method: Method = "fixed_interval",
) -> Drawn:
    """Draw a sample; the same lines, interval and seed give the same one anywhere.

    A random place is ``1 + SHA-256("seed|number") mod interval`` with the number of the
    interval, from 0, so that anybody can draw it again.

    Args:
        lines: ``line_id`` and ``amount`` (minor units, positive).
        interval: of a plan, in minor units.
        seed: any text; it is part of the audit's record.
        start: the first unit to hit, instead of one made from the seed.
        method: ``fixed_interval`` or ``cells``.

    Raises:
        CallRefused: the interval is not positive, or the start lies outside it.
    """
    if interval < 1 or not 1 <= (1 if start is None else start) <= interval:
        message = "An interval has at least one unit, and the start lies within it."
        raise CallRefused(message)
    ordered = lines.select("line_id", "amount").sort("line_id")
    large = pl.col("amount") > interval
    rest = ordered.filter(~large)
    ends = list(accumulate(rest["amount"].to_list()))
    book = ends[-1] if ends else 0
    first = _place(seed, 0, interval) if start is None else start
    if method == "cells":
        cells = range(-(-book // interval))
        places = [n * interval + _place(seed, n, interval) for n in cells]
        first = 0
    else:
        places = list(range(first, book + 1, interval))
    # Less money than one interval is not passed over.
    within = [place for place in places if place <= book]
    if book and not within:
        within = [_place(seed, 0, book)]
    hit = [bisect_left(ends, place) for place in within]
    hits = (
        pl.DataFrame({"at": hit}, schema={"at": pl.UInt32})
        .group_by("at")
        .agg(hits=pl.len())
    )
    sampled = rest.with_row_index("at").join(hits, on="at").sort("line_id").drop("at")
    return Drawn(ordered.filter(large), sampled, book, interval, first)


def _place(seed: str, number: int, interval: int) -> int:
    digest = hashlib.sha256(f"{seed}|{number}".encode()).digest()
    return 1 + int.from_bytes(digest) % interval
