"""Every way of tagging through the command line, and what it says of the money."""

from __future__ import annotations

import csv
import io
import json

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import HEAD, WHERE, Town
from tests.conftest import Ran, Run

RULES = """
title: Words of the town
version: "1"
rules:
  - {id: clinic, words: [clinic], criterion: It heals., tags: [{right: health}]}
  - {id: any, stems: [cl, part], tags: [{right: participation, share: "0.5"}]}
"""
MARKED = (
    "line_id,fiscal_year,phase,description,gender,amount\n"
    "a,2026,approved,x,2,1000000\nb,2026,approved,x,1,2000000\n"
    "c,2026,approved,x,0,500000\nd,2026,approved,x,,7\n"
)


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with three lines and no tag."""
    return Town(workspace, cli)


def moved(ran: Ran) -> dict[str, str]:
    """Right → money it would have afterwards; untagged money under an empty name."""
    rows = csv.DictReader(io.StringIO(ran.out))
    return {row["right"]: row["after"] for row in rows}


def test_a_preview_shows_the_money_and_stores_nothing(town: Town) -> None:
    rules = town.file("words.yaml", RULES)
    ran = town.tag("--rules", rules, "--preview", "--format", "csv")
    assert ran.code == 0
    assert moved(ran) == {"health": "7.00", "participation": "3.00", "": "8.00"}
    assert town.store.tags(WHERE).is_empty()


def test_rules_leave_their_criterion_and_say_what_they_shadow(town: Town) -> None:
    ran = town.tag("--rules", town.file("words.yaml", RULES), "--format", "json")
    rules = {row["rule"]: row for row in json.loads(ran.out)["rules"]}
    assert (rules["any"]["lines"], rules["any"]["also_fits"]) == ("1", "1")
    tags = town.store.tags(WHERE)
    assert set(tags["basis"]) == {"text_rule"}
    assert all(name.startswith("text_rule.words.") for name in tags["criterion"])
    assert all("@1" in name for name in tags["criterion"])


def test_rules_take_the_place_of_codes_and_not_of_people(town: Town) -> None:
    town.tag("--crosswalk", "rs_kommun")
    town.load("c,education,1\n", "--replace")
    town.tag("--rules", town.file("words.yaml", RULES))
    assert town.rights("b") == ["participation"]
    assert town.rights("c") == ["education"]
    assert "_general" in town.rights("a")


def test_a_rule_that_is_wrong_is_told_with_its_line(town: Town) -> None:
    wrong = RULES.replace("right: health", "right: helth")
    ran = town.tag("--rules", town.file("words.yaml", wrong))
    assert ran.code == 2
    assert "words.yaml:5:" in ran.err
    assert "near it are health" in ran.err


def test_marks_become_shares_with_the_example_of_the_literature(town: Town) -> None:
    file = town.file("marked.csv", MARKED)
    assert town.run("ingest", file, "--budget", "marks").code == 0
    ran = town.run(
        *("tag", "marks", "--marker", "dac_gender", "--column", "gender"),
        *("--preview", "--format", "csv"),
    )
    assert moved(ran)["equality.gender"] == "1800000.00"
    own = town.run(
        *("tag", "marks", "--marker", "dac_gender", "--column", "gender"),
        *("--weight", "1=0.2", "--preview", "--format", "csv"),
    )
    assert moved(own)["equality.gender"] == "1400000.00"


def test_lines_that_nobody_marked_are_listed_and_not_tagged(town: Town) -> None:
    town.run("ingest", town.file("marked.csv", MARKED), "--budget", "marks")
    ran = town.run("tag", "marks", "--marker", "dac_gender", "--column", "gender")
    assert "Lines without a mark: nobody has screened them:" in ran.err
    assert "line_id d, amount 7.00" in ran.err


def test_an_impossible_mark_is_told_with_its_row(town: Town) -> None:
    file = town.file("marked.csv", MARKED.replace("x,2,", "x,9,"))
    town.run("ingest", file, "--budget", "marks")
    ran = town.run("tag", "marks", "--marker", "dac_gender", "--column", "gender")
    assert ran.code == 2
    assert "marked.csv, row 2, column gender: found '9' on line a" in ran.err


def test_a_marker_that_is_not_there_is_refused_with_the_nearest(town: Town) -> None:
    ran = town.tag("--marker", "dac_gendr")
    assert (ran.code, "Did you mean dac_gender?" in ran.err) == (2, True)


def test_last_years_tags_are_carried_through_a_split(town: Town) -> None:
    town.load("a,health,0.8\nb,education,1\nc,work,1\n")
    later = "line_id,fiscal_year,phase,amount\na1,2027,approved,3\na2,2027,approved,4\n"
    file = town.file("later.csv", later + "c,2027,approved,9\n")
    assert town.run("ingest", file, "--budget", "later").code == 0
    codes = town.file("codes.csv", "old,new,share\na,a1,0.5\na,a2,0.5\n")
    ran = town.run("tag", "later", "--carry-from", "town", "--codes", codes)
    assert ran.code == 0
    assert "Tags that could not be carried, with their money:" in ran.err
    assert "old b, amount 6.00, tagged 6.00" in ran.err
    out = town.run("tag", "later", "--export", "-").out
    rows = {row["line_id"]: row for row in csv.DictReader(io.StringIO(out))}
    assert (rows["a1"]["share"], rows["a2"]["right"]) == ("0.8", "health")
    assert rows["a1"]["state"] == "proposed"
    assert rows["c"]["evidence"] == "carried from town c"


def test_a_transfer_within_the_budget_is_counted_once(town: Town) -> None:
    transfers = town.file(
        "transfers.yaml",
        "title: t\ntransfers:\n  - id: x\n    where: \"line_id = 'a'\"\n"
        "    to: [{function: '110', function_scheme: rs_kommun}]\n",
    )
    assert town.tag("--look-through", transfers).code == 0
    tags = town.store.tags(WHERE)
    assert set(tags["line_id"]) == {"a"}
    assert tags["criterion"][0].startswith("transfer.transfers.x@")


def test_a_way_of_its_own_is_asked_for_alone(town: Town) -> None:
    rules = town.file("words.yaml", RULES)
    ran = town.tag("--rules", rules, "--crosswalk", "rs_kommun")
    assert (ran.code, "Usage:" in ran.err) == (2, True)


def test_the_author_of_a_tag_is_who_says_so(town: Town) -> None:
    town.tag("--crosswalk", "rs_kommun", "--by", "anna")
    assert set(town.store.tags(WHERE)["author"]) == {"anna"}


def test_a_header_alone_imports_nothing(town: Town) -> None:
    file = town.file("tags.csv", HEAD)
    assert town.tag("--import", file).code == 0
    assert town.store.tags(WHERE).is_empty()
