"""Lines that a planner holds by hand: the cost is seen first, then it is written."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from hrbudget.domain.scenario import Pin
from hrbudget.errors import CallRefused
from hrbudget.workspace import pins, places
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run

LINES = """\
line_id,fiscal_year,phase,function,fund,direction,amount
clinic,2026,proposed,510,own,expenditure,600
school,2026,proposed,440,own,expenditure,300
roads,2026,proposed,249,own,expenditure,600
admin,2026,proposed,100,own,expenditure,500
fees,2026,proposed,510,own,revenue,100
"""

SCENARIO = """\
# What the committee asked for.
title: Fund clinic and school     # first try
baseline: {budget: town, phase: proposed}
packs: [own]
limits: {line_down: "0.20", line_up: "0.50"}

priorities: {own.clinic: 1,  own.school: 2}   # as in the plan
"""

RULE = """\
title: {title}
obligation: fiscal_limit
effect: {effect}
reference: [{{title: The plan}}]
description: Of the town.
form: amount
measure: {{where: "function = '{function}'"}}
at_least: {{2000-01-01: "{least}"}}
"""


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Workspace:
    """A town where 200 kronor can move, 100 of them each to clinic and school."""
    folder = workspace.folder
    pack = folder / "rules" / "own"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("title: Own\ndescription: Own\ndefault: false\n")
    for name, effect, function, least in (
        ("clinic", "progressive", "510", 700),
        ("school", "progressive", "440", 400),
        ("roads", "limit", "249", 500),
    ):
        text = RULE.format(title=name, effect=effect, function=function, least=least)
        (pack / f"{name}.yaml").write_text(text)
    (folder / "lines.csv").write_text(LINES)
    (folder / "tags.csv").write_text("line_id,right,share\nschool,education,1\n")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "fund.yaml").write_text(SCENARIO)
    here = ("--workspace", folder)
    ingested = cli("ingest", folder / "lines.csv", "--budget", "town", *here)
    assert (ingested.code, ingested.err) == (0, ingested.err)
    assert cli("tag", "town", "--import", folder / "tags.csv", *here).code == 0
    return workspace


def pin(cli: Run, town: Workspace, *words: object, reason: str = "Signed") -> Ran:
    said = ("--reason", reason, "--by", "Anna", "--on", "2026-03-02")
    return cli("scenario", "pin", *said, "--workspace", town.folder, *words)


def text_of(town: Workspace, name: str = "fund") -> str:
    return (town.folder / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")


DAY = date(2026, 3, 2)

PINNED = """\
pins:
  - line: "admin"
    amount: "450"
    reason: "Signed"
    by: "Anna"
    on: "2026-03-02"
