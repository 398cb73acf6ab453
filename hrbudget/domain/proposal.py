"""The optimizer's answer: amounts, and what they are an answer to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget.domain.phrase import Phrase

Status = Literal["optimal", "infeasible"]


@dataclass(frozen=True)
class Level:
    """One priority level of the answer.

    Attributes:
        priority: 1 is served first.
        shortfall: weighted shortfall of the proposal in minor units, recomputed exactly
            from its amounts.
        least: the solver's least shortfall before rounding to whole units; what is
            above it is the price of rounding.
    """

    priority: int
    shortfall: Fraction
    least: Fraction


@dataclass(frozen=True)
class Conflict:
    """One member of a set of rules that cannot all hold.

    Attributes:
        id: of the requirement, or ``envelope``, ``moved_total``, ``round_to``.
        asks: what it asks, where its title does not say all.
    """

    id: str
    asks: Phrase | None = None


@dataclass(frozen=True)
class Answer:
    """What ``optimize`` returns.

    Attributes:
        status: optimal, or infeasible with a ``conflict``.
        amounts: ``line``, ``start``, ``amount``; expenditure lines, minor units.
        because: ``line`` and ``because``, ids of the requirements that ask for a move.
        levels: shortfall by priority level.
        conflict: rules that collide; without any one of them the rest can hold.
    """

    status: Status
    amounts: pl.DataFrame
    because: pl.DataFrame
    levels: tuple[Level, ...] = ()
    conflict: tuple[Conflict, ...] = ()

    @property
    def movement(self) -> int:
        """Sum of all moves up and down, in minor units."""
        moved = self.amounts.select((pl.col("amount") - pl.col("start")).abs())
        return int(moved.select(pl.col("amount").cast(pl.Int128).sum()).item() or 0)
