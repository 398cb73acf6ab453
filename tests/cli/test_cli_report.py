"""``hrbudget report``: which files, which kinds, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import click
import pytest

from hrbudget.cli.report import report
from hrbudget.report.blocks import Kind
from hrbudget.report.documents import FORMATS
from hrbudget.report.kinds import every
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run


class Reports:
    """Reports of the demo's workspace, in a folder of one test."""

    def __init__(self, town: Workspace, out: Path, run: Run) -> None:
        self.out, self._town, self._run = out, town, run

    def __call__(self, name: str, *words: object) -> Ran:
        there = ("--workspace", self._town.folder, "--out", self.out)
        return self._run("report", name, *there, *words)

    @property
    def files(self) -> list[str]:
        return sorted(each.name for each in self.out.iterdir())

    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.out / "report.json").read_bytes())
        return found


@pytest.fixture
def reports(answered: Workspace, tmp_path: Path, cli: Run) -> Reports:
    return Reports(answered, tmp_path / "out", cli)


def test_a_report_is_written_in_every_format_with_its_evidence(
    reports: Reports, cli: Run
) -> None:
    ran = reports("grant_within_bounds", "--language", "sv")
    assert (ran.code, ran.out) == (0, "")
    formats = [f"report.{each}" for each in sorted(FORMATS)]
    assert reports.files == ["evidence.zip", *formats]
    for other in ("report.json", "report.xlsx", "report.html"):
        refused = cli("verify", reports.out / other)
        assert (refused.code, "verify the evidence.zip" in refused.err) == (2, True)
    verified = cli("verify", reports.out / "evidence.zip", "--format", "json")
    assert verified.code == 0
    (told,) = json.loads(verified.out)
    page = (reports.out / "report.html").read_text("utf-8")
    assert told["manifest"] in page


@pytest.mark.parametrize("kind", ["follow-up", "donor", "summary"])
def test_each_kind_can_be_asked_for(reports: Reports, kind: str) -> None:
    words = ("--kind", kind, "--format", "html", "--no-evidence")
    assert reports("exempelby_2024", *words).code == 0
    assert reports.files == ["report.html"]


def test_a_kind_that_is_not_there_is_told_before_anything_is_written(
    reports: Reports,
) -> None:
    ran = reports("exempelby_2026", "--kind", "proposal")
    assert ran.code == 2
    assert "name a proposal" in ran.err
    assert not reports.out.exists()


def test_values_of_another_day_can_be_asked_for_but_not_of_a_proposal(
    reports: Reports, cli: Run
) -> None:
    words = ("--on", "2026-06-30", "--format", "json")
    assert reports("exempelby_2026", *words).code == 0
    check = reports.json()["check"]
    assert isinstance(check, dict)
    assert check["on"] == "2026-06-30"
    assert cli("verify", reports.out / "evidence.zip").code == 0
    for more in (("--on", "2026-06-30"), ("--pack", "icld")):
        refused = reports("fund_the_plan", *more)
        assert refused.code == 2
        assert "Leave --pack and --on out" in refused.err


def test_findings_are_held_against_an_earlier_report_or_its_pack(
    reports: Reports,
) -> None:
    assert reports("exempelby_2025", "--format", "json").code == 0
    kept = reports.out.rename(reports.out.with_name("last"))
    found = []
    for name in ("report.json", "evidence.zip"):
        words = ("--format", "json", "--no-evidence", "--against", kept / name)
        assert reports("exempelby_2026", *words).code == 0
        against = reports.json()["against"]
        assert isinstance(against, dict)
        assert against["budget"] == "exempelby_2025"
        found.append(against["findings"])
    assert found[0] == found[1]
    changes = {each["id"]: each["change"] for each in found[0]}
    assert "same" in changes.values()
    assert len(set(changes.values())) > 1


def test_what_is_no_report_is_refused(reports: Reports, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    ran = reports("exempelby_2026", "--against", other)
    assert ran.code == 2
    assert "other.json is no report.json of hrbudget" in ran.err


def test_the_help_names_the_kinds_and_formats_there_are() -> None:
    offered = {each.name: each.type for each in report.params}
    kinds, formats = offered["kind"], offered["formats"]
    assert isinstance(kinds, click.Choice)
    assert isinstance(formats, click.Choice)
    assert [each.replace("-", "_") for each in kinds.choices] == list(every.KINDS)
    assert tuple(formats.choices) == FORMATS
    assert set(get_args(Kind)) == {*every.KINDS, "front"}
