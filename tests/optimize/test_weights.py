"""Weights inside their range keep the shortfalls, those outside do not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction

import pytest

from hrbudget.domain.proposal import WeightRange
from hrbudget.optimize.linear import ONE, costs
from hrbudget.optimize.sensitivity.settled import settle
from hrbudget.optimize.sensitivity.weights import ranges
from tests.optimize.exact_model import Opened, least, opened, weighing

SEED = os.environ.get("HRBUDGET_SEED", "2026")
CASES = min(300, int(os.environ.get("HRBUDGET_CASES", "60")))

Every = list[tuple[Opened, tuple[WeightRange, ...]]]


@pytest.fixture(scope="module")
def every() -> Every:
    return [
        (each, ranges(each.session, each.model, each.linear))
        for each in opened(SEED, range(CASES))
    ]


def lacking(each: Opened) -> dict[int, Fraction]:
    """What each row lacks in the answer, with what no move could make good."""
    settled = settle(each.session, each.model)
    assert settled is not None
    found = settled.twin.minimize(totals={each.model.shape.totals: ONE})
    totals = [
        origin + found.totals[number] * 10**6
        for number, origin in enumerate(each.model.origin)
    ]
    return {
        number: row.short(totals)  # type: ignore[arg-type]
        for number, row in enumerate(each.model.rows)
    }


def weighted(every: Every) -> Iterator[tuple[Opened, int, WeightRange]]:
    for each, found in every:
        numbers = {row.id: n for n, row in enumerate(each.model.rows) if row.level}
        for it in found:
            yield each, numbers[it.id], it


def dearer(each: Opened, row: int, weight: Fraction) -> Fraction:
    """By how much the answer's shortfalls are dearer than need be at this weight."""
    model = weighing(each.model, row, weight)
    level = model.rows[row].level
    assert level is not None
    now, best = lacking(each), least(model)
    assert best is not None
    cost = sum(at * now[number] for number, at in costs(model, level).items())
    return cost - best[each.levels.index(level)]


def speck(each: Opened) -> Fraction:
    return each.session.scale / 10**6


def test_each_requirement_that_shares_a_level_has_a_range(every: Every) -> None:
    for each, found in every:
        shared = [
            row.id
            for row in each.model.rows
            if row.level is not None and len(costs(each.model, row.level)) > 1
        ]
        assert [it.id for it in found] == shared
        for it in found:
            assert 0 <= it.low <= it.weight
            assert it.high is None or it.high >= it.weight
    every_range = [it for _, found in every for it in found]
    assert sum(it.low > 0 for it in every_range) > 5
    assert sum(it.high is not None for it in every_range) > 5


def test_weights_inside_the_range_keep_the_shortfalls(every: Every) -> None:
    wrong = []
    for each, row, it in weighted(every):
        high = it.weight * 50 if it.high is None else it.high
        wrong += [
            (each.name, it, weight)
            for weight in (
                it.low,
                (it.low + it.weight) / 2,
                (it.weight + high) / 2,
                high,
            )
            if dearer(each, row, weight) > speck(each) * max(Fraction(1), weight)
        ]
    assert wrong == []


def test_weights_outside_the_range_do_not(every: Every) -> None:
    wrong, tried = [], 0
    for each, row, it in weighted(every):
        outside = [it.low * Fraction(9, 10)] if it.low > 0 else []
        outside += [] if it.high is None else [it.high * Fraction(11, 10)]
        for weight in outside:
            tried += 1
            if dearer(each, row, weight) <= 0:
                wrong.append((each.name, it, weight))
    assert wrong == []
    assert tried > 15


def test_the_ranges_are_the_same_when_a_session_is_kept(every: Every) -> None:
    for each, found in every[:10]:
        assert ranges(each.session, each.model, each.linear) == found
