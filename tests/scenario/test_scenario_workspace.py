"""From a scenario's file to a saved proposal and a report, in a real workspace."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hrbudget.domain import columns
from hrbudget.errors import CallRefused, InputRefused
from hrbudget.ingest.lines import Defaults
from hrbudget.pipeline.deciding import Proposed, prepare
from hrbudget.report.documents import documents
from hrbudget.store.rows import Slice
from hrbudget.workspace import reported
from hrbudget.workspace.compared import side_by_side
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import Row

LINES = """\
line_id,fiscal_year,phase,direction,administrative_unit,fund,amount
clinic,{0},approved,expenditure,Care,own,100
office,{0},approved,expenditure,Staff,own,100
school,{0},approved,expenditure,School,sida,100
tax,{0},approved,revenue,,,300
"""
PACK = "title: Own rules\ndescription: Rules of this test.\n"
FLOOR = """\
title: Health has 150 at least
obligation: progressive_realization
effect: progressive
reference: [{title: The council}]
description: A floor.
form: amount
measure: {right: health}
at_least: {2000-01-01: "150"}
"""
GROWTH = """\
title: Health does not fall behind last year
obligation: non_retrogression
effect: progressive
reference: [{title: The council}]
description: Against last year.
form: growth
measure: {right: health}
against: {fiscal_year: -1}
at_least: {2000-01-01: "0"}
"""
CAP = """\
title: No line moves by more than three quarters
obligation: fiscal_limit
effect: limit
reference: [{title: The council}]
description: A cap.
form: movement
per: line
against: {fiscal_year: 0}
at_most: {2000-01-01: "0.75"}
"""


@pytest.fixture
def town(workspace: Workspace) -> Workspace:
    """Three years of a small budget with rules of its own."""
    for year in (2026, 2027, 2028):
        file = workspace.folder / f"lines{year}.csv"
        file.write_text(LINES.format(year), encoding="utf-8")
        read = workspace.ingest(file, "town", None, Defaults())
        workspace.keep("town", read, None)
        rest = {"effect": "supports", "basis": "manual", "state": "approved"}
        none: Row = {**rest, "groups": [], "share": 0, "effect": "neutral"}
        tags: list[Row] = [
            {**none, "line_id": "clinic", "right": "health", "share": 10**6, **rest},
            {**none, "line_id": "office"},
            {**none, "line_id": "school"},
        ]
        frame = pl.DataFrame(tags, schema=columns.schema(columns.TAGS))
        workspace.store.set_tags(Slice("town", year, "approved"), frame)
    write(workspace, "rules/own/pack.yaml", PACK)
    write(workspace, "rules/caps/pack.yaml", PACK)
    for name, text in (("own/floor", FLOOR), ("own/growth", GROWTH), ("caps/cap", CAP)):
        write(workspace, f"rules/{name}.yaml", text)
    return workspace


def write(workspace: Workspace, name: str, text: str) -> None:
    path = workspace.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def scenario(
    workspace: Workspace, name: str, baseline: str, keys: str, packs: str = "own"
) -> str:
    """Write a scenario of the workspace."""
    head = f'title: T\nbaseline: {{budget: town, {baseline}}}\nround_to: "1"\n'
    write(workspace, f"scenarios/{name}.yaml", f"{head}packs: [{packs}]\n{keys}\n")
    return name


def kronor(done: Proposed) -> dict[str, float]:
    """Amounts of the proposal's expenditure by line id."""
    spent = done.proposal.lines.filter(pl.col("direction") == "expenditure")
    return {
        name: amount / 100 for name, amount in spent.select("line_id", "amount").rows()
    }


def same(one: Proposed, other: Proposed) -> None:
    """A proposal as it was computed and as it was saved."""
    assert_frame_equal(one.answer.amounts, other.answer.amounts)
    assert_frame_equal(one.answer.because, other.answer.because)
    assert_frame_equal(one.proposal.lines, other.proposal.lines)
    assert one.answer.levels == other.answer.levels
    before, after = (
        [(each.id, each.verdict, each.shortfall) for each in done.after.findings]
        for done in (one, other)
    )
    assert before == after


NEW = """\
adjust:
  - new_line: {line_id: shelter, fund: own, amount_max: "30", description: "=1+1"}
    tags: [{right: health, groups: [women]}]
  - grant: {line_id: eu1, fund: eu, amount: "40", description: New}
"""


def test_a_proposal_with_new_lines_is_saved_loaded_compared_and_reported(
    town: Workspace,
) -> None:
    name = scenario(town, "more", "fiscal_year: 2026", NEW)
    done, replaced = town.optimize(name)
    assert not replaced
    amounts = kronor(done)
    assert amounts["clinic"] + amounts["shelter"] == 150
    assert amounts["eu1"] == 40
    assert sum(amounts.values()) == 340
    same(done, town.proposal(name))
    comparison, currency = side_by_side(town, Picked("town", 2026), Picked(name))
    assert currency == "SEK"
    changed = dict(comparison.lines.select("line_id", "before").rows())
    assert changed["eu1"] == changed.get("shelter", 0) == 0
    files = documents(
        reported.subject(town, Picked(name)), "en", None, ("html", "json")
    )
    record = json.loads(files["report.json"])
    moves = {each["line_id"]: each for each in record["proposal"]["moves"]}
    assert moves["clinic"]["to"] == f"{amounts['clinic']:.2f}"
    compared = {each["line_id"]: each for each in record["comparison"]["lines"]}
    assert (compared["eu1"]["before"], compared["eu1"]["after"]) == ("0.00", "40.00")
    again = documents(
        reported.subject(town, Picked(name)), "en", None, ("html", "json")
    )
    assert files == again


