"""The budget that ``optimize_forms.py`` and ``what_ifs.py`` measure on, as arrays.

Lines have lognormal amounts and may go from 0.8 to 1.25 of them, one in ten stays.
Their tags follow their unit and function, as in real budgets, so that many look alike:
one to three of 30 rights, which serve some of 15 groups. The rules: an envelope one
per cent smaller, a floor for every right whose shortfall is minimized, a parity row for
every group, 40 units between 95 and 110 per cent of today and 25 cost categories whose
share of all money is capped. Made without a loop over lines; the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hrbudget import money
from hrbudget.domain.requirement import COEFFICIENTS, Interval, Requirement, Sense
from hrbudget.domain.rule import Effect, Reference, Rule
from hrbudget.domain.scenario import ENVELOPE, WhatIf

RIGHTS, GROUPS, UNITS, CATEGORIES, FUNCTIONS, KINDS = 30, 15, 40, 25, 50, 5
TAGS = 3

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """Lines as arrays, amounts in minor units, shares in millionths.

    Attributes:
        rights: of each line's tags, -1 where it has fewer; ``shares`` of them.
        groups: share of each line that serves each group: lines × groups.
    """

    amount: Ints
    low: Ints
    high: Ints
    unit: Ints
    category: Ints
    rights: Ints
    shares: Ints
    groups: NDArray[np.int32]


@dataclass(frozen=True)
class Limits:
    """Right-hand sides of the rules, in minor units; factors are of all money.

    Attributes:
        floors: by right; ``weights`` of their shortfalls.
        parity: least part of all money that serves each group.
        unit_low: least money of each unit; ``unit_high`` most.
        shares: most part of all money of each category.
    """

    envelope: int
    floors: Ints
    weights: Ints
    parity: tuple[Fraction, ...]
    unit_low: Ints
    unit_high: Ints
    shares: tuple[Fraction, ...]


def lines(size: int) -> Lines:
    """The lines of a budget of this size."""
    chance = np.random.default_rng(20261121)
    amount = np.round(chance.lognormal(13, 1.2, size)).astype(np.int64) * 100
    moves = chance.random(size) >= 0.1
    popular = 1 / np.arange(1, FUNCTIONS + 1)
    function = chance.choice(FUNCTIONS, size, p=popular / popular.sum())
    unit = chance.integers(0, UNITS, size)
    rights, shares, groups = _tags(chance)
    # Units of a kind share the rules by which their lines are tagged.
    by_rule = (unit % KINDS) * FUNCTIONS + function
    return Lines(
        amount,
        np.where(moves, amount * 4 // 5, amount),
        np.where(moves, amount * 5 // 4, amount),
        unit,
        chance.integers(0, CATEGORIES, size),
        rights[by_rule],
        shares[by_rule],
        groups[by_rule],
    )


def _tags(
    chance: np.random.Generator,
) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """Rights, shares and groups of every rule for tags: kinds of units × functions."""
    rules = KINDS * FUNCTIONS
    rights = np.argsort(chance.random((rules, RIGHTS)), axis=1)[:, :TAGS]
    rights[:RIGHTS, 0] = np.arange(RIGHTS)
    rights[:RIGHTS, 1:] = (rights[:RIGHTS, :1] + [[7, 13]]) % RIGHTS
    count = chance.integers(1, TAGS + 1, rules)
    absent = np.arange(TAGS) >= count[:, None]
    shares = np.where(absent, 0, money.WHOLE * 8 // 10 // count[:, None])
    served = chance.random((rules, TAGS, GROUPS)) < 0.12
    groups = (served * shares[:, :, None]).sum(axis=1).astype(np.int32)
    return np.where(absent, -1, rights), shares, groups


def limits(of: Lines) -> Limits:
    """What the rules ask of these lines; before the cut of the envelope all holds."""
    chance = np.random.default_rng(7)
    total, amount = int(of.amount.sum()), of.amount
    by_unit = _by(of.unit, amount, UNITS)
    by_category = _by(of.category, amount, CATEGORIES)
    held = np.zeros(RIGHTS + 1, dtype=np.int64)
    for tag in range(TAGS):
        part = amount // 1000 * of.shares[:, tag] // 1000
        held += _by(of.rights[:, tag] + 1, part, RIGHTS + 1)
    serving = (of.groups.T // 1000 @ (amount // 1000)).astype(np.int64)
    return Limits(
        envelope=total * 99 // 100 // 100 * 100,
        floors=(held[1:] * chance.uniform(0.97, 1.12, RIGHTS)).astype(np.int64),
        weights=chance.integers(1, 4, RIGHTS),
        parity=tuple(
            Fraction(int(each) * 98, total * 100).limit_denominator(10**6)
            for each in serving
        ),
        unit_low=by_unit * 95 // 100,
        unit_high=by_unit * 110 // 100,
        shares=tuple(
            Fraction(int(each) * 102, total * 100).limit_denominator(10**6)
            for each in by_category
        ),
    )


def _by(codes: Ints, amounts: Ints, count: int) -> Ints:
    """Exact sums by code."""
    frame = pl.DataFrame({"code": codes, "amount": amounts})
    sums = frame.group_by("code").agg(pl.col("amount").sum()).sort("code")
    found = np.zeros(count, dtype=np.int64)
    found[sums["code"].to_numpy()] = sums["amount"].to_numpy()
    return found


def what_if(of: Lines, asked: Limits) -> WhatIf:
    """The scenario as the optimizer takes it: moves in whole kronor, one fund."""
    size = of.amount.size
    frame = pl.DataFrame(
        {
            "line": pl.int_range(size, dtype=pl.UInt32, eager=True),
            "line_id": pl.int_range(size, eager=True).cast(pl.String).str.zfill(8),
            "start": of.amount,
            "low": of.low,
            "high": of.high,
            "least": np.where(of.low < of.high, 0, of.amount),
        }
    ).with_columns(
        spent=pl.lit(value=True),
        fund=pl.lit("own"),
        step=pl.lit(100, pl.Int64),
    )
    envelope = Interval.exactly(asked.envelope)
    names = [f"floor.{right:02}" for right in range(RIGHTS)]
    return WhatIf(
        lines=frame,
        asks=(
            Requirement(_rule(ENVELOPE, "immediate"), "equal", _all(size), envelope),
        ),
        unit=100,
        moved_total=None,
        levels=dict.fromkeys(names, 1),
        weights={
            name: Fraction(int(weight))
            for name, weight in zip(names, asked.weights, strict=True)
        },
    )


def requirements(of: Lines, asked: Limits) -> tuple[Requirement, ...]:
    """The rules as requirements."""
    whole, made = _all(of.amount.size), list[Requirement]()

    def ask(
        name: str,
        effect: Effect,
        sense: Sense,
        measure: pl.DataFrame,
        bound: int = 0,
        factor: Fraction | None = None,
    ) -> None:
        rule, right = _rule(name, effect), Interval.exactly(bound)
        one = Requirement(rule, sense, measure, right)
        made.append(replace(one, factor=factor, of=whole) if factor else one)

    for right in range(RIGHTS):
        share = ((of.rights == right) * of.shares).sum(axis=1)
        floor = int(asked.floors[right])
        ask(f"floor.{right:02}", "progressive", "at_least", _where(share), floor)
    for group, part in enumerate(asked.parity):
        share = _where(of.groups[:, group])
        ask(f"parity.{group:02}", "limit", "at_least", share, factor=part)
    for unit in range(UNITS):
        here = _where((of.unit == unit) * money.WHOLE)
        ask(f"low.{unit:02}", "limit", "at_least", here, int(asked.unit_low[unit]))
        ask(f"high.{unit:02}", "limit", "at_most", here, int(asked.unit_high[unit]))
    for category, part in enumerate(asked.shares):
        here = _where((of.category == category) * money.WHOLE)
        ask(f"share.{category:02}", "limit", "at_most", here, factor=part)
    return tuple(made)


def _where(coefficient: NDArray[Any]) -> pl.DataFrame:
    """Coefficients in millionths of the lines that have any."""
    places = np.flatnonzero(coefficient)
    found = coefficient[places]
    return pl.DataFrame(
        {"line": places, "coefficient": found, "low": found, "high": found}
    ).cast(COEFFICIENTS)


def _all(size: int) -> pl.DataFrame:
    return _where(np.full(size, money.WHOLE))


def _rule(name: str, effect: Effect) -> Rule:
    return Rule(name, "", name, "fiscal_limit", effect, (Reference("benchmark"),))
