"""A what-if: what a planner asks, and what the optimizer may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from hrbudget.domain.predicate import Predicate


@dataclass(frozen=True)
class Adjustment:
    """A change made before optimizing: every line it applies to grows by a share."""

    where: Predicate
    change: Fraction


@dataclass(frozen=True)
class Scenario:
    """A planner's what-if, as written down.

    Attributes:
        id: the name of its file.
        title: one line.
        text: the file's text, kept with the proposal.
        budget: the baseline's name; year and phase where it holds several.
        adjust: changes made in order before optimizing.
        envelope_change: of the adjusted expenditure; or else
        envelope_amount: the sum to share out, as decimal text.
        line_down: largest cut of a line, as a share of it; likewise ``line_up``.
        moved_total: largest share of the expenditure that may be moved.
        protected: lines that may not move.
        priorities: rule id prefix → level; level 1 is served first.
        weights: rule id prefix → weight within its level.
        rule_values: rule id → sense → decimal text, in place of the rule's own.
        round_to: decimal text; moves are whole multiples of it, of 1 unless said.
    """

    id: str
    title: str
    text: str
    budget: str
    fiscal_year: int | None = None
    phase: str | None = None
    author: str = ""
    description: str = ""
    adjust: tuple[Adjustment, ...] = ()
    envelope_change: Fraction = Fraction(0)
    envelope_amount: str | None = None
    packs: tuple[str, ...] = ()
    line_down: Fraction = Fraction(1)
    line_up: Fraction = Fraction(1)
    moved_total: Fraction | None = None
    protected: tuple[Predicate, ...] = ()
    priorities: dict[str, int] = field(default_factory=dict)
    weights: dict[str, Fraction] = field(default_factory=dict)
    rule_values: dict[str, dict[str, str | None]] = field(default_factory=dict)
    round_to: str | None = None


#: Level of a progressive rule that the scenario gives none.
DEFAULT_LEVEL = 5


@dataclass(frozen=True)
class WhatIf:
    """A scenario applied to a ledger: numbers the optimizer can work with.

    Attributes:
        lines: ``line``, ``line_id``, ``start`` (adjusted amount), ``low`` and ``high``
            (bounds; equal where a line stays), ``least`` (how far an immediate rule may
            push it below ``low``), ``spent`` (expenditure); minor units.
        envelope: what all expenditure must add up to, in minor units.
        unit: moves are whole multiples of it, in minor units.
        moved_total: most that may be moved, in minor units; None: no limit.
        levels: requirement id → level; progressive requirements only.
        weights: requirement id → weight.
    """

    lines: pl.DataFrame
    envelope: int
    unit: int
    moved_total: int | None
    levels: dict[str, int]
    weights: dict[str, Fraction]
