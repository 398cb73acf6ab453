"""What lies around an answer: where it may move to, and how far its pieces reach.

A twin of a session is changed freely while the session keeps its own answer. Numbers go
to the solver as fractions and come from it as fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from hrbudget.errors import SolverFailed
from hrbudget.optimize.solver.session import Session

#: How near to a bound an answer touches it, in parts of the mean room of a class: one
#: in ten million.
_TOUCH = 1e-7

#: Prices below this are dust of the solver: one in a thousand million.
_PRICE = 1e-9

#: Lower and upper bounds of columns or rows.
_Ends = tuple[Any, Any]

#: Gains are given in billionths.
BILLION = 10**9

#: What the solver says of a program without an answer, and of one that is done with.
_NONE = ("Infeasible", "Primal infeasible or unbounded")
_ANSWERS = ("Optimal", "Empty", "Infeasible")

#: Steps that are looked ahead at most; fewer where there are many classes, since each
#: then takes longer.
_STEPS, _LEAST_STEPS, _STEPS_BY_CLASS = 3_000, 30, 4_000_000

#: The solver's word for an answer that keeps to all bounds, if not the best.
_FEASIBLE = 2

#: Few steps lead from an answer to what is asked around it. The primal simplex finds
#: them; it is not disturbed on its way, and so may go round in circles.
_FEW_STEPS = {
    "simplex_strategy": 4,
    "primal_simplex_bound_perturbation_multiplier": 0,
    "simplex_iteration_limit": _STEPS,
}

#: Where it does, the dual simplex, which does not, begins again.
_MANY_STEPS = {"simplex_strategy": 1, "simplex_iteration_limit": 1_000_000}


class Twin(Session):
    """A session's program once more, from the basis of its last answer on."""

    def __init__(self, session: Session) -> None:
        """Copy a session that has an answer."""
        vars(self).update(vars(session))
        mine = self._highs
        self._highs = type(mine)()
        self._highs.passOptions(mine.getOptions())
        self._highs.passModel(mine.getLp())
        self._highs.setBasis(mine.getBasis())
        self._slots = list(self._slots)
        self._costs = dict(self._costs)
        self._rest = self._highs.getBasis()
        lp = mine.getLp()
        self._columns: _Ends = (np.array(lp.col_lower_), np.array(lp.col_upper_))
        self._lines: _Ends = (np.array(lp.row_lower_), np.array(lp.row_upper_))

    def open(self) -> None:
        """Have all bounds as they were at first, and start from the first answer."""
        solver: Any = self._highs
        for ends, change in (
            (self._columns, solver.changeColsBounds),
            (self._lines, solver.changeRowsBounds),
        ):
            every = np.arange(len(ends[0]), dtype=np.int32)
            change(len(every), every, *ends)
        solver.setBasis(self._rest)

    def fix(self) -> None:
        """Keep to answers that are as good as the last.

        They are those in which all that has a price stays at the bound that it is at:
        this holds to the last digit, where a limit on the cost could not.
        """
        solver: Any = self._highs
        at, lp = solver.getSolution(), solver.getLp()
        for values, duals, low, high, change in (
            (
                *(at.col_value, at.col_dual, lp.col_lower_, lp.col_upper_),
                solver.changeColsBounds,
            ),
            (
                *(at.row_value, at.row_dual, lp.row_lower_, lp.row_upper_),
                solver.changeRowsBounds,
            ),
        ):
            priced = np.flatnonzero(np.abs(np.array(duals)) > _PRICE).astype(np.int32)
            here, one, other = (np.array(each)[priced] for each in (values, low, high))
            bound = np.where(np.abs(here - one) <= np.abs(other - here), one, other)
            change(len(priced), priced, bound, bound)

    def least(
        self, lacks: Mapping[int, Fraction], total: int | None = None
    ) -> Fraction | None:
        """The least of ``Σ cost · lack``, or of a total; None: nothing is feasible.

        Raises:
            SolverFailed: the solver stopped without an answer.
        """
        costs = {
            variable.index: cost
            for rule, cost in lacks.items()
            for _, variable in self._lacks[rule]
        }
        if total is not None:
            costs[self._totals[total]] = Fraction(1)
        return self._least(costs)

    def _least(self, costs: Mapping[int, Fraction]) -> Fraction | None:
        solver: Any = self._highs  # takes whatever can be a number
        for column in self._costs.keys() | costs.keys():
            solver.changeColCost(column, costs.get(column, 0))
        self._costs = dict.fromkeys(costs, 0)
        said = self._run()
        if said in _NONE:
            return None
        if said not in _ANSWERS:
            message = f"The solver stopped with status {said}."
            raise SolverFailed(message)
        return Fraction(self._highs.getObjectiveValue()) * self.scale

    def _run(self) -> str:
        said = self._once()
        if said in _ANSWERS:
            return said
        self._highs.clearSolver()  # a basis may lead nowhere: begin without one
        return self._once()

    def _once(self) -> str:
        self._highs.run()
        return str(self._highs.modelStatusToString(self._highs.getModelStatus()))

    def free(self, rule: int, sign: int) -> None:
        """A rule's lack has no least: for where moves within bounds decide how much.

        Args:
            rule: its number.
            sign: 1 for what is lacking, -1 for what is too much.
        """
        solver: Any = self._highs
        no_end = solver.getInfinity()
        for mine, variable in self._lacks[rule]:
            if mine == sign:
                solver.changeColBounds(variable.index, -no_end, no_end)
                self._columns[0][variable.index] = -no_end

    def keep(self, slot: int, most: Fraction | None) -> None:
        """How much a held sum may be; None: as it comes."""
        solver: Any = self._highs
        no_end = solver.getInfinity()
        high = no_end if most is None else most / self.scale
        solver.changeRowBounds(self._slots[slot], -no_end, high)

    def gains(self) -> pl.DataFrame:
        """What more room of a class would save at most, by the last answer's prices.

        Returns:
            ``class``, ``side``, ``gain`` in billionths, more than 0.
        """
        first, count = self._first, self._classes
        duals = np.array(self._highs.getSolution().col_dual) * -BILLION
        sides = [
            pl.DataFrame({"gain": np.rint(duals[start : start + count])})
            .with_row_index("class")
            .with_columns(pl.col("gain").cast(pl.Int64), side=pl.lit(side))
            for side, start in (("up", first), ("down", first + count))
        ]
        return pl.concat(sides).filter(pl.col("gain") > 0)