def test_a_saved_proposal_is_replaced_by_the_next_with_its_new_lines(
    town: Workspace,
) -> None:
    name = scenario(town, "more", "fiscal_year: 2026", NEW)
    town.optimize(name)
    scenario(town, "more", "fiscal_year: 2026", "")
    _, replaced = town.optimize(name)
    assert replaced
    assert set(kronor(town.proposal(name))) == {"clinic", "office", "school"}


YEARS = "fiscal_years: [2026, 2027, 2028], phase: approved"
LATER = """\
carry_over: "0.10"
funds: {open: all}
adjust:
  - new_line: {line_id: shelter, fiscal_year: 2027, fund: own, amount_max: "30"}
    tags: [{right: health}]
"""


def test_three_years_are_planned_saved_loaded_compared_and_reported(
    town: Workspace,
) -> None:
    name = scenario(town, "plan", YEARS, LATER)
    done, _ = town.optimize(name)
    amounts = kronor(done)
    assert sum(amounts.values()) == 900
    assert amounts["2026/clinic"] == amounts["2028/clinic"] == 150
    assert amounts["2027/clinic"] + amounts["2027/shelter"] == 150
    assert {each.id: each.verdict for each in done.after.findings} == {
        **{f"own.floor[{year}]": "met" for year in (2026, 2027, 2028)},
        "own.growth[2026]": "not_assessed",
        "own.growth[2027]": "met",
        "own.growth[2028]": "met",
    }
    same(done, town.proposal(name))
    stored = town.store.proposal(name)
    assert stored.fiscal_years == (2026, 2027, 2028)
    assert stored.lines.height == 13
    comparison, _ = side_by_side(town, Picked("town"), Picked(name))
    assert "2026/clinic" in comparison.lines["line_id"].to_list()
    backwards, _ = side_by_side(town, Picked(name), Picked("town"))
    assert backwards.before == name
    files = documents(
        reported.subject(town, Picked(name)), "sv", None, ("html", "json")
    )
    assert b"2027/" in files["report.json"]
    with pytest.raises(CallRefused, match="plans 2026, 2027, 2028 together: compare"):
        side_by_side(town, Picked("town", 2027), Picked(name))


def test_a_cap_on_moves_holds_in_each_year_and_leaves_a_new_line_nothing(
    town: Workspace,
) -> None:
    """A share of what a line had is nothing where it had nothing."""
    name = scenario(town, "capped", YEARS, LATER, packs="own, caps")
    done, _ = town.optimize(name)
    amounts = kronor(done)
    assert amounts.pop("2027/shelter") == 0
    assert all(25 <= amount <= 175 for amount in amounts.values())
    verdicts = {each.id: each.verdict for each in town.proposal(name).after.findings}
    assert [verdicts[f"caps.cap[{year}]"] for year in (2026, 2027, 2028)] == ["met"] * 3


def test_years_that_are_not_there_or_of_two_phases_are_refused(
    town: Workspace,
) -> None:
    name = scenario(town, "late", "fiscal_years: [2028, 2029]", "")
    with pytest.raises(CallRefused, match="holds 2026 approved, 2027 approved"):
        town.optimize(name)
    file = town.folder / "extra.csv"
    text = LINES.format(2029).replace("approved", "proposed")
    file.write_text(text, encoding="utf-8")
    town.keep("town", town.ingest(file, "town", None, Defaults()), None)
    with pytest.raises(CallRefused, match="approved in SEK and proposed in SEK"):
        town.optimize(name)


VOTE = """\
rule,weight
own.floor,3
"""


def test_a_dialogue_beside_the_scenario_gives_weights_the_scenario_does_not(
    town: Workspace,
) -> None:
    keys = 'dialogue: {file: vote.csv, who: Residents, when: "2026-03", people: 40}'
    name = scenario(town, "vote", "fiscal_year: 2026", keys)
    with pytest.raises(InputRefused, match=r"vote\.csv', which is not there"):
        town.scenario(name)
    write(town, "scenarios/vote.csv", VOTE)
    done, _ = town.optimize(name)
    heard = done.scenario.dialogue
    assert heard is not None
    assert (heard.who, heard.people, heard.weights) == (
        "Residents",
        40,
        {"own.floor": 3},
    )
    what = done.scenario
    *_, asked = prepare(town.baseline(what), what, town.surroundings(("own",), None))
    assert asked.weights["own.floor"] == 3
    Path(town.folder / "scenarios" / "vote.csv").unlink()
    assert town.proposal(name).scenario == what
    stated = scenario(
        town, "vote", "fiscal_year: 2026", keys + '\nweights: {own.floor: "5"}'
    )
    write(town, "scenarios/vote.csv", VOTE)
    mine = town.scenario(stated)
    *_, asked = prepare(town.baseline(mine), mine, town.surroundings(("own",), None))
    assert asked.weights["own.floor"] == 5


def test_a_shock_and_a_wall_reach_the_proposal(town: Workspace) -> None:
    """Ten per cent of revenue is lost: 30 of own money; sida's school keeps its 100."""
    keys = """\
adjust: [{where: "line_id = 'tax'", revenue: "-0.10"}]
envelope: {change: "0", fund: own}"""
    done, _ = town.optimize(scenario(town, "loss", "fiscal_year: 2026", keys))
    assert kronor(done) == {"clinic": 150, "office": 20, "school": 100}
