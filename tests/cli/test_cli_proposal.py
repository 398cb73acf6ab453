"""``hrbudget optimize`` and what belongs to it, on a small budget worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import Town
from tests.conftest import Ran, Run

#: Health has 6 and asks for 9; work has 5 and asks for 8; the clinic has the 7 to give.
RULE = """
title: {title}
obligation: plan_objective
effect: progressive
reference: [{{title: A source}}]
description: ""
form: amount
measure: {{right: {right}}}
at_least: {{2020-01-01: "{asks}"}}
"""
SCENARIO = """
title: More for both
baseline: {budget: town}
packs: [own]
limits: {line_down: "0.5", line_up: "1"}
priorities: {own: 1}
assumptions: [{where: "function = '110'", low: "-0.5", high: "0"}]
"""
VOTE = "# who: The council of residents\n# when: 2026-03-04\n# people: 12\n"


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    here = Town(workspace, cli)
    assert here.load("a,work,1\nb,health,1\n").code == 0
    pack = Path(here.folder) / "rules" / "own"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("title: Own rules\ndescription: Ours\n")
    for right, asks in (("work", "8"), ("health", "9")):
        text = RULE.format(title=f"More for {right}", right=right, asks=asks)
        (pack / f"{right}.yaml").write_text(text)
    (Path(here.folder) / "scenarios").mkdir()
    here.file("scenarios/both.yaml", SCENARIO)
    return here


def asked(town: Town, *words: object) -> tuple[Ran, dict[str, Any]]:
    ran = town.run("optimize", *words, "--format", "json")
    return ran, json.loads(ran.out)


def test_a_proposal_says_who_asked_for_its_moves_and_whose_money_it_is(
    town: Town,
) -> None:
    ran, told = asked(town, "both")
    assert ran.code == 0
    assert told["levels"] == [
        {"priority": 1, "shortfall": "3.00", "before_rounding": "2.50"}
    ]
    gained = [each for each in told["moves"] if "taken_from" in each]
    (lost,) = (each for each in told["moves"] if "given_to" in each)
    assert (lost["line_id"], lost["from"], lost["to"]) == ("c", "7.00", "4.00")
    assert {flow["line_id"] for each in gained for flow in each["taken_from"]} == {"c"}
    (envelope,) = (
        each
        for each in told["shadow_prices"]
        if (each["rule"], each["level"]) == ("envelope", 1)
    )
    assert (envelope["price"], envelope["bound"]) == ("-1", "18.00")


def test_a_line_that_its_bound_holds_is_named_with_what_it_would_gain(
    town: Town,
) -> None:
    """The clinic may lose half of its 7; each krona more would be one lacking less."""
    _, told = asked(town, "both")
    found = {"line_id": "c", "side": "down", "level": 1, "gain": "1"}
    assert found in told["held"]
    table = " ".join(town.run("optimize", "both").out.split())
    assert "c down level 1 1" in table
    words = ("--language", "sv", "--format", "html", "--no-evidence")
    town.run("report", "both", "--out", town.folder / "r", *words)
    page = (town.folder / "r" / "report.html").read_text(encoding="utf-8")
    assert "Hur mycket en krona till skulle minska en brist" in page


def test_its_certificate_lies_in_the_workspace_and_holds(town: Town) -> None:
    _, told = asked(town, "both")
    assert Path(told["certificate"]).is_file()
    verified = town.run("verify", "both")
    assert verified.code == 0
    assert "it lacks 3 SEK; no allocation lacks less than 2.50 SEK" in verified.out


def test_weights_of_a_vote_are_told_with_whose_they_are_and_how_far_they_go(
    town: Town,
) -> None:
    voted = SCENARIO + "dialogue: {file: vote.csv}\n"
    town.file("scenarios/voted.yaml", voted)
    town.file("scenarios/vote.csv", VOTE + "rule,votes\nown.work,9\nown.health,3\n")
    _, told = asked(town, "voted")
    assert (told["dialogue"]["who"], told["dialogue"]["people"]) == (
        "The council of residents",
        12,
    )
    ranges = {each["rule"]: each for each in told["weight_ranges"]}
    assert ranges["own.work"] == {
        "rule": "own.work",
        "weight": "1",
        "from": "0.333333",
        "to": None,
    }
    table = " ".join(town.run("optimize", "voted").out.split())
    assert "weights from The council of residents, 2026-03-04, 12 people" in table


def test_a_sample_says_in_how_many_draws_each_rule_holds(town: Town) -> None:
    _, told = asked(town, "both", "--sample", "50", "--seed", "7")
    drawn = told["robust"]["sample"]
    assert (drawn["number"], drawn["seed"], drawn["assumptions"]) == (50, 7, 1)
    assert asked(town, "both", "--sample", "50", "--seed", "7")[1] == told


def test_a_tradeoff_between_the_two_is_a_line_of_slope_minus_one(town: Town) -> None:
    ran = town.run(
        "optimize", "both", "--tradeoff", "health", "work", "--format", "json"
    )
    told = json.loads(ran.out)
    assert [edge["slope"] for edge in told["edges"]] == ["-1"]
    assert all(edge["binding"] for edge in told["edges"])


def test_words_after_the_scenario_are_for_a_tradeoff_only(town: Town) -> None:
    refused = town.run("optimize", "both", "health")
    assert (refused.code, "--tradeoff" in refused.err) == (2, True)


def test_what_cannot_be_is_proven_and_the_ways_out_are_told(town: Town) -> None:
    limit = 'limits: {line_down: "0.5", line_up: "1", bounds: [{at_least: "30"}]}\n'
    text = SCENARIO.replace('limits: {line_down: "0.5", line_up: "1"}\n', limit)
    town.file("scenarios/both.yaml", text)
    ran, told = asked(town, "both")
    assert ran.code == 3
    assert {each["rule"] for each in told["conflict"]} == {
        "envelope",
        "bound[1/at_least]",
    }
    (way,) = told["relaxations"]
    assert [(each["rule"], each["from"], each["to"]) for each in way["changes"]] == [
        ("bound[1/at_least]", "30.00", "18.00")
    ]
    assert "no allocation exists" in town.run("verify", "both").out
