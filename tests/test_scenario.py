"""A scenario says what it means, or it is refused with what to do."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from hrbudget.domain.predicate import Predicate
from hrbudget.domain.scenario import Adjustment, Dialogue
from hrbudget.errors import HrbudgetError, InputRefused
from hrbudget.scenario.apply import apply
from hrbudget.scenario.read import parse
from hrbudget.workspace import places
from tests.make import book, rule, what_if

ON = book(
    [
        {"line_id": "a", "amount": "100", "fund": "own"},
        {"line_id": "b", "amount": "100", "fund": "own", "movable": False},
    ]
)
RULES = tuple(rule(ON, "own.floor", form="amount", at_least="300"))


def _heard(**given: Any) -> Dialogue:  # noqa: ANN401
    """What people gave in a file of votes."""
    return Dialogue("Residents", "2026", 10, "vote.csv", "", **given)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"priorities": {"own.flor": 1}}, "Did you mean own.floor"),
        ({"weights": {"icescr": Fraction(2)}}, "weights"),
        ({"rule_values": {"own.flor": {"at_least": "1"}}}, "Did you mean own.floor"),
        ({"rule_values": {"own.floor": {"at_most": "1"}}}, "has at_least, not at_most"),
        ({"dialogue": _heard(weights={"own.flor": Fraction(1)})}, "dialogue, vote.csv"),
        ({"dialogue": _heard(priorities={"own.flor": 1})}, "Did you mean own.floor"),
        ({"protected": (Predicate("fund = 'sida'"),)}, "no line satisfies"),
        (
            {"adjust": (Adjustment(Predicate("fund = 'sida'"), Fraction(1)),)},
            "no line satisfies",
        ),
    ],
)
def test_what_a_scenario_names_must_be_there(
    keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(HrbudgetError, match=message):
        apply(what_if(**keys), ON, RULES)


def test_the_longest_prefix_decides_and_the_default_level_is_five() -> None:
    rules = tuple(
        made
        for name in ("icescr.health.floor", "icescr.work.floor", "plan.housing")
        for made in rule(ON, name, form="amount", at_least="1")
    )
    stated = what_if(priorities={"icescr": 2, "icescr.health": 1})
    assert apply(stated, ON, rules).levels == {
        "icescr.health.floor": 1,
        "icescr.work.floor": 2,
        "plan.housing": 5,
    }


def test_what_people_gave_counts_where_the_scenario_says_nothing_of_that_prefix() -> (
    None
):
    rules = tuple(
        made
        for name in ("plan.a", "plan.b", "icescr.c")
        for made in rule(ON, name, form="amount", at_least="1")
    )
    given = _heard(
        weights={"plan.a": Fraction(2), "plan.b": Fraction(3)},
        priorities={"icescr": 1, "plan.b": 2},
    )
    stated = what_if(
        dialogue=given, weights={"plan.b": Fraction(9)}, priorities={"icescr": 4}
    )
    asked = apply(stated, ON, rules)
    assert [asked.weights[name] for name in ("plan.a", "plan.b", "icescr.c")] == [
        2,
        9,
        1,
    ]
    assert asked.levels == {"plan.a": 5, "plan.b": 2, "icescr.c": 4}


@pytest.mark.parametrize("path", places.known("scenarios", None).values(), ids=str)
def test_a_shipped_scenario_reads_and_says_what_it_is_for(path: Any) -> None:  # noqa: ANN401
    read = parse(path.read_bytes(), path.stem)
    assert read.id == path.stem
    assert read.title
    assert len(read.description) > 80


BAD = """\
title: A what-if
baseline: {budget: b}
envelope: {change: "-2"}
limits: {line_dwn: "0.2"}
protected: ["fund ="]
adjust: [{where: "fund = 'own'", change: "-1.5"}]
"""


def test_every_defect_of_a_scenario_file_is_told_with_its_place() -> None:
    with pytest.raises(InputRefused) as refused:
        parse(BAD.encode(), "bad")
    told = sorted(str(issue) for issue in refused.value.issues)
    assert [text.split(": ")[0] for text in told] == [
        "bad.yaml:3:20",
        "bad.yaml:4:10",
        "bad.yaml:5:13",
        "bad.yaml:6:42",
    ]
    assert "takes away more than there is" in told[0]
    assert "one of line_down, line_up, moved_total" in told[1]
