"""Statements of rules in tests: facts and indices, read on a small budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from hrbudget.check import check
from hrbudget.domain import facts as known_facts
from hrbudget.domain.declared import DeclaredFact
from hrbudget.domain.facts import NEED, OUTCOMES, POPULATION, Facts
from hrbudget.domain.finding import Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.rule import Reference, Rule
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS

Row = dict[str, Any]
YEAR = 2026


def found(
    on: Ledger,
    *others: Ledger,
    known: Facts | None = None,
    day: date = date(2026, 1, 1),
    values: dict[str, str | None] | None = None,
    **keys: Any,  # noqa: ANN401
) -> list[Finding]:
    """What a rule of these keys finds on a budget; ``others`` are its other years."""
    stated = {
        "title": "A rule",
        "obligation": "fiscal_limit",
        "effect": "progressive",
        "reference": [{"title": "A source"}],
        "description": "",
        **keys,
    }
    for sense in ("at_least", "at_most", "equal"):
        if stated["form"] == "index" and isinstance(stated.get(sense), str):
            stated[sense] = {"2000-01-01": stated[sense]}
    body = FORMS[stated["form"]].model_validate(stated)
    header = Rule(
        "test.rule", "v1", body.title, body.obligation, body.effect, (Reference("A"),)
    )
    books = {(each.fiscal_year, each.phase): each for each in others}
    context = Context(
        on,
        known or known_facts.none(),
        day,
        lambda year, phase: books.get((year, phase)),
    )
    asked = body.requirements(header, context, values or {})
    return list(check(on, asked).findings)


def know(
    population: list[Row] | None = None,
    need: list[Row] | None = None,
    outcomes: list[Row] | None = None,
    declared: list[Row] | None = None,
) -> Facts:
    """Facts of an entity; of everybody, everywhere, in 2026, unless said otherwise."""
    whole = {"fiscal_year": YEAR, "district": "", "group": "all", "source": "test"}
    frames = [
        pl.DataFrame([{**whole, **row} for row in rows or []], schema=schema)
        for rows, schema in (
            (population, POPULATION),
            (need, NEED),
            (outcomes, OUTCOMES),
        )
    ]
    facts = [DeclaredFact.model_validate(row).fact() for row in declared or []]
    return replace(
        known_facts.none(),
        population=frames[0],
        need=frames[1],
        outcomes=frames[2],
        declared=tuple(facts),
    )


def only(findings: list[Finding]) -> Finding:
    """The one finding there is."""
    (finding,) = findings
    return finding


def patterns(finding: Finding) -> list[str]:
    """What a finding says is missing."""
    return [part.pattern for part in finding.requirement.missing]
