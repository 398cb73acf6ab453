"""Which lines no rule tells apart: they share one column, their class.

Every distinct set of coefficients is a total, numbered once however many rules use it.
Lines with the same coefficients in all totals, and the same step, are of one class; a
row for each line is never made. The shape of a model does not depend on amounts or
bounds, so a meeting can keep it from one what-if to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import polars as pl

#: A coefficient as its tags stand, or at the end that counts least or most.
End = Literal["stated", "least", "most"]

_TERMS = {"line": pl.UInt32, "total": pl.UInt32, "coefficient": pl.Int64}


@dataclass
class Totals:
    """Distinct sets of coefficients over lines, each with its number.

    Attributes:
        negative: positions of lines below zero, of which the ends change places.
        frames: ``line``, ``coefficient`` (millionths, none 0) of each total.
    """

    negative: pl.Series
    frames: list[pl.DataFrame] = field(default_factory=list)
    _known: dict[tuple[int, End], int] = field(default_factory=dict)
    _kept: list[pl.DataFrame] = field(default_factory=list)
    _alike: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def number(self, coefficients: pl.DataFrame, end: End) -> int:
        """The number of a set of coefficients read at one end."""
        key = (id(coefficients), end)
        if key not in self._known:
            self._kept.append(coefficients)  # so that no other comes to have its id
            self._known[key] = self._placed(self._read(coefficients, end))
        return self._known[key]

    def _read(self, coefficients: pl.DataFrame, end: End) -> pl.DataFrame:
        stated = pl.col("coefficient")
        low = pl.min_horizontal("low", stated, "high")
        high = pl.max_horizontal("low", stated, "high")
        turned = pl.col("line").is_in(self.negative.to_list())
        read = {
            "stated": stated,
            "least": pl.when(turned).then(high).otherwise(low),
            "most": pl.when(turned).then(low).otherwise(high),
        }[end]
        return (
            coefficients.select("line", coefficient=read)
            .filter(pl.col("coefficient") != 0)
            .sort("line")
        )

    def _placed(self, frame: pl.DataFrame) -> int:
        key = (frame.height, int(frame["coefficient"].cast(pl.Int128).sum() or 0))
        for number in self._alike.setdefault(key, []):
            if self.frames[number].equals(frame):
                return number
        self.frames.append(frame)
        self._alike[key].append(len(self.frames) - 1)
        return len(self.frames) - 1


@dataclass(frozen=True)
class Shape:
    """Lines in classes, and what each class counts in each total.

    Attributes:
        members: ``line``, ``class``.
        terms: ``total``, ``class``, ``coefficient`` in millionths.
        classes: how many.
        totals: how many.
    """

    members: pl.DataFrame
    terms: pl.DataFrame
    classes: int
    totals: int


def shape(lines: pl.DataFrame, totals: Totals) -> Shape:
    """Lines in classes; classes are numbered in the order of their first lines.

    Args:
        lines: ``line``, ``step``.
        totals: the coefficients.
    """
    parts = [
        frame.select("line", pl.lit(number, pl.UInt32).alias("total"), "coefficient")
        for number, frame in enumerate(totals.frames)
    ]
    long = pl.concat([pl.DataFrame(schema=_TERMS), *parts])
    for seed in count():
        members = _members(lines, long, seed)
        terms = _terms(members, long)
        if terms is not None:
            classes = members["class"].n_unique()
            return Shape(members, terms, classes, len(totals.frames))
    raise AssertionError  # count() has no end


def _members(lines: pl.DataFrame, long: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Lines by a sum of hashes of their coefficients, whatever the order of totals."""
    spelled = (
        long.select(
            "line",
            # Sums of 64-bit hashes may wrap: they are only compared.
            key=pl.struct("total", "coefficient").hash(seed),
        )
        .group_by("line")
        .agg(pl.col("key").sum())
    )
    first = pl.col("line").min().over("key", "step")
    return (
        lines.join(spelled, on="line", how="left")
        .with_columns(pl.col("key").fill_null(0))
        .select("line", **{"class": (first.rank("dense") - 1).cast(pl.UInt32)})
        .sort("line")
    )


def _terms(members: pl.DataFrame, long: pl.DataFrame) -> pl.DataFrame | None:
    """Coefficients by class; None where two unlike lines came to the same hash."""
    sizes = members.group_by("class").len("size")
    found = (
        long.join(members, on="line")
        .group_by("total", "class")
        .agg(
            pl.len().alias("count"),
            pl.col("coefficient").min(),
            most=pl.col("coefficient").max(),
        )
        .join(sizes, on="class")
    )
    alike = (pl.col("count") == pl.col("size")) & (
        pl.col("coefficient") == pl.col("most")
    )
    if not found.select(alike.all()).item():
        return None
    return found.select("total", "class", "coefficient").sort("class", "total")
