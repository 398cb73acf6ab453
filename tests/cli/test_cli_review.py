"""Two readers through the command line: blind, compared, settled, approved, locked."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import HEAD, WHERE, Town
from tests.conftest import Run


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town that anna tagged and bo read: they agree on a, not on b; c has no tag."""
    made = Town(workspace, cli)
    tags = "line_id,right,share,author\na,health,1,anna\nb,health,0.5,anna\n"
    assert made.tag("--import", made.file("tags.csv", tags)).code == 0
    reading = made.file("bo.csv", HEAD + "a,health,1\nb,education,0.5\n")
    assert made.review("keep", reading, "--by", "bo").code == 0
    return made


def test_a_blind_workbook_shows_lines_and_no_tags(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "blind.xlsx"
    assert town.review("blind", "--by", "cia", "--out", out).code == 0
    assert out.read_bytes().startswith(b"PK")
    kept = town.review("keep", out, "--by", "cia")
    assert "0 lines" in kept.err
    assert (b"anna" in out.read_bytes()) is False


def test_agreement_is_told_per_right_with_what_is_not_defined(town: Town) -> None:
    ran = town.review("agreement", "--format", "csv")
    rows = {
        (row["kind"], row["id"]): row for row in csv.DictReader(io.StringIO(ran.out))
    }
    assert rows["right", "education"]["kappa"] == "0"
    assert rows["all", ""]["observed"] == "0.5"
    assert rows["all", ""]["lines"] == "2"


def test_disputes_come_with_their_money_and_an_empty_choice(town: Town) -> None:
    ran = town.review("disputes", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["line_id"], row["in_dispute"], row["choice"]) == ("b", "3.00", "")
    assert (row["first"], row["second"]) == ("health 0.5", "education 0.5")
    assert ran.err == "1 lines in dispute, 3.00 SEK.\n"


def test_a_settled_range_is_carried_into_the_totals(town: Town) -> None:
    choice = town.file("choices.csv", "line_id,choice\nb,spread\n")
    assert town.review("settle", choice, "--by", "cia").code == 0
    ran = town.run("check", "town", "--pack", "icld", "--format", "json")
    totals = json.loads(ran.out)["totals"]
    # health: all of a and 0 to half of b; education: 0 to half of b; b is one line.
    assert totals["by_right"]["health"] == "8.00"
    ranges = totals["ranges"]
    assert ranges["by_right"]["health"] == {"low": "5.00", "high": "8.00"}
    assert ranges["by_right"]["education"] == {"low": "0.00", "high": "3.00"}
    assert ranges["tagged"] == {"low": "5.00", "high": "11.00"}


def test_a_choice_that_is_none_is_told_with_its_cell(town: Town) -> None:
    choice = town.file("choices.csv", "line_id,choice\nb,third\n")
    ran = town.review("settle", choice, "--by", "cia")
    assert ran.code == 2
    assert "choices.csv, row 2, column choice: found 'third'" in ran.err


def test_tags_go_to_locked_by_other_eyes_and_then_stay(town: Town) -> None:
    assert town.review("advance", "--to", "read", "--by", "bo").code == 0
    assert town.states() == {"a": "read", "b": "proposed"}
    own = town.review("advance", "--to", "approved", "--by", "anna", "--line", "a")
    assert (own.code, "anna, who wrote tags of line a" in own.err) == (2, True)
    assert town.review("advance", "--to", "approved", "--by", "cia").code == 0
    assert town.review("advance", "--to", "locked", "--by", "cia").code == 0
    assert town.states() == {"a": "locked", "b": "proposed"}
    for way in (
        ("--import", town.file("t.csv", HEAD + "a,living.food,1\n"), "--replace"),
    ):
        ran = town.tag(*way)
        assert ran.code == 2
    town.tag("--crosswalk", "rs_kommun")
    assert town.rights("a") == ["health"]


def test_locked_tags_are_not_replaced_even_by_name(town: Town) -> None:
    for to, by in (("read", "bo"), ("approved", "cia"), ("locked", "cia")):
        town.review("advance", "--to", to, "--by", by)
    before = town.store.tags(WHERE)
    ran = town.load("a,education,1\n", "--replace")
    assert "other tags of line a than its locked ones" in ran.err
    assert town.store.tags(WHERE).equals(before)


def test_tags_are_taken_back_with_a_reason_alone(town: Town) -> None:
    town.review("advance", "--to", "read", "--by", "bo")
    ran = town.review("advance", "--to", "proposed", "--by", "cia")
    assert (ran.code, "Say why" in ran.err) == (2, True)
    back = ("--to", "proposed", "--by", "cia", "--reason", "wrong year")
    assert town.review("advance", *back).code == 0
    assert town.states()["a"] == "proposed"


def test_an_audit_is_drawn_again_from_its_options(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "audit.xlsx"
    asked = ("--seed", "2026", "--tolerable", "0.5", "--expected", "0.1")
    drawn = town.run(
        "audit", "sample", "town", *asked, "--out", out, "--format", "json"
    )
    assert json.loads(drawn.out)["tagged_money"] == "11.00"
    right = town.file("right.csv", HEAD + "a,health,1\nb,health,0.5\n")
    good = town.run("audit", "evaluate", "town", right, *asked, "--format", "json")
    assert json.loads(good.out)["errors"][0]["likely"] == "0.00"
    wrong = town.file("wrong.csv", HEAD + "a,living.food,1\nb,living.food,0.5\n")
    bad = json.loads(
        town.run("audit", "evaluate", "town", wrong, *asked, "--format", "json").out
    )
    assert bad["acceptable"] is False
    half = town.file("half.csv", HEAD + "a,health,1\n")
    ran = town.run("audit", "evaluate", "town", half, *asked)
    assert (ran.code, "no audited tags of line b" in ran.err) == (2, True)


def test_an_audit_says_how_sure_it_is_in_a_sentence(town: Town) -> None:
    right = town.file("right.csv", HEAD + "a,health,1\nb,health,0.5\n")
    ran = town.run(
        "audit", "evaluate", "town", right, "--seed", "x", "--tolerable", "0.5"
    )
    assert ran.err.startswith("With 95 % confidence at most ")
