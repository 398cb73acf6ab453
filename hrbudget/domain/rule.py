"""What a rule says of itself: its name, its kind of obligation and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: Must hold · shortfall is minimized by priority · negotiable at a stated price.
Effect = Literal["immediate", "progressive", "limit"]

Obligation = Literal[
    "minimum_core",
    "non_retrogression",
    "progressive_realization",
    "maximum_available_resources",
    "non_discrimination",
    "participation",
    "plan_objective",
    "donor_condition",
    "fiscal_limit",
]


@dataclass(frozen=True)
class Reference:
    """Where an obligation or a number comes from."""

    title: str
    paragraph: str = ""
    href: str = ""

    def __str__(self) -> str:
        return f"{self.title}, {self.paragraph}" if self.paragraph else self.title


@dataclass(frozen=True)
class Rule:
    """The header of a rule; the path of its file is its id.

    Attributes:
        id: e.g. ``icescr.education.non_retrogression``.
        version: first twelve digits of the SHA-256 of its file.
        title: one sentence, and the same in Swedish where there is one.
        obligation: the kind of duty it stems from.
        effect: how the optimizer treats it.
        reference: its sources.
    """

    id: str
    version: str
    title: str
    obligation: Obligation
    effect: Effect
    reference: tuple[Reference, ...]
    title_sv: str = ""
    description: str = ""

    def title_in(self, language: str) -> str:
        """The title in Swedish where asked for and there, else in English."""
        return self.title_sv if language == "sv" and self.title_sv else self.title


@dataclass(frozen=True)
class Override:
    """A value that the entity puts in place of a rule's own, with its reason.

    Attributes:
        value: decimal text; None: the entity says that it has none.
        reason: why; who decided it (``by``), and ``on`` which day.
    """

    value: str | None
    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class InForce:
    """The value that a rule was read with on a day.

    Attributes:
        value: decimal text, or None where the entity has yet to enter it.
        since: from when; None where it is a scenario's or the entity's own.
        override: the entity's own decision, where there is one.
    """

    value: str | None
    since: date | None = None
    override: Override | None = None


@dataclass(frozen=True)
class Datum:
    """A figure that a rule needed beside the budget.

    Attributes:
        name: what it is of, such as ``population all``.
        year: the year it speaks of.
        source: where it comes from.
        age: years from that year to the budget's.
    """

    name: str
    year: int
    source: str
    age: int
