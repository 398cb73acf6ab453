"""The fewest lines, where a scenario asks for them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.make import book, rule, what_if

AMOUNTS = (100, 100, 100, 30, 30, 30, 500)
TAGGED = (0, 3)


def town() -> Ledger:
    lines = [{"line_id": f"l{n}", "amount": str(a)} for n, a in enumerate(AMOUNTS)]
    tags = [{"line_id": f"l{n}", "right": "health", "share": "1"} for n in TAGGED]
    return book(lines, tags)


def answer(on: Ledger, *, fewest: bool, at_least: str = "160") -> Answer:
    rows = more(on, at_least)
    what = what_if(round_to="1", line_down=Fraction(1, 10), line_up=Fraction(1))
    return optimize(replace(apply(what, on, tuple(rows)), fewest=fewest), rows)


def more(on: Ledger, at_least: str) -> list[Requirement]:
    return rule(
        on, "p.h", form="amount", measure={"right": "health"}, at_least=at_least
    )


def test_the_fewest_lines_move_and_no_level_is_worse() -> None:
    on = town()
    usual, few = answer(on, fewest=False), answer(on, fewest=True)
    assert [level.shortfall for level in few.levels] == [
        level.shortfall for level in usual.levels
    ]
    assert (usual.fewest, usual.moved) == (None, 7)
    assert (few.fewest, few.moved) == (2, 2)
    assert few.amounts["amount"].sum() == sum(AMOUNTS) * 100


def test_no_smaller_set_of_lines_would_do() -> None:
    """50 more for two lines that take at most 100 and 30, from cuts of a tenth."""
    on = town()
    found = answer(on, fewest=True, at_least="185")
    cuts = {n: a // 10 for n, a in enumerate(AMOUNTS) if n not in TAGGED}
    enough = next(
        size
        for size in range(1, 7)
        if any(sum(cuts[n] for n in some) >= 55 for some in combinations(cuts, size))
    )
    assert found.moved == found.fewest == enough + 1
