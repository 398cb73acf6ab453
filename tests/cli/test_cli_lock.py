"""Locking a budget or a proposal for good; changing the structure of what is not."""

from __future__ import annotations

import csv
import io

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import LINES, WHERE, Town
from tests.conftest import Run
from tests.store.held import proposal
from tests.tag.tagging import tag, tags

UNITS = (
    "line_id,amount,administrative_unit\n"
    "a,5.01,Culture\nb,6,Culture\nc,7,=Schools\nd,0.99,\n"
)


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with a tag on one of three lines."""
    made = Town(workspace, cli)
    made.load("a,health,1\n")
    return made


def locked(town: Town) -> list[str]:
    ran = town.run("budget", "list", "--format", "csv")
    return [row["locked"] for row in csv.DictReader(io.StringIO(ran.out))]


def test_a_budget_is_locked_with_what_it_holds_and_stays(town: Town) -> None:
    ran = town.run("lock", "town", "--reason", "council 2026-06-15")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "",
        "Locked lines:\ntown (2026 approved): 3 lines, 18 SEK in all.\n",
    )
    assert locked(town) == ["budget"]
    gone = town.run("budget", "remove", "town", "--yes")
    assert (gone.code, "town (2026 approved) is locked (budget)" in gone.err) == (
        2,
        True,
    )
    assert town.load("b,health,1\n").code == 0
    again = town.run("lock", "town", "--reason", "x")
    assert again.err == "error: town (2026 approved) is locked already (budget).\n"
    assert town.store.events()[-1].reason == ""
    assert town.store.verify().faults == ()


def test_tags_are_locked_when_all_of_them_are_approved(town: Town) -> None:
    ran = town.run("lock", "town", "--tags", "--reason", "council")
    assert (ran.code, "1 tags that nobody has approved" in ran.err) == (2, True)
    town.store.set_tags(WHERE, tags(tag(line_id="a", state="approved")))
    assert town.run("lock", "town", "--tags", "--reason", "council").code == 0
    assert locked(town) == ["tags"]
    ran = town.load("b,health,1\n")
    assert (ran.code, "are locked (tags)" in ran.err) == (2, True)


def test_a_proposal_is_locked_by_its_name(town: Town) -> None:
    town.store.save_proposal(proposal("cut", WHERE))
    ran = town.run("lock", "cut", "--tags", "--reason", "x")
    assert (ran.code, "is a proposal" in ran.err) == (2, True)
    ran = town.run("lock", "cut", "--reason", "council")
    assert ran.err == (
        "Locked the proposal cut, with the lines and tags it was made on:\n"
        "town (2026 approved): 3 lines, 18 SEK in all.\n"
    )
    assert locked(town) == ["proposal"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lock", "twon", "--reason", "x"), "Did you mean town?"),
        (("lock", "town"), "Missing option '--reason'"),
        (("lock", "town", "--reason", "x", "--year", "2020"), "holds 2026 approved"),
        (("budget", "recode", "town", "function", "100"), "Missing option"),
        (
            ("budget", "recode", "town", "function", "100", "--reason", "x"),
            "Say NEW, or --delete",
        ),
        (
            ("budget", "recode", "town", "amount", "5", "6", "--reason", "x"),
            "'amount' is no column whose codes can change; there are: entity",
        ),
        (
            ("budget", "recode", "town", "function", "11", "12", "--reason", "x"),
            "No function of town (2026 approved) is called '11'. Did you mean 110?",
        ),
        (
            ("budget", "recode", "town", "function", "100", " ", "--reason", "x"),
            "' ' is no code",
        ),
    ],
)
def test_what_is_asked_wrongly_is_said(
    town: Town, words: tuple[str, ...], said: str
) -> None:
    ran = town.run(*words)
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_the_help_says_that_there_is_no_unlocking(cli: Run) -> None:
    assert "There is no unlocking." in cli("lock", "--help").out


def test_a_unit_is_renamed_merged_and_deleted_and_no_money_moves(town: Town) -> None:
    town.run(
        "ingest",
        town.file("units.csv", UNITS),
        "--budget",
        "units",
        "--year",
        2026,
        "--phase",
        "approved",
    )
    steps = [
        (("Culture", "Leisure"), "'Culture' is now 'Leisure' on 2 lines"),
        (("Leisure", "=Schools"), "'Leisure' is now '=Schools' on 2 lines"),
        (("=Schools", "--delete"), "'=Schools' is deleted from 3 lines"),
    ]
    for words, said in steps:
        ran = town.run(
            "budget",
            "recode",
            "units",
            "administrative_unit",
            *words,
            "--reason",
            "reform",
        )
        told = f"units (2026 approved): administrative_unit {said}. Total before "
        assert (ran.code, ran.out) == (0, "")
        assert ran.err == f"{told}19 SEK, after 19 SEK.\n"
    where = town.store.slices()[-1]
    assert town.store.lines(where)["administrative_unit"].to_list() == [None] * 4
    assert town.store.verify().faults == ()
    assert LINES.count("\n") == town.store.lines(WHERE).height + 1
