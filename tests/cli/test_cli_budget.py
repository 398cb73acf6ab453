"""A workspace lists what it holds; a wrong file is taken back, what is used is not."""

from __future__ import annotations

import csv
import io

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import LINES, Town
from tests.conftest import Run


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with a tag on one of three lines."""
    made = Town(workspace, cli)
    made.load("a,health,1\n")
    return made


def test_budgets_are_listed_with_what_is_tagged(town: Town) -> None:
    ran = town.run("budget", "list", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["budget"], row["lines"], row["tagged_lines"]) == ("town", "3", "1")


def test_a_budget_goes_only_when_that_is_said(town: Town) -> None:
    said = town.run("budget", "remove", "town")
    assert "It would remove town (2026 approved): 3 lines, 1 of them tagged" in said.err
    assert len(town.store.slices()) == 1
    assert town.run("budget", "remove", "town", "--yes").code == 0
    assert town.store.slices() == []
    again = town.file("again.csv", LINES)
    assert town.run("ingest", again, "--budget", "town").code == 0
    assert town.store.slices()[0].tagged_lines == 0


def test_a_budget_with_locked_tags_stays(town: Town) -> None:
    town.review(
        "keep", town.file("bo.csv", "line_id,right,share\na,health,1\n"), "--by", "bo"
    )
    for to, by in (("read", "bo"), ("approved", "cia"), ("locked", "cia")):
        assert town.review("advance", "--to", to, "--by", by).code == 0
    ran = town.run("budget", "remove", "town", "--yes")
    assert (ran.code, "1 locked tags" in ran.err) == (2, True)
    assert len(town.store.slices()) == 1


def test_a_budget_that_is_not_there_is_refused_by_name(town: Town) -> None:
    ran = town.run("budget", "remove", "twon", "--yes")
    assert (ran.code, "Did you mean town?" in ran.err) == (2, True)
