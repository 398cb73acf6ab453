"""What can be said of a plan by itself, before there is any budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from hrbudget.domain import columns, facts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.plan import Plan
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Verdict
from hrbudget.rules.context import Context
from hrbudget.rules.plan.bodies import bodies
from hrbudget.rules.plan.told import Told, listed


@dataclass(frozen=True)
class Said:
    """One finding of the plan: the id it has in the pack ``plan``."""

    id: str
    title: str
    verdict: Verdict
    says: Phrase


def readings(stated: Plan, on: date) -> Iterator[Said]:
    """The findings that need no budget, as they are on a day.

    Descriptions, deadlines, paths, gaps: what the pack ``plan`` finds in them too, with
    the observations up to that day's year.
    """
    context = Context(_no_budget(stated, on), facts.none(), on, lambda *_: None)
    for name, body, version in bodies(stated):
        if not isinstance(body, Told) or body.needs_budget:
            continue
        rule = Rule(
            f"plan.{name}", version, body.title, body.obligation, body.effect, ()
        )
        for each in body.requirements(rule, context, {}):
            if each.missing:
                missing = listed(each.missing)
                yield Said(each.id, body.title, "not_assessed", missing)
            else:
                found = each.read(context.ledger.lines)
                yield Said(each.id, body.title, found.verdict, found.says)


def _no_budget(stated: Plan, on: date) -> Ledger:
    position = pl.lit(0, pl.UInt32).alias("line")
    lines = columns.empty(columns.LINES).with_columns(position)
    tags = columns.empty(columns.TAGS).with_columns(position)
    currency = stated.currency or "XXX"  # ISO 4217: none
    return Ledger("", on.year, "proposed", currency, lines, tags)
