"""The budget of ``optimize_world`` modelled the ordinary way in PuLP, linopy and Pyomo.

A variable ``x`` for each line with ``x = b + u - d``, one for the total, and the rules
as sums over the lines they are about; solved by HiGHS. Amounts are in millions of minor
units times a hundred, as people scale them. One objective: shortfalls, and a small
price on every moved krona.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from optimize_direct import SMALL, Answer
from optimize_world import CATEGORIES, GROUPS, RIGHTS, UNITS, Ints, Limits, Lines

from hrbudget import money

SCALE = 1e8
_HIGHS = {"threads": 1, "dual_feasibility_tolerance": 1e-9}


def _share(lines: Lines, right: int) -> Ints:
    return ((lines.rights == right) * lines.shares).sum(axis=1)


def _terms(shares: Any) -> list[tuple[int, float]]:  # noqa: ANN401
    """Lines that count, with the part of them that does."""
    places = np.flatnonzero(shares)
    return list(zip(places.tolist(), shares[places] / money.WHOLE, strict=True))


def pulp(lines: Lines, limits: Limits) -> Answer:
    """Objects for every line, term by term."""
    import pulp as lp  # noqa: PLC0415

    problem = lp.LpProblem("budget", lp.LpMinimize)
    every = range(lines.amount.size)
    b = lines.amount / SCALE
    x = [
        problem.add_variable(f"x{n}", lines.low[n] / SCALE, lines.high[n] / SCALE)
        for n in every
    ]
    up = [problem.add_variable(f"u{n}", 0) for n in every]
    down = [problem.add_variable(f"d{n}", 0) for n in every]
    short = [problem.add_variable(f"s{right}", 0) for right in range(RIGHTS)]
    total = problem.add_variable("total")
    for n in every:
        problem.addConstraint(x[n] == b[n] + up[n] - down[n])
    problem.addConstraint(lp.lpSum(x) == total)
    problem.addConstraint(total == limits.envelope / SCALE)
    for right in range(RIGHTS):
        held = lp.lpSum(part * x[n] for n, part in _terms(_share(lines, right)))
        floor = float(limits.floors[right] / SCALE)
        problem.addConstraint(held + short[right] >= floor)
    for group in range(GROUPS):
        held = lp.lpSum(part * x[n] for n, part in _terms(lines.groups[:, group]))
        problem.addConstraint(held >= float(limits.parity[group]) * total)
    for unit in range(UNITS):
        spent = lp.lpSum(x[n] for n in np.flatnonzero(lines.unit == unit).tolist())
        problem.addConstraint(spent >= float(limits.unit_low[unit] / SCALE))
        problem.addConstraint(spent <= float(limits.unit_high[unit] / SCALE))
    for category in range(CATEGORIES):
        mine = np.flatnonzero(lines.category == category).tolist()
        spent = lp.lpSum(x[n] for n in mine)
        problem.addConstraint(spent <= float(limits.shares[category]) * total)
    moved = lp.lpSum(up) + lp.lpSum(down)
    lacking = lp.lpSum(
        int(weight) * each for weight, each in zip(limits.weights, short, strict=True)
    )
    problem.setObjective(lacking + SMALL * moved)
    problem.solve(lp.HiGHS(msg=False, **_HIGHS))
    return Answer(
        float(lp.value(lacking)) * SCALE,
        float(lp.value(moved)) * SCALE,
        np.array([each.varValue for each in x]) * SCALE,
    )


def linopy(lines: Lines, limits: Limits) -> Answer:
    """Labelled arrays; rules about some lines are sums by group or with shares."""
    import linopy as lp  # noqa: PLC0415
    import xarray as xr  # noqa: PLC0415

    model = lp.Model()

    def over(values: Any, dim: str = "line") -> Any:  # noqa: ANN401
        return xr.DataArray(values, dims=[dim], coords={dim: np.arange(len(values))})

    b, zero = over(lines.amount / SCALE), over(np.zeros(lines.amount.size))
    x = model.add_variables(over(lines.low / SCALE), over(lines.high / SCALE), name="x")
    up, down = (model.add_variables(zero, name=name) for name in ("up", "down"))
    short = model.add_variables(over(np.zeros(RIGHTS), "right"), name="short")
    total = model.add_variables(name="total")
    model.add_constraints(x - up + down == b)
    model.add_constraints(x.sum() - total == 0)
    model.add_constraints(total == limits.envelope / SCALE)
    for right in range(RIGHTS):
        share = _share(lines, right)
        lines_of = np.flatnonzero(share)
        held = (x.isel(line=lines_of) * (share[lines_of] / money.WHOLE)).sum()
        floor = limits.floors[right] / SCALE
        model.add_constraints(held + short.isel(right=right) >= floor)
    for group in range(GROUPS):
        share = lines.groups[:, group]
        lines_of = np.flatnonzero(share)
        held = (x.isel(line=lines_of) * (share[lines_of] / money.WHOLE)).sum()
        model.add_constraints(held - float(limits.parity[group]) * total >= 0)
    for unit in range(UNITS):
        spent = x.isel(line=np.flatnonzero(lines.unit == unit)).sum()
        model.add_constraints(spent >= limits.unit_low[unit] / SCALE)
        model.add_constraints(spent <= limits.unit_high[unit] / SCALE)
    for category in range(CATEGORIES):
        spent = x.isel(line=np.flatnonzero(lines.category == category)).sum()
        model.add_constraints(spent - float(limits.shares[category]) * total <= 0)
    lacking = (short * over(limits.weights.astype(float), "right")).sum()
    model.add_objective(lacking + SMALL * (up.sum() + down.sum()))
    model.solve("highs", progress=False, output_flag=False, **_HIGHS)
    solved = model.solution
    return Answer(
        float(limits.weights @ solved["short"].to_numpy()) * SCALE,
        float(solved["up"].sum() + solved["down"].sum()) * SCALE,
        solved["x"].to_numpy() * SCALE,
    )


def pyomo(lines: Lines, limits: Limits) -> Answer:
    """Objects for every line, written as rules over sets."""
    import pyomo.environ as po  # noqa: PLC0415
    from pyomo.contrib.appsi.solvers import Highs  # noqa: PLC0415

    model = po.ConcreteModel()
    size, b = lines.amount.size, lines.amount / SCALE
    low, high = lines.low / SCALE, lines.high / SCALE
    model.x = po.Var(range(size), bounds=lambda _, n: (low[n], high[n]))
    model.up = po.Var(range(size), bounds=(0, None))
    model.down = po.Var(range(size), bounds=(0, None))
    model.short = po.Var(range(RIGHTS), bounds=(0, None))
    model.total = po.Var()
    model.moves = po.Constraint(
        range(size), rule=lambda m, n: m.x[n] == b[n] + m.up[n] - m.down[n]
    )
    model.sums = po.Constraint(expr=po.quicksum(model.x.values()) == model.total)
    model.envelope = po.Constraint(expr=model.total == limits.envelope / SCALE)
    rules = model.rules = po.ConstraintList()

    def held(shares: Any) -> Any:  # noqa: ANN401
        return po.quicksum(part * model.x[n] for n, part in _terms(shares))

    for right in range(RIGHTS):
        floor = float(limits.floors[right] / SCALE)
        rules.add(held(_share(lines, right)) + model.short[right] >= floor)
    for group in range(GROUPS):
        part = float(limits.parity[group])
        rules.add(held(lines.groups[:, group]) >= part * model.total)
    for unit in range(UNITS):
        spent = held((lines.unit == unit) * money.WHOLE)
        rules.add(spent >= float(limits.unit_low[unit] / SCALE))
        rules.add(spent <= float(limits.unit_high[unit] / SCALE))
    for category in range(CATEGORIES):
        spent = held((lines.category == category) * money.WHOLE)
        rules.add(spent <= float(limits.shares[category]) * model.total)
    lacking = po.quicksum(
        int(limits.weights[right]) * model.short[right] for right in range(RIGHTS)
    )
    moved = po.quicksum(model.up.values()) + po.quicksum(model.down.values())
    model.objective = po.Objective(expr=lacking + SMALL * moved)
    solver = Highs()
    solver.highs_options = dict(_HIGHS)
    solver.solve(model)
    return Answer(
        float(po.value(lacking)) * SCALE,
        float(po.value(moved)) * SCALE,
        np.array([po.value(model.x[n]) for n in range(size)]) * SCALE,
    )
