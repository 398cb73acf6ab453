"""Numbers of persons too small to show are not shown, in either table."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from hrbudget.domain import facts
from hrbudget.domain.facts import NEED, POPULATION


def test_small_needs_are_hidden_as_small_groups_are() -> None:
    people = pl.DataFrame(
        [(2026, "", "homeless", 4, "x"), (2026, "", "children", 400, "x")],
        schema=POPULATION,
        orient="row",
    )
    needs = pl.DataFrame(
        [(2026, "", "older_persons", "4.9", "x"), (2026, "", "children", "5.0", "x")],
        schema=NEED,
        orient="row",
    )
    known = replace(facts.none(), population=people, need=needs, least_cell=5)
    assert (2026, "", "homeless") in known.hidden
    assert known.hidden_need == {(2026, "", "older_persons")}
    assert replace(known, least_cell=0).hidden_need == frozenset()
