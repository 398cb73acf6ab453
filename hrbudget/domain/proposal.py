"""The optimizer's answer: amounts, what they are an answer to, and its proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from hrbudget.domain.phrase import Phrase
from hrbudget.domain.rule import Rule

Status = Literal["optimal", "infeasible"]

#: Id of the scenario's own limit on all moves together, where it takes part in an
#: answer as a rule does; likewise the size of moves.
MOVED_TOTAL, WHOLE_UNITS = "moved_total", "round_to"


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
        id: of the requirement, or ``moved_total``, ``round_to``.
        asks: what it asks, where its title does not say all.
        rule: the rule it stems from; None: a limit of the scenario's own.
    """

    id: str
    asks: Phrase | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Relaxed:
    """One ``limit`` that gives way, in minor units of what it asks for.

    Attributes:
        id: of the requirement, or ``moved_total``.
        before: what it requires of the relaxed answer's amounts; ``after``: what is
            enough.
        rule: the rule; None: a limit of the scenario's own.
        says: both in a sentence.
        share: the same as parts of a whole, where that does not move with the answer.
    """

    id: str
    before: Fraction
    after: Fraction
    rule: Rule | None = None
    says: Phrase | None = None
    share: Phrase | None = None

    @property
    def by(self) -> Fraction:
        """How much gives way."""
        return abs(self.after - self.before)


#: By what a relaxation is the cheapest: money, number of rules, weighted money; or that
#: it is another way out, none of whose limits can be spared.
Cheapest = Literal["money", "rules", "weighted", "another"]


@dataclass(frozen=True)
class Relaxation:
    """Limits that give way together; with them an answer exists, as a re-solve found.

    Attributes:
        cheapest: by what it is the cheapest; the first of those that it is.
        changes: what gives way; immediate rules never do.
        least: money that would do if no amount had to be whole, in minor units.
        levels: shortfall of the answer found with it; none where the budget is so large
            that it was found without the progressive rules.
        movement: of that answer.
        unit: minor units that moves must be multiples of, where the scenario's own unit
            is too coarse for this way; None: the scenario's own does.
    """

    cheapest: Cheapest
    changes: tuple[Relaxed, ...]
    least: Fraction = Fraction(0)
    levels: tuple[Level, ...] = ()
    movement: int = 0
    unit: int | None = None

    @property
    def cost(self) -> Fraction:
        """Money that gives way, in minor units."""
        return sum((each.by for each in self.changes), Fraction(0))


@dataclass(frozen=True)
class Price:
    """What one more krona of a requirement's bound does to one level's shortfall.

    Attributes:
        id: of the requirement, or ``moved_total``.
        level: priority of the level; None: the movement.
        low: krona of shortfall per krona of the bound when it asks for less, likewise
            ``high`` for more; they differ where the answer is at a corner of several
            pieces. None: nothing is possible on that side.
        start: bound from which ``low`` holds (where lines differ in many thousands of
            ways: holds at least), in minor units; None: from any.
        end: bound to which ``high`` holds, likewise.
        bound: the bound as it is.
    """

    id: str
    level: int | None
    low: Fraction | None
    high: Fraction | None
    bound: Fraction
    start: Fraction | None
    end: Fraction | None


@dataclass(frozen=True)
class Held:
    """A line that stays at one of its bounds though an objective would gain.

    Attributes:
        line_id: the line.
        side: whether it would go up or down.
        level: priority of the level that would gain; None: the movement.
        gain: krona of shortfall that one krona of it would take away.
    """

    line_id: str
    side: Literal["up", "down"]
    level: int | None
    gain: Fraction


@dataclass(frozen=True)
class WeightRange:
    """Weights of one requirement that keep the proposal, others as they are."""

    id: str
    weight: Fraction
    low: Fraction
    high: Fraction | None


#: Which line's money went to which line (``source`` → ``line``), in minor units.
FLOWS = pl.Schema({"line": pl.UInt32, "source": pl.UInt32, "amount": pl.Int64})


@dataclass(frozen=True)
class Answer:
    """What ``optimize`` returns.

    Attributes:
        status: optimal, or infeasible with a ``conflict``.
        amounts: ``line``, ``start``, ``amount``; all lines, minor units.
        because: ``line`` and ``because``, ids of the requirements that ask for a move.
        levels: shortfall by priority level.
        conflict: rules that collide; without any one of them the rest can hold.
        relaxations: ways out of a conflict; none where immediate rules alone collide.
        notes: what is to be known of the conflict and the ways out.
        prices: of the requirements that bind.
        held: lines that bind.
        weight_ranges: of weights, by requirement.
        flows: ``line`` that gained, ``source`` line that lost, ``amount``: which money
            went where, within each fund.
        fewest: where the fewest lines were asked for, how many must move at least, as
            far as the search has come; None: it was not asked.
        certificate: the proof as a JSON document (see ``optimize.certificate``); None:
            there is none, and ``unproved`` says why.
    """

    status: Status
    amounts: pl.DataFrame
    because: pl.DataFrame
    levels: tuple[Level, ...] = ()
    conflict: tuple[Conflict, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    notes: tuple[Phrase, ...] = ()
    prices: tuple[Price, ...] = ()
    held: tuple[Held, ...] = ()
    weight_ranges: tuple[WeightRange, ...] = ()
    flows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FLOWS))
    fewest: int | None = None
    certificate: dict[str, Any] | None = None
    unproved: Phrase | None = None

    @property
    def moved(self) -> int:
        """How many lines move."""
        return int((self.amounts["amount"] != self.amounts["start"]).sum())

    @property
    def movement(self) -> int:
        """Sum of all moves up and down, in minor units."""
        moved = self.amounts.select((pl.col("amount") - pl.col("start")).abs())
        return int(moved.select(pl.col("amount").cast(pl.Int128).sum()).item() or 0)
