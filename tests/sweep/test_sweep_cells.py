"""What becomes of each cell of a sweep, and what its answer depends on."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hrbudget.errors import CallRefused
from hrbudget.workspace.sweep import answering, basis, grid, planning, pool
from hrbudget.workspace.sweep import task as tasks
from hrbudget.workspace.sweep.grid import Grid
from hrbudget.workspace.sweep.results import Results
from hrbudget.workspace.workspace import Workspace, open_at
from tests.cli.town import Town
from tests.conftest import Run
from tests.sweep.running import CUT, ROOT, cells, everything
from tests.sweep.running import summary as rows_of


def one(town: Town, *scenarios: str) -> Grid:
    return grid.joined(scenarios, [str(town.folder)], (), None)


# -- cells


def test_a_refused_cell_is_a_result_and_the_others_are_answered(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    town.file("scenarios/bad.yaml", CUT.replace("envelope", "envelop"))
    out = tmp_path / "out"
    words = ("bad", "cut", "nowhere", "--workspace", town.folder, "--out", out)
    ran = cli("sweep", *words, "--workers", 1, "--format", "json")
    assert ran.code == 2
    found = [(row["scenario"], row["status"]) for row in json.loads(ran.out)]
    assert found == [("bad", "refused"), ("cut", "optimal"), ("nowhere", "refused")]
    assert "3 cells: 1 answered, 2 refused." in ran.err
    assert "bad.yaml:3:1: envelop: found unknown key 'envelop'" in ran.err
    assert "No scenario is called 'nowhere'" in ran.err
    assert town.store.proposal_names() == []
    town.file("scenarios/bad.yaml", CUT)
    ran = cli("sweep", *words[:2], *words[3:], "--workers", 1)
    assert (ran.code, "2 cells: 1 answered, 1 kept." in ran.err) == (0, True)


def test_an_answer_that_is_explained_carries_its_proof(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    out = tmp_path / "out"
    words = ("cut", "--workspace", town.folder, "--out", out, "--workers", 1)
    assert cli("sweep", *words).code == 0
    assert list((out / "certificates").iterdir()) == []
    assert "1 cells: 1 answered." in cli("sweep", *words, "--explain").err
    (row,) = rows_of(out)
    proof = out / json.loads((out / row["file"]).read_text("utf-8"))["certificate"]
    assert cli("verify", proof).code == 0
    assert "1 cells: 1 kept." in cli("sweep", *words, "--explain").err
    proof.unlink()
    assert "1 cells: 1 answered." in cli("sweep", *words, "--explain").err
    assert proof.exists()


def test_a_folder_that_is_no_workspace_ends_no_other(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    folders = ("--workspace", tmp_path, "--workspace", town.folder)
    ran = cli("sweep", "cut", *folders, "--out", tmp_path / "out", "--workers", 1)
    assert ran.code == 2
    assert [row["status"] for row in rows_of(tmp_path / "out")] == [
        "refused",
        "optimal",
    ]
    assert "is no workspace" in ran.err


def test_a_scenario_that_collides_is_an_answer_and_exit_code_0(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    town.file("scenarios/none.yaml", CUT + 'limits: {moved_total: "0.01"}\n')
    out = tmp_path / "out"
    ran = cli("sweep", "none", "--workspace", town.folder, "--out", out)
    assert ran.code == 0
    (row,) = rows_of(out)
    assert (row["status"], row["movement"], row["shortfall"]) == ("infeasible", "", {})
    assert "moved_total" in row["conflict"]


def test_only_what_changed_is_computed_anew(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    town.file("scenarios/less.yaml", CUT.replace("-0.10", "-0.20"))
    out = tmp_path / "out"
    words = ("cut", "less", "--workspace", town.folder, "--out", out, "--workers", 1)
    assert "2 cells: 2 answered." in cli("sweep", *words).err
    before = everything(out)
    assert "2 cells: 2 kept." in cli("sweep", *words).err
    assert everything(out) == before

    town.file("scenarios/less.yaml", CUT.replace("-0.10", "-0.30"))
    assert "2 cells: 1 answered, 1 kept." in cli("sweep", *words).err
    assert [row["movement"] for row in rows_of(out)] == ["1.80", "5.40"]

    town.load("a,health,0.5\n", "--replace")
    assert "2 cells: 2 answered." in cli("sweep", *words).err
    assert len(rows_of(out)) == 2 < len(cells(out))


def test_a_file_that_was_cut_is_computed_again(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    out = tmp_path / "out"
    words = ("cut", "--workspace", town.folder, "--out", out, "--workers", 1)
    cli("sweep", *words)
    before = everything(out)
    (path,) = cells(out).values()
    path.write_bytes(path.read_bytes()[:100])
    assert "1 cells: 1 answered." in cli("sweep", *words).err
    assert everything(out) == before
    path.write_text("[]", encoding="utf-8")
    assert not Results(out).kept(path.stem)


def test_one_scenario_under_two_names_is_counted_once(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    path = town.folder / "scenarios" / "cut.yaml"
    out = tmp_path / "out"
    cli("sweep", "cut", path, "--workspace", town.folder, "--out", out)
    assert len(rows_of(out)) == len(cells(out)) == 1


def test_two_sweeps_do_not_write_to_one_folder(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    out = tmp_path / "out"
    with Results(out).locked():
        ran = cli("sweep", "cut", "--workspace", town.folder, "--out", out)
    assert (ran.code, "Another sweep is writing to" in ran.err) == (2, True)


def test_a_budget_takes_the_place_of_the_whole_baseline(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    lines = town.file(
        "next.csv",
        "line_id,fiscal_year,phase,amount\na,2027,proposed,100\nb,2027,proposed,50\n",
    )
    assert town.run("ingest", lines, "--budget", "next").code == 0
    out = tmp_path / "out"
    ran = cli(
        *("sweep", "cut", "--workspace", town.folder, "--out", out),
        *("--budget", "next", "--budget", "town", "--format", "csv"),
    )
    assert ran.code == 0
    found = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(row["budget"], row["fiscal_year"], row["movement"]) for row in found] == [
        ("next", "2027", "15.00"),
        ("town", "2026", "1.80"),
    ]
    assert ran.out == (out / "sweep.csv").read_text(encoding="utf-8")


def test_a_kept_workspace_answers_as_a_new_one_does(town: Town) -> None:
    (planned,) = planning.in_turn(one(town, "cut"))
    cold = tasks.answer(planned.task)
    assert tasks.answer(planned.task) == cold
    assert json.loads(cold)["status"] == "optimal"


def test_a_workspace_that_changed_meanwhile_fails_and_says_what_to_do(
    town: Town,
) -> None:
    (planned,) = planning.in_turn(one(town, "cut"))
    town.load("b,education,1\n", "--replace")
    record = json.loads(answering.answer(planned.task))
    assert record["status"] == "failed"
    assert "Run the same command again" in record["message"]


def test_dask_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(CallRefused, match=r"pip install 'hrbudget\[cluster\]'"),
        pool.cluster("tcp://127.0.0.1:9"),
    ):
        pytest.fail("it is not there")


DIALOGUE = "# who: A panel\n# when: 2026-03-04\n# people: 9\nrule,votes\nicescr,{}\n"


def test_a_dialogue_beside_the_scenario_is_heard_and_is_a_part_of_the_cell(
    town: Town,
) -> None:
    text = CUT + "dialogue: {file: vote.csv}\n"
    path = town.file("scenarios/heard.yaml", text)
    town.file("scenarios/vote.csv", DIALOGUE.format(9))
    (first,) = planning.in_turn(one(town, path))
    assert json.loads(tasks.answer(first.task))["status"] == "optimal"
    town.file("scenarios/vote.csv", DIALOGUE.format(8))
    (second,) = planning.in_turn(one(town, path))
    assert (first.refused, second.refused) == ("", "")
    assert first.task.key != second.task.key


def test_years_that_are_planned_together_are_one_cell(town: Town) -> None:
    lines = town.file(
        "next.csv", "line_id,fiscal_year,phase,amount\na,2027,approved,10\n"
    )
    assert town.run("ingest", lines, "--budget", "town").code == 0
    both = CUT.replace("budget: town", "budget: town, fiscal_years: [2026, 2027]")
    town.file("scenarios/both.yaml", both)
    (planned,) = planning.in_turn(one(town, "both"))
    record = json.loads(tasks.answer(planned.task))
    assert (record["status"], record["fiscal_year"]) == ("optimal", "2026 2027")
    assert record["answer"]["movement"] == "2.80"


# -- what an answer depends on


@pytest.mark.parametrize("name", [*basis.FILES, "rules/own/pack.yaml"])
def test_every_file_beside_the_budget_is_a_part_of_the_basis(
    town: Town, name: str
) -> None:
    where = town.store.slices()
    opened = open_at(town.folder)
    before = basis.basis(opened, where)
    path = town.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("# more\n")
    assert basis.basis(opened, where) != before


def test_a_proposal_that_is_saved_changes_no_basis(town: Town) -> None:
    where = town.store.slices()
    opened = open_at(town.folder)
    before = basis.basis(opened, where)
    assert town.run("optimize", "cut").code == 0
    assert basis.basis(opened, where) == before


READS = """
import os, sys
from pathlib import Path
from hrbudget.workspace.sweep import planning, task
from hrbudget.workspace.sweep.grid import Grid

