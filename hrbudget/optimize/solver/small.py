"""Small programs whose columns may be whole, as ordinary PuLP."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import highspy
import pulp

from hrbudget.errors import SolverFailed
from hrbudget.optimize.program import Program, Row, Solution
from hrbudget.optimize.solver.setup import TOLERANCES, exact

#: What the solver calls a point that keeps all rows.
_HAS_VALUES = highspy.SolutionStatus.kSolutionStatusFeasible


def minimize(
    program: Program, cost: Mapping[int, Fraction], nodes: int | None = None
) -> Solution:
    """Minimize a cost over a small program, whose columns may be whole.

    Args:
        program: columns and rows.
        cost: column → cost.
        nodes: how long whole columns are searched, in nodes of the tree and never in
            seconds; None: until nothing is better.

    Raises:
        SolverFailed: the solver stopped without an answer.
    """
    problem = pulp.LpProblem("hrbudget", pulp.LpMinimize)
    variables = [
        problem.add_variable(
            f"x{number}",
            float(column.low),
            None if column.high is None else float(column.high),
            pulp.LpInteger if column.integer else pulp.LpContinuous,
        )
        for number, column in enumerate(program.columns)
    ]
    problem.setObjective(_sum(variables, cost))
    for number, row in enumerate(program.rows):
        for side, constraint in _sides(_sum(variables, row.terms), row):
            problem.addConstraint(constraint, f"r{number}{side}")
    if not program.columns:
        return Solution(feasible=all(_of_nothing(row) for row in program.rows))
    limit = {} if nodes is None else {"mip_max_nodes": nodes}
    driver = pulp.HiGHS(msg=False, threads=1, **TOLERANCES, **limit)
    driver.createAndConfigureSolver(problem)
    driver.buildSolverModel(problem)
    driver.callSolver(problem)
    highs: highspy.Highs = problem.solverModel
    status, known = highs.getModelStatus(), highspy.HighsModelStatus
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return Solution(feasible=False)
    if status not in (known.kOptimal, known.kModelEmpty, known.kSolutionLimit):
        said = highs.modelStatusToString(status)
        message = f"The solver stopped with status {said}."
        raise SolverFailed(message)
    values, info = highs.getSolution().col_value, highs.getInfo()
    if info.primal_solution_status != int(_HAS_VALUES):
        return Solution(feasible=False)
    whole = any(column.integer for column in program.columns)
    bound = info.mip_dual_bound if whole else info.objective_function_value
    return Solution(
        feasible=True,
        values=tuple(exact(values[each.index]) for each in variables),
        cost=exact(info.objective_function_value),
        bound=exact(bound),
    )


def _of_nothing(row: Row) -> bool:
    """Whether a row without columns holds."""
    return (row.low is None or row.low <= 0) and (row.high is None or row.high >= 0)


def _sides(
    left: pulp.LpAffineExpression, row: Row
) -> list[tuple[str, pulp.LpConstraint]]:
    if row.low is not None and row.low == row.high:
        return [("equal", left == float(row.low))]
    low = [] if row.low is None else [("low", left >= float(row.low))]
    return low + ([] if row.high is None else [("high", left <= float(row.high))])


def _sum(
    variables: list[pulp.LpVariable], terms: Mapping[int, Fraction]
) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(
        [(variables[number], float(factor)) for number, factor in terms.items()]
    )
