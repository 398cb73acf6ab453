"""How the optimizer compares with the ordinary way, measured side by side in one run.

Prints, for budgets of several sizes: seconds of our optimizer (classes of lines, no row
for each line, exact whole units) and of an ordinary PuLP model (one row for each line,
``x = b + u - d``) with the same solver, their ratio, and both least shortfalls.

    python benchmarks/optimize_forms.py [LINES ...]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date
from fractions import Fraction

import polars as pl
import pulp

from hrbudget.domain import columns, facts, ledger, taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Reference, Rule
from hrbudget.domain.scenario import Scenario, WhatIf
from hrbudget.optimize.run import optimize
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS
from hrbudget.scenario.apply import apply

RIGHTS = [name for name in taxonomy.rights().titles if "." in name][:30]
UNITS = [f"unit{number:02}" for number in range(40)]
CATEGORIES = [f"category{number:02}" for number in range(25)]
RUNS = 3


def budget(size: int) -> Ledger:
    """Lines with lognormal amounts, tagged by unit and category as budgets are."""
    chance = random.Random(20261121)  # noqa: S311  (a fixed budget, not a secret)
    lines, tags = [], []
    for number in range(size):
        unit, category = chance.choice(UNITS), chance.choice(CATEGORIES)
        lines.append(
            {
                "line_id": f"l{number:07}",
                "fiscal_year": 2026,
                "phase": "proposed",
                "direction": "expenditure",
                "administrative_unit": unit,
                "cost_category": category,
                "amount": round(chance.lognormvariate(13, 1.2)) * 100,
                "currency": "SEK",
                "movable": chance.random() > 0.1,
            }
        )
        kind = random.Random(f"{unit} {category[-1]}")  # noqa: S311
        count = kind.choice((1, 2, 3))
        for right in kind.sample(RIGHTS, count):
            share = {"share": 1_000_000 // count, "groups": ["all"], "right": right}
            tags.append({"line_id": f"l{number:07}", **share, **_TAG})
    return ledger.of(
        "bench",
        pl.DataFrame(lines, schema=columns.schema(columns.LINES)),
        pl.DataFrame(tags, schema=columns.schema(columns.TAGS)),
    )


_TAG = {"effect": "supports", "basis": "manual", "state": "approved"}


def rules(book: Ledger) -> tuple[Requirement, ...]:
    """Thirty progressive floors by right, units within a range, category ceilings."""
    amounts = book.lines.select(
        "line", "amount", "administrative_unit", "cost_category"
    )
    tagged = book.tags.join(amounts, on="line")
    by_right = {
        right: int(
            part.select(pl.col("share") * pl.col("amount") // 10**8).sum().item()
        )
        for (right,), part in tagged.group_by("right")
    }
    made: list[Requirement] = []
    for number, (right, money) in enumerate(sorted(by_right.items())):
        floor = {"measure": {"right": right}, "at_least": str(int(money * 1.04))}
        made += _requirements(book, f"floor.{number:02}", "progressive", floor)
    for name, values, sense, factor in (
        ("administrative_unit", UNITS, "at_least", 0.95),
        ("administrative_unit", UNITS, "at_most", 1.10),
        ("cost_category", CATEGORIES, "at_most", 1.05),
    ):
        for value in values:
            spent = amounts.filter(pl.col(name) == value)["amount"].sum() // 100
            keys = {
                "measure": {"where": f"{name} = '{value}'"},
                sense: str(int(spent * factor)),
            }
            made += _requirements(book, f"{sense}.{value}", "limit", keys)
    return tuple(sorted(made, key=lambda each: each.id))


def _requirements(
    book: Ledger, name: str, effect: str, keys: dict[str, object]
) -> list[Requirement]:
    dated = {
        key: {"2000-01-01": value} if key.startswith("at_") else value
        for key, value in keys.items()
    }
    stated = {
        "title": name,
        "form": "amount",
        "obligation": "fiscal_limit",
        "effect": effect,
        "reference": [{"title": "benchmark"}],
        "description": "",
        **dated,
    }
    body = FORMS["amount"].model_validate(stated)
    rule = Rule(name, "", name, "fiscal_limit", body.effect, (Reference("benchmark"),))
    context = Context(book, facts.none(), date(2026, 1, 1), lambda _year, _phase: None)
    return body.requirements(rule, context, {})


def ordinary(what_if: WhatIf, rows: tuple[Requirement, ...]) -> float:
    """The textbook model: a variable and a row for each line; its least shortfall."""
    problem = pulp.LpProblem("ordinary", pulp.LpMinimize)
    lines = list(what_if.lines.select("line", "start", "low", "high").iter_rows())
    amount, moved = {}, []
    for line, start, low, high in lines:
        amount[line] = problem.add_variable(f"x{line}", low / 1e6, high / 1e6)
        up = problem.add_variable(f"u{line}", 0)
        down = problem.add_variable(f"d{line}", 0)
        problem.addConstraint(amount[line] - up + down == start / 1e6)
        moved += [up, down]
    problem.addConstraint(pulp.lpSum(amount.values()) == what_if.envelope / 1e6)
    short = []
    for number, row in enumerate(rows):
        left = pulp.LpAffineExpression(
            [
                (amount[line], coefficient / 1e6)
                for line, coefficient in row.measure.select(
                    "line", "coefficient"
                ).iter_rows()
            ]
        )
        bound = float(row.bound.middle) / 1e6
        if row.hard:
            problem.addConstraint(
                left >= bound if row.sense == "at_least" else left <= bound
            )
        else:
            lacking = problem.add_variable(f"s{number}", 0)
            short.append(lacking)
            problem.addConstraint(left + lacking >= bound)
    problem.setObjective(pulp.lpSum(short) + 0.0001 * pulp.lpSum(moved))
    problem.solve(pulp.HiGHS(msg=False, threads=1))
    return sum(each.varValue for each in short) * 1e6


def main() -> None:
    """Measure each size in turn, the two ways alternating."""
    sizes = [int(each) for each in sys.argv[1:]] or [1_000, 3_000, 10_000]
    print(f"{'lines':>8} {'ours s':>8} {'PuLP s':>8} {'ratio':>6}  least shortfalls")
    for size in sizes:
        book = budget(size)
        rows = rules(book)
        asked = Scenario(
            id="bench",
            title="",
            text="",
            budget="bench",
            line_down=Fraction(1, 5),
            line_up=Fraction(1, 4),
        )
        what_if = apply(asked, book, rows)
        ours, theirs = [], []
        for _ in range(RUNS):
            start = time.perf_counter()
            answer = optimize(what_if, rows)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            peer = ordinary(what_if, rows)
            theirs.append(time.perf_counter() - start)
        mine, other = statistics.median(ours), statistics.median(theirs)
        least = float(answer.levels[0].least) / 100
        print(
            f"{size:>8,} {mine:8.2f} {other:8.2f} {mine / other:6.2f}  "
            f"{least:,.0f} and {peer / 100:,.0f} SEK ({answer.status})"
        )


if __name__ == "__main__":
    main()
