"""What was worked out by hand is proved, with these numbers."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from babel.core import get_global

from hrbudget import money
from hrbudget.cli.verify import checker
from tests.proof.making import Case, Line, Multipliers, Row
from tests.proof.worked import EVERY, OPTIMAL, REACHED

CHECK = checker()

#: Case → achieved and lower bound of each level, then of the movement.
NUMBERS: dict[str, list[tuple[int, int]]] = {
    "reached": [(0, 0), (6, 6)],
    "bound of a line": [(1, 1), (4, 4)],
    "envelope binds": [(2, 2), (2, 2)],
    "levels and weights": [(15, 15), (1, 1), (20, 20)],
    "ceiling and equal": [(2, 2), (8, 8)],
    "limit on moves": [(1, 1), (4, 4)],
    "steps": [(0, 0), (8, 6)],
    "odd line": [(0, 0), (9, 7)],
    "bounds alone": [(12, 12)],
}


@pytest.mark.parametrize("name", EVERY)
def test_a_certificate_worked_by_hand_holds(name: str) -> None:
    told = CHECK.verify(EVERY[name].content())
    assert told == {x: y for x, y in EVERY[name].document().items() if x != "digest"}


@pytest.mark.parametrize("name", OPTIMAL)
def test_it_proves_the_numbers_that_were_worked_out(name: str) -> None:
    proofs = CHECK.verify(OPTIMAL[name].content())["proofs"]
    found = [(int(each["achieved"]), int(each["bound"])) for each in proofs]
    assert found == NUMBERS[name]
    assert [int(each["gap"]) for each in proofs] == [x - y for x, y in NUMBERS[name]]


@pytest.mark.parametrize(
    ("name", "bound"),
    [("too much asked", 2), ("too little moved", 1), ("out of reach", 1)],
)
def test_what_cannot_be_is_proved_by_a_sum_above_zero(name: str, bound: int) -> None:
    (proof,) = CHECK.verify(EVERY[name].content())["proofs"]
    assert proof["bound"] == str(bound)


@pytest.mark.parametrize("seed", range(60))
def test_any_multipliers_that_fit_prove_what_the_theorem_says(seed: int) -> None:
    """Sums over classes agree with the theorem taken line by line."""
    CHECK.verify(_random_case(random.Random(seed)).content())  # noqa: S311


def _random_case(rng: random.Random) -> Case:
    """Lines of a few classes, soft rows, and multipliers of any size that fits."""
    lines = []
    for n in range(rng.randint(1, 12)):
        low = rng.randint(-20, 50)
        high = low + rng.choice((0, 1, 30))
        start = rng.randint(-40, 90)
        lines.append(Line(f"l{n}", start, low, high, rng.randint(low, high), n % 4))
    kinds = sorted({line.kind for line in lines})

    def part(most: int = 9) -> Fraction:
        return Fraction(rng.randint(-most, most), rng.choice((1, 2, 3, 1000)))

    rows = []
    for n in range(rng.randint(0, 5)):
        sense = rng.choice(("at_least", "at_most", "equal"))
        terms = {kind: part() for kind in kinds if rng.random() < 0.8}
        weight = abs(part())
        rows.append(Row(f"r{n}", sense, part(99), terms, rng.randint(1, 2), weight))
    levels = sorted({row.level for row in rows if row.level is not None})
    proofs = []
    for place in range(len(levels) + 1):
        mu = {level: abs(part(2)) for level in levels[:place]}
        own = dict.fromkeys(levels[place : place + 1], Fraction(1))
        y = {
            n: _price(row, {**mu, **own}, rng)
            for n, row in enumerate(rows)
            if row.level in {**mu, **own}
        }
        proofs.append(Multipliers(y, mu, abs(part(3))))
    return Case(lines, rows, proofs, limit=2000)


def _price(row: Row, mu: dict[int, Fraction], rng: random.Random) -> Fraction:
    most = Fraction(row.weight) * mu[row.level or 0] * Fraction(rng.randint(0, 4), 4)
    sign = {"at_least": 1, "at_most": -1}.get(row.sense) or rng.choice((-1, 1))
    return sign * most


def test_what_is_proved_is_told_in_sentences_with_money() -> None:
    told = CHECK.verify(OPTIMAL["steps"].content())
    head, level, movement = CHECK.sentences(told)
    assert head == (
        "scenario what_if on budget town: the proposal keeps all bounds and every row "
        "that must hold"
    )
    assert level == (
        "level 1: it lacks 0 SEK; no allocation lacks less than 0 SEK; gap 0 SEK"
    )
    assert movement == (
        "movement: it moves 0.08 SEK; no allocation as good in all above moves less "
        "than 0.06 SEK; gap 0.02 SEK"
    )


def test_what_cannot_be_is_told_with_the_rows_that_collide() -> None:
    said = {
        name: CHECK.sentences(CHECK.verify(EVERY[name].content()))[0].partition(": ")[2]
        for name in ("too much asked", "too little moved")
    }
    assert said == {
        "too much asked": "no allocation exists that keeps the bounds of lines and "
        "all of envelope, floor of a, floor of b",
        "too little moved": "no allocation exists that keeps the bounds of lines and "
        "all of envelope, floor, moved_total",
    }


@pytest.mark.parametrize(
    ("name", "minor", "unit", "said"),
    [
        ("achieved", "123456789", "SEK", "1,234,567.89 SEK"),
        ("achieved", "-5", "SEK", "-0.05 SEK"),
        ("achieved", "1/4", "SEK", "0.0025 SEK"),
        ("achieved", "1200", "JPY", "1,200 JPY"),
        ("achieved", "1200", "KWD", "1.200 KWD"),
        ("achieved", "10/3", "SEK", "about 0.04 SEK"),
        ("bound", "10/3", "SEK", "about 0.03 SEK"),
        ("bound", "-10/3", "SEK", "about -0.04 SEK"),
    ],
)
def test_money_is_exact_or_rounded_to_the_side_that_claims_less(
    name: str, minor: str, unit: str, said: str
) -> None:
    assert CHECK.money({name: minor}, name, unit) == said


def test_the_script_counts_decimals_of_currencies_as_the_program_does() -> None:
    known = get_global("all_currencies")
    listed: dict[str, int] = {
        code: places for places, codes in CHECK.PLACES.items() for code in codes.split()
    }
    ours = {code: money.decimals(code) for code in known}
    assert {code: x for code, x in ours.items() if x != 2} == listed


def test_text_that_a_terminal_would_act_upon_is_told_harmlessly() -> None:
    told: dict[str, Any] = REACHED.document()
    told["budget"] = "\x1b[2Jtown"
    assert "'\\x1b[2Jtown'" in CHECK.sentences(told)[0]
