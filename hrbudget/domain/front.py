"""A dilemma: how much of one objective can be had for how much of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget.domain.proposal import Conflict
from hrbudget.domain.requirement import no_coefficients
from hrbudget.domain.rule import Rule

#: Money that supports a right or a group (more is better); what requirements lack, or
#: what is moved up and down (less is better).
Kind = Literal["money", "shortfall", "movement"]


@dataclass(frozen=True)
class Objective:
    """One side of a dilemma.

    Attributes:
        name: as the planner wrote it.
        kind: see ``Kind``.
        title: one line; ``title_sv`` the same in Swedish.
        coefficients: of money: ``COEFFICIENTS``.
        weights: of a shortfall: requirement id → weight.
    """

    name: str
    kind: Kind
    title: str
    title_sv: str = ""
    coefficients: pl.DataFrame = field(default_factory=no_coefficients)
    weights: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """Value times sign is what is minimized."""
        return -1 if self.kind == "money" else 1

    def title_in(self, language: str) -> str:
        """The title in Swedish where asked for and there, else in English."""
        return self.title_sv if language == "sv" and self.title_sv else self.title


@dataclass(frozen=True)
class Tight:
    """What stops an edge of the front: lines at a bound, or a rule that binds.

    Attributes:
        rule: id of the requirement, or ``moved_total``; empty for lines.
        header: the rule it stems from, where there is one.
        lines: positions of lines that no rule tells apart, the largest first.
        at: which of their bounds they reach: the ``most`` they may have, the ``least``,
            or what they ``start`` with.
    """

    rule: str = ""
    header: Rule | None = None
    lines: tuple[int, ...] = ()
    at: Literal["most", "least", "start"] | None = None


@dataclass(frozen=True)
class Vertex:
    """A corner of the front.

    Attributes:
        values: of the objectives in order, in minor units; fractions of one where the
            corner lies there.
        amounts: ``line``, ``start``, ``amount`` of one budget that has these values
            with as little movement as was found, rounded to the minor unit.
        gap: how far below its weighted sum of values the proven bound lies, in minor
            units of the objective that weighs most; 0: none is better, proven.
        exact: whether the values are those of the corner itself; else of its amounts
            rounded to the minor unit.
    """

    values: tuple[Fraction, ...]
    amounts: pl.DataFrame
    gap: Fraction = Fraction(0)
    exact: bool = True


@dataclass(frozen=True)
class Edge:
    """The straight way between two corners.

    Attributes:
        start: number of a vertex; likewise ``end``.
        rates: change of each objective from start to end, per unit of the first that
            changes.
        binding: what becomes tight at the end, so that the edge goes no further.
        gap: of all its points, as of a vertex.
    """

    start: int
    end: int
    rates: tuple[Fraction, ...]
    binding: tuple[Tight, ...]
    gap: Fraction = Fraction(0)

    @property
    def slope(self) -> Fraction:
        """Change of the second objective per unit of the first."""
        return self.rates[1]


@dataclass(frozen=True)
class Facet:
    """A flat face between three or more corners.

    Attributes:
        vertices: their numbers.
        weights: of the objectives' values; on the face their weighted sum is one.
    """

    vertices: tuple[int, ...]
    weights: tuple[Fraction, ...]

    def rate(self, gained: int, given: int) -> Fraction:
        """Change of ``given`` for one more of ``gained`` on the face, others kept."""
        return -self.weights[gained] / self.weights[given]


@dataclass(frozen=True)
class Front:
    """All that nothing beats in every objective at once.

    Attributes:
        objectives: two or three.
        vertices: corners; of two objectives from the best of the first to the best of
            the second.
        edges: of two objectives in the same order.
        facets: of three objectives.
        pairs: of three objectives, the fronts of two: their numbers, and the front.
        elsewhere: the largest gap at weights of which corners and edges do not tell:
            where one objective alone counts, and where more than two corners meet.
        capped: whether there may be more corners than were sought.
        conflict: rules that cannot all hold; then there is no front.
    """

    objectives: tuple[Objective, ...]
    vertices: tuple[Vertex, ...] = ()
    edges: tuple[Edge, ...] = ()
    facets: tuple[Facet, ...] = ()
    pairs: tuple[tuple[tuple[int, int], Front], ...] = ()
    elsewhere: Fraction = Fraction(0)
    capped: bool = False
    conflict: tuple[Conflict, ...] = ()

    @property
    def gap(self) -> Fraction:
        """The largest gap there is; 0: the front is proven exactly."""
        gaps = [each.gap for each in self.vertices] + [each.gap for each in self.edges]
        return max(self.elsewhere, *gaps) if gaps else self.elsewhere

    @property
    def proven(self) -> bool:
        """Whether no corner is missing and nothing is better, exactly."""
        return self.gap == 0 and not self.capped
