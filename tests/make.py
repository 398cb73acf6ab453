"""Small budgets for tests: a few lines and tags, everything else by default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget.domain import columns, facts, ledger
from hrbudget.domain.facts import DEFLATORS, POPULATION, Facts
from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Reference, Rule
from hrbudget.domain.scenario import Scenario
from hrbudget.domain.statement import Statement
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS

Row = dict[str, Any]


def book(lines: list[Row], tags: list[Row] | None = None, **common: Any) -> Ledger:  # noqa: ANN401
    """A ledger; ``amount`` and bounds are whole kronor, shares decimal text."""
    rows = [
        {
            "fiscal_year": 2026,
            "phase": "proposed",
            "direction": "expenditure",
            "currency": "SEK",
            **common,
            **line,
        }
        for line in lines
    ]
    for row in rows:
        for name in columns.MONEY:
            if row.get(name) is not None:
                row[name] = round(Fraction(str(row[name])) * 100)
    tagged = [
        {
            "groups": [],
            "effect": "supports",
            "basis": "manual",
            "state": "approved",
            "criterion": None,
            **tag,
            **{
                name: round(Fraction(tag[name]) * 10**6)
                for name in ("share", "share_low", "share_high")
                if name in tag
            },
        }
        for tag in tags or []
    ]
    return ledger.of(
        "budget",
        pl.DataFrame(rows, schema=columns.schema(columns.LINES)),
        pl.DataFrame(tagged, schema=columns.schema(columns.TAGS)),
    )


def rule(
    on: Ledger,
    name: str = "test.rule",
    *,
    reference: Ledger | None = None,
    known: Facts | None = None,
    day: date = date(2026, 1, 1),
    **keys: Any,  # noqa: ANN401
) -> list[Requirement]:
    """The requirements of a rule given by the keys that matter to a test."""
    made = asks(on, name, reference=reference, known=known, day=day, **keys)
    return [each for each in made if isinstance(each, Requirement)]


def asks(
    on: Ledger,
    name: str = "test.rule",
    *,
    reference: Ledger | None = None,
    known: Facts | None = None,
    day: date = date(2026, 1, 1),
    **keys: Any,  # noqa: ANN401
) -> list[Requirement | Statement]:
    """All that a rule asks, what is no inequality too."""
    stated = {
        "title": name,
        "obligation": "fiscal_limit",
        "effect": "progressive",
        "reference": [{"title": "A source"}],
        "description": "",
        **keys,
    }
    for sense in ("at_least", "at_most", "equal"):
        if isinstance(stated.get(sense), str):
            stated[sense] = {"2000-01-01": stated[sense]}
    body = FORMS[stated["form"]].model_validate(stated)
    header = Rule(
        name, "v1", body.title, body.obligation, body.effect, (Reference("A source"),)
    )
    context = Context(on, known or facts.none(), day, lambda _year, _phase: reference)
    return list(body.requirements(header, context, {}))


def known(population: Sequence[Row] = (), deflators: Sequence[Row] = ()) -> Facts:
    """Facts of an entity."""
    people = [{"district": "", "source": "test", **row} for row in population]
    prices = [{"source": "test", **row} for row in deflators]
    return Facts(
        pl.DataFrame(people, schema=POPULATION), pl.DataFrame(prices, schema=DEFLATORS)
    )


def what_if(**keys: Any) -> Scenario:  # noqa: ANN401
    """A scenario given by what matters to a test."""
    return Scenario(**{"id": "s", "title": "s", "text": "", "budget": "budget", **keys})


def verdicts(checked: Checked) -> dict[str, str]:
    """Verdict by requirement."""
    return {each.id: each.verdict for each in checked.findings}
