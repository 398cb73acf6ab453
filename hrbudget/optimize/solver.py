"""The one file that knows the solver, and the one file where money meets floats.

Numbers come in as Fractions, are scaled by a power of two (which is exact) so that
tolerances mean something, and the answer leaves as Fractions. What the answer is worth
is decided elsewhere, in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pulp

from hrbudget.errors import SolverFailed


@dataclass(frozen=True)
class Column:
    """A variable with finite bounds or none above; whole if ``integer``."""

    low: Fraction
    high: Fraction | None
    integer: bool = False


@dataclass(frozen=True)
class Row:
    """``low ≤ Σ terms ≤ high``; a side that is None is open."""

    terms: Mapping[int, Fraction]
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True)
class Program:
    """A linear program over numbered columns, without its objective."""

    columns: Sequence[Column]
    rows: Sequence[Row]

    def also(self, row: Row) -> Program:
        """The program with one more row."""
        return Program(self.columns, (*self.rows, row))


@dataclass(frozen=True)
class Solution:
    """An answer; ``feasible`` is false where there is none.

    Attributes:
        values: of the columns.
        prices: of the rows; ≥ 0 where more on the left would cost, minimizing.
        cost: the objective's value.
    """

    feasible: bool
    values: tuple[Fraction, ...] = ()
    prices: tuple[Fraction, ...] = ()
    cost: Fraction = field(default=Fraction(0))


_FEASIBLE = {pulp.LpStatusOptimal}
_INFEASIBLE = {pulp.LpStatusInfeasible}


def minimize(program: Program, cost: Mapping[int, Fraction]) -> Solution:
    """Minimize a cost over a program.

    Raises:
        SolverFailed: the solver stopped without an answer.
    """
    scale = Fraction(1)
    if not any(column.integer for column in program.columns):
        scale = _scale(program.columns)
    problem = pulp.LpProblem("hrbudget", pulp.LpMinimize)
    variables = [
        problem.add_variable(
            f"x{number}",
            float(column.low / scale),
            None if column.high is None else float(column.high / scale),
            pulp.LpInteger if column.integer else pulp.LpContinuous,
        )
        for number, column in enumerate(program.columns)
    ]
    problem.setObjective(_sum(variables, cost))
    rows = []
    for number, row in enumerate(program.rows):
        left = _sum(variables, row.terms)
        for side, value in (("low", row.low), ("high", row.high)):
            if value is None or (side == "high" and row.low == row.high):
                continue
            right = float(value / scale)
            if row.low == row.high:
                constraint = left == right
            else:
                constraint = left >= right if side == "low" else left <= right
            name = f"r{number}{side}"
            problem.addConstraint(constraint, name)
            rows.append((number, name))
    return _solve(problem, variables, rows, scale)


def _solve(
    problem: pulp.LpProblem,
    variables: list[pulp.LpVariable],
    rows: list[tuple[int, str]],
    scale: Fraction,
) -> Solution:
    status = problem.solve(pulp.HiGHS(msg=False, threads=1, **_TOLERANCES))
    if status in _INFEASIBLE:
        return Solution(feasible=False)
    if status not in _FEASIBLE:
        message = f"The solver stopped with status {pulp.LpStatus[status]}."
        raise SolverFailed(message)
    prices: dict[int, Fraction] = {}
    for number, name in rows:
        price = problem.get_constraint_by_name(name).pi
        prices[number] = prices.get(number, Fraction(0)) + _exact(price)
    count = max(prices, default=-1) + 1
    return Solution(
        feasible=True,
        values=tuple(_exact(each.varValue) * scale for each in variables),
        prices=tuple(prices.get(number, Fraction(0)) for number in range(count)),
        cost=_exact(pulp.value(problem.objective)) * scale,
    )


_TOLERANCES = {
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 0.0,
    "random_seed": 0,
}


def _sum(
    variables: list[pulp.LpVariable], terms: Mapping[int, Fraction]
) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(
        [(variables[number], float(factor)) for number, factor in terms.items()]
    )


def _exact(number: float | None) -> Fraction:
    return Fraction(number) if number else Fraction(0)


def _scale(columns: Sequence[Column]) -> Fraction:
    """The power of two nearest below the mean upper bound: scaling by it is exact."""
    bounds = [column.high for column in columns if column.high]
    if not bounds:
        return Fraction(1)
    mean = max(1, int(sum(bounds) / len(bounds)))
    return Fraction(2 ** (mean.bit_length() - 1))
