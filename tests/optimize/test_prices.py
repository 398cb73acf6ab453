"""Every shadow price is what the bound's next krona does, confirmed by an exact solver.

The cases are the same on every machine; others are had by

    HRBUDGET_SEED=anything HRBUDGET_CASES=300 pytest -k prices
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from hrbudget.domain.predicate import Predicate
from hrbudget.domain.proposal import Price
from hrbudget.optimize.linear import in_turn, open_session
from hrbudget.optimize.sensitivity.prices import by_row, prices
from hrbudget.scenario.apply import apply
from tests import make
from tests.optimize.exact_model import Opened, asking, least, model_of, opened

SEED = os.environ.get("HRBUDGET_SEED", "2026")
CASES = min(300, int(os.environ.get("HRBUDGET_CASES", "60")))

Every = list[tuple[Opened, list[tuple[int, Price]]]]

#: An answer nearer to a bound than this is taken to be at it, in parts of the mean room
#: of a class; a price says nothing about so short a way.
_SPECK = Fraction(1, 10**6)


@pytest.fixture(scope="module")
def every() -> Every:
    return [
        (each, list(by_row(each.session, each.model)))
        for each in opened(SEED, range(CASES))
    ]


def sides(every: Every) -> Iterator[tuple[Opened, int, Price, int]]:
    """Every price on both of its sides."""
    for each, found in every:
        for row, price in found:
            for toward in (-1, 1):
                yield each, row, price, toward


def test_there_are_prices_of_all_kinds(every: Every) -> None:
    found = [price for _, row in every for _, price in row]
    assert len(found) >= 2 * len(every)
    assert sum(each.low != each.high for each in found) >= len(found) // 20
    assert sum(bool(each.low) and each.low == each.high for each in found) > 50
    assert sum(None in (each.start, each.end) for each in found) > 20
    assert {each.id.split("[")[0] for each in found} > {"envelope", "fund_wall"}
    assert {each.level for each in found} >= {None, 1, 2, 3, 4}


def test_a_price_is_the_difference_that_its_bound_makes(every: Every) -> None:
    wrong = []
    for each, row, price, toward in sides(every):
        slope = price.low if toward < 0 else price.high
        far, speck = each.far(price, toward), each.session.scale * _SPECK
        ways = [speck * 10**7] if far is None else [far / 1000, far / 2, far * _INSIDE]
        if slope is None:
            if least(asking(each.model, row, toward * speck)) is not None:
                wrong.append((each.name, price, "nothing is possible"))
            continue
        for way in ways:
            if way > 100 * speck:
                rise = slope * toward * way
                change = difference(each, row, price, toward * way)
                if change is None or abs(change - rise) > way / 10**6 + speck:
                    wrong.append((each.name, price, f"{way}: {change}, not {rise}"))
    assert wrong == []


#: Just inside the end of a range.
_INSIDE = Fraction(10**6 - 1, 10**6)


def difference(each: Opened, row: int, price: Price, more: Fraction) -> Fraction | None:
    place = each.levels.index(price.level)
    found = least(asking(each.model, row, more))
    return None if found is None else found[place] - each.least[place]


def test_what_has_no_price_makes_no_difference(every: Every) -> None:
    """Rows that are not told of at all, and levels of those that are."""
    wrong = []
    for each, found in every:
        told = {(row, price.level) for row, price in found}
        for row, stated in enumerate(each.model.rows):
            one, other = each.model.reach(stated)
            if stated.forbids or (stated.level is None and one == other):
                continue
            for toward in (-1, 1):
                changed = beyond_a_speck(each, row, toward)
                if changed is None:
                    sides = {
                        price.low if toward < 0 else price.high
                        for number, price in found
                        if number == row
                    }
                    if sides != {None}:
                        wrong.append((each.name, row, "impossible"))
                    continue
                for level, change in zip(each.levels, changed, strict=True):
                    if abs(change) > Fraction(1, 10**6) and (row, level) not in told:
                        wrong.append((each.name, row, f"{level}: {change}"))
    assert wrong == []


def beyond_a_speck(each: Opened, row: int, toward: int) -> list[Fraction] | None:
    """Change of each level per krona: at once, or behind what is too near to tell."""
    speck = each.session.scale * _SPECK / 100
    near, next_ = (
        least(asking(each.model, row, toward * speck * times)) for times in (1, 10)
    )
    if near is None or next_ is None:
        return None
    return [
        min((new - old) / (9 * speck), (old - first) / speck, key=abs)
        for new, old, first in zip(next_, near, each.least, strict=True)
    ]


def test_a_range_ends_where_the_price_does(every: Every) -> None:
    """Beyond it this level, or one before it, changes at another rate, or cannot."""
    wrong, ends = [], 0
    for each, found in every:
        for row, price in found:
            for toward in (-1, 1):
                slope = price.low if toward < 0 else price.high
                far = each.far(price, toward)
                if slope is None or far is None:
                    continue
                ends += 1
                way = far * Fraction(1001, 1000) + each.session.scale * _SPECK * 10
                changed = least(asking(each.model, row, toward * way))
                if changed is None:
                    continue
                mine = {it.level: it for number, it in found if number == row}
                place = each.levels.index(price.level) + 1
                rates = [rate(mine.get(level), toward) for level in each.levels[:place]]
                kept = [
                    abs(new - old - slope_ * toward * way) <= way / 10**9
                    for new, old, slope_ in zip(
                        changed, each.least, rates, strict=False
                    )
                ]
                if all(kept):
                    wrong.append((each.name, price, f"still holds at {way}"))
    assert wrong == []
    assert ends > 100


def rate(price: Price | None, toward: int) -> Fraction:
    side = None if price is None else price.low if toward < 0 else price.high
    return side or Fraction(0)


def test_prices_are_the_same_when_a_session_is_kept(every: Every) -> None:
    for each, found in every[:10]:
        again = prices(each.session, each.model, each.linear)
        assert again == tuple(price for _, price in found)


def town(
    effect: str = "progressive",
    **scenario: Any,  # noqa: ANN401
) -> dict[tuple[str, int | None], Price]:
    """Prices in a town of two services, by requirement and level.

    Schools have 100 and care 60; schools are asked to have 130, at level 1, and care to
    have 80, at level 2. Nobody else has money, so each krona of the one is the other's.
    """
    book = make.book(
        [
            {"line_id": "care", "amount": "60"},
            {"line_id": "schools", "amount": "100"},
            {"line_id": "streets", "amount": "40", "movable": False},
        ],
        [
            {"line_id": "care", "right": "health", "share": "1"},
            {"line_id": "schools", "right": "education", "share": "1"},
            {"line_id": "streets", "right": None, "share": "0", "effect": "neutral"},
        ],
    )
    asked = tuple(
        row
        for name, right, kronor, strength in (
            ("s", "education", "130", effect),
            ("c", "health", "80", "progressive"),
        )
        for row in make.rule(
            *(book, name),
            form="amount",
            effect=strength,
            measure={"right": right},
            at_least=kronor,
        )
    )
    what = make.what_if(
        priorities={"s": 1, "c": 2},
        line_down=Fraction(1, 2),
        line_up=Fraction(1, 2),
        **scenario,
    )
    model = model_of(apply(what, book, asked), asked)
    session = open_session(model)
    linear = in_turn(session, model)
    assert linear is not None
    return {(each.id, each.level): each for each in prices(session, model, linear)}


def test_one_more_krona_for_schools_costs_care_one() -> None:
    """Schools get all they ask for, 130, and care is left with 30: it lacks 50."""
    found = town()
    asked = found["s", 2]
    assert (asked.low, asked.high, asked.bound) == (1, 0, 130_00)
    # Asked for less, schools leave it to care, until that has the 80 it asks for.
    assert (asked.start, asked.end) == (80_00, None)
    # One krona more for schools cannot be had, so the first level would lack it.
    more = found["s", 1]
    assert (more.low, more.high, more.end) == (0, 1, None)
    # Care is asked for 80 and has 30; each krona more is one more that it lacks.
    care = found["c", 2]
    assert (care.low, care.high, care.start, care.end) == (1, 1, 30_00, None)


def test_the_limit_on_all_moves_has_a_price_in_its_own_kronor() -> None:
    """Of 200 at most 10 may be moved: schools get 10 of 30, care lacks 30."""
    found = town(moved_total=Fraction(1, 20))
    first, second = found["moved_total", 1], found["moved_total", 2]
    assert (first.bound, first.low, first.high) == (10_00, -1, -1)
    assert (second.low, second.high) == (1, 1)
    assert (first.start, first.end) == (0, 30_00)
    assert found["envelope", 1].low is not None


def test_a_rule_that_asks_for_more_than_there_is_lacks_each_krona_more() -> None:
    found = town(weights={"s": Fraction(3)}, protected=(Predicate("amount > 0"),))
    price = found["s", 1]
    assert (price.low, price.high) == (3, 3)
    assert (price.start, price.end) == (100_00, None)


def test_what_can_be_asked_no_more_has_no_price_for_more() -> None:
    """Schools must have 130, and can: care is at its floor. Nobody can give more."""
    must = town(effect="limit")["s", 2]
    assert (must.low, must.high) == (1, None)
    assert (must.start, must.end) == (80_00, 130_00)
