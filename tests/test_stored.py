"""Answers as they are kept: exact, whole, and nothing but what an answer is made of."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from hrbudget.domain.phrase import Phrase, Ratio
from hrbudget.domain.proposal import (
    Conflict,
    Held,
    Level,
    Price,
    Relaxation,
    Relaxed,
    WeightRange,
)
from hrbudget.domain.rule import Reference, Rule
from hrbudget.workspace.stored import restore, store

THIRD = Fraction(1, 3)
RULE = Rule(
    "x.y",
    "0123",
    "A rule",
    "fiscal_limit",
    "limit",
    (Reference("A source", "1"),),
    "En regel",
)
SAYS = Phrase(
    "{a} {b} {c} {d}",
    {"a": THIRD, "b": Ratio(THIRD), "c": "1/3", "d": Phrase("proposed")},
)


@pytest.mark.parametrize(
    "part",
    [
        (Level(1, THIRD, Fraction(0)),),
        (Conflict("x.y", SAYS, RULE), Conflict("moved_total")),
        (
            Relaxation(
                "rules",
                (Relaxed("x.y", THIRD, Fraction(2), RULE, SAYS),),
                THIRD,
                (Level(2, THIRD, THIRD),),
                7,
            ),
        ),
        (Price("x.y", None, THIRD, None, Fraction(5), None, Fraction(9)),),
        (Held("a", "up", 1, THIRD), WeightRange("x.y", THIRD, THIRD, None)),
        None,
        3,
    ],
)
def test_a_part_comes_back_from_json_as_it_was(part: object) -> None:
    assert restore(json.loads(json.dumps(store(part)))) == part


def test_what_is_no_part_of_an_answer_is_refused() -> None:
    with pytest.raises(TypeError, match="set is no part"):
        store({1, 2})
    with pytest.raises(KeyError):
        restore({"kind": "Path", "path": "/etc/passwd"})
