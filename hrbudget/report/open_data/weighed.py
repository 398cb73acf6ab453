"""The lines of a budget that make an activity, and the parts of them that count."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.predicate import Predicate

#: Column of the part of a line that counts; no header of a file holds this sign.
WEIGHT = "\0weight"


@dataclass(frozen=True)
class Weighed:
    """Lines of one budget with the part of each that belongs to an activity.

    Attributes:
        ledger: the budget, one year and phase.
        lines: its lines that count, with ``WEIGHT`` in millionths, above 0.
        tags: theirs; of an objective, the tags that name it.
    """

    ledger: Ledger
    lines: pl.DataFrame
    tags: pl.DataFrame

    @property
    def spent(self) -> Fraction:
        """Expenditure, in minor units."""
        return _money(self.lines.filter(EXPENDITURE), WEIGHT)

    def money_of(self, tags: pl.DataFrame) -> Fraction:
        """Expenditure that some tags stand for, in minor units.

        Args:
            tags: of ``self.tags``.
        """
        spending = self.lines.filter(EXPENDITURE).select("line", "amount")
        return _money(tags.select("line", "share").join(spending, on="line"), "share")

    def covered_by(self, tags: pl.DataFrame) -> bool:
        """Whether every line of expenditure has one of these tags."""
        spending = self.lines.filter(EXPENDITURE).select("line")
        return spending.join(tags.select("line"), on="line", how="anti").is_empty()


def _money(frame: pl.DataFrame, part: str) -> Fraction:
    product = pl.col("amount").cast(pl.Int128) * pl.col(part)
    return Fraction(money.total(frame, product), money.WHOLE)


def found(ledger: Ledger, where: str) -> Weighed:
    """Whole lines that a filter finds; without one, all of them.

    Raises:
        ValueError: the filter asks for a column that the lines do not have.
    """
    lines = ledger.lines
    if where:
        lines = lines.filter(holds(ledger, lines, where))
    weighed = lines.with_columns(pl.lit(money.WHOLE, pl.Int64).alias(WEIGHT))
    tags = ledger.tags.join(lines.select("line"), on="line", how="semi")
    return Weighed(ledger, weighed, tags)


def holds(ledger: Ledger, lines: pl.DataFrame, where: str) -> pl.Series:
    """Whether a filter finds each of some lines, as their file has them; or null.

    Raises:
        ValueError: the filter asks for a column that the lines do not have.
    """
    predicate = Predicate(where)
    missing = predicate.missing(lines)
    if missing:
        message = f"{ledger.budget} has no column {missing[0]!r}"
        raise ValueError(message)
    return predicate.holds(lines, ledger.currency)


def serving(ledger: Ledger, objective: str) -> Weighed:
    """The parts of lines that tags give to an objective of the plan."""
    tags = ledger.tags.filter(
        (pl.col("objective") == objective) & (pl.col("effect") == "supports")
    )
    weights = tags.group_by("line").agg(pl.col("share").sum().alias(WEIGHT))
    lines = ledger.lines.join(weights, on="line", maintain_order="left")
    return Weighed(ledger, lines.filter(pl.col(WEIGHT) > 0), tags)
