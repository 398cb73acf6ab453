"""Packs of proposals for several years, with lines that no budget has."""

from __future__ import annotations

import pytest

from hrbudget.workspace import reported
from hrbudget.workspace.evidence import packing, verifying
from hrbudget.workspace.workspace import Picked, Workspace
from tests.evidence.tampering import edited
from tests.scenario.test_scenario_workspace import (
    LATER,
    NEW,
    YEARS,
    scenario,
    town,
)

__all__ = ["town"]

SCENARIOS = {"fiscal_year: 2026": NEW, YEARS: LATER}


@pytest.mark.parametrize("baseline", SCENARIOS)
def test_a_proposal_of_any_years_with_new_lines_comes_out_of_its_pack(
    town: Workspace,
    baseline: str,
) -> None:
    name = scenario(town, "plan", baseline, SCENARIOS[baseline])
    done, _ = town.optimize(name)
    fresh = reported.of_proposal(town, done)
    pack = packing.pack(town, fresh)
    saved = reported.materials(town, Picked(name))
    assert packing.pack(town, saved).content == pack.content
    found = verifying.verify(pack.content)
    assert found.wrong == ()
    assert any("lines are new" in each for each in found.holds)
    shelter = next(
        row
        for row in done.answer.amounts.join(
            done.baseline.lines.select("line", "line_id"), on="line"
        ).iter_rows(named=True)
        if row["line_id"].endswith("shelter")
    )
    old = f"shelter,0.00,{shelter['amount'] / 100:.2f}".encode()
    wrong = verifying.verify(edited(pack.content, "amounts.csv", old, old[:-1] + b"7"))
    assert any(each.startswith("totals: findings_after") for each in wrong.wrong)
