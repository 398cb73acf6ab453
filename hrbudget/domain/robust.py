"""What becomes of a proposal when what is uncertain turns out otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.requirement import Requirement

Holds = Literal["always", "never", "depends"]

#: Lines that a sentence names before it counts the rest.
_MOST_LINES = 5


@dataclass(frozen=True)
class Reading:
    """One requirement over all readings of what is uncertain.

    Attributes:
        requirement: what was checked.
        holds: in every reading, in none, or it depends.
        lines: the fewest that would settle it, were they read again as they stand.
        lacking: the most that it may be missed by, in minor units.
    """

    requirement: Requirement
    holds: Holds
    lines: tuple[str, ...]
    lacking: Fraction

    @property
    def says(self) -> Phrase:
        """One sentence."""
        missed = {"lacking": self.lacking}
        if self.holds == "always":
            return Phrase(N_("Holds in every reading."))
        if self.holds == "never":
            return Phrase(
                N_("Fails in every reading, by {lacking} at the worst."), missed
            )
        if not self.lines:
            return Phrase(
                N_(
                    "Fails in some readings, by {lacking} at the worst; no lines read "
                    "again would settle it."
                ),
                missed,
            )
        named = ", ".join(self.lines[:_MOST_LINES])
        left = len(self.lines) - _MOST_LINES
        if left <= 0:
            return Phrase(
                N_(
                    "Fails if {lines} turn out otherwise, by {lacking} at the worst; "
                    "read them again."
                ),
                {**missed, "lines": named},
            )
        return Phrase(
            N_(
                "Fails if {lines} and {more} others turn out otherwise, by {lacking} "
                "at the worst; read them again."
            ),
            {**missed, "lines": named, "more": Ratio(left)},
        )


@dataclass(frozen=True)
class Tried:
    """One requirement over a sample.

    Attributes:
        requirement: what was checked.
        times: in how many draws it holds.
        worst: the most that it is missed by in any of them, in minor units.
    """

    requirement: Requirement
    times: int
    worst: Fraction


@dataclass(frozen=True)
class Sample:
    """A proposal tried against draws of what is uncertain.

    Attributes:
        number: of draws.
        seed: with the same one the draws are the same, on any machine.
        together: draws in which all that must hold does.
        tried: each requirement that could be assessed.
        tags: how many shares were drawn; ``bounds`` of requirements likewise, and
            ``assumptions`` of the scenario.
        unscreened: lines that nobody has screened, which count as they stand.
    """

    number: int
    seed: int
    together: int
    tried: tuple[Tried, ...]
    tags: int
    bounds: int
    assumptions: int
    unscreened: int

    @property
    def says(self) -> Phrase:
        """One sentence on all that must hold."""
        return Phrase(
            N_("All that must hold holds in {times} of {number} draws."),
            {"times": Ratio(self.together), "number": Ratio(self.number)},
        )


def count(readings: Iterable[Reading], holds: Holds) -> int:
    """How many requirements hold so."""
    return sum(each.holds == holds for each in readings)
