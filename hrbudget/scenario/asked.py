"""A sum over lines with its titles becomes a requirement of the scenario's own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import (
    COEFFICIENTS,
    Interval,
    Requirement,
    Sense,
    no_coefficients,
)
from hrbudget.domain.rule import Effect, Reference, Rule
from hrbudget.domain.scenario import Scenario

#: One sentence in English and the same in Swedish.
Titles = tuple[str, str]


@dataclass(frozen=True)
class Ask:
    """What some lines together must be.

    Attributes:
        id: the kind of it.
        effect: immediate, or limit where it may give way.
        titles: what it asks.
        sense: of the sum against the bound.
        lines: positions of the lines that count, each whole.
        bound: in minor units.
        scope: of several of a kind, which.
        factor: of the money of the lines ``of``, beside the bound.
    """

    id: str
    effect: Effect
    titles: Titles
    sense: Sense
    lines: pl.Series
    bound: Fraction
    scope: str = ""
    factor: Fraction = Fraction(0)
    of: pl.Series | None = None


def made(scenario: Scenario, ask: Ask) -> Requirement:
    """The requirement, which names the scenario as its source."""
    english, swedish = ask.titles
    rule = Rule(
        id=ask.id,
        version="",
        title=english,
        obligation="fiscal_limit",
        effect=ask.effect,
        reference=(Reference(f"scenario {scenario.id}"),),
        title_sv=swedish,
    )
    return Requirement(
        rule,
        ask.sense,
        _whole(ask.lines),
        Interval.exactly(ask.bound),
        ask.factor,
        no_coefficients() if ask.of is None else _whole(ask.of),
        scope=ask.scope,
    )


def _whole(lines: pl.Series) -> pl.DataFrame:
    """All the money of some lines."""
    whole = pl.lit(money.WHOLE, pl.Int64)
    return (
        pl.DataFrame({"line": lines})
        .with_columns(coefficient=whole, low=whole, high=whole)
        .cast(COEFFICIENTS)
        .sort("line")
    )
