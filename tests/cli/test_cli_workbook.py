"""Two colleagues, one budget: a workbook goes out, comes back, and nothing is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import WHERE, Town
from tests.conftest import Run
from tests.tag.workbooks import Spreadsheet


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with a tag on each of two lines, and a workbook that left with them."""
    made = Town(workspace, cli)
    made.load("a,health,1\nb,education,0.5\n")
    assert made.tag("--export", book(made)).code == 0
    return made


def book(town: Town) -> Path:
    """The workbook."""
    return town.folder / "book.xlsx"


def shares(town: Town) -> dict[str, str]:
    """line_id → share as text."""
    ran = town.tag("--export", "-")
    return {
        row["line_id"]: row["share"] for row in csv.DictReader(io.StringIO(ran.out))
    }


def test_independent_edits_of_two_people_both_stand(town: Town) -> None:
    town.load("a,health,0.9\n", "--replace")
    edit(town, "b", "share", "0.25")
    ran = town.tag("--import", book(town), "--by", "bo")
    assert (ran.code, "Conflicts" in ran.err) == (0, False)
    assert shares(town) == {"a": "0.9", "b": "0.25"}
    tags = town.store.tags(WHERE)
    assert dict(tags.select("line_id", "author").iter_rows())["b"] == "bo"


def test_the_same_cell_twice_is_a_conflict_that_somebody_settles(town: Town) -> None:
    town.load("b,education,0.75\n", "--replace")
    edit(town, "b", "share", "0.25")
    ran = town.tag("--import", book(town), "--by", "bo")
    assert ran.code == 0
    assert "line_id b, column share" in ran.err
    assert shares(town)["b"] == "0.75"
    asked = town.folder / "book.conflicts.xlsx"
    sheet = Spreadsheet(asked.read_bytes())
    sheet.put("keep", 4, "mine")
    asked.write_bytes(sheet.saved())
    assert town.tag("--resolve", asked, "--by", "cia").code == 0
    assert shares(town)["b"] == "0.25"


def test_a_preview_of_a_workbook_stores_and_writes_nothing(town: Town) -> None:
    edit(town, "b", "share", "0.25")
    ran = town.tag("--import", book(town), "--preview", "--by", "bo")
    assert ran.code == 0
    assert shares(town)["b"] == "0.5"


def test_a_workbook_of_another_budget_is_refused(town: Town) -> None:
    file = town.file("o.csv", "line_id,fiscal_year,phase,amount\na,2026,approved,1\n")
    town.run("ingest", file, "--budget", "other")
    ran = town.run("tag", "other", "--import", book(town), "--by", "bo")
    assert ran.code == 2
    assert "town 2026 approved" in ran.err


def test_a_workbook_that_somebody_worked_in_is_not_written_over(town: Town) -> None:
    edit(town, "b", "share", "0.25")
    there = book(town).read_bytes()
    ran = town.tag("--export", book(town))
    assert (ran.code, "say --force" in ran.err) == (2, True)
    assert book(town).read_bytes() == there
    assert town.tag("--export", book(town), "--force").code == 0


def test_edits_are_somebodys(town: Town) -> None:
    ran = town.tag("--import", book(town))
    assert (ran.code, "Say --by NAME" in ran.err) == (2, True)


def test_a_tag_that_a_person_took_away_is_not_proposed_again(town: Town) -> None:
    town.tag("--crosswalk", "rs_kommun")
    town.load("b,education,0.5\n", "--replace")
    again = town.folder / "again.xlsx"
    town.tag("--export", again)
    sheet = Spreadsheet(again.read_bytes())
    for row in sheet.rows("line_id", "b"):
        sheet.put("remove", row, "x")
    again.write_bytes(sheet.saved())
    assert town.tag("--import", again, "--by", "anna").code == 0
    town.tag("--crosswalk", "rs_kommun")
    assert town.rights("b") == [None]
    tags = town.store.tags(WHERE)
    assert tags.filter(tags["line_id"] == "b")["effect"].to_list() == ["neutral"]


def test_a_blind_reading_is_not_merged_into_the_tags(town: Town) -> None:
    blind = town.folder / "blind.xlsx"
    assert town.review("blind", "--by", "bo", "--out", blind).code == 0
    ran = town.tag("--import", blind, "--by", "bo")
    assert ran.code == 2
    assert "keep it with `review keep`" in ran.err


def edit(town: Town, line: str, column: str, digits: str) -> None:
    """Change one cell of the sheet of tags, as a colleague would."""
    sheet = Spreadsheet(book(town).read_bytes())
    (row,) = sheet.rows("line_id", line)
    sheet.number(column, row, digits)
    book(town).write_bytes(sheet.saved())
