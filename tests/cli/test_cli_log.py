"""`hrbudget log`: what happened, event by event, and whether the log is whole."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from hrbudget.domain.actor import Actor
from hrbudget.store.lines import File
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.ingest.reading import lines as read_lines
from tests.store.lived import tag, tags


@pytest.fixture
def town(workspace: Workspace) -> Workspace:
    """A workspace of two lines, one of which was tagged and tagged otherwise."""
    store = workspace.store.as_actor(Actor("Anna"))
    rows = read_lines("line_id,amount\na,1\nb,2\n")
    store.add_lines("=cmd|'x'", rows, File("0" * 64), "Exempelby")
    where = store.slices()[0]
    nothing = store.tags(where)
    first = tags(nothing, tag("a"), tag("b", right="housing"))
    store.set_tags(where, first, nothing, "as the plan says")
    both = first["line_id"] == "b"
    changed = first.with_columns(
        share=pl.when(both).then(250_000).otherwise("share").cast(pl.Int64)
    )
    store.set_tags(where, changed, first, "@read again")
    return workspace


def run(cli: Run, workspace: Workspace, *arguments: object) -> str:
    done = cli("log", *arguments, "--workspace", workspace.folder)
    assert done.code == 0, done.err
    return done.out


def test_events_are_listed_with_who_when_and_why(town: Workspace, cli: Run) -> None:
    out = run(cli, town, "list", "--last", "2")
    heading, one, other = out.splitlines()
    assert heading.split() == [
        "id",
        "at",
        "(UTC)",
        "actor",
        "kind",
        "subject",
        "reason",
    ]
    assert one.split()[3:5] == ["Anna", "tag.changed"]
    assert "as the plan says" in one
    assert "@read again" in other


def test_events_are_listed_for_programs(town: Workspace, cli: Run) -> None:
    listed = json.loads(run(cli, town, "list", "--format", "json"))
    assert [each["id"] for each in listed] == [1, 2, 3, 4]
    assert listed[3]["reason"] == "@read again"
    assert listed[3]["at"].endswith("Z")
    picked = ("--kind", "tag.changed", "--actor", "Anna", "--subject", "CMD")
    some = json.loads(run(cli, town, "list", *picked, "--format", "json"))
    assert [each["id"] for each in some] == [3, 4]
    nothing = run(cli, town, "list", "--until", "2001-01-01", "--format", "json")
    assert json.loads(nothing) == []


def test_no_cell_of_a_list_runs_as_a_formula(town: Workspace, cli: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run(cli, town, "list", "--format", "csv"))))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3]["reason"] == "'@read again"
    assert rows[1]["subject"] == "'=cmd|'x'"


def test_an_event_shows_the_tags_that_went_and_came(town: Workspace, cli: Run) -> None:
    out = run(cli, town, "show", "4")
    assert "as the plan says" not in out
    table = out.split("\n\n", 1)[1].splitlines()
    signs = [line.split()[0] for line in table if line[:1] in ("-", "+")]
    assert signs == ["-", "+"]
    assert "0.5" in next(line for line in table if line.startswith("-"))
    assert "0.25" in next(line for line in table if line.startswith("+"))


def test_an_event_is_shown_for_programs(town: Workspace, cli: Run) -> None:
    event = json.loads(run(cli, town, "show", "4", "--format", "json"))
    assert [each["share"] for each in event["old"]] == [500_000]
    assert [each["share"] for each in event["new"]] == [250_000]
    assert len(event["hash"]) == 64
    out = run(cli, town, "show", "2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["change"] for row in rows} == {"", "new"}
    assert {row["field"] for row in rows} > {"id", "kind", "file", "slices"}


def test_an_event_that_is_not_there_is_refused(town: Workspace, cli: Run) -> None:
    for number, code in (("99", 2), ("0", 2), (str(2**63), 2)):
        done = cli("log", "show", number, "--workspace", town.folder)
        assert done.code == code
        assert "Traceback" not in done.err
    done = cli("log", "show", "99", "--workspace", town.folder)
    assert done.err == "error: There is no event 99: the last one is 4.\n"


def test_a_log_that_is_whole_says_its_head(town: Workspace, cli: Run) -> None:
    out = run(cli, town, "verify").splitlines()
    head = town.store.head()
    assert out == [
        f"4 events; the head of the log is {head}.",
        "4 parts of the store are as the log left them.",
    ]
    assert run(cli, town, "verify", "--head", head.upper()).splitlines() == out
    found = json.loads(run(cli, town, "verify", "--format", "json"))
    assert found == {"events": 4, "head": head, "faults": [], "parts": 4}


def test_a_head_that_was_never_there_ends_with_one(town: Workspace, cli: Run) -> None:
    asked = ("log", "verify", "--head", "f" * 64, "--workspace", town.folder)
    done = cli(*asked)
    assert done.code == 1
    assert done.out.splitlines()[1].startswith("- No event has the hash ffff")
    as_json = cli(*asked, "--format", "json")
    assert as_json.code == 1
    assert len(json.loads(as_json.out)["faults"]) == 1


def test_an_event_is_taken_back_by_a_new_one(town: Workspace, cli: Run) -> None:
    asked = ("log", "undo", "4", "--workspace", town.folder)
    assert cli(*asked).code == 2  # no reason
    done = cli(*asked, "--reason", "the reader was mistaken")
    assert (done.code, done.err) == (0, "Took back event 4.\n")
    last = town.store.events()[-1]
    assert (last.id, last.kind) == (5, "tag.changed")
    where = town.store.slices()[0]
    assert sorted(town.store.tags(where)["share"]) == [500_000, 500_000]
    assert "Traceback" not in cli(*asked, "--reason", "again").err


def test_a_workspace_that_is_none_is_refused(tmp_path: Path, cli: Run) -> None:
    for command in (("list",), ("verify",), ("show", "1")):
        assert cli("log", *command, "--workspace", tmp_path).code == 2
