"""Tagging through the command line: a person's tags are never undone unseen."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import WHERE, Town
from tests.conftest import Run


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with three lines and no tag."""
    return Town(workspace, cli)


def test_a_crosswalk_tags_lines_and_names_codes_it_lacks(town: Town) -> None:
    ran = town.tag("--crosswalk", "rs_kommun")
    assert ran.code == 0
    assert town.rights("a") == ["_general", "participation"]
    assert ran.err == "No right for function 999: 1 lines stay untagged.\n"


def test_a_crosswalk_leaves_what_a_person_set(town: Town) -> None:
    town.load("a,health,0.5\n")
    assert town.tag("--crosswalk", "rs_kommun").code == 0
    assert (town.rights("a"), town.rights("b") != []) == (["health"], True)


def test_an_import_sets_the_tags_a_crosswalk_made(town: Town) -> None:
    town.tag("--crosswalk", "rs_kommun")
    assert town.load("a,health,0.5\n").code == 0
    assert town.rights("a") == ["health"]


def test_an_import_that_would_undo_a_persons_tags_is_refused(town: Town) -> None:
    town.load("a,health,0.5\nb,health,1\n")
    before = town.store.tags(WHERE)
    ran = town.load("a,education,0.5\nb,health,1\nc,health,1\n")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: tags.csv: found other tags of line a than those somebody set; "
        "expected the tags that are there; export them and compare, or say --replace "
        "to set these\n"
    )
    assert_frame_equal(town.store.tags(WHERE), before)


def test_a_persons_tags_are_undone_when_that_is_asked_for(town: Town) -> None:
    town.load("a,health,0.5\n")
    assert town.load("a,education,0.5\n", "--replace").code == 0
    assert town.rights("a") == ["education"]


def test_an_import_with_a_defect_sets_nothing(town: Town) -> None:
    ran = town.load("a,health,0.5\nb,helth,1\n")
    assert ran.code == 2
    assert ran.err.startswith("error: tags.csv, row 3, column right: found 'helth'")
    assert town.store.tags(WHERE).is_empty()


def test_an_import_that_names_an_unknown_line_sets_nothing(town: Town) -> None:
    ran = town.load("a,health,0.5\nx,health,1\n")
    assert ran.code == 2
    assert "column line_id: found line x; expected a line of the budget" in ran.err
    assert town.store.tags(WHERE).is_empty()


def test_tags_exported_and_imported_are_the_same(town: Town) -> None:
    town.tag("--crosswalk", "rs_kommun")
    town.load("c,health,0.333333\n")
    before = town.store.tags(WHERE)
    file = town.folder / "out.csv"
    said = town.tag("--export", file).err
    assert said.startswith(f"Wrote {before.height} tags to {file}.\n")
    assert town.tag("--import", file).code == 0
    assert_frame_equal(town.store.tags(WHERE), before, check_row_order=False)


def test_tags_are_printed_where_the_file_is_a_dash(town: Town) -> None:
    town.load("c,health,0.25\n")
    ran = town.tag("--export", "-")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["line_id"], row["right"], row["share"]) == ("c", "health", "0.25")


@pytest.mark.parametrize(
    "words", [(), ("--crosswalk", "cofog", "--export", "-"), ("--crosswalk", "x")]
)
def test_a_call_that_does_not_say_one_thing_is_refused(
    town: Town, words: tuple[str, ...]
) -> None:
    ran = town.tag(*words)
    assert (ran.code, "Usage:" in ran.err) == (2, True)


def test_a_target_that_cannot_be_written_is_said(town: Town, tmp_path: Path) -> None:
    ran = town.tag("--export", tmp_path / "no" / "out.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: No such file or directory (")


def test_exported_tags_are_counted_and_not_their_line_breaks(
    cli: Run, workspace: Workspace
) -> None:
    here = ("--workspace", workspace.folder)
    file, tags = workspace.folder / "x.csv", workspace.folder / "tags.csv"
    file.write_text("line_id,fiscal_year,phase,amount\na,2026,approved,1\n")
    tags.write_text('line_id,right,share,evidence\na,health,1,"two\nrows"\n')
    assert cli("ingest", file, "--budget", "town", *here).code == 0
    assert cli("tag", "town", "--import", tags, *here).code == 0
    ran = cli("tag", "town", "--export", workspace.folder / "out.csv", *here)
    assert ran.err.startswith("Wrote 1 tags")
