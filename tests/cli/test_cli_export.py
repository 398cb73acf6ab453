"""``hrbudget export``: open data by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hrbudget.domain.taxonomy import DATA
from hrbudget.workspace.workspace import Workspace
from tests.cli.town import Town
from tests.conftest import Run

PUBLISHER = """\
organization: {ref: SE-ON-2120009994, type: "11", name: {sv: Exempelby}}
activities:
  clinic:
    title: {sv: Kliniken}
    description: {sv: En klinik}
    where: "function = '999'"
    organizations: [{role: implementing, name: {sv: Exempelby}}]
    countries: {SE: "100"}
  bridge:
    title: {sv: Bron}
    description: {sv: En bro}
    where: "function = '249'"
    organizations: [{role: implementing, name: {sv: Exempelby}}]
    countries: {SE: "100"}
"""


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    made = Town(workspace, cli)
    made.file("publisher.yaml", PUBLISHER)
    return made


def test_an_activity_file_is_written_and_what_it_holds_is_said(
    town: Town, tmp_path: Path
) -> None:
    target = tmp_path / "activities.xml"
    day = ("--generated", "2026-03-01")
    ran = town.run("export", "iati", "town", "--out", target, *day)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "SE-ON-2120009994-clinic: budgets 1, transactions 0",
        "bridge has no line in these budgets, and is left out.",
        f"Wrote {target}",
    ]
    first = target.read_bytes()
    assert b'generated-datetime="2026-03-01T00:00:00Z"' in first
    assert town.run("export", "iati", "town", "--out", target, *day).code == 0
    assert target.read_bytes() == first
    other = ("--generated", "2026-03-02T10:00:00+01:00")
    ran = town.run("export", "iati", "town", "--out", target, *other)
    assert (ran.code, "is there already" in ran.err) == (2, True)
    assert (
        town.run("export", "iati", "town", "--out", target, *other, "--force").code == 0
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("twon",), "No budget or proposal is called 'twon'"),
        (("town", "--activity", "clinik"), "Did you mean clinic?"),
        (("town", "--activity", "bridge"), "has no line of any activity"),
        (("town", "--year", "2025"), "town holds 2026 approved"),
        (("town", "--generated", "2026-03-01T10:00:00"), "is no moment such as"),
        (("town", "--generated", "20260301"), "is no moment such as"),
        ((), "Missing argument 'BUDGET…'"),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_why(
    town: Town, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    target = tmp_path / "activities.xml"
    ran = town.run("export", "iati", *words, "--out", target)
    assert (ran.code, target.exists()) == (2, False)
    assert said in ran.err


def test_nobody_is_made_up_to_publish(town: Town, tmp_path: Path) -> None:
    (town.folder / "publisher.yaml").unlink()
    ran = town.run("export", "iati", "town", "--out", tmp_path / "a.xml")
    assert ran.code == 2
    assert "has no publisher.yaml, which says who publishes: write one" in ran.err


def test_a_package_is_written_and_read_again(town: Town, tmp_path: Path) -> None:
    tags = town.file("tags.csv", "line_id,right,share,author\na,health,1,Anna\n")
    assert town.tag("--import", tags, "--by", "Anna").code == 0
    out = tmp_path / "package"
    ran = town.run("export", "package", "town", "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert "No licence is stated" in ran.err
    assert "Anna" not in (out / "tags.csv").read_text(encoding="utf-8")
    descriptor = out / "datapackage.json"
    again = ("ingest", descriptor, "--budget", "again", "--format", "json")
    ran = town.run(*again)
    assert (ran.code, json.loads(ran.out)["total"]) == (0, "18.00")
    ran = town.run("tag", "again", "--import", out / "tags.csv", "--by", "Anna")
    assert ran.code == 0, ran.err
    ran = town.run(
        *("export", "package", "town", "--out", out, "--with-authors", "--force"),
        *("--leave-out", "description"),
    )
    assert ran.code == 0
    assert "Anna" in (out / "tags.csv").read_text(encoding="utf-8")
    assert "Clinic" not in (out / "lines.csv").read_text(encoding="utf-8")


def test_exempelby_has_a_publisher_to_look_at(town: Town, tmp_path: Path) -> None:
    shipped = (DATA / "exempelby" / "publisher.yaml").read_text(encoding="utf-8")
    town.file("publisher.yaml", shipped)
    ran = town.run("export", "iati", "town", "--out", tmp_path / "a.xml")
    # Its columns are there, its projects are not.
    assert (ran.code, "has no line of any activity" in ran.err) == (2, True)
