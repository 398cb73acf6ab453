"""A scenario applied to a budget: numbers that the optimizer can work with."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import DEFAULT_LEVEL, Scenario, WhatIf
from hrbudget.domain.statement import Statement
from hrbudget.errors import CallRefused, NotFound
from hrbudget.scenario import caps

T = TypeVar("T")


def apply(
    scenario: Scenario, ledger: Ledger, asked: tuple[Requirement | Statement, ...]
) -> WhatIf:
    """The scenario as numbers: starting amounts, bounds, envelope, levels.

    A line's own ``amount_min`` and ``amount_max`` stand in place of the scenario's
    limits. A cap on moves that must hold and counts from this budget narrows them
    further. Revenue, protected lines, lines that are not movable, and lines below zero
    (refunds and corrections) stay where they are.

    Raises:
        CallRefused: something the scenario names is not there, or does not fit.
    """
    _check_names(scenario, asked)
    lines = _adjusted(scenario, ledger)
    bounded = _bounded(
        scenario, lines.with_columns(free=_free(scenario, lines, ledger))
    )
    spent = money.total(bounded.filter("spent"), pl.col("start"))
    moved = scenario.moved_total
    bounded, moved_total = caps.hold(
        asked, bounded, None if moved is None else int(moved * spent)
    )
    soft = [each for each in asked if isinstance(each, Requirement) and not each.hard]
    return WhatIf(
        lines=bounded.select(
            "line", "line_id", "start", "least", "low", "high", "spent"
        ),
        envelope=_envelope(scenario, ledger, spent),
        unit=_unit(scenario, ledger.currency),
        moved_total=moved_total,
        levels={
            each.id: _by_prefix(each.rule.id, scenario.priorities, DEFAULT_LEVEL)
            for each in soft
        },
        weights={
            each.id: _by_prefix(each.rule.id, scenario.weights, Fraction(1))
            for each in soft
        },
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
        for parts in (name.split(".") for name in senses)
        for length in range(1, len(parts) + 1)
    }
    for part, names in (
        ("priorities", scenario.priorities),
        ("weights", scenario.weights),
        ("rule_values", scenario.rule_values),
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


def _bounded(scenario: Scenario, lines: pl.DataFrame) -> pl.DataFrame:
    """``least``, ``low`` and ``high`` of every line; one that stays has no room."""
    start, free = pl.col("start"), pl.col("free")
    least = pl.max_horizontal("amount_min", 0)
    down = pl.min_horizontal(start - _times(start, scenario.line_down), "amount_max")
    up = pl.max_horizontal(start + _times(start, scenario.line_up), "amount_min")
    low = pl.max_horizontal(pl.coalesce("amount_min", down), 0)
    high = pl.coalesce("amount_max", up)
    return lines.with_columns(
        least=pl.when(free).then(least).otherwise(start),
        low=pl.when(free).then(low).otherwise(start),
        high=pl.when(free).then(high).otherwise(start),
    )


def _adjusted(scenario: Scenario, ledger: Ledger) -> pl.DataFrame:
    """All lines with ``start``, the amount after adjustments, and ``spent``."""
    lines = ledger.lines.with_columns(start=pl.col("amount"), spent=EXPENDITURE)
    for adjustment in scenario.adjust:
        applies = _holds(adjustment.where, ledger).fill_null(value=False)
        _require_lines("adjust", adjustment.where, applies)
        change = _times(pl.col("start"), adjustment.change)
        lines = lines.with_columns(
            start=pl.when(applies).then(pl.col("start") + change).otherwise("start")
        )
    return lines


def _free(scenario: Scenario, lines: pl.DataFrame, ledger: Ledger) -> pl.Series:
    """Lines that may move; one that may be protected (an empty cell) does not."""
    free = lines.select(
        pl.col("spent")
        & pl.col("movable").fill_null(value=True)
        & (pl.col("start") >= 0)
    ).to_series()
    for predicate in scenario.protected:
        applies = _holds(predicate, ledger).fill_null(value=True)
        _require_lines("protected", predicate, applies)
        free = free & ~applies
    return free


def _holds(predicate: Predicate, ledger: Ledger) -> pl.Series:
    """True, false or unknown for each line.

    Raises:
        CallRefused: the budget has no such column, or not of such a type.
    """
    absent = predicate.missing(ledger.lines)
    if absent:
        needs = f"which {predicate.text!r} needs"
        message = f"{ledger.budget} has no column {absent[0]}, {needs}."
        raise CallRefused(message)
    try:
        return predicate.holds(ledger.lines, ledger.currency)
    except ValueError as error:
        raise CallRefused(str(error)) from error


def _require_lines(part: str, predicate: Predicate, applies: pl.Series) -> None:
    if not applies.any():
        message = f"{part}: no line satisfies {predicate.text!r}; correct or remove it."
        raise CallRefused(message)


def _times(amount: pl.Expr, share: Fraction) -> pl.Expr:
    """A share of each amount in whole minor units, rounded half away from zero."""
    wide = amount.cast(pl.Int128) * abs(share.numerator)
    size = (wide.abs() * 2 + share.denominator) // (2 * share.denominator)
    signed = size * wide.sign() * (-1 if share < 0 else 1)
    most = pl.lit(money.MAX_MINOR, pl.Int128)
    return signed.clip(-most, most).cast(pl.Int64)


def _envelope(scenario: Scenario, ledger: Ledger, spent: int) -> int:
    if scenario.envelope_amount is not None:
        amount = money.to_minor(scenario.envelope_amount, ledger.currency)
        if amount.denominator != 1:
            message = f"The envelope {scenario.envelope_amount} is finer than an öre."
            raise CallRefused(message)
        return int(amount)
    return round(spent * (1 + scenario.envelope_change))


def _unit(scenario: Scenario, currency: str) -> int:
    """Minor units that moves are multiples of: one krona's unless said."""
    if scenario.round_to is None:
        return int(10 ** money.decimals(currency))
    unit = money.to_minor(scenario.round_to, currency)
    if unit.denominator != 1 or unit < 1:
        message = f"round_to {scenario.round_to} is no whole number of minor units."
        raise CallRefused(message)
    return int(unit)


def _by_prefix(name: str, stated: dict[str, T], default: T) -> T:
    """The value of the longest dotted prefix of the name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in stated:
            return stated[prefix]
    return default
