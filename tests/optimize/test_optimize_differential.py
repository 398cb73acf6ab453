"""The optimizer against a second model of the contract that shares no code with it.

The second model (``differential``) is solved exactly, so what the optimizer says is
held against what is true. The cases are the same on every machine; others are had by

    HRBUDGET_SEED=anything HRBUDGET_CASES=5000 pytest -k differential
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from hrbudget.domain.proposal import WHOLE_UNITS, Answer
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.optimize.differential import Found, solve
from tests.optimize.random_cases import Case, case

SEED = os.environ.get("HRBUDGET_SEED", "2026")
CASES = int(os.environ.get("HRBUDGET_CASES", "300"))

#: How far the two may be apart: relatively, and never less than this many minor units.
_NEAR, _ORE = Fraction(1, 10**6), Fraction(1)


@dataclass(frozen=True)
class Tried:
    """One case, what is true of it, and what the optimizer says."""

    case: Case
    what_if: WhatIf
    true: Found | None
    answer: Answer

    @property
    def too_coarse(self) -> bool:
        """Whether amounts exist, but none in whole minor units."""
        return [each.id for each in self.answer.conflict] == [WHOLE_UNITS]

    def __str__(self) -> str:
        found = self.answer
        return (
            f"{self.case}\ntrue: {self.true}\nfound: {found.levels}, "
            f"movement {found.movement}, conflict {found.conflict}"
        )


@pytest.fixture(scope="module")
def every() -> list[Tried]:
    return list(tried())


def tried() -> Iterator[Tried]:
    for number in range(CASES):
        made = case(SEED, number)
        book, what = made.ledger(), made.what()
        asked = made.requirements(book)
        what_if = apply(what, book, asked)
        answer = optimize(what_if, asked)
        yield Tried(made, what_if, solve(what, book, asked), answer)


def near(one: Fraction | int, other: Fraction, least: Fraction | int = _ORE) -> bool:
    apart = abs(one - other)
    return apart <= least or apart <= _NEAR * max(abs(Fraction(one)), abs(other))


def first(wrong: list[Tried]) -> str:
    return f"{len(wrong)} cases disagree; the first:\n{wrong[0]}" if wrong else ""


def test_the_cases_are_of_both_kinds_and_reach_every_level(every: list[Tried]) -> None:
    feasible = [each for each in every if each.true is not None]
    assert len(feasible) >= Fraction(40, 100) * len(every)
    assert len(every) - len(feasible) >= Fraction(25, 100) * len(every)
    levels = {level for each in feasible for level in each.true.levels}  # type: ignore[union-attr]
    assert levels == {1, 2, 3, 4, 5}
    lacking = [sum(map(bool, each.true.levels.values())) for each in feasible]  # type: ignore[union-attr]
    assert sum(each >= 1 for each in lacking) >= len(feasible) // 4
    assert sum(each >= 2 for each in lacking) >= len(feasible) // 12


def test_what_is_possible_is_found_and_what_is_not_is_said(every: list[Tried]) -> None:
    wrong = [
        each
        for each in every
        if (each.answer.status == "optimal" or each.too_coarse) != bool(each.true)
    ]
    assert not wrong, first(wrong)


def test_whole_ore_are_found_wherever_amounts_exist(every: list[Tried]) -> None:
    coarse = [each for each in every if each.too_coarse]
    assert len(coarse) <= len(every) // 100, first(coarse)


def test_the_least_shortfall_of_every_level_is_the_true_one(every: list[Tried]) -> None:
    wrong = [
        each
        for each in every
        if each.true is not None and each.answer.status == "optimal"
        if [level.priority for level in each.answer.levels] != [*each.true.levels]
        or not all(
            near(level.least, each.true.levels[level.priority])
            for level in each.answer.levels
        )
    ]
    assert not wrong, first(wrong)


def test_no_proposal_beats_the_true_least_in_the_first_level_that_differs(
    every: list[Tried],
) -> None:
    better = []
    for each in every:
        if each.true is not None and each.answer.status == "optimal":
            found = tuple(level.shortfall for level in each.answer.levels)
            if found < tuple(each.true.levels.values()):
                better.append(each)
    assert not better, first(better)


def test_no_more_is_moved_than_must_be(every: list[Tried]) -> None:
    """Wherever whole öre have the true shortfalls, so that no more can be got by moves.

    Elsewhere moves may buy what rounding to whole öre costs.
    """
    same = [
        each
        for each in every
        if each.true is not None and each.answer.status == "optimal"
        if {level.priority: level.shortfall for level in each.answer.levels}
        == each.true.levels
    ]
    assert len(same) >= len(every) // 5
    wrong = [
        each
        for each in same
        if each.true is not None
        if each.answer.movement < each.true.movement
        or not near(
            each.answer.movement, each.true.movement, 4 * each.what_if.lines.height
        )
    ]
    assert not wrong, first(wrong)
