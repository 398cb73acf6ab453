"""Two sets of amounts of one budget side by side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.finding import Finding
from hrbudget.domain.requirement import Interval


@dataclass(frozen=True)
class Change:
    """One figure before and after, in minor units, with the ranges of its tags."""

    name: str
    was: Interval
    now: Interval

    @property
    def before(self) -> Fraction:
        """As the tags stand."""
        return self.was.middle

    @property
    def after(self) -> Fraction:
        """As the tags stand."""
        return self.now.middle

    @property
    def change(self) -> Fraction:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """What changes between ``before`` and ``after``.

    Attributes:
        before: name of the first; likewise ``after``.
        lines: line_id, description, administrative_unit, before, after; changed only.
        rights: tagged money by right; groups likewise (they overlap).
        findings: pairs of the same requirement's findings; None where one has none.
    """

    before: str
    after: str
    lines: pl.DataFrame
    rights: tuple[Change, ...]
    groups: tuple[Change, ...]
    findings: tuple[tuple[Finding | None, Finding | None], ...]
