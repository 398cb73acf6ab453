"""Results stand alone on standard output, as JSON or CSV; exit codes say the rest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hrbudget.cli.output import as_csv
from hrbudget.workspace import example
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run
from tests.postgres import workspaces

FORMULA = ("=", "+", "@", "\t", "\r")
LINES = "line_id,fiscal_year,phase,function,amount\na,2026,approved,100,5\n"


class Demo:
    """A workspace of Exempelby that one test may change."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self._run = folder, run

    def __call__(self, *words: object) -> Ran:
        return self._run(*words, "--workspace", self.folder)

    def json(self, *words: object) -> Any:  # noqa: ANN401
        """What a command prints as JSON."""
        return json.loads(self(*words, "--format", "json").out)

    def csv(self, *words: object) -> list[list[str]]:
        """What a command prints as CSV, header first."""
        text = self(*words, "--format", "csv").out
        return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def made(
    exempelby: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Exempelby, made for the tests of this file, which may save proposals in it."""
    folder = tmp_path_factory.mktemp("output") / "exempelby"
    workspace = workspaces.copied(exempelby, folder)
    yield workspace.folder
    workspace.store.close()


@pytest.fixture
def demo(made: Path, cli: Run) -> Demo:
    """The command line in Exempelby."""
    return Demo(made, cli)


def test_check_prints_findings_and_totals_that_add_up(demo: Demo) -> None:
    record = demo.json("check", "exempelby_2026")
    totals = {name: float(record["totals"][name]) for name in ("ledger", "tagged")}
    assert {each["verdict"] for each in record["findings"]} >= {"met", "not_met"}
    assert 0 < totals["tagged"] < totals["ledger"]


def test_check_says_its_packs_and_day(demo: Demo) -> None:
    words = ("check", "exempelby_2026", "--pack", "sida", "--on", "2026-03-01")
    record = demo.json(*words)
    assert (record["packs"], record["on"]) == (["sida"], "2026-03-01")
    assert demo(*words).err == "packs: sida; values of 2026-03-01\n"


def test_check_exits_with_1_when_a_finding_asked_about_occurred(demo: Demo) -> None:
    words = ("check", "exempelby_2026", "--format", "json")
    assert demo(*words).code == 0
    failed = demo(*words, "--fail-on", "not_met")
    assert failed.code == 1
    assert json.loads(failed.out)["budget"] == "exempelby_2026"


def test_check_exits_with_0_when_no_finding_asked_about_occurred(demo: Demo) -> None:
    words = ("check", "exempelby_2026", "--pack", "icld")
    verdicts = {each["verdict"] for each in demo.json(*words)["findings"]}
    absent = {"not_met", "cannot_tell", "not_assessed"} - verdicts
    assert absent != set()
    assert [demo(*words, "--fail-on", each).code for each in absent] == [0] * len(
        absent
    )


def test_a_day_that_is_none_is_refused(demo: Demo) -> None:
    ran = demo("check", "exempelby_2026", "--on", "31/1")
    assert (ran.code, "no date such as 2026-01-31" in ran.err) == (2, True)


def test_optimize_prints_a_proposal_and_notes_that_it_is_saved(demo: Demo) -> None:
    ran = demo("optimize", "fund_the_plan", "--format", "json")
    record = json.loads(ran.out)
    assert (ran.code, record["status"], record["scenario"]) == (
        0,
        "optimal",
        "fund_the_plan",
    )
    assert ran.err.startswith("Proposal fund_the_plan ")
    assert record["moves"] != []


def test_optimize_exits_with_3_and_the_conflict_where_rules_collide(
    demo: Demo,
) -> None:
    ran = demo("optimize", "grant_within_bounds", "--format", "json")
    record = json.loads(ran.out)
    assert (ran.code, record["status"], record["moves"]) == (3, "infeasible", [])
    assert len(record["conflict"]) > 1


def test_compare_prints_two_budgets(demo: Demo) -> None:
    record = demo.json("compare", "exempelby_2025", "exempelby_2026")
    assert (record["before"], record["after"]) == ("exempelby_2025", "exempelby_2026")


def test_ingest_prints_what_it_read(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(LINES)
    words = ("ingest", file, "--budget", "new", "--dry-run")
    ran = demo(*words, "--format", "json")
    record = json.loads(ran.out)
    assert (record["lines"], record["total"], record["stored"]) == (1, "5.00", False)
    assert "character set UTF-8" in record["notes"]
    assert ran.err == ""
    assert "x.csv: delimiter comma" in demo(*words).err


def test_a_budget_cannot_have_the_name_of_a_proposal(
    demo: Demo, tmp_path: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_text(LINES)
    demo("optimize", "fund_the_plan")
    ran = demo("ingest", file, "--budget", "fund_the_plan")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: A proposal is called 'fund_the_plan'; choose another name.\n"
    )


def test_tag_prints_what_it_did(demo: Demo) -> None:
    record = demo.json("tag", "exempelby_2026", "--crosswalk", "rs_kommun")
    assert (record["lines_set"], record["lines_same"] > 100) == (0, True)
    assert record["lines_left_alone"] > 0


def test_scenarios_and_rules_are_listed_as_json(demo: Demo) -> None:
    scenarios = {each["scenario"] for each in demo.json("scenario", "list")}
    rules = demo.json("rules", "list", "icescr")
    assert scenarios >= set(example.SCENARIOS)
    assert all(each["rule"].startswith("icescr.") for each in rules)
    assert all(each["reference"] for each in rules)


def test_the_cases_of_rules_are_as_said(demo: Demo) -> None:
    ran = demo("rules", "test", "sida", "--format", "json")
    outcomes = {each["outcome"] for each in json.loads(ran.out)}
    assert (ran.code, outcomes) == (0, {"as said"})
    assert ran.err.endswith(" cases as said, 0 not.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "exempelby_2026"),
        ("optimize", "fund_the_plan"),
        ("compare", "exempelby_2026", "exempelby_2026"),
        ("rules", "list"),
        ("rules", "test", "sida"),
        ("scenario", "list"),
        ("tag", "--taxonomy", "rights"),
        ("tag", "--taxonomy", "groups"),
        ("tag", "exempelby_2026", "--crosswalk", "rs_kommun"),
    ],
    ids=" ".join,
)
def test_csv_is_rectangular_and_holds_no_formula(
    demo: Demo, words: tuple[str, ...]
) -> None:
    header, *rows = demo.csv(*words)
    assert {len(row) for row in rows} <= {len(header)}
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


def test_text_that_would_run_as_a_formula_is_quoted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cells = ["=1+1", "+46", "-x", "@a", "\tx", "-1.50", "1=1", "", " =1"]
    as_csv(["a"], [[cell] for cell in cells])
    (_, *rows) = csv.reader(io.StringIO(capsys.readouterr().out, newline=""))
    assert ["".join(row) for row in rows] == [
        "'=1+1",
        "'+46",
        "'-x",
        "'@a",
        "'\tx",
        "-1.50",
        "1=1",
        "",
        "' =1",
    ]


def test_a_carriage_return_in_a_cell_does_not_start_a_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    as_csv(["line_id"], [["a\r=1+1"]])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    # Where it does all the same, what follows it is no formula.
    assert rows == [["line_id"], ["a\r'=1+1"]]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "exempelby_2026"),
        ("optimize", "fund_the_plan"),
        ("compare", "exempelby_2025", "exempelby_2026"),
        ("rules", "list"),
        ("scenario", "list"),
        ("scenario", "show", "fund_the_plan"),
        ("tag", "--taxonomy", "groups"),
    ],
    ids=" ".join,
)
def test_a_table_for_people_is_printed_unless_said(
    demo: Demo, words: tuple[str, ...]
) -> None:
    ran = demo(*words)
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 3


def test_the_demo_makes_a_workspace_and_uses_it_again(cli: Run, tmp_path: Path) -> None:
    first = cli("demo", "--out", tmp_path / "town")
    again = cli("demo", "--out", tmp_path / "town")
    assert (first.code, again.code) == (0, 0)
    assert again.out == first.out
    assert first.err.count("Report: ") == 2