"""


def test_the_cost_of_a_pin_is_shown_and_nothing_saved(
    cli: Run, town: Workspace
) -> None:
    before = (text_of(town), town.store.proposal_names())
    ran = pin(cli, town, "fund", "admin", 450, "--format", "json")
    assert (ran.code, "Nothing was saved" in ran.err) == (0, True)
    record = json.loads(ran.out)

    def figures(without: str, pinned: str, difference: str) -> dict[str, str]:
        return {"without": without, "pinned": pinned, "difference": difference}

    assert record["status"] == {"without": "optimal", "pinned": "optimal"}
    assert record["levels"][:2] == [
        {"name": "1", **figures("0.00", "0.00", "0.00")},
        {"name": "2", **figures("0.00", "50.00", "50.00")},
    ]
    moved = figures("400.00", "300.00", "-100.00")
    assert record["movement"] == {"name": "movement", **moved}
    school = figures("400.00", "350.00", "-50.00")
    assert record["rights"] == [{"name": "education", **school}]
    assert record["requirements"] == [
        {
            "name": "own.school",
            **figures("0.00", "50.00", "50.00"),
            "verdicts": {"without": "met", "pinned": "not_met"},
        }
    ]
    assert record["lines"] == [
        {"name": "admin", **figures("400.00", "450.00", "50.00")},
        {"name": "school", **school},
    ]
    assert (text_of(town), town.store.proposal_names()) == before


def test_the_cost_is_printed_for_people_and_for_spreadsheets(
    cli: Run, town: Workspace
) -> None:
    shown = " ".join(pin(cli, town, "fund", "admin", 450).out.split())
    assert shown.startswith("admin held at 450 SEK")
    assert "shortfall at level 2 0 SEK 50 SEK 50 SEK" in shown
    assert "own.school 0 SEK 50 SEK 50 SEK met → not_met" in shown
    rows = pin(cli, town, "fund", "admin", 450, "--format", "csv").out.splitlines()
    assert rows[0] == "kind,name,without,pinned,difference"
    assert "verdict,own.school,met,not_met," in rows
    assert "line,admin,400.00,450.00,50.00" in rows


def test_a_pin_that_costs_nothing_says_so(cli: Run, town: Workspace) -> None:
    shown = pin(cli, town, "fund", "admin", 400).out
    assert "money by right, where it changes: none" in shown
    assert "0 lines differ" in shown


def test_a_saved_pin_is_added_and_all_else_stays_as_it_was(
    cli: Run, town: Workspace
) -> None:
    path = town.folder / "scenarios" / "fund.yaml"
    path.chmod(0o640)
    ran = pin(cli, town, "fund", "admin", 450, "--save")
    assert ran.code == 0
    assert ran.err.startswith(f"Pinned admin at 450, in {path}.\n")
    assert text_of(town) == SCENARIO + PINNED
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["fund.yaml"]
    done, _ = town.optimize("fund")
    (held,) = done.scenario.pins
    assert (held.line_id, held.amount, held.reason) == ("admin", "450", "Signed")
    amounts = dict(done.proposal.lines.select("line_id", "amount").iter_rows())
    assert amounts["admin"] == 45_000


def test_a_second_pin_takes_the_place_of_the_first_and_says_so(
    cli: Run, town: Workspace
) -> None:
    pin(cli, town, "fund", "admin", 450, "--save")
    pin(cli, town, "fund", "roads", 550, "--save")
    ran = pin(cli, town, "fund", "admin", 480, "--save", reason="Später: 'nein'")
    assert "It takes the place of the pin at 450 (Signed)." in ran.err
    listed = [(each.line_id, each.amount) for each in town.scenario("fund").pins]
    assert listed == [("admin", "480"), ("roads", "550")]
    assert "Später: 'nein'" in text_of(town)


def test_the_cost_of_a_second_pin_is_told_against_none(
    cli: Run, town: Workspace
) -> None:
    pin(cli, town, "fund", "admin", 450, "--save")
    record = json.loads(pin(cli, town, "fund", "admin", 480, "--format", "json").out)
    assert record["replaces"] == "450"
    assert record["levels"][1]["without"] == "0.00"
    assert record["levels"][1]["difference"] == "80.00"


def test_unpinned_the_file_is_what_it_was(cli: Run, town: Workspace) -> None:
    pin(cli, town, "fund", "admin", 450, "--save")
    pin(cli, town, "fund", "roads", 550, "--save")
    here = ("--workspace", town.folder)
    assert cli("scenario", "unpin", "fund", "roads", *here).code == 0
    assert text_of(town) == SCENARIO + PINNED
    ran = cli("scenario", "unpin", "fund", "admin", *here)
    assert ran.err.startswith("No longer pinned: admin, in ")
    assert text_of(town) == SCENARIO
    again = cli("scenario", "unpin", "fund", "admin", *here)
    assert (again.code, again.out) == (2, "")
    assert "No pinned line of fund is called 'admin'" in again.err


def test_a_pin_that_the_rules_cannot_bear_is_not_saved(
    cli: Run, town: Workspace
) -> None:
    ran = pin(cli, town, "fund", "roads", 400, "--save", "--format", "json")
    assert ran.code == 3
    record = json.loads(ran.out)
    assert record["status"] == {"without": "optimal", "pinned": "infeasible"}
    assert [each["rule"] for each in record["conflict"]] == ["own.roads"]
    assert record["levels"][0]["pinned"] is None
    said = "With the pin the rules cannot be met together. Nothing was saved.\n"
    assert ran.err == said
    assert text_of(town) == SCENARIO
    shown = pin(cli, town, "fund", "roads", 400)
    assert (shown.code, "own.roads" in shown.out) == (3, True)


def test_a_shipped_scenario_is_copied_with_its_comments(
    cli: Run, workspace: Workspace
) -> None:
    name = "fund_the_plan"
    shipped = places.shipped("scenarios") / f"{name}.yaml"
    held = Pin("a", "1", "R", "B", DAY)
    written = pins.save(workspace, name, held)
    assert written.copied_from == shipped
    own = shipped.read_text(encoding="utf-8")
    assert text_of(workspace, name).startswith(own)
    assert workspace.scenario(name).pins == (held,)
    again = pins.save(workspace, name, Pin("b", "1", "R", "B", DAY))
    assert again.copied_from is None
    assert shipped.read_text(encoding="utf-8") == own
    here = ("--workspace", workspace.folder)
    assert name in cli("scenario", "list", *here).out


def test_the_file_of_a_dialogue_goes_with_its_scenario(
    workspace: Workspace, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.yaml"
    heard.write_text(SCENARIO + "dialogue: {file: panel.csv}\n")
    panel = "# who: A\n# when: 2026\n# people: 2\nrule,votes\nown,2\n"
    (tmp_path / "panel.csv").write_text(panel)
    pins.save(workspace, str(heard), Pin("a", "1", "R", "B", DAY))
    assert (workspace.folder / "scenarios" / "panel.csv").read_text() == panel
    found = workspace.scenario("heard").dialogue
    assert found is not None
    assert found.people == 2


def test_another_scenario_of_that_name_is_never_written_over(
    cli: Run, town: Workspace, tmp_path: Path
) -> None:
    other = tmp_path / "fund.yaml"
    other.write_text(SCENARIO)
    ran = pin(cli, town, other, "admin", 450, "--save")
    assert ran.code == 2
    assert "The workspace has another scenario called fund" in ran.err
    assert (text_of(town), other.read_text()) == (SCENARIO, SCENARIO)


@pytest.mark.parametrize(
    ("words", "reason", "said"),
    [
        (("fund", "admn", 1), "R", "No line of the budget (pins) is called 'admn'"),
        (("fund", "admin", "many"), "R", "'many' is not a decimal number; write it as"),
        (("fund", "admin", "1.005"), "R", "1.005"),
        (("--", "fund", "admin", "-1"), "R", "is below zero"),
        (("fund", "fees", 1), "R", "it is revenue, which no proposal moves"),
        (("fund", "admin", 450), " ", "The pin has no reason that is text in UTF-8"),
        (("fund", "admin", 450), "\udcff", "The pin has no reason that is text"),
        (("fnd", "admin", 450), "R", "Did you mean fund?"),
    ],
)
def test_a_pin_that_makes_no_sense_is_refused(
    cli: Run, town: Workspace, words: tuple[object, ...], reason: str, said: str
) -> None:
    ran = pin(cli, town, "--save", *words, reason=reason)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert said in ran.err
    assert text_of(town) == SCENARIO


def test_a_pin_may_make_possible_what_the_limits_forbid(
    cli: Run, town: Workspace
) -> None:
    halved = 'adjust: [{where: "function = \'249\'", change: "-0.50"}]\n'
    path = town.folder / "scenarios" / "fund.yaml"
    path.write_text(SCENARIO + halved, encoding="utf-8")
    # Roads begin at 300 and may grow by half: not to the 500 that their limit asks.
    ran = pin(cli, town, "fund", "roads", 500)
    assert ran.code == 0
    assert "Without the pin no proposal meets the rules together." in ran.out
    record = json.loads(pin(cli, town, "fund", "roads", 500, "--format", "json").out)
    assert record["status"] == {"without": "infeasible", "pinned": "optimal"}
    assert record["movement"]["without"] is None
    assert (record["rights"], record["lines"]) == ([], [])


def test_another_file_of_a_dialogues_name_is_never_written_over(
    workspace: Workspace, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.yaml"
    heard.write_text(SCENARIO + "dialogue: {file: panel.csv}\n")
    panel = "# who: A\n# when: 2026\n# people: 2\nrule,votes\nown,2\n"
    (tmp_path / "panel.csv").write_text(panel)
    own = workspace.folder / "scenarios" / "panel.csv"
    own.parent.mkdir()
    own.write_text("another\n")
    with pytest.raises(CallRefused, match="is not the dialogue of heard"):
        pins.save(workspace, str(heard), Pin("a", "1", "R", "B", DAY))
    assert [each.name for each in own.parent.iterdir()] == ["panel.csv"]
    assert own.read_text() == "another\n"


def test_a_pin_is_not_blamed_for_what_is_impossible_without_it(
    cli: Run, town: Workspace
) -> None:
    path = town.folder / "scenarios" / "fund.yaml"
    path.write_text(SCENARIO + 'envelope: {change: "-0.50"}\n', encoding="utf-8")
    ran = pin(cli, town, "fund", "admin", 450, "--save")
    assert ran.code == 3
    assert "cannot be met together, nor without it. Nothing was" in ran.err
