"""The slow and certain way: try every allocation in whole units."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import polars as pl

from hrbudget.check import check, with_amounts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf


def best(
    book: Ledger, rows: tuple[Requirement, ...], what_if: WhatIf
) -> tuple[Fraction, ...] | None:
    """The least shortfalls by level that any allocation in whole units has.

    None where no allocation meets the hard rules. Emptying a line that an immediate
    rule forbids is allowed below the scenario's limits.
    """
    lines = what_if.lines
    (envelope,) = (each for each in what_if.asks if each.id == "envelope")
    forbidden = {
        line
        for each in rows
        if each.rule.effect == "immediate" and each.rule.id and each.bound.middle == 0
        if each.sense == "at_most" and each.of.is_empty()
        for line in each.measure["line"]
    }
    choices = [
        sorted(
            {
                *range(
                    start - (start - low) // what_if.unit * what_if.unit,
                    high + 1,
                    what_if.unit,
                ),
                *({0} if line in forbidden and least <= 0 else ()),
            }
        )
        for line, start, least, low, high in lines.select(
            "line", "start", "least", "low", "high"
        ).iter_rows()
    ]
    found: tuple[Fraction, ...] | None = None
    for amounts in product(*choices):
        if sum(amounts) != envelope.bound.middle:
            continue
        tried = pl.DataFrame({"line": lines["line"], "amount": list(amounts)})
        checked = check(with_amounts(book, tried), (*rows, *what_if.asks))
        if any(
            each.requirement.hard and each.verdict not in ("met", "not_assessed")
            for each in checked.findings
        ):
            continue
        levels = {level: Fraction(0) for level in sorted(set(what_if.levels.values()))}
        for each in checked.findings:
            if not each.requirement.hard:
                levels[what_if.levels[each.id]] += each.shortfall
        short = tuple(levels.values())
        found = short if found is None else min(found, short)
    return found