class _Around(Twin):
    """A twin that is asked for what is a few steps away from its answer."""

    def _run(self) -> str:
        self._set(_FEW_STEPS)
        said = self._once()
        if said in _ANSWERS:
            return said
        self._set(_MANY_STEPS)
        self._highs.setBasis(self._rest)
        return super()._run()

    def _set(self, options: Mapping[str, int]) -> None:
        for name, value in options.items():
            self._highs.setOptionValue(name, value)


class Tangent(_Around):
    """The directions in which a twin's last answer may move.

    What the answer touches is a bound of 0 in its sense; all else is open. Directions
    have no length, so a step may be of any size.

    Attributes:
        touched: rules that the answer meets with nothing to spare, or lacks.
    """

    def __init__(self, twin: Twin) -> None:
        """The directions from a twin's last answer, within its first bounds."""
        super().__init__(twin)
        mine, no_end = vars(twin)["_highs"], self._highs.getInfinity()
        solution, first = mine.getSolution(), vars(twin)
        self._columns = _around(solution.col_value, first["_columns"], no_end)
        self._lines = _around(solution.row_value, first["_lines"], no_end)
        self.touched = frozenset(
            n
            for n, row in enumerate(self._rows)
            if any(end[row] == 0 for end in self._lines)
        )
        self.open()

    def push(self, rule: int, toward: int) -> None:
        """A step of a touched rule's right: 1 to more, -1 to less."""
        self.right(rule, toward * self.scale)

    def widen(self, number: int, side: str) -> None:
        """A step of the room of a class that has used all of it."""
        column = self._first + number + (self._classes if side == "down" else 0)
        self._highs.changeColBounds(column, self._columns[0][column], 1)

    def trade(
        self, costs: Mapping[int, Fraction], rule: int, toward: int
    ) -> Fraction | None:
        """The least cost when a rule's lack moves by a step; None: it cannot."""
        found = []
        for _, variable in self._lacks[rule]:
            column = variable.index
            _, _, low, high, _ = self._highs.getCol(column)
            if not low <= toward <= high:
                continue
            self._highs.changeColBounds(column, toward, toward)
            least = self.least(costs)
            self._highs.changeColBounds(column, low, high)
            if least is not None:
                found.append(least)
        return min(found) if found else None


