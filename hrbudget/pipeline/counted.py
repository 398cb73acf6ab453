"""What uncertain shares count for: which tags of a line are in which requirement.

A requirement has one coefficient for a line, the sum of shares of those of its tags
that count. Which they are is found by reading the rules once more, on shares that are
powers of two. Money that the same assumptions speak of is summed apart, for each draw
multiplies it by a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from random import Random

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Assumption
from hrbudget.errors import CallRefused
from hrbudget.pipeline.deciding import Proposed, Surroundings, asked

#: Tags of one line that one reading of the rules tells apart: 2**19 millionths fit.
_TOLD_APART = 19

#: Bits of a draw of a bound or an assumption.
_BITS = 32


def between(low: Fraction, high: Fraction, number: int, stream: str) -> list[Fraction]:
    """Numbers drawn uniformly between two."""
    chance = Random(stream)  # noqa: S311  (a sample that can be drawn again, no secret)
    parts = (Fraction(chance.getrandbits(_BITS), 2**_BITS - 1) for _ in range(number))
    return [low + (high - low) * part for part in parts]


class Kinds:
    """Lines of one kind are those that the same assumptions speak of.

    Attributes:
        of: ``line``, ``kind``.
        count: how many kinds.
    """

    def __init__(self, ledger: Ledger, assumed: Sequence[Assumption]) -> None:
        """Place the lines of a ledger."""
        self._assumed, lines = assumed, ledger.lines
        names = [f"assumed{n}" for n in range(len(assumed))]
        placed = lines.select(
            "line",
            *(
                _holds(each, ledger).alias(name)
                for name, each in zip(names, assumed, strict=True)
            ),
        )
        self._members = placed.select(names).unique().sort(names).rows() or [()]
        if not names:
            self.of = placed.with_columns(kind=pl.lit(0, pl.UInt32))
        else:
            kinds = pl.DataFrame(self._members, schema=names, orient="row")
            self.of = placed.join(
                kinds.with_row_index("kind"), on=names, maintain_order="left"
            ).select("line", "kind")
        self.count = len(self._members)

    def factors(self, number: int, seed: int) -> list[tuple[Fraction, ...]]:
        """What the money of each kind is multiplied by: draws × kinds."""
        changes = [
            between(each.low, each.high, number, f"{seed} assumption {n}")
            for n, each in enumerate(self._assumed)
        ]
        return [
            tuple(
                prod(
                    (1 + change[draw] for change, holds in zip(changes, kind) if holds),  # noqa: B905  (no assumptions: one kind of no names)
                    start=Fraction(1),
                )
                for kind in self._members
            )
            for draw in range(number)
        ]


def _holds(assumed: Assumption, ledger: Ledger) -> pl.Series:
    absent = assumed.where.missing(ledger.lines)
    if absent:
        message = (
            f"An assumption of the scenario speaks of {', '.join(absent)}, which the "
            f"lines of {ledger.budget} do not have. Correct its where."
        )
        raise CallRefused(message)
    return assumed.where.holds(ledger.lines, ledger.currency).fill_null(value=False)


class Sides:
    """Both sides of requirements: what they come to as stated, and what draws change.

    Attributes:
        uncertain: supporting tags whose share has a range, in an order of their own:
            ``line``, ``place`` among those of its line, ``share``, ``low``, ``high``,
            ``others``.
    """

    def __init__(self, done: Proposed, around: Surroundings, kinds: Kinds) -> None:
        """Find the uncertain tags, and which of them count for which requirement."""
        ledger = done.proposal
        self._kinds = kinds
        self._lines = ledger.lines.select("line", "amount").join(kinds.of, on="line")
        self.uncertain = uncertain_tags(ledger)
        self._owned = self.uncertain.select("line", "place").join(
            self._lines, on="line", maintain_order="left"
        )
        self._read = [
            {
                each.id: each
                for each in asked(book, around, done.scenario.rule_values)
                if isinstance(each, Requirement)
            }
            for book in _told_apart(ledger, self.uncertain)
        ]
        self._first: dict[int, int] = {}

    def columns(self, rows: Sequence[Requirement]) -> list[pl.Series]:
        """The money of each tag in each side and kind that it counts in."""
        found: list[pl.Series] = []
        if self.uncertain.is_empty():
            return found
        for each in rows:
            for name in ("measure", "of"):
                side = getattr(each, name)
                if side.is_empty() or id(side) in self._first:
                    continue
                self._first[id(side)] = len(found)
                money_of = self._owned["amount"] * self._counts(each.id, name)
                found += [
                    money_of * (self._owned["kind"] == kind)
                    for kind in range(self._kinds.count)
                ]
        return found

    def _counts(self, requirement: str, side: str) -> pl.Series:
        """1 for each uncertain tag that counts in a side, else 0."""
        counts = pl.zeros(self._owned.height, dtype=pl.Int64, eager=True)
        for turn, read in enumerate(self._read):
            coefficients = getattr(read[requirement], side).select(
                "line", "coefficient"
            )
            bit = pl.col("place") - turn * _TOLD_APART
            mine = (bit >= 0) & (bit < _TOLD_APART)
            power = pl.lit(2, pl.Int64).pow(pl.when(mine).then(bit).otherwise(0))
            told = (
                self._owned.join(
                    coefficients, on="line", how="left", maintain_order="left"
                )
                .select(
                    pl.when(mine)
                    .then(pl.col("coefficient").fill_null(0) // power % 2)
                    .otherwise(0)
                    .cast(pl.Int64)
                )
                .to_series()
            )
            counts = counts + told
        return counts

    def totals(
        self,
        side: pl.DataFrame,
        moved: Sequence[Sequence[int]],
        factors: Sequence[Sequence[Fraction]],
    ) -> Iterator[Fraction]:
        """What a side comes to in each draw, in minor units."""
        stated = self._stated(side)
        first = self._first.get(id(side))
        for draw, factor in enumerate(factors):
            total = Fraction(0)
            for kind, base in enumerate(stated):
                change = 0 if first is None else moved[first + kind][draw]
                total += factor[kind] * (base + change)
            yield total / money.WHOLE

    def _stated(self, side: pl.DataFrame) -> list[int]:
        """Money of each kind as the tags stand, in millionths."""
        wide = pl.col("coefficient").cast(pl.Int128) * pl.col("amount")
        found = dict(
            side.join(self._lines, on="line")
            .group_by("kind")
            .agg(wide.sum())
            .iter_rows()
        )
        return [int(found.get(kind, 0)) for kind in range(self._kinds.count)]


def uncertain_tags(ledger: Ledger) -> pl.DataFrame:
    """The supporting tags that have a range; see ``Sides``."""
    low, high = (
        pl.col(name).fill_null(pl.col("share")) for name in ("share_low", "share_high")
    )
    tags = (
        ledger.tags.filter(pl.col("effect") == "supports")
        .with_row_index("tag")
        .with_columns(low=low, high=high, named=pl.col("groups").list.join(";"))
        .with_columns(ranged=pl.col("low") < pl.col("high"))
    )
    sure = pl.col("share") * ~pl.col("ranged")
    order = ("line_id", "right", "objective", "named", "share", "low", "high")
    return (
        tags.with_columns(others=sure.sum().over("line"))
        .filter("ranged")
        .sort(order)
        .with_columns(place=pl.int_range(pl.len()).over("line"))
        .select("line", "place", "tag", "share", "low", "high", "others")
    )


def _told_apart(ledger: Ledger, uncertain: pl.DataFrame) -> Iterator[Ledger]:
    """The ledger with shares of uncertain tags that tell which of them are counted.

    Each is a power of two, and all other shares of the line are nothing.
    """
    most = uncertain.select(pl.col("place").max() + 1).item() or 0
    turns = -(-int(most) // _TOLD_APART)
    supports = pl.col("effect") == "supports"
    lines = uncertain.select("line").unique()
    numbered = ledger.tags.filter(supports).with_row_index("tag")
    mine = numbered.join(lines, on="line", how="semi")
    rest = [
        numbered.join(lines, on="line", how="anti"),
        ledger.tags.filter(~supports),
    ]
    places = uncertain.select("tag", "place")
    nothing = pl.lit(None, pl.Int64)
    for turn in range(turns):
        bit = pl.col("place") - turn * _TOLD_APART
        told = mine.join(places, on="tag", how="left").with_columns(
            share=pl.when((bit >= 0) & (bit < _TOLD_APART))
            .then(pl.lit(2, pl.Int64).pow(pl.when(bit >= 0).then(bit).otherwise(0)))
            .otherwise(0)
            .cast(pl.Int64),
            share_low=nothing,
            share_high=nothing,
        )
        columns = ledger.tags.columns
        tags = pl.concat([part.select(columns) for part in (told, *rest)])
        yield replace(ledger, tags=tags.sort("line", maintain_order=True))
