"""Lines that stay at one of their bounds though an objective would gain.

What the prices of a level promise for more room of a line is the most that it can gain;
what it gains is the change of the whole answer, every level in turn, as it is with the
prices of rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget.domain.proposal import Held
from hrbudget.domain.scenario import ENVELOPE
from hrbudget.errors import SolverFailed
from hrbudget.optimize.linear import Linear
from hrbudget.optimize.model import Model
from hrbudget.optimize.sensitivity.settled import changes, settle
from hrbudget.optimize.solver.around import BILLION, Tangent
from hrbudget.optimize.solver.session import Session

#: Lines that are named at most, and classes that are tried for them.
MOST, _TRIED = 50, 200

#: Gains below this, in krona per krona, are dust of the solver.
_DUST = Fraction(1, 10**6)

_SIDES: tuple[Literal["up", "down"], ...] = ("up", "down")


def held(session: Session, model: Model, linear: Linear) -> tuple[Held, ...]:
    """Lines that bind: those of the first level first, the largest gain first.

    Lines that no envelope counts (revenue) and lines that a rule emptied are not held
    by bounds of their own.
    """
    del linear  # it has the solver's dust on it: the answer is found again without
    try:
        settled = settle(session, model, wider=True)
        if settled is None:
            return ()
        holding = _Holding(model, Tangent(settled.twin))
        for number, gains in enumerate(settled.gains):
            holding.look(number, gains)
    except SolverFailed:  # numbers too far apart for it: better none than wrong
        return ()
    return tuple(holding.named())


@dataclass
class _Holding:
    """Classes that would gain from more room, as they are found.

    Attributes:
        found: (level in order, -gain, first line, class, side).
        tried: (class, side) whose gain is known.
    """

    model: Model
    tangent: Tangent
    found: list[tuple[int, Fraction, int, int, Literal["up", "down"]]] = field(
        default_factory=list
    )
    tried: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look up once which lines count, and their classes."""
        members = self.model.shape.members.join(
            self.model.grid.because.select("line"), on="line", how="anti"
        )
        self.sizes = {
            number: (first, size)
            for number, first, size in members.join(_spent(self.model), on="class")
            .group_by("class")
            .agg(pl.col("line").min().alias("first"), pl.len())
            .iter_rows()
        }

    def look(self, level: int, gains: pl.DataFrame) -> None:
        """Try the classes that may gain in a level, until enough have gained more."""
        may = gains.sort(["gain", "class", "side"], descending=[True, False, True])
        for number, gain, side in may.select("class", "gain", "side").iter_rows():
            most = Fraction(gain, BILLION)
            if number not in self.sizes or (number, side) in self.tried:
                continue
            if most < _DUST or len(self.tried) >= _TRIED:
                return
            if self._lines(level, most) >= MOST:
                return
            self._try(number, side)

    def _lines(self, level: int, gain: Fraction) -> int:
        """How many lines gain in an earlier level, or at least as much in this."""
        better = [each for each in self.found if each[:2] <= (level, -gain)]
        return sum(self.sizes[each[3]][1] for each in better)

    def _try(self, number: int, side: Literal["up", "down"]) -> None:
        self.tried.add((number, side))
        self.tangent.open()
        self.tangent.widen(number, side)
        found = changes(self.tangent, self.model)
        for level, change in enumerate(found or ()):
            if change < -_DUST:
                first = self.sizes[number][0]
                self.found.append((level, change, first, number, side))
                return

    def named(self) -> Iterator[Held]:
        """The lines of the classes found, as many as are named."""
        levels = (*self.model.levels, None)
        left = MOST
        for level, change, _, number, side in sorted(self.found):
            mine = self.model.shape.members.filter(pl.col("class") == number)
            lines = mine.join(self.model.grid.lines, on="line").sort("line")
            for line_id in lines["line_id"].head(left):
                yield Held(line_id, side, levels[level], -change)
            left -= min(left, lines.height)


def _spent(model: Model) -> pl.DataFrame:
    """``class`` of what an envelope shares out."""
    shared = {row.measure for row in model.rows if row.rule.id == ENVELOPE}
    terms = model.shape.terms.filter(pl.col("total").is_in(sorted(shared)))
    return terms.select("class").unique()
