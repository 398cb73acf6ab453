"""Suggestions through the command line: ranked, explained, and never applied."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import WHERE, Town
from tests.conftest import Run

LINES = (
    "line_id,fiscal_year,phase,description,amount\n"
    "a,2026,approved,Särskilt boende för äldre,900\n"
    "b,2026,approved,Preschool for young children,500\n"
    "c,2026,approved,xyz,100\n"
)


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with a budget of lines that have texts."""
    made = Town(workspace, cli)
    made.run("ingest", made.file("texts.csv", LINES), "--budget", "texts")
    return made


def test_suggestions_are_ranked_and_name_words_of_the_text(town: Town) -> None:
    ran = town.run("tag", "texts", "--suggest", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert next(row["line_id"] for row in rows) == "a"  # the most money first
    best = {
        (row["line_id"], row["kind"]): row for row in reversed(rows) if row["because"]
    }
    assert best["a", "right"]["id"] == "older.care"
    assert best["b", "right"]["id"] == "education.early"
    assert all(
        word.lower() in LINES.lower()
        for row in rows
        for word in row["because"].split("; ")
    )
    assert "c" not in {row["line_id"] for row in rows}


def test_suggestions_are_never_applied_and_come_back_as_a_file(
    town: Town, tmp_path: Path
) -> None:
    out = tmp_path / "suggested.csv"
    ran = town.run("tag", "texts", "--suggest", "--out", out)
    assert (ran.code, "None of it is applied." in ran.err) == (0, True)
    where = town.run("tag", "texts", "--export", "-").out
    assert len(where.splitlines()) == 1
    assert town.run("tag", "texts", "--import", out).code == 0
    tags = town.store.tags(type(WHERE)("texts", 2026, "approved"))
    assert set(tags["basis"]) == {"suggestion"}
    assert (tags["share_low"] < tags["share"]).all()
    assert set(tags["state"]) == {"proposed"}


def test_learning_without_a_tag_that_anybody_read_is_refused(town: Town) -> None:
    ran = town.run("tag", "texts", "--suggest", "--learn")
    assert ran.code == 2
    assert "somebody read or approved" in ran.err
