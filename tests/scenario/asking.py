"""What a planner writes, applied to a small budget and answered by the optimizer."""

from __future__ import annotations

from fractions import Fraction

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario, WhatIf
from hrbudget.optimize.run import optimize
from hrbudget.scenario.added import with_new_lines
from hrbudget.scenario.apply import apply
from hrbudget.scenario.read import parse
from tests.make import Row, book, rule

HEAD = 'title: A what-if\nbaseline: {budget: budget}\nround_to: "1"\n'


def written(keys: str, head: str = HEAD) -> Scenario:
    """A scenario as its file says it, read as any file is."""
    return parse(f"{head}{keys}\n".encode(), "s")


def numbers(on: Ledger, keys: str, *rows: Requirement) -> WhatIf:
    """The scenario as numbers."""
    what = written(keys)
    return apply(what, with_new_lines(what, on), rows)


def answered(on: Ledger, keys: str, *rows: Requirement) -> Answer:
    """The proposal of the real optimizer."""
    return optimize(numbers(on, keys, *rows), rows)


def kronor(found: Answer) -> list[float]:
    """Amounts in the order of line ids."""
    return [amount / 100 for amount in found.amounts["amount"]]


def asked(what: WhatIf) -> dict[str, tuple[str, Fraction]]:
    """Sense and bound (kronor) of all that the scenario asks, by id."""
    return {each.id: (each.sense, each.bound.middle / 100) for each in what.asks}


def of(what: WhatIf, line_id: str) -> Row:
    """One line of a what-if, its money in kronor."""
    row = what.lines.filter(what.lines["line_id"] == line_id).row(0, named=True)
    in_minor = ("start", "least", "low", "high", "step")
    return {**row, **{name: row[name] / 100 for name in in_minor}}


def town(*lines: Row, health: str = "a", **common: str) -> Ledger:
    """A budget of 100 kronor a line unless said; one line is tagged health."""
    rows = [{"amount": "100", **line} for line in lines]
    return book(rows, [{"line_id": health, "right": "health", "share": "1"}], **common)


def more_health(on: Ledger, amount: str) -> list[Requirement]:
    """A progressive rule that pulls health up."""
    measure = {"right": "health"}
    return rule(on, "plan.health", form="amount", measure=measure, at_least=amount)
