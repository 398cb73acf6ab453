"""The planner's own way out: how far lines would have to move instead."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hrbudget.domain.proposal import Relaxation
from hrbudget.pipeline.wider import ways_out
from hrbudget.scenario.apply import apply
from tests.make import book, rule, what_if

LINES = [{"line_id": "a", "amount": "100"}, {"line_id": "b", "amount": "100"}]
HEALTH = [{"line_id": "a", "right": "health", "share": "1"}]


def found(at_least: str, **keys: Any) -> tuple[Relaxation, ...]:  # noqa: ANN401
    on = book(LINES, HEALTH)
    rows = rule(
        on,
        form="amount",
        measure={"right": "health"},
        at_least=at_least,
        effect="immediate",
    )
    what = what_if(round_to="1", **keys)
    return ways_out(on, what, tuple(rows), apply(what, on, tuple(rows)))


def test_the_least_wider_limit_is_found_and_what_it_costs() -> None:
    (way,) = found("140", line_up=Fraction(1, 4))
    (change,) = way.changes
    assert change.id == "line_up"
    assert change.says is not None
    assert {name: value.value for name, value in change.says.values.items()} == {  # type: ignore[union-attr]  # (both are numbers)
        "limit": 25,
        "needed": 40,
    }
    assert way.cost == 1500  # 140 is 15 above the 125 that a line may grow to


def test_each_side_is_tried_alone() -> None:
    (way,) = found("140", line_down=Fraction(1, 4))
    assert [change.id for change in way.changes] == ["line_down"]
    assert found("140", line_up=Fraction(1, 4), line_down=Fraction(1, 4)) == ()


def test_where_no_limit_on_lines_is_in_the_way_none_is_named() -> None:
    assert found("250") == ()
