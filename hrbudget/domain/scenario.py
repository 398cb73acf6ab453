"""A what-if: what a planner asks, and what the optimizer may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

import polars as pl

from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Requirement

T = TypeVar("T")

#: What an adjustment changes beside the lines it applies to: nothing more (``change``
#: and ``price``: dearer lines are paid within the same envelope), or the envelope by as
#: many kronor as come in (``revenue``).
Shock = Literal["change", "price", "revenue"]


@dataclass(frozen=True)
class Adjustment:
    """A change made before optimizing: every line it applies to grows by a share."""

    where: Predicate
    change: Fraction
    kind: Shock = "change"


@dataclass(frozen=True)
class NewLine:
    """A line that the budget does not have yet; with a ``grant``, new money for it.

    Attributes:
        cells: the contract's columns of the line, as text.
        tags: the columns of ``tags.csv``, as text, without ``line_id``.
        amount: what it starts with, as decimal text; 0 unless said.
        grant: new money of the line's fund that the envelope grows by; None: none.
    """

    cells: dict[str, str]
    tags: tuple[dict[str, str], ...] = ()
    amount: str = "0"
    grant: str | None = None


@dataclass(frozen=True)
class Bound:
    """How far the money of some lines together may go.

    Attributes:
        where: the lines; None: all.
        per: one bound for each value of this column; None: one for all of the lines.
        down: largest cut, as a share of what they start with; likewise ``up``.
        at_least: as decimal text; likewise ``at_most``.
        fiscal_year: the only year that counts; None: all years together.
    """

    where: Predicate | None = None
    per: str | None = None
    down: Fraction | None = None
    up: Fraction | None = None
    at_least: str | None = None
    at_most: str | None = None
    fiscal_year: int | None = None


@dataclass(frozen=True)
class CoFinanced:
    """At least a share of the money of some lines comes from one fund."""

    where: Predicate
    fund: str
    at_least: Fraction


@dataclass(frozen=True)
class Posts:
    """Lines that change by whole posts only, each of a price (decimal text)."""

    where: Predicate
    cost: str


@dataclass(frozen=True)
class Pin:
    """A line that a planner holds at an amount (decimal text), and why."""

    line_id: str
    amount: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class Dialogue:
    """Weights or levels that people gave in a dialogue or a vote.

    Attributes:
        who: whom was asked; ``when``; ``people``: how many answered.
        file: name of the file they were read from, and its ``sha256``.
        weights: rule id prefix → weight; ``priorities``: rule id prefix → level.
    """

    who: str
    when: str
    people: int
    file: str
    sha256: str
    weights: dict[str, Fraction] = field(default_factory=dict)
    priorities: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Assumption:
    """A change of some lines' real money that nobody knows yet: between two shares."""

    where: Predicate
    low: Fraction
    high: Fraction


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
        fiscal_years: years that are planned together; empty: the one of the baseline.
        carry_over: largest share of a year's envelope that may wait for the next.
        envelope_fund: the fund that a change of the envelope falls on; None: any.
        open_funds: sets of funds that share one purse; an empty set: all of them do.
            Round every other fund there is a wall.
        new_lines: lines that are not in the baseline.
        bounds: of lines together; ring_fenced: their money stays among them.
        co_financed: what a fund must pay at least.
        posts: lines that change by whole posts.
        pins: lines held by hand.
        dialogue: where weights or levels came from, if from people.
        assumptions: what the proposal is tried against (``--sample``).
        fewest: last, the fewest lines are moved and not the least money.
        robust: floors are met, or come nearer to, at the low end of uncertain tags.
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
    fiscal_years: tuple[int, ...] = ()
    carry_over: Fraction = Fraction(0)
    envelope_fund: str | None = None
    open_funds: tuple[tuple[str, ...], ...] = ()
    new_lines: tuple[NewLine, ...] = ()
    bounds: tuple[Bound, ...] = ()
    ring_fenced: tuple[Predicate, ...] = ()
    co_financed: tuple[CoFinanced, ...] = ()
    posts: tuple[Posts, ...] = ()
    pins: tuple[Pin, ...] = ()
    dialogue: Dialogue | None = None
    assumptions: tuple[Assumption, ...] = ()
    fewest: bool = False
    robust: bool = False


#: Level of a progressive rule that the scenario gives none.
DEFAULT_LEVEL = 5


#: Id of the requirement that shares the envelope out; of years together, with a scope.
ENVELOPE = "envelope"


@dataclass(frozen=True)
class WhatIf:
    """A scenario applied to a ledger: numbers the optimizer can work with.

    Attributes:
        lines: every line: ``line``, ``line_id``, ``start`` (adjusted amount), ``low``
            and ``high`` (bounds; equal where a line stays), ``least`` (how far an
            immediate rule may push it below ``low``), ``spent`` (expenditure), ``fund``
            (``own`` where it names none), ``step`` (moves of the line are whole
            multiples of it); minor units.
        asks: what the scenario itself asks for, each ``immediate`` or ``limit``: its
            envelope, walls of funds, bounds, co-financing.
        unit: what moves are whole multiples of unless a line has its own step.
        moved_total: most that may be moved, in minor units; None: no limit.
        moved_must: whether an immediate rule has a part in that limit, so that it never
            gives way.
        levels: requirement id → level; progressive requirements only.
        weights: requirement id → weight, of money lacking in its level; of a ``limit``,
            of each krona it is relaxed by.
        fewest: whether last the fewest lines are moved, and not the least money.
        robust: whether requirements are read at the worst end of uncertain tags.
    """

    lines: pl.DataFrame
    asks: tuple[Requirement, ...]
    unit: int
    moved_total: int | None
    levels: dict[str, int]
    weights: dict[str, Fraction]
    fewest: bool = False
    robust: bool = False
    moved_must: bool = False


def by_prefix(name: str, stated: Mapping[str, T], default: T) -> T:
    """The value of the longest dotted prefix of a rule's id that a scenario states."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in stated:
            return stated[prefix]
    return default
