"""What must hold as a model of its own on arrays: a row for each line.

It shares no code with the optimizer. Bounds are a what-if's; a line that an immediate
rule allows no money may be emptied. Only for rules whose tags are sure.

    x - up + down = start               every line
    Σ c x - f Σ d x  + less  ≥ bound    likewise ≤ with more, = with both
    ½ Σ (up + down) - more   ≤ limit    ``moved_total``
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import highspy
import numpy as np

from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf

MOVED = "moved_total"


class Alone:
    """Rules that must hold, some of them left out, some of them giving way."""

    def __init__(self, what_if: WhatIf, requirements: Collection[Requirement]) -> None:
        self.lines = what_if.lines.sort("line")
        self.count = self.lines.height
        self.limit = what_if.moved_total
        every = (*what_if.asks, *requirements)
        self.asked = [each for each in every if each.hard and not each.missing]
        self.effects = {each.id: each.rule.effect for each in self.asked}
        if self.limit is not None:
            self.effects[MOVED] = "limit"

    @property
    def limits(self) -> list[str]:
        """Ids of what may give way."""
        return [name for name, effect in self.effects.items() if effect == "limit"]

    def least(
        self, members: Collection[str], costs: Mapping[str, float] | None = None
    ) -> float | None:
        """Least cost at which the members hold; None: they cannot.

        Args:
            members: ids of what must hold; all others are left out.
            costs: of each minor unit by which some of them give way.
        """
        costs = costs or {}
        n = self.count
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.setOptionValue("dual_feasibility_tolerance", 1e-9)
        size = 3 * n + 2 * len(self.effects)
        low, high, cost = np.zeros(size), np.full(size, np.inf), np.zeros(size)
        low[:n], high[:n] = self._low(), self.lines["high"].to_numpy()
        high[:n] = np.maximum(high[:n], low[:n])
        for number, name in enumerate(self.effects):
            both = slice(3 * n + 2 * number, 3 * n + 2 * number + 2)
            cost[both] = costs.get(name, 0.0)
            high[both] = np.inf if name in costs else 0.0
        empty = np.zeros(size, dtype=np.int32)
        nothing = np.zeros(0)
        solver.addCols(size, cost, low, high, 0, empty, empty[:0], nothing)
        start = self.lines["start"].to_numpy().astype(float)
        for line in range(n):
            self._row(
                solver, {line: 1, n + line: -1, 2 * n + line: 1}, start[line], "equal"
            )
        for each in self.asked:
            if each.id in members:
                self._ask(solver, each)
        if MOVED in members and self.limit is not None:
            terms = dict.fromkeys(range(n, 3 * n), 0.5)
            terms[self._place(MOVED) + 1] = -1.0
            self._row(solver, terms, float(self.limit), "at_most")
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return float(solver.getObjectiveValue())

    def _place(self, name: str) -> int:
        return 3 * self.count + 2 * list(self.effects).index(name)

    def _low(self) -> np.ndarray:
        low = self.lines["low"].to_numpy().astype(float)
        for each in self.asked:
            forbids = each.rule.effect == "immediate" and each.sense != "at_least"
            if forbids and each.of.is_empty() and each.bound.middle == 0:
                for line, counted in each.measure.select(
                    "line", "coefficient"
                ).iter_rows():
                    if counted > 0 and self.lines["least"][line] <= 0:
                        low[line] = 0.0
        return low

    def _ask(self, solver: highspy.Highs, each: Requirement) -> None:
        terms: dict[int, float] = {}
        for side, factor in ((each.measure, 1.0), (each.of, -float(each.factor))):
            for line, counted in side.select("line", "coefficient").iter_rows():
                terms[line] = terms.get(line, 0.0) + factor * counted / 1e6
        place = self._place(each.id)
        if each.sense != "at_most":
            terms[place] = 1.0
        if each.sense != "at_least":
            terms[place + 1] = -1.0
        self._row(solver, terms, float(each.bound.middle), each.sense)

    @staticmethod
    def _row(
        solver: highspy.Highs, terms: Mapping[int, float], right: float, sense: str
    ) -> None:
        solver.addRow(
            -np.inf if sense == "at_most" else right,
            np.inf if sense == "at_least" else right,
            len(terms),
            np.array(list(terms), dtype=np.int32),
            np.array(list(terms.values()), dtype=float),
        )
