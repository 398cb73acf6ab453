"""One linear program that stays in the solver while its numbers change.

The rules are ordinary PuLP over a few hundred named totals; the classes of lines are
handed to the solver as arrays, linked to those totals, so that PuLP's cost grows with
the rules and not with the lines. Numbers come in exact, are scaled by a power of two
(which is exact) so that tolerances mean something, and what leaves is exact again. What
an answer is worth is decided elsewhere, in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import highspy
import numpy as np
import polars as pl
import pulp

from hrbudget import money
from hrbudget.domain.requirement import Sense
from hrbudget.errors import SolverFailed
from hrbudget.optimize.program import Block, Found, Rule, inlined
from hrbudget.optimize.solver.setup import TOLERANCES, exact

_LACKS: dict[Sense, tuple[int, ...]] = {
    "at_least": (1,),
    "at_most": (-1,),
    "equal": (1, -1),
}


class Session:
    """One linear program that stays in the solver while its numbers change.

    Every rule has a lack, what keeps it from holding, which is closed (the rule must
    hold) until it is opened. Solving again starts from the basis of the last answer.
    """

    def __init__(self, rules: Sequence[Rule], slots: int, block: Block) -> None:
        """Hand a program to the solver.

        Args:
            rules: over totals, in order.
            slots: how many sums of lacks may be held (see ``hold``).
            block: the classes.
        """
        self._rules, self._block = list(rules), block
        self._inlined = inlined(rules, block)
        self.scale = block.scale
        problem = pulp.LpProblem("hrbudget", pulp.LpMinimize)
        add = problem.add_variable
        totals = [add(f"total{n}") for n in range(block.totals + 1)]
        self._lacks = [
            [(sign, add(f"lack{n}_{sign}", 0, 0)) for sign in _LACKS[rule.sense]]
            for n, rule in enumerate(rules)
        ]
        for number, total in enumerate(totals):
            problem.addConstraint(-total == 0, f"link{number}")
        for number, rule in enumerate(rules):
            problem.addConstraint(
                _sided(self._linked(totals, rule), rule.sense, self._lacks[number]),
                f"rule{number}",
            )
        for slot in range(slots):
            every = [lack for pair in self._lacks for _, lack in pair]
            problem.addConstraint(pulp.lpSum(every) <= 0, f"hold{slot}")
        problem.setObjective(pulp.LpAffineExpression([(totals[0], 0)]))
        self._load(problem, len(rules), slots)
        self._totals = [each.index for each in totals]
        for slot in range(slots):
            self.hold(slot, {}, None)
        for number, rule in enumerate(rules):
            self.right(number, rule.right)
        self._costs: dict[int, float] = {}
        self._bases: dict[int, highspy.HighsBasis] = {}

    def _linked(
        self, totals: list[pulp.LpVariable], rule: Rule
    ) -> pulp.LpAffineExpression:
        """A rule over the totals that many rules share."""
        terms = rule.terms.items()
        return pulp.LpAffineExpression(
            [(totals[n], float(f)) for n, f in terms if n not in self._inlined]
        )

    def _load(self, problem: pulp.LpProblem, rules: int, slots: int) -> None:
        driver = pulp.HiGHS(msg=False, threads=1, **TOLERANCES)
        driver.createAndConfigureSolver(problem)
        driver.buildSolverModel(problem)
        self._highs: highspy.Highs = problem.solverModel
        row = problem.get_constraint_by_name
        links = [row(f"link{n}").index for n in range(self._block.totals + 1)]
        self._rows = [row(f"rule{n}").index for n in range(rules)]
        self._slots = [row(f"hold{n}").index for n in range(slots)]
        self._first = self._highs.getNumCol()
        self._classes = self._block.rooms.height
        self._add_classes(self._entries(links), links[self._block.movement])
        self.rooms(self._block.rooms)

    def _entries(self, links: list[int]) -> pl.DataFrame:
        """``class``, ``row``, ``value``: what a class adds to links and to rules."""
        counted = pl.col("coefficient") / money.WHOLE
        table = [(total, row, 1.0) for total, row in enumerate(links)]
        table += [
            (total, self._rows[rule], float(self._rules[rule].terms[total]))
            for total, rules in self._inlined.items()
            for rule in rules
        ]
        schema = {"total": pl.UInt32, "row": pl.Int32, "factor": pl.Float64}
        return (
            self._block.terms.join(
                pl.DataFrame(table, schema=schema, orient="row"), on="total"
            )
            .group_by("class", "row")
            .agg(value=(counted * pl.col("factor")).sum())
            .sort("class", "row")
        )

    def _add_classes(self, entries: pl.DataFrame, movement: int) -> None:
        """Two columns for each class: up, and after all of those, down."""
        classes = self._classes
        counts = np.zeros(classes, dtype=np.int64)
        sizes = entries.group_by("class").len()
        counts[sizes["class"].to_numpy()] = sizes["len"].to_numpy()
        # Each class's entries, and behind them its part of the movement.
        ends = np.cumsum(counts)
        rows = np.insert(entries["row"].to_numpy(), ends, movement).astype(np.int32)
        starts = np.concatenate(([0], ends[:-1])) if classes else ends
        starts = (starts + np.arange(classes)).astype(np.int32)
        none = np.zeros(classes)
        for sign in (1.0, -1.0):
            values = np.insert(sign * entries["value"].to_numpy(), ends, 1.0)
            self._highs.addCols(
                classes, none, none, none, len(rows), starts, rows, values
            )

    # -- numbers that change

    def rooms(self, rooms: pl.DataFrame) -> None:
        """How far each class may go ``up`` and ``down``, in minor units."""
        first, count = self._first, self._classes
        if not count:
            return
        both = np.concatenate([rooms[s].cast(pl.Float64).to_numpy() for s in _SIDES])
        columns = np.arange(first, first + 2 * count, dtype=np.int32)
        zeros = np.zeros(2 * count)
        self._highs.changeColsBounds(2 * count, columns, zeros, both / self.scale)

    def right(self, rule: int, value: Fraction) -> None:
        """What a rule asks for, in minor units."""
        right, sense = float(value / self.scale), self._rules[rule].sense
        low = -highspy.kHighsInf if sense == "at_most" else right
        high = highspy.kHighsInf if sense == "at_least" else right
        self._highs.changeRowBounds(self._rows[rule], low, high)

    def leave_out(self, rule: int) -> None:
        """A rule asks for nothing until its ``right`` is said again."""
        self._highs.changeRowBounds(
            self._rows[rule], -highspy.kHighsInf, highspy.kHighsInf
        )

    def lack(self, rule: int, *, open_: bool) -> None:
        """Whether a rule may lack something, which a cost or a hold may count."""
        high = highspy.kHighsInf if open_ else 0.0
        for _, variable in self._lacks[rule]:
            self._highs.changeColBounds(variable.index, 0.0, high)

    def hold(
        self, slot: int, costs: Mapping[int, Fraction], most: Fraction | None
    ) -> None:
        """Keep ``Σ cost · lack`` of rules at most so much; None: as it comes."""
        row = self._slots[slot]
        for number, pair in enumerate(self._lacks):
            for _, variable in pair:
                cost = float(costs.get(number, 0))
                self._highs.changeCoeff(row, variable.index, cost)
        high = highspy.kHighsInf if most is None else float(most / self.scale)
        self._highs.changeRowBounds(row, -highspy.kHighsInf, high)

    # -- answers

    def minimize(
        self,
        lacks: Mapping[int, Fraction] | None = None,
        totals: Mapping[int, Fraction] | None = None,
        starts: Sequence[int] = (),
    ) -> Found:
        """Minimize ``Σ cost · lack + Σ cost · total``.

        Args:
            lacks: rule → cost of each minor unit that it lacks.
            totals: number of a total → cost of each minor unit more of it.
            starts: names of bases to start from, the first that is there; the answer's
                is kept under the first name. Where none is there, it starts afresh;
                where none is named, from the last answer.

        Raises:
            SolverFailed: the solver stopped without an answer.
        """
        costs: dict[int, float] = {}
        for rule, cost in (lacks or {}).items():
            for _, variable in self._lacks[rule]:
                costs[variable.index] = float(cost)
        for total, cost in (totals or {}).items():
            costs[self._totals[total]] = float(cost)
        for column in self._costs.keys() | costs.keys():
            self._highs.changeColCost(column, costs.get(column, 0.0))
        self._costs = costs
        self._start(starts)
        self._highs.run()
        if self._highs.getModelStatus() not in _DECIDED:
            self._highs.clearSolver()  # a fresh start mends most of what goes wrong
            self._highs.run()
        found = self._found(self._highs.getModelStatus())
        if found.feasible and starts:
            self._bases[starts[0]] = self._highs.getBasis()
        return found

    def _start(self, starts: Sequence[int]) -> None:
        known = [name for name in starts if name in self._bases]
        if known:
            self._highs.setBasis(self._bases[known[0]])
        elif starts:
            self._highs.clearSolver()

    def settle(self) -> None:
        """Keep what was minimized: what has a price stays where it is.

        Until rooms, lacks and rights are said again. That is all answers as good as the
        last one, and simpler than to hold a sum of lacks.
        """
        found = self._highs.getSolution()
        values, duals = np.array(found.col_value), np.array(found.col_dual)
        priced = np.flatnonzero(np.abs(duals) > _PRICED).astype(np.int32)
        at = values[priced]
        self._highs.changeColsBounds(len(priced), priced, at, at)
        for row in self._rows:
            if abs(found.row_dual[row]) > _PRICED:
                self._highs.changeRowBounds(
                    row, found.row_value[row], found.row_value[row]
                )

    def _found(self, status: highspy.HighsModelStatus) -> Found:
        known = highspy.HighsModelStatus
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return Found(feasible=False)
        if status not in (known.kOptimal, known.kModelEmpty):
            said = self._highs.modelStatusToString(status)
            message = f"The solver stopped with status {said}."
            raise SolverFailed(message)
        solution, scale = self._highs.getSolution(), self.scale
        values, duals = np.array(solution.col_value), solution.row_dual
        up, down = np.split(values[self._first :], 2)
        net = np.rint((up - down) * float(scale)).astype(np.int64)
        return Found(
            feasible=True,
            value=exact(self._highs.getObjectiveValue()) * scale,
            net=pl.Series("net", net),
            prices={n: exact(duals[row]) for n, row in enumerate(self._rows)},
            holds={
                slot: max(Fraction(0), -exact(duals[row]))
                for slot, row in enumerate(self._slots)
            },
            totals={n: exact(values[i]) * scale for n, i in enumerate(self._totals)},
            lacking={
                n: sum((exact(values[v.index]) for _, v in pair), Fraction(0)) * scale
                for n, pair in enumerate(self._lacks)
            },
        )


_SIDES = ("up", "down")

#: Prices below this are dust.
_PRICED = 1e-8

_DECIDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
    highspy.HighsModelStatus.kModelEmpty,
)


def _sided(
    left: pulp.LpAffineExpression,
    sense: Sense,
    lacks: list[tuple[int, pulp.LpVariable]],
) -> pulp.LpConstraint:
    both = left + pulp.LpAffineExpression(
        [(variable, float(sign)) for sign, variable in lacks]
    )
    if sense == "equal":
        return both == 0
    return both >= 0 if sense == "at_least" else both <= 0
