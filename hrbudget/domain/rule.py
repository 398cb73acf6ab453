"""What a rule says of itself: its name, its kind of obligation and its sources."""

from __future__ import annotations

from dataclasses import dataclass
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