folder = Path(sys.argv[1])
planned = list(planning.in_turn(Grid(tuple(sys.argv[2:]), (str(folder),), (), {})))
read = set()

def hear(event, details):
    if event == "open" and isinstance(details[0], str):
        path = Path(details[0])
        if path.is_relative_to(folder):
            read.add(path.relative_to(folder).as_posix())

sys.addaudithook(hear)
for each in planned:
    assert '"status": "refused"' not in task.answer(each.task)
print(*sorted(read), sep="\\n")
"""


def test_an_answer_reads_no_file_of_the_workspace_that_is_not_in_its_basis(
    exempelby: Workspace,
) -> None:
    scenarios = ("fund_the_plan", "grant_within_bounds")
    done = subprocess.run(
        [sys.executable, "-c", READS, str(exempelby.folder), *scenarios],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    read = set(done.stdout.split())
    assert {"hrbudget.toml", "plan.yaml", "population.csv", "facts.yaml"} <= read
    assert read <= {*basis.FILES}


# -- the summary


def test_the_table_shows_money_and_what_tells_cells_apart(
    town: Town, tmp_path: Path, cli: Run
) -> None:
    path = tmp_path / "grid.yaml"
    path.write_text("vary: {envelope.change: ['-0.10', '-0.5']}\n", encoding="utf-8")
    ran = cli(
        *("sweep", "cut", "--grid", path, "--workspace", town.folder),
        *("--out", tmp_path / "out"),
    )
    assert [line.split() for line in ran.out.splitlines()] == [
        ["scenario", "envelope.change", "status", "movement"],
        ["cut", "-0.10", "optimal", "1.80", "SEK"],
        ["cut", "-0.5", "optimal", "9", "SEK"],
    ]
