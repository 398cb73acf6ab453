"""A scenario applied to a budget: numbers that the optimizer can work with."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import DEFAULT_LEVEL, Scenario, WhatIf, by_prefix
from hrbudget.domain.statement import Statement
from hrbudget.errors import CallRefused, NotFound
from hrbudget.scenario import asks, by_hand, caps
from hrbudget.scenario.starts import Started, started
from hrbudget.scenario.where import holds, minor, require, times


def apply(
    scenario: Scenario, ledger: Ledger, asked: tuple[Requirement | Statement, ...]
) -> WhatIf:
    """The scenario as numbers: starting amounts, bounds, what it asks, levels.

    A line's own ``amount_min`` and ``amount_max`` stand in place of the scenario's
    limits. A cap on moves that must hold and counts from this budget narrows them
    further. Revenue, protected lines, lines that are not movable, and lines below zero
    (refunds and corrections) stay where they are.

    Args:
        scenario: what a planner asks.
        ledger: the budget of one year or of all that are planned, with the scenario's
            new lines.
        asked: all that the rules ask of it.

    Raises:
        CallRefused: something the scenario names is not there, or does not fit.
    """
    begun = started(scenario, ledger)
    own = asks.asks(scenario, ledger, begun)
    _check_names(scenario, asked)
    free = _free(scenario, begun.lines, ledger)
    bounded = _bounded(scenario, begun, free)
    bounded = by_hand.pinned(scenario, bounded, ledger.currency)
    spent = money.total(bounded.filter("spent"), pl.col("start"))
    moved = scenario.moved_total
    bounded, moved_total = caps.hold(
        asked, bounded, None if moved is None else int(moved * spent)
    )
    unit = _unit(scenario, ledger.currency)
    bounded = by_hand.stepped(scenario, bounded, ledger, unit)
    heard = scenario.dialogue
    priorities = {**(heard.priorities if heard else {}), **scenario.priorities}
    weights = {**(heard.weights if heard else {}), **scenario.weights}
    rows = [each for each in (*asked, *own) if isinstance(each, Requirement)]
    return WhatIf(
        lines=bounded.select(*_COLUMNS),
        asks=own,
        unit=unit,
        moved_total=moved_total,
        levels={
            each.id: by_prefix(each.rule.id, priorities, DEFAULT_LEVEL)
            for each in rows
            if not each.hard
        },
        weights={
            each.id: by_prefix(each.rule.id, weights, Fraction(1)) for each in rows
        },
        fewest=scenario.fewest,
        robust=scenario.robust,
        moved_must=caps.must(asked, bounded),
    )


_COLUMNS = (
    *("line", "line_id", "start", "least", "low", "high", "spent", "fund", "step"),
)


def _check_names(
    scenario: Scenario, asked: tuple[Requirement | Statement, ...]
) -> None:
    """Every rule the scenario names is there, and is given the value it has."""
    senses: dict[str, set[str]] = {}
    for each in asked:
        senses.setdefault(each.rule.id, set()).add(each.sense)
    prefixes = {
        ".".join(parts[:length])
        for parts in (name.split(".") for name in (*senses, *asks.IDS))
        for length in range(1, len(parts) + 1)
    }
    heard = scenario.dialogue
    for part, names in (
        ("priorities", scenario.priorities),
        ("weights", scenario.weights),
        ("rule_values", scenario.rule_values),
        (f"dialogue, {heard.file}" if heard else "", heard.priorities if heard else {}),
        (f"dialogue, {heard.file}" if heard else "", heard.weights if heard else {}),
    ):
        known = set(senses) if part == "rule_values" else prefixes
        for name in names:
            if name not in known:
                kind = f"rule of this scenario's packs ({part})"
                raise NotFound(kind, name, known)
    for name, values in scenario.rule_values.items():
        wrong = [sense for sense in values if sense not in senses[name]]
        if wrong:
            stated = " and ".join(sorted(senses[name]))
            message = f"rule_values: {name} has {stated}, not {wrong[0]}."
            raise CallRefused(message)


def _bounded(scenario: Scenario, begun: Started, free: pl.Series) -> pl.DataFrame:
    """``least``, ``low`` and ``high`` of every line; one that stays has no room."""
    start, may_move = pl.col("start"), pl.col("free")
    least = pl.max_horizontal("amount_min", 0)
    down = pl.min_horizontal(start - times(start, scenario.line_down), "amount_max")
    # A new line without money has nothing to take a share of: all may go to it.
    all_there_is = pl.col("fiscal_year").replace_strict(
        begun.envelopes, return_dtype=pl.Int64
    )
    grown = start + times(start, scenario.line_up)
    grown = pl.when(pl.col("new") & (start == 0)).then(all_there_is).otherwise(grown)
    up = pl.max_horizontal(grown, "amount_min")
    low = pl.max_horizontal(pl.coalesce("amount_min", down), 0)
    high = pl.coalesce("amount_max", up)
    return begun.lines.with_columns(free=free).with_columns(
        least=pl.when(may_move).then(least).otherwise(start),
        low=pl.when(may_move).then(low).otherwise(start),
        high=pl.when(may_move).then(high).otherwise(start),
    )


def _free(scenario: Scenario, lines: pl.DataFrame, ledger: Ledger) -> pl.Series:
    """Lines that may move; one that may be protected (an empty cell) does not."""
    free = lines.select(
        pl.col("spent")
        & pl.col("movable").fill_null(value=True)
        & (pl.col("start") >= 0)
    ).to_series()
    for predicate in scenario.protected:
        applies = holds(predicate, ledger).fill_null(value=True)
        require("protected", predicate, applies)
        free = free & ~applies
    return free


def _unit(scenario: Scenario, currency: str) -> int:
    """Minor units that moves are multiples of: one krona's unless said."""
    if scenario.round_to is None:
        return int(10 ** money.decimals(currency))
    unit = money.to_minor(scenario.round_to, currency)
    if unit.denominator != 1 or unit < 1:
        message = f"round_to {scenario.round_to} is no whole number of minor units."
        raise CallRefused(message)
    return minor("round_to", scenario.round_to, currency)
