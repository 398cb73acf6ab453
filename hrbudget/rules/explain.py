"""One requirement as numbers: lines × coefficients → measured → required.

    Σ measure · amount   at_least | at_most | equal   bound + factor · Σ of · amount

What ``check`` sums up is laid out line by line; the sums are the same exact integers.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.statement import Statement
from hrbudget.rules.rulefile import RuleFile


@dataclass(frozen=True)
class Term:
    """What one line adds.

    Attributes:
        line_id: the line; ``description`` of it, empty where it has none.
        amount: its money, in minor units.
        coefficient: the part of it that is measured, from 0 to 1; ``low`` and ``high``
            where that is not certain.
        counts: coefficient · amount, in minor units.
        of_coefficient: the part of it that the other side is a share of.
        of_counts: of_coefficient · amount, in minor units.
    """

    line_id: str
    description: str
    amount: int
    coefficient: Fraction
    low: Fraction
    high: Fraction
    counts: Fraction
    of_coefficient: Fraction
    of_counts: Fraction


@dataclass(frozen=True)
class Explained:
    """All terms of a requirement, and their sums: measured, bound + factor · whole.

    Attributes:
        terms: those that weigh most first.
        measured: sum of what counts, in minor units; likewise ``whole`` of the lines
            that the other side is a share of.
        bound: the constant of the other side, in minor units.
        factor: what ``whole`` is multiplied by.
    """

    terms: tuple[Term, ...]
    measured: Fraction
    whole: Fraction
    bound: Fraction = Fraction(0)
    factor: Fraction = Fraction(0)

    @property
    def right_side(self) -> bool:
        """Whether the other side moves with the lines."""
        return any(each.of_coefficient for each in self.terms)


def explain(asked: Requirement | Statement, lines: pl.DataFrame) -> Explained:
    """The lines of one requirement with their parts; a statement has no such sum.

    Args:
        asked: what a rule asks.
        lines: the ledger's, with ``line``, ``line_id``, ``description``, ``amount``.
    """
    if isinstance(asked, Statement):
        return Explained((), Fraction(0), Fraction(0))
    placed = _placed(asked, lines)
    terms = tuple(_term(row) for row in placed.iter_rows(named=True))
    measured, whole = (
        Fraction(money.total(placed, pl.col(name) * pl.col("amount")), money.WHOLE)
        for name in ("coefficient", "of")
    )
    return Explained(terms, measured, whole, asked.bound.middle, asked.factor)


def inequality(body: RuleFile) -> str:
    """The first sentence of what is written above a form: what it asks, in words."""
    text = inspect.getdoc(inspect.getmodule(type(body))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "")


def _placed(asked: Requirement, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of both sides, 0 where a line is on one side only; heaviest first."""
    of = asked.of.select("line", of=pl.col("coefficient"))
    both = asked.measure.join(of, on="line", how="full", coalesce=True)
    names = ("coefficient", "low", "high", "of")
    wide = pl.col("amount").cast(pl.Int128)
    return (
        both.with_columns(pl.col(names).fill_null(0))
        .join(lines.select("line", "line_id", "description", "amount"), on="line")
        .sort(
            (wide * pl.col("coefficient")).abs(),
            (wide * pl.col("of")).abs(),
            "line_id",
            descending=[True, True, False],
        )
        .with_columns(pl.col(*names, "amount").cast(pl.Int128))
    )


def _term(row: dict[str, int | str | None]) -> Term:
    amount = int(row["amount"] or 0)
    coefficient, low, high, of = (
        Fraction(int(row[name] or 0), money.WHOLE)
        for name in ("coefficient", "low", "high", "of")
    )
    return Term(
        line_id=str(row["line_id"]),
        description=str(row["description"] or ""),
        amount=amount,
        coefficient=coefficient,
        low=low,
        high=high,
        counts=coefficient * amount,
        of_coefficient=of,
        of_counts=of * amount,
    )