class Reach(_Around):
    """How far a rule's right may go before its price changes."""

    def __init__(self, twin: Twin, movement: int) -> None:
        """A twin with one more slot, the last, that holds the sum of all moves.

        It has one more column too, so it answers nothing but ``least`` and ``far``.
        """
        super().__init__(twin)
        first, solution = vars(twin), vars(twin)["_highs"].getSolution()
        self._columns, self._lines = first["_columns"], first["_lines"]
        basis: Any = self._rest
        basis.col_status = _sides(basis.col_status, solution.col_value, self._columns)
        basis.row_status = _sides(basis.row_status, solution.row_value, self._lines)
        self.open()
        no_end = self._highs.getInfinity()
        self._highs.addRow(-no_end, no_end, 1, [self._totals[movement]], [1])
        self._slots.append(self._highs.getNumRow() - 1)
        self._stretch = self._highs.getNumCol()
        self._highs.addCol(0, 0, 0, 0, [], [])
        self._rest = self._highs.getBasis()

    def _run(self) -> str:
        most = min(_STEPS, max(_LEAST_STEPS, _STEPS_BY_CLASS // max(1, self._classes)))
        self._set(_FEW_STEPS | {"simplex_iteration_limit": most})
        said = self._once()
        if said in _ANSWERS:
            return said
        feasible = self._highs.getInfo().primal_solution_status == _FEASIBLE
        if most < _STEPS:  # it may be further, but so far it is
            return "Optimal" if feasible else said
        return super()._run()

    def far(
        self, rule: int, toward: int, slopes: Mapping[int, Fraction], most: Fraction
    ) -> Fraction:
        """How far a rule's right may go while kept sums keep to their slopes.

        Where there are many thousands of classes, it may be further than was looked.

        Args:
            rule: its number.
            toward: 1 to more, -1 to less.
            slopes: slot → by what its sum rises per unit more of the right.
            most: how far at most.

        Raises:
            SolverFailed: the solver stopped without an answer.
        """
        column, solver = self._stretch, vars(self)["_highs"]
        changes = {self._slots[slot]: -toward * each for slot, each in slopes.items()}
        changes[self._rows[rule]] = Fraction(-toward)
        for row, change in changes.items():
            solver.changeCoeff(row, column, change)
        solver.changeColBounds(column, 0, most / self.scale)
        solver.setBasis(self._rest)
        found = self._least({column: Fraction(-1)})
        solver.changeColBounds(column, 0, 0)
        for row in changes:
            solver.changeCoeff(row, column, 0)
        return Fraction(0) if found is None else max(Fraction(0), -found)


def _sides(states: Any, at: Any, ends: _Ends) -> list[Any]:  # noqa: ANN401  (arrays)
    """States of a basis, where what was fixed is at the bound that it was fixed at."""
    kinds = type(states[0])
    known, values, (low, high) = np.array(states), np.array(at), ends
    upper = np.abs(high - values) < np.abs(values - low)
    basic = known == kinds.kBasic
    free = np.isinf(low) & np.isinf(high)
    found = np.where(upper, kinds.kUpper, kinds.kLower)
    found = np.where(free, kinds.kZero, found)
    return list(np.where(basic, known, found))


def _around(at: Any, ends: _Ends, no_end: Any) -> _Ends:  # noqa: ANN401  (arrays)
    """Bounds of directions: 0 where a value touches a bound, else none."""
    values, (low, high) = np.array(at), ends
    return (
        np.where(values - low <= _TOUCH, 0, -no_end),
        np.where(high - values <= _TOUCH, 0, no_end),
    )
